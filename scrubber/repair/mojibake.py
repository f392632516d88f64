"""UTF-8 that was read as a single-byte encoding, read anew: what ftfy does, with bounds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from re import Match, Pattern
from typing import NamedTuple

from scrubber.repair.edits import Change, sub
from scrubber.repair.gate import INVISIBLE_SIGN, SUSPECT
from scrubber.repair.marks import MARK_RUN, cap_marks, may_have_mark_run

LAYERS_MAX = 8
"""Encodings peeled off one line. Twice-over is common on the web, four times has been seen; what still
changes after eight is made to change (`"\\xc2" * 1000 + "\\xa9"` peels a thousand times) and stays."""

LONG_LINE = 100_000
"""Characters from which a line is no prose. Only `LAYERS_MAX_LONG` layers are peeled off such a line."""

LAYERS_MAX_LONG = 3

CACHED_LENGTH_MAX = 32
"""Characters of an embedded piece of mojibake worth remembering: the same few curly quotes recur."""


class _Ftfy(NamedTuple):
    """The pieces of ftfy that are used; its loops are not, as they have no bound."""

    is_bad: Callable[[str], bool]
    encodings: Sequence[str]
    embedded: Pattern[str]
    altered: Pattern[bytes]
    restore_byte_a0: Callable[[bytes], bytes]
    replace_lossy_sequences: Callable[[bytes], bytes]
    fix_c1_controls: Callable[[str], str]
    tidying: Sequence[Callable[[str], str]]


@cache
def _ftfy() -> _Ftfy:
    """Import ftfy when the first suspect line turns up; it takes about 60 ms."""
    from ftfy import chardata, fixes  # noqa: PLC0415
    from ftfy.badness import is_bad  # noqa: PLC0415

    return _Ftfy(
        is_bad,
        chardata.CHARMAP_ENCODINGS,
        chardata.UTF8_DETECTOR_RE,
        chardata.ALTERED_UTF8_RE,
        fixes.restore_byte_a0,
        fixes.replace_lossy_sequences,
        fixes.fix_c1_controls,
        (
            fixes.fix_c1_controls,
            fixes.fix_line_breaks,
            fixes.fix_surrogates,
            fixes.remove_terminal_escapes,
            fixes.remove_control_chars,
        ),
    )


def undo_mojibake(text: str) -> str:
    """`text`, one line, as ftfy repairs it with its encoding steps, C1, surrogates, controls and NFC on.

    Equal to `ftfy.fix_and_explain` with entities, ligatures, widths and quotes off, except that what
    takes more than `LAYERS_MAX` rounds is returned as it came, that no more than `MARKS_MAX` marks are left
    in a row, and that time is linear in the length.
    """
    result = text
    for _ in range(LAYERS_MAX if len(text) < LONG_LINE else LAYERS_MAX_LONG):
        before = result
        result = _tidied(_decoded(result))
        if result == before:
            return result
    return text


def _tidied(text: str) -> str:
    """What ftfy does to a text after its encoding is repaired."""
    if INVISIBLE_SIGN.search(text):
        for fix in _ftfy().tidying:
            text = fix(text)
    if may_have_mark_run(text):
        text = MARK_RUN.sub(cap_marks, text)
    return unicodedata.normalize("NFC", text)


def _decoded(text: str) -> str:
    """`text` with layer after layer of mojibake peeled off, unchanged where that does not end."""
    result = text
    for _ in range(LAYERS_MAX if len(text) < LONG_LINE else LAYERS_MAX_LONG):
        before = result
        result = _peeled(result)
        if result == before:
            return result
    return text


def _peeled(text: str) -> str:
    """`text` with one layer of mojibake peeled off; mirrors one step of `ftfy.fix_encoding_and_explain`."""
    if text.isascii() or not SUSPECT.search(text) or not _ftfy().is_bad(text):
        return text
    reread = _reread_whole(text)
    if reread is not None:
        return reread
    embedded = _reread_embedded(text)
    if embedded != text:
        return embedded
    return _c1_as_windows_1252(text)


def _reread_whole(text: str) -> str | None:
    """The whole text encoded as it was wrongly decoded, and decoded as UTF-8; None where none fits."""
    for encoding in _ftfy().encodings:
        try:
            return _reread(text.encode(encoding), encoding)
        except UnicodeError:
            continue
    return None


def _reread(raw: bytes, encoding: str) -> str:
    """`raw` as UTF-8, after putting back what the wrong `encoding` commonly loses."""
    tools = _ftfy()
    if encoding != "macroman" and tools.altered.search(raw):
        raw = tools.restore_byte_a0(raw)
    if encoding.startswith("sloppy"):
        raw = tools.replace_lossy_sequences(raw)
    if b"\xed" not in raw and b"\xc0" not in raw:
        return raw.decode("utf-8")
    # CESU-8 and Java's zero; the codec of ftfy for it is quadratic.
    text = raw.replace(b"\xc0\x80", b"\x00").decode("utf-8", "surrogatepass")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def _reread_embedded(text: str) -> str:
    """The stretches of `text` that look like UTF-8 read wrongly, each repaired by itself."""

    def repaired(match: Match[str]) -> str:
        piece = match[0]
        if len(piece) == len(text):
            return piece
        return _repaired_piece(piece) if len(piece) <= CACHED_LENGTH_MAX else _repaired_piece.__wrapped__(piece)

    return _ftfy().embedded.sub(repaired, text)


@lru_cache(maxsize=4096)
def _repaired_piece(piece: str) -> str:
    """An embedded piece repaired, if it looks bad by itself."""
    return _decoded(piece) if _ftfy().is_bad(piece) else piece


def _c1_as_windows_1252(text: str) -> str:
    """Latin-1 that was meant as Windows-1252: as a whole, or failing that each C1 code by itself."""
    try:
        return text.encode("latin-1").decode("windows-1252")
    except UnicodeError:
        return _ftfy().fix_c1_controls(text)


def mojibake(text: str) -> Iterator[Change]:
    """Mojibake undone, in as small stretches as the ASCII between them allows."""
    if not text.isascii() and SUSPECT.search(text):
        undone = undo_mojibake(text)
        if undone != text or _ftfy().is_bad(undone):
            undone = _COMPANION.sub(_reread_companion, undone)
        yield from _aligned(text, undone)


# Pairs that ftfy leaves on a mixed line, as they alone are too weak a sign: accented Latin letters, U+00C0
# to U+023F, read as Windows-1252. Beside other mojibake and inside a word they are no accident.
_TRAILING_1252 = "\xa0-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_COMPANION = re.compile(f"(?<=[^\\W\\d_])[ÃÄÅÆÈ][{_TRAILING_1252}]|[ÃÄÅÆÈ][{_TRAILING_1252}](?=[^\\W\\d_])")


def _reread_companion(match: Match[str]) -> str:
    """One such pair as the letter it stands for."""
    letter = match[0].encode("cp1252").decode("utf-8")
    return letter if letter.isalpha() else match[0]


# A closing quote, U+201D, ends in a byte that Windows-1252 does not define, so it is the one that strict
# decoders lose. Where the byte left no trace, an opening quote earlier in the line is asked for.
_LOST_QUOTE_SIGN = "â€"
_LOST_QUOTE = re.compile("(?<=\\S)â€\ufffd")
_DROPPED_QUOTE = re.compile(f'(?<=\\S)â€(?!["{_TRAILING_1252}\x80-\x9f])')


def lost_quotes(text: str) -> Iterator[Change]:
    """Closing quotes of which the last byte was lost."""
    if _LOST_QUOTE_SIGN not in text:
        return
    yield from sub(_LOST_QUOTE, "”")(text)


def dropped_quotes(text: str) -> Iterator[Change]:
    """Closing quotes of which the last byte was dropped, after an opening one on the same line."""
    opening = text.find("â€œ")
    if opening < 0:
        return
    for match in _DROPPED_QUOTE.finditer(text, opening + len("â€œ")):
        yield Change(match.start(), match.end(), "”")


_NON_ASCII = re.compile("([^\x00-\x7f]+)")

_SPACED = re.compile("([^ ]+)")


def _aligned(before: str, after: str) -> Iterator[Change]:
    """What turns `before` into `after`, found by what both share: runs of ASCII, else spaces, else the ends."""
    if before == after:
        return
    for split in (_NON_ASCII.split, _SPACED.split):
        old, new = split(before), split(after)
        if old[::2] == new[::2]:
            yield from _pairwise(old, new)
            return
    yield Change(0, len(before), after)


def _pairwise(old: list[str], new: list[str]) -> Iterator[Change]:
    """The changes between two splits of the same shape."""
    position = 0
    for before, after in zip(old, new, strict=True):
        if before != after:
            yield Change(position, position + len(before), after)
        position += len(before)
