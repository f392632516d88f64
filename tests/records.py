"""Records: what something says today, in a file that a person can read, so that a change of it shows in a diff.

A record has sections, each with a title in brackets and its rows. After a change that is meant, the tests that use one
are run as a program: that writes the file anew, and its diff is what to review.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

HERE = Path(__file__).parent / "cases" / "records"

Sections = Mapping[str, Sequence[str]]


def recorded(name: str) -> dict[str, list[str]]:
    """Return the sections of a record."""
    sections: dict[str, list[str]] = {}
    rows: list[str] = []
    for row in (HERE / name).read_text(encoding="utf-8").split("\n"):
        if _is_title(row):
            rows = sections.setdefault(row[1:-1], [])
        elif row:
            rows.append(row)
    return sections


def write(name: str, sections: Sections) -> None:
    """Write a record anew. A row is neither blank nor in brackets as titles are."""
    assert all(row and not _is_title(row) for rows in sections.values() for row in rows)
    texts = ["\n".join([f"[{title}]", *rows]) for title, rows in sections.items()]
    (HERE / name).write_text("\n\n".join(texts) + "\n", encoding="utf-8")


def _is_title(row: str) -> bool:
    return row.startswith("[") and row.endswith("]")


def check(name: str, title: str, rows: Iterable[str]) -> None:
    """Fail where a section of a record says something else."""
    known = recorded(name).get(title)
    assert known is not None, f"{name} has no section [{title}]: run this file as a program"
    assert list(rows) == known, f"[{title}] of {name}: if it is meant, run this file as a program and read the diff"


def rungs(answer: Callable[[int], str], numbers: Iterable[int]) -> Iterator[str]:
    """Yield a row for each stretch of numbers with one answer, so that a limit is where the next row begins.

    >>> list(rungs(lambda number: "short" if number <= 5 else "long", range(1, 8)))
    ['1 to 5: short', '6 to 7: long']
    """
    answers = ((number, answer(number)) for number in numbers)
    for said, stretch in groupby(answers, key=lambda pair: pair[1]):
        ends = [number for number, _ in stretch]
        yield f"{ends[0]} to {ends[-1]}: {said}"
