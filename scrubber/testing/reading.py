"""Reading the files of a case, with errors that say what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from scrubber.errors import ScrubberError


class CaseError(ScrubberError):
    """A case folder is incomplete or invalid; names the file and says what to do."""


def read_bytes(path: Path) -> bytes:
    """Return what a file holds. Raises CaseError where it can't be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise CaseError(f"{path}: can't be read ({error.strerror}). A case needs it.") from error


def read_text(path: Path) -> str:
    """Return a file as text. Raises CaseError where it can't be read, or is not UTF-8."""
    try:
        return read_bytes(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise CaseError(f"{path}: is not UTF-8 at byte {error.start}. Save it as UTF-8.") from error


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the hint for a name that is not known: the nearest one, or all."""
    names = [str(key) for key in known]
    close = difflib.get_close_matches(name, names, 1)
    return f"Did you mean “{close[0]}”?" if close else "Valid are: " + ", ".join(sorted(names)) + "."
