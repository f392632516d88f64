"""What a page shows of itself at its head: its headings, and the lines around the first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

TITLE_BLANKS = 2
"""Blanks that a title has at least, where only the title element speaks for it; a site's name has fewer."""

LINES_ABOVE, LINES_BELOW = 4, 14
"""Lines around the heading that are searched for author and date: breadcrumbs above, a byline and a lead below."""

SHORT_LINES_BELOW = 60
"""Lines below the heading of which the short ones are searched too: in threads the first post stands lower."""

SHORT_LINE = 30
"""Characters of such a line: room for a date and a time, hardly for a sentence with a date in it."""


class Head(NamedTuple):
    """The texts of a page's headings of the first rank, and the lines near the first, in order."""

    headings: Sequence[str] = ()
    near: Sequence[str] = ()


def read_head(lines: Sequence[str], paths: Sequence[str], name: str | None) -> Head:
    """Return the head of a page.

    Args:
        lines: the page's lines in order.
        paths: for each its path in the DOM, such as `main/h1`.
        name: what the title element says: it tells the heading where none is marked as such.

    >>> read_head(["Home", "Bridge", "closed", "By Ada"], ["nav/a", "h1", "h1/span", "p"], None)
    Head(headings=['Bridge closed'], near=['Home', 'Bridge', 'closed', 'By Ada'])
    """
    marked = groupby(range(len(lines)), key=lambda index: "h1" in paths[index] and "h1" in paths[index].split("/"))
    runs = [list(run) for is_heading, run in marked if is_heading]
    headings = [" ".join(lines[index] for index in run) for run in runs]
    if not headings and name and (named := _named_line(lines, name)):
        headings = [named]
    first = runs[0][0] if runs else lines.index(headings[0]) if headings else 0
    around = lines[max(first - LINES_ABOVE, 0) : first + LINES_BELOW]
    below = lines[first + LINES_BELOW : first + SHORT_LINES_BELOW]
    return Head(headings, [*around, *(line for line in below if len(line) <= SHORT_LINE)])


def _named_line(lines: Sequence[str], name: str) -> str | None:
    """Return the longest line that the title element begins with: the site's name stands behind the title."""
    begun = {line for line in lines if name.startswith(line) and line.count(" ") >= TITLE_BLANKS}
    return max(begun, key=len, default=None)
