"""Compressed files as a row of members, each of which may be damaged without the others being lost."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Generator, Iterator
from typing import Any, BinaryIO, NamedTuple

from scrubber.corpus.entries import RAW_SHOWN

GZIP_MAGIC = b"\x1f\x8b\x08"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"

SCAN = 1024 * 1024
"""Bytes read at a time in search of the next member."""


class Codec(NamedTuple):
    """A way of compression: what a member begins with, what makes its decompressor, and which errors that raises.

    `step` is how many bytes it is given at once: few enough that what they expand to can be held.
    """

    magic: bytes
    start: Callable[[], Any]
    errors: tuple[type[Exception], ...]
    step: int


class Damage(NamedTuple):
    """Bytes `start` to `end` of a file could not be decompressed; `raw` are the first of them."""

    start: int
    end: int
    raw: bytes
    cut: bool

    @property
    def detail(self) -> str:
        """What there is to say of it."""
        kind = "the file ends inside of a compressed member" if self.cut else "a compressed member is damaged"
        return f"{kind}: bytes {self.start:,} to {self.end:,}"


class End(NamedTuple):
    """A member is whole; the next begins at this byte."""

    at: int


def gzip_codec() -> Codec:
    """Return how gzip is read."""
    return Codec(GZIP_MAGIC, lambda: zlib.decompressobj(16 + zlib.MAX_WBITS), (zlib.error,), 64 * 1024)


def zstd_codec() -> Codec:
    """Return how zstd is read. A block of 128 KiB may take four bytes, so they are taken few at a time."""
    import zstandard  # noqa: PLC0415 - an extra, needed for such files alone

    decompressor = zstandard.ZstdDecompressor(max_window_size=2**27)
    return Codec(ZSTD_MAGIC, decompressor.decompressobj, (zstandard.ZstdError,), 4 * 1024)


def unpack(file: BinaryIO, codec: Codec, start: int = 0, stop: int | None = None) -> Iterator[bytes | End | Damage]:
    """Yield what the members hold that begin from `start` and before `stop`: pieces, and an `End` behind each member.

    Where a member is damaged, a `Damage` takes the place of its `End`, and reading goes on with the next that can
    be found.
    """
    position = start
    while stop is None or position < stop:
        file.seek(position)
        end = yield from _member(file, codec, position)
        if end is None:
            found = find_member(file, codec, position + 1)
            last = file.seek(0, 2) if found is None else found
            file.seek(position)
            yield Damage(position, last, file.read(min(last - position, RAW_SHOWN)), cut=found is None)
            end = last
        if end == position:
            return
        position = end


def _member(file: BinaryIO, codec: Codec, start: int) -> Generator[bytes | End, None, int | None]:
    """Yield the pieces of one member and its end; return where it ends, `start` at the end of the file, None if bad."""
    decompressor, position = codec.start(), start
    while not decompressor.eof:
        packed = file.read(codec.step)
        position += len(packed)
        if not packed:
            return start if position == start else None
        try:
            piece = decompressor.decompress(packed)
        except codec.errors:
            return None
        if piece:
            yield piece
    end = position - len(decompressor.unused_data)
    yield End(end)
    return end


def find_member(file: BinaryIO, codec: Codec, start: int, begins: bytes = b"") -> int | None:
    """Return where the first member from `start` on begins, None if there is none.

    Bytes that look like the beginning of a member must decompress, to what `begins` says where it is given.
    """
    position, kept = start, b""
    file.seek(position)
    while block := file.read(SCAN):
        window = kept + block
        base = position - len(kept)
        at = window.find(codec.magic)
        while at >= 0:
            here = file.tell()
            if _opens(file, codec, base + at, begins):
                return base + at
            file.seek(here)
            at = window.find(codec.magic, at + 1)
        kept = window[-(len(codec.magic) - 1) :]
        position += len(block)
    return None


def _opens(file: BinaryIO, codec: Codec, at: int, begins: bytes) -> bool:
    file.seek(at)
    try:
        piece: bytes = codec.start().decompress(file.read(codec.step))
    except codec.errors:
        return False
    return piece.startswith(begins)
