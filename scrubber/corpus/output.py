"""The rows of a run, as its manifests name them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scrubber.corpus.folder import FolderError, RunFolder
from scrubber.corpus.formats.jsonl import read_json


def data_files(folder: RunFolder) -> list[Path]:
    """Return the files of parts, in the order of the input."""
    return [folder.path / part.data for part in folder.parts() if part.data]


def read_rows(folder: RunFolder) -> Iterator[dict[str, Any]]:
    """Yield the rows of a run, in the order of the input. Raises FolderError where a part is damaged."""
    for path in data_files(folder):
        try:
            yield from _parquet_rows(path) if path.suffix == ".parquet" else _jsonl_rows(path)
        except (ValueError, RecursionError) as error:
            raise FolderError(f"{path}: is damaged ({error})") from error


def _jsonl_rows(path: Path) -> Iterator[dict[str, Any]]:
    import zstandard  # noqa: PLC0415 - an extra

    try:
        with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
            for line in io.BufferedReader(stream):
                yield read_json(line)
    except zstandard.ZstdError as error:
        raise ValueError(error) from error


def _parquet_rows(path: Path) -> Iterator[dict[str, Any]]:
    import pyarrow.parquet as pq  # noqa: PLC0415 - an extra

    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(256):
            yield from batch.to_pylist()
