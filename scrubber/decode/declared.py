"""What the transport's header and the page say of the encoding, and when that is believed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from scrubber.decode.detector import by_detector, count_letters, detect, focus
from scrubber.decode.reading import (
    DEFAULT,
    MULTI_BYTE,
    Decoded,
    Reading,
    count_non_ascii,
    decoded,
    encoding_of,
    read,
    web_encoding,
)

HEAD = 16_384
"""Bytes searched for a declaration. WHATWG asks for 1,024; real pages put scripts and menus in front of it."""

OVERRULING_BYTES = 16
"""Bytes beyond ASCII and punctuation from which the detector may overrule a declaration; it errs on less."""

BELYING_SHARE = 0.5
"""Share of non-ASCII characters that must differ between the declared and the detected encoding before
the declaration is dropped: kin such as KOI8-R and KOI8-U differ in a few, windows-1251 and KOI8-R in all."""

PLACES = {"content-type": "in the transport's header", "meta": "in the page"}
NO_TAGS = (b"!", b"?", b"/")
TAG = re.compile(rb"<(!--|[!?]|/?[a-z][^\s/>]*+|/)", re.I)
ATTRIBUTE = re.compile(rb"[\s/]*+([^\s/>=]++)\s*+(?:=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>\"'][^\s>]*+)?))?")
CHARSET = re.compile(rb"charset\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s;\"'][^\s;]*+))", re.I)
XML_ENCODING = re.compile(rb"\s*+<\?xml\s[^>]{0,200}?\bencoding\s*+=\s*+[\"']([^\"'>]{1,40})", re.I)


def by_declaration(content: bytes, content_type: str | None) -> Decoded | None:
    """Read as the header or the page says, while the bytes do not belie it."""
    claims = list(believable_claims(content, content_type))
    if not claims:
        return None
    said = claims[0] if len({claim.encoding for claim in claims}) == 1 else arbitrate(content, claims)
    found = decoded(said.reading, said.encoding, said.source, f"declared as {said.label!r} {PLACES[said.source]}")
    telling = focus(content)
    if count_letters(telling) < OVERRULING_BYTES:
        return found
    guess = by_detector(content)
    if guess is None or not belied(telling, said, guess.encoding):
        return found
    return replace(guess, reason=f"{guess.reason}, not {found.reason}", flags=(*guess.flags, "wrong_declaration"))


class Claim(NamedTuple):
    """What a page, or its header, says its encoding is, and what that makes of the bytes."""

    source: str
    label: str
    encoding: str
    reading: Reading


def believable_claims(content: bytes, content_type: str | None) -> Iterator[Claim]:
    """Yield the declarations that can be right; UTF-8 cannot, since it has been tried."""
    for source, label in declarations(content, content_type):
        encoding = encoding_of(label)
        if encoding and encoding != "utf-8" and (reading := read(content, encoding)).believable:
            yield Claim(source, label, encoding, reading)


def arbitrate(content: bytes, claims: list[Claim]) -> Claim:
    """Return the declaration that the detector finds likelier, the header's when it cannot tell."""
    guess = detect(focus(content), tuple(claim.encoding for claim in claims))
    return next((claim for claim in claims if claim.encoding == guess), claims[0])


def belied(telling: bytes, said: Claim, guessed: str) -> bool:
    """Tell whether the detector's guess outweighs a declaration.

    windows-1252 and its aliases are what servers and editors say by default, so it always does. Any
    other label was chosen by somebody, and yields only to a wholly different text, such as another
    script; and bytes that pair up without a fault are not in an encoding of single bytes. A guess that
    browsers do not know, such as a code page of DOS, is no match for a label.
    """
    if web_encoding(guessed) is None:
        return False
    if said.encoding in MULTI_BYTE and guessed not in MULTI_BYTE and not said.reading.broken:
        return False
    ours, theirs = read(telling, said.encoding).text, read(telling, guessed).text
    if said.encoding == DEFAULT or len(ours) != len(theirs):
        return ours != theirs
    differing = sum(one != other for one, other in zip(ours, theirs, strict=True))
    return differing > BELYING_SHARE * count_non_ascii(ours)


def declarations(content: bytes, content_type: str | None) -> Iterator[tuple[str, str]]:
    """Yield (source, label): the header's, the first known one of a `<meta>`, the XML declaration's."""
    if content_type and (label := header_charset(content_type)):
        yield "content-type", label
    head = content[:HEAD]
    if b"charset" in head.lower() and (label := next(filter(encoding_of, meta_labels(head)), None)):
        yield "meta", label
    if found := XML_ENCODING.match(head):
        yield "meta", label_of(found)


def header_charset(content_type: str) -> str | None:
    """Return the encoding's label that a header names, known or not; None without one.

    >>> header_charset("text/plain; charset=koi8-r"), header_charset("text/html")
    ('koi8-r', None)
    """
    found = CHARSET.search(content_type.encode("ascii", "replace"))
    return label_of(found) if found else None


def meta_labels(head: bytes) -> Iterator[str]:
    """Yield the charset of each `<meta>` as a browser's prescan finds it: in scripts too, not in comments."""
    position = 0
    while tag := TAG.search(head, position):
        kind = tag[1].lower()
        if kind == b"!--":
            position = after(head, b"-->", tag.start() + 2)
        elif kind in NO_TAGS:
            position = after(head, b">", tag.end())
        else:
            attributes, position = read_attributes(head, tag.end())
            if kind == b"meta" and (label := meta_charset(attributes)):
                yield label


def after(head: bytes, end: bytes, start: int) -> int:
    """Return the position behind the next `end`, or the head's length when there is none."""
    found = head.find(end, start)
    return len(head) if found < 0 else found + len(end)


def read_attributes(head: bytes, position: int) -> tuple[dict[bytes, bytes], int]:
    """Return a tag's attributes, the first of each name, and where they end."""
    attributes: dict[bytes, bytes] = {}
    while found := ATTRIBUTE.match(head, position):
        attributes.setdefault(found[1].lower(), found[2] or found[3] or found[4] or b"")
        position = found.end()
    return attributes, position


def meta_charset(attributes: dict[bytes, bytes]) -> str | None:
    """Return what a `<meta>` declares: `charset`, or `content` where `http-equiv` says so."""
    if charset := attributes.get(b"charset"):
        return charset.decode("latin-1")
    if attributes.get(b"http-equiv", b"").lower() != b"content-type":
        return None
    found = CHARSET.search(attributes.get(b"content", b""))
    return label_of(found) if found else None


def label_of(found: re.Match[bytes]) -> str:
    """Return the label from whichever group took it."""
    return found[found.lastindex or 0].decode("latin-1").strip()
