"""Elements nested without end, which are taken out before a page is parsed."""

from __future__ import annotations

import re
from collections import Counter
from itertools import accumulate
from operator import sub

from scrubber.segment.grammar import LINES, UNCOUNTED
from scrubber.segment.tags import Tags

MAX_DEPTH = 1_000
"""Elements that may be open at once. Real pages have a few dozen; at each block the parser looks through all of
them, so that 20,000 cost seconds. Tags beyond become line breaks, which keeps the text and its lines."""

MANY_TAGS = 20_000
"""Tags from which end tags count only where such an element is open: with fewer, no nesting takes long."""

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*+)[^<>]*>", re.ASCII)


def limit_depth(markup: bytes, tags: Tags) -> bytes:
    """Take out tags that would nest deeper than `MAX_DEPTH`, those of blocks for a line break.

    Only elements that need an end tag are counted, for only those nest when it is missing. A page within the limit
    comes back as the same object.
    """
    if _depth(tags) <= MAX_DEPTH:
        return markup
    depth, cut = 0, False
    opened: Counter[bytes] = Counter()

    def limited(match: re.Match[str]) -> str:
        nonlocal depth, cut
        name = match[2].lower().encode("latin-1")
        if name in UNCOUNTED or (match[1] and not opened[name]):
            return match[0]
        beyond = depth > MAX_DEPTH if match[1] else depth >= MAX_DEPTH
        cut = cut or beyond
        step = -1 if match[1] else 1
        opened[name] += step
        depth += step
        return match[0] if not beyond else "<br>" if name in LINES else ""

    shallow = _TAG.sub(limited, markup.decode("latin-1"))  # a character a byte: joining bytes takes twice the memory
    return shallow.encode("latin-1") if cut else markup


def _depth(tags: Tags) -> int:
    """Return how many elements are open at once, at most."""
    steps = _Steps()
    most = sum(count for beginning, count in tags.counts.items() if steps[beginning] > 0)
    if most <= MAX_DEPTH:
        return most
    if len(tags.begun) > MANY_TAGS:
        return _closed_depth(tags.begun)
    sums = list(accumulate(map(steps.__getitem__, tags.begun), initial=0))
    if min(sums) == 0:  # no end tag too many
        return max(sums)
    deepest: int = max(map(sub, sums, accumulate(sums, min)))
    return deepest


def _closed_depth(begun: list[bytes]) -> int:
    """Return the same where an end tag counts only if such an element is open."""
    steps, depth, deepest = _Steps(), 0, 0
    opened: Counter[bytes] = Counter()
    for beginning in begun:
        step = steps[beginning]
        if step > 0:
            depth += 1
            deepest = max(deepest, depth)
            opened[beginning[1:].lower()] += 1
        elif step and opened[beginning[2:].lower()]:
            depth -= 1
            opened[beginning[2:].lower()] -= 1
    return deepest


class _Steps(dict[bytes, int]):
    """What each tag adds to the depth, by its beginning: `<div` 1, `</div` -1, `<br` 0."""

    def __missing__(self, beginning: bytes) -> int:
        name = beginning.lstrip(b"</").lower()
        step = self[beginning] = 0 if name in UNCOUNTED else -1 if beginning.startswith(b"</") else 1
        return step
