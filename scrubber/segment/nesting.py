"""Elements nested without end, which are taken out before a page is parsed."""

from __future__ import annotations

from collections import Counter
from itertools import accumulate
from operator import sub
from re import Match

from scrubber.segment.grammar import DRAWN, LINES, PIECE, UNCOUNTED
from scrubber.segment.tags import Tags

MAX_DEPTH = 1_000
"""Elements that may be open at once. Real pages have a few dozen; at each block the parser looks through all of
them, so that 20,000 cost seconds. Tags beyond become line breaks, which keeps the text and its lines."""

MANY_TAGS = 20_000
"""Tags from which those of comments and values are told from others: with fewer, no nesting takes long."""

_FOREIGN = (b"svg", b"math")
"""Drawings and formulas, in which a parser reads otherwise."""

_CHARACTERS = b"<!["
"""How text without markup begins in drawings and formulas; elsewhere it ends at the next `>`."""


def limit_depth(markup: bytes, tags: Tags) -> bytes:
    """Take out tags that would nest deeper than `MAX_DEPTH`, those of blocks for a line break.

    Only elements that need an end tag are counted, for only those nest when it is missing. What stands in comments
    and scripts does not nest. A page within the limit comes back as the same object.
    """
    if not _may_be_deep(tags):
        return markup
    nest, shallow, start = _Nest(), bytearray(), 0
    for piece in PIECE.finditer(markup):
        name = (piece[2] or b"").lower()
        if nest.is_beyond(piece, name):
            shallow += markup[start : piece.start()]
            shallow += b"<br>" if name in LINES else b""
            start = piece.end()
    return bytes(shallow + markup[start:]) if start else markup


class _Nest:
    """The elements that are open at some place of a page."""

    def __init__(self) -> None:
        self.depth = 0
        self.opened: Counter[bytes] = Counter()
        self.drawing = False

    def is_beyond(self, piece: Match[bytes], name: bytes) -> bool:
        """Open or close what a piece opens or closes; tell whether it is to be taken out."""
        if not name:
            return self._reads_otherwise(piece[0])
        step, empty = -1 if piece[1] else 1, piece[0].endswith(b"/>")
        if name in _FOREIGN and not empty:
            self.opened[name] = max(self.opened[name] + step, 0)
        self.drawing = step > 0 if name == b"svg" else self.drawing and (name in DRAWN or b":" in name)
        if name in UNCOUNTED or (piece[1] and not self.opened[name]) or (empty and self.drawing):
            return False
        beyond = self.depth > MAX_DEPTH if piece[1] else self.depth >= MAX_DEPTH
        self.opened[name] += step
        self.depth += step
        return beyond

    def _reads_otherwise(self, piece: bytes) -> bool:
        """Tell whether a parser may find tags in a piece without a name: in drawings, styles and titles are markup."""
        if not any(self.opened[name] for name in _FOREIGN) or piece.startswith(b"<!--"):
            return False
        return piece.startswith(_CHARACTERS) or b"<" in piece[1:]


def _may_be_deep(tags: Tags) -> bool:
    """Tell cheaply whether too many elements may be open at once, as if there were no comments, scripts or values."""
    steps = _Steps()
    most = sum(count for beginning, count in tags.counts.items() if steps[beginning] > 0)
    if most <= MAX_DEPTH or len(tags.begun) > MANY_TAGS:
        return most > MAX_DEPTH
    sums = list(accumulate(map(steps.__getitem__, tags.begun), initial=0))
    deepest: int = max(sums) if min(sums) == 0 else max(map(sub, sums, accumulate(sums, min)))  # end tags too many
    return deepest > MAX_DEPTH


class _Steps(dict[bytes, int]):
    """What each tag adds to the depth, by its beginning: `<div` 1, `</div` -1, `<br` 0."""

    def __missing__(self, beginning: bytes) -> int:
        name = beginning.lstrip(b"</").lower()
        step = self[beginning] = 0 if name in UNCOUNTED else -1 if beginning.startswith(b"</") else 1
        return step
