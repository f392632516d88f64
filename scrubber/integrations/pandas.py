"""pandas: clean the pages of a frame."""

from __future__ import annotations

from typing import Any

import pandas as pd

from scrubber.integrations.batch import Fields
from scrubber.integrations.columns import clean_columns
from scrubber.pipeline import Cleaner

TYPES = {"expected_f1": "float64"}
"""Types that pandas would not find by itself where all values are missing."""


def clean_frame(frame: pd.DataFrame, fields: Fields | None = None, *, cleaner: Cleaner | None = None) -> pd.DataFrame:
    """Return a frame with the same rows and index, its pages cleaned.

    `captions`, `flags` and `removed` are columns of lists, `expected_f1` is float64, with NaN where it is not known.

    Args:
        frame: a row a page; not changed.
        fields: which columns hold the pages and which are written.
        cleaner: as for `clean_records`.

    Raises:
        ValueError: no column holds pages.
    """
    fields = fields or Fields()
    read = {name: _values(frame[name]) for name in fields.read if name in frame.columns}
    written = clean_columns(read, fields, cleaner=cleaner)
    return frame.assign(
        **{name: pd.Series(written[name], frame.index, TYPES.get(what)) for name, what in fields.written.items()}
    )


def _values(column: pd.Series) -> list[Any]:
    """Return the values of a column, None for every kind of missing one."""
    values: list[Any] = column.astype(object).where(column.notna(), None).tolist()
    return values
