"""The statistical detector, and the parts of a page that tell encodings apart."""

from __future__ import annotations

import re

from scrubber.decode.reading import DEFAULT, TAIL, Decoded, decoded, encoding_of, read

FOCUS = 65_536
"""Bytes given to the detector: more make it slower and no surer."""

CONTEXT = 400
"""Bytes of ASCII kept in front of a line's first other byte: a few sentences, to show the language."""

WESTERN_BYTES = 8
"""Bytes beyond ASCII and punctuation below which the detector's guess is not worth asking for."""

ASCII = bytes(range(128))
PUNCTUATION = bytes.fromhex("828485868789 8b 91929394959697999b a0a6a7a9abacadaeb0b1b5b6b7bb")
"""Quotes, dashes and signs that are the same in windows-1250 to 1258: lines with nothing else tell nothing."""

SAME_EVERYWHERE = ASCII + PUNCTUATION
FOREIGN = re.compile(rb"[\x80-\xff]{3}|[A-Za-z][\xa1-\xa5\xa8\xaa\xaf\xb2-\xb4\xb8-\xba\xbc-\xbf][a-z]")
"""What windows-1252 text hardly ever holds: three letters beyond ASCII in a row, a sign inside a word."""

SEGMENT = re.compile(rb"[^<>\r\n]+")

PYTHON_NAMES = {
    "cp932": "shift_jis",
    "shift_jis_2004": "shift_jis",
    "cp949": "euc-kr",
    "euc_kr": "euc-kr",
    "big5hkscs": "big5",
    "euc_jis_2004": "euc-jp",
    "iso2022_jp_2": "iso-2022-jp",
    "iso2022_jp_2004": "iso-2022-jp",
    "iso2022_jp_ext": "iso-2022-jp",
    "iso2022_kr": "iso-2022-kr",
    "cp874": "windows-874",
    "mac-cyrillic": "x-mac-cyrillic",
    "mac-roman": "macintosh",
}
"""What the detector calls an encoding -> what the web calls it."""


def by_detector(content: bytes) -> Decoded | None:
    """Read as the statistical detector guesses from the parts that are not ASCII."""
    telling = focus(content)
    if not telling or looks_western(telling):
        return None
    encoding = detect(telling)
    if encoding is None or not (reading := read(content, encoding)).believable:
        return None
    return decoded(reading, encoding, "detector", f"letter statistics of {encoding}")


def detect(telling: bytes, choices: tuple[str, ...] | None = None) -> str | None:
    """Return the detector's guess, among `choices` where there are any; None when it has none."""
    import chardet  # noqa: PLC0415  # slow to import, and few pages need it

    if not telling:
        return None
    fallback = choices[0] if choices else DEFAULT
    guess = chardet.detect(telling, compat_names=False, include_encodings=choices, no_match_encoding=fallback)[
        "encoding"
    ]
    if guess in (None, "ascii", "utf-8"):
        return None
    return PYTHON_NAMES.get(guess) or encoding_of(guess) or guess


def looks_western(telling: bytes) -> bool:
    """Tell whether the text has only a few accented letters of Western Europe, too few for any statistics."""
    return count_letters(telling) < WESTERN_BYTES and not FOREIGN.search(telling)


def count_letters(content: bytes) -> int:
    """Return the number of bytes from 0x80, the common punctuation of windows encodings aside."""
    return len(content.translate(None, SAME_EVERYWHERE))


def focus(content: bytes) -> bytes:
    """Return up to FOCUS bytes of the segments between tags and line ends that tell encodings apart."""
    kept: list[bytes] = []
    room = FOCUS
    for found in SEGMENT.finditer(content):
        if room > 0 and (segment := telling_part(found[0])):
            kept.append(segment[:room])
            room -= len(kept[-1])
    return b"\n".join(kept)


def telling_part(segment: bytes) -> bytes:
    """Return a segment from shortly before its first high byte; nothing when punctuation is all that is high."""
    if segment.isascii() or not count_letters(segment):
        return b""
    first = TAIL.search(segment)
    return segment[max(first.start() - CONTEXT, 0) :] if first else b""
