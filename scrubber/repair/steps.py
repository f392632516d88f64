"""The steps of repair, each a function from a text to its changes, in the order in which they are made."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from re import Match

from scrubber.repair.characters import (
    BIDI,
    BIDI_SET,
    BLANK,
    BLANK_SET,
    CONTROL,
    HIDDEN_BREAK,
    JOINER,
    RTL,
    UNJOINED,
    ZERO_WIDTH,
)
from scrubber.repair.edits import Change, sub
from scrubber.repair.gate import FOLDABLE_QUOTE, FOLDABLE_WIDTH
from scrubber.repair.marks import MARK_RUN, cap_marks
from scrubber.repair.mojibake import dropped_quotes, lost_quotes, mojibake


def _join_surrogates(match: Match[str]) -> str:
    """Pairs joined, lone surrogates replaced."""
    return match[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


_HAS_RTL = re.compile(f"[{RTL}]")
_JOINERS_BESIDE = re.compile(f"(?:(?<=[{UNJOINED}])|\\A)[{JOINER}]+(?=[{UNJOINED}]|\\Z)|([{JOINER}])\\1+")
_STRAY_NEXT_LINE = re.compile("(?<![\x80-\u017f])\x85")
_OTHER_C1 = re.compile("[\x80-\x84\x86-\x9f]")

_BIDI_RUN = re.compile(f"[{BIDI}]+")
_LEADING_RTL_MARKS = re.compile(f"[\u061c\u200f]+(?=[{RTL}])")
_WORD = re.compile("[^ ]+")


def _next_line_to_space(text: str) -> Iterator[Change]:
    """U+0085, unless it follows a Latin letter or sign, or stands among other C1 codes: then it is damage."""
    if "\x85" in text and not _OTHER_C1.search(text):
        yield from sub(_STRAY_NEXT_LINE, " ")(text)


def _drop_bidi(text: str) -> Iterator[Change]:
    """Bidi controls without effect: all of them in a left-to-right line, those at the ends of another."""
    edge = BIDI_SET + BLANK_SET
    last = len(text.rstrip(edge)) if _HAS_RTL.search(text) else 0
    lead = _LEADING_RTL_MARKS.match(text)
    for match in _BIDI_RUN.finditer(text):
        if match.start() >= last or (lead and match.end() <= lead.end()):
            yield Change(match.start(), match.end(), "")


def _trim(text: str) -> Iterator[Change]:
    """Blanks at either end."""
    lead = len(text) - len(text.lstrip(BLANK_SET))
    yield Change(0, lead, "")
    if lead < len(text):
        yield Change(len(text.rstrip(BLANK_SET)), len(text), "")


def _compose(text: str) -> Iterator[Change]:
    """Canonical composition, word by word: a space composes with nothing."""
    if unicodedata.is_normalized("NFC", text):
        return
    for match in _WORD.finditer(text):
        if not match[0].isascii():
            yield Change(match.start(), match.end(), unicodedata.normalize("NFC", match[0]))


_DASH_NO_BREAK = re.compile("(?<= [–—])\xa0")
_DEBRIS = re.compile("(?<=[0-9a-z.,;:!?)\\]%\"'”’»])Â(?=[ ]|\\Z)")

Step = tuple[str, Callable[[str], Iterable[Change]]]

FIRST: tuple[Step, ...] = (
    ("surrogates", sub(re.compile("[\ud800-\udfff]+"), _join_surrogates)),
    ("control-characters", sub(re.compile(f"\x1b\\[[0-9;]*[a-zA-Z]|[{CONTROL}]+"), "")),
    ("fold-spaces", sub(re.compile(f"[{HIDDEN_BREAK}]"), " ")),
    ("zero-width", sub(re.compile(f"[{ZERO_WIDTH}]+"), "")),
    ("fold-spaces", _next_line_to_space),
    ("combining-run", sub(MARK_RUN, cap_marks)),
)
ENCODING: tuple[Step, ...] = (
    ("compose", _compose),
    ("mojibake", lost_quotes),
    ("mojibake", dropped_quotes),
    ("mojibake", mojibake),
    ("mojibake", sub(_DEBRIS, "")),
)
INVISIBLES: tuple[Step, ...] = (
    ("zero-width", sub(re.compile(f"[\xad{ZERO_WIDTH}]+"), "")),
    ("zero-width", sub(_JOINERS_BESIDE, lambda match: match[1] or "")),
    ("bidi-controls", _drop_bidi),
)
BLANKS: tuple[Step, ...] = (
    ("fold-spaces", _trim),
    ("fold-spaces", sub(re.compile(f"[{BLANK}]{{2,}}"), " ")),
    ("fold-spaces", sub(_DASH_NO_BREAK, " ")),
)
QUOTES: Step = ("quotes", sub(FOLDABLE_QUOTE, lambda match: '"' if match[0] >= "\u201c" else "'"))
WIDTH: Step = ("width", sub(FOLDABLE_WIDTH, lambda match: unicodedata.normalize("NFKC", match[0])))
