"""What a page shows of itself at its head: its headings, and the lines around the first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from scrubber.model import Dom
from scrubber.segment.blocks import LINE

TITLE_BLANKS = 2
"""Blanks that a title has at least, where only the title element speaks for it; a site's name has fewer."""

LINES_ABOVE, LINES_BELOW = 4, 14
"""Lines around the heading that are searched for author and date: breadcrumbs above, a byline and a lead below."""

SHORT_LINES_BELOW = 60
"""Lines below the heading of which the short ones are searched too: in threads the first post stands lower."""

SHORT_LINE = 30
"""Characters of such a line: room for a date and a time, hardly for a sentence with a date in it."""

LOWER_RANKS = frozenset({"h2", "h3", "h4"})
"""Headings that pages give their title in whose h1 is the name of the site."""

BESIDE = frozenset({"nav", "aside", "footer"})
"""Landmarks whose headings are not those of the page's own text."""

MAX_LOWER = 500
"""Headings of lower ranks that are looked at; real pages have a few dozen."""

MAX_SIGNED = 3
"""Lines that are looked at of those that name an author far below the heading: of the page's own end, not of others."""

_SIGNED = re.compile(r"(?:this \w+ was )?written by .{,80}$", re.IGNORECASE)
"""A line that names the author wherever it stands."""


class Head(NamedTuple):
    """What a page shows of itself, each in the order of the page.

    Attributes:
        headings: the headings of the first rank.
        lower: those of lower ranks.
        near: the lines near the first heading.
        signed: lines further down that say by whom the page was written.
    """

    headings: Sequence[str] = ()
    lower: Sequence[str] = ()
    near: Sequence[str] = ()
    signed: Sequence[str] = ()


def read_head(lines: Sequence[str], doms: Sequence[Dom], name: str | None) -> Head:
    """Return the head of a page.

    Headings in navigation, side columns and footers do not count.

    Args:
        lines: the page's lines in order.
        doms: for each what the DOM says of it.
        name: what the title element says: it tells the heading where none is marked as such.

    >>> doms = [Dom(path, path.split("/")[-1], "", 0.0) for path in ("p", "h1", "p", "h2")]
    >>> read_head(["Home", "Bridge closed", "By Ada", "Piers"], doms, None)
    Head(headings=['Bridge closed'], lower=['Piers'], near=['Home', 'Bridge closed', 'By Ada', 'Piers'], signed=[])
    """
    places = [place for place, dom in enumerate(doms) if "h1" in dom.path and "h1" in dom.path.split("/")]
    own = [place for place in places if doms[place].landmark not in BESIDE and doms[place].block != "button"]
    named = None if places or not name else _named_line(lines, name)
    headings = [named] if named else _joined(lines, doms, own)
    lower = [
        line for line, dom in zip(lines, doms, strict=True) if dom.block in LOWER_RANKS and dom.landmark not in BESIDE
    ]
    first = places[0] if places else lines.index(named) if named else 0
    around = lines[max(first - LINES_ABOVE, 0) : first + LINES_BELOW]
    below = lines[first + LINES_BELOW : first + SHORT_LINES_BELOW]
    short = (line for line in below if len(line) <= SHORT_LINE)
    signed = [line for line in lines[first + LINES_BELOW :] if _SIGNED.match(line)]
    return Head(headings, lower[:MAX_LOWER], [*around, *short], signed[:MAX_SIGNED])


def _joined(lines: Sequence[str], doms: Sequence[Dom], places: Sequence[int]) -> list[str]:
    """Return the headings at some places; rows that a mere line break parts are one."""
    headings: list[str] = []
    for place in places:
        if headings and doms[place].follows == LINE:
            headings[-1] += f" {lines[place]}"
        else:
            headings.append(lines[place])
    return headings


def _named_line(lines: Sequence[str], name: str) -> str | None:
    """Return the longest line that the title element begins with: the site's name stands behind the title."""
    begun = {line for line in lines if name.startswith(line) and line.count(" ") >= TITLE_BLANKS}
    return max(begun, key=len, default=None)
