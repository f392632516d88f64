"""Content that is no text: known by how it begins."""

from __future__ import annotations

import re
from typing import NoReturn

from scrubber.errors import BinaryInput

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
