"""The table of what is loaded: detectors and sites, where each came from, and what it is for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import StringIO
from typing import NamedTuple

from scrubber.report.safe import safe_row
from scrubber.report.terminal import make_console

HEADINGS = ("KIND", "NAME", "FROM", "SUMMARY")


class Loaded(NamedTuple):
    """One plugin's offer: `detector` or `site`, its name, where it came from, one line on what it does."""

    kind: str
    name: str
    origin: str
    summary: str


def plain_table(offers: Sequence[Loaded]) -> str:
    """Return the table with columns padded to their widest entry, one row an offer."""
    rows = [HEADINGS, *(tuple(map(safe_row, offer)) for offer in offers)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "".join(f"{row.rstrip()}\n" for row in padded)


def terminal_table(offers: Sequence[Loaded], *, width: int, colour: bool) -> str:
    """Return the table for a terminal of so many columns, long entries folded in their column."""
    from rich.table import Table  # noqa: PLC0415 - slow to import, see make_console
    from rich.text import Text  # noqa: PLC0415

    table = Table(*HEADINGS, box=None, header_style="bold", pad_edge=False)
    for offer in offers:
        table.add_row(*(Text(safe_row(cell), overflow="fold") for cell in offer))
    page = StringIO()
    make_console(page, width=width, colour=colour).print(table)
    return page.getvalue()


def json_list(offers: Sequence[Loaded]) -> str:
    """Return the offers as a JSON list of objects with the keys kind, name, from and summary."""
    keys = [heading.lower() for heading in HEADINGS]
    return json.dumps([dict(zip(keys, offer, strict=True)) for offer in offers], ensure_ascii=False, indent=2) + "\n"
