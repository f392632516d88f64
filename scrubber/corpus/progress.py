"""How far a run is, from its plan, its manifests and its journals: the same for who runs it and who looks on."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scrubber.corpus.folder import RunFolder
from scrubber.corpus.journal import Position, read_position
from scrubber.corpus.plan import Plan, Shard
from scrubber.corpus.tally import Tally, total

PLACED_BY_BYTES = frozenset({"jsonl", "warc"})
"""Kinds of input in which the place of a record is a byte of the file."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        tally: what was counted so far, parts that are not committed yet included.
        share: how much of the input was read, 0.0 to 1.0, about.
        shards: how many are done, `of` how many.
        seconds: since this call began; 0.0 for who looks on.
        pages: those cleaned since then.
        left: seconds until the end, about; None while nothing is known.
    """

    tally: Tally
    share: float
    shards: int
    of: int
    seconds: float = 0.0
    pages: int = 0
    left: float | None = None

    @property
    def pages_a_second(self) -> float:
        """Pages cleaned per second since this call began; 0.0 at its very beginning."""
        return self.pages / self.seconds if self.seconds else 0.0


def look(folder: RunFolder, plan: Plan, done: Mapping[int, Tally], active: Iterable[Shard]) -> Progress:
    """Return how far a run is, given the shards that are done and those that are being done."""
    weights = plan.weights()
    finished = sum(weights[number] for number in done)
    records = sum(tally.taken for tally in done.values()) / finished if finished else 0.0
    partial: list[Tally] = []
    for shard in active:
        position = read_position(folder.journal(shard))
        if position:
            partial.append(_partial(position))
            finished += weights[shard.number] * _share(shard, position, records * weights[shard.number])
    whole = sum(weights)
    share = finished / whole if whole else 1.0
    return Progress(total([*done.values(), *partial]), min(share, 1.0), len(done), len(plan.shards))


def _share(shard: Shard, position: Position, expected: float) -> float:
    """Return how much of a shard was read: by the place, where that is a byte, else by how many records others had."""
    if shard.kind in PLACED_BY_BYTES:
        return (position.place - shard.start) / (shard.stop - shard.start) if position.place > shard.start else 0.0
    return min(1.0, position.taken / expected) if expected else 0.0


def _partial(position: Position) -> Tally:
    taken, dead = position.taken, position.dead
    return Tally(records=taken, out=taken - dead, dead=dead, chars=position.chars, kept=position.kept)


class Watch:
    """Compares with where a call began, for speed and time left."""

    def __init__(self, first: Progress) -> None:
        """Begin the watch."""
        self.first, self.started = first, time.monotonic()

    def compare(self, now: Progress) -> Progress:
        """Return the progress with what can be said of speed."""
        seconds = time.monotonic() - self.started
        gained = now.share - self.first.share
        left = seconds * (1.0 - now.share) / gained if gained > 0 else None
        pages = now.tally.taken - self.first.tally.taken
        return Progress(now.tally, now.share, now.shards, now.of, seconds, max(0, pages), left)
