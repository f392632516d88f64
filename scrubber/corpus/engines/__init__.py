"""Where shards are done. An engine runs the one task somewhere and tells how it ended; it decides nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from scrubber.corpus.order import Order


@dataclass(frozen=True, slots=True)
class Ended:
    """A shard that an engine is done with.

    Neither `error` nor `death` is set where all went well; `error` is what the task raised; `death` says how the
    process ended that did not come back.
    """

    order: Order
    error: BaseException | None = None
    death: str | None = None


class Engine(Protocol):
    """Runs shards, at most `room` of them at once."""

    room: int

    def submit(self, order: Order) -> None:
        """Begin a shard."""

    def ended(self, seconds: float) -> list[Ended]:
        """Return the shards that have ended, waiting for one no longer than some seconds."""

    def close(self) -> None:
        """Stop at once; whatever is running is abandoned."""
