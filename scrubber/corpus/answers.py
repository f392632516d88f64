"""What becomes of a record: a row, or a fault."""

from __future__ import annotations

from typing import Any, NamedTuple


class Fault(NamedTuple):
    """Why a record gave no row: one word, and a sentence."""

    word: str
    detail: str


class Cleaned(NamedTuple):
    """A page that was cleaned: its row, ready to be written, and what is counted of it."""

    encoded: Any
    chars: int
    kept: int
    flags: tuple[str, ...]


Answer = Cleaned | Fault
