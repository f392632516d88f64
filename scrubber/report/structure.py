"""What the kept lines of a result are parts of: headings, lists, tables, code, quotes.

The page's own elements say it where there are any; a line's label does for flattened text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from scrubber.model import Decision, Label, Result

BAR = " | "
"""What stands between the cells of a row of data."""

CODE_CHARS = 300
"""Characters. A longer line in `pre` is prose: nobody writes code that wide."""

LIST_DEPTH = 6
"""Levels of lists in each other that are told apart."""

_BULLET = re.compile(r"[•·‣▪▫■●○◦*→►✓–—-][ \u00a0]+(?=\S)")
_NUMBER = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


class Line(NamedTuple):
    """A kept line: its text, and how deep it stands: the level of a heading (1 to 6), the depth of a list (from 1)."""

    text: str
    depth: int = 0
    ordered: bool = False
    header: bool = False


class Part(NamedTuple):
    """Lines that belong together. `kind` is heading, paragraph, list, table, code or quote."""

    kind: str
    lines: tuple[Line, ...]


def parts(result: Result) -> Iterator[Part]:
    """Yield the article's parts in order, without a line that only repeats the title."""
    kept = [one for one in result.lines if one.kept and one.text.strip()]
    shown = [one for one in kept if not (one.label == Label.TITLE and one.text.strip() == result.title)]
    described = [(_kind(one), one) for one in shown]
    for kind, run in groupby(described, key=lambda pair: pair[0]):
        decisions = [one for _, one in run]
        if kind in ("heading", "paragraph"):
            yield from (Part(kind, (_line(kind, one),)) for one in decisions)
        elif kind == "code":
            yield Part(kind, tuple(_rows_of_code(result.page_text if decisions[0].path else "", decisions)))
        else:
            yield Part(kind, tuple(_line(kind, one) for one in decisions))


def cells(line: Line) -> list[str]:
    """Return the cells of a row of data; empty ones as "".

    >>> cells(Line("| Pier | | Depth"))
    ['', 'Pier', '', 'Depth']
    """
    return [cell.strip() for cell in line.text.split("|")]


def _kind(decision: Decision) -> str:
    steps = _steps(decision)
    if not steps:
        return _BY_LABEL.get(decision.label, "paragraph")
    last = steps[-1]
    if ("pre" in steps or "listing" in steps) and len(decision.text) <= CODE_CHARS:
        return "code"
    if last in _HEADINGS:
        return "heading"
    if last in ("td", "th") and BAR in decision.text:
        return "table"
    if "li" in steps:
        return "list"
    return "quote" if "blockquote" in steps else _BY_LABEL.get(decision.label, "paragraph")


_BY_LABEL: dict[str, str] = {
    Label.SUBHEADING: "heading",
    Label.LIST_ITEM: "list",
    Label.CODE: "code",
    Label.QUOTE: "quote",
}


def _steps(decision: Decision) -> list[str]:
    return decision.path.split("/") if decision.path else []


def _line(kind: str, decision: Decision) -> Line:
    text, steps = decision.text.strip(), _steps(decision)
    if kind == "heading":
        return Line(text, max(_HEADINGS.get(steps[-1], 2), 2) if steps else 2)
    if kind == "table":
        return Line(text, header=steps[-1] == "th")
    if kind == "list":
        return _item(text, steps)
    return Line(text)


def _item(text: str, steps: list[str]) -> Line:
    """Return an item without its sign. A number counts only where no element says that the list is ordered."""
    lists = [step for step in steps if step in ("ul", "ol")]
    depth = min(max(len(lists), 1), LIST_DEPTH)
    if lists:
        return Line(_BULLET.sub("", text, count=1), depth, ordered=lists[-1] == "ol")
    return Line(text if _NUMBER.match(text) else _BULLET.sub("", text, count=1), depth)


def _rows_of_code(source: str, decisions: list[Decision]) -> Iterator[Line]:
    """Yield rows with their indentation, and the blank ones between them."""
    end = decisions[0].start
    for decision in decisions:
        between = source[end : decision.start]
        yield from [Line("")] * (1 if between.strip() else between.count("\n") - 1)
        row = source[decision.start : decision.end]
        yield Line(row[: len(row) - len(row.lstrip(" \t"))] + decision.text.strip())
        end = decision.end
