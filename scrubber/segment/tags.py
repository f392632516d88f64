"""Tags without number, which are taken out before a page is parsed: a parser holds some 330 bytes for each.

First go those of formatting, where parsers would open them again and again; then those between the first and the
last thousands, whose text becomes paragraphs.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from re import Match
from typing import NamedTuple

from scrubber.segment.grammar import (
    FORMATTING,
    KEPT,
    LINE_ENDS,
    PIECE,
    PREFORMATTED,
    QUOTED_ATTRIBUTES,
    UNCOUNTED,
    compiled,
)

MAX_TAGS = 50_000
"""Tags, end tags too. Of 2,500 real pages the fullest has 25,500."""

BYTES_A_TAG = 12
"""Bytes for each tag on pages that have more: real pages of many tags have at least 17."""

REOPENED = 2
"""Elements that may be opened again, for each tag that a page may have: 90,000 on the worst of the real pages."""

SAME = 3
"""Tags written alike that wait to be opened again; by the HTML standard a parser forgets the first at the fourth."""

WHOLE_TAGS = 10_000
"""Tags at the top, and at the end, of a page with too many that stay as they are."""

LEAST_LINE = 40
"""Bytes of a line between them. Shorter ones are joined, for each takes a parser and all that follows memory."""

_BEGINNING = compiled(r"</?+[a-zA-Z][^\s/>]{0,15}+")
_NAMES = "|".join(sorted(name.decode() for name in FORMATTING))
_FIRST_LETTERS = "".join(sorted({name[0] for name in [*_NAMES.split("|"), *_NAMES.upper().split("|")]}))
_UNCLOSED = compiled(
    rf"<(?=[{_FIRST_LETTERS}])(?i:({_NAMES})(?=[\s/>])(?:({QUOTED_ATTRIBUTES}>)(?![^<]*+</\1>)|(?!{QUOTED_ATTRIBUTES}>)))"
)
"""Tags of formatting that do not end after mere text: name, and attributes where they are written in a plain way."""


_SHORT_LINES = compiled(rf"(?s:.{{1,{LEAST_LINE}}})[^\r\n]*+[\r\n]?+")
_BLANKS = bytes.maketrans(b"\r\n", b"  ")

_SHOWN = (b"<!", b"<?", b"</", b"<xmp")
"""How pieces without a name begin that stay: comments, for they may end otherwise than it seems."""


class Tags(NamedTuple):
    """How each tag of a page begins, in order (`<div`, `</P`), at most 16 characters of its name; and how often."""

    begun: list[bytes]
    counts: Counter[bytes]

    @classmethod
    def of(cls, markup: bytes) -> Tags:
        """Find them; what looks like one in a script or a comment counts too."""
        begun = _BEGINNING.findall(markup)
        return cls(begun, Counter(begun))


def limit_tags(markup: bytes, tags: Tags) -> bytes:
    """Take out formatting that would be opened again without end, and most tags of a page with too many.

    The text stays, and its lines but for short ones. A line end counts as a tag where `pre` may show it. A page
    within the limits comes back as the same object.
    """
    allowed = max(MAX_TAGS, len(markup) // BYTES_A_TAG)
    if _may_reopen(markup, tags, REOPENED * allowed) and _reopens(markup, REOPENED * allowed):
        markup = _without_formatting(markup)
        tags = Tags.of(markup)
    if len(tags.begun) > allowed:
        markup = _flattened(markup)
    if _line_ends(markup, tags) > allowed:
        markup = _short_lines_joined(markup)
    return markup


def _line_ends(markup: bytes, tags: Tags) -> int:
    """Return how many line ends a page may show."""
    if any(beginning[1:].lower() in PREFORMATTED for beginning in tags.counts):
        return markup.count(b"\n") + markup.count(b"\r")
    return 0


def _short_lines_joined(markup: bytes) -> bytes:
    """Put a blank for each line end but where `LEAST_LINE` bytes stand since the last."""
    return _SHORT_LINES.sub(lambda lines: lines[0][:-1].translate(_BLANKS) + lines[0][-1:], markup)


def _may_reopen(markup: bytes, tags: Tags, most: int) -> bool:
    """Tell cheaply whether more elements than `most` may be opened again: no end tag counts but one after mere text."""
    opened = sum(count for beginning, count in tags.counts.items() if beginning[1:].lower() in FORMATTING)
    if opened * len(tags.begun) <= most:
        return False
    unclosed = Counter(_UNCLOSED.findall(markup))
    waiting = sum(min(count, SAME) if tag[1] else count for tag, count in unclosed.items())
    return waiting * len(tags.begun) > most


def _reopens(markup: bytes, most: int) -> bool:
    """Tell whether more elements than `most` may be opened again: at each tag, all formatting that is open."""
    waiting: list[tuple[bytes, bytes]] = []
    made = 0
    for tag in PIECE.finditer(markup):
        name = _name(tag)
        if name in FORMATTING:
            _wait(waiting, name, tag)
        made += len(waiting)
        if made > most:
            return True
    return False


def _wait(waiting: list[tuple[bytes, bytes]], name: bytes, tag: Match[bytes]) -> None:
    """Note a tag of formatting, or that the last of its name has ended."""
    if not tag[1]:
        if waiting.count((name, tag[0])) < SAME:
            waiting.append((name, tag[0]))
        return
    for place in reversed(range(len(waiting))):
        if waiting[place][0] == name:
            del waiting[place]
            return


def _name(piece: Match[bytes]) -> bytes:
    """Return the name of a tag; b"" for a comment, and for an element with raw content."""
    return (piece[2] or b"").lower()


def _without_formatting(markup: bytes) -> bytes:
    kept, start = bytearray(), 0
    for tag in PIECE.finditer(markup):
        if _name(tag) in FORMATTING:
            kept += markup[start : tag.start()]
            start = tag.end()
    return bytes(kept + markup[start:])


def _flattened(markup: bytes) -> bytes:
    """Return a page with its first and last tags, and with paragraphs of text between."""
    pieces = PIECE.finditer(markup)
    first = next(islice(pieces, WHOLE_TAGS - 1, None), None)
    last = _start_of_the_last(markup)
    if first is None or first.end() >= last:
        return markup
    made = bytearray(markup[: first.end()])
    begun: Counter[bytes] = Counter()
    start, length, ended = first.end(), 0, True
    for piece in pieces:
        text = markup[start : piece.start()]
        if size := len(text.strip()):
            if ended:
                long = max(length, size) >= LEAST_LINE
                made += b"<p>" if long else b" "
                length = 0 if long else length
            ended = False
            length += size
        made += text
        start = piece.start()
        if start >= last:
            break
        start = piece.end()
        name = _name(piece)
        ended = ended or name in LINE_ENDS
        if _stays(piece, name, begun):
            made += piece[0]
    return bytes(made + markup[start:])


def _start_of_the_last(markup: bytes) -> int:
    """Return where the last `WHOLE_TAGS` begin, at least."""
    size = WHOLE_TAGS
    while size < len(markup) and len(_BEGINNING.findall(markup, len(markup) - size)) < WHOLE_TAGS:
        size *= 2
    return max(len(markup) - size, 0)


def _stays(piece: Match[bytes], name: bytes, begun: Counter[bytes]) -> bool:
    """Tell whether a tag stays among paragraphs; note in `begun` the elements whose end tags do not.

    Scripts and the like go, but for what is shown.
    """
    if not name:
        return piece[0][:4].lower().startswith(_SHOWN)
    if name in KEPT:
        return True
    if not piece[1]:
        begun[name] += 1
    elif begun[name]:
        begun[name] -= 1
    else:
        return name not in UNCOUNTED
    return False
