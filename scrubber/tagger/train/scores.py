"""Scores of extracted text, as the owners of the data sets define them (see the data's README).

Texts are strings with lines ended by LF. A snippet is looked for with runs of blanks folded on both
sides, so that the place of a line end decides nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

WORD = re.compile(r"\w+")
UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
WORD_OR_CHARACTER = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")
"""As `WORD`, but each kana or han counts as a word: a sentence without blanks is not one word."""


class Segments(NamedTuple):
    """Counts of snippets over any number of pages; add two by their fields."""

    found: int
    missed: int
    wrong: int

    @property
    def f1(self) -> float:
        """2 found / (2 found + missed + wrong), 0 to 1; 1.0 when there was nothing to find or to avoid."""
        total = 2 * self.found + self.missed + self.wrong
        return 2 * self.found / total if total else 1.0


def words(text: str, unspaced: bool = False) -> Counter[str]:
    """The bag of `\\w+` tokens of the lower-cased text; with `unspaced`, of `WORD_OR_CHARACTER`."""
    return Counter((WORD_OR_CHARACTER if unspaced else WORD).findall(text.lower()))


def word_f1(text: str, reference: str, unspaced: bool = False) -> float:
    """WCXB's word F1 of one page, 0 to 1; with `unspaced`, Japanese and Chinese are counted by characters.

    An empty reference (no word in it) scores 1.0 for an answer without words, else 0.0.

    >>> word_f1("the cat", "The cat sat")
    0.8
    """
    return bag_f1(words(text, unspaced), words(reference, unspaced))


def bag_f1(answer: Counter[str], wanted: Counter[str]) -> float:
    """Word F1 of two bags already counted; the empty cases are those of `word_f1`."""
    if not wanted:
        return float(not answer)
    shared = (answer & wanted).total()
    return 2 * shared / (answer.total() + wanted.total())


def word_recall(text: str, reference: str) -> float:
    """Share of the reference's words that were kept, 0 to 1; 1.0 for an empty reference."""
    wanted = words(reference)
    return (words(text) & wanted).total() / wanted.total() if wanted else 1.0


def share_found(text: str, snippets: Sequence[str]) -> float:
    """Share of the snippets that occur in the text, 0 to 1; 0.0 when there are none."""
    return sum(occur(text, snippets)) / len(snippets) if snippets else 0.0


def segments(text: str, with_snippets: Iterable[str], without_snippets: Iterable[str]) -> Segments:
    """Count one page's snippets: wanted and found, wanted and missed, unwanted and found."""
    wanted = occur(text, with_snippets)
    return Segments(sum(wanted), len(wanted) - sum(wanted), sum(occur(text, without_snippets)))


def total(pages: Iterable[Segments]) -> Segments:
    """Add up the counts of many pages."""
    counts = list(pages)
    return Segments(sum(c.found for c in counts), sum(c.missed for c in counts), sum(c.wrong for c in counts))


def occur(text: str, snippets: Iterable[str]) -> list[bool]:
    """For each snippet, whether it occurs in the text once blanks are folded."""
    folded = " ".join(text.split())
    return [" ".join(snippet.split()) in folded for snippet in snippets]
