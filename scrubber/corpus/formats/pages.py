"""Folders of pages: each file is one, its path is its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scrubber.corpus.entries import RAW_SHOWN, Entry
from scrubber.corpus.fields import FieldNames
from scrubber.corpus.formats import Region, whole_file
from scrubber.corpus.sources import open_source
from scrubber.model import Page
from scrubber.pipeline import MAX_INPUT

split = whole_file


def read(region: Region, fields: FieldNames) -> Iterator[Entry]:
    """Yield the pages."""
    for path in region.paths:
        with open_source(path) as file:
            yield parse(file.read(MAX_INPUT + 1), fields, path)


def parse(raw: bytes, fields: FieldNames, name: str) -> Entry:
    """Return the entry of a file."""
    if len(raw) > MAX_INPUT:
        detail = f"the file has over {MAX_INPUT:,} bytes"
        return Entry(0, raw[:RAW_SHOWN], fault="too_long", detail=detail, source=name)
    meta: dict[str, Any] = {fields.id: name}
    return Entry(0, raw, Page(raw, id=name, meta=meta), source=name)
