"""What site plugins cost: at start, on every page, for hostile files and for hostile selectors.

    python benchmarks/site_loading.py [--sites 500] [--rounds 7]

All times are of the processor, the best of some rounds. Ends with exit code 1 when a limit is passed.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from _tables import table
from selectolax.lexbor import LexborHTMLParser

from scrubber import Cleaner
from scrubber.errors import PluginError
from scrubber.plugins import load_plugins
from scrubber.segment.selectors import TooManySteps, Tree, read_selector
from scrubber.testing.conformance import sample_pages

START_LIMIT = 0.3
"""Seconds that 500 sites may cost at start."""

HOSTILE_LIMIT = 5.0
"""Seconds for one file of the largest size that is read."""

SELECTOR_LIMIT = 2.0
"""Seconds for one selector on one page, whatever they are."""

RULES = """
[[drop]]
rule = "tag-line"
label = "repeated_header"
line = "Printed by paper {n} since *"

[[drop]]
rule = "likes"
match = '^Paper {n}: \\d+ readers? like this$'

[[drop]]
rule = "weather"
from = "The weather, says paper {n}"
until = "Full forecast of paper {n}"

[[drop]]
rule = "more"
css = "div.story-{n} > p.more, aside.latest-{n} li"

[[keep]]
rule = "notices"
line = "† {n} *"
label = "list_item"

[[drop]]
rule = "terms"
line = "Terms of paper {n}*"
also = 2

[[drop]]
rule = "old"
line = "Old words of paper {n}"
valid_until = 2020-12-31

[[drop]]
rule = "captions"
label = "caption"
match = '(?i)^photo: .* / paper {n}$'
"""
HEAD = 'site = "paper-{n}"\nhosts = ["paper-{n}.example"]\nfingerprints = ["Paper {n}", "News of paper {n}"]\n'


def main() -> int:
    """Print the tables; return 1 where a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=500, help="sites loaded at once")
    parser.add_argument("--rounds", type=int, default=7, help="runs of which the best counts")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        home = Path(folder)
        over = [
            *start(home, options.sites, options.rounds),
            *pages(home / str(options.sites), options.sites, options.rounds),
            *hostile_files(home),
            *hostile_selectors(),
        ]
    print("over a limit:", "; ".join(over) or "none")
    return min(len(over), 1)


def best(run: Callable[[], object], rounds: int) -> float:
    """Return the least processor time of some runs, in seconds."""
    times = []
    for _ in range(rounds):
        read_selector.cache_clear()
        started = time.process_time()
        run()
        times.append(time.process_time() - started)
    return min(times)


def start(home: Path, most: int, rounds: int) -> Iterator[str]:
    """Print what loading costs; yield what is over its limit."""
    load_plugins(installed=False)  # what is imported once
    rows = []
    for count in (most // 5, most, 2 * most):
        write_sites(home / str(count), count)
        seconds = best(lambda folder=home / str(count): load(folder), rounds)  # type: ignore[misc]
        rows.append([f"{count:,}", f"{seconds:.3f} s", f"{1e3 * seconds / count:.2f} ms"])
        if count == most and seconds > START_LIMIT:
            yield f"{count} sites take {seconds:.2f} s to load"
    print(table(["sites of 8 rules", "loading", "a site"], rows), "\n")


def write_sites(home: Path, count: int) -> None:
    """Write a folder of sites."""
    for number in range(count):
        folder = home / f"paper-{number}"
        folder.mkdir(parents=True)
        (folder / "site.toml").write_text((HEAD + RULES).replace("{n}", str(number)), encoding="utf-8")


def load(folder: Path) -> object:
    """Load the sites of a folder and nothing else."""
    return load_plugins((), [folder], bundled=False, installed=False)


def pages(folder: Path, count: int, rounds: int) -> Iterator[str]:
    """Print what a page that is of none of the sites costs with and without them, by turns."""
    texts = [page.source for page in sample_pages()]
    bare = Cleaner(bundled=False, installed=False, tagger=False)
    full = Cleaner(plugin_folders=[folder], bundled=False, installed=False, tagger=False)
    rows = []
    for what, url in (("no URL", None), ("a URL of none", "https://hill.example/1")):
        ratios = []
        for _ in range(5 * rounds):
            without, with_sites = (one_pass(cleaner, texts, url) for cleaner in (bare, full))
            ratios.append(with_sites / without)
        each = 1e6 * without / len(texts)
        rows.append([what, f"{each:.0f} µs", f"{median(ratios):.3f}"])
    print(table(["page of none of the sites", "rules without sites", f"with {count} sites, times"], rows), "\n")
    yield from ()


def one_pass(cleaner: Cleaner, texts: list[str], url: str | None) -> float:
    """Return the processor time of cleaning some texts ten times, in seconds."""
    started = time.process_time()
    for _ in range(10):
        for text in texts:
            cleaner.clean(text, url=url)
    return (time.process_time() - started) / 10


HOSTILE = {
    "rules without end": lambda size: "[[drop]]\n" * (size // 9),
    "10,000 rules": lambda size: "".join(f'[[drop]]\nrule = "r{n}"\nline = "x{n}*"\n' for n in range(10_000)),
    "rules in one list": lambda size: "drop = [" + '{rule = "a", line = "b"},' * (size // 26) + "]\n",
    "nested lists": lambda size: "hosts = " + "[" * (size // 2) + "]" * (size // 2) + "\n",
    "nested tables": lambda size: "x = " + "{a=" * (size // 4) + "1" + "}" * (size // 4) + "\n",
    "a dotted key": lambda size: ".".join("a" * (size // 2)) + " = 1\n",
    "many dotted keys": lambda size: "".join(f"{'.'.join('a' * 190)}{n} = 1\n" for n in range(size // 390)),
    "a long text": lambda size: f'hosts = ["{"a" * size}"]\n',
    "a long number": lambda size: f"x = {'1' * size}\n",
    "blanks": lambda size: " " * size + "\n",
    "a regex bomb": lambda size: "[[drop]]\nrule = 'a'\nmatch = '(((a{1,30}){1,30}){1,30}){1,30}'\n",
    "a long expression": lambda size: f"[[drop]]\nrule = 'a'\nmatch = '{'(a|b)*' * (size // 6)}'\n",
    "a long selector": lambda size: f"[[drop]]\nrule = 'a'\ncss = '{'a ' * (size // 2)}'\n",
    "a thousand selectors": lambda size: "".join(f'[[drop]]\nrule = "r{n}"\ncss = ".a .b{n}"\n' for n in range(1000)),
}


def hostile_files(home: Path) -> Iterator[str]:
    """Print how long reading hostile files takes and what is said; yield what takes too long."""
    rows = []
    path = home / "site.toml"
    for name, make in HOSTILE.items():
        times, said = [], ""
        for size in (1_000_000, 2_000_000, 4_000_000):
            path.write_text('site = "a"\n' + make(size), encoding="utf-8")
            started = time.process_time()
            said = refusal(home)
            times.append(time.process_time() - started)
        rows.append([name, *(f"{seconds:.2f} s" for seconds in times), said])
        if max(times) > HOSTILE_LIMIT:
            yield f"{name} takes {max(times):.1f} s"
    print(table(["site file", "1 MB", "2 MB", "4 MB", "what is said"], rows), "\n")


def refusal(folder: Path) -> str:
    """Return the message with which the site file in a folder is refused, cut short."""
    try:
        load(folder)
    except PluginError as error:
        return str(error).replace(f"{folder}{os.sep}", "")[:90]
    return "loaded"


PAGES = {
    "1,000 deep": "<div>" * 1000 + "<p>x</p>" + "</div>" * 1000,
    "100,000 siblings": "<p>x</p>" * 100_000,
    "1,000 deep, 50,000 in it": "<div>" * 1000 + "<p>x</p>" * 50_000,
}
SELECTORS = {
    "div ... div z": "div " * 100 + "z",
    "z div ... div": "z " + "div " * 100,
    "p ~ p ... ~ p": "z" + " ~ p" * 100,
    "* * ... *": "*" + " *" * 100,
    ":has(z)": "div:has(z)",
    ":nth-child(7)": "p:nth-child(7)",
    "p:has(~ z)": "p:has(~ z)",
    ".story > p.more": ".story > p.more",
}


def hostile_selectors() -> Iterator[str]:
    """Print how long hostile selectors take on hostile pages; yield what takes too long."""
    rows = []
    for name, selector in SELECTORS.items():
        cells = []
        for page in PAGES.values():
            tree = Tree(LexborHTMLParser(page))
            started = time.process_time()
            said = "!"
            with suppress(TooManySteps):
                tree.find(read_selector(selector))
                said = ""
            seconds = time.process_time() - started
            cells.append(f"{1e3 * seconds:.0f} ms{said}")
            if seconds > SELECTOR_LIMIT:
                yield f"{name} takes {seconds:.1f} s"
        rows.append([name, *cells])
    print(table(["selector (! refused as too much)", *PAGES], rows), "\n")


if __name__ == "__main__":
    raise SystemExit(main())
