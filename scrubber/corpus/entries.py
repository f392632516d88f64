"""What readers give: one entry for each record of an input, whether or not there is a page in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scrubber.model import Page

SKIPPED = "skipped"
"""The fault of a record that is no page and was never meant to be one, such as a request in a WARC file."""

MAX_RECORD = 256 * 1024 * 1024
"""Bytes of one record. A page has at most 64 MiB, which JSON or base64 may double."""

CHUNK = 128
"""Records that are cleaned together: with fewer the tagger takes longer, and where one fails, all are cleaned again."""

RAW_SHOWN = 16 * 1024 * 1024
"""Bytes of raw input that a dead letter holds; what is longer lies in the input at the place that it names."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of an input.

    Attributes:
        place: where it stands: the byte at which it begins (plain JSONL, WARC), its line (compressed JSONL) or
            row (Parquet) from 0, 0 for a file of its own.
        raw: the record as it was read; a row of a table as a mapping.
        page: the page, its fields that are passed through in `meta`; None where there is none.
        fault, detail: why there is none: one word, and a sentence.
        row: the same record as a table of one row, where the input is one.
        source, kind: the file, and how it is read, where that is not the one file of the shard.
    """

    place: int
    raw: bytes | Mapping[str, Any]
    page: Page | None = None
    fault: str = ""
    detail: str = ""
    row: Any = None
    source: str = ""
    kind: str = ""

    @property
    def size(self) -> int:
        """How much there is to clean, in bytes or characters."""
        return len(self.page.content) if self.page else 0
