"""The records of other tests: they fail where anything is said otherwise, and are read as they were written."""

from __future__ import annotations

from pathlib import Path

import pytest
import records


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "HERE", tmp_path)
    records.write("a.txt", {"one": ["1 to 2: yes", "3 to 4: no"], "two": ["5 to 5: yes"]})


def test_a_record_is_read_as_it_was_written() -> None:
    assert records.recorded("a.txt") == {"one": ["1 to 2: yes", "3 to 4: no"], "two": ["5 to 5: yes"]}
    records.check("a.txt", "one", ["1 to 2: yes", "3 to 4: no"])


@pytest.mark.parametrize("rows", [[], ["1 to 2: yes"], ["1 to 3: yes", "4 to 4: no"], ["3 to 4: no", "1 to 2: yes"]])
def test_rows_that_are_others_fail(rows: list[str]) -> None:
    with pytest.raises(AssertionError, match=r"\[one\] of a.txt"):
        records.check("a.txt", "one", rows)


def test_a_section_that_was_never_recorded_fails() -> None:
    with pytest.raises(AssertionError, match=r"a.txt has no section \[three\]"):
        records.check("a.txt", "three", [])


@pytest.mark.parametrize("row", ["", "[one]"])
def test_a_row_that_could_not_be_read_again_is_not_written(row: str) -> None:
    with pytest.raises(AssertionError):
        records.write("a.txt", {"one": [row]})


def test_numbers_with_one_answer_are_one_row() -> None:
    assert list(records.rungs(lambda number: str(number > 2), range(1, 5))) == ["1 to 2: False", "3 to 4: True"]
    assert list(records.rungs(str, range(0))) == []
