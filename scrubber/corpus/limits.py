"""Limits of time and memory on a piece of work, from inside of the process that does it.

A limit that is met is an exception, wherever Python gets to raise one. Where it does not, in a library that never
comes back, the process ends itself a little later, and leaves a trace of where it was.
"""

from __future__ import annotations

import contextlib
import faulthandler
import resource
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import IO

GRACE = 2.0
"""How many times its limit a piece of work may take before the process ends: Python should have stopped it by then."""

MIB = 1024 * 1024

DATA_FIELD = 5
"""Where `/proc/self/statm` says how much private memory a process has, in pages."""


class OutOfTime(BaseException):
    """A page took too long. No `Exception`, since plugins that raise those are passed over."""


def _ring(_signal: int, _frame: FrameType | None) -> None:
    raise OutOfTime


@contextlib.contextmanager
def limits(seconds: float, memory: int, trace: IO[str]) -> Iterator[None]:
    """Hold what is done inside to limits.

    Args:
        seconds: time on the clock.
        memory: MiB beyond what the process holds already.
        trace: where the interpreter writes what it was doing when it had to end the process.

    Raises:
        OutOfTime: it took too long.
        MemoryError: it needed too much.
    """
    faulthandler.dump_traceback_later(seconds * GRACE, file=trace, exit=True)
    try:
        with _memory_limit(memory), _alarm(seconds):
            yield
    finally:
        faulthandler.cancel_dump_traceback_later()


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():  # only there do signals arrive
        yield
        return
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def _memory_limit(memory: int) -> Iterator[None]:
    """Lower the limit of private memory; there is none where the system does not say how much there is."""
    held = _private_memory()
    if held is None:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = held + memory * MIB
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _private_memory() -> int | None:
    try:
        pages = int(Path("/proc/self/statm").read_bytes().split()[DATA_FIELD])
    except OSError:
        return None
    return pages * resource.getpagesize()
