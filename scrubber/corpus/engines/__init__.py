"""Where shards are done. An engine runs the one task somewhere and tells how it ended; it decides nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from scrubber.corpus.order import Order
from scrubber.corpus.tally import Tally


class EngineError(Exception):
    """No shard can be done any more, or none ever could; says why and what to do."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A shard that an engine is done with.

    Of these at most one is set: `error` is what the task raised; `death` says how the process ended that did not come
    back; `lost` says that its whole machine went, so that no record can be to blame. `tally` are the counts of the
    shard where none of them is.
    """

    order: Order
    error: BaseException | None = None
    death: str | None = None
    lost: bool = False
    tally: Tally = field(default_factory=Tally)


class Engine(Protocol):
    """Runs shards, at most `room` of them at once."""

    room: int

    def submit(self, order: Order) -> None:
        """Begin a shard."""

    def ended(self, seconds: float) -> list[Ended]:
        """Return the shards that have ended, waiting for one no longer than some seconds.

        Raises:
            EngineError: none will end any more.
        """

    def close(self) -> None:
        """Stop at once; whatever is running is abandoned."""
