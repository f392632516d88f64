"""WARC and WET, plain or with gzip: each response, resource or conversion record of an address is a page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from scrubber.containers import read_page
from scrubber.containers.warc import PAGE_SCHEMES
from scrubber.corpus.entries import MAX_RECORD, RAW_SHOWN, SKIPPED, Entry
from scrubber.corpus.fields import FieldNames
from scrubber.corpus.formats import Region, even_regions, whole_file
from scrubber.corpus.members import Codec, Damage, find_member, gzip_codec, unpack
from scrubber.corpus.sources import Source, open_source
from scrubber.corpus.warc_records import BEGINS, Cut, WarcRecord, warc_records
from scrubber.errors import ScrubberError

PAGES = frozenset({"response", "resource", "conversion"})
"""Kinds of records that hold a page; requests, notes and repetitions do not."""

NO_PAGES = ("image/", "video/", "audio/", "font/", "text/css", "text/javascript", "application/javascript", "text/dns")
"""Beginnings of the media types of what a crawl holds beside pages."""


def split(source: Source, most: int) -> list[tuple[int, int]]:
    """Return regions of bytes where gzip members can be found, else all of the file."""
    return even_regions(source, most) if _is_packed(source.path) else whole_file(source)


def read(region: Region, fields: FieldNames) -> Iterator[Entry]:
    """Yield the records that begin in a region; damaged members and records are one entry each."""
    path = region.paths[0]
    with open_source(path) as file:
        if not _is_packed(path):
            yield from _entries(file, fields)
            return
        codec = gzip_codec()
        start = find_member(file, codec, region.start, BEGINS) if region.start else 0
        if start is not None:
            yield from _packed_entries(file, codec, start, region.stop, fields)


def parse(raw: bytes, fields: FieldNames, _name: str) -> Entry:
    """Read one record again."""
    return next(_entries(io.BytesIO(raw), fields), Entry(0, raw, fault="damaged", detail="holds no record"))


def _is_packed(path: str) -> bool:
    return path.lower().endswith(".gz")


def _packed_entries(file: BinaryIO, codec: Codec, start: int, stop: int, fields: FieldNames) -> Iterator[Entry]:
    """Yield the records of each member, once it is known to be whole."""
    held: list[bytes] = []
    place, size = start, 0
    for piece in unpack(file, codec, start, stop):
        if isinstance(piece, bytes):
            size += len(piece)
            if size <= MAX_RECORD:
                held.append(piece)
            continue
        if isinstance(piece, Damage):
            yield Entry(piece.start, piece.raw, fault="damaged", detail=piece.detail)
            place = piece.end
        else:
            yield from _member_entries(b"".join(held), size, place, fields)
            place = piece.at
        held, size = [], 0


def _member_entries(content: bytes, size: int, place: int, fields: FieldNames) -> Iterator[Entry]:
    if size > MAX_RECORD:
        detail = f"a gzip member holds {size:,} bytes, over {MAX_RECORD:,}: unpack the file, or compress each record"
        yield Entry(place, content[:RAW_SHOWN], fault="too_long", detail=detail)
    else:
        yield from _entries(io.BytesIO(content), fields, place)


def _entries(stream: BinaryIO, fields: FieldNames, member: int | None = None) -> Iterator[Entry]:
    """Yield the entries of a stream; those of a compressed member stand where that begins."""
    for record in warc_records(stream):
        place = record.place if member is None else member
        if isinstance(record, Cut):
            yield Entry(place, record.raw, fault="damaged", detail=record.detail)
        elif record.kind not in PAGES or not record.url.lower().startswith(PAGE_SCHEMES):
            yield Entry(place, b"", fault=SKIPPED)
        else:
            yield _page(record, place, fields)


def _page(record: WarcRecord, place: int, fields: FieldNames) -> Entry:
    try:
        page = read_page(record.raw)
    except ScrubberError as error:
        return Entry(place, record.raw, fault="damaged", detail=str(error))
    if (page.content_type or "").lower().startswith(NO_PAGES):
        return Entry(place, b"", fault=SKIPPED)
    meta = {fields.id: record.name, fields.url: page.url, **page.meta}
    return Entry(place, record.raw, replace(page, id=record.name, meta=meta))
