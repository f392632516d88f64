"""Title, author and date of HTML pages against their references, beside trafilatura on the same pages.

    python benchmarks/metadata.py [--sample N] [--wrong FIELD]

A reference counts where the page shows it: in its visible text, its title or meta elements, or its JSON-LD; a date in
one of the ways that `ways_to_write` knows. Both tools are told the address. Nothing here is fitted, so there are no
folds. "Date without reference" is the share of pages whose set knows no date that get
one: mostly inventions.
"""

from __future__ import annotations

import argparse
import re
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any

from _data import DATA
from _tables import follow, percent, table

from scrubber import Cleaner
from scrubber.decode import decode

SETS = ("wcxb", "news")
FIELDS = ("title", "author", "date")
QUOTES = str.maketrans("’‘‚“”„«»‐‑‒–—\u00a0", '\'\'\'"""""-----\u0020')
SEVERAL = re.compile(r"\s*(?:;|,(?: and | & )?|&|/|\||\band\b|\bund\b|\bet\b|\by\b)\s*", re.IGNORECASE)
TAG = re.compile(r"<(?!meta|script)[^>]{0,2000}>", re.IGNORECASE)

Fields = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Reference:
    """One page and what its set says of it; `dates` are the days that are right, in its own time zone and in UTC."""

    url: str
    html: bytes
    title: str | None
    authors: tuple[str, ...]
    dates: tuple[str, ...]


def load(data: str) -> list[Reference]:
    """Read the references of a set."""
    import pyarrow.parquet as pq

    return [reference(row) for row in pq.read_table(DATA / f"{data}-tune.parquet").to_pylist()]


def reference(row: dict[str, Any]) -> Reference:
    """Return a row's reference; an author that names several is several."""
    authors = row["authors"] if "authors" in row else SEVERAL.split(row["author"] or "")
    date = row.get("publishing_date") or row.get("publish_date")
    names = tuple(filter(None, (fold(name) for name in authors or ())))
    return Reference(row["url"], row["html"], row["title"] or None, names, days(date))


def days(date: Any) -> tuple[str, ...]:
    """Return the day of a date as written, and in UTC where it has a time zone.

    >>> days("2025-06-28 23:30:00-02:00")
    ('2025-06-28', '2025-06-29')
    """
    if not date:
        return ()
    try:
        moment = datetime.fromisoformat(str(date))
    except ValueError:  # a month or a year alone: no day to compare with
        return ()
    universal = moment.astimezone(UTC) if moment.tzinfo else moment
    return tuple(dict.fromkeys(day.date().isoformat() for day in (moment, universal)))


def fold(text: str) -> str:
    """Return text without what two ways of writing one title differ in: blanks, case, shape of quotes and dashes.

    >>> fold("The  Mayor’s Bridge")
    "the mayor's bridge"
    """
    return " ".join(unicodedata.normalize("NFC", text).translate(QUOTES).casefold().split())


MONTHS = "january february march april may june july august september october november december".split()  # noqa: SIM905


def ways_to_write(day: str) -> list[str]:
    """Return how pages write a day, folded.

    >>> ways_to_write("2021-05-04")[:4]
    ['2021-05-04', '2021/05/04', '2021.05.04', '20210504']
    """
    year, month, date = day.split("-")
    name = MONTHS[int(month) - 1]
    figures = [(date, month), (date.lstrip("0"), month.lstrip("0"))]
    numeric = [sep.join((one, two, year)) for d, m in figures for one, two in ((d, m), (m, d)) for sep in "./-"]
    short = date.lstrip("0")
    worded = [
        f"{word} {d}{mark} {year}"
        for word in (name, name[:3], f"{name[:3]}.")
        for d in (date, short)
        for mark in (",", "")
    ]
    worded += [f"{d} {word} {year}" for word in (name, name[:3], f"{name[:3]}.") for d in (date, short)]
    return [day, day.replace("-", "/"), day.replace("-", "."), day.replace("-", ""), *numeric, *worded]


def shown(page: Reference) -> dict[str, bool]:
    """Tell which references the page shows at all."""
    text = fold(unescape(TAG.sub(" ", unescape(decode(page.html).text.replace("\\/", "/")))))
    return {
        "title": page.title is not None and fold(page.title) in text,
        "author": bool(page.authors) and all(name in text for name in page.authors),
        "date": any(way in text for day in page.dates for way in ways_to_write(day)),
    }


def right(page: Reference, found: Fields) -> dict[str, bool]:
    """Tell which fields are exactly the reference's: the title, all authors and no other, the day."""
    names = {fold(name) for name in SEVERAL.split(found["author"] or "")} - {""}
    return {
        "title": page.title is not None and fold(found["title"] or "") == fold(page.title),
        "author": names == set(page.authors),
        "date": (found["date"] or "")[:10] in page.dates,
    }


def by_scrubber(page: Reference) -> Fields:
    """Ask scrubber."""
    result = CLEANER.clean(page.html, url=page.url, content_type="text/html")
    return {"title": result.title, "author": result.byline, "date": result.date}


def by_trafilatura(page: Reference) -> Fields:
    """Ask trafilatura for its metadata alone."""
    from trafilatura.metadata import extract_metadata

    found = extract_metadata(page.html, default_url=page.url)
    return {"title": found.title, "author": found.author, "date": found.date} if found else dict.fromkeys(FIELDS)


CLEANER = Cleaner(bundled=False, installed=False, tagger=False)
TOOLS: dict[str, Callable[[Reference], Fields]] = {"scrubber": by_scrubber, "trafilatura": by_trafilatura}


def report(data: str, pages: Sequence[Reference], wrong: str | None) -> None:
    """Print one set's table: the share of shown references that each tool gives exactly."""
    visible = [shown(page) for page in pages]
    rows = []
    for name, ask in TOOLS.items():
        started = time.process_time()
        found = [ask(page) for page in follow(pages, f"{data}: {name}")]
        spent = (time.process_time() - started) / len(pages)
        marks = [right(page, fields) for page, fields in zip(pages, found, strict=True)]
        exact = [percent(share(marks, visible, field)) for field in FIELDS]
        undated = [fields["date"] is not None for page, fields in zip(pages, found, strict=True) if not page.dates]
        invented = sum(undated) / len(undated) if undated else float("nan")
        rows.append([name, *exact, percent(invented), f"{1000 * spent:.1f}"])
        if wrong and name == "scrubber":
            show_wrong(
                pages, found, [mark[wrong] or not seen[wrong] for mark, seen in zip(marks, visible, strict=True)], wrong
            )
    counts = [f"{field} ({sum(seen[field] for seen in visible)})" for field in FIELDS]
    print(f"\n## {data}-tune\n\n{table(['', *counts, 'date without reference', 'ms a page'], rows)}")


def share(marks: Iterable[dict[str, bool]], visible: Iterable[dict[str, bool]], field: str) -> float:
    """Return the share of the references shown that were found."""
    chosen = [mark[field] for mark, seen in zip(marks, visible, strict=True) if seen[field]]
    return sum(chosen) / len(chosen) if chosen else float("nan")


def show_wrong(pages: Sequence[Reference], found: Sequence[Fields], fine: Sequence[bool], field: str) -> None:
    """List the pages whose field is wrong: the reference, what was found, the address."""
    for page, fields, well in zip(pages, found, fine, strict=True):
        if not well:
            wanted = {"title": page.title, "author": page.authors, "date": page.dates}[field]
            print(f"{wanted!r}\t{fields[field]!r}\t{page.url}")


def main() -> None:
    """Print a table for each set."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--sample", type=int, metavar="N", help="pages of each set, the first ones (all)")
    parser.add_argument("--wrong", choices=FIELDS, help="list the pages on which this field is wrong")
    options = parser.parse_args()
    for data in SETS:
        report(data, load(data)[: options.sample], options.wrong)


if __name__ == "__main__":
    main()
