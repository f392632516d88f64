"""Attributes without number or end, which are cut before a page is parsed."""

from __future__ import annotations

from scrubber.segment.grammar import (
    BOGUS,
    COMMENT,
    KEY,
    NAME,
    RAW_CONTENT,
    RAW_NAMES,
    USUAL_ATTRIBUTES,
    VALUE,
    compiled,
    raw_elements,
)

MAX_ATTRIBUTES = 256
"""Attributes of one tag. Parsers compare each with every other: 40,000 take seconds. Real tags have a dozen."""

MAX_VALUE = 65_536
"""Characters of an attribute's value. What is longer is data, of which no text is made."""

SMALL = 6
"""Characters of an attribute, with its value, from which it is not small: a parser holds some 240 bytes for each."""

FEW_SMALL = 4
"""Small attributes that a tag may have where those with more of them are many."""

MOST_CROWDED = 20_000
"""Attributes of all tags with more than so few small ones; of the rest of these tags only the first few stay."""

_SHORT_VALUE = rf"""(?:"[^"]{{0,{MAX_VALUE}}}+"|'[^']{{0,{MAX_VALUE}}}+'|[^\s>"'][^\s>]{{0,{MAX_VALUE}}}+(?=[\s>]))"""
_ANY = rf"{KEY}(?:\s*+=\s*+(?:{_SHORT_VALUE}|(?=>))|(?!\s*+=))"
_LARGE = rf"(?:[\s/]++|(?=[^\s/>]{{{SMALL}}}){_ANY}){{0,{2 * MAX_ATTRIBUTES // (FEW_SMALL + 1)}}}+"
_FEW_ATTRIBUTES = rf"{_LARGE}(?:{_ANY}{_LARGE}){{0,{FEW_SMALL}}}+>"
_OTHER = rf"<(?!(?i:{'|'.join(RAW_NAMES)})[\s/>]){NAME}"
_WITHIN = compiled(
    rf"[^<]*+(?:(?:</{NAME}>|{_OTHER}{USUAL_ATTRIBUTES}|<(?![a-zA-Z/!?])|{COMMENT}|{BOGUS}|{_OTHER}{_FEW_ATTRIBUTES}"
    rf"|</{NAME}{_FEW_ATTRIBUTES}|{raw_elements(_FEW_ATTRIBUTES)})[^<]*+)*+"
)
_CONTENTS = {name.encode(): compiled(content) for name, content in RAW_CONTENT.items()}
_OPENING = compiled(rf"</?+{NAME}")
_ATTRIBUTE = compiled(rf"[\s/]*+({KEY}(?:\s*+=\s*+({VALUE})?+)?+)")


def cut_attributes(markup: bytes) -> bytes:
    """Leave each tag its first `MAX_ATTRIBUTES` attributes, none longer than `MAX_VALUE`; nothing else is touched.

    On a page with more than `MOST_CROWDED` in tags full of small ones, such tags keep `FEW_SMALL` from there on. Tags
    are read as the HTML standard has it, so that no quoted `<` or `>` hides an attribute. A page within the limits
    comes back as the same object.
    """
    stop = _within(markup, 0)
    if stop == len(markup):
        return markup
    pieces: list[bytes] = []
    start, cut, crowded = 0, False, 0
    while stop < len(markup):
        tag, after, found = _short_tag(markup, stop, MAX_ATTRIBUTES if crowded <= MOST_CROWDED else FEW_SMALL)
        crowded += found
        cut = cut or tag != markup[stop:after]
        pieces += (markup[start:stop], tag)
        start, stop = after, _within(markup, _after_content(markup, tag, after))
    return b"".join([*pieces, markup[start:]]) if cut else markup


def _within(markup: bytes, start: int) -> int:
    """Return where the first tag over the limits stands."""
    found = _WITHIN.match(markup, start)
    return found.end() if found else start


def _short_tag(markup: bytes, start: int, most: int) -> tuple[bytes, int, int]:
    """Return a tag with so many attributes at most, where it ends, and how many it had.

    One that never ends is shown by no browser.
    """
    opening = _OPENING.match(markup, start)
    position = opening.end() if opening else start + 1
    kept, found = [markup[start:position]], 0
    while attribute := _ATTRIBUTE.match(markup, position):
        position, found = attribute.end(), found + 1
        if len(kept) <= most and _characters(attribute[2] or b"") <= MAX_VALUE:
            kept.append(attribute[1])
    end = markup.find(b">", position) + 1
    if not end:
        return (b"" if len(kept) > most else markup[start:]), len(markup), found
    return b" ".join(kept) + b">" if len(kept) <= found else markup[start:end], end, found


def _characters(value: bytes) -> int:
    return len(value.decode("utf-8", "replace")) if len(value) > MAX_VALUE else len(value)


def _after_content(markup: bytes, tag: bytes, start: int) -> int:
    """Return where reading goes on behind a tag: what stands in scripts and the like is no markup."""
    content = _CONTENTS.get(tag[1:].split(b" ", 1)[0].rstrip(b">").lower())
    found = content.match(markup, start) if content else None
    return found.end() if found else start
