"""A WARC stream cut into records, by their own lengths; what is damaged is passed over up to the next record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from scrubber.corpus.entries import MAX_RECORD, RAW_SHOWN

BEGINS = b"WARC/"
NEXT_RECORD = re.compile(rb"WARC/[0-9]\.[0-9]\r?\n(?=WARC-|Content-)")
"""How a record begins; a record before it that was cut may end in the middle of a line."""

MAX_HEAD = 64 * 1024
"""Bytes of a record's head; crawlers write under a thousand."""

SCAN = 1024 * 1024
"""Bytes read at a time in search of the next record."""

OVERLAP = 32
"""Bytes in which the first line of a record can stand across two of those."""


class WarcRecord(NamedTuple):
    """One record: where it begins, its kind, its name, its address, and all of its bytes."""

    place: int
    kind: str
    name: str
    url: str
    raw: bytes


class Cut(NamedTuple):
    """From `place` on no whole record could be read: why, and the beginning of what stands there."""

    place: int
    detail: str
    raw: bytes


def warc_records(stream: BinaryIO) -> Iterator[WarcRecord | Cut]:
    """Yield the records of a stream that can be sought in, and a `Cut` for each stretch that is none."""
    place = _pass_blanks(stream, 0)
    while place is not None:
        found, end = _record(stream, place)
        if isinstance(found, Cut):
            end = _next_record(stream, place + 1)
            found = found._replace(raw=_some(stream, place, end))
        yield found
        place = _pass_blanks(stream, end)


def _record(stream: BinaryIO, place: int) -> tuple[WarcRecord | Cut, int]:
    head = _head(stream)
    length = re.search(rb"(?im)^content-length:[ \t]*(\d{1,15})[ \t]*\r?$", head)
    if not head.startswith(BEGINS) or length is None:
        return Cut(place, "no record begins here, or its head can't be read", b""), place
    size = int(length[1])
    if size > MAX_RECORD:
        return Cut(place, f"the record has {size:,} bytes, over {MAX_RECORD:,}", b""), place
    block = stream.read(size)
    end = place + len(head) + len(block)
    behind = stream.read(2)
    if len(block) < size or behind.strip():
        return Cut(place, f"the record is cut: it should have {size:,} bytes", b""), place
    kind, name, url = (_value(head, key) for key in (b"warc-type", b"warc-record-id", b"warc-target-uri"))
    return WarcRecord(place, kind.lower(), name, url, head + block), end


def _head(stream: BinaryIO) -> bytes:
    lines, size = [], 0
    while size < MAX_HEAD and (line := stream.readline(MAX_HEAD)):
        lines.append(line)
        size += len(line)
        if line in {b"\r\n", b"\n"}:
            return b"".join(lines)
    return b""


def _value(head: bytes, name: bytes) -> str:
    """Return the value of a header, without the brackets around addresses; "" where there is none."""
    found = re.search(rb"(?im)^" + name + rb":[ \t]*<?(.*?)>?[ \t]*\r?$", head)
    return found[1].decode("utf-8", "backslashreplace") if found else ""


def _pass_blanks(stream: BinaryIO, place: int) -> int | None:
    """Return where the next byte stands that ends no line, None at the end of the stream."""
    stream.seek(place)
    while block := stream.read(SCAN):
        rest = block.lstrip(b"\r\n")
        place += len(block) - len(rest)
        if rest:
            stream.seek(place)
            return place
    return None


def _next_record(stream: BinaryIO, start: int) -> int:
    """Return where the next first line of a record stands, or the end of the stream."""
    position, kept = start, b""
    stream.seek(position)
    while block := stream.read(SCAN):
        window = kept + block
        if found := NEXT_RECORD.search(window):
            return position - len(kept) + found.start()
        kept = window[-OVERLAP:]
        position += len(block)
    return position


def _some(stream: BinaryIO, start: int, end: int) -> bytes:
    stream.seek(start)
    return stream.read(min(end - start, RAW_SHOWN))
