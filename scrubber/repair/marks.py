"""Combining marks in a row: more than any language needs make composition slow."""

from __future__ import annotations

import re
import unicodedata
from re import Match

MARKS_MAX = 30
"""Combining marks in a row; the Stream-Safe Text Format of UAX #15 allows 30. No language comes near."""

MARK_CANDIDATE = r"[^\w\s\x00-\x7f]"
_SAMPLED_MARKS = re.compile(MARK_CANDIDATE + "{3}")
MARK_RUN = re.compile(f"{MARK_CANDIDATE}{{{MARKS_MAX + 1},}}")
_SAMPLE_STEP = 10  # characters; three samples in a row lie in any run of 31


def may_have_mark_run(text: str) -> bool:
    """Whether `text` may hold more than `MARKS_MAX` combining marks in a row; samples before it looks."""
    return _SAMPLED_MARKS.search(text[::_SAMPLE_STEP]) is not None and MARK_RUN.search(text) is not None


def cap_marks(match: Match[str]) -> str:
    """The run with no more than `MARKS_MAX` combining marks in a row."""
    kept, count = [], 0
    for character in match[0]:
        count = count + 1 if unicodedata.combining(character) else 0
        if count <= MARKS_MAX:
            kept.append(character)
    return "".join(kept)
