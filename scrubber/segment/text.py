"""Flattened text to lines: where the line ends are, and which of them only wrap a paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from itertools import accumulate

from scrubber.document import Document, Span, each_once
from scrubber.model import Repair
from scrubber.repair import RepairOptions, repair_line, suspect_lines

_LEAD = "[\u00c2-\u00df]"
_TRAIL = "[\u0080-\u00bf]"
_NO_BYTE_BEFORE = rf"(?<!{_LEAD})(?<![\u00e0-\u00f4]{_TRAIL})(?<![\u00f0-\u00f4]{_TRAIL}{_TRAIL})"
_NEXT_LINE = rf"{_NO_BYTE_BEFORE}\u0085(?![\u0080-\u0084\u0086-\u00bf])"
"""U+0085 as a line end: not where it reads as a byte of a UTF-8 sequence that was decoded as Latin-1."""

_BREAK = re.compile(rf"\r\n|[\n\r\x0b\x0c\u2028\u2029]|{_NEXT_LINE}")
UNUSUAL_BREAKS = "\r\x0b\x0c\x85\u2028\u2029"

LAYOUT = " \t"
"""Blanks in front of a line that are layout; stranger ones are trimmed as a repair, with a step."""

WRAP_COLUMNS = range(40, 121)
"""Characters. Widths at which mail readers, terminals and printing scripts wrap text."""

WRAP_SHARE = 0.6
"""Share of adjacent rows that had no room for the next word: below it, short rows are lines of their own."""

MANY_ROWS = 8
"""Full rows from which that share is enough."""

FEW_SHARE = 0.9
"""The share that a short page needs: chance fills a few rows, and headlines are of like length."""

WRAP_ROWS = 4
"""Full rows of the shortest wrapped page: with fewer, it can't be told from one with a few long lines."""


def segment_text(
    source: str, options: RepairOptions, *, url: str | None = None, title: str | None = None
) -> tuple[Document, tuple[Repair, ...]]:
    """Split flattened text into repaired lines that are not blank.

    Blanks at the ends of a line are layout: they are trimmed and make no repair. Rows that only wrap a
    paragraph at a fixed width come out as one line, whose span then covers several rows. An empty or blank
    source gives a document without lines.

    Returns:
        The document, and the repairs in the order of the source.
    """
    rows = _rows(source)
    texts = each_once([row.rstrip().lstrip(LAYOUT) for row in rows])
    steps = _repair(source, texts, options) if suspect_lines(texts, options) else ()
    lines = [text for text in texts if text]
    if is_wrapped(texts):
        numbers = [number for number, text in enumerate(texts) if text]
        lines, spans = unwrap(lines, _spans(source, texts), numbers, wrap_width(texts))
        return Document(source, lines, spans, url=url, title=title), steps
    return Document(source, lines, partial(_spans, source, texts), url=url, title=title), steps


def _spans(source: str, texts: Sequence[str]) -> list[Span]:
    """Return where the rows stand in the source of which the text is not blank."""
    rows = zip(*split_rows(source), texts, strict=True)
    return [(start, start + len(row)) for row, start, text in rows if text]


def _repair(source: str, texts: list[str], options: RepairOptions) -> tuple[Repair, ...]:
    """Put what repair makes of the source's rows into `texts`, and return the steps."""
    steps: list[Repair] = []
    rows, starts = split_rows(source)
    trimmed = [row.strip(LAYOUT) for row in rows]
    for number in suspect_lines(trimmed, options):
        indent = len(rows[number]) - len(rows[number].lstrip(LAYOUT))
        repaired, made = repair_line(trimmed[number], starts[number] + indent, options)
        texts[number] = repaired.rstrip().lstrip(LAYOUT)
        steps += made
    return tuple(steps)


def _rows(source: str) -> list[str]:
    if any(character in source for character in UNUSUAL_BREAKS):
        return _BREAK.split(source)
    return source.split("\n")


def split_rows(source: str) -> tuple[list[str], list[int]]:
    """Return every row of the source, blank ones too and without line ends, and where each starts.

    Line ends are LF, CR, CRLF, VT, FF, U+0085, U+2028 and U+2029; a U+0085 inside mojibake is not one.

    >>> split_rows("one\\r\\ntwo")
    (['one', 'two'], [0, 5])
    """
    rows = _rows(source)
    if any(character in source for character in UNUSUAL_BREAKS):
        return rows, [0, *(match.end() for match in _BREAK.finditer(source))]
    return rows, list(accumulate((len(row) + 1 for row in rows[:-1]), initial=0))


def joined_rows(source: str) -> list[tuple[int, str]]:
    """Return the rows of one line's source that are not blank, each without its indent, and where it starts."""
    rows, starts = split_rows(source)
    kept = [
        (start + len(row) - len(row.lstrip(LAYOUT)), row.lstrip(LAYOUT))
        for row, start in zip(rows, starts, strict=True)
    ]
    return [(start, row) for start, row in kept if row.strip()]


def wrap_width(rows: Sequence[str]) -> int:
    """Return the length of the longest row, 0 without rows."""
    return max(map(len, rows), default=0)


def is_wrapped(rows: Sequence[str]) -> bool:
    """Tell whether the rows look like paragraphs wrapped at a fixed width.

    They do where no row is longer than a usual width, and most rows that have a row right under them had
    no room left for its first word.
    """
    width = wrap_width(rows)
    if width not in WRAP_COLUMNS:
        return False
    adjacent = [(row, below) for row, below in zip(rows, rows[1:], strict=False) if row and below]
    full = sum(_is_full(row, below, width) for row, below in adjacent)
    share = WRAP_SHARE if full >= MANY_ROWS else FEW_SHARE
    return full >= WRAP_ROWS and full >= share * len(adjacent)


def _is_full(row: str, below: str, width: int) -> bool:
    first = below.split(None, 1)[0]
    hyphen = first.find("-") + 1
    return len(row) + 1 + (hyphen or len(first)) > width


def unwrap(
    lines: Sequence[str], spans: Sequence[Span], numbers: Sequence[int], width: int
) -> tuple[list[str], list[Span]]:
    """Join each line to the one above where that had no room for its first word.

    `numbers` holds the row of each line; only lines on rows next to each other are joined.
    """
    groups: list[list[int]] = []
    for index, line in enumerate(lines):
        if index and numbers[index] == numbers[index - 1] + 1 and _is_full(lines[index - 1], line, width):
            groups[-1].append(index)
        else:
            groups.append([index])
    joined = [_join([lines[index] for index in group]) for group in groups]
    return joined, [(spans[group[0]][0], spans[group[-1]][1]) for group in groups]


def _join(rows: Sequence[str]) -> str:
    return "".join(row if breaks_word(row) else row + " " for row in rows[:-1]) + rows[-1]


def breaks_word(row: str) -> bool:
    """Tell whether a row ends in a hyphen behind a letter, so that the next row goes on with the word."""
    return row.endswith("-") and row[-2:-1].isalpha()
