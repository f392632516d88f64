"""Documents: a text with a dictionary of what is known of it, as frameworks for corpora and retrieval have them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from scrubber.integrations.batch import ERROR, Fields, Record, clean_records
from scrubber.pipeline import Cleaner

SEPARATOR = "; "
"""Stands between flags, and between captions."""


def clean_documents(
    documents: Iterable[tuple[str, Record]], fields: Fields, *, cleaner: Cleaner | None = None
) -> Iterator[tuple[str | None, dict[str, Any]]]:
    """Clean documents in order, one out for each one in.

    Args:
        documents: the page and its metadata, in which `fields.url` and `fields.content_type` are looked up.
        fields: what is written; `fields.text` and `fields.html` have no meaning here.
        cleaner: as for `clean_records`.

    Yields:
        The cleaned text and what to add to the metadata: all written fields but the text that are not empty, lists
        of strings joined by `SEPARATOR`: stores of vectors take plain values only.
        For a document that can't be cleaned None, and `error` alone.
    """
    out = ("text", *(name for name in fields.out if name != "text"))
    plain = replace(fields, text="text", html="html", out=out, prefix="")
    records = (
        {"text": page, fields.url: metadata.get(fields.url), fields.content_type: metadata.get(fields.content_type)}
        for page, metadata in documents
    )
    for record in clean_records(records, plain, cleaner=cleaner):
        text = record["text"] if record[ERROR] is None else None
        yield text, {fields.prefix + name: _plain(record[name]) for name in (*out[1:], ERROR) if record[name]}


def _plain(value: Any) -> Any:
    """Return a value as stores of vectors take it."""
    return SEPARATOR.join(value) if isinstance(value, list) and isinstance(value[0], str) else value
