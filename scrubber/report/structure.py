"""What the kept lines of a result are parts of: headings, lists, tables, code, quotes.

The page's own elements say it where there are any; a line's label does for flattened text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from scrubber.model import BAR, CELLS, HEADING_RANKS, Decision, Label, Link, Result

ROW = "line"
"""What `Decision.follows` says of a line that only a line break sets apart from the one above: verse, an address."""

BLOCK = "item"
"""What it says of a further block of the same list item."""

CODE_CHARS = 300
"""Characters. A longer line in `pre` is prose: nobody writes code that wide."""

LIST_DEPTH = 6
"""Levels of lists in each other that are told apart."""

_BULLET = re.compile(r"[•·‣▪▫■●○◦*→►✓–—-][ \u00a0]+(?=\S)")
_NUMBER = re.compile(r"(\d{1,9})([.)])(?=\s|$)")


class Line(NamedTuple):
    """A kept line: its text, and how deep it stands: the level of a heading (1 to 6), the depth of a list (from 1).

    `follows` is `ROW` for a further row of what the line above is, `BLOCK` for a further block of its list item.
    """

    text: str
    depth: int = 0
    ordered: bool = False
    header: bool = False
    links: tuple[Link, ...] = ()
    follows: str = ""

    def cut(self, start: int, end: int | None = None) -> Line:
        """Return the line with a stretch of its text only, and the links that stand in that."""
        text = self.text[start:end]
        moved = [(max(link.start - start, 0), min(link.end - start, len(text)), link.href) for link in self.links]
        return self._replace(text=text, links=tuple(Link(*link) for link in moved if link[0] < link[1]))

    def stripped(self) -> Line:
        """Return the line without the blanks around its text."""
        return self.cut(len(self.text) - len(self.text.lstrip()), len(self.text.rstrip()))

    def runs(self) -> Iterator[tuple[str, str | None]]:
        """Yield the text in pieces, each with where it leads; None where it is no link."""
        end = 0
        for link in self.links:
            if end < link.start:
                yield self.text[end : link.start], None
            yield self.text[link.start : link.end], link.href
            end = link.end
        if end < len(self.text):
            yield self.text[end:], None


class Part(NamedTuple):
    """Lines that belong together. `kind` is heading, paragraph, list, table, code or quote."""

    kind: str
    lines: tuple[Line, ...]


def parts(result: Result) -> Iterator[Part]:
    """Yield the article's parts in order, without a line that only repeats the title."""
    described = [(_kind(one), one) for one in _shown(result)]
    for kind, run in groupby(described, key=lambda pair: pair[0]):
        decisions = [one for _, one in run]
        if kind in ("heading", "paragraph"):
            yield from (Part(kind, lines) for lines in paragraphs(_line(kind, one, result) for one in decisions))
        elif kind == "code":
            yield Part(kind, tuple(_rows_of_code(result.page_text if decisions[0].path else "", decisions)))
        else:
            yield Part(kind, tuple(_line(kind, one, result) for one in decisions))


def _shown(result: Result) -> Iterator[Decision]:
    """Yield the lines that are written, each of which goes on from another only where that is written too."""
    above = begun = False
    for one in result.lines:
        if not one.text.strip():
            continue
        begun = begun and one.follows in (ROW, BLOCK)
        goes_on = above if one.follows == ROW else begun
        above = one.kept and not (one.label == Label.TITLE and one.text.strip() == result.title)
        begun = begun or above
        if above:
            yield one if goes_on else one._replace(follows="")


def paragraphs(lines: Iterable[Line]) -> Iterator[tuple[Line, ...]]:
    """Yield lines with the rows that follow them.

    >>> [len(rows) for rows in paragraphs([Line("Roses,"), Line("violets.", follows=ROW), Line("Thus he wrote.")])]
    [2, 1]
    """
    rows: list[Line] = []
    for line in lines:
        if rows and line.follows != ROW:
            yield tuple(rows)
            rows = []
        rows.append(line)
    if rows:
        yield tuple(rows)


def cells(line: Line) -> list[Line]:
    """Return the cells of a row of data; empty ones too.

    >>> [cell.text for cell in cells(Line("| Pier | | Depth"))]
    ['', 'Pier', '', 'Depth']
    """
    starts = [0, *(bar.end() for bar in re.finditer(r"\|", line.text))]
    ends = [*(start - 1 for start in starts[1:]), len(line.text)]
    return [line.cut(start, end).stripped() for start, end in zip(starts, ends, strict=True)]


def _links(result: Result, decision: Decision) -> Iterator[Link]:
    """Yield the links of a stretch, as characters of its text."""
    first = bisect_left(result.links, decision.start, key=lambda link: link.end)
    for link in result.links[first : bisect_left(result.links, decision.end, key=lambda link: link.start)]:
        start, end = (_place(result, decision, position) for position in (link.start, link.end))
        if start < end:
            yield Link(start, end, link.href)


def _place(result: Result, decision: Decision, position: int) -> int:
    """Return where a position in the source lies in a stretch's text, which was repaired; behind a repair over it."""
    low = bisect_left(result.repairs, decision.start, key=lambda repair: repair.start)
    high = bisect_left(result.repairs, position, key=lambda repair: repair.start)
    steps = result.repairs[low:high]
    behind = max([position, *(step.end for step in steps[-1:])])
    grown = sum(len(step.after) - len(step.before) for step in steps)
    return min(max(behind - decision.start + grown, 0), len(decision.text))


def _kind(decision: Decision) -> str:
    steps = _steps(decision)
    if not steps:
        return _BY_LABEL.get(decision.label, "paragraph")
    last = steps[-1]
    if ("pre" in steps or "listing" in steps) and len(decision.text) <= CODE_CHARS:
        return "code"
    if last in HEADING_RANKS:
        return "heading"
    if last in CELLS and BAR in decision.text:
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


def _line(kind: str, decision: Decision, result: Result) -> Line:
    whole = Line(decision.text, links=tuple(_links(result, decision)), follows=decision.follows)
    line, steps = whole.stripped(), _steps(decision)
    if kind == "heading":
        return line._replace(depth=max(HEADING_RANKS.get(steps[-1], 2), 2) if steps else 2)
    if kind == "table":
        return line._replace(header=steps[-1] == "th")
    return _item(line, steps) if kind == "list" else line


def _item(line: Line, steps: list[str]) -> Line:
    """Return an item without its sign. A number counts only where no element says that the list is ordered."""
    lists = [step for step in steps if step in ("ul", "ol")]
    item = line._replace(depth=min(max(len(lists), 1), LIST_DEPTH), ordered=bool(lists) and lists[-1] == "ol")
    if not lists and _NUMBER.match(line.text):
        return item
    bullet = _BULLET.match(line.text)
    return item.cut(bullet.end()) if bullet else item


def _rows_of_code(source: str, decisions: list[Decision]) -> Iterator[Line]:
    """Yield rows with their indentation, and the blank ones between them."""
    end = decisions[0].start
    for decision in decisions:
        between = source[end : decision.start]
        yield from [Line("")] * (1 if between.strip() else between.count("\n") - 1)
        row = source[decision.start : decision.end]
        yield Line(row[: len(row) - len(row.lstrip(" \t"))] + decision.text.strip())
        end = decision.end
