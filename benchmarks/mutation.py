"""Change scrubber's source in small ways, one at a time, and count how many changes the tests notice.

    python benchmarks/mutation.py                       # a sample of 280 mutants: some ten minutes on one core
    python benchmarks/mutation.py --only decide --sample 60 --jobs 2
    python benchmarks/mutation.py --resume              # go on with a run that was broken off
    python benchmarks/mutation.py --survivors           # those that survived the last run, again

cosmic-ray writes the mutants (its operators are the classical ones). The sample is drawn by module with a fixed seed.
Running them is ours: each runs the tests of its own module only, the likeliest to notice first, in a process forked
from one that has pytest loaded, which makes a run of three seconds one of half a second.

Who writes tests for survivors looks at the sample of one seed and reports the rate of another: tests that were written
for the mutants of a sample say nothing of all the others.

It ends with exit code 1 where less than `TARGET` are killed. Survivors that change nothing anybody could see are
listed in `mutants.toml` with the reason; the rate is given with them and without.
"""

from __future__ import annotations

import argparse
import compileall
import json
import multiprocessing
import os
import py_compile
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from _copy import changed, copy_project
from _mutants import Mutant, Place, judged, mutant_at, places_in, sample, wilson
from _root import ROOT
from _tables import percent, say, table

TARGET = 0.85
"""Share of mutants that tests must kill, those left out that change nothing."""

SIZE, SEED = 280, 20_261_123

LIMIT = 40
"""Seconds of CPU for one file of tests, over six times what it takes; a mutant that takes longer is killed."""

REPORT = ROOT / "benchmarks" / "out" / "mutants.json"
"""What became of every mutant of the last run."""

PRELOADED = ("pytest", "hypothesis", "hypothesis.strategies", "numpy", "yaml", "ftfy", "re2", "selectolax", "chardet")

LEFT_OUT = ("-k", "not (time_grows or law- or linear or is_slow)", "-m", "not hypothesis")
"""Tests that are not asked, so that the rate is rather too low: those that measure time fail on a machine that does
other things too; properties that are tried on many pages take most of the suite's time, and so do goldens."""

VALUES = "tests/test_values.py"
PIPELINE = "tests/test_pipeline.py"
WALLS = "tests/test_pages_without_article.py"
DECISIONS = (
    "tests/test_decision_record.py",
    "tests/test_decide.py",
    PIPELINE,
    WALLS,
    "tests/test_outputs_of_html.py",
)


class Stratum(NamedTuple):
    """Modules that are measured together, and the tests that should notice what changes in them."""

    files: str
    tests: tuple[str, ...]


STRATA = {
    "detectors": Stratum(
        "scrubber/detectors/*.py",
        ("tests/test_detector_limits.py", "tests/test_weights.py", "tests/test_detectors.py", PIPELINE, WALLS, VALUES),
    ),
    "decide": Stratum("scrubber/decide.py", DECISIONS),
    "hearing": Stratum("scrubber/hearing.py", DECISIONS),
    "judgement": Stratum("scrubber/judgement.py", DECISIONS),
    "segment": Stratum(
        "scrubber/segment/*.py",
        (
            "tests/test_html_record.py",
            "tests/test_text_record.py",
            "tests/test_selector_record.py",
            "tests/test_segment.py",
            "tests/test_html.py",
            "tests/test_html_limits.py",
            "tests/test_links.py",
            "tests/test_css_rules.py",
            "tests/test_selectors.py",
            "tests/test_outputs_of_html.py",
            VALUES,
        ),
    ),
    "metadata": Stratum(
        "scrubber/segment/metadata/*.py", ("tests/test_metadata_record.py", "tests/test_metadata.py", VALUES)
    ),
    "sites": Stratum(
        "scrubber/sites/*.py",
        (
            "tests/test_site_record.py",
            "tests/test_sites.py",
            "tests/test_import_ftr.py",
            "tests/test_css_rules.py",
            "tests/test_dated_sites.py",
            "tests/test_explain_rules.py",
            "tests/test_plugins.py",
            "tests/test_plugin_docs.py",
            VALUES,
        ),
    ),
    "repair": Stratum(
        "scrubber/repair/*.py", ("tests/test_repair_record.py", "tests/test_repair.py", "tests/test_damage.py", VALUES)
    ),
}


class Fate(NamedTuple):
    """A mutant, its stratum, whether tests noticed it, and after how many seconds."""

    mutant: Mutant
    stratum: str
    killed: bool
    seconds: float

    def __str__(self) -> str:
        return f"{'killed' if self.killed else 'SURVIVES'}: {self.mutant}"


# --- running ----------------------------------------------------------------------------------------

_home = Path()


def prepare(folder: Path) -> Path:
    """Return a copy of the project, compiled so that only a change of the source makes a module compile again."""
    home = folder / "project"
    copy_project(home)
    mode = py_compile.PycInvalidationMode.CHECKED_HASH
    compileall.compile_dir(home / "scrubber", quiet=1, invalidation_mode=mode)
    return home


def move_in(copy: Path) -> None:
    """Give this process a copy of its own to change, and load what all tests need."""
    global _home  # noqa: PLW0603 - the one thing a worker of a pool remembers
    _home = Path(tempfile.mkdtemp(dir=copy.parent)) / copy.name
    shutil.copytree(copy, _home)
    for name in PRELOADED:
        __import__(name)


def fate_of(job: tuple[str, Mutant]) -> Fate:
    """Run the tests on a mutant."""
    stratum, mutant = job
    begin = time.monotonic()
    with changed(_home / mutant.place.file, mutant.source):
        killed = tests_fail(STRATA[stratum].tests)
    return Fate(mutant, stratum, killed, time.monotonic() - begin)


def tests_fail(tests: Sequence[str]) -> bool:
    """Tell whether tests fail on what the copy holds, or do not end; file by file, the likeliest first."""
    return any(map(_file_fails, tests))


def _file_fails(tests: str) -> bool:
    child = os.fork()
    if not child:
        _run_tests(tests)
    _, status = os.waitpid(child, 0)
    return status != 0


def _run_tests(tests: str) -> None:
    """Run a file of tests in this process, and end it with what pytest says; the system ends one that does not end."""
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT))
    os.chdir(_home)
    os.environ["PYTHONPATH"] = str(_home)
    sys.path[:] = [str(_home), *(path for path in sys.path if Path(path) != ROOT)]
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    import pytest

    options = ["-x", "-q", "--tb=no", "-p", "no:randomly", "-p", "no:xdist", "-p", "no:cacheprovider"]
    options += [*LEFT_OUT, "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    os._exit(int(pytest.main([*options, tests])))


def fails_alone(tests: str) -> bool:
    """Tell whether a file of tests fails without any mutant: it would kill everything."""
    return tests_fail([tests])


def run(jobs: Sequence[tuple[str, Mutant]], workers: int, fates: list[Fate]) -> list[Fate]:
    """Run the tests on every mutant, tell what became of each as it is known, and add it to what is known already."""
    if not jobs:
        return fates
    total = len(fates) + len(jobs)
    tests = sorted({file for stratum, _ in jobs for file in STRATA[stratum].tests})
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = prepare(Path(folder))
        with multiprocessing.get_context("fork").Pool(workers, move_in, (copy,)) as pool:
            if broken := [file for file, fails in zip(tests, pool.imap(fails_alone, tests), strict=True) if fails]:
                sys.exit(f"these tests fail without any mutant: pytest {' '.join(broken)}")
            for fate in pool.imap_unordered(fate_of, jobs):
                fates.append(fate)
                remember(fates)
                print(f"{len(fates)} of {total} ({fate.seconds:.0f} s), {fate}", file=sys.stderr, flush=True)
    return fates


# --- choosing and reporting -------------------------------------------------------------------------


def chosen(only: Sequence[str], size: int, seed: int, survivors: bool) -> list[tuple[str, Mutant]]:
    """Return the mutants to run, each with its stratum."""
    strata = {name: _places(STRATA[name].files) for name in only or STRATA}
    of = {place: name for name, places in strata.items() for place in places}
    drawn = [place for place in survivors_of_last_run() if place in of] if survivors else sample(strata, size, seed)
    say(f"{len(drawn)} of {len(of)} mutants")
    return [(of[place], mutant) for place in drawn if (mutant := mutant_at(place))]


def _places(pattern: str) -> list[Place]:
    return [place for path in sorted(ROOT.glob(pattern)) for place in places_in(path.relative_to(ROOT).as_posix())]


def last_run() -> list[dict[str, Any]]:
    """Return what became of each mutant of the last run, none where there was none."""
    entries: list[dict[str, Any]] = json.loads(REPORT.read_text("utf-8")) if REPORT.exists() else []
    return entries


def survivors_of_last_run() -> list[Place]:
    """Return the places of mutants that survived the last run; of no use once their modules were changed."""
    return [Place(*entry["place"]) for entry in last_run() if not entry["killed"]]


def known(jobs: Iterable[tuple[str, Mutant]]) -> list[Fate]:
    """Return what the last run knows of mutants, letter for letter the same."""
    entries = {entry["source"]: entry for entry in last_run()}
    found = ((stratum, mutant, entries.get(digest(mutant))) for stratum, mutant in jobs)
    return [Fate(mutant, stratum, entry["killed"], entry["seconds"]) for stratum, mutant, entry in found if entry]


def remember(fates: Sequence[Fate]) -> None:
    """Write what became of each mutant so far."""
    entries = [
        {"place": fate.mutant.place, "source": digest(fate.mutant), "killed": fate.killed, "seconds": fate.seconds}
        for fate in fates
    ]
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(entries, indent=1), encoding="utf-8")


def digest(mutant: Mutant) -> str:
    """Return what names the whole source of a mutant."""
    return sha256(mutant.source.encode()).hexdigest()


def report(fates: Sequence[Fate], reasons: Mapping[tuple[str, str, str], str]) -> float:
    """Print the table and the survivors; return the share that was killed, those left out that change nothing."""
    print(table(["modules", "mutants", "killed", "equivalent", "killed of the rest"], _rows(fates, reasons)))
    survivors = [fate.mutant for fate in fates if not fate.killed]
    equal = [mutant for mutant in survivors if mutant.key in reasons]
    killed, rest = len(fates) - len(survivors), len(fates) - len(equal)
    low, high = wilson(killed, rest)
    print(f"\nKilled: {killed} of {rest}, {percent(killed / rest)} (95 %: {percent(low)} to {percent(high)});")
    print(f"with the {len(equal)} equivalent ones {percent(killed / len(fates))} of {len(fates)}.\n")
    for mutant in sorted(set(survivors) - set(equal)):
        print(f"- survives: {mutant}")
    for mutant in sorted(equal):
        print(f"- equivalent: {mutant}: {reasons[mutant.key]}")
    return killed / rest


def _rows(fates: Sequence[Fate], reasons: Mapping[tuple[str, str, str], str]) -> Iterable[tuple[object, ...]]:
    for name in STRATA:
        mine = [fate for fate in fates if fate.stratum == name]
        killed = sum(fate.killed for fate in mine)
        equal = sum(fate.mutant.key in reasons for fate in mine if not fate.killed)
        if mine:
            yield name, len(mine), killed, equal, percent(killed / (len(mine) - equal))


def main() -> int:
    """Run, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=SIZE, help=f"mutants to draw; {SIZE} where it is not given")
    parser.add_argument("--seed", type=int, default=SEED, help="another one draws other mutants")
    parser.add_argument("--jobs", type=int, default=1, help="mutants that are run at the same time")
    parser.add_argument("--resume", action="store_true", help="leave out the mutants that the last run has run")
    parser.add_argument("--survivors", action="store_true", help="run those that survived the last run")
    parser.add_argument("--only", nargs="+", choices=STRATA, default=(), help="modules to measure; all where not given")
    options = parser.parse_args()
    jobs = chosen(options.only, options.sample, options.seed, options.survivors)
    fates = known(jobs) if options.resume else []
    done = {fate.mutant for fate in fates}
    fates = run([job for job in jobs if job[1] not in done], options.jobs, fates)
    return 0 if report(fates, judged()) >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
