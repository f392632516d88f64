"""What `scrubber stats` counts: labels, rules and hosts, and articles that are like each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from corpora import PROSE, jsonl, page, record, write
from hypothesis import given
from hypothesis import strategies as st

from scrubber.cli import main
from scrubber.corpus.duplicates import Duplicates
from scrubber.corpus.pieces import cut, restore
from scrubber.corpus.retry import tally_of_rounds

ROOT = Path(__file__).parents[1]
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))


def stats(out: Path, capsys: pytest.CaptureFixture[str], *options: str) -> Any:
    capsys.readouterr()
    assert main(["stats", str(out), "--json", *options]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_agency_twins_among_the_seeds_are_near_duplicates_after_cleaning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two papers print one agency's story, each with its own chrome: before cleaning they are not alike enough."""
    before = Duplicates(near=True)
    assert [before.add(number, seed.read_text(encoding="utf-8")) for number, seed in enumerate(SEEDS)] == [None] * 5
    assert main(["run", *map(str, SEEDS), "-o", str(tmp_path / "out"), "--workers", "1"]) == 0
    found = stats(tmp_path / "out", capsys, "--near-duplicates")
    assert [(twin["row"], twin["like"]) for twin in found["near_duplicates"]] == [(2, 1)]
    assert (found["whole"]["near"], found["whole"]["same"]) == (1, 0)


def test_a_run_and_its_stats_agree_on_what_was_dropped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Character by character, though articles have other blanks than their pages, and also where nothing is left."""
    loose = page(2).replace("\n", "\r\n \r\n")
    write(tmp_path / "a.jsonl", jsonl([{"text": one} for one in (page(1), loose, "Home\nLog in\n", " \n", "")]))
    inputs = [*map(str, SEEDS), str(tmp_path / "a.jsonl")]
    assert main(["run", *inputs, "-o", str(tmp_path / "out"), "--workers", "1"]) == 0
    tally, whole = tally_of_rounds(tmp_path / "out"), stats(tmp_path / "out", capsys)["whole"]
    assert tally.chars == whole["chars"]
    assert tally.chars - tally.kept == sum(one["chars"] for one in whole["removed"]) > 0
    assert round(tally.dropped_share, 4) == whole["dropped_share"]


def test_characters_are_counted_by_host_label_and_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records = [record(1), record(2), {"text": PROSE}, {"url": "https://www.other.example/a", "text": page(1)}]
    source = write(tmp_path / "a.jsonl", jsonl(records))
    assert main(["run", str(source), "-o", str(tmp_path / "out"), "--workers", "1"]) == 0
    found = stats(tmp_path / "out", capsys)
    assert {host: group["pages"] for host, group in found["hosts"].items()} == {
        "": 1,
        "other.example": 1,
        "paper.example": 2,
    }
    assert found["whole"]["chars"] == sum(len(one["text"]) for one in records)
    assert found["whole"]["removed"][0]["label"] == "navigation"
    chrome = len(page(1)) - len(f"{PROSE} This is story number 1.\n\n")
    assert sum(one["chars"] for one in found["whole"]["removed"]) == 3 * chrome
    assert found["hosts"]["other.example"]["same"] == 1
    assert main(["stats", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr().out
    assert "4 pages" in printed
    assert "paper.example" in printed
    assert "1 the same as an earlier article" in printed


def test_a_sidecar_has_no_articles_and_is_counted_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write(tmp_path / "a.jsonl", jsonl([record(1)]))
    assert main(["run", str(source), "-o", str(tmp_path / "out"), "--workers", "1", "--sidecar"]) == 0
    found = stats(tmp_path / "out", capsys)
    assert (found["whole"]["pages"], found["lengths"]) == (1, [])


def test_short_articles_and_empty_ones_are_like_none() -> None:
    duplicates = Duplicates(near=True)
    assert [duplicates.add(number, text) for number, text in enumerate(["", "", "One line.", "One line more."])] == [
        None
    ] * 4
    again = duplicates.add(9, "one LINE")
    assert again is not None
    assert (again.row, again.same) == (2, True)


@given(text=st.text(), bounds=st.lists(st.integers(0, 60), max_size=8))
def test_what_was_cut_can_be_put_back(text: str, bounds: list[int]) -> None:
    ends = sorted({min(bound, len(text)) for bound in bounds})
    pairs = list(zip(ends[::2], ends[1::2], strict=False))
    removed = [{"start": start, "end": end, "text": text[start:end]} for start, end in pairs]
    assert restore(cut(text, removed), removed) == text
