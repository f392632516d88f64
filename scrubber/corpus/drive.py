"""A run: shards go to an engine, those whose worker died go again more carefully, and the counts are kept."""

from __future__ import annotations

import errno
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from scrubber.corpus.blame import Blame, GivenUp
from scrubber.corpus.engines import Ended, Engine
from scrubber.corpus.folder import RunFolder
from scrubber.corpus.journal import read_position, read_trace
from scrubber.corpus.machines import SourceChanged, WrongMachine
from scrubber.corpus.order import Order
from scrubber.corpus.plan import Plan, Shard
from scrubber.corpus.progress import Progress, Watch, look
from scrubber.corpus.settings import Settings
from scrubber.corpus.sources import look_at
from scrubber.corpus.tally import Tally, total

TICK = 0.5
"""Seconds between two looks at where the workers are."""

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""Errors that hold for every shard: there is no room left."""

SEEN_WITHIN = 120.0
"""Seconds until what another machine wrote must be seen here; NFS looks again after 60 at the most."""

EARLY = 1_000
"""Records before the share of dead letters can stop a run: the first pages of a corpus may be its worst."""


FAULTS_SHOWN = 3
FAILURES_SHOWN = 5


class RunError(Exception):
    """The run has stopped before its end; what is committed stays, and it can be resumed."""


@dataclass(slots=True)
class Drive:
    """All that is known while a run goes on."""

    folder: RunFolder
    plan: Plan
    settings: Settings
    engine: Engine
    max_dead_ratio: float
    show: Callable[[Progress], None]
    blames: dict[int, Blame] = field(default_factory=dict)
    done: dict[int, Tally] = field(default_factory=dict)
    active: dict[int, Shard] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def run(self) -> Tally:
        """Do all shards that are not done.

        Raises:
            RunError: it could not be brought to its end; the message says why and what to do.
        """
        sources = {source.path: source for source in self.plan.sources}
        mark, versions = self.folder.mark(), self.plan.settings["versions"]
        waiting = deque(
            Order(shard, tuple(sources[path] for path in shard.paths), self.settings, self.folder.path, mark, versions)
            for shard in self.plan.shards
            if not self._is_done(shard)
        )
        watch, next_look = Watch(self._look()), 0.0
        while waiting or self.active:
            while waiting and len(self.active) < self.engine.room:
                order = waiting.popleft()
                self.active[order.shard.number] = order.shard
                self.engine.submit(order)
            for ended in self.engine.ended(TICK):
                again = self._settle(ended)
                if again:
                    waiting.appendleft(again)
            if time.monotonic() >= next_look:  # of 100,000 shards that are done, a look takes as long as TICK
                self.show(watch.compare(self._look()))
                self._check_dead(EARLY)
                next_look = time.monotonic() + TICK
        return self._close()

    def _look(self) -> Progress:
        return look(self.folder, self.plan, self.done, self.active.values())

    def _is_done(self, shard: Shard) -> bool:
        parts = self.folder.parts_of(shard)
        if parts and parts[-1].last:
            self.done[shard.number] = total(part.tally for part in parts)
            return True
        return False

    def _settle(self, ended: Ended) -> Order | None:
        """Take note of how a shard ended; return it where it must be done again."""
        shard = ended.order.shard
        del self.active[shard.number]
        if ended.death or ended.lost:
            try:
                return self._again(ended)
            except GivenUp as error:
                self.failures.append(f"{shard.paths[0]}: {error}")
        elif isinstance(ended.error, WrongMachine):
            raise RunError(f"{ended.error} Go on with --resume.")
        elif isinstance(ended.error, SourceChanged):
            self._judge(ended.order, ended.error)
        elif isinstance(ended.error, OSError) and ended.error.errno in FULL:
            raise RunError(f"{self.folder.path}: {ended.error.strerror}. Make room, then go on with --resume.")
        elif ended.error:
            self.failures.append(f"{shard.paths[0]}: {ended.error or type(ended.error).__name__}")
        else:
            self.done[shard.number] = ended.tally
        return None

    def _again(self, ended: Ended) -> Order:
        """Return how a shard is to be done again whose worker or machine went."""
        shard = ended.order.shard
        blame = self.blames.setdefault(shard.number, Blame(self.settings))
        position, trace = read_position(self.folder.journal(shard)), read_trace(self.folder.trace(shard))
        self.folder.forget(shard)
        if ended.death is None:
            blame.lose_machine()
            return ended.order
        return replace(ended.order, careful=blame.learn(position, trace, ended.death))

    def _judge(self, order: Order, error: SourceChanged) -> None:
        """Tell an input that has changed, which fails its own shards, from a machine that does not see it."""
        if _as_planned(order):
            raise RunError(
                f"{error} Here it is as it was: inputs must be seen under the same path on all machines. "
                "Go on with --resume."
            )
        self.failures.append(f"{error} Begin again in another folder.")

    def _check_dead(self, least: int) -> None:
        tally = total(self.done.values())
        if tally.taken >= least and tally.dead_ratio > self.max_dead_ratio:
            often = ", ".join(f"{word} {count:,}" for word, count in tally.faults.most_common(FAULTS_SHOWN))
            raise RunError(
                f"{tally.dead:,} of {tally.taken:,} records became dead letters ({often}), over the limit of "
                f"{self.max_dead_ratio:.1%}. Look at {self.folder.dead}; raise --max-dead-ratio to go on with --resume."
            )

    def _check_parts(self) -> None:
        """Look for the parts of all shards that were done, for a while: another machine's may show late."""
        end = time.monotonic() + SEEN_WITHIN
        unseen = [shard for shard in self.plan.shards if shard.number in self.done]
        while unseen := [shard for shard in unseen if not self._is_done(shard)]:
            if time.monotonic() > end:
                self.failures += [f"{shard.paths[0]}: a worker did it, but not all parts are there" for shard in unseen]
                return
            time.sleep(TICK)

    def _close(self) -> Tally:
        """Check that all is there."""
        self._check_parts()
        if self.failures:
            reasons = "; ".join(self.failures[:FAILURES_SHOWN])
            count = f"{len(self.failures)} of {len(self.plan.shards)} shards failed"
            raise RunError(f"{count}. Mend what is wrong and go on with --resume. {reasons}")
        self._check_dead(1)
        tally = total(self.done.values())
        if not tally.adds_up:
            raise RunError(f"in is not out + dead: {tally}. This is a bug.")
        self.folder.clear()
        return tally


def _as_planned(order: Order) -> bool:
    try:
        return all(look_at(source.path) == source for source in order.sources)
    except OSError:
        return False
