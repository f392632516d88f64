"""A copy of the project in which source is changed and tests are run, so that the checkout stays as it is."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from _root import ROOT

COPIED = ("scrubber", "plugins", "fixtures", "seeds", "tests", "docs", "benchmarks", "pyproject.toml", "README.md")
"""What the tests need."""

LEFT_OUT = shutil.ignore_patterns("__pycache__", ".*", "out")


def copy_project(home: Path) -> None:
    """Copy the project into an empty folder, or one that is not there yet."""
    home.mkdir(exist_ok=True)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, home / name, ignore=LEFT_OUT)
        else:
            shutil.copy2(source, home / name)


@contextmanager
def changed(path: Path, source: str) -> Iterator[None]:
    """Let a file hold another source for as long as the block runs."""
    before = path.read_bytes()
    path.write_text(source, encoding="utf-8")
    try:
        yield
    finally:
        path.write_bytes(before)
