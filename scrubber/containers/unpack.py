"""Decompression with a bound: what a few bytes may expand to is not left to whoever packed them."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from gzip import GzipFile

from scrubber.errors import BadContainer, InputTooLarge

MAX_UNPACKED = 64 * 1024 * 1024
"""Bytes that a container, or the body of a response in it, may unpack to: the limit of one page."""

MAX_CODINGS = 3
"""Content codings on top of each other. Servers use one."""

HEAD = 4_096
"""Bytes of gzip data that are unpacked to see what it begins with; its own head has a few dozen."""

GZIP = 16 + zlib.MAX_WBITS
"""zlib's way to ask for the envelope of gzip."""

GZIP_MAGIC = b"\x1f\x8b"


def gunzip(packed: bytes, what: str, most: int = MAX_UNPACKED) -> bytes:
    """Decompress gzip, all its members; `what` names the bytes in messages.

    Raises:
        BadContainer: the data is damaged or cut.
        InputTooLarge: it unpacks to more than `most` bytes.
    """
    try:
        with GzipFile(fileobj=io.BytesIO(packed)) as file:
            return _bounded(file.read(most + 1), what, most)
    except (OSError, EOFError, zlib.error) as error:
        raise BadContainer(f"{what} is damaged or cut ({error}). Fetch it again.") from error


def starts_with(packed: bytes, beginning: bytes) -> bool:
    """Tell whether gzip data begins with some bytes once unpacked; damaged data does not."""
    try:
        return zlib.decompressobj(wbits=GZIP).decompress(packed[:HEAD], len(beginning)) == beginning
    except zlib.error:
        return False


def decode_content(body: bytes, codings: str, most: int = MAX_UNPACKED) -> bytes:
    """Undo the content codings of an HTTP body, given as in the header: `gzip`, `gzip, br`.

    A body that does not have the coding is returned as it is: crawlers keep the header of what they have decoded.

    Raises:
        BadContainer: a coding is unknown or the body cut.
        InputTooLarge: it unpacks to more than `most` bytes.
    """
    names = [name for name in (part.strip().lower() for part in codings.split(",")) if name and name != "identity"]
    if len(names) > MAX_CODINGS:
        raise BadContainer(f"the response has {len(names)} content codings on top of each other")
    for name in reversed(names):
        if name not in DECODERS:
            raise BadContainer(f"the response has the content coding “{name[:40]}”, which can't be read here")
        body = _bounded(DECODERS[name](body, most), f"the response ({name})", most)
    return body


def _gzip(body: bytes, most: int) -> bytes:
    return gunzip(body, "the response (gzip)", most) if body.startswith(GZIP_MAGIC) else body


def _deflate(body: bytes, most: int) -> bytes:
    """Decompress deflate, which servers send with the envelope that the standard asks for, or without."""
    for wbits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        unpacker = zlib.decompressobj(wbits)
        try:
            unpacked = unpacker.decompress(body, most + 1)
        except zlib.error:
            continue
        return _whole(unpacked, unpacker.eof, "deflate", most)
    return body


def _brotli(body: bytes, most: int) -> bytes:
    import brotli  # noqa: PLC0415 - few pages come in a container

    unpacker, pieces, size = brotli.Decompressor(), [], 0
    rest = body
    try:
        while size <= most and not unpacker.is_finished():
            pieces.append(unpacker.process(rest, output_buffer_limit=most + 1 - size))
            size += len(pieces[-1])
            rest = b""
            if unpacker.can_accept_more_data():
                break
    except brotli.error:
        return body
    return _whole(b"".join(pieces), unpacker.is_finished(), "br", most)


DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
}


def _whole(unpacked: bytes, finished: bool, name: str, most: int) -> bytes:
    if not finished and len(unpacked) <= most:
        raise BadContainer(f"the response ({name}) is cut. Fetch it again.")
    return unpacked


def _bounded(unpacked: bytes, what: str, most: int) -> bytes:
    if len(unpacked) > most:
        raise InputTooLarge(f"{what} unpacks to over {most:,} bytes, the limit of one page")
    return unpacked
