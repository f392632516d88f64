"""Spark: clean the pages of a data frame with `mapInArrow`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

from scrubber.integrations.arrow import clean_batch, written_schema
from scrubber.integrations.batch import Fields
from scrubber.pipeline import Cleaner


def clean_frame(frame: DataFrame, fields: Fields | None = None, *, cleaner: Cleaner | None = None) -> DataFrame:
    """Return a data frame with the same rows, its pages cleaned on the workers, which need scrubber too.

    Args:
        frame: a row a page.
        fields: which columns hold the pages and which are written.
        cleaner: as for `clean_records`; sent to the workers as how it was made.
    """
    fields = fields or Fields()
    schema = from_arrow_schema(written_schema(to_arrow_schema(frame.schema), fields))
    return frame.mapInArrow(partial(clean_batches, fields=fields, cleaner=cleaner), schema)


def clean_batches(
    batches: Iterable[pa.RecordBatch], fields: Fields, cleaner: Cleaner | None = None
) -> Iterator[pa.RecordBatch]:
    """Clean the batches of one partition; for `mapInArrow`."""
    for batch in batches:
        yield clean_batch(batch, fields, cleaner=cleaner)
