"""pandas, with the library itself."""

from __future__ import annotations

from typing import Any

import pytest

from scrubber import Cleaner
from scrubber.integrations.batch import Fields

pd = pytest.importorskip("pandas")
from scrubber.integrations.pandas import clean_frame


def records(frame: Any) -> list[dict[str, Any]]:
    """Return the rows, None for what is missing."""
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def test_pages_of_a_frame_are_cleaned(rows: list[dict[str, Any]], check: Any) -> None:
    frame = pd.DataFrame(rows)
    before = frame.copy(deep=True)
    check.cleaned(records(clean_frame(frame)))
    pd.testing.assert_frame_equal(frame, before)


def test_index_and_types_of_other_columns_stay(rows: list[dict[str, Any]]) -> None:
    frame = pd.DataFrame(rows).astype({"id": "int16"}).set_index(pd.Index([7, 7, 1, 0]))
    cleaned = clean_frame(frame)
    assert list(cleaned.index) == [7, 7, 1, 0]
    assert cleaned["id"].dtype == "int16"
    assert cleaned["expected_f1"].dtype == "float64"


def test_a_frame_without_rows_gets_the_columns() -> None:
    cleaned = clean_frame(pd.DataFrame({"html": []}), Fields(out=("text", "expected_f1")))
    assert list(cleaned.columns) == ["html", "text", "expected_f1", "error"]
    assert cleaned["expected_f1"].dtype == "float64"


def test_a_prefix_keeps_columns_of_the_same_name(rows: list[dict[str, Any]], quoting_cleaner: Cleaner) -> None:
    cleaned = clean_frame(pd.DataFrame(rows[1:2]), Fields(prefix="clean_"), cleaner=quoting_cleaner)
    assert cleaned["text"].tolist() == [rows[1]["text"]]
    assert cleaned["clean_text"].iloc[0].startswith("Share on Facebook")


def test_a_frame_without_pages_is_refused() -> None:
    with pytest.raises(ValueError, match="no column “html” or “text”: name the one"):
        clean_frame(pd.DataFrame({"body": ["a"]}))
