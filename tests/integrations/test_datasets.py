"""Hugging Face datasets, with the library itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scrubber import Cleaner
from scrubber.integrations.batch import OUTPUTS, Fields

datasets = pytest.importorskip("datasets")
from scrubber.integrations.datasets import clean_dataset


def test_pages_of_a_dataset_are_cleaned(rows: list[dict[str, Any]], check: Any) -> None:
    check.cleaned(list(clean_dataset(datasets.Dataset.from_list(rows))))


def test_pages_of_a_stream_are_cleaned(rows: list[dict[str, Any]], check: Any) -> None:
    stream = datasets.IterableDataset.from_generator(lambda: iter(rows))
    check.cleaned(list(clean_dataset(stream, batch_size=2)))


def test_a_batch_without_bylines_does_not_fix_the_type_of_later_ones(rows: list[dict[str, Any]]) -> None:
    fields = Fields(out=tuple(OUTPUTS))
    dataset = datasets.Dataset.from_list([rows[1], rows[0]])
    cleaned = clean_dataset(dataset, fields, batch_size=1, writer_batch_size=1)
    assert cleaned["byline"][:] == [None, "Ada Example"]
    assert cleaned.features["captions"] == datasets.List(datasets.Value("string"))


@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")  # from 3.12 on, of what datasets does
def test_several_processes_and_a_cleaner_of_ones_own(rows: list[dict[str, Any]], quoting_cleaner: Cleaner) -> None:
    dataset = datasets.Dataset.from_list([rows[1]] * 4)
    cleaned = clean_dataset(dataset, Fields(out=("text",)), cleaner=quoting_cleaner, num_proc=2)
    assert all(text.startswith("Share on Facebook") for text in cleaned["text"])
    assert len(cleaned) == 4


def test_the_same_cleaning_is_taken_from_the_cache(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    datasets.Dataset.from_list(rows).save_to_disk(tmp_path / "rows")
    dataset = datasets.load_from_disk(tmp_path / "rows")
    first, again = (clean_dataset(dataset, cleaner=Cleaner(keep=["navigation"])) for _ in range(2))
    other = clean_dataset(dataset, cleaner=Cleaner(keep=["title"]))
    assert first._fingerprint == again._fingerprint != other._fingerprint
