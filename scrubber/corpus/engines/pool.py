"""Worker processes on this machine. One that dies fails its own shard only, and all die with the run."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from concurrent.futures import FIRST_COMPLETED, wait
from typing import Any

from pebble import ProcessExpired, ProcessPool

from scrubber.corpus.engines import Ended
from scrubber.corpus.order import Order
from scrubber.corpus.task import run_shard

ORPHANED = 3
"""Exit code of a worker whose run has gone; nobody is left to read it."""


class PoolEngine:
    """A pool of worker processes."""

    def __init__(self, workers: int) -> None:
        """Start as many workers."""
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["scrubber.corpus.engines.preload"])
        self.room = workers + 1  # one is waiting when a worker gets free
        self.pool: Any = ProcessPool(workers, initializer=begin_worker, context=context)
        self.running: dict[Any, Order] = {}

    def submit(self, order: Order) -> None:
        """Begin a shard."""
        self.running[self.pool.schedule(run_shard, args=(order,))] = order

    def ended(self, seconds: float) -> list[Ended]:
        """Return the shards that have ended."""
        done, _ = wait(self.running, seconds, FIRST_COMPLETED)
        return [_how(self.running.pop(future), future) for future in done]

    def close(self) -> None:
        """Kill the workers."""
        self.pool.stop()
        self.pool.join()


def _how(order: Order, future: Any) -> Ended:
    error = future.exception()
    if isinstance(error, ProcessExpired):
        return Ended(order, death=_words(error.exitcode))
    return Ended(order, error) if error else Ended(order, tally=future.result())


def _words(code: int) -> str:
    """Return how a process ended.

    >>> _words(-9), _words(1)
    ('killed by SIGKILL', 'exit code 1')
    """
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


def begin_worker() -> None:
    """Leave Ctrl-C to the run, and die with it however it dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_run, daemon=True).start()


def _die_with_run() -> None:
    run = multiprocessing.parent_process()
    if run is not None:
        multiprocessing.connection.wait([run.sentinel])
        os._exit(ORPHANED)
