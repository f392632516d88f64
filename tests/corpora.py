"""Corpora for tests, made up, and a plugin that fails as pages tell it to."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import zstandard

PROSE = (
    "The old bridge over the river was closed by the flood on Monday, the mayor said. "
    "It will stay closed until the water has gone, and nobody knows when that will be."
)

FAULTY_SITE = '''"""Does what a page asks for, and then cleans nothing."""

import ctypes
import os
import time

from scrubber import Site, hookimpl


class Stop(BaseException):
    """Is not passed over as other errors of plugins are."""


class Faulty(Site):
    """Fails on pages of its host, each in the way that its first word names."""

    name = "faulty"
    hosts = ("faulty.example",)

    def find(self, document):
        """Fail."""
        word = document.texts[0].split()[0]
        if word == "RAISE":
            raise Stop("told to")
        if word == "HANG":
            while True:
                time.sleep(0.01)
        if word == "STUCK":
            ctypes.PyDLL(None).sleep(60)  # in C, with the lock of the interpreter held
        if word == "MEMORY":
            hoard = [bytes(2**28) for _ in range(1000)]
        if word == "CRASH":
            ctypes.string_at(0)
        if word == "EXIT":
            os._exit(7)
        return []


@hookimpl
def register_sites():
    """Offer the site."""
    return [Faulty()]
'''


def page(number: int, first: str = "Home") -> str:
    """Return a page that no other page is like."""
    return f"{first}\nLog in\nShare on Facebook\n\n{PROSE} This is story number {number}.\n\nPrivacy policy\n"


def record(number: int, first: str = "Home", **more: Any) -> dict[str, Any]:
    """Return a record of a page, with fields of its own."""
    host = "paper.example" if first == "Home" else "faulty.example"
    return {"id": str(number), "url": f"https://{host}/{number}", "text": page(number, first), "rank": number, **more}


def jsonl(records: Iterable[dict[str, Any]]) -> bytes:
    """Return records as JSON Lines."""
    return b"".join(json.dumps(one).encode() + b"\n" for one in records)


def write(path: Path, content: bytes) -> Path:
    """Write a file, compressed as its name says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".gz":
        content = gzip.compress(content, mtime=0)
    if path.suffix == ".zst":
        content = zstandard.compress(content)
    path.write_bytes(content)
    return path


def warc_record(number: int, kind: str = "response", media: str = "text/html", body: bytes | None = None) -> bytes:
    """Return one WARC record."""
    text = f"<html><body><nav><a href='/'>Home</a></nav><p>{PROSE} Number {number}.</p></body></html>".encode()
    body = text if body is None else body
    block = b"HTTP/1.1 200 OK\r\nContent-Type: " + media.encode() + b"\r\n\r\n" + body if kind == "response" else body
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{number:032}>\r\n"
        f"WARC-Target-URI: https://paper.example/{number}\r\nWARC-Date: 2021-05-0{number % 9 + 1}T00:00:00Z\r\n"
        f"Content-Type: {'application/http' if kind == 'response' else media}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def rows(folder: Path) -> list[dict[str, Any]]:
    """Return the rows of a run, told by its manifests."""
    found = []
    for manifest in sorted((folder / "manifest").glob("*.json")):
        data = json.loads(manifest.read_bytes())["data"]
        if data:
            with (folder / data).open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
                found += [json.loads(line) for line in io.BufferedReader(stream)]
    return found


def letters(folder: Path) -> list[dict[str, Any]]:
    """Return the dead letters of a run, in order."""
    files = sorted((folder / "dead").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_bytes().splitlines()]


def output(folder: Path) -> dict[str, bytes]:
    """Return what a run has written, without manifests, whose seconds differ from run to run."""
    files = (*folder.glob("part-*"), *(folder / "dead").glob("*"))
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def children(parent: int) -> set[int]:
    """Return the processes below one, from what the system says."""
    below: set[int] = set()
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            parents[int(path.parent.name)] = int(fields[1])
    grown = {parent}
    while grown:
        grown = {child for child, above in parents.items() if above in grown}
        below |= grown
    return below
