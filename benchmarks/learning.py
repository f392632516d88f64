"""What learning a site is worth: rules from some of its pages, tried on pages that it has not seen.

    python benchmarks/learning.py [--sites 48] [--pages 5 10 20] [--unseen 20] [--forms text html] [--scale 10000]

The sites are made up (`scrubber.testing.made_up_sites`), so the label of every line is known; every fifth has a
redesign in the middle of the pages that are learned from. Dropping is right where a line belongs to no article:
precision is the share of the dropped lines for which that is so, recall the share of such lines that are
dropped. Generic cleaning is scored on the same pages in the same run. With `--scale`, one site of that many
pages is learned, and time and memory are printed; pages are made as they are asked for, in a process of its own.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

import _root  # noqa: F401 - finds the checkout
from _tables import follow, percent, table

from scrubber import Cleaner, Page, Result, Site, hookimpl
from scrubber.learning import learn
from scrubber.model import KEPT
from scrubber.sites import RuleSite
from scrubber.testing.made_up_sites import MadeUpPage, MadeUpSite, made_up_site

REDESIGNED = 5
"""Every so manieth site has a redesign."""

GAP = 20
"""Pages between those that are learned from and those that rules are tried on: ten days of the site."""

SCALE_SEED = 6
"""The site that is learned from many pages."""


class Row(NamedTuple):
    """What became of the lines of one site's unseen pages: counts by (belongs to the article, was kept)."""

    seed: int
    generic: Counter[tuple[bool, bool]]
    learned: Counter[tuple[bool, bool]]
    rules: int
    review: int
    seconds: float


class Offer:
    """A plugin of one site."""

    def __init__(self, site: Site) -> None:
        """Take the site."""
        self.site = site

    @hookimpl
    def register_sites(self) -> list[Site]:
        """Offer it."""
        return [self.site]


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=48, help="how many sites; 0 for none")
    parser.add_argument("--pages", type=int, nargs="+", default=[5, 10, 20], help="how many pages are learned from")
    parser.add_argument("--unseen", type=int, default=20, help="how many pages rules are tried on")
    parser.add_argument("--forms", nargs="+", default=["text", "html"], choices=["text", "html"])
    parser.add_argument("--scale", type=int, default=0, help="pages of one site to learn, for time and memory")
    parser.add_argument("--one-site", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one_site:
        learn_many(options.scale, options.one_site)
        return 0
    for form in options.forms if options.sites else ():
        rows = {count: list(measure(options.sites, count, options.unseen, form)) for count in options.pages}
        print(f"### {options.sites} sites, {form}\n\n{summary(rows)}\n\n{worst(rows)}\n", flush=True)
    for form in options.forms if options.scale else ():
        call = [sys.executable, __file__, "--scale", str(options.scale), "--one-site", form]
        subprocess.run(call, check=True)
    return 0


def measure(sites: int, count: int, unseen: int, form: str) -> Iterator[Row]:
    """Learn every site from some pages and try the rules on others."""
    generic = Cleaner(bundled=False, installed=False)
    for seed in follow(range(sites), f"{form}, {count} pages"):
        site = made_up_site(seed, redesign_at=count // 2 if seed % REDESIGNED == REDESIGNED - 1 else None)
        start = time.perf_counter()
        template = learn(as_page(page, form) for page in site.pages(count))
        seconds = time.perf_counter() - start
        rules = RuleSite("learned", [rule.rule for rule in template.rules], hosts=[site.host])
        cleaner = Cleaner(bundled=False, installed=False, plugins=[Offer(rules)])
        pages = list(site.pages(unseen, start=count + GAP))
        tried = (score(site, pages, one, form) for one in (generic, cleaner))
        yield Row(seed, *tried, len(template.rules), len(template.review), seconds)


def as_page(page: MadeUpPage, form: str) -> Page:
    """Return a made-up page as it is cleaned: flattened, or as HTML."""
    content, kind = (page.html, "text/html") if form == "html" else (page.text, None)
    return Page(content, url=page.url, content_type=kind, date=page.date)


def score(site: MadeUpSite, pages: Iterable[MadeUpPage], cleaner: Cleaner, form: str) -> Counter[tuple[bool, bool]]:
    """Count lines by whether they belong to the article and whether they were kept."""
    counts: Counter[tuple[bool, bool]] = Counter()
    for page in pages:
        result = cleaner.clean_page(as_page(page, form))
        spans = (
            rows_of(result.page_text) if form == "html" else [(span.start, span.end) for span in page.composed.spans]
        )
        counts.update(zip((label in KEPT for label in page.labels), kept(result, spans), strict=True))
    return counts


def rows_of(text: str) -> list[tuple[int, int]]:
    """Return start and end of each row of the text of an HTML page."""
    ends = [-1, *(place for place, character in enumerate(text) if character == "\n"), len(text)]
    return [(first + 1, last) for first, last in pairwise(ends)]


def kept(result: Result, spans: Iterable[tuple[int, int]]) -> list[bool]:
    """Return for each stretch of the source whether most of it was kept."""
    gone = bytearray(len(result.page_text))
    for removal in result.removed:
        gone[removal.start : removal.end] = b"\1" * (removal.end - removal.start)
    return [2 * gone.count(1, start, end) < end - start for start, end in spans]


def precision(counts: Counter[tuple[bool, bool]]) -> float:
    """Return the share of the dropped lines that belong to no article."""
    return counts[False, False] / max(counts[False, False] + counts[True, False], 1)


def recall(counts: Counter[tuple[bool, bool]]) -> float:
    """Return the share of the lines that belong to no article that were dropped."""
    return counts[False, False] / max(counts[False, False] + counts[False, True], 1)


def lost(counts: Counter[tuple[bool, bool]]) -> float:
    """Return the share of the articles' lines that were dropped."""
    return counts[True, False] / max(counts[True, False] + counts[True, True], 1)


def total(counters: Iterable[Counter[tuple[bool, bool]]]) -> Counter[tuple[bool, bool]]:
    """Return the sum of counts."""
    return sum(counters, Counter())


def summary(rows: dict[int, list[Row]]) -> str:
    """Return a table over all sites, generic cleaning beside what was learned."""
    head = [
        "learned from",
        "",
        "precision of dropping",
        "recall of dropping",
        "article lines lost",
        "rules",
        "for review",
    ]
    lines: list[list[object]] = []
    for count, found in rows.items():
        generic, learned = total(row.generic for row in found), total(row.learned for row in found)
        rules, review = (
            sum(numbers) / len(found) for numbers in zip(*((r.rules, r.review) for r in found), strict=True)
        )
        lines += [
            [f"{count} pages", "generic", *map(figure, (precision(generic), recall(generic), lost(generic))), "", ""],
            [
                "",
                "learned",
                *map(figure, (precision(learned), recall(learned), lost(learned))),
                f"{rules:.0f}",
                f"{review:.0f}",
            ],
        ]
    return table(head, lines)


def figure(share: float) -> str:
    """Return a share in per cent, two places: a hundredth of a point is one line in ten thousand."""
    return f"{100 * share:.2f} %"


def worst(rows: dict[int, list[Row]]) -> str:
    """Return the sites where rules did least well, and how many lost lines that generic cleaning keeps."""
    head = [
        "learned from",
        "sites that lose more of their articles",
        "lowest precision",
        "lowest recall",
        "seconds a site",
    ]
    lines = []
    for count, found in rows.items():
        harmed = [row.seed for row in found if row.learned[True, False] > row.generic[True, False]]
        least = min(found, key=lambda row: precision(row.learned))
        fewest = min(found, key=lambda row: recall(row.learned))
        lines.append(
            [
                f"{count} pages",
                f"{len(harmed)}: {', '.join(map(str, harmed)) or '-'}",
                f"{percent(precision(least.learned))}, generic {percent(precision(least.generic))} (site {least.seed})",
                f"{percent(recall(fewest.learned))}, generic {percent(recall(fewest.generic))} (site {fewest.seed})",
                f"{sorted(row.seconds for row in found)[len(found) // 2]:.2f}",
            ]
        )
    return table(head, lines)


def learn_many(count: int, form: str) -> None:
    """Learn one site from many pages and print what that costs."""
    site, making = made_up_site(SCALE_SEED), [0.0]

    def pages() -> Iterator[Page]:
        for number in range(count):
            start = time.process_time()
            page = as_page(site.page(number), form)
            making[0] += time.process_time() - start
            yield page

    wall, cpu = time.perf_counter(), time.process_time()
    template = learn(pages())
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count:,} pages, {form}: {wall:.1f} s; {cpu:.1f} s of the processor, "
        f"{making[0]:.1f} s of them to make the pages; {peak:.0f} MB; "
        f"{len(template.rules)} rules, {len(template.review)} for review",
        flush=True,
    )


if __name__ == "__main__":
    raise SystemExit(main())
