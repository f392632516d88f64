"""Arrow, with the library itself: what Spark and Ray send to their workers."""

from __future__ import annotations

from typing import Any

import pytest

from scrubber.integrations.batch import OUTPUTS, Fields

pa = pytest.importorskip("pyarrow")
from scrubber.integrations.arrow import clean_batch, written_schema


@pytest.mark.parametrize("kind", ["Table", "RecordBatch"])
def test_pages_are_cleaned(rows: list[dict[str, Any]], check: Any, kind: str) -> None:
    batch = getattr(pa, kind).from_pylist(rows)
    cleaned = clean_batch(batch)
    assert type(cleaned) is type(batch)
    check.cleaned(cleaned.to_pylist())


@pytest.mark.parametrize("count", [0, 2])
def test_the_schema_is_known_before(rows: list[dict[str, Any]], count: int) -> None:
    fields = Fields(out=tuple(OUTPUTS))
    table = pa.Table.from_pylist(rows).slice(0, count).replace_schema_metadata({"owner": "valley"})
    cleaned = clean_batch(table, fields)
    assert cleaned.schema.equals(written_schema(table.schema, fields), check_metadata=True)
    assert cleaned.schema.field("html").type == pa.binary()
    assert cleaned.schema.metadata == {b"owner": b"valley"}


def test_a_written_column_takes_the_place_of_its_namesake(rows: list[dict[str, Any]]) -> None:
    table = pa.table({"error": [1], "text": [rows[1]["text"].encode()], "n": [2]})
    cleaned = clean_batch(table, Fields(out=("text",)))
    assert cleaned.schema.names == ["error", "text", "n"]
    assert cleaned.to_pylist()[0]["error"] is None


def test_a_failed_row_has_nulls_where_a_column_changes_its_type() -> None:
    table = pa.table({"text": [b"%PDF-1.7\n" + bytes(range(256))], "title": [5]})
    [row] = clean_batch(table, Fields(out=("text", "title"))).to_pylist()
    assert (row["text"], row["title"]) == (None, None)
    assert row["error"].startswith("BinaryInput: ")
