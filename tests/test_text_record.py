"""How flattened text becomes lines, as it was recorded: small texts with their lines, and the limits of wrapping.

After a change that is meant, write `tests/cases/records/text-lines.txt` and `text-limits.txt` anew:

    python tests/test_text_record.py
"""

from __future__ import annotations

from collections.abc import Callable
from textwrap import fill
from typing import NamedTuple

import pytest
import records

from scrubber.document import Document
from scrubber.repair import DEFAULT
from scrubber.segment.text import joined_rows, segment_text, split_rows

LINES, LIMITS = "text-lines.txt", "text-limits.txt"

PROSE = "Nobody will be allowed to cross the old bridge before the spring, said the mayor in the hall of the town. " * 4

TEXTS = {
    "line ends of all kinds": "a\nb\r\nc\rd\x0be\x0cf\x85g\u2028h\u2029i\x1cj",
    "blanks at the ends": "  a \n\tb\t\n\u00a0c\u00a0\n \nd",
    "next lines in mojibake": "\u00c2\u0085a\u00e2\u0080\u0085b\u00f0\u009f\u0098\u0085c\u0085d\u0085\u0080e",
    "damage": "  It\u00e2\u20ac\u2122s  here \nclean\n\ta\u200bb  c\r\n\u00e2\u20ac\u2122",
    "damage in one row of a wrapped text": fill(PROSE, 60).replace("mayor", "ma\u200byor", 1),
    "wrapped at sixty": fill(PROSE, 60),
    "wrapped at sixty, in paragraphs": f"{fill(PROSE, 60)}\n\n  {fill(PROSE, 60)}\nShort.\nEnd",
    "wrapped at a hyphen": fill(PROSE.replace("old", "water-logged"), 46),
    "wrapped behind a dash": fill(PROSE.replace("the old", "-- and- - the old"), 44),
    "a long line among short ones": f"a\n{PROSE}\nb",
    "blank": " \n\n\t",
}


class Ladder(NamedTuple):
    """Texts that grow with a number; the answer is the number of their lines."""

    numbers: range
    text: Callable[[int], str]


def row(length: int) -> str:
    """Return a row of words, the first of two characters, that is so long."""
    return ("ab " + "word " * 40)[:length].rstrip().ljust(length, "x")


def full(count: int, single: int) -> str:
    """Return so many rows that had no room for the next word, and rows that had."""
    return "\n".join([row(60)] * (count + 1) + ["ab"] * single)


LADDERS = {
    "columns of ten rows": Ladder(range(36, 125), lambda n: "\n".join([row(n)] * 10)),
    "full rows": Ladder(range(1, 7), lambda n: full(n, 0)),
    "full rows of a page with one short row": Ladder(range(1, 12), lambda n: full(n, 1)),
    "full rows of a page with two short rows": Ladder(range(1, 24), lambda n: full(n, 2)),
    "full rows of a page with six short rows": Ladder(range(1, 24), lambda n: full(n, 6)),
    "short rows of a page with eight full ones": Ladder(range(10), lambda n: full(8, n)),
    "short rows of a page with seven full ones": Ladder(range(10), lambda n: full(7, n)),
    "characters of a row among rows of sixty": Ladder(
        range(54, 62), lambda n: "\n".join([*[row(60)] * 9, row(n), "ab c", row(60)])
    ),
    "characters up to a hyphen among rows of sixty": Ladder(
        range(52, 60), lambda n: "\n".join([*[row(60)] * 9, row(n), "ab-cdefgh", row(60)])
    ),
}


def spans(document: Document) -> list[str]:
    """Return the lines of a document and where they stand."""
    return [f"{start}-{end} {text!r}" for text, (start, end) in zip(document.texts, document.spans, strict=True)]


def lines_of(text: str) -> list[str]:
    """Return the rows of a text's record: rows, lines, the rows that each joins, and repairs."""
    document, repairs = segment_text(text, DEFAULT)
    starts = split_rows(text)[1]
    joins = [joined_rows(text[start:end]) for start, end in document.spans]
    several = [f"rows at {[start for start, _ in one]}" for one in joins if len(one) > 1]
    steps = [f"{one.step} at {one.start}-{one.end}: {one.before!r} to {one.after!r}" for one in repairs]
    return [f"{len(starts)} rows, the last at {starts[-1]}", *spans(document), *several, *steps]


def limits_of(name: str) -> list[str]:
    """Return the rows of a ladder's record."""
    ladder = LADDERS[name]
    return list(records.rungs(lambda n: f"{len(segment_text(ladder.text(n), DEFAULT)[0])} lines", ladder.numbers))


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_has_the_lines_that_were_recorded(name: str) -> None:
    records.check(LINES, name, lines_of(TEXTS[name]))


@pytest.mark.parametrize("name", LADDERS)
def test_rows_are_joined_within_the_limits_that_were_recorded(name: str) -> None:
    records.check(LIMITS, name, limits_of(name))


def test_nothing_is_recorded_that_is_not_looked_at() -> None:
    assert set(records.recorded(LINES)) == set(TEXTS)
    assert set(records.recorded(LIMITS)) == set(LADDERS)


if __name__ == "__main__":
    records.write(LINES, {name: lines_of(text) for name, text in TEXTS.items()})
    records.write(LIMITS, {name: limits_of(name) for name in LADDERS})
