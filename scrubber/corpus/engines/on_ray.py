"""The same shards as tasks on a Ray cluster. A worker or a machine that is lost only delays its shard.

All machines must see the inputs and the output folder under the same paths.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

from scrubber.corpus.engines import Ended
from scrubber.corpus.order import Order
from scrubber.corpus.task import run_shard

WAITING = 1.5
"""Shards that are submitted for each processor: so many that none waits for work, so few that their order holds."""


class RayEngine:
    """Ray core tasks, each a shard; Ray itself never tries one again, since the run knows better how."""

    def __init__(self, address: str | None, workers: int | None) -> None:
        """Connect to the cluster at an address, or start one on this machine with as many workers."""
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nobody is told of a run
        import ray  # noqa: PLC0415 - takes seconds, and is needed for this alone

        local = {} if address else {"num_cpus": workers, "include_dashboard": False}
        ray.init(address=address, log_to_driver=False, logging_level="ERROR", **local)
        self.ray: Any = ray
        self.task: Any = ray.remote(max_retries=0, num_cpus=1)(run_shard)
        self.room = max(2, int(ray.cluster_resources().get("CPU", 1) * WAITING))
        self.running: dict[Any, Order] = {}

    def submit(self, order: Order) -> None:
        """Begin a shard."""
        self.running[self.task.remote(replace(order, folder=order.folder.resolve()))] = order

    def ended(self, seconds: float) -> list[Ended]:
        """Return the shards that have ended."""
        done, _ = self.ray.wait(list(self.running), num_returns=1, timeout=seconds)
        return [self._how(self.running.pop(reference), reference) for reference in done]

    def _how(self, order: Order, reference: Any) -> Ended:
        try:
            self.ray.get(reference)
        except self.ray.exceptions.RayTaskError as error:
            return Ended(order, error.cause)
        except self.ray.exceptions.RayError as error:
            return Ended(order, death=f"lost by Ray ({type(error).__name__})")
        return Ended(order)

    def close(self) -> None:
        """Leave the cluster; one that was started here is stopped."""
        self.ray.shutdown()
