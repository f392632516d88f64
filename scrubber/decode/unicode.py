"""ASCII, UTF-8 and what spells its characters in ASCII: read when valid, and UTF-8 with little damage too."""

from __future__ import annotations

import re
from dataclasses import replace

from scrubber.decode.reading import DEFAULT, KOREAN_ESCAPE, LOST, TAIL, Decoded, Reading, count_non_ascii, decoded, read

UTF8_WITNESSES = 3
"""Valid multi-byte sequences that make damaged bytes UTF-8 without any declaration; text in another
encoding hardly ever forms one by chance."""

MIXED_WITNESSES = 2
"""Broken characters that make a line windows-1252 inside a UTF-8 page; one may be mere damage."""

HZ_PAIRS = 4
"""Hanzi between ~{ and ~} that make seven-bit text HZ; fewer may be a shell or LaTeX idiom."""

JAPANESE_ESCAPE = re.compile(rb"\x1b\$[@B(]|\x1b\([JI]")
SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
HZ_RUN = re.compile(rb"~\{((?:[!-w][!-~])++)~\}")


def by_ascii(content: bytes) -> Decoded | None:
    """Read seven-bit text: ASCII, or ISO-2022 and HZ, which spell their characters in ASCII."""
    if not content.isascii():
        return None
    if (b"\x1b" in content or b"~{" in content) and (encoding := escaped_encoding(content)):
        return decoded(read(content, encoding), encoding, "detector", f"escape sequences of {encoding.upper()}")
    return Decoded(content.decode("ascii"), "ascii", "ascii", "plain ASCII", utf8=content)


def escaped_encoding(content: bytes) -> str | None:
    """Return the seven-bit encoding whose escape sequences the content holds."""
    if JAPANESE_ESCAPE.search(content):
        return "iso-2022-jp"
    if KOREAN_ESCAPE in content:
        return "iso-2022-kr"
    hanzi = sum(len(run) // 2 for run in HZ_RUN.findall(content))
    return "hz" if hanzi >= HZ_PAIRS and not read(content, "hz").broken else None


def by_utf8(content: bytes) -> Decoded | None:
    """Read valid UTF-8; text in another encoding is hardly ever valid by chance."""
    try:
        return Decoded(content.decode(), "utf-8", "utf-8", "valid UTF-8", utf8=content)
    except UnicodeDecodeError:
        return None


def by_surrogates(content: bytes) -> Decoded | None:
    """Read UTF-8 in which halves of characters were written: two halves make one, a half by itself is lost."""
    if not SURROGATE.search(content):
        return None
    try:
        halves = content.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None
    text = halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    reading = Reading(text, text.count(LOST) - halves.count(LOST))
    return decoded(reading, "utf-8", "mostly-utf-8", "UTF-8 but for surrogates, which are halves of characters")


def by_damaged_utf8(content: bytes) -> Decoded | None:
    """Read UTF-8 with a few broken characters, or with lines of windows-1252 in it."""
    plain = read(content, "utf-8")
    good = count_non_ascii(plain.text) - plain.text.count(LOST)
    if good < UTF8_WITNESSES or not plain.believable:
        return None
    reason = f"UTF-8 but for {plain.broken} of {good + plain.broken} characters"
    mended = read(TAIL.sub(mend, content), "utf-8")
    if mended.broken == plain.broken:
        return decoded(plain, "utf-8", "mostly-utf-8", reason)
    found = decoded(mended, "utf-8", "mostly-utf-8", f"{reason}; some lines read as {DEFAULT}")
    return replace(found, flags=(*found.flags, "mixed_encodings"))


def mend(found: re.Match[bytes]) -> bytes:
    """Return the rest of a line in UTF-8: it is windows-1252 when broken twice and valid nowhere."""
    reading = read(found[0], "utf-8")
    if reading.broken < MIXED_WITNESSES or reading.broken < count_non_ascii(reading.text):
        return found[0]
    return read(found[0], DEFAULT).text.encode()
