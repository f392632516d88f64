"""Bytes to text, with the reason: which encoding, who said so, and what could not be read.

The order, best evidence first: byte order mark, NUL bytes in every other place (UTF-16), valid UTF-8 or
plain ASCII, UTF-8 with surrogates, UTF-8 with little damage, the transport's charset, the page's own
declaration, a statistical detector, windows-1252. A declaration is believed only while the bytes do not
belie it.
"""

from __future__ import annotations

import codecs

from scrubber.decode.binary import refuse_magic
from scrubber.decode.declared import by_declaration, header_charset
from scrubber.decode.detector import by_detector
from scrubber.decode.reading import DEFAULT, Decoded, decoded, encoding_of, read
from scrubber.decode.unicode import by_ascii, by_damaged_utf8, by_surrogates, by_utf8
from scrubber.decode.wide import MARK_STARTS, by_mark, by_nul_parity

__all__ = ["Decoded", "decode", "encoding_of", "header_charset", "read"]


def decode(content: bytes, content_type: str | None = None) -> Decoded:
    """Turn bytes into text and say how.

    Args:
        content: a page or text, not compressed.
        content_type: the transport's header as it came, e.g. `text/html; charset=gb2312`.

    Returns:
        The text without its byte order mark; empty bytes give an empty text in ASCII. Time and memory
        grow with the length.

    Raises:
        BinaryInput: the bytes are a PDF, an image, an archive or other data; the message says what to do.

    >>> decode(b"Caf\\xe9, na\\xefve", "text/plain; charset=latin-1").text
    'Café, naïve'
    """
    if content.startswith(MARK_STARTS) and (marked := by_mark(content)):
        return marked
    refuse_magic(content)
    body = content.removeprefix(codecs.BOM_UTF8)
    return (
        by_nul_parity(body)
        or by_ascii(body)
        or by_utf8(body)
        or by_surrogates(body)
        or by_damaged_utf8(body)
        or by_declaration(body, content_type)
        or by_detector(body)
        or by_fallback(body)
    )


def by_fallback(content: bytes) -> Decoded:
    """Read as windows-1252, in which every byte is a character."""
    return decoded(read(content, DEFAULT), DEFAULT, "fallback", "a few bytes beyond ASCII, as Western pages have")
