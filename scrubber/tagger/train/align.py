"""Line labels from a page's reference text: which lines of the flattened page are the article.

The reference and the page are aligned on runs of three tokens, in order, so that a menu word that
also occurs in the article is not taken for it; what stands elsewhere in the page is then matched
line by line as long as the reference has words left for it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

TOKEN = re.compile(r"[぀-ヿ㐀-鿿豈-﫿가-힣]|\w+")
"""Words; where no blank parts them (kana, han, hangul syllables) each character counts as one."""

RUN = 3  # tokens that have to agree in a row before they count as the same place
HALF = 0.5  # share of a line from which it is the article's
LONG_LINE = 6  # tokens from which a line found out of order is no accident

Floats = NDArray[np.float32]


def tokens(text: str) -> list[str]:
    """The text's tokens, lower-cased."""
    return TOKEN.findall(text.lower())


def shares(lines: Sequence[str], reference: str) -> Floats:
    """Return for each line the share of its tokens that the reference holds.

    Args:
        lines: the flattened page.
        reference: the article's text; empty when the page has none.

    Returns:
        Shares from 0.0 to 1.0; 0.0 for a line without tokens unless both its neighbours are the article's.
    """
    page = [tokens(line) for line in lines]
    wanted = tokens(reference)
    covered = aligned([token for line in page for token in line], wanted)
    found = np.array([sum(covered[start:end]) for start, end in spans(page)], dtype=np.float32)
    sizes = np.array([len(line) for line in page], dtype=np.float32)
    result: Floats = (found / np.maximum(sizes, 1)).astype(np.float32)
    left = Counter(wanted) - Counter(token for token, hit in zip(flat(page), covered, strict=True) if hit)
    known = {tuple(tokens(line)) for line in reference.splitlines()}
    recover(page, result, left, known, " " + " ".join(wanted) + " ")
    bridge(sizes, result)
    return result


def flat(page: Sequence[Sequence[str]]) -> list[str]:
    """All tokens of a page in order."""
    return [token for line in page for token in line]


def spans(page: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Where each line's tokens begin and end in the whole page's."""
    ends = np.cumsum([0, *(len(line) for line in page)]).tolist()
    return list(pairwise(ends))


def aligned(page: Sequence[str], wanted: Sequence[str]) -> list[bool]:
    """For each token of the page, whether it lies in a run that stands in the reference, in order."""
    covered = [False] * len(page)
    matcher = SequenceMatcher(None, runs(page), runs(wanted), autojunk=False)
    for start, _, size in matcher.get_matching_blocks():
        if size:
            covered[start : start + size + RUN - 1] = [True] * (size + RUN - 1)
    return covered


def runs(found: Sequence[str]) -> list[tuple[str, ...]]:
    """All runs of `RUN` tokens."""
    return list(zip(*(found[i:] for i in range(RUN)), strict=False))


def recover(
    page: Sequence[Sequence[str]], result: Floats, left: Counter[str], known: set[tuple[str, ...]], wanted: str
) -> None:
    """Give a line that alignment left out its share if the reference still has all its words unspent.

    A long line must occur in the reference, a short one must be one of the reference's own lines.
    """
    for index, line in enumerate(page):
        if result[index] > HALF or not line:
            continue
        occurs = len(line) >= LONG_LINE and f" {' '.join(line)} " in wanted
        if (occurs or tuple(line) in known) and not Counter(line) - left:
            left.subtract(line)
            result[index] = 1.0


def bridge(sizes: Floats, result: Floats) -> None:
    """Take a line without words ("* * *") for the article's if both neighbours are."""
    for index in np.flatnonzero(sizes == 0):
        around = result[max(index - 1, 0) : index + 2]
        if len(around) == RUN and around[0] > HALF and around[-1] > HALF:
            result[index] = 1.0


def block_labels(lines: Sequence[str], blocks: Sequence[str], labels: Sequence[str]) -> list[str | None]:
    """Name each line by the labelled block it belongs to; None where no block holds most of it.

    A line is its block's when the block's text holds it, or it holds the block's.
    """
    texts = [" ".join(tokens(block)) for block in blocks]
    names: list[str | None] = []
    at = 0
    for line in lines:
        text = " ".join(tokens(line))
        match = next((i for i in [*range(at, len(texts)), *range(at)] if text and same(text, texts[i])), None)
        names.append(None if match is None else labels[match])
        at = at if match is None else match
    return names


def same(line: str, block: str) -> bool:
    """Whether one of two token strings holds the other on token borders."""
    if f" {line} " in f" {block} ":
        return True
    return len(block) * 2 > len(line) and f" {block} " in f" {line} "
