"""The same shards as tasks on a Ray cluster. A worker or a machine that is lost only delays its shard.

All machines must see the inputs and the output folder under the same paths.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from scrubber.corpus.engines import Ended, EngineError
from scrubber.corpus.order import Order
from scrubber.corpus.tally import Tally
from scrubber.corpus.task import run_shard

WAITING = 1.5
"""Shards that are submitted for each processor: so many that none waits for work, so few that their order holds."""

PATIENCE = 900.0
"""Seconds that a cluster may be without any processor: machines of a cloud are replaced in some minutes."""


def run_shard_from(place: Path, order: Order) -> Tally:
    """Do a shard where paths mean what they mean to the run, which was begun in some folder.

    A machine that is being shut down sends SIGTERM, which Ray turns into an exception: a page that was alone at work
    would get the blame. So the process just ends.
    """
    with contextlib.suppress(OSError):  # the folder need not be everywhere if no path begins there
        os.chdir(place)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    return run_shard(order)


class RayEngine:
    """Ray core tasks, each a shard; Ray itself never tries one again, since the run knows better how."""

    def __init__(self, address: str | None, workers: int | None) -> None:
        """Connect to the cluster at an address, or start one on this machine with as many workers.

        Raises:
            EngineError: Ray can't be reached or started.
        """
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nobody is told of a run
        import ray  # noqa: PLC0415 - takes seconds, and is needed for this alone

        local = {} if address else {"num_cpus": workers, "include_dashboard": False}
        try:
            ray.init(address=address or "local", log_to_driver=False, logging_level="ERROR", **local)
        except (ConnectionError, ValueError, RuntimeError) as error:
            where = f"There is no Ray cluster at {address}" if address else "Ray did not start on this machine"
            raise EngineError(f"{where}: {error}") from error
        self.ray: Any = ray
        self.task: Any = ray.remote(max_retries=0, num_cpus=1)(run_shard_from)
        self.place = Path.cwd()
        self.running: dict[Any, Order] = {}
        self.had_processors = time.monotonic()
        self.room = self._find_room()

    def submit(self, order: Order) -> None:
        """Begin a shard."""
        self.running[self.task.remote(self.place, replace(order, folder=order.folder.resolve()))] = order

    def ended(self, seconds: float) -> list[Ended]:
        """Return the shards that have ended.

        Raises:
            EngineError: Ray has ended on this machine, another lacks scrubber, or none had a processor for long.
        """
        running = list(self.running)
        self.ray.wait(running, num_returns=1, timeout=seconds)
        done, _ = self.ray.wait(running, num_returns=len(running), timeout=0)
        self.room = self._find_room()
        return [self._how(self.running.pop(reference), reference) for reference in done]

    def _find_room(self) -> int:
        """Return how many shards the cluster can do now: machines come and go."""
        processors = self.ray.cluster_resources().get("CPU", 0)
        if processors:
            self.had_processors = time.monotonic()
        elif time.monotonic() - self.had_processors > PATIENCE:
            raise EngineError(f"The cluster had no processor for {PATIENCE / 60:.0f} minutes; `ray status` says more.")
        return max(2, int(processors * WAITING))

    def _how(self, order: Order, reference: Any) -> Ended:
        errors = self.ray.exceptions
        try:
            return Ended(order, tally=self.ray.get(reference))
        except errors.RayTaskError as error:
            return Ended(order, _cause(error.cause, errors.RaySystemError))
        except errors.NodeDiedError:
            return Ended(order, lost=True)
        except errors.LocalRayletDiedError as error:
            raise EngineError("Ray has ended on this machine, where the run is. Start it again.") from error
        except errors.RayError as error:
            return Ended(order, death=f"lost by Ray ({type(error).__name__})")

    def close(self) -> None:
        """Leave the cluster; one that was started here is stopped."""
        self.ray.shutdown()


def _cause(error: Exception, lacking: type[Exception]) -> Exception:
    """Return what a task raised. Raises EngineError where its machine could not even read what it was told."""
    if isinstance(error, lacking):
        reason = str(error).strip().splitlines()[-1]
        raise EngineError(f"A machine can't do shards: {reason}. Install the same scrubber on all of them.") from error
    return error
