"""Tables for reports: plain columns for files and pipes, folded columns for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO

from scrubber.report.safe import safe_row
from scrubber.report.terminal import make_console


def plain_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table with columns padded to their widest cell, one line a row."""
    cells = [tuple(map(safe_row, row)) for row in (headings, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells)
    return "".join(f"{row.rstrip()}\n" for row in padded)


def terminal_table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, width: int, colour: bool) -> str:
    """Return a table for a terminal of so many columns, long cells folded in their column."""
    from rich.table import Table  # noqa: PLC0415 - slow to import, see make_console
    from rich.text import Text  # noqa: PLC0415

    table = Table(*headings, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(Text(safe_row(cell), overflow="fold") for cell in row))
    page = StringIO()
    make_console(page, width=width, colour=colour).print(table)
    return page.getvalue()
