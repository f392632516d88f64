"""Flattened text to lines: where the line ends are, and which of them only wrap a paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from scrubber.document import Document
from scrubber.model import Line, Repair
from scrubber.repair import RepairOptions, is_suspect, repair_line

_LEAD = "[\u00c2-\u00df]"
_TRAIL = "[\u0080-\u00bf]"
_NEXT_LINE = rf"(?<!{_LEAD})(?<![\u00e0-\u00f4]{_TRAIL})(?<![\u00f0-\u00f4]{_TRAIL}{_TRAIL})\u0085(?!{_TRAIL})"
"""U+0085 as a line end: not where it reads as a byte of a UTF-8 sequence that was decoded as Latin-1."""

_BREAK = re.compile(rf"\r\n|[\n\r\x0b\x0c\u2028\u2029]|{_NEXT_LINE}")
_UNUSUAL_BREAK = re.compile("[\r\x0b\x0c\u0085\u2028\u2029]")

WRAP_COLUMNS = range(40, 121)
"""Characters. Widths at which mail readers, terminals and printing scripts wrap text."""

WRAP_SHARE = 0.6
"""Share of adjacent rows that had no room for the next word: below it, short rows are lines of their own."""

WRAP_ROWS = 8
"""Rows. With fewer that are full, a page cannot be told from one with a few long lines."""

Piece = tuple[int, int]
"""Start and end of one row in the source, its line end excluded."""


def segment_text(
    source: str, options: RepairOptions, *, url: str | None = None, title: str | None = None
) -> tuple[Document, tuple[Repair, ...]]:
    """Split flattened text into repaired lines that are not blank.

    Rows that only wrap a paragraph at a fixed width come out as one line, whose `start` and `end` then span
    several rows. An empty or blank source gives a document without lines.

    Returns:
        The document, and the repairs in the order of the source.
    """
    pieces = split_rows(source)
    texts = [source[start:end] for start, end in pieces]
    steps: list[Repair] = []
    if is_suspect(source):
        texts = [_repaired(text, start, options, steps) for text, (start, _) in zip(texts, pieces, strict=True)]
    stripped = [text.strip() for text in texts]
    rows = [row for row, text in enumerate(stripped) if text]
    lines = [Line(stripped[row], *pieces[row]) for row in rows]
    if is_wrapped(stripped):
        lines = unwrap(lines, rows, wrap_width(stripped))
    return Document(source, lines, url=url, title=title), tuple(steps)


def split_rows(source: str) -> list[Piece]:
    """Return the start and end of every row of the source, blank ones too, line ends excluded.

    Line ends are LF, CR, CRLF, VT, FF, U+0085, U+2028 and U+2029; a U+0085 inside mojibake is not one.

    >>> split_rows("one\\r\\ntwo")
    [(0, 3), (5, 8)]
    """
    if _UNUSUAL_BREAK.search(source):
        breaks = [match.span() for match in _BREAK.finditer(source)]
        return list(zip([0, *(end for _, end in breaks)], [*(start for start, _ in breaks), len(source)], strict=True))
    lengths = list(map(len, source.split("\n")))
    ends = list(accumulate(length + 1 for length in lengths))
    return [(end - 1 - length, end - 1) for end, length in zip(ends, lengths, strict=True)]


def _repaired(text: str, start: int, options: RepairOptions, steps: list[Repair]) -> str:
    repaired, made = repair_line(text, start, options)
    steps.extend(made)
    return repaired


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
    return full >= WRAP_ROWS and full >= WRAP_SHARE * len(adjacent)


def _is_full(row: str, below: str, width: int) -> bool:
    first = below.split(None, 1)[0]
    hyphen = first.find("-") + 1
    return len(row) + 1 + (hyphen or len(first)) > width


def unwrap(lines: Sequence[Line], rows: Sequence[int], width: int) -> list[Line]:
    """Join each line to the one above where that had no room for its first word.

    `rows` holds the row of each line; only lines on rows next to each other are joined.
    """
    groups: list[list[Line]] = []
    for index, line in enumerate(lines):
        if index and rows[index] == rows[index - 1] + 1 and _is_full(lines[index - 1].text, line.text, width):
            groups[-1].append(line)
        else:
            groups.append([line])
    return list(map(_join, groups))


def _join(group: Sequence[Line]) -> Line:
    if len(group) == 1:
        return group[0]
    parts = [line.text if _breaks_word(line.text) else line.text + " " for line in group[:-1]]
    return Line("".join(parts) + group[-1].text, group[0].start, group[-1].end)


def _breaks_word(row: str) -> bool:
    return row.endswith("-") and row[-2:-1].isalpha()
