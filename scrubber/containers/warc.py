"""A WARC file with one page in it. warcio reads headers and chunks; what is unpacked is bounded here."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scrubber.containers.unpack import GZIP_MAGIC, decode_content, gunzip, starts_with
from scrubber.errors import BadContainer
from scrubber.model import Page

WARC_START = b"WARC/"
PAGE_SCHEMES = ("http:", "https:", "file:")
"""Addresses of pages; crawlers also record look-ups of names, logs and notes of their own."""

MAX_RECORDS = 1_000
"""Records looked through for the page; a page captured with all its images has fewer."""

MAX_DIGITS = 15
"""Digits of a length that are read: a thousand terabytes, more than any file has."""

BLANK_LINES = re.compile(rb"[\r\n]*")
WARC_VERSIONS = ("WARC/",)
HTTP_VERSIONS = ("HTTP/",)


@dataclass(frozen=True, slots=True)
class Record:
    """One record: what kind it is, its headers by lower-case name, and its block."""

    kind: str
    headers: Mapping[str, str]
    block: bytes

    @property
    def url(self) -> str:
        """The address, without the brackets that some crawlers put around it; "" where there is none."""
        return self.headers.get("warc-target-uri", "").strip("<>")


def looks_like_warc(content: bytes) -> bool:
    """Tell whether content is a WARC file, as it is or compressed with gzip."""
    if content.startswith(GZIP_MAGIC):
        return starts_with(content, WARC_START)
    return content.startswith(WARC_START)


def open_warc(content: bytes) -> Page:
    """Return the page of a WARC file that holds one.

    A `response` record is a page; where there is none, a `resource` or `conversion` record. All others are passed over.

    Raises:
        BadContainer: a record is damaged, or there is no page, or more than one.
        InputTooLarge: the file unpacks to more than a page may have.
    """
    plain = gunzip(content, "the WARC file") if content.startswith(GZIP_MAGIC) else content
    responses: list[Record] = []
    others: list[Record] = []
    for record in _records(plain):
        if record.url.lower().startswith(PAGE_SCHEMES):
            if record.kind == "response":
                responses.append(record)
            elif record.kind in {"resource", "conversion"}:
                others.append(record)
    pages = responses or others
    if not pages:
        raise BadContainer("the WARC file holds no page: no response, resource or conversion record of an address")
    if len(pages) > 1:
        raise BadContainer(f"the WARC file holds {len(pages):,} pages. To clean them all: scrubber run")
    return _page(pages[0])


def _records(plain: bytes) -> Iterator[Record]:
    stream = io.BytesIO(plain)
    for _ in range(MAX_RECORDS + 1):
        start = BLANK_LINES.match(plain, stream.tell()).end()  # type: ignore[union-attr]  # it matches nothing too
        if start == len(plain):
            return
        stream.seek(start)
        headers = _headers(stream, WARC_VERSIONS, "record")
        yield Record(headers.get("warc-type", "").lower(), headers, _block(stream, headers))
    raise BadContainer(f"the WARC file holds over {MAX_RECORDS:,} records. To clean all its pages: scrubber run")


def _headers(stream: io.BytesIO, versions: tuple[str, ...], what: str) -> dict[str, str]:
    """Read the head of a record or response; the first of several headers of one name counts."""
    from warcio.statusandheaders import (  # noqa: PLC0415 - few pages come in a container
        StatusAndHeadersParser,
        StatusAndHeadersParserException,
    )

    try:
        head = StatusAndHeadersParser(list(versions)).parse(stream)
    except (StatusAndHeadersParserException, EOFError) as error:
        raise BadContainer(f"the WARC file has a {what} that does not begin with {versions[0]}") from error
    return {name.lower(): value.strip() for name, value in reversed(head.headers)}


def _block(stream: io.BytesIO, headers: Mapping[str, str]) -> bytes:
    declared = headers.get("content-length", "")
    if not (declared.isascii() and declared.isdecimal()):
        raise BadContainer(f"the WARC file has a record whose length is “{declared[:40]}”: it can't be read")
    size = int(declared[:MAX_DIGITS])
    block = stream.read(size)
    if len(block) < size:
        raise BadContainer(f"the WARC file is cut: its last record has {len(block):,} of {size:,} bytes")
    return block


def _page(record: Record) -> Page:
    date = record.headers.get("warc-date")
    meta: dict[str, Any] = {"date": date} if date else {}
    if record.kind != "response" or record.url.lower().startswith("file:"):
        return Page(record.block, record.url, record.headers.get("content-type"), meta=meta)
    stream = io.BytesIO(record.block)
    headers = _headers(stream, HTTP_VERSIONS, "response")
    body = _unchunked(stream) if "chunked" in headers.get("transfer-encoding", "").lower() else stream.read()
    content = decode_content(body, headers.get("content-encoding", ""))
    return Page(content, record.url, headers.get("content-type"), meta=meta)


def _unchunked(stream: io.BytesIO) -> bytes:
    """Return a body without its chunks' heads, or as it is where it has none: crawlers keep the header of such."""
    from warcio.bufferedreaders import ChunkedDataReader  # noqa: PLC0415 - few pages come in a container

    body: bytes = ChunkedDataReader(stream).read()
    return body
