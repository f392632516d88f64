"""Arrow: clean the pages of a table or of a record batch; what Spark, Ray and everything that speaks Arrow calls."""

from __future__ import annotations

from typing import TypeVar

import pyarrow as pa

from scrubber.integrations.batch import Fields
from scrubber.integrations.columns import clean_columns
from scrubber.pipeline import Cleaner

Batch = TypeVar("Batch", pa.Table, pa.RecordBatch)

STRETCH = pa.struct(
    {"start": pa.int64(), "end": pa.int64(), "label": pa.string(), "rule": pa.string(), "text": pa.string()}
)
TYPES = {
    "captions": pa.list_(pa.string()),
    "flags": pa.list_(pa.string()),
    "expected_f1": pa.float64(),
    "removed": pa.list_(STRETCH),
}
"""The types of written columns that do not hold text."""


def clean_batch(batch: Batch, fields: Fields | None = None, *, cleaner: Cleaner | None = None) -> Batch:
    """Return a table or record batch with the same rows, its pages cleaned; its schema is that of `written_schema`.

    Args:
        batch: a row a page; not changed. No written column may come to 2 GiB of text; clean smaller batches then.
        fields: which columns hold the pages and which are written.
        cleaner: as for `clean_records`.

    Raises:
        ValueError: no column holds pages.
    """
    fields = fields or Fields()
    read = {name: batch.column(name).to_pylist() for name in fields.read if name in batch.schema.names}
    columns = dict(zip(batch.schema.names, batch.columns, strict=True))
    columns |= clean_columns(read, fields, cleaner=cleaner)
    schema = written_schema(batch.schema, fields)
    return type(batch).from_arrays([_array(columns[field.name], field.type) for field in schema], schema=schema)


def written_schema(schema: pa.Schema, fields: Fields) -> pa.Schema:
    """Return the schema of a cleaned table: its own columns, then those that are new to it."""
    types = {name: TYPES.get(what, pa.string()) for name, what in fields.written.items()}
    own = [pa.field(field.name, types.pop(field.name)) if field.name in types else field for field in schema]
    return pa.schema([*own, *types.items()], schema.metadata)


def _array(values: object, type_: pa.DataType) -> pa.Array | pa.ChunkedArray:
    return pa.array(values, type_) if isinstance(values, list) else values
