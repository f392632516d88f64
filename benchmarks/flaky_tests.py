"""Run the test suite again and again, in random order with another seed each time, and name what ever fails.

    python benchmarks/flaky_tests.py                       # 20 runs of the whole suite, on all processors
    python benchmarks/flaky_tests.py --runs 5 tests/test_decide.py tests/test_segment.py

pytest-randomly shuffles the tests and seeds `random` and hypothesis' free draws; pytest-xdist spreads them. Exit code
1 where a test failed in any run; `pytest --randomly-seed=SEED` gives the same order again.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence

from _root import ROOT
from _tables import table

RUNS = 20
FIRST_SEED = 1

RAN = (0, 1)
"""What pytest returns where all tests ran, passed or not; anything else is its own trouble."""

FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+?(?:\[.*?\])?)(?: - .*)?$", re.MULTILINE)
COUNTS = re.compile(r"^.*\d+ (?:passed|failed|error).*$", re.MULTILINE)


def run(seed: int, workers: str, tests: Sequence[str]) -> tuple[list[str], str]:
    """Run tests in one order; return what failed, and pytest's last line. Exits where pytest could not run."""
    command = [sys.executable, "-m", "pytest", "-q", "-rfE", "--tb=no", "-p", "no:cacheprovider"]
    command += ["-n", workers, f"--randomly-seed={seed}", *tests]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    counts = COUNTS.findall(done.stdout)
    if not counts or done.returncode not in RAN:
        sys.exit(f"pytest did not run: {done.stdout[-1_000:]}{done.stderr[-1_000:]}")
    return FAILED.findall(done.stdout), counts[-1].strip("= ")


def main() -> int:
    """Run, print a row for each run, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tests", nargs="*", help="tests to run, the whole suite where none are given")
    parser.add_argument("--runs", type=int, default=RUNS, help=f"{RUNS} where it is not given")
    parser.add_argument("--workers", default="auto", help="processes of pytest-xdist; 0 for none")
    options = parser.parse_args()
    seeds_by_test: dict[str, list[int]] = defaultdict(list)
    for seed in range(FIRST_SEED, FIRST_SEED + options.runs):
        begin = time.monotonic()
        failed, counts = run(seed, options.workers, options.tests)
        print(f"seed {seed}: {counts}, {time.monotonic() - begin:.0f} s in all", flush=True)
        for name in failed:
            print(f"  failed: {name}", flush=True)
            seeds_by_test[name].append(seed)
    if seeds_by_test:
        print(table(["test", "seeds"], [(name, seeds) for name, seeds in sorted(seeds_by_test.items())]))
    print(f"{len(seeds_by_test)} tests failed in some of {options.runs} runs")
    return 1 if seeds_by_test else 0


if __name__ == "__main__":
    sys.exit(main())
