"""What a run costs beside a bare loop of the cleaner: overhead, workers, memory, growth.

    python benchmarks/corpus.py                              # 2,000 and 20,000 pages
    python benchmarks/corpus.py --short --pages 200000       # growth and memory alone, on short pages that are made up

Pages: those of `SCRUBBER_DATA` flattened, or made-up ones, over and over, each with a line of its own. Overhead is the
CPU time that 2,000 pages more cost a run and its workers, over that of a loop of `Cleaner.clean` and of one of
`Cleaner.clean_many` in this process, which read the same JSON Lines and keep nothing. All have cleaned each page once
before, so that starting is not in it. Memory is the sum of the proportional set sizes (shared pages counted once) of
the run and all its processes, at its greatest. On a machine that others use, compare CPU times, not wall times: two
workers that cost the CPU time of one do twice its work where two processors are free.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import _one_thread  # noqa: F401 - before numpy
from _data import DATA
from _root import ROOT
from _tables import say, table

from scrubber import Cleaner, Page

SAMPLE = 300
"""Tuning pages that are repeated."""

MOST = 6_000
"""Characters of a page, cut at a line: the middle of what crawls hold as text, and 200,000 of them fit on a disk."""

SHORT = 1_000
"""Characters of a short page: the runner's own work is the same for it, and 200,000 of them take minutes."""

ROUNDS = 3
FILES = 8
COUNT = 2_000


@dataclass(frozen=True)
class Cost:
    """What a run took: seconds of CPU and on the clock, and MB at its greatest."""

    cpu: float
    wall: float
    memory: float


def texts() -> list[str]:
    """Return the pages that are repeated."""
    import pyarrow.parquet as pq

    from scrubber.tagger.train.flatten import flatten

    rows = pq.read_table(DATA / "wcxb-tune.parquet", columns=["html"]).slice(0, SAMPLE).column("html").to_pylist()
    return [cut("\n".join(flatten(html)), MOST) for html in rows]


def short_texts() -> list[str]:
    """Return the beginnings of pages of sites that do not exist."""
    from scrubber.testing.made_up_sites import made_up_site

    return [cut(page.text, SHORT) for seed in range(SAMPLE // 10) for page in made_up_site(seed).pages(10)]


def cut(text: str, most: int) -> str:
    """Return the beginning of a text, in whole lines."""
    return text if len(text) <= most else text[: text.rfind("\n", 0, most)]


def write(folder: Path, pages: Sequence[str], count: int) -> list[Path]:
    """Write a corpus of JSON Lines."""
    folder.mkdir(parents=True)
    files = [folder / f"{number}.jsonl" for number in range(FILES)]
    numbered = enumerate(islice(cycle(pages), count))
    lines = (json.dumps({"id": str(n), "text": f"{text}\nThis is number {n}."}) for n, text in numbered)
    for path in files:
        with path.open("w") as file:
            file.writelines(f"{line}\n" for line in islice(lines, -(-count // FILES)))
    return files


def bare(cleaner: Cleaner, files: Sequence[Path], *, together: bool) -> float:
    """Return the CPU seconds of a loop over the same files that keeps nothing."""
    start = time.process_time()
    for _ in cleaner.clean_many(read(files)) if together else map(cleaner.clean_page, read(files)):
        pass
    return time.process_time() - start


def read(files: Sequence[Path]) -> Iterator[Page]:
    """Yield the pages of files."""
    for path in files:
        with path.open() as file:
            for line in file:
                record = json.loads(line)
                yield Page(record["text"], id=record["id"])


def run(files: Sequence[Path], out: Path, workers: int) -> Cost:
    """Run over files, and measure."""
    before, started, most = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic(), 0.0
    call = [sys.executable, "-m", "scrubber", "run", *map(str, files), "-o", str(out), "--workers", str(workers)]
    with subprocess.Popen(call, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, memory(process.pid))
            time.sleep(0.5)
    if process.returncode:
        raise SystemExit(f"the run failed with exit code {process.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu + counted(out), time.monotonic() - started, most)


def counted(out: Path) -> float:
    """Return the CPU seconds of workers, which are killed at the end and so in nobody's account; from the manifests."""
    manifests = (out / "manifest").glob("*.json")
    return sum(json.loads(path.read_bytes())["tally"]["seconds"] for path in manifests)


def memory(parent: int) -> float:
    """Return the MB of a process and all below it, what they share counted once."""
    from corpora import children

    return sum(map(proportional, {parent, *children(parent)})) / 1000


def proportional(process: int) -> int:
    """Return the proportional set size of a process in kB, 0 where it has gone."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=20_000, help="pages of the larger corpus, 0 to leave growth out")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds of the smaller one")
    parser.add_argument("--short", action="store_true", help="growth and memory alone, on short pages that are made up")
    options = parser.parse_args()
    sys.path.append(str(ROOT / "tests"))
    pages = short_texts() if options.short else texts()
    folder = Path(tempfile.mkdtemp(prefix="corpus-"))
    print(f"Pages of {sum(map(len, pages)) // len(pages):,} characters.\n")
    try:
        if not options.short:
            compare(folder, pages, options.rounds)
        if options.pages:
            grow(folder, pages, options.pages)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def compare(folder: Path, pages: Sequence[str], rounds: int) -> None:
    """Print overhead and the gain of a second worker, in CPU seconds for `COUNT` pages."""
    once, more = write(folder / "once", pages, len(pages)), write(folder / "more", pages, len(pages) + COUNT)
    cleaner, rows = Cleaner(), []
    for number in range(rounds):
        row: list[object] = [number + 1]
        for together in (False, True):
            start, end = (bare(cleaner, files, together=together) for files in (once, more))
            row.append(end - start)
        for workers in (1, 2):
            start, end = (
                run(files, folder / f"{files[0].parent.name}-{number}-{workers}", workers).cpu for files in (once, more)
            )
            row.append(end - start)
        alone, together, one, two = row[1:]
        rows.append([*row, one / alone, one / together, 2 * one / two])
        say(f"round {number + 1} done")
    head = [
        "round",
        "loop of clean",
        "of clean_many",
        "one worker",
        "two workers",
        "one over clean",
        "over clean_many",
        "gain of two",
    ]
    print(f"CPU seconds for {COUNT:,} pages\n\n{table(head, rows)}\n")


def grow(folder: Path, pages: Sequence[str], count: int) -> None:
    """Print pages a second and memory as a corpus grows; what a start costs is not in its CPU times."""
    start = run(write(folder / "one", pages, 1), folder / "one-out", 2).cpu
    rows = []
    for size in (COUNT, count):
        cost = run(write(folder / f"grow-{size}", pages, size), folder / f"grown-{size}", 2)
        cpu = cost.cpu - start
        rows.append([f"{size:,}", cpu, f"{size / cpu:,.0f}", f"{size / cost.wall:,.0f}", f"{cost.memory:,.0f}"])
    print(table(["pages, two workers", "CPU s", "pages a CPU second", "pages/s", "MB at most"], rows))


if __name__ == "__main__":
    main()
