"""How inputs are read: one module a kind, told by the name of the file.

Each has `split`, which cuts a file into regions that can be read apart; `read`, which gives the entries of one;
and `parse`, which reads one record again from what its dead letter holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Protocol, cast

from scrubber.corpus.entries import Entry
from scrubber.corpus.fields import FieldNames
from scrubber.corpus.sources import Source

SUFFIXES = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json.gz": "jsonl_packed",
    ".jsonl.gz": "jsonl_packed",
    ".jsonl.zst": "jsonl_packed",
    ".parquet": "parquet",
    ".warc": "warc",
    ".warc.gz": "warc",
    ".wet": "warc",
    ".wet.gz": "warc",
    ".html": "pages",
    ".htm": "pages",
    ".txt": "pages",
    ".text": "pages",
}
KINDS = ("jsonl", "jsonl_packed", "parquet", "warc", "pages", "dead")


class Region(Protocol):
    """A part of the inputs: the files, and from where to where in the one that there is; see `plan.Shard`."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The files; several only where each is a page."""

    @property
    def start(self) -> int:
        """Where records begin that are of this region."""

    @property
    def stop(self) -> int:
        """Where those begin that are not any more."""


class Format(Protocol):
    """What a module of this package offers."""

    def split(self, source: Source, most: int) -> list[tuple[int, int]]:
        """Return starts and ends of regions of about `most` bytes, which together are all of the file."""

    def read(self, region: Region, fields: FieldNames) -> Iterator[Entry]:
        """Yield every record of a region, readable or not."""

    def parse(self, raw: bytes, fields: FieldNames, name: str) -> Entry:
        """Read one record again; `name` is that of its file."""


def format_of(kind: str) -> Format:
    """Return the module of a kind."""
    return cast(Format, import_module(f"scrubber.corpus.formats.{kind}"))


def kind_of(path: str) -> str | None:
    """Return the kind of a file by its name, None where it has none of the known suffixes.

    >>> kind_of("crawl/CC-MAIN-00001.warc.gz"), kind_of("notes.md")
    ('warc', None)
    """
    name = path.lower()
    return next((kind for suffix, kind in SUFFIXES.items() if name.endswith(suffix)), None)


def whole_file(source: Source, _most: int = 0) -> list[tuple[int, int]]:
    """Return one region: all of the file."""
    return [(0, source.size)]


def even_regions(source: Source, most: int) -> list[tuple[int, int]]:
    """Return regions of equal size.

    >>> even_regions(Source("a", 25, ""), 10)
    [(0, 9), (9, 17), (17, 25)]
    """
    count = max(1, -(-source.size // most))
    bounds = [-(-source.size * number // count) for number in range(count + 1)]
    return list(zip(bounds, bounds[1:], strict=False))
