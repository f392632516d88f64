"""Everything that decides what a run writes, in one frozen object that every worker is given."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Literal

import scrubber
from scrubber.corpus.fields import FieldNames
from scrubber.hookspecs import GROUP
from scrubber.pipeline import Cleaner
from scrubber.repair import RepairOptions

PAGE_SECONDS = 30.0
"""Seconds. The slowest of real pages takes under one; what takes this long does not end."""

PAGE_MEMORY = 2048
"""MiB that a page may need beyond what the worker holds; a page of the greatest size stays below."""

PART_RECORDS = 8192
"""Records of one part of the output: a file of some ten MB, and what is done again after a crash at the most."""

SHARD_BYTES = 32 * 1024 * 1024
"""Bytes of input that one task reads: seconds of work, so that workers end together."""


@dataclass(frozen=True, slots=True)
class Cleaning:
    """The options of the cleaner."""

    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    quotes: Literal["as-written", "straight"] = "as-written"
    width: Literal["as-written", "fold"] = "as-written"
    folders: tuple[str, ...] = ()
    sites: bool = True

    def cleaner(self) -> Cleaner:
        """Make the cleaner.

        Raises:
            PluginError: a plugin can't be loaded.
            ValueError: a label does not exist, or is both kept and dropped.
        """
        return Cleaner(
            plugin_folders=self.folders,
            bundled=self.sites,
            installed=self.sites,
            keep=self.keep,
            drop=self.drop,
            repair=RepairOptions(self.quotes, self.width),
        )


@cache
def shared_cleaner(cleaning: Cleaning) -> Cleaner:
    """Return the cleaner of this process, made once."""
    return cleaning.cleaner()


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is asked to do.

    Attributes:
        form: how parts are written, `jsonl` (compressed with zstd) or `parquet`.
        sidecar: write what was removed instead of the article.
        page_seconds: time that one page may take.
        page_memory: MiB that one page may need.
        part_records: records of one part.
        shard_bytes: bytes of input that one task reads.
    """

    cleaning: Cleaning = field(default_factory=Cleaning)
    fields: FieldNames = field(default_factory=FieldNames)
    form: Literal["jsonl", "parquet"] = "jsonl"
    sidecar: bool = False
    page_seconds: float = PAGE_SECONDS
    page_memory: int = PAGE_MEMORY
    part_records: int = PART_RECORDS
    shard_bytes: int = SHARD_BYTES

    def describe(self) -> dict[str, Any]:
        """Return the settings as JSON holds them, with the versions of all that has a say in the output."""
        return {**asdict(self), "versions": dict(_versions(self.cleaning))}


def _versions(cleaning: Cleaning) -> Iterator[tuple[str, str]]:
    yield "scrubber", scrubber.__version__
    for point in entry_points(group=GROUP) if cleaning.sites else ():
        if point.dist:
            yield f"package {point.dist.name}", point.dist.version
    for folder in cleaning.folders:
        yield f"folder {folder}", _digest(Path(folder))


def _digest(folder: Path) -> str:
    """Return a digest of the files that say how sites are cleaned; cases and notes beside them do not count."""
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted((*folder.rglob("*.toml"), *folder.rglob("*.py"))):
        digest.update(bytes(path.relative_to(folder)) + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
