"""Text of two or four bytes a character: UTF-16 and UTF-32, with a byte order mark and without."""

from __future__ import annotations

import codecs
import re

from scrubber.decode.reading import KOREAN_ESCAPE, Decoded, decoded, read
from scrubber.errors import BinaryInput

SAMPLE = 4_096
"""Bytes looked at for control bytes; UTF-16 and binary formats show theirs within the first few hundred."""

WIDE_SAMPLE = 16_384
"""Bytes looked at to tell UTF-16 from binary formats; a multiple of four, so that no character is cut."""

SUSPECT_SHARE = 0.02
"""Share of control bytes from which UTF-16 is considered: text has none, UTF-16 Chinese about one in fifteen."""

BINARY_SHARE = 0.04
"""Share of control bytes from which content that is not UTF-16 is binary; random bytes hold one in ten."""

BINARY_MINIMUM = 8
"""Control bytes below which nothing is called binary: a short text may hold a few stray ones."""

WIDE_ANCHORS = 2
"""Anchors that text of two or four bytes a character must show; one may be a NUL gone astray."""

WIDE_LEAD = 4
"""How many times more anchors one byte order needs than the other to be taken for UTF-16."""

WIDE_NOISE = 0.05
"""Share of characters that UTF-16 may hold outside of any script: unpaired surrogates, private use, controls."""

WIDE_CONTROLS = 0.1
"""Share of control bytes that content must have to be UTF-16 when all its other bytes are ASCII; in
scripts with an alphabet nearly every high byte is a control byte, so that it is near a half."""

WIDE_NULS = 2
"""NUL bytes that the first character of UTF-32 has at least: code points fit into two bytes of its four."""

CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\f\r\x1b")
MARKUP = re.compile(rb"\s*+<(?:!--|(?:!doctype|html|head|body|\?xml)[\s>])", re.I)
"""How a page begins that has one byte a character: whatever NULs follow, they are damage."""

ANCHORS = re.compile("[\n\r -~\u3000-\u3002\uff0c]")
"""What nearly every text holds, and hardly any text whose byte pairs are swapped."""

NOISE = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f\x80-\x9f\ud800-\udfff\ue000-\uf8ff\ufffd-\uffff]")

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32le"),
    (codecs.BOM_UTF32_BE, "utf-32be"),
    (codecs.BOM_UTF16_LE, "utf-16le"),
    (codecs.BOM_UTF16_BE, "utf-16be"),
)
MARK_STARTS = tuple(mark for mark, _ in MARKS)


def by_mark(content: bytes) -> Decoded | None:
    """Read content that begins with a byte order mark, unless what follows belies it."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            reading = read(content[len(mark) :], encoding)
            if reading.believable:
                return decoded(reading, encoding, "bom", f"byte order mark of {encoding.upper()}")
    return None


def by_nul_parity(content: bytes) -> Decoded | None:
    """Read UTF-16 and UTF-32 without a mark; they show in control bytes, which text does not have.

    A page whose first tag has one byte a character is neither, nor binary: what control bytes it has are damage.

    Raises:
        BinaryInput: there are too many control bytes for any text.
    """
    sample = content[:SAMPLE]
    controls = len(sample) - len(sample.translate(None, CONTROLS))
    if controls <= SUSPECT_SHARE * len(sample) or KOREAN_ESCAPE in sample or MARKUP.match(sample):
        return None
    if encoding := wide_encoding(content[:WIDE_SAMPLE], controls / len(sample)):
        reason = f"zero and control bytes as in {encoding.upper()}"
        return decoded(read(content, encoding), encoding, "nul-parity", reason)
    if controls >= BINARY_MINIMUM and controls > BINARY_SHARE * len(sample):
        share = f"{controls / len(sample):.0%} of its first bytes are control bytes"
        raise BinaryInput(f"this looks like binary data, not text ({share}): extract its text first, or leave it out")
    return None


def wide_encoding(sample: bytes, controls: float) -> str | None:
    """Return the UTF-16 or UTF-32 that a sample is in, None when it is neither."""
    if sample[:4].count(0) >= WIDE_NULS:
        for encoding in ("utf-32le", "utf-32be"):
            if count_anchors(sample, encoding) >= WIDE_ANCHORS:
                return encoding
    if sample.translate(None, CONTROLS).isascii() and controls < WIDE_CONTROLS:
        return None
    little, big = (count_anchors(sample, encoding) for encoding in ("utf-16le", "utf-16be"))
    if max(little, big) < max(WIDE_ANCHORS, WIDE_LEAD * min(little, big)):
        return None
    return "utf-16le" if little > big else "utf-16be"


def count_anchors(sample: bytes, encoding: str) -> int:
    """Return how many characters only the right byte order would show; 0 when the text is noise."""
    text = read(sample[: len(sample) // 4 * 4], encoding).text
    if len(NOISE.findall(text)) > WIDE_NOISE * len(text):
        return 0
    return len(ANCHORS.findall(text))
