"""Files that hold a page and what is known of it: a WARC with one record, MHTML. Bytes to `Page`.

What lies in a file is told by its first bytes, never by its name.
"""

from __future__ import annotations

from scrubber.containers.mhtml import looks_like_mhtml, open_mhtml
from scrubber.containers.warc import looks_like_warc, open_warc
from scrubber.days import read_day
from scrubber.model import Page

CONTAINER_SUFFIXES = (".warc", ".warc.gz", ".mhtml", ".mht")


def open_container(content: bytes) -> Page | None:
    """Return the page that a container holds; None where the bytes are no container.

    The page has the address and the content type that the container gives, and in `meta`, where it says so,
    the `date` of its capture as written. WARC may be compressed with gzip. Nothing is unpacked to more than
    `MAX_UNPACKED` bytes.

    Raises:
        BadContainer: the container is damaged, or holds no page, or more than one.
        InputTooLarge: it unpacks to more than the limit.
    """
    if looks_like_warc(content):
        return open_warc(content)
    return open_mhtml(content) if looks_like_mhtml(content) else None


def read_page(content: bytes, *, url: str | None = None, content_type: str | None = None) -> Page:
    """Return the page in a container, or the bytes themselves as a page; what the caller knows of it comes first.

    The day of the capture is the page's date.

    Raises:
        BadContainer, InputTooLarge: see `open_container`.
    """
    page = open_container(content) or Page(content)
    day = read_day(page.meta.get("date"))
    return Page(page.content, url or page.url, content_type or page.content_type, meta=page.meta, date=day)
