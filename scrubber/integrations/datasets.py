"""Hugging Face datasets: clean the pages of a dataset with `map`."""

from __future__ import annotations

from functools import partial
from typing import Any, TypeVar

from datasets import Dataset, Features, IterableDataset, List, Value

from scrubber.integrations.batch import Fields
from scrubber.integrations.columns import clean_columns
from scrubber.pipeline import Cleaner

AnyDataset = TypeVar("AnyDataset", Dataset, IterableDataset)

TEXT = Value("string")
STRETCH = {"start": Value("int64"), "end": Value("int64"), "label": TEXT, "rule": TEXT, "text": TEXT}
TYPES = {"captions": List(TEXT), "flags": List(TEXT), "expected_f1": Value("float64"), "removed": List(STRETCH)}
"""The types of written columns that do not hold text."""


def clean_dataset(
    dataset: AnyDataset, fields: Fields | None = None, *, cleaner: Cleaner | None = None, **options: Any
) -> AnyDataset:
    """Return a dataset with the same rows, its pages cleaned.

    The types of the written columns are given to `map`: it would take them from the first batch, and fail at the first
    byline after a batch without any.

    Args:
        dataset: one split, in memory or streamed; a row a page.
        fields: which columns hold the pages and which are written.
        cleaner: as for `clean_records`; sent to the workers as how it was made.
        options: of `map`, such as `num_proc` or `batch_size`.
    """
    fields = fields or Fields()
    types = {name: TYPES.get(what, TEXT) for name, what in fields.written.items()}
    known = None if dataset.features is None else Features({**dataset.features, **types})
    step = partial(clean_columns, fields=fields, cleaner=cleaner)
    return dataset.map(step, batched=True, features=known, **options)
