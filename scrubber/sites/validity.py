"""Periods of time: a site's design, and a rule for it, may hold from one day until another.

There is no clock in this: what counts is the day that the page is from, or that nobody knows it.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol


class Dated(Protocol):
    """What holds from a day until a day, both included; None where that end is open."""

    @property
    def valid_from(self) -> date | None:
        """The first day, None for ever before."""
        ...

    @property
    def valid_until(self) -> date | None:
        """The last day, None for ever after."""
        ...


def is_valid(dated: Dated, day: date | None) -> bool:
    """Tell whether something holds on a day. On a day that is not known, it does where its period has no end."""
    if day is None:
        return dated.valid_until is None
    return (dated.valid_from or date.min) <= day <= (dated.valid_until or date.max)


def overlaps(one: Dated, other: Dated) -> bool:
    """Tell whether there is a day on which both hold."""
    starts = max(one.valid_from or date.min, other.valid_from or date.min)
    return starts <= min(one.valid_until or date.max, other.valid_until or date.max)


def period(dated: Dated) -> str:
    """Return a period in words, "" where both ends are open.

    >>> from types import SimpleNamespace
    >>> period(SimpleNamespace(valid_from=date(2021, 3, 1), valid_until=None))
    'from 2021-03-01'
    """
    ends = (("from", dated.valid_from), ("until", dated.valid_until))
    return " ".join(f"{word} {day.isoformat()}" for word, day in ends if day)
