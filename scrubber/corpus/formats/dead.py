"""Dead letters of an earlier run: each record is read again as it was, and stands where it stood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scrubber.corpus.entries import Entry
from scrubber.corpus.fields import FieldNames
from scrubber.corpus.formats import Region, format_of, whole_file
from scrubber.corpus.formats.jsonl import parse
from scrubber.corpus.letters import raw_of, read_letter
from scrubber.corpus.sources import open_source

__all__ = ["parse", "read", "split"]

split = whole_file


def read(region: Region, fields: FieldNames) -> Iterator[Entry]:
    """Yield the records of the letters in a file."""
    with open_source(region.paths[0]) as file:
        for line in file:
            yield _entry(line, fields)


def _entry(line: bytes, fields: FieldNames) -> Entry:
    letter = read_letter(line)
    raw, kind, source = raw_of(letter), letter["kind"], letter["source"]
    if letter.get("raw_cut") or not raw:
        entry = Entry(0, raw, fault=letter["fault"], detail=letter["detail"])
    else:
        entry = format_of(kind).parse(raw, fields, source)
    return replace(entry, place=letter["place"], raw=raw, source=source, kind=kind)
