"""Ways in which pages get damaged between a site and the one who cleans them, as functions.

Each takes the text of a page and returns it damaged, as text or bytes; None where the text can't be
damaged that way (an encoding that lacks its characters). `DAMAGES` holds them all by name.
"""

from __future__ import annotations

import codecs
import random
import textwrap
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

ZERO_WIDTH = "\u200b\u2060\ufeff\u00ad"
"""What is strewn in: zero-width space, word joiner, byte order mark, soft hyphen."""

STREWN_SHARE = 0.02
"""Share of characters after which an invisible one is put: one in about eight words."""

COLUMNS = 80
"""Characters. The width at which lines are wrapped."""

Damaged = str | bytes | None


@dataclass(frozen=True, slots=True)
class Damage:
    """One way to damage a page. `restorable`: repair brings back every character; else only the words."""

    name: str
    apply: Callable[[str], Damaged]
    restorable: bool


def encoded(encoding: str, mark: bytes = b"") -> Callable[[str], bytes | None]:
    """Return the damage of saving a page in an encoding, behind a byte order mark where one is given."""

    def apply(text: str) -> bytes | None:
        try:
            return mark + text.encode(encoding)
        except UnicodeEncodeError:
            return None

    return apply


def mojibake(text: str, times: int = 1) -> str:
    """Return the text as UTF-8 that was read as windows-1252, the holes of that as Latin-1.

    >>> mojibake("naïve")
    'naÃ¯ve'
    """
    for _ in range(times):
        text = "".join(_MISREAD[byte] for byte in text.encode("utf-8"))
    return text


def _misread(byte: int) -> str:
    try:
        return bytes([byte]).decode("windows-1252")
    except UnicodeDecodeError:
        return chr(byte)


_MISREAD = tuple(map(_misread, range(256)))


def mojibake_twice(text: str) -> str:
    """Return the text misread twice over."""
    return mojibake(text, 2)


def decompose(text: str) -> str:
    """Return the text in canonical decomposition, as macOS names files."""
    return unicodedata.normalize("NFD", text)


def line_ends(end: str) -> Callable[[str], str]:
    """Return the damage of writing another line end for every LF."""
    return lambda text: text.replace("\n", end)


def strew_invisibles(text: str, seed: int = 0) -> str:
    """Return the text with zero-width characters strewn in, the same ones for the same seed."""
    chance = random.Random(seed)
    pieces = [
        character + chance.choice(ZERO_WIDTH) if character.isalpha() and chance.random() < STREWN_SHARE else character
        for character in text
    ]
    return "".join(pieces)


def remove_blank_lines(text: str) -> str:
    """Return the text without its blank lines, as many tools flatten pages."""
    return "".join(f"{line}\n" for line in text.split("\n") if line.strip())


def wrap(text: str, width: int = COLUMNS) -> str:
    """Return the text with every line wrapped, as mail readers and terminals print it."""
    return "".join("\n".join(textwrap.wrap(line, width) or [""]) + "\n" for line in text.split("\n"))


def _all() -> list[Damage]:
    utf16 = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
    return [
        *(Damage(name, encoded(name), True) for name in utf16),
        *(Damage(f"{name}-with-mark", encoded(name, mark), True) for name, mark in utf16.items()),
        Damage("utf-8-with-mark", encoded("utf-8", codecs.BOM_UTF8), True),
        Damage("windows-1252", encoded("windows-1252"), True),
        Damage("windows-1256", encoded("windows-1256"), True),
        Damage("mojibake", mojibake, True),
        Damage("mojibake-twice", mojibake_twice, True),
        Damage("decomposed", decompose, True),
        Damage("crlf", line_ends("\r\n"), True),
        Damage("cr", line_ends("\r"), True),
        Damage("next-line", line_ends("\u0085"), True),
        Damage("line-separator", line_ends("\u2028"), True),
        Damage("zero-width", strew_invisibles, True),
        Damage("no-blank-lines", remove_blank_lines, False),
        Damage("wrapped", wrap, False),
    ]


DAMAGES = MappingProxyType({damage.name: damage for damage in _all()})
"""Every damage by its name."""
