"""How parts are written: JSON Lines compressed with zstd, or Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from scrubber.corpus.encoding import json_line
from scrubber.corpus.entries import Entry
from scrubber.corpus.settings import Settings

ZSTD_LEVEL = 3
"""zstd's own default; 9 saves a tenth of the space for as much time as cleaning a page of text takes."""


class Writer(Protocol):
    """Writes the rows of one part."""

    suffix: str

    def encode(self, entry: Entry, row: dict[str, Any]) -> Any:
        """Return a row ready to be written; whatever is wrong with it shows here."""

    def write(self, encoded: list[Any]) -> None:
        """Write rows."""

    def close(self) -> None:
        """Write what is left, and make sure that it is on the disk."""


def open_writer(path: Path, settings: Settings) -> Writer:
    """Begin a part."""
    if settings.form == "jsonl":
        return JsonlWriter(path)
    from scrubber.corpus.parquet_writer import ParquetWriter  # noqa: PLC0415 - pyarrow is needed for Parquet alone

    return ParquetWriter(path, settings)


class JsonlWriter:
    """A row a line, in one zstd frame."""

    suffix = ".jsonl.zst"

    def __init__(self, path: Path) -> None:
        """Begin the file."""
        import zstandard  # noqa: PLC0415 - an extra

        self.file = path.open("wb")
        self.stream: Any = zstandard.ZstdCompressor(ZSTD_LEVEL).stream_writer(self.file, closefd=False)

    def encode(self, _entry: Entry, row: dict[str, Any]) -> bytes:
        """Return the line."""
        return json_line(row) + b"\n"

    def write(self, encoded: list[bytes]) -> None:
        """Write lines."""
        self.stream.write(b"".join(encoded))

    def close(self) -> None:
        """End the frame."""
        self.stream.close()
        self.file.close()
