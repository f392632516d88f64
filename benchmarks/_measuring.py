"""Processor time by stage, and peak memory: what the benchmarks of speed measure with."""

from __future__ import annotations

import re
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any


def seconds(job: Callable[[], object]) -> float:
    """Return the CPU seconds of one run."""
    start = time.process_time()
    job()
    return time.process_time() - start


class Stopwatch:
    """Adds up the seconds of functions by standing in for them in the modules that call them."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def watch(self, name: str, module: ModuleType, function: str) -> None:
        """Stand in for a function; one that yields is run to its end."""
        original = getattr(module, function)

        def timed(*given: Any, **named: Any) -> Any:
            start = time.process_time()
            try:
                result = original(*given, **named)
                return list(result) if isinstance(result, Iterator) else result
            finally:
                self.seconds[name] += time.process_time() - start

        setattr(module, function, timed)


def peak_rss() -> float:
    """Return the peak resident memory of this process in megabytes.

    Linux counts `ru_maxrss` on from the process that started this one, so its own file is read there.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\s*(\d+)", status.read_text())[1]) / 1e3  # type: ignore[index]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)
