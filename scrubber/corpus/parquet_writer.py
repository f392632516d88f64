"""Parts in Parquet, all of one schema: columns of the input as they are, the article, and a struct of all else."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from scrubber.corpus.encoding import json_line
from scrubber.corpus.entries import Entry
from scrubber.corpus.settings import Settings

ROW_GROUP = 1024
"""Rows that are held until they are written: some MB."""

TEXTS = pa.list_(pa.string())
PASSED_THROUGH = "fields"
"""The column that holds the fields of a record as JSON, where the input has no columns."""


def removal_type(*, with_text: bool) -> Any:
    """Return the type of a removed stretch."""
    fields = [("start", pa.int64()), ("end", pa.int64()), ("label", pa.string()), ("rule", pa.string())]
    return pa.struct([*fields, ("text", pa.string())] if with_text else fields)


def report_type(*, sidecar: bool) -> Any:
    """Return the type of all that is said of a page; `rows.report_of` gives its fields."""
    texts = ("title", "byline", "date", "origin", "language", "encoding")
    lists = ("captions", "flags", "sites", "repairs")
    figures = ("kept_share", "confidence", "expected_f1")
    return pa.struct(
        [
            ("source", pa.string()),
            ("place", pa.int64()),
            *((name, pa.string()) for name in texts),
            *((name, TEXTS) for name in lists),
            *((name, pa.float64()) for name in figures),
            ("length", pa.int64()),
            *([("digest", pa.string())] if sidecar else []),
            ("removed", pa.list_(removal_type(with_text=sidecar))),
        ]
    )


class Encoded(NamedTuple):
    """A row: what was passed through, as it was in a table or as named texts, and what is ours."""

    table_row: Any
    own: dict[str, str | None]
    ours: dict[str, Any]


class ParquetWriter:
    """Writes row groups of `ROW_GROUP` rows."""

    suffix = ".parquet"

    def __init__(self, path: Path, settings: Settings) -> None:
        """Name the file; it is begun with the first row, which says what columns there are."""
        self.path, self.settings = path, settings
        self.held: list[Encoded] = []
        self.writer: Any = None

    def encode(self, entry: Entry, row: dict[str, Any]) -> Encoded:
        """Take a row apart. Lone surrogates, which Parquet can't hold, become escapes."""
        fields = self.settings.fields
        ours = _sound({name: row[name] for name in (fields.text, fields.report) if name in row})
        if entry.row is not None:
            names = [name for name in entry.row.schema.names if name in row]
            return Encoded(entry.row.select(names), {}, ours)
        own = {name: value for name, value in row.items() if name not in ours}
        named = {name: _text(own.get(name)) for name in (fields.id, fields.url)}
        return Encoded(None, {**named, PASSED_THROUGH: json_line(own).decode()}, ours)

    def write(self, encoded: list[Encoded]) -> None:
        """Write rows."""
        self.held += encoded
        while len(self.held) >= ROW_GROUP:
            self._write_group(self.held[:ROW_GROUP])
            del self.held[:ROW_GROUP]

    def close(self) -> None:
        """Write what is left; without rows there is no file."""
        if self.held:
            self._write_group(self.held)
        if self.writer is not None:
            self.writer.close()

    def _write_group(self, rows: list[Encoded]) -> None:
        table = self._table(rows)
        if self.writer is None:
            self.writer = pq.ParquetWriter(self.path, table.schema, compression="zstd")
        self.writer.write_table(table, row_group_size=ROW_GROUP)

    def _table(self, rows: list[Encoded]) -> Any:
        fields, sidecar = self.settings.fields, self.settings.sidecar
        types = {} if sidecar else {fields.text: pa.string()}
        types[fields.report] = report_type(sidecar=sidecar)
        ours = pa.Table.from_pylist([row.ours for row in rows], schema=pa.schema(types.items()))
        if rows[0].table_row is not None:
            own = pa.Table.from_batches([row.table_row for row in rows])
        else:
            texts = [(name, pa.string()) for name in (fields.id, fields.url, PASSED_THROUGH)]
            own = pa.Table.from_pylist([row.own for row in rows], schema=pa.schema(texts))
        for name in ours.column_names:
            own = own.append_column(ours.schema.field(name), ours.column(name))
        return own.combine_chunks()


def _text(value: Any) -> str | None:
    return _sound(value) if isinstance(value, str) else None


def _sound(value: Any) -> Any:
    """Return a value with the lone surrogates in its texts as escapes."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {name: _sound(inner) for name, inner in value.items()}
    return [_sound(inner) for inner in value] if isinstance(value, list) else value
