"""Lines of bytes, out of plain and compressed files, none longer than can be held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from scrubber.corpus.entries import MAX_RECORD, RAW_SHOWN
from scrubber.corpus.members import Damage, End


class LongLine(NamedTuple):
    """The beginning of a line over the limit; the rest was passed over."""

    raw: bytes


def plain_lines(file: BinaryIO, start: int, stop: int) -> Iterator[tuple[int, bytes | LongLine]]:
    """Yield place and bytes of the lines that begin from `start` and before `stop`, without their line feeds."""
    position = start
    if start:
        file.seek(start - 1)
        position = start - 1 + _pass_line(file)
    while position < stop:
        line = file.readline(MAX_RECORD + 1)
        if not line:
            return
        if len(line) > MAX_RECORD and not line.endswith(b"\n"):
            yield position, LongLine(line[:RAW_SHOWN])
            position += len(line) + _pass_line(file)
        else:
            yield position, line.rstrip(b"\n")
            position += len(line)


def _pass_line(file: BinaryIO) -> int:
    """Read to the end of a line in pieces, and return how many bytes that was."""
    passed = 0
    while piece := file.readline(RAW_SHOWN):
        passed += len(piece)
        if piece.endswith(b"\n"):
            break
    return passed


def packed_lines(pieces: Iterable[bytes | End | Damage]) -> Iterator[bytes | LongLine | Damage]:
    """Yield the lines of what was decompressed, and each `Damage` in its place; half a line before one is lost."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        if isinstance(piece, End):
            continue
        if isinstance(piece, Damage):
            held, size = [], 0
            yield piece
            continue
        first, *rest = piece.split(b"\n")
        if rest or size <= MAX_RECORD:
            held.append(first)
        size += len(first)
        for line in rest:
            yield _line(held, size)
            held, size = [line], len(line)
    if size:
        yield _line(held, size)


def _line(held: list[bytes], size: int) -> bytes | LongLine:
    return b"".join(held) if size <= MAX_RECORD else LongLine(b"".join(held)[:RAW_SHOWN])
