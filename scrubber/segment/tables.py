"""Tables of data: a row is one line, its cells set apart by bars. Tables that only lay a page out are left alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from scrubber.model import BAR, CELLS
from scrubber.segment.elements import Element

CELL_CHARS = 200
"""Characters. A longer cell is prose, and its table a layout."""

PARTS_CHARS = 80
"""Characters of a cell that has several lines, such as a name and its unit; more is a layout."""

LEAST = 2
"""Rows of a table of data, and filled cells of each; a menu is one row, a list one column."""

CELL_DEPTH = 8
"""Elements between a line and its cell in a table of data."""


class Row(NamedTuple):
    """One line as it was read: its text, the element it stands in, how many of its characters are linked, and how
    it goes on from the line above (see `Dom.follows`). The text is "" for a blank row of code."""

    text: str
    element: Element
    linked: int
    follows: str


class Table:
    """A table that is being read: where its rows begin, and its cells."""

    def __init__(self, start: int, layout: bool) -> None:
        self.start = start
        self.layout = layout
        self.nested = False
        self.cells: list[Element] = []

    def may_be_data(self) -> bool:
        """Tell whether its lines are worth a look."""
        return not self.nested and not self.layout and len(self.cells) >= LEAST * LEAST


def merged(table: Table, rows: Sequence[Row]) -> list[Row]:
    """Return a table's lines with one for each row; as they are where the table holds no data."""
    records = [list(record) for _, record in groupby(table.cells, key=lambda cell: cell.parent)]
    if len(records) < LEAST:
        return list(rows)
    lines: dict[Element, list[Row]] = {cell: [] for cell in table.cells}
    cells = [_cell(row) for row in rows]
    for row, cell in zip(rows, cells, strict=True):
        if cell in lines:
            lines[cell].append(row)
    if not _is_data(records, lines):
        return list(rows)
    whole = {cell: record for record in records for cell in record}
    made: list[Row] = []
    done: set[int] = set()
    for row, cell in zip(rows, cells, strict=True):
        if cell not in lines:
            made.append(row)
        elif id(whole[cell]) not in done:
            done.add(id(whole[cell]))
            made.append(_record(whole[cell], lines))
    return made


def _cell(row: Row) -> Element | None:
    """Return the cell of a line; None for one of a caption, or one that is hidden in its cell."""
    element: Element | None = row.element
    for _ in range(CELL_DEPTH):
        if element is None or (element.tag.name not in CELLS and element.tag.hidden):
            return None
        if element.tag.name in CELLS:
            return element
        element = element.parent
    return None


def _is_data(records: Sequence[Sequence[Element]], lines: dict[Element, list[Row]]) -> bool:
    wide = sum(sum(1 for cell in record if lines[cell]) >= LEAST for record in records)
    return wide >= LEAST and all(map(_is_short, lines.values()))


def _is_short(rows: Sequence[Row]) -> bool:
    return sum(len(row.text) for row in rows) <= (CELL_CHARS if len(rows) < LEAST else PARTS_CHARS)


def _record(record: Sequence[Element], lines: dict[Element, list[Row]]) -> Row:
    """Join the cells of a row. Empty ones keep their place, but for those at the end."""
    texts = [" ".join([row.text for row in lines[cell]]) for cell in record]
    linked = sum(row.linked for cell in record for row in lines[cell])
    filled = [cell for cell in record if lines[cell]]
    element = next((cell for cell in filled if cell.tag.name == "td"), filled[0])
    while not texts[-1]:
        texts.pop()
    return Row(" ".join(BAR.join(texts).split()), element, linked, "")
