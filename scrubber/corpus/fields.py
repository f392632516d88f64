"""Which fields of a record are the page, its address, its name and its day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scrubber.corpus.entries import Entry
from scrubber.days import day_from
from scrubber.model import Page

CONTENT_FIELDS = ("html", "text", "content", "raw_content")
"""Fields that hold the page where none is named; the first that a record has counts: HTML says more than text."""


@dataclass(frozen=True, slots=True)
class FieldNames:
    """The names of fields in the input, and of the two that are written.

    `content` is None for the first of `CONTENT_FIELDS` that a record has. `text` and `report` are the names of the
    article and of all that is said of it.
    """

    content: str | None = None
    url: str = "url"
    id: str = "id"
    content_type: str = "content_type"
    date: str = "date"
    text: str = "text"
    report: str = "scrubber"

    def content_of(self, record: Mapping[str, Any]) -> str | None:
        """Return the name of the field that holds the page, None where the record has none."""
        if self.content is not None:
            return self.content if self.content in record else None
        return next((name for name in CONTENT_FIELDS if name in record), None)


def read_fields(record: Mapping[str, Any], fields: FieldNames, place: int, raw: bytes | Mapping[str, Any]) -> Entry:
    """Return the entry of a record: all but the content is passed through."""
    name = fields.content_of(record)
    if name is None:
        wanted = f"“{fields.content}”" if fields.content else f"any of {', '.join(CONTENT_FIELDS)}"
        return Entry(place, raw, fault="no_content", detail=f"the record has no field {wanted}")
    content = record[name]
    if not isinstance(content, str | bytes):
        return Entry(place, raw, fault="no_content", detail=f"“{name}” is no text: {type(content).__name__}")
    rest = {key: value for key, value in record.items() if key != name}
    for taken in (fields.text, fields.report):
        if taken in rest:
            hint = f"name ours otherwise, such as --field {'text' if taken == fields.text else 'report'}=cleaned"
            return Entry(place, raw, fault="field_taken", detail=f"the record has a field “{taken}” of its own; {hint}")
    url, name_of, content_type = (_text(rest.get(key)) for key in (fields.url, fields.id, fields.content_type))
    day = day_from(rest.get(fields.date))
    return Entry(place, raw, Page(content, url, content_type, name_of, rest, day))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
