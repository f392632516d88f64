"""Bytes to text, with the reason: which encoding, who said so, and what could not be read.

The order, best evidence first: byte order mark, NUL bytes in every other place (UTF-16), valid UTF-8 or
plain ASCII, UTF-8 with little damage, the transport's charset, the page's own declaration, a statistical
detector, windows-1252. A declaration is believed only while the bytes do not belie it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn

from scrubber.errors import BinaryInput

HEAD = 16_384
"""Bytes searched for a declaration. WHATWG asks for 1,024; real pages put scripts and menus in front of it."""

FOCUS = 65_536
"""Bytes given to the detector: more make it slower and no surer."""

CONTEXT = 400
"""Bytes of ASCII kept in front of a line's first other byte: a few sentences, to show the language."""

SAMPLE = 4_096
"""Bytes looked at for control bytes; UTF-16 and binary formats show theirs within the first few hundred."""

WIDE_SAMPLE = 16_384
"""Bytes looked at to tell UTF-16 from binary formats; a multiple of four, so that no character is cut."""

DEFAULT = "windows-1252"
"""What undeclared Western pages are in, and what servers declare without knowing."""

OVERRULING_BYTES = 16
"""Bytes beyond ASCII and punctuation from which the detector may overrule a declaration; it errs on less."""

WESTERN_BYTES = 8
"""Bytes beyond ASCII and punctuation below which the detector's guess is not worth asking for."""

BELYING_SHARE = 0.5
"""Share of non-ASCII characters that must differ between the declared and the detected encoding before
the declaration is dropped: kin such as KOI8-R and KOI8-U differ in a few, windows-1251 and KOI8-R in all."""

LYING_SHARE = 0.2
"""Share of non-ASCII characters that may be broken before an encoding is not believed. Damaged pages
stay below it, wrongly labelled ones are far above it."""

UTF8_WITNESSES = 3
"""Valid multi-byte sequences that make damaged bytes UTF-8 without any declaration; text in another
encoding hardly ever forms one by chance."""

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

MIXED_WITNESSES = 2
"""Broken characters that make a line windows-1252 inside a UTF-8 page; one may be mere damage."""

HZ_PAIRS = 4
"""Hanzi between ~{ and ~} that make seven-bit text HZ; fewer may be a shell or LaTeX idiom."""

CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\f\r\x1b")
ASCII = bytes(range(128))
C1 = range(0x80, 0xA0)
PUNCTUATION = bytes.fromhex("828485868789 8b 91929394959697999b a0a6a7a9abacadaeb0b1b5b6b7bb")
"""Quotes, dashes and signs that are the same in windows-1250 to 1258: lines with nothing else tell nothing."""

SAME_EVERYWHERE = ASCII + PUNCTUATION
FOREIGN = re.compile(rb"[\x80-\xff]{3}|[A-Za-z][\xa1-\xa5\xa8\xaa\xaf\xb2-\xb4\xb8-\xba\xbc-\xbf][a-z]")
"""What windows-1252 text hardly ever holds: three letters beyond ASCII in a row, a sign inside a word."""

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

LOST = "\ufffd"
LOST_UTF8 = LOST.encode()
PLACES = {"content-type": "in the transport's header", "meta": "in the page"}
NO_TAGS = (b"!", b"?", b"/")
DECLARED = {"utf-16le": "utf-8", "utf-16be": "utf-8", "x-user-defined": "windows-1252", "gbk": "gb18030"}
"""What a declaration cannot mean -> what it does mean, as WHATWG has it; UTF-16 shows in its bytes."""

EXTRACT = "extract its text first"
UNPACK = "decompress it first"
MAGIC = (
    (b"\x1f\x8b", "gzip data", UNPACK),
    (b"\x28\xb5\x2f\xfd", "zstandard data", UNPACK),
    (b"\xfd7zXZ\0", "xz data", UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it first"),
    (b"Rar!\x1a\x07", "a RAR archive", "unpack it first"),
    (b"PK\x03\x04", "a ZIP archive or an office document", f"unpack it, or {EXTRACT}"),
    (b"PK\x05\x06", "an empty ZIP archive", "there is nothing in it to clean"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old Office document (OLE)",
        f"{EXTRACT}, e.g. with libreoffice --convert-to txt",
    ),
    (b"\xff\xd8\xff", "a JPEG image", f"{EXTRACT}, e.g. with tesseract"),
    (b"\x89PNG\r\n\x1a\n", "a PNG image", f"{EXTRACT}, e.g. with tesseract"),
    (b"II*\0", "a TIFF image", f"{EXTRACT}, e.g. with tesseract"),
    (b"MM\0*", "a TIFF image", f"{EXTRACT}, e.g. with tesseract"),
    (b"\x7fELF", "an ELF program", "leave it out"),
    (b"\xca\xfe\xba\xbe", "a Java class or Mach-O program", "leave it out"),
    (b"\xcf\xfa\xed\xfe", "a Mach-O program", "leave it out"),
    (b"\0asm", "a WebAssembly program", "leave it out"),
    (b"SQLite format 3\0", "an SQLite database", "export its text first"),
    (b"OggS\0", "Ogg audio or video", "transcribe it first"),
    (b"\x1aE\xdf\xa3", "Matroska or WebM video", "transcribe it first"),
    (b"\0\0\1\0", "an icon", "leave it out"),
    (b"\0\1\0\0\0", "a TrueType font", "leave it out"),
)
MAGIC_STARTS = tuple(start for start, _, _ in MAGIC)

SHAPES = (
    (re.compile(rb"\s*%PDF-\d"), "a PDF document", f"{EXTRACT}, e.g. with pdftotext"),
    (
        re.compile(rb"GIF8[79]a.{0,9}[\0-\x08\x0e-\x1a\x80-\xff]", re.S),
        "a GIF image",
        f"{EXTRACT}, e.g. with tesseract",
    ),
    (re.compile(rb"RIFF.{4}WEBP", re.S), "a WebP image", f"{EXTRACT}, e.g. with tesseract"),
    (re.compile(rb"RIFF.{4}(?:WAVE|AVI )", re.S), "RIFF audio or video", "transcribe it first"),
    (re.compile(rb"\0\0.{2}ftyp", re.S), "an MP4 or HEIF file", "transcribe it first"),
    (re.compile(rb"BZh[1-9]1AY&SY"), "bzip2 data", UNPACK),
    (re.compile(rb"ID3[\x02-\x04]\x00"), "MP3 audio", "transcribe it first"),
    (re.compile(rb"MZ.{0,60}\0\0", re.S), "a Windows program", "leave it out"),
    (re.compile(rb"wOF[F2](?:\x00\x01\x00\x00|OTTO|true)"), "a web font", "leave it out"),
)
"""Formats whose first bytes alone could begin a text."""

SHAPE_STARTS = frozenset(b"%GRBIMw\0 \t\r\n")
"""What the formats of SHAPES can begin with, to pass over nearly every page at once."""

JAPANESE_ESCAPE = re.compile(rb"\x1b\$[@B(]|\x1b\([JI]")
KOREAN_ESCAPE = b"\x1b$)C"
HZ_RUN = re.compile(rb"~\{((?:[!-w][!-~])++)~\}")

TAG = re.compile(rb"<(!--|[!?]|/?[a-z][^\s/>]*+|/)", re.I)
ATTRIBUTE = re.compile(rb"[\s/]*+([^\s/>=]++)\s*+(?:=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>\"'][^\s>]*+)?))?")
CHARSET = re.compile(rb"charset\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s;\"'][^\s;]*+))", re.I)
XML_ENCODING = re.compile(rb"\s*+<\?xml\s[^>]{0,200}?\bencoding\s*+=\s*+[\"']([^\"'>]{1,40})", re.I)
TAIL = re.compile(rb"[\x80-\xff][^<>\r\n]*+")
"""A line or a tag's text from its first byte beyond ASCII."""

SEGMENT = re.compile(rb"[^<>\r\n]+")

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


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, and how it was read.

    `encoding` is the WHATWG name where there is one, Python's otherwise. `source` is one of `bom`,
    `nul-parity`, `utf-8`, `ascii`, `content-type`, `meta`, `detector`, `mostly-utf-8`, `fallback`.
    `reason` is a clause a user can read. `flags`: `undecodable_bytes` (they show as U+FFFD),
    `truncated` (the last character is cut), `mixed_encodings` (windows-1252 inside UTF-8),
    `wrong_declaration` (the bytes can be read as the header or the page says, but make no sense so).
    """

    text: str
    encoding: str
    source: str
    reason: str
    flags: tuple[str, ...] = ()


class Reading(NamedTuple):
    """What one encoding makes of the bytes, and how many characters it could not read."""

    text: str
    broken: int

    @property
    def believable(self) -> bool:
        """Whether so little is broken that the encoding can be the right one."""
        return not self.broken or self.broken <= LYING_SHARE * count_non_ascii(self.text)


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
        or by_damaged_utf8(body)
        or by_declaration(body, content_type)
        or by_detector(body)
        or by_fallback(body)
    )


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

    Raises:
        BinaryInput: there are too many control bytes for any text.
    """
    sample = content[:SAMPLE]
    controls = len(sample) - len(sample.translate(None, CONTROLS))
    if controls <= SUSPECT_SHARE * len(sample) or KOREAN_ESCAPE in sample:
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


def by_ascii(content: bytes) -> Decoded | None:
    """Read seven-bit text: ASCII, or ISO-2022 and HZ, which spell their characters in ASCII."""
    if not content.isascii():
        return None
    if (b"\x1b" in content or b"~{" in content) and (encoding := escaped_encoding(content)):
        return decoded(read(content, encoding), encoding, "detector", f"escape sequences of {encoding.upper()}")
    return Decoded(content.decode("ascii"), "ascii", "ascii", "plain ASCII")


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
        return Decoded(content.decode(), "utf-8", "utf-8", "valid UTF-8")
    except UnicodeDecodeError:
        return None


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


def encoding_of(label: str) -> str | None:
    """Return the encoding that pages mean by a label, None for an unknown one."""
    known = web_encoding(label)
    return DECLARED.get(known.name, known.name) if known else None


def web_encoding(label: str) -> Any:
    """Return webencodings' entry for a label: its name and its codec."""
    import webencodings  # type: ignore[import-untyped]  # noqa: PLC0415  # few pages need it

    return webencodings.lookup(label)


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


def by_fallback(content: bytes) -> Decoded:
    """Read as windows-1252, in which every byte is a character."""
    return decoded(read(content, DEFAULT), DEFAULT, "fallback", "a few bytes beyond ASCII, as Western pages have")


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


def refuse_magic(content: bytes) -> None:
    """Raise BinaryInput when the content begins as a known binary format does."""
    if content.startswith(MAGIC_STARTS):
        refuse(*next((what, advice) for start, what, advice in MAGIC if content.startswith(start)))
    if content and content[0] in SHAPE_STARTS:
        for shape, what, advice in SHAPES:
            if shape.match(content):
                refuse(what, advice)


def refuse(what: str, advice: str) -> NoReturn:
    """Raise BinaryInput with what the content looks like and what to do."""
    raise BinaryInput(f"this looks like {what}, not text: {advice}")
