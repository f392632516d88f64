"""What is cut from markup before it is parsed, so that no page takes a parser time that grows with its square.

Markup is bytes of UTF-8 here, which the parser reads: looking through them takes three quarters of the time of
characters.
"""

from __future__ import annotations

import re
from itertools import accumulate
from operator import sub
from typing import Any, NamedTuple

MAX_ATTRIBUTES = 256
"""Attributes of one tag. Parsers compare each with every other: 40,000 take seconds. Real tags have a dozen."""

MAX_VALUE = 65_536
"""Characters of an attribute's value. What is longer is data, of which no text is made."""

MAX_DEPTH = 1_000
"""Elements that may be open at once. Real pages have a few dozen; at each block the parser looks through all of
them, so that 20,000 cost seconds. Tags beyond become line breaks, which keeps the text and its lines."""

CUT_ATTRIBUTES = "cut_attributes"
CUT_DEPTH = "cut_depth"

_ENDLESS = "area base br col embed hr img input link meta param source track wbr"
_OPTIONAL = "p li dt dd tr td th thead tbody tfoot option optgroup colgroup rp rt html head body"
_UNSHOWN = "audio canvas datalist head iframe math noembed noframes rp script style svg textarea title video"
UNCOUNTED = frozenset(f"{_ENDLESS} {_OPTIONAL} {_UNSHOWN}".split())
"""Elements without an end tag, or that may leave it out; and those whose text is not shown, which stay whole."""

_LINE_NAMES = (
    "address article aside blockquote button caption center details dialog dir div dl fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup legend main menu nav ol pre search section select summary table ul"
)
_LINES = frozenset(_LINE_NAMES.split())

_NAME = r"[a-zA-Z][^\s/>]*+"
_KEY = r"[^\s/>][^\s/>=]*+"
_VALUE = r"""(?:"[^"]*+"?|'[^']*+'?|[^\s>"'][^\s>]*+)"""
_SHORT_VALUE = rf"""(?:"[^"]{{0,{MAX_VALUE}}}+"|'[^']{{0,{MAX_VALUE}}}+'|[^\s>"'][^\s>]{{0,{MAX_VALUE}}}+(?=[\s>]))"""
_FEW_ATTRIBUTES = rf"(?:[\s/]++|{_KEY}(?:\s*+=\s*+(?:{_SHORT_VALUE}|(?=>))|(?!\s*+=))){{0,{2 * MAX_ATTRIBUTES}}}+>"
_RAW_NAMES = ("script", "style", "textarea", "title", "iframe", "noembed", "noframes", "xmp")
_CONTENT = {name: rf"[^<]*+(?:<(?!/(?i:{name})[\s/>])[^<]*+)*+" for name in _RAW_NAMES}
_RAW = "|".join(rf"<(?i:{name})(?=[\s/>]){_FEW_ATTRIBUTES}{content}" for name, content in _CONTENT.items())
_COMMENT = r"<!--[^-]*+(?:-(?!->)[^-]*+)*+"
_OTHER = rf"<(?!(?i:{'|'.join(_RAW_NAMES)})[\s/>]){_NAME}"
_USUAL_ATTRIBUTES = r"""(?:\s++[^\s/>="'<]++="[^"]{0,1000}+"){0,16}+\s*+/?+>"""
"""What most tags have, which is read in two thirds of the time."""


def _compiled(pattern: str) -> re.Pattern[bytes]:
    return re.compile(pattern.encode())


_WITHIN = _compiled(
    rf"(?:[^<]++|</[^<]*+|{_OTHER}{_USUAL_ATTRIBUTES}|<(?![a-zA-Z]|!--)|{_COMMENT}|{_OTHER}{_FEW_ATTRIBUTES}|{_RAW})*+"
)
_CONTENTS = {name.encode(): _compiled(content) for name, content in _CONTENT.items()}
_OPENING = _compiled(rf"<{_NAME}")
_ATTRIBUTE = _compiled(rf"[\s/]*+({_KEY}(?:\s*+=\s*+({_VALUE})?+)?+)")
_TAG_NAME = _compiled(r"</?[a-zA-Z][a-zA-Z0-9]{0,15}\b")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})\b[^<>]*>", re.ASCII)


class Bounded(NamedTuple):
    """Markup within the limits, and the flags that say what they cut."""

    markup: bytes
    flags: tuple[str, ...] = ()


def bounded(markup: bytes) -> Bounded:
    """Cut what would take a parser long: attributes without number or end, and elements nested without end."""
    short = cut_attributes(markup)
    shallow = limit_depth(short)
    cuts = ((CUT_ATTRIBUTES, short is not markup), (CUT_DEPTH, shallow is not short))
    return Bounded(shallow, tuple(flag for flag, cut in cuts if cut))


def cut_attributes(markup: bytes) -> bytes:
    """Leave each tag its first `MAX_ATTRIBUTES` attributes, none longer than `MAX_VALUE`; nothing else is touched.

    Tags are read as the HTML standard has it, so that no quoted `<` or `>` hides an attribute. A page within the
    limits comes back as the same object.
    """
    stop = _within(markup, 0)
    if stop == len(markup):
        return markup
    pieces: list[bytes] = []
    start, cut = 0, False
    while stop < len(markup):
        tag, after = _short_tag(markup, stop)
        cut = cut or tag != markup[stop:after]
        pieces += (markup[start:stop], tag)
        start, stop = after, _within(markup, _after_content(markup, tag, after))
    return b"".join([*pieces, markup[start:]]) if cut else markup


def _within(markup: bytes, start: int) -> int:
    """Return where the first tag over the limits stands."""
    found = _WITHIN.match(markup, start)
    return found.end() if found else start


def _short_tag(markup: bytes, start: int) -> tuple[bytes, int]:
    """Return a tag within the limits, and where it ends. One that never ends is shown by no browser."""
    opening = _OPENING.match(markup, start)
    position = opening.end() if opening else start + 1
    kept, found = [markup[start:position]], 0
    while attribute := _ATTRIBUTE.match(markup, position):
        position, found = attribute.end(), found + 1
        if len(kept) <= MAX_ATTRIBUTES and _characters(attribute[2] or b"") <= MAX_VALUE:
            kept.append(attribute[1])
    end = markup.find(b">", position) + 1
    if not end:
        return (b"" if len(kept) > MAX_ATTRIBUTES else markup[start:]), len(markup)
    return b" ".join(kept) + b">" if len(kept) <= found else markup[start:end], end


def _characters(value: bytes) -> int:
    return len(value.decode("utf-8", "replace")) if len(value) > MAX_VALUE else len(value)


def _after_content(markup: bytes, tag: bytes, start: int) -> int:
    """Return where reading goes on behind a tag: what stands in scripts and the like is no markup."""
    content = _CONTENTS.get(tag[1:].split(b" ", 1)[0].rstrip(b">").lower())
    found = content.match(markup, start) if content else None
    return found.end() if found else start


def limit_depth(markup: bytes) -> bytes:
    """Take out tags that would nest deeper than `MAX_DEPTH`, those of blocks for a line break.

    Only elements that need an end tag are counted, for only those nest when it is missing. A page within the limit
    comes back as the same object.
    """
    if _depth(markup) <= MAX_DEPTH:
        return markup
    depth, cut = 0, False

    def limited(match: re.Match[str]) -> str:
        nonlocal depth, cut
        tag = match[2].lower()
        if tag in UNCOUNTED:
            return match[0]
        beyond = depth > MAX_DEPTH if match[1] else depth >= MAX_DEPTH
        cut = cut or beyond
        depth = max(depth - 1, 0) if match[1] else depth + 1
        return match[0] if not beyond else "<br>" if tag in _LINES else ""

    shallow = _TAG.sub(limited, markup.decode("latin-1"))  # a character a byte: joining bytes takes twice the memory
    return shallow.encode("latin-1") if cut else markup


def _depth(markup: bytes) -> int:
    """Return how many elements are open at once, at most."""
    steps = _Steps()
    sums = list(accumulate(map(steps.__getitem__, _TAG_NAME.findall(markup)), initial=0))
    if min(sums) == 0:  # no end tag too many
        return max(sums)
    deepest: int = max(map(sub, sums, accumulate(sums, min)))
    return deepest


class _Steps(dict[bytes, int]):
    """What each tag adds to the depth, by its beginning: `<div` 1, `</div` -1, `<br` 0."""

    def __missing__(self, beginning: bytes) -> int:
        name = beginning.lstrip(b"</").lower().decode()
        step = self[beginning] = 0 if name in UNCOUNTED else -1 if beginning.startswith(b"</") else 1
        return step


def parse(markup: bytes) -> Any:
    """Parse a page as browsers do."""
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 - flattened text does without

    return LexborHTMLParser(markup)
