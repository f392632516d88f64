"""Tables: only the columns that hold pages become Python objects, and only the written ones are made anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scrubber.integrations.batch import ERROR, Fields, clean_records
from scrubber.pipeline import Cleaner


def clean_columns(
    columns: Mapping[str, Sequence[Any]], fields: Fields, *, cleaner: Cleaner | None = None
) -> dict[str, list[Any]]:
    """Return the written columns for those that hold the pages.

    Args:
        columns: columns of one length by name; only those of `fields.read` are looked at.
        fields: where the page is and what is written.
        cleaner: as for `clean_records`.

    Returns:
        A list for each of `fields.written`, as long as the columns. In the row of a page that can't be
        cleaned, all are None but `error`: what such a row held need not fit a written column's type.

    Raises:
        ValueError: there is neither a column of HTML nor one of text.
    """
    if fields.html not in columns and fields.text not in columns:
        raise ValueError(
            f'no column “{fields.html}” or “{fields.text}”: name the one that holds pages, as in Fields(html="body")'
        )
    read = {name: columns[name] for name in fields.read if name in columns}
    rows = (dict(zip(read, values, strict=True)) for values in zip(*read.values(), strict=True))
    written: dict[str, list[Any]] = {name: [] for name in fields.written}
    for record in clean_records(rows, fields, cleaner=cleaner):
        failed = record[fields.prefix + ERROR] is not None
        for name, what in fields.written.items():
            written[name].append(None if failed and what != ERROR else record[name])
    return written
