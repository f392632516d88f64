"""WARC and MHTML: the page in them, its address and type; what is damaged or hostile is refused with a message."""

from __future__ import annotations

import base64
import gzip
import quopri
import time
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber import ScrubberError
from scrubber.containers import open_container, read_page
from scrubber.containers.unpack import MAX_UNPACKED, decode_content
from scrubber.errors import BadContainer, InputTooLarge
from scrubber.model import Page

URL = "https://paper.example/news/1"
HTML = "<!doctype html><title>Bridge</title><p>The bridge stays closed until Friday – the mayor said.</p>".encode()
TYPE = "text/html; charset=utf-8"


def record(kind: str, block: bytes, *, url: str | None = URL, version: str = "1.0", **headers: str) -> bytes:
    """Write one WARC record as crawlers do."""
    fields = {"WARC-Type": kind, "WARC-Date": "2021-05-04T09:30:00Z", **({"WARC-Target-URI": url} if url else {})}
    fields |= {"Content-Length": str(len(block))} | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"WARC/{version}\r\n{head}\r\n".encode() + block + b"\r\n\r\n"


def http(body: bytes = HTML, content_type: str = TYPE, **headers: str) -> bytes:
    """Write an HTTP response."""
    fields = {"Content-Type": content_type} | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 200 OK\r\n{head}\r\n".encode() + body


def chunked(body: bytes, size: int = 40) -> bytes:
    """Split a body into chunks as a server does."""
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in pieces) + b"0\r\n\r\n"


def mhtml(*parts: bytes, head: str = "", kind: str = 'multipart/related; boundary="cut"') -> bytes:
    """Write an MHTML file as browsers do."""
    text = f"From: <Saved by a browser>\r\nDate: Tue, 4 May 2021 09:30:00 -0000\r\n{head}MIME-Version: 1.0\r\n"
    begin = f"{text}Content-Type: {kind}\r\n\r\n".encode()
    return begin + b"".join(b"--cut\r\n" + part + b"\r\n" for part in parts) + b"--cut--\r\n"


def part(body: bytes, encoding: str, headers: str = f"Content-Location: {URL}\r\n", kind: str = "text/html") -> bytes:
    """Write one part of an MHTML file."""
    packed = base64.encodebytes(body) if encoding == "base64" else quopri.encodestring(body)
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n{headers}\r\n"
    return head.encode() + packed


# --- WARC -----------------------------------------------------------------------------------------

INFO = record("warcinfo", b"software: a crawler\r\n", url=None)
REQUEST = record("request", b"GET /news/1 HTTP/1.1\r\nHost: paper.example\r\n\r\n")
DNS = record("response", b"paper.example. 60 IN A 192.0.2.1", url="dns:paper.example")
LOG = record("resource", b"fetched 1 page", url="metadata://gnu.org/software/wget/warc/wget.log")


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_warc_gives_its_page_with_address_and_type(version: str) -> None:
    page = open_container(INFO + DNS + REQUEST + record("response", http(), version=version) + LOG)
    assert page == Page(HTML, URL, TYPE, meta={"date": "2021-05-04T09:30:00Z"})


def test_a_warc_may_be_compressed_whole_or_record_by_record() -> None:
    records = [INFO, REQUEST, record("response", http())]
    assert open_container(b"".join(map(gzip.compress, records))) == open_container(b"".join(records))
    assert open_container(gzip.compress(b"".join(records))) == open_container(b"".join(records))


def test_the_brackets_that_some_crawlers_put_around_the_address_are_left_out() -> None:
    page = open_container(record("response", http(), url=f"<{URL}>"))
    assert page is not None
    assert page.url == URL


def raw_deflate(body: bytes) -> bytes:
    """Compress without the envelope that the standard asks for, as some servers do."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", raw_deflate),
        ("br", brotli.compress),
        ("GZIP, br", lambda body: brotli.compress(gzip.compress(body))),
        ("identity", bytes),
        ("gzip", bytes),
        ("br", bytes),
        ("deflate", bytes),
    ],
)
@pytest.mark.parametrize("chunks", [True, False])
def test_the_codings_of_a_response_are_undone_where_it_has_them(coding: str, pack: object, chunks: bool) -> None:
    body = pack(HTML)  # type: ignore[operator]
    headers = {"Transfer_Encoding": "chunked"} if chunks else {}
    response = http(chunked(body) if chunks else body, Content_Encoding=coding, **headers)
    page = open_container(record("response", response))
    assert page is not None
    assert page.content == HTML


def test_a_body_that_lost_its_chunks_but_not_the_header_is_read_as_it_is() -> None:
    page = open_container(record("response", http(Transfer_Encoding="chunked")))
    assert page is not None
    assert page.content == HTML


@pytest.mark.parametrize("kind", ["resource", "conversion"])
def test_a_page_without_a_response_has_its_record_as_content(kind: str) -> None:
    page = open_container(INFO + record(kind, HTML, Content_Type="text/html"))
    assert page == Page(HTML, URL, "text/html", meta={"date": "2021-05-04T09:30:00Z"})


BAD = {
    "several": (record("response", http()) * 2, "holds 2 pages. To clean them all: scrubber run"),
    "no-page": (INFO + REQUEST + DNS + LOG, "holds no page"),
    "revisit": (record("revisit", b""), "holds no page"),
    "cut": (record("response", http())[:-40], "is cut"),
    "cut-gzip": (gzip.compress(record("response", http()))[:-12], "damaged or cut"),
    "no-length": (b"WARC/1.0\r\nWARC-Type: response\r\n\r\n", "whose length is “”"),
    "negative-length": (b"WARC/1.0\r\nContent-Length: -5\r\n\r\n", "whose length is “-5”"),
    "long-length": (b"WARC/1.0\r\nContent-Length: " + b"9" * 9_999 + b"\r\n\r\n", "is cut"),
    "no-record": (INFO + b"And now for something else\r\n", "a record that does not begin with WARC/"),
    "no-http": (record("response", b"<p>No response</p>"), "a response that does not begin with HTTP/"),
    "no-block": (record("response", b""), "a response that does not begin with HTTP/"),
    "many-records": (INFO * 1_001, "over 1,000 records"),
    "zstd": (record("response", http(Content_Encoding="zstd")), "the content coding “zstd”"),
    "many-codings": (record("response", http(Content_Encoding="br," * 9)), "9 content codings"),
    "cut-body": (record("response", http(gzip.compress(HTML)[:-9], Content_Encoding="gzip")), "damaged or cut"),
    "cut-br": (record("response", http(brotli.compress(HTML)[:-9], Content_Encoding="br")), "(br) is cut"),
    "cut-deflate": (record("response", http(zlib.compress(HTML)[:-9], Content_Encoding="deflate")), "is cut"),
}


@pytest.mark.parametrize(("content", "message"), BAD.values(), ids=BAD)
def test_a_warc_that_cannot_be_read_as_one_page_is_refused_with_a_message(content: bytes, message: str) -> None:
    with pytest.raises(BadContainer) as refused:
        open_container(content)
    assert message in str(refused.value)


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate"])
def test_a_bomb_in_a_response_is_refused_at_once(coding: str) -> None:
    zeros = bytes(4 * MAX_UNPACKED)
    pack = {"gzip": gzip.compress, "deflate": zlib.compress, "br": lambda body: brotli.compress(body, quality=1)}
    started = time.perf_counter()
    with pytest.raises(InputTooLarge, match="unpacks to over 67,108,864 bytes"):
        open_container(record("response", http(pack[coding](zeros), Content_Encoding=coding)))
    assert time.perf_counter() - started < 20


def test_a_warc_that_is_a_bomb_is_refused() -> None:
    with pytest.raises(InputTooLarge, match="the WARC file unpacks to over"):
        open_container(gzip.compress(record("response", http(bytes(2 * MAX_UNPACKED)))))


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br"]))
def test_content_is_decoded_or_refused_whatever_it_is(body: bytes, coding: str) -> None:
    try:
        decoded = decode_content(body, coding)
    except ScrubberError:
        return
    assert isinstance(decoded, bytes)


@given(st.binary(max_size=300), st.integers(0, 400))
def test_a_damaged_warc_is_read_or_refused_whatever_the_damage(junk: bytes, at: int) -> None:
    whole = INFO + record("response", http())
    damaged = b"WARC/" + whole[5 : 5 + at] + junk + whole[5 + at :]
    try:
        page = open_container(damaged)
    except ScrubberError:
        return
    assert page is not None


# --- MHTML ----------------------------------------------------------------------------------------

PICTURE = part(b"\x89PNG", "base64", "Content-Location: https://paper.example/a.png\r\n", "image/png")


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_mhtml_gives_its_page_with_address_and_type(encoding: str) -> None:
    page = open_container(mhtml(part(HTML, encoding, kind=TYPE), PICTURE, head=f"Snapshot-Content-Location: {URL}\r\n"))
    assert page == Page(page.content if page else b"", URL, TYPE, meta={"date": "Tue, 4 May 2021 09:30:00 -0000"})
    assert page.content.rstrip() == HTML  # type: ignore[union-attr]


def test_the_address_of_mhtml_may_stand_in_its_part() -> None:
    page = open_container(mhtml(PICTURE, part(HTML, "base64")))
    assert page is not None
    assert (page.url, page.content_type) == (URL, "text/html")


def test_mhtml_names_the_part_that_is_the_page() -> None:
    frame = part(b"<p>A frame</p>", "base64", "Content-ID: <frame@x>\r\n")
    page = part(HTML, "base64", "Content-ID: <page@x>\r\n")
    named = mhtml(frame, page, kind='multipart/related; start="<page@x>"; boundary="cut"')
    found = open_container(named)
    assert found is not None
    assert found.content == HTML


def test_mhtml_may_be_a_single_part() -> None:
    content = b"MIME-Version: 1.0\nContent-Type: text/html; charset=koi8-r\nContent-Location: " + URL.encode()
    page = open_container(content + b"\n\n" + HTML)
    assert page == Page(HTML, URL, "text/html; charset=koi8-r")


def test_mhtml_without_html_is_refused() -> None:
    with pytest.raises(BadContainer, match="holds no HTML"):
        open_container(mhtml(PICTURE))


def test_mhtml_nested_without_end_is_refused() -> None:
    nested = b"--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" * 50_000
    with pytest.raises(BadContainer, match="over 16 parts that hold parts"):
        open_container(mhtml(nested))


def test_mhtml_of_very_many_parts_is_read_in_time_that_grows_with_it() -> None:
    started = time.perf_counter()
    page = open_container(mhtml(part(HTML, "base64"), *[b"\r\n"] * 50_000))
    assert page is not None
    assert page.content == HTML
    assert time.perf_counter() - started < 20


@given(st.binary(max_size=300), st.integers(0, 600))
def test_damaged_mhtml_is_read_or_refused_whatever_the_damage(junk: bytes, at: int) -> None:
    whole = mhtml(part(HTML, "base64"), PICTURE)
    damaged = whole[:at] + junk + whole[at:]
    try:
        page = read_page(damaged)
    except ScrubberError:
        return
    assert isinstance(page.content, bytes)


# --- everything else ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"",
        HTML,
        b"WARC is a format for archives.",
        b"From: the editor\n\nMIME-Version: 1.0 was agreed on in 1992.",
        b"MIME-Version: 1.0\nContent-Type: text/plain\n\nA letter.",
        gzip.compress(HTML),
        b"\x1f\x8bno gzip",
        b"%PDF-1.7",
    ],
)
def test_what_is_no_container_is_a_page_as_it_is(content: bytes) -> None:
    assert open_container(content) is None
    assert read_page(content, url=URL, content_type=TYPE) == Page(content, URL, TYPE)


def test_what_the_caller_knows_comes_before_what_the_container_says() -> None:
    page = read_page(record("response", http()), url="https://other.example/", content_type="text/plain")
    assert (page.url, page.content_type) == ("https://other.example/", "text/plain")
