"""Title, author and date of HTML pages against their references, beside trafilatura on the same pages.

    python benchmarks/metadata.py [--sample N] [--wrong FIELD]

References are counted three ways, and the share of them that a tool gives exactly is printed for each: where the page
shows them as a text of its own (the whole text of an element, as titles and names in bylines are), where they occur in
its visible text at all, and where they do there or in its title and meta elements or scripts. A date is looked for in
the ways that `ways_to_write` knows. Both tools are told the address. Nothing here is fitted, so there are no folds.
"Date without reference" is the share of pages whose set knows no date that get one: mostly inventions.
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
from selectolax.lexbor import LexborHTMLParser

from scrubber import Cleaner
from scrubber.decode import decode

SETS = ("wcxb", "news")
FIELDS = ("title", "author", "date")
QUOTES = str.maketrans("’‘‚“”„«»‐‑‒–—\u00a0", '\'\'\'"""""-----\u0020')
SEVERAL = re.compile(r"\s*(?:;|,(?: and | & )?|&|/|\||\band\b|\bund\b|\bet\b|\by\b|\bog\b|\boch\b)\s*", re.IGNORECASE)
TAG = re.compile(r"<(?!meta|script)[^>]{0,2000}>", re.IGNORECASE)
UNSEEN = ["head", "script", "style", "template"]
OWN_CHARS = 1_000
"""Characters. The text of an element that is longer is no title and no name, whole as it may be."""

SHOWN = {"own": "as a text of its own", "visible": "in its visible text", "stated": "there or in what it states"}
"""Where a page may show a reference, the narrowest first; each includes those before."""

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


def shown(page: Reference) -> dict[str, dict[str, bool]]:
    """Tell for each of `SHOWN` which references the page shows there."""
    markup = decode(page.html).text
    own, visible = texts_of(markup)
    stated = fold(unescape(TAG.sub(" ", unescape(markup.replace("\\/", "/")))))
    grounds = {"own": own, "visible": visible, "stated": f"{visible} {stated}"}
    return {ground: occurring(page, texts) for ground, texts in grounds.items()}


def texts_of(markup: str) -> tuple[set[str], str]:
    """Return the folded texts of a page's elements, and its visible text: with inline elements apart, and together."""
    parser = LexborHTMLParser(markup)
    parser.strip_tags(UNSEEN)
    if parser.body is None:
        return set(), ""
    texts = [(element.text(separator=" "), element.text()) for element in parser.body.css("*")]
    own = {fold(text) for pair in texts for text in pair if len(text) <= OWN_CHARS}
    return own, fold(f"{parser.body.text(separator=' ')} {parser.body.text()}")


def occurring(page: Reference, texts: set[str] | str) -> dict[str, bool]:
    """Tell which references are among some texts, or in a text."""
    return {
        "title": page.title is not None and fold(page.title) in texts,
        "author": bool(page.authors) and all(name in texts for name in page.authors),
        "date": any(way in texts for day in page.dates for way in ways_to_write(day)),
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
    """Print one set's tables: the share of references that each tool gives exactly, inventions and time."""
    visible = [shown(page) for page in follow(pages, f"{data}: references")]
    exact: dict[str, list[dict[str, bool]]] = {}
    costs = []
    for name, ask in TOOLS.items():
        started = time.process_time()
        found = [ask(page) for page in follow(pages, f"{data}: {name}")]
        spent = (time.process_time() - started) / len(pages)
        exact[name] = [right(page, fields) for page, fields in zip(pages, found, strict=True)]
        undated = [fields["date"] is not None for page, fields in zip(pages, found, strict=True) if not page.dates]
        invented = sum(undated) / len(undated) if undated else float("nan")
        costs.append([name, percent(invented), f"{1000 * spent:.1f}"])
        if wrong and name == "scrubber":
            fine = [mark[wrong] or not seen["stated"][wrong] for mark, seen in zip(exact[name], visible, strict=True)]
            show_wrong(pages, found, fine, wrong)
    rows = [
        [where, name, *(share(marks, [seen[ground] for seen in visible], field) for field in FIELDS)]
        for ground, where in SHOWN.items()
        for name, marks in exact.items()
    ]
    print(f"\n## {data}-tune\n\n{table(['the page shows it', 'tool', *FIELDS], rows)}")
    print(f"\n{table(['', 'date without reference', 'ms a page'], costs)}")


def share(marks: Iterable[dict[str, bool]], visible: Iterable[dict[str, bool]], field: str) -> str:
    """Return the share of the references shown that were found, and of how many."""
    chosen = [mark[field] for mark, seen in zip(marks, visible, strict=True) if seen[field]]
    return f"{percent(sum(chosen) / len(chosen))} of {len(chosen)}" if chosen else "-"


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
