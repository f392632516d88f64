"""MHTML, the "web page, single file" of browsers: a mail whose first HTML part is the page."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import Message
from typing import Any

from scrubber.errors import BadContainer
from scrubber.model import Page

HEAD = 16_384
"""Bytes searched for the headers that MHTML begins with; browsers write less than one thousand."""

MAX_MULTIPARTS = 16
"""Parts that hold parts. Browsers nest none or one; the parser's time grows with their depth."""

MULTIPART = re.compile(rb"^content-type:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
HEADERS = re.compile(rb"\s*((?:[!-9;-~]+:[^\r\n]*\r?\n(?:[ \t]+[^\r\n]*\r?\n)*)+)")
MIME_VERSION = re.compile(rb"^mime-version:", re.IGNORECASE | re.MULTILINE)
WEB_PAGE = re.compile(rb"^content-type:\s*(?:multipart/related|text/html)\b", re.IGNORECASE | re.MULTILINE)
PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})


def looks_like_mhtml(content: bytes) -> bool:
    """Tell whether content begins with the headers of a mail that is a web page with its parts."""
    if b":" not in content[:64]:  # nearly every page is told by this
        return False
    found = HEADERS.match(content[:HEAD])
    return found is not None and MIME_VERSION.search(found[1]) is not None and WEB_PAGE.search(found[1]) is not None


def open_mhtml(content: bytes) -> Page:
    """Return the page of an MHTML file: the part that its head names, or its first HTML part; frames are left out.

    Raises:
        BadContainer: there is no HTML in it, or its parts are nested too deep.
    """
    if len(MULTIPART.findall(content)) > MAX_MULTIPARTS:
        raise BadContainer(f"the MHTML file holds over {MAX_MULTIPARTS} parts that hold parts: it can't be read")
    message = message_from_bytes(content.lstrip())
    parts = [part for part in message.walk() if part.get_content_type() in PAGE_TYPES]
    if not parts:
        raise BadContainer("the MHTML file holds no HTML")
    start = _header(message.get_param("start"))
    page = next((part for part in parts if start and _header(part["Content-ID"]) == start), parts[0])
    url = _header(message["Snapshot-Content-Location"]) or _header(page["Content-Location"])
    date = _header(message["Date"])
    meta: dict[str, Any] = {"date": date} if date else {}
    body = page.get_payload(decode=True)
    return Page(body if isinstance(body, bytes) else b"", url, _content_type(page), meta=meta)


def _header(value: Any) -> str | None:
    """Return a header's value on one line; None where there is none, or it is no text."""
    return " ".join(str(value).split()) or None if value is not None else None


def _content_type(part: Message) -> str | None:
    return _header(part["Content-Type"])
