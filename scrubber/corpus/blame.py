"""Which record killed a worker: told from where it was, narrowed down until one is alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from scrubber.corpus.answers import Fault
from scrubber.corpus.cleaning import Careful, hung
from scrubber.corpus.journal import Position
from scrubber.corpus.settings import Settings

DEATHS_ALONE = 2
"""Deaths with one record alone at work before it is held to be the cause: one may come from outside."""

DEATHS_IDLE = 3
"""Deaths with no record at work before a shard is given up: something is wrong with the machine, not with a page."""


MACHINES_LOST = 10
"""Machines that may go while they do one shard, before it is given up: so many go by chance only where all do."""


class GivenUp(Exception):
    """Workers or machines go, and it is not a page that kills them; says how."""


@dataclass(slots=True)
class Blame:
    """What is known of one shard whose workers died."""

    settings: Settings
    suspects: set[int] = field(default_factory=set)
    deaths: Counter[int] = field(default_factory=Counter)
    condemned: dict[int, Fault] = field(default_factory=dict)
    idle: int = 0
    lost: int = 0

    def learn(self, position: Position | None, trace: str | None, death: str) -> Careful:
        """Return how the next worker is to go about the shard.

        Args:
            position: where the worker was.
            trace: what the interpreter left; proof that it was not killed from outside.
            death: how the process ended.

        Raises:
            GivenUp: it died too often without a record at work.
        """
        if position is None or position.first == position.last:
            self.idle += 1
            if self.idle == DEATHS_IDLE:
                raise GivenUp(f"{DEATHS_IDLE} workers died before they read a record, the last {death}")
        elif position.last - position.first > 1:
            self.suspects.update(range(position.first, position.last))
        else:
            self.deaths[position.first] += 1
            if trace or self.deaths[position.first] == DEATHS_ALONE:
                self.condemned[position.first] = self._fault(trace, death)
            self.suspects.add(position.first)
        return Careful(frozenset(self.suspects), tuple(sorted(self.condemned.items())))

    def lose_machine(self) -> None:
        """Take note that the machine went: no record is suspected for that. Raises GivenUp when it was one too many."""
        self.lost += 1
        if self.lost == MACHINES_LOST:
            raise GivenUp(f"{MACHINES_LOST} machines were lost while they did it")

    def _fault(self, trace: str | None, death: str) -> Fault:
        if trace is None:
            return Fault("killed", f"{DEATHS_ALONE} workers died of it: {death}")
        if trace.startswith("Timeout"):
            return hung(self.settings)
        return Fault("crashed", f"the interpreter ended: {trace.removeprefix('Fatal Python error: ')}")
