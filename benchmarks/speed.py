"""Pages and megabytes a second on HTML, peak memory and time by stage, beside other extractors in one run.

    python benchmarks/speed.py [--pages 120] [--rounds 3]

Pages are a sample of `wcxb-tune`, as bytes. Times are CPU time of one thread; the tools take turns, `CHUNK` pages
at a time, and the fastest of the rounds counts for each chunk: what others do on the machine only ever adds. Pages
of a megabyte are the `LARGE` of the set nearest to that, each cleaned alone. What scrubber remembers of names in the
DOM is forgotten before each run, for the pages of a corpus are seldom of one site. Memory is the peak RSS of a fresh
process, above what it had with the tool loaded and the pages read.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from importlib.metadata import version
from multiprocessing import get_context
from types import ModuleType

import _one_thread  # noqa: F401 - before anything brings numpy
from _data import load
from _measuring import Stopwatch, peak_rss, seconds
from _tables import follow, table

import scrubber.pipeline
import scrubber.segment.html
import scrubber.tagger.marks
import scrubber.tagger.tagger
from scrubber import Cleaner
from scrubber.model import Page

CHUNK = 16
"""Pages that a tool gets at once."""

LARGE = 5
MEGABYTE = 1_000_000

Tool = Callable[[Sequence[bytes]], object]
"""Extracts the text of each page."""

SEGMENTING = "joining and repair"
STAGES: tuple[tuple[str, ModuleType, str], ...] = (
    ("decoding", scrubber.pipeline, "decode"),
    ("limits", scrubber.segment.html, "bounded"),
    ("parsing", scrubber.segment.html, "parse"),
    ("statements", scrubber.segment.html, "read_statements"),
    ("metadata", scrubber.segment.html, "choose_metadata"),
    ("writing the tree", scrubber.segment.html, "written"),
    ("blocks", scrubber.segment.html, "_blocks"),
    (SEGMENTING, scrubber.pipeline, "segment_html"),
    ("features", scrubber.tagger.tagger, "extract"),
    ("inference", scrubber.tagger.tagger, "run"),
    ("describing", scrubber.tagger.tagger, "describe"),
    ("rules", scrubber.pipeline, "gather"),
    ("deciding", scrubber.pipeline, "decide"),
    ("rendering", scrubber.pipeline, "render"),
)
"""What the time is split into: a name, and the function that does it, where it is called from."""

WITHIN_SEGMENTING = ("limits", "parsing", "statements", "metadata", "writing the tree", "blocks")


def scrubber_in_batches() -> Tool:
    """Clean with the shipped tagger, in batches."""
    cleaner = Cleaner(bundled=False, installed=False)
    return lambda pages: [result.text for result in cleaner.clean_many(as_html(page) for page in pages)]


def scrubber_one_by_one() -> Tool:
    """Clean with the shipped tagger, each page alone."""
    cleaner = Cleaner(bundled=False, installed=False)
    return lambda pages: [cleaner.clean_page(as_html(page)).text for page in pages]


def scrubber_by_rules() -> Tool:
    """Clean without the tagger, in batches."""
    cleaner = Cleaner(bundled=False, installed=False, tagger=False)
    return lambda pages: [result.text for result in cleaner.clean_many(as_html(page) for page in pages)]


def as_html(page: bytes) -> Page:
    """Return a page that is declared as HTML."""
    return Page(page, content_type="text/html")


def trafilatura_as_it_comes() -> Tool:
    """Extract with trafilatura's defaults."""
    import trafilatura

    return each(trafilatura.extract)


def trafilatura_fast() -> Tool:
    """Extract with trafilatura's fast mode."""
    import trafilatura

    return each(lambda page: trafilatura.extract(page, fast=True))


def resiliparse() -> Tool:
    """Extract Resiliparse's main content, after it decoded the page."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    return each(lambda page: extract_plain_text(bytes_to_str(page, detect_encoding(page)), main_content=True))


def readability() -> Tool:
    """Extract with readability-lxml."""
    from readability import Document

    return each(lambda page: Document(page).summary())


def justext() -> Tool:
    """Extract with jusText and its English stop list."""
    import justext

    words = justext.get_stoplist("English")
    return each(lambda page: justext.justext(page, words))


def each(extract: Callable[[bytes], object]) -> Tool:
    """Return a tool that goes on where a page makes it raise."""

    def run(pages: Sequence[bytes]) -> None:
        for page in pages:
            with suppress(Exception):
                extract(page)

    return run


TOOLS: dict[str, tuple[str, Callable[[], Tool]]] = {
    "scrubber, in batches": ("", scrubber_in_batches),
    "scrubber, page by page": ("", scrubber_one_by_one),
    "scrubber, rules alone": ("", scrubber_by_rules),
    "trafilatura": ("trafilatura", trafilatura_as_it_comes),
    "trafilatura, fast": ("trafilatura", trafilatura_fast),
    "Resiliparse": ("resiliparse", resiliparse),
    "readability": ("readability-lxml", readability),
    "jusText": ("justext", justext),
}
"""By its name in the table, the package a tool comes from, and what makes it."""

BASELINE = "trafilatura"


def main() -> int:
    """Measure and print the tables."""
    options = read_arguments()
    sample = [page.html for page in load("wcxb", options.pages)]
    every = sorted((page.html for page in load("wcxb")), key=lambda page: abs(len(page) - MEGABYTE))
    print(comparison(sample, every[:LARGE], options.rounds), end="\n\n")
    print(stage_table(sample))
    return 0


def read_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=120, metavar="N", help="pages (default %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="rounds (default %(default)s)")
    return parser.parse_args()


def comparison(pages: Sequence[bytes], large: Sequence[bytes], rounds: int) -> str:
    """Return pages and megabytes a second of each tool, its time on large pages, and its memory."""
    tools = {name: make() for name, (_, make) in TOOLS.items()}
    for tool in tools.values():
        tool(pages[:2])  # what is loaded late is loaded now
    chunks = [pages[start : start + CHUNK] for start in range(0, len(pages), CHUNK)]
    whole = {name: sum(times) for name, times in fastest(tools, chunks, rounds).items()}
    slowest = {name: max(times) for name, times in fastest(tools, [[page] for page in large], rounds).items()}
    size = sum(map(len, pages)) / MEGABYTE
    rows = [
        (
            f"{name} {version(package)}" if package else name,
            f"{len(pages) / whole[name]:.0f}",
            f"{size / whole[name]:.1f}",
            f"{whole[BASELINE] / whole[name]:.1f}",
            f"{1000 * slowest[name]:.0f}",
            f"{memory(name, pages):.0f}",
        )
        for name, (package, _) in TOOLS.items()
    ]
    title = f"{len(pages)} pages, {1000 * size / len(pages):.0f} kB each"
    return table([title, "pages/s", "MB/s", f"times {BASELINE}", "slowest page of 1 MB, ms", "memory, MB"], rows)


def fastest(tools: dict[str, Tool], chunks: Sequence[Sequence[bytes]], rounds: int) -> dict[str, list[float]]:
    """Return for each tool the seconds of its fastest run over each chunk."""
    found = {name: [float("inf")] * len(chunks) for name in tools}
    for _ in range(rounds):
        for index, chunk in enumerate(follow(chunks, "all tools")):
            for name, tool in tools.items():
                forget()
                spent = seconds(lambda tool=tool, chunk=chunk: tool(chunk))  # type: ignore[misc]
                found[name][index] = min(found[name][index], spent)
    return found


def forget() -> None:
    """Empty what is remembered of names: tools take turns on the same pages, and one would have it from another."""
    for remembered in vars(scrubber.tagger.marks).values():
        if hasattr(remembered, "cache_clear"):
            remembered.cache_clear()


def memory(name: str, pages: Sequence[bytes]) -> float:
    """Return the megabytes that a tool needs above its code and the pages, in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(growth, name, pages).result()


def growth(name: str, pages: Sequence[bytes]) -> float:
    """Return how much the peak RSS of this process grows over the pages, once the tool is loaded."""
    tool = TOOLS[name][1]()
    tool([b"<html><body><p>One page, so that nothing is loaded later.</p></body></html>"])
    before = peak_rss()
    tool(pages)
    return peak_rss() - before


def stage_table(pages: Sequence[bytes]) -> str:
    """Return where the time of the whole cleaner goes. Leaves the stopwatch in place: measure speed before."""
    tool = scrubber_in_batches()
    tool(pages[:2])
    watch = Stopwatch()
    for name, module, function in STAGES:
        watch.watch(name, module, function)
    forget()
    whole = seconds(lambda: tool(pages))
    watch.seconds[SEGMENTING] -= sum(watch.seconds[name] for name in WITHIN_SEGMENTING)
    found = {**{name: watch.seconds[name] for name, _, _ in STAGES}, "everything else": 0.0}
    found["everything else"] = whole - sum(found.values())
    rows = [(name, f"{1000 * spent / len(pages):.2f}", f"{spent / whole:.0%}") for name, spent in found.items()]
    return table(["stage", "ms a page", "share"], rows)


if __name__ == "__main__":
    raise SystemExit(main())
