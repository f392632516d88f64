"""Where records come from: local files, and any address that fsspec can open."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast


class Source(NamedTuple):
    """A file as it was when a run was planned. `changed` is its time of change or its tag, "" where unknown."""

    path: str
    size: int
    changed: str


def is_address(path: str) -> bool:
    """Tell whether a path is an address for fsspec, such as `s3://bucket/pages.jsonl.gz`."""
    return "://" in path


def open_source(path: str) -> BinaryIO:
    """Open a source for reading; addresses are read in blocks as they are needed.

    Raises:
        OSError: it can't be opened.
    """
    if not is_address(path):
        return Path(path).open("rb")
    import fsspec  # noqa: PLC0415 - an extra, needed for addresses alone

    return cast(BinaryIO, fsspec.open(path, "rb").open())


def look_at(path: str) -> Source:
    """Return size and time of change of a source.

    Raises:
        OSError: there is no such source, or no access.
    """
    if not is_address(path):
        status = os.stat(path)  # noqa: PTH116 - millions of them, in folders of pages
        return Source(path, status.st_size, str(status.st_mtime_ns))
    import fsspec  # noqa: PLC0415

    system, inner = fsspec.core.url_to_fs(path)
    known = system.info(inner)
    changed = next((known[key] for key in ("ETag", "etag", "LastModified", "mtime", "created") if known.get(key)), "")
    return Source(path, known["size"] or 0, str(changed))


def list_folder(path: str) -> list[str]:
    """Return the files in a folder and its sub-folders, in the order of their names, hidden ones left out."""
    if not is_address(path):
        found = (place / name for place, _, names in _walk(Path(path)) for name in names)
        return sorted(map(str, found))
    import fsspec  # noqa: PLC0415

    system, inner = fsspec.core.url_to_fs(path)
    return sorted(system.unstrip_protocol(name) for name in system.find(inner))


def _walk(folder: Path) -> list[tuple[Path, list[str], list[str]]]:
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith((".", "_"))]
        found.append((Path(place), folders, [name for name in names if not name.startswith((".", "_"))]))
    return found


def is_folder(path: str) -> bool:
    """Tell whether a path is a folder, as far as can be seen."""
    if not is_address(path):
        return Path(path).is_dir()
    import fsspec  # noqa: PLC0415

    system, inner = fsspec.core.url_to_fs(path)
    return bool(system.isdir(inner))
