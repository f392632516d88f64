"""What a run costs beside a bare loop of the cleaner: overhead, workers, memory, growth.

    python benchmarks/corpus.py                    # 2,000 and 20,000 pages
    python benchmarks/corpus.py --pages 200000     # growth and memory of a larger corpus too

Pages: those of `SCRUBBER_DATA` flattened, over and over, each with a line of its own. Overhead is the CPU time of a
run and its workers, less what a run of one page takes, over that of `Cleaner.clean_many` in this process; both from
the same JSON Lines on the disk. Memory is the sum of the proportional set sizes (shared pages counted once) of the
run and all its processes, at its greatest. On a machine that others use, compare CPU times, not wall times.
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

ROUNDS = 3
FILES = 8


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
    return [cut("\n".join(flatten(html))) for html in rows]


def cut(text: str) -> str:
    """Return the beginning of a text, in whole lines."""
    return text if len(text) <= MOST else text[: text.rfind("\n", 0, MOST)]


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


def bare(files: Sequence[Path]) -> float:
    """Return the CPU seconds of a loop over the same files that keeps nothing."""
    cleaner = Cleaner()
    list(cleaner.clean_many(["Home\nThe bridge is closed.\n"]))  # loads the tagger
    start = time.process_time()
    for _ in cleaner.clean_many(read(files)):
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
    parser.add_argument("--pages", type=int, default=20_000, help="pages of the larger corpus")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds of the smaller one")
    options = parser.parse_args()
    sys.path.append(str(ROOT / "tests"))
    pages = texts()
    folder = Path(tempfile.mkdtemp(prefix="corpus-"))
    try:
        compare(folder, pages, options.rounds)
        grow(folder, pages, options.pages)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def compare(folder: Path, pages: Sequence[str], rounds: int, count: int = 2_000) -> None:
    """Print overhead and the gain of a second worker."""
    files, nothing = write(folder / "small", pages, count), write(folder / "nothing", pages, 1)
    rows = []
    for number in range(rounds):
        loop = bare(files)
        start = run(nothing, folder / f"nothing-{number}", 1).cpu
        one, two = (run(files, folder / f"small-{number}-{workers}", workers) for workers in (1, 2))
        rows.append([number + 1, loop, one.cpu - start, two.cpu - start, (one.cpu - start) / loop, one.wall / two.wall])
        say(f"round {number + 1} done")
    head = ["round", "bare loop, CPU s", "one worker", "two workers", "one over bare", "wall, one over two"]
    print(f"{count:,} pages of {sum(map(len, pages)) // len(pages):,} characters\n\n{table(head, rows)}\n")


def grow(folder: Path, pages: Sequence[str], count: int) -> None:
    """Print pages a second and memory as a corpus grows."""
    rows = []
    for size in (2_000, count):
        cost = run(write(folder / f"grow-{size}", pages, size), folder / f"grown-{size}", 2)
        rows.append(
            [f"{size:,}", cost.cpu, f"{size / cost.cpu:,.0f}", f"{size / cost.wall:,.0f}", f"{cost.memory:,.0f}"]
        )
    print(table(["pages, two workers", "CPU s", "pages a CPU second", "pages/s", "MB at most"], rows))


if __name__ == "__main__":
    main()
