"""Flattened text to lines: where the line ends are, and which of them only wrap a paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from scrubber.document import Document
from scrubber.model import Repair
from scrubber.repair import RepairOptions, is_suspect, repair_line

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

Span = tuple[int, int]
"""Start and end in the source, the line end excluded."""


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
    rows, starts = split_rows(source)
    texts = [row.rstrip().lstrip(LAYOUT) for row in rows]
    steps: list[Repair] = []
    if _any_suspect(texts, options):
        texts = [
            _repaired(row.strip(LAYOUT), start + len(row) - len(row.lstrip(LAYOUT)), options, steps)
            for row, start in zip(rows, starts, strict=True)
        ]
    wrapped = is_wrapped(texts)
    numbers = [number for number, text in enumerate(texts) if text]
    spans = [(starts[number], starts[number] + len(rows[number])) for number in numbers]
    lines = [texts[number] for number in numbers]
    if wrapped:
        lines, spans = unwrap(lines, spans, numbers, wrap_width(texts))
    return Document(source, lines, spans, url=url, title=title), tuple(steps)


def _any_suspect(texts: Sequence[str], options: RepairOptions) -> bool:
    """Tell whether any line may need repair: those in ASCII, on most pages nearly all, are quick to clear."""
    plain = [text for text in texts if text.isascii()]
    return is_suspect("\n".join(plain), options) or (
        len(plain) < len(texts) and is_suspect("\n".join([text for text in texts if not text.isascii()]), options)
    )


def split_rows(source: str) -> tuple[list[str], list[int]]:
    """Return every row of the source, blank ones too and without line ends, and where each starts.

    Line ends are LF, CR, CRLF, VT, FF, U+0085, U+2028 and U+2029; a U+0085 inside mojibake is not one.

    >>> split_rows("one\\r\\ntwo")
    (['one', 'two'], [0, 5])
    """
    if any(character in source for character in UNUSUAL_BREAKS):
        breaks = [match.span() for match in _BREAK.finditer(source)]
        starts = [0, *(end for _, end in breaks)]
        ends = [*(start for start, _ in breaks), len(source)]
        return [source[start:end] for start, end in zip(starts, ends, strict=True)], starts
    rows = source.split("\n")
    return rows, list(accumulate((len(row) + 1 for row in rows[:-1]), initial=0))


def joined_rows(source: str) -> list[tuple[int, str]]:
    """Return the rows of one line's source that are not blank, each without its indent, and where it starts."""
    rows, starts = split_rows(source)
    kept = [
        (start + len(row) - len(row.lstrip(LAYOUT)), row.lstrip(LAYOUT))
        for row, start in zip(rows, starts, strict=True)
    ]
    return [(start, row) for start, row in kept if row.strip()]


def _repaired(text: str, start: int, options: RepairOptions, steps: list[Repair]) -> str:
    repaired, made = repair_line(text, start, options)
    steps.extend(made)
    return repaired.rstrip().lstrip(LAYOUT)


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
