"""JSON Lines compressed with gzip or zstd: read in one go from the beginning, damaged members passed over."""

from __future__ import annotations

from collections.abc import Iterator

from scrubber.corpus.entries import Entry
from scrubber.corpus.fields import FieldNames
from scrubber.corpus.formats import Region, whole_file
from scrubber.corpus.formats.jsonl import parse, read_line
from scrubber.corpus.lines import LongLine, packed_lines
from scrubber.corpus.members import Damage, gzip_codec, unpack, zstd_codec
from scrubber.corpus.sources import open_source

__all__ = ["parse", "read", "split"]


split = whole_file  # no line can be found without reading all that is before it


def read(region: Region, fields: FieldNames) -> Iterator[Entry]:
    """Yield the records; blank lines are none."""
    path = region.paths[0]
    codec = zstd_codec() if path.lower().endswith(".zst") else gzip_codec()
    number = 0
    with open_source(path) as file:
        for line in packed_lines(unpack(file, codec)):
            if isinstance(line, Damage):
                yield Entry(line.start, line.raw, fault="damaged", detail=line.detail)
                continue
            if isinstance(line, LongLine) or line.strip():
                yield read_line(line, fields, number)
            number += 1
