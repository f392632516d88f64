"""The table of what is loaded: detectors and sites, where each came from, and what it is for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from scrubber.report.table import plain_table, terminal_table

HEADINGS = ("KIND", "NAME", "FROM", "SUMMARY")


class Loaded(NamedTuple):
    """One plugin's offer: `detector` or `site`, its name, where it came from, one line on what it does."""

    kind: str
    name: str
    origin: str
    summary: str


def plain_list(offers: Sequence[Loaded]) -> str:
    """Return the table in plain columns, one line an offer."""
    return plain_table(HEADINGS, offers)


def terminal_list(offers: Sequence[Loaded], *, width: int, colour: bool) -> str:
    """Return the table for a terminal of so many columns."""
    return terminal_table(HEADINGS, offers, width=width, colour=colour)


def json_list(offers: Sequence[Loaded]) -> str:
    """Return the offers as a JSON list of objects with the keys kind, name, from and summary."""
    keys = [heading.lower() for heading in HEADINGS]
    return json.dumps([dict(zip(keys, offer, strict=True)) for offer in offers], ensure_ascii=False, indent=2) + "\n"
