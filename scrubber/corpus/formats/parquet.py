"""Parquet: a region is a range of row groups, a record a row; columns that are passed through keep their types."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from scrubber.corpus.entries import CHUNK, Entry
from scrubber.corpus.fields import FieldNames, read_fields
from scrubber.corpus.formats import Region
from scrubber.corpus.formats.jsonl import read_line
from scrubber.corpus.sources import Source, open_source


def split(source: Source, most: int) -> list[tuple[int, int]]:
    """Return ranges of row groups.

    Raises:
        ValueError: the file is no Parquet.
    """
    with open_source(source.path) as file:
        try:
            known = pq.read_metadata(file)
        except pa.ArrowException as error:
            raise ValueError(f"{source.path}: is no Parquet file: {error}") from error
    bounds, size = [0], 0
    for group in range(known.num_row_groups):
        size += known.row_group(group).total_byte_size
        if size >= most:
            bounds.append(group + 1)
            size = 0
    if bounds[-1] < known.num_row_groups or known.num_row_groups == 0:
        bounds.append(known.num_row_groups)
    return list(pairwise(bounds))


def read(region: Region, fields: FieldNames) -> Iterator[Entry]:
    """Yield the rows; a row group that can't be read is one entry."""
    with open_source(region.paths[0]) as raw, pq.ParquetFile(raw) as file:
        place = sum(file.metadata.row_group(group).num_rows for group in range(region.start))
        for group in range(region.start, region.stop):
            end = place + file.metadata.row_group(group).num_rows
            try:
                for batch in file.iter_batches(CHUNK, row_groups=[group]):
                    for index, record in enumerate(batch.to_pylist()):
                        yield _entry(record, batch.slice(index, 1), fields, place)
                        place += 1
            except (pa.ArrowException, OSError) as error:
                detail = f"rows {place:,} to {end:,} can't be read: {str(error)[:200]}"
                yield Entry(place, b"", fault="damaged", detail=detail)
            place = end


def parse(raw: bytes, fields: FieldNames, _name: str) -> Entry:
    """Read one row again, as its dead letter wrote it down."""
    return read_line(raw, fields, 0)


def _entry(record: dict[str, Any], row: Any, fields: FieldNames, place: int) -> Entry:
    entry = read_fields(record, fields, place, record)
    return Entry(place, record, entry.page, entry.fault, entry.detail, row)
