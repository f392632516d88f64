"""What the benchmarks write: tables in Markdown, progress on stderr."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from typing import TypeVar

from rich.console import Console
from rich.progress import track

T = TypeVar("T")

STDERR = Console(file=sys.stderr)

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
QUOTED = re.compile("“[^”]*”|\"[^\"]*\"|'[^']{3,}'")


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table; figures have three places, a bar inside a cell is escaped.

    >>> print(table(["a", "b"], [["x|y", 0.5]]))
    | a | b |
    |---|---|
    | x\\\\|y | 0.500 |
    """
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(map(cell, row)) + " |" for row in rows]
    return "\n".join(lines)


def cell(value: object) -> str:
    """Return one cell as text; a figure that is not a number is a dash."""
    if isinstance(value, float):
        return "-" if value != value else f"{value:.3f}"  # noqa: PLR0124 - NaN alone differs from itself
    return str(value).replace("|", "\\|").replace("\n", " ")


def percent(share: float) -> str:
    """Return a share in per cent, one place.

    >>> percent(0.985)
    '98.5 %'
    """
    return "-" if share != share else f"{share:.1%}".replace("%", " %")  # noqa: PLR0124 - NaN


def plain(reason: str) -> str:
    """Return a reason without its figures and quotations, so that like ones count together.

    >>> plain("in a list of 11 dated headlines after “More”")
    'in a list of N dated headlines after “…”'
    """
    return NUMBER.sub("N", QUOTED.sub("“…”", reason))


def follow(items: Sequence[T], doing: str) -> Iterable[T]:
    """Go through items with a progress bar on stderr, where that is a terminal."""
    quiet = not STDERR.is_terminal
    return track(items, description=f"{doing:<44}", console=STDERR, transient=True, disable=quiet)


def say(text: str) -> None:
    """Write a remark to stderr."""
    STDERR.print(text, markup=False, highlight=False)
