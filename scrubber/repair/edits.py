"""Changes of a line, kept so that each can be traced to the characters of the source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from re import Match, Pattern
from typing import NamedTuple

from scrubber.model import Repair

SPANS_MAX = 1_000
"""Spans kept for one step on one line. A line with more is reported as one span from first to last,
which bounds the memory that a hostile line takes."""


class Change(NamedTuple):
    """`text[start:end]` becomes `after`, in the characters of the text a step was given."""

    start: int
    end: int
    after: str


def sub(pattern: Pattern[str], after: str | Callable[[Match[str]], str]) -> Callable[[str], Iterator[Change]]:
    """A step that replaces every match of `pattern`."""

    def changes(text: str) -> Iterator[Change]:
        for match in pattern.finditer(text):
            yield Change(match.start(), match.end(), after if isinstance(after, str) else after(match))

    return changes


class _Edit(NamedTuple):
    """`text[start:end]` of the draft stands for `source[source_start:source_end]`."""

    start: int
    end: int
    source_start: int
    source_end: int
    steps: tuple[str, ...]


class Draft:
    """A line under repair: its text, and where every changed stretch came from."""

    __slots__ = ("edits", "source", "text")

    def __init__(self, source: str) -> None:
        self.source = source
        self.text = source
        self.edits: list[_Edit] = []

    def apply(self, step: str, changes: Iterable[Change]) -> None:
        """Make `changes`, in order and without overlap, under the name `step`."""
        text = self.text
        real = [change for change in changes if text[change.start : change.end] != change.after]
        if len(real) > SPANS_MAX:
            real = [_covering(text, real)]
        if real:
            self.edits = _composed(self.edits, real, step)
            self.text = _replaced(self.text, real)

    def repairs(self, start: int) -> tuple[Repair, ...]:
        """What was done, in source characters counted from `start`."""
        found = (self._repair(edit, start) for edit in self.edits)
        return tuple(repair for repair in found if repair.before != repair.after)

    def _repair(self, edit: _Edit, start: int) -> Repair:
        before, after = self.source[edit.source_start : edit.source_end], self.text[edit.start : edit.end]
        return tight("+".join(edit.steps), start + edit.source_start, before, after)


def tight(step: str, start: int, before: str, after: str) -> Repair:
    """The repair of `before`, which stands at `start`, without what both have in common at the ends."""
    head, tail = _shared_ends(before, after)
    end = len(before) - tail
    return Repair(step, start + head, start + end, before[head:end], after[head : len(after) - tail])


def _covering(text: str, changes: Sequence[Change]) -> Change:
    """One change from the first to the last of `changes`."""
    start, end = changes[0].start, changes[-1].end
    inner = (Change(change.start - start, change.end - start, change.after) for change in changes)
    return Change(start, end, _replaced(text[start:end], inner))


def _replaced(text: str, changes: Iterable[Change]) -> str:
    """`text` with all changes made."""
    pieces: list[str] = []
    position = 0
    for start, end, after in changes:
        pieces += (text[position:start], after)
        position = end
    pieces.append(text[position:])
    return "".join(pieces)


def _composed(edits: Sequence[_Edit], changes: Sequence[Change], step: str) -> list[_Edit]:
    """The edits from the source to the text after `changes`; what overlaps is joined into one edit."""
    if not edits:
        return _first_edits(changes, step)
    composed: list[_Edit] = []
    to_source = to_after = 0
    for start, end, cluster in _clusters(edits, changes):
        source_start, after_start = start + to_source, start + to_after
        names: list[str] = []
        for item in cluster:
            if isinstance(item, _Edit):
                names += item.steps
                to_source += (item.source_end - item.source_start) - (item.end - item.start)
            else:
                to_after += len(item.after) - (item.end - item.start)
        touched = any(isinstance(item, Change) for item in cluster)
        steps = tuple(dict.fromkeys([*names, step] if touched else names))
        composed.append(_Edit(after_start, end + to_after, source_start, end + to_source, steps))
    return composed


def _first_edits(changes: Sequence[Change], step: str) -> list[_Edit]:
    """The changes of the first step that makes any, as edits."""
    edits: list[_Edit] = []
    to_after = 0
    for start, end, after in changes:
        after_start = start + to_after
        to_after += len(after) - (end - start)
        edits.append(_Edit(after_start, end + to_after, start, end, (step,)))
    return edits


def _clusters(edits: Sequence[_Edit], changes: Sequence[Change]) -> Iterator[tuple[int, int, list[_Edit | Change]]]:
    """What overlaps, gathered: start and end of each stretch, and the edits and changes in it, in order."""
    items: list[_Edit | Change] = sorted((*edits, *changes), key=_beginning)
    start, end, cluster = 0, 0, items[:0]
    for item in items:
        if cluster and item.start < end:
            cluster.append(item)
            end = max(end, item.end)
            continue
        if cluster:
            yield start, end, cluster
        start, end, cluster = item.start, item.end, [item]
    if cluster:
        yield start, end, cluster


def _beginning(item: _Edit | Change) -> tuple[int, bool]:
    """Where an item begins; an empty edit comes before what begins at the same place."""
    return item.start, item.end > item.start


def _shared_ends(before: str, after: str) -> tuple[int, int]:
    """How many characters both share at the beginning, and of the rest at the end."""
    if before[:1] != after[:1] and before[-1:] != after[-1:]:
        return 0, 0
    head = _common_prefix(before, after)
    return head, _common_suffix(before[head:], after[head:])


def _common_prefix(left: str, right: str) -> int:
    """Length of the common prefix, by halving, so that long texts are compared in C."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if left[low:middle] == right[low:middle] else (low, middle - 1)
    return low


def _common_suffix(left: str, right: str) -> int:
    """Length of the common suffix, by halving."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        same = left[len(left) - middle : len(left) - low] == right[len(right) - middle : len(right) - low]
        low, high = (middle, high) if same else (low, middle - 1)
    return low


def source_offset(steps: Sequence[Repair], start: int, position: int) -> int:
    """Where character `position` of a repaired line stands in the decoded source.

    `steps` and `start` are those of `repair_line`. A position inside a replaced stretch is the start of
    that stretch; one just after a removed stretch is the end of it. Grows with `position`; without steps
    it is `start + position`.
    """
    shift = start
    for step in steps:
        begin = step.start - shift
        if position < begin:
            break
        if position < begin + len(step.after):
            return step.start
        shift += len(step.before) - len(step.after)
    return position + shift
