"""Text of strangers made fit for a terminal: nothing in it can move the cursor or recolour the screen."""

from __future__ import annotations

import re
from re import Match

CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"
"""Controls of both sets, without tab and line feed, and surrogates, which no terminal can be sent."""

REORDERING = "\u2028\u2029\u202a-\u202e\u2066-\u2069"
"""Line separators, and the bidirectional controls that let text show in another order than it has."""

_IN_TEXT = re.compile(f"[{CONTROLS}]")
_IN_ROW = re.compile(f"[\t\n{CONTROLS}{REORDERING}]")
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}


def safe_row(text: str) -> str:
    r"""Return a text for one row of a report: line ends and whatever could forge the row become escapes.

    >>> print(safe_row("a\x1b[2Jb\nc"))
    a\x1b[2Jb\nc
    """
    return _IN_ROW.sub(_escape, text)


def safe_text(text: str) -> str:
    r"""Return a text for a terminal, its line ends and tabs as they are.

    >>> print(safe_text("a\x9b2Jb"))
    a\x9b2Jb
    """
    return _IN_TEXT.sub(_escape, text)


def safe_json(text: str) -> str:
    r"""Return the same JSON without the control characters that JSON may hold raw.

    >>> print(safe_json('"a\x9b2Jb"'))
    "a\u009b2Jb"
    """
    return _IN_TEXT.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _escape(match: Match[str]) -> str:
    character = match[0]
    code = ord(character)
    return _SHORT.get(character) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")  # noqa: PLR2004
