"""What is said on standard error, each message one line, and the two errors that the commands raise."""

from __future__ import annotations

import difflib
import sys
import traceback
from collections.abc import Iterable

from scrubber.report.safe import safe_row

ABOUT_CHARACTERS = 200
"""Characters of a path that a message shows: a whole page given for a path should not fill the screen."""


class UsageError(Exception):
    """The call is wrong; nothing was done."""


class OutputError(Exception):
    """Standard output can't be written; there is no point in going on."""


class Failure(Exception):
    """One input could not be cleaned or written; the others are not touched by it."""


def complain(message: str, about: str | None = None) -> None:
    """Print one line on standard error: `scrubber: ABOUT: message`."""
    if sys.stderr is not None:
        cut = "…" if about and len(about) > ABOUT_CHARACTERS else ""
        prefix = f"{safe_row(about[:ABOUT_CHARACTERS])}{cut}: " if about else ""
        print(f"scrubber: {prefix}{safe_row(message)}", file=sys.stderr)


def tell(message: str, about: str | None = None) -> None:
    """Print what was done, like `complain`."""
    complain(message, about)


def warn(message: str, about: str | None = None) -> None:
    """Print a warning like `complain`."""
    complain(f"warning: {message}", about)


def trace(error: BaseException) -> None:
    """Print the traceback of an error, its causes included, on standard error."""
    if sys.stderr is not None:
        traceback.print_exception(error, file=sys.stderr)


def os_reason(error: OSError) -> str:
    """Return why the system refused, in its own words and lower case."""
    reason = error.strerror or type(error).__name__
    return reason[:1].lower() + reason[1:]


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a sentence that names the nearest known name, or all of them where none is near."""
    names = [str(one) for one in known]
    close = difflib.get_close_matches(name, names, 1)
    return f"Did you mean “{close[0]}”?" if close else f"Valid are: {', '.join(names)}."
