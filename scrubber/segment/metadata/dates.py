"""The day of publication: JSON-LD, meta elements, marked times, the address, then the lines near the heading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from scrubber.segment.metadata.statements import Statements, clean

DATE_KEYS = ("datePublished", "dateCreated", "uploadDate")
DATE_META = (
    "article:published_time",
    "article:published",
    "og:published_time",
    "og:article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "citation_publication_date",
    "citation_date",
    "parsely-pub-date",
    "pubdate",
    "publish-date",
    "publication_date",
    "sailthru.date",
)
CHANGED_META = ("article:modified_time", "og:updated_time", "datemodified", "last-modified")
MARKED = '[itemprop~="datePublished"], [itemprop~="dateCreated"], time[pubdate]', "time"

OLDEST, NEWEST = datetime(1993, 1, 1), datetime(2100, 1, 1)
"""Days that a page can be from: the Web's. The clock is not looked at, so that results stay the same."""

DAY_FIRST = frozenset({"GB", "AU", "NZ", "IE", "IN", "ZA", "SG", "HK", "MY", "NG", "KE", "PK"})
"""Countries that write English and the day before the month."""

CENTURY = 2_000
"""What a year of two digits stands in: the Web's earlier ones are few."""

MAX_MARKED = 3
"""Time elements that are looked at; the first ones belong to the article, later ones to others and to comments."""

DATE_CHARS = 60
"""Characters in which a date is looked for, of a line or a statement; it stands first, or behind a name."""

_ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?!\d)")
_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d\d)(?![\d/-])")
_FIGURES = re.compile(r"\d+")
_IN_ADDRESS = re.compile(r"/(\d{4})/(\d\d?)/(\d\d?)(?:/|$|\D)|[/_-](\d{4})-(\d\d)-(\d\d)(?!\d)")


def find_date(said: Statements, marked: Iterable[str], near: Sequence[str]) -> str | None:
    """Return the day of publication, YYYY-MM-DD; None where none is found.

    `near` are the lines around the heading. A day of change counts only where none of publication is known.
    """
    month_first = _writes_month_first(said.language)
    days = (read_day(text[:DATE_CHARS], month_first=month_first) for text in _candidates(said, marked, near))
    found, address = next((day for day in days if day), None), _day_in(said.path)
    return address if address and found and _is_next_to(found, address) else found


def _day_in(path: str) -> str | None:
    """Return the day in an address, such as /2021/05/04/bridge."""
    found = _IN_ADDRESS.search(path)
    return _valid(*(int(part) for part in found.groups() if part)) if found else None


def _is_next_to(day: str, other: str) -> bool:
    """Tell whether two days touch: one is that of the site's own time zone, the other that of Greenwich."""
    return abs(date.fromisoformat(day) - date.fromisoformat(other)) <= timedelta(days=1)


def _writes_month_first(language: str | None) -> bool:
    """Tell whether 05/04/2021 is a day in May: in English, but for the countries that write the day first.

    >>> [_writes_month_first(language) for language in ("en", "en-US", "en-GB", "de", None)]
    [True, True, False, False, False]
    """
    name, _, country = (language or "").replace("_", "-").partition("-")
    return name.lower() == "en" and country.upper() not in DAY_FIRST


def _candidates(said: Statements, marked: Iterable[str], near: Iterable[str]) -> Iterator[str]:
    for key in DATE_KEYS:
        yield from _texts(thing.get(key) for thing in said.things)
    yield from _texts(map(said.metas.get, DATE_META))
    yield from marked
    yield _day_in(said.path) or ""
    yield from (line for line in near if any(map(str.isdigit, line[:DATE_CHARS])))
    yield from _texts(thing.get("dateModified") for thing in said.things)
    yield from _texts(map(said.metas.get, CHANGED_META))


def marked_days(parser: Any) -> Iterator[str]:
    """Yield what the first elements say that are marked as a time."""
    for selector in MARKED:
        for element in parser.css(selector)[:MAX_MARKED]:
            attributes = element.attributes
            yield attributes.get("datetime") or attributes.get("content") or element.text()


def _texts(values: Iterable[Any]) -> Iterator[str]:
    return (text for text in map(clean, values) if text)


def read_day(text: str, *, month_first: bool = False) -> str | None:
    """Return the first day that a text names, YYYY-MM-DD; None where it names none.

    >>> read_day("2021-05-04T23:30:00+02:00"), read_day("Updated May 4th, 2021 by Jane"), read_day("4 pages")
    ('2021-05-04', '2021-05-04', None)
    >>> read_day("5/4/2021", month_first=True), read_day("5/4/2021"), read_day("5/24/2021")
    ('2021-05-04', '2021-04-05', '2021-05-24')
    """
    if found := _ISO_DAY.search(text):
        return _valid(*map(int, found.groups()))
    if found := _NUMERIC.search(text):
        one, other, year = int(found[1]), int(found[3]), int(found[4]) + CENTURY * (len(found[4]) == len("21"))
        first = month_first and found[2] == "/"
        return _valid(year, *((one, other) if first else (other, one))) or _valid(
            year, *((other, one) if first else (one, other))
        )
    from htmldate.extractors import custom_parse  # noqa: PLC0415 - most pages state their date as above

    day: str | None = custom_parse(text, "%Y-%m-%d", OLDEST, NEWEST)
    return day if day and _is_named(day, text) else None


def _is_named(day: str, text: str) -> bool:
    """Tell whether a text has the year and the day of the month: a parser takes from the clock what it is not told.

    >>> _is_named("2021-05-04", "May 4th, '21"), _is_named("2021-05-04", "May 2021")
    (True, False)
    """
    year, _, date = map(int, day.split("-"))
    figures = list(map(int, _FIGURES.findall(text)))
    if date not in figures:
        return False
    figures.remove(date)
    return year in figures or year % 100 in figures


def _valid(year: int, month: int, day: int) -> str | None:
    try:
        moment = datetime(year, month, day)
    except ValueError:
        return None
    return moment.date().isoformat() if OLDEST <= moment < NEWEST else None
