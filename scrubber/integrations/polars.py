"""Polars: clean the pages of a frame, eager or lazy."""

from __future__ import annotations

from functools import partial
from typing import TypeVar

import polars as pl

from scrubber.integrations.batch import Fields
from scrubber.integrations.columns import clean_columns
from scrubber.pipeline import Cleaner

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)

STRETCH = pl.Struct({"start": pl.Int64, "end": pl.Int64, "label": pl.String, "rule": pl.String, "text": pl.String})
TYPES = {
    "captions": pl.List(pl.String),
    "flags": pl.List(pl.String),
    "expected_f1": pl.Float64,
    "removed": pl.List(STRETCH),
}
"""The types of written columns that do not hold text."""


def clean_frame(frame: Frame, fields: Fields | None = None, *, cleaner: Cleaner | None = None) -> Frame:
    """Return a frame with the same rows, its pages cleaned; a lazy one is cleaned when it is collected.

    Args:
        frame: a row a page; not changed.
        fields: which columns hold the pages and which are written.
        cleaner: as for `clean_records`.

    Raises:
        ValueError: no column holds pages.
    """
    fields = fields or Fields()
    if isinstance(frame, pl.LazyFrame):
        step = partial(clean_frame, fields=fields, cleaner=cleaner)
        return frame.map_batches(step, schema={**frame.collect_schema(), **_types(fields)}, streamable=True)
    read = {name: frame[name].to_list() for name in fields.read if name in frame.columns}
    written = clean_columns(read, fields, cleaner=cleaner)
    return frame.with_columns(pl.Series(name, written[name], type_) for name, type_ in _types(fields).items())


def _types(fields: Fields) -> dict[str, pl.DataType]:
    return {name: TYPES.get(what, pl.String()) for name, what in fields.written.items()}
