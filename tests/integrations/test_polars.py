"""Polars, with the library itself."""

from __future__ import annotations

from typing import Any

import pytest

from scrubber import Cleaner
from scrubber.integrations.batch import OUTPUTS, Fields

pl = pytest.importorskip("polars")
from scrubber.integrations.polars import clean_frame


def test_pages_of_a_frame_are_cleaned(rows: list[dict[str, Any]], check: Any) -> None:
    check.cleaned(clean_frame(pl.DataFrame(rows)).to_dicts())


@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
def test_a_lazy_frame_is_cleaned_when_it_is_collected(rows: list[dict[str, Any]], check: Any, engine: Any) -> None:
    lazy = clean_frame(pl.LazyFrame(rows))
    check.cleaned(lazy.sort("id").collect(engine=engine).to_dicts())
    picked = lazy.filter(pl.col("error").is_null()).select("id", "title").sort("id").collect(engine=engine)
    assert picked.rows() == [(1, "Old bridge closed by flood"), (2, None)]


def test_the_schema_is_the_same_for_no_rows_and_for_a_lazy_frame(rows: list[dict[str, Any]]) -> None:
    frame, fields = pl.DataFrame(rows), Fields(out=tuple(OUTPUTS))
    schema = clean_frame(frame, fields).schema
    assert clean_frame(frame.clear(), fields).schema == schema
    assert clean_frame(frame.lazy(), fields).collect_schema() == schema
    assert schema["id"] == pl.Int64
    assert schema["flags"] == pl.List(pl.String)


def test_removed_stretches_are_structs(rows: list[dict[str, Any]], quoting_cleaner: Cleaner) -> None:
    frame, fields = pl.DataFrame(rows[1:2]), Fields(out=("removed",))
    [[removed]] = clean_frame(frame, fields)["removed"].to_list()
    assert (removed["label"], removed["start"], removed["end"]) == ("navigation", 0, len("Share on Facebook\n\n"))
    assert clean_frame(frame, fields, cleaner=quoting_cleaner)["removed"].to_list() == [[]]
