"""Records in, records out: the one function that every integration calls, and where its fields are.

A record is any mapping, such as a line of JSON or a row. It holds one page, and whatever else its owner put there.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from scrubber.days import day_from
from scrubber.errors import ScrubberError
from scrubber.model import Page, Result
from scrubber.pipeline import BATCH, Cleaner

Record = Mapping[str, Any]

HTML = "text/html"

ERROR = "error"
"""The field that says why a record could not be cleaned."""


def _removed(result: Result) -> list[dict[str, Any]]:
    source = result.page_text
    return [{**removal._asdict(), "text": source[removal.start : removal.end]} for removal in result.removed]


OUTPUTS: Mapping[str, Callable[[Result], Any]] = {
    "text": lambda result: result.text,
    "title": lambda result: result.title,
    "byline": lambda result: result.byline,
    "date": lambda result: result.date,
    "source": lambda result: result.source,
    "site_name": lambda result: result.site_name,
    "captions": lambda result: list(result.captions),
    "language": lambda result: result.language,
    "flags": lambda result: list(result.flags),
    "expected_f1": lambda result: result.quality.expected_f1,
    "removed": _removed,
}
"""Everything that can be written to a record, as in `Result`; each stretch of `removed` with its text, for its offsets
are those of `Result.page_text`, which is the visible text of HTML."""

DEFAULT_OUTPUTS = ("text", "title", "byline", "date", "language", "flags", "expected_f1")
"""What is written unless something else is asked for."""


class NoPage(ScrubberError):
    """A record does not hold a page where it should."""


class Unexpected(ScrubberError):
    """A page made scrubber fail in a way that it should not: a bug of ours, which must not end others' work."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Where the page is in a record, and what is written to it.

    Attributes:
        text: the field of flattened text, or of a page of any kind; read where there is no HTML.
        html: the field of HTML, bytes or str; None counts as not there.
        url: the field of the page's address, which chooses the site by host.
        content_type: the field of the header it was sent with, which may name the encoding of bytes.
        date: the field of the day the page is from, which chooses among rules of sites that are for some time only: a
            date, a point in time, or a text that begins with one (`2021-05-12T08:00:00Z`).
        out: the fields to write, of `OUTPUTS`; `error` is always written.
        prefix: put before the name of each written field; with "" they replace fields of the same name.

    Raises:
        ValueError: `out` names a field that does not exist, or none.
    """

    text: str = "text"
    html: str = "html"
    url: str = "url"
    content_type: str = "content_type"
    date: str = "date"
    out: tuple[str, ...] = DEFAULT_OUTPUTS
    prefix: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "out", tuple(self.out))
        if not self.out:
            raise ValueError("out names no field to write. Give at least one, such as “text”.")
        for name in self.out:
            if name not in OUTPUTS:
                near = difflib.get_close_matches(name, OUTPUTS, 1)
                hint = f"Did you mean “{near[0]}”?" if near else f"Valid are: {', '.join(OUTPUTS)}."
                raise ValueError(f"out: “{name}” can't be written. {hint}")

    @property
    def read(self) -> tuple[str, ...]:
        """The fields that are read, where a record has them."""
        return self.html, self.text, self.url, self.content_type, self.date

    @property
    def written(self) -> Mapping[str, str]:
        """The fields that are written, `error` last: the name in the record, and in `OUTPUTS`."""
        return {self.prefix + name: name for name in (*self.out, ERROR)}

    def page(self, record: Record) -> Page:
        """Return the page that a record holds.

        Raises:
            NoPage: it has none, or one that is neither text nor bytes.
        """
        html = record.get(self.html)
        content = record.get(self.text) if html is None else html
        if isinstance(content, bytearray | memoryview):
            content = bytes(content)
        if not isinstance(content, str | bytes):
            raise NoPage(self._fault(content))
        content_type = _text_or_none(record.get(self.content_type)) or (None if html is None else HTML)
        url, day = _text_or_none(record.get(self.url)), day_from(record.get(self.date))
        return Page(content, url=url, content_type=content_type, date=day)

    def _fault(self, content: object) -> str:
        if content is None:
            return f"there is no page: neither “{self.html}” nor “{self.text}” holds one"
        return f"the page is of type {type(content).__name__}, not text or bytes"


def clean_records(
    records: Iterable[Record], fields: Fields | None = None, *, cleaner: Cleaner | None = None
) -> Iterator[dict[str, Any]]:
    """Clean records in order, one out for each one in, `BATCH` at a time.

    Args:
        records: mappings that hold a page each; not changed.
        fields: where the page is and what is written; `Fields()` where it is None.
        cleaner: how pages are cleaned; where it is None, one with the plugins that are bundled and installed.

    Yields:
        A new dictionary with all fields of the record, and those of `fields.written`. `error` is None.
        Of a record that can't be cleaned, all fields as they came, written ones that it lacks as None, and
        `error` with the reason. Nothing for no records. Whatever a page does, the others are cleaned.

    >>> page = "Share on Facebook\\n\\nThe bridge stays closed until Friday, the mayor said.\\n"
    >>> [cleaned] = clean_records([{"id": 7, "text": page}], Fields(out=("text",)))
    >>> cleaned
    {'id': 7, 'text': 'The bridge stays closed until Friday, the mayor said.\\n', 'error': None}
    """
    fields = fields or Fields()
    for record, outcome in _outcomes(records, fields, cleaner or _shared_cleaner()):
        yield {**record, **_write(fields, outcome)} if isinstance(outcome, Result) else _fail(fields, record, outcome)


def _outcomes(
    records: Iterable[Record], fields: Fields, cleaner: Cleaner
) -> Iterator[tuple[Record, Result | ScrubberError]]:
    rest = iter(records)
    while batch := list(islice(rest, BATCH)):
        pages = [_page_or_fault(record, fields) for record in batch]
        cleaned = iter(_clean_pages([page for page in pages if isinstance(page, Page)], cleaner))
        for record, page in zip(batch, pages, strict=True):
            yield record, (next(cleaned) if isinstance(page, Page) else page)


def _clean_pages(pages: Sequence[Page], cleaner: Cleaner) -> Sequence[Result | ScrubberError]:
    try:
        return list(cleaner.try_many(pages))
    except Exception:  # one of them makes it fail: find out which
        return [_clean_alone(page, cleaner) for page in pages]


def _clean_alone(page: Page, cleaner: Cleaner) -> Result | ScrubberError:
    try:
        return cleaner.clean_page(page)
    except ScrubberError as error:
        return error
    except Exception as error:
        return Unexpected(f"{type(error).__name__}: {error}. This is a bug: please report it with the page.")


def _page_or_fault(record: Record, fields: Fields) -> Page | NoPage:
    try:
        return fields.page(record)
    except NoPage as fault:
        return fault


def _write(fields: Fields, result: Result) -> dict[str, Any]:
    written = {fields.prefix + name: OUTPUTS[name](result) for name in fields.out}
    return {**written, fields.prefix + ERROR: None}


def _fail(fields: Fields, record: Record, error: ScrubberError) -> dict[str, Any]:
    lacking = [name for name in fields.written if name not in record]
    return {**record, **dict.fromkeys(lacking), fields.prefix + ERROR: f"{type(error).__name__}: {error}"}


def _text_or_none(value: object) -> str | None:
    """Return a string that says something; tables hold NaN and other values for what is missing."""
    return value if isinstance(value, str) and value else None


@cache
def _shared_cleaner() -> Cleaner:
    return Cleaner()
