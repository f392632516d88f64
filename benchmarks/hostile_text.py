"""How the time of cleaning grows on hostile text: every family at n, 2n and 4n, with its exponent.

    python benchmarks/hostile_text.py [--size 100000] [FAMILY ...]

Ends with exit code 1 when an exponent is over the law's limit. Fixed costs make small pages look better
than linear, so the size must be large enough for a run to take milliseconds.
"""

from __future__ import annotations

import argparse
import math

from scrubber import Cleaner
from scrubber.testing.hostile import FAMILIES, best_time

LIMIT = 1.15
"""The exponent that the law of linear time allows."""

SLOW_SECONDS = 10.0
"""Seconds for one page, from which nothing larger is tried: linear families take well under one."""

WARM_UP = 1_000
"""Characters cleaned first, so that loading data does not count as cleaning."""


def main() -> int:
    """Print the table; return how many families are over the limit, at most 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("families", nargs="*", default=sorted(FAMILIES), metavar="FAMILY")
    parser.add_argument("--size", type=int, default=100_000, help="characters of the smallest page")
    parser.add_argument("--repeat", type=int, default=3, help="runs of which the best counts")
    options = parser.parse_args()
    sizes = [options.size, 2 * options.size, 4 * options.size]
    cleaner = Cleaner(installed=False)
    print(f"{'family':<24}" + "".join(f"{size:>10,} ch" for size in sizes) + f"{'MB/s':>8}{'exponent':>10}")
    over = [name for name in options.families if measure(cleaner, name, sizes, options.repeat) > LIMIT]
    print(f"over {LIMIT}: {', '.join(over) or 'none'}")
    return min(len(over), 1)


def measure(cleaner: Cleaner, name: str, sizes: list[int], repeat: int) -> float:
    """Print one row; return the exponent between the smallest and the largest size."""
    pages = [FAMILIES[name](size) for size in sizes]
    cleaner.clean(pages[0][:WARM_UP])
    times: list[float] = []
    for page in pages:
        times.append(best_time(lambda page: cleaner.clean(page).lines, page, repeat))
        if times[-1] > SLOW_SECONDS:
            print(f"{name:<24}{len(page):,} characters take {times[-1]:.0f} s  !", flush=True)
            return math.inf
    exponent = math.log(times[-1] / times[0]) / math.log(len(pages[-1]) / len(pages[0]))
    speed = len(pages[-1]) / times[-1] / 1e6
    cells = "".join(f"{1000 * seconds:>10.2f} ms" for seconds in times)
    print(f"{name:<24}{cells}{speed:>8.1f}{exponent:>10.2f}{'  !' if exponent > LIMIT else ''}", flush=True)
    return exponent


if __name__ == "__main__":
    raise SystemExit(main())
