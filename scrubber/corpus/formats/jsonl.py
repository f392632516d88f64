"""JSON Lines as they are: cut anywhere, read from the first line that begins in a region."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import orjson

from scrubber.corpus.entries import MAX_RECORD, Entry
from scrubber.corpus.fields import FieldNames, read_fields
from scrubber.corpus.formats import Region, even_regions
from scrubber.corpus.lines import LongLine, plain_lines
from scrubber.corpus.sources import open_source

split = even_regions

DETAIL = 200
"""Characters of an error's own words that a dead letter quotes."""


def read(region: Region, fields: FieldNames) -> Iterator[Entry]:
    """Yield the records of a region; blank lines are none."""
    with open_source(region.paths[0]) as file:
        for place, line in plain_lines(file, region.start, region.stop):
            if isinstance(line, LongLine) or line.strip():
                yield read_line(line, fields, place)


def parse(raw: bytes, fields: FieldNames, _name: str) -> Entry:
    """Read one line again."""
    return read_line(raw, fields, 0)


def read_line(line: bytes | LongLine, fields: FieldNames, place: int) -> Entry:
    """Return the entry of a line: unreadable where it is too long, no JSON, or no object."""
    if isinstance(line, LongLine):
        return Entry(place, line.raw, fault="too_long", detail=f"the line has over {MAX_RECORD:,} bytes")
    try:
        record = read_json(line)
    except (ValueError, RecursionError) as error:
        return Entry(place, line, fault="bad_json", detail=str(error)[:DETAIL])
    if not isinstance(record, dict):
        return Entry(place, line, fault="bad_json", detail=f"the line holds no object but {type(record).__name__}")
    return read_fields(record, fields, place, line)


def read_json(line: bytes) -> Any:
    """Read JSON as Python writes it too: with NaN and lone surrogates.

    Raises:
        ValueError: it is no JSON, or no UTF-8.
        RecursionError: it is nested too deeply.
    """
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return json.loads(line)
