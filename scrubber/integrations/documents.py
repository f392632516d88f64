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
        documents: the page and its metadata, in which `fields.url`, `fields.content_type` and `fields.date` are looked
            up.
        fields: what is written; `fields.text` and `fields.html` have no meaning here.
        cleaner: as for `clean_records`.

    Yields:
        The cleaned text, and all other written fields but `error`. For a document that can't be cleaned None, and
        `error` alone.
    """
    out = ("text", *(name for name in fields.out if name != "text"))
    inner = replace(fields, text="text", html="html", out=out, prefix="")
    known = (fields.url, fields.content_type, fields.date)
    records = ({"text": page, **{name: metadata.get(name) for name in known}} for page, metadata in documents)
    for record in clean_records(records, inner, cleaner=cleaner):
        failed = record[ERROR] is not None
        written = {fields.prefix + name: record[name] for name in ((ERROR,) if failed else out[1:])}
        yield None if failed else record["text"], written


def joined(value: Any) -> Any:
    """Return a list of strings as one string; anything else as it is.

    >>> joined(["paywall", "truncated"]), joined([]), joined(0.5)
    ('paywall; truncated', '', 0.5)
    """
    strings = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return SEPARATOR.join(value) if strings else value


def plain(written: Record) -> dict[str, Any]:
    """Return what stores of vectors take: plain values, nothing for what the page does not have."""
    values = {name: joined(value) for name, value in written.items()}
    return {name: value for name, value in values.items() if value not in (None, "")}
