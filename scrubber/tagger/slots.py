"""How often something stands on its page, told by hashes: each has a slot in a table of its page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scrubber.tagger.tokens import Hashes, Ints, Places

SLOTS = 2**19  # slots of tables that are counted in one piece, 4 MB
PIECES = 8  # pieces in which larger ones are counted: so many that they take few bytes a hash

Slots = NDArray[np.int32 | np.int64]  # the first unless a batch has more than fit


def page_slots(hashes: Hashes, page_of: Places, counts: Ints) -> tuple[Slots, int]:
    """Give each hash a slot in a table of its own page, four to eight slots a hash, and the size of all tables.

    Two hashes of one page rarely share a slot; those of two pages never do, so pages stay independent.
    """
    bits = np.array([max(int(n), 1).bit_length() + 2 for n in counts], dtype=np.int64)
    sizes = np.left_shift(1, bits)
    slots = (hashes >> np.uint64(20)).view(np.int64)
    slots &= (sizes - 1)[page_of]
    slots += (np.cumsum(sizes) - sizes)[page_of]
    size = int(sizes.sum())
    return slots.astype(np.int32 if size < 2**31 else np.int64, copy=False), size


def pieces(slots: Slots, size: int) -> Iterator[tuple[Any, Slots, int]]:
    """Cut tables into pieces that are counted one at a time; yield which entries lie in a piece, their slots in it, and
    its size. Their number is bounded, so that the time grows with the page alone."""
    if size <= SLOTS:
        yield slice(None), slots, size
        return
    step = max(SLOTS, -(-size // PIECES))
    for start in range(0, size, step):
        here = np.flatnonzero((slots >= start) & (slots < start + step))
        yield here, slots[here] - start, min(step, size - start)


def occurrences(slots: Slots, size: int, some: NDArray[np.bool_] | None = None) -> Places:
    """How many of all entries, or of some, have the slot of each."""
    found = np.zeros(len(slots), dtype=np.int32)
    for here, part, total in pieces(slots, size):
        counted = part if some is None else part[some[here]]
        found[here] = np.bincount(counted, minlength=total)[part]
    return found


def first_seen(slots: Slots, size: int) -> NDArray[np.bool_]:
    """Whether each entry's slot occurred before it."""
    seen, places = np.zeros(len(slots), dtype=np.bool_), np.arange(len(slots))
    for here, part, total in pieces(slots, size):
        first = np.full(total, len(slots), dtype=np.int64)
        first[part[::-1]] = places[here][::-1]
        seen[here] = first[part] < places[here]
    return seen
