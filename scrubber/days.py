"""Days as pages and headers write them."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_YEAR_FIRST = re.compile(r"\s*(\d{4})([-/]?)(\d\d)\2(\d\d)(?!\d)")
_DAY_FIRST = re.compile(rf"\s*(?:[a-z]{{3}},\s*)?(\d{{1,2}}) ({'|'.join(MONTHS)})[a-z]* (\d{{4}})(?!\d)", re.IGNORECASE)


def read_day(text: str | None) -> date | None:
    """Return the day that a text begins with: year first as in ISO 8601, or with an English month as in mail headers.

    None where it begins with neither, or there is no such day.

    >>> read_day("2021-05-12T08:00:00Z"), read_day("Wed, 12 May 2021 08:00:00 GMT"), read_day("5/12/2021")
    (datetime.date(2021, 5, 12), datetime.date(2021, 5, 12), None)
    """
    if found := _YEAR_FIRST.match(text or ""):
        year, month, day = int(found[1]), int(found[3]), int(found[4])
    elif found := _DAY_FIRST.match(text or ""):
        year, month, day = int(found[3]), MONTHS.index(found[2].lower()) + 1, int(found[1])
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def as_day(value: date | None) -> date | None:
    """Return the day of a date, of a point in time too.

    Raises:
        TypeError: it is neither, such as a text.
    """
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    raise TypeError(f"a page's date is a datetime.date, not {type(value).__name__}; see date.fromisoformat")


def day_from(value: Any) -> date | None:
    """Return the day that a field of a record names: a date, a point in time, or a text that `read_day` can read.

    None for all else, such as a number or what tables hold for a value that is missing.

    >>> day_from("2021-05-12 08:00"), day_from(datetime(2021, 5, 12, 8)), day_from(1620806400)
    (datetime.date(2021, 5, 12), datetime.date(2021, 5, 12), None)
    """
    if isinstance(value, str):
        return read_day(value)
    try:
        return as_day(value)
    except (TypeError, ValueError):  # pandas' NaT is a point in time that has no day
        return None
