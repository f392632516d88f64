"""Ray Data: clean the pages of a dataset with `map_batches`."""

from __future__ import annotations

from functools import partial
from typing import Any

from ray.data import Dataset

from scrubber.integrations.arrow import clean_batch
from scrubber.integrations.batch import Fields
from scrubber.pipeline import Cleaner


def clean_dataset(
    dataset: Dataset, fields: Fields | None = None, *, cleaner: Cleaner | None = None, **options: Any
) -> Dataset:
    """Return a dataset with the same rows, its pages cleaned on the workers, which need scrubber too.

    Args:
        dataset: a row a page.
        fields: which columns hold the pages and which are written.
        cleaner: as for `clean_records`; sent to the workers as how it was made.
        options: of `map_batches`, such as `batch_size` or `num_cpus`.
    """
    step = partial(clean_batch, fields=fields or Fields(), cleaner=cleaner)
    return dataset.map_batches(step, batch_format="pyarrow", **options)
