"""Questions about paths that never raise: a name too long or a folder without access is just not there."""

from __future__ import annotations

from pathlib import Path


def is_folder(path: str | Path) -> bool:
    """Tell whether there is a folder of this name, as far as can be seen."""
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):
        return False


def is_file(path: str | Path) -> bool:
    """Tell whether there is a file of this name, as far as can be seen; links are followed."""
    try:
        return Path(path).is_file()
    except (OSError, ValueError):
        return False
