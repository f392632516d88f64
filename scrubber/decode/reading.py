"""Bytes read in one encoding: by what names it goes, what it makes of them, and what it could not read."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

DEFAULT = "windows-1252"
"""What undeclared Western pages are in, and what servers declare without knowing."""

LYING_SHARE = 0.2
"""Share of non-ASCII characters that may be broken before an encoding is not believed. Damaged pages
stay below it, wrongly labelled ones are far above it."""

LOST = "\ufffd"
LOST_UTF8 = LOST.encode()
C1 = range(0x80, 0xA0)
KOREAN_ESCAPE = b"\x1b$)C"
TAIL = re.compile(rb"[\x80-\xff][^<>\r\n]*+")
"""A line or a tag's text from its first byte beyond ASCII."""

MULTI_BYTE = {
    "utf-8": ("utf-8",),
    "gb18030": ("gb18030",),
    "big5": ("big5hkscs",),
    "shift_jis": ("cp932",),
    "euc-kr": ("cp949",),
    "euc-jp": ("euc_jp", "euc_jis_2004"),
    "iso-2022-jp": ("iso2022_jp", "iso2022_jp_ext"),
    "iso-2022-kr": ("iso2022_kr",),
    "hz": ("hz",),
    "johab": ("johab",),
    "utf-16le": ("utf-16-le",),
    "utf-16be": ("utf-16-be",),
    "utf-32le": ("utf-32-le",),
    "utf-32be": ("utf-32-be",),
}
"""Encoding -> Python codecs, the first that reads everything wins. Each is the superset that pages mean."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, and how it was read.

    `encoding` is the WHATWG name where there is one, Python's otherwise. `source` is one of `bom`,
    `nul-parity`, `utf-8`, `ascii`, `content-type`, `meta`, `detector`, `mostly-utf-8`, `fallback`.
    `reason` is a clause a user can read. `flags`: `undecodable_bytes` (they show as U+FFFD),
    `truncated` (the last character is cut), `mixed_encodings` (windows-1252 inside UTF-8),
    `wrong_declaration` (the bytes can be read as the header or the page says, but make no sense so). `utf8` is the
    text in UTF-8 where it came so, None otherwise.
    """

    text: str
    encoding: str
    source: str
    reason: str
    flags: tuple[str, ...] = ()
    utf8: bytes | None = field(default=None, repr=False, compare=False)


class Reading(NamedTuple):
    """What one encoding makes of the bytes, and how many characters it could not read."""

    text: str
    broken: int

    @property
    def believable(self) -> bool:
        """Whether so little is broken that the encoding can be the right one."""
        return not self.broken or self.broken <= LYING_SHARE * count_non_ascii(self.text)


def read(content: bytes, encoding: str) -> Reading:
    """Read bytes in one encoding; what it cannot read becomes U+FFFD and is counted."""
    choices = MULTI_BYTE.get(encoding)
    if choices is None:
        text, _ = codecs.charmap_decode(content, "replace", character_table(encoding))
        return Reading(text, text.count(LOST))
    for codec in choices:
        try:
            return Reading(content.decode(codec), 0)
        except UnicodeDecodeError:
            continue
    text = content.decode(choices[0], "replace")
    return Reading(text, text.count(LOST) - content.count(LOST_UTF8) * (encoding == "utf-8"))


@lru_cache
def character_table(encoding: str) -> str:
    """Return the 256 characters of a single-byte encoding; undefined C1 bytes stand for themselves."""
    known = web_encoding(encoding)
    codec = known.codec_info.decode if known else codecs.getdecoder(encoding)
    characters = [codec(bytes((byte,)), "replace")[0] for byte in range(256)]
    return "".join(chr(byte) if one == LOST and byte in C1 else one for byte, one in enumerate(characters))


def decoded(reading: Reading, encoding: str, source: str, reason: str) -> Decoded:
    """Return a reading as the answer, broken characters flagged."""
    flags: tuple[str, ...] = ()
    if reading.broken:
        cut = reading.broken == 1 and reading.text.endswith(LOST)
        flags = ("truncated",) if cut else ("undecodable_bytes",)
    return Decoded(reading.text, encoding, source, reason, flags)


def count_non_ascii(text: str) -> int:
    """Return the number of characters beyond U+007F."""
    return len(text) - len(text.encode("ascii", "ignore"))


DECLARED = {"utf-16le": "utf-8", "utf-16be": "utf-8", "x-user-defined": "windows-1252", "gbk": "gb18030"}
"""What a declaration cannot mean -> what it does mean, as WHATWG has it; UTF-16 shows in its bytes."""


def encoding_of(label: str) -> str | None:
    """Return the encoding that pages mean by a label, None for an unknown one."""
    known = web_encoding(label)
    return DECLARED.get(known.name, known.name) if known else None


def web_encoding(label: str) -> Any:
    """Return webencodings' entry for a label: its name and its codec."""
    import webencodings  # type: ignore[import-untyped]  # noqa: PLC0415  # few pages need it

    return webencodings.lookup(label)
