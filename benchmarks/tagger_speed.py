"""How fast the tagger and the whole cleaner are on one core, where the time goes, and whether memory stays flat.

    python benchmarks/tagger_speed.py [--pages 400] [--weights FILE] [--stream 2000]

Pages are those of `wcxb-tune`, flattened by blocks. Times are CPU time of one thread (the libraries under numpy
are held to one before it is imported), the best of a few rounds. Memory is the peak RSS of a fresh process, which
holds the pages' text from the start, after a quarter of the stream, half of it and all.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType

import _one_thread  # noqa: F401 - before anything brings numpy
from _data import flattened, load
from _measuring import Stopwatch, peak_rss, seconds
from _tables import follow, say, table

import scrubber.pipeline
import scrubber.tagger.tagger
from scrubber import Cleaner
from scrubber.model import Page
from scrubber.tagger import Tagger

ROUNDS = 5
SINGLE_LINES = 200
SINGLE_ROUNDS = 50
BATCH = scrubber.pipeline.BATCH

STAGES: tuple[tuple[str, ModuleType, str], ...] = (
    ("features", scrubber.tagger.tagger, "extract"),
    ("inference", scrubber.tagger.tagger, "run"),
    ("describing", scrubber.tagger.tagger, "describe"),
    ("segmenting and repair", scrubber.pipeline, "segment_text"),
    ("rules", scrubber.pipeline, "gather"),
    ("deciding", scrubber.pipeline, "decide"),
    ("rendering", scrubber.pipeline, "render"),
)
"""What the time is split into: a name, and the function that does it, where it is called from."""


def main() -> int:
    """Measure and print the tables."""
    options = read_arguments()
    tagger = Tagger.load(options.weights)
    cleaner = Cleaner(bundled=False, installed=False, tagger=tagger)
    pages = flattened(load("wcxb", options.pages), "blocks")
    print(throughput_table(tagger, cleaner, pages), end="\n\n")
    print(single_table(tagger, cleaner, pages), end="\n\n")
    print(stage_table(cleaner, pages), end="\n\n")
    print(memory_table(options.weights, pages, options.stream))
    return 0


def read_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=400, metavar="N", help="pages of a round (default %(default)s)")
    parser.add_argument("--stream", type=int, default=2000, metavar="N", help="pages for memory (default %(default)s)")
    parser.add_argument("--weights", type=Path, help="the tagger's weights (default those shipped)")
    return parser.parse_args()


def throughput_table(tagger: Tagger, cleaner: Cleaner, pages: Sequence[list[str]]) -> str:
    """Return lines and pages a second of the tagger alone, of the rules alone and of everything."""
    texts = ["\n".join(page) for page in pages]
    rules = Cleaner(bundled=False, installed=False, tagger=False)
    jobs: dict[str, Callable[[], object]] = {
        "tagger, features and inference": lambda: [tagger.tag(batch) for batch in batches(pages)],
        "cleaner without tagger": lambda: sum(1 for _ in rules.clean_many(map(Page, texts))),
        "whole cleaner": lambda: sum(1 for _ in cleaner.clean_many(map(Page, texts))),
    }
    lines = sum(map(len, pages))
    rows = []
    for name, job in jobs.items():
        seconds = best_time(job, name)
        rows.append((name, f"{lines / seconds:,.0f}", f"{len(pages) / seconds:,.0f}"))
    title = f"{len(pages)} pages, {lines / len(pages):.0f} lines each"
    return table([title, "lines/s", "pages/s"], rows)


def batches(pages: Sequence[list[str]]) -> Iterator[Sequence[list[str]]]:
    """Yield pages as many at a time as the cleaner takes."""
    for start in range(0, len(pages), BATCH):
        yield pages[start : start + BATCH]


def best_time(job: Callable[[], object], name: str) -> float:
    """Return the seconds of the fastest of `ROUNDS` runs: what others do on the machine only ever adds."""
    return min(seconds(job) for _ in follow(range(ROUNDS), name))


def single_table(tagger: Tagger, cleaner: Cleaner, pages: Sequence[list[str]]) -> str:
    """Return the milliseconds of one page of `SINGLE_LINES` lines, median and fastest."""
    lines = list(islice((line for page in pages if len(page) <= SINGLE_LINES for line in page), SINGLE_LINES))
    page = next((page[:SINGLE_LINES] for page in pages if len(page) >= SINGLE_LINES), lines)
    text = "\n".join(page)
    rows = []
    for name, job in (("tagger", lambda: tagger.tag([page])), ("whole cleaner", lambda: cleaner.clean(text).text)):
        times = [1000 * seconds(job) for _ in range(SINGLE_ROUNDS)]
        rows.append((name, f"{statistics.median(times):.1f}", f"{min(times):.1f}"))
    return table([f"one page of {len(page)} lines", "median ms", "fastest ms"], rows)


def stage_table(cleaner: Cleaner, pages: Sequence[list[str]]) -> str:
    """Return where the time of the whole cleaner goes. Leaves the stopwatch in place: measure speed before."""
    watch = Stopwatch()
    for name, module, function in STAGES:
        if hasattr(module, function):
            watch.watch(name, module, function)
        else:
            say(f"{module.__name__} has no {function}: no figure for {name}")
    texts = ["\n".join(page) for page in pages]
    whole = seconds(lambda: sum(1 for _ in cleaner.clean_many(map(Page, texts))))
    found = {**watch.seconds, "everything else": whole - sum(watch.seconds.values())}
    rows = [(name, f"{1000 * spent / len(pages):.2f}", f"{spent / whole:.0%}") for name, spent in found.items()]
    return table(["stage", "ms a page", "share"], rows)


def memory_table(weights: Path | None, pages: Sequence[list[str]], count: int) -> str:
    """Return the peak RSS of a fresh process before a stream of pages, along it and at its end."""
    texts = ["\n".join(page) for page in pages]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        peaks = pool.submit(stream, weights, texts, count).result()
    return table(["pages cleaned", "peak RSS, MB"], [(f"{number:,}", f"{peak:.0f}") for number, peak in peaks.items()])


def stream(weights: Path | None, texts: Sequence[str], count: int) -> dict[int, float]:
    """Clean `count` pages, the same ones again when they run out, and note the peak RSS on the way."""
    cleaner = Cleaner(bundled=False, installed=False, tagger=Tagger.load(weights))
    peaks = {0: peak_rss()}
    for number, _ in enumerate(cleaner.clean_many(map(Page, islice(cycle(texts), count))), start=1):
        if number in (count // 4, count // 2, count):
            peaks[number] = peak_rss()
    return peaks


if __name__ == "__main__":
    raise SystemExit(main())
