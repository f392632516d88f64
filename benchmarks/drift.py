"""How soon `scrubber drift` finds a redesign, and how often it cries wolf, on sites that do not exist.

    python benchmarks/drift.py [--sites N] [--steady N] [--tagger]

Each site has a baseline of 100 pages. Half the sites are read as text, half as HTML. A redesign comes after 50 more
pages: it is found in time if the alarm comes within 20 pages of it, and not before it. A steady site keeps its design
for 1,000 pages more: every alarm is a false one. Nothing of this was used to set the constants of `scrubber.drift`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from statistics import median

from _tables import follow, table

from scrubber import Cleaner, Result
from scrubber.drift import Watch, record
from scrubber.testing.made_up_sites import MadeUpSite, made_up_site

BASELINE = 100  # pages
BEFORE = 50  # pages of the old design that are watched
WITHIN = 20  # pages of the new design
STEADY = 1_000  # pages
FIRST_STEADY = 10_000  # number of the first site that keeps its design


def results(site: MadeUpSite, cleaner: Cleaner, start: int, count: int) -> Iterator[Result]:
    """Yield the results of some pages of a site, as text or as HTML."""
    html = site.seed % 2 == 1
    return cleaner.clean_many(page.html if html else page.text for page in site.pages(count, start))


def watched(site: MadeUpSite, cleaner: Cleaner, count: int) -> tuple[int | None, Watch]:
    """Return the number of the page that raised the first alarm, None without one, and the watch."""
    watch = Watch(record(list(results(site, cleaner, 0, BASELINE))))
    alarms = [number for number, result in enumerate(results(site, cleaner, BASELINE, count)) if watch.add(result)]
    return (alarms[0] if alarms else None), watch


def redesigns(count: int, cleaner: Cleaner) -> list[list[object]]:
    """Return a row on sites with a redesign."""
    delays, off, early = [], [], 0
    for seed in follow(range(count), "redesigns"):
        alarm, watch = watched(made_up_site(seed, redesign_at=BASELINE + BEFORE), cleaner, BEFORE + WITHIN)
        early += alarm is not None and alarm < BEFORE
        if alarm is not None and alarm >= BEFORE:
            delays.append(alarm - BEFORE + 1)
            off.append(abs((watch.began() or 0) - BEFORE))
    longest, middle = (max(delays), median(delays)) if delays else ("-", "-")
    return [[count, f"{len(delays)}/{count}", early, middle, longest, max(off, default="-")]]


def steady(count: int, cleaner: Cleaner) -> list[list[object]]:
    """Return a row on sites that stay as they are."""
    alarms = [
        watched(made_up_site(FIRST_STEADY + seed), cleaner, STEADY)[0] for seed in follow(range(count), "steady sites")
    ]
    return [[count, count * STEADY, sum(alarm is not None for alarm in alarms)]]


def main() -> None:
    """Print two tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--sites", type=int, default=100, metavar="N", help="sites with a redesign (%(default)s)")
    parser.add_argument("--steady", type=int, default=40, metavar="N", help="sites without (%(default)s)")
    parser.add_argument("--tagger", action="store_true", help="with the tagger; rules alone by default")
    options = parser.parse_args()
    cleaner = Cleaner(bundled=False, installed=False, tagger=options.tagger)
    head = [
        "sites",
        f"found within {WITHIN} pages",
        "alarms before it",
        "median pages",
        "most pages",
        "start off by at most",
    ]
    print(f"\n## Redesigns\n\n{table(head, redesigns(options.sites, cleaner))}", flush=True)
    print(
        f"\n## Steady sites\n\n{table(['sites', 'pages', 'false alarms'], steady(options.steady, cleaner))}", flush=True
    )


if __name__ == "__main__":
    main()
