"""labels.tsv: every stretch of a page that is not blank, with its label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from scrubber.model import BLANK, Decision, Label
from scrubber.testing.reading import CaseError, nearest, read_text

COLUMNS = ("line", "start", "end", "label", "text")

_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\r": "\\r", "\n": "\\n", "\x0b": "\\v", "\x0c": "\\f"}
_UNESCAPES = {escape[1]: character for character, escape in _ESCAPES.items()}


class Row(NamedTuple):
    """One labelled stretch: its line (from 1, lines end at LF), characters within that line, label, text."""

    line: int
    start: int
    end: int
    label: str
    text: str


def read_rows(path: Path) -> tuple[Row, ...]:
    """Read labels.tsv.

    Raises:
        CaseError: the head, a number or a label is not valid, or rows overlap; the message names the line.
    """
    head, *lines = read_text(path).split("\n")
    if tuple(head.split("\t")) != COLUMNS or lines[-1:] != [""]:
        raise CaseError(f"{path}: begins with the columns {', '.join(COLUMNS)} and ends with a line feed.")
    rows = tuple(_row(path, number, line) for number, line in enumerate(lines[:-1], start=2))
    for number, (before, row) in enumerate(pairwise(rows), start=3):
        if (row.line, row.start) < (before.line, before.end):
            raise CaseError(f"{path}, line {number}: overlaps the row above it, or should stand before it.")
    return rows


def _row(path: Path, number: int, line: str) -> Row:
    cells = line.split("\t")
    if len(cells) != len(COLUMNS) or not all(cell.isdecimal() for cell in cells[:3]):
        raise CaseError(f"{path}, line {number}: needs three numbers, a label and a text, separated by tabs.")
    if cells[3] not in list(Label):
        raise CaseError(f"{path}, line {number}: “{cells[3]}” is no label. {nearest(cells[3], list(Label))}")
    row = Row(int(cells[0]), int(cells[1]), int(cells[2]), cells[3], _unescaped(cells[4]))
    if row.start >= row.end:
        raise CaseError(f"{path}, line {number}: ends where it begins, or before.")
    return row


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: _UNESCAPES.get(found[1], found[0]), text)


def write_rows(rows: Iterable[Row]) -> str:
    """Return rows as the text of labels.tsv."""
    table = str.maketrans(_ESCAPES)
    lines = ["\t".join([*map(str, row[:4]), row.text.translate(table)]) for row in rows]
    return "\n".join(["\t".join(COLUMNS), *lines, ""])


def rows_of(source: str, decisions: Iterable[Decision]) -> tuple[Row, ...]:
    """Return the labelled stretches of a result as rows; one that spans several lines is a row for each."""
    return tuple(row for row, _ in rows_with_decisions(source, decisions))


def rows_with_decisions(source: str, decisions: Iterable[Decision]) -> Iterator[tuple[Row, Decision]]:
    """Yield each row of a result with the decision it comes from."""
    line, begin = 1, 0
    for decision in decisions:
        position = decision.start
        pieces = source[decision.start : decision.end].split("\n")
        for nth, piece in enumerate(pieces):
            if nth:
                line, begin = line + 1, position
            if decision.label != BLANK and piece.strip():
                text = piece if len(pieces) == 1 else piece.strip()
                start = position - begin + piece.index(text)
                yield Row(line, start, start + len(text), str(decision.label), text), decision
            position += len(piece) + 1
