"""Where the links of an HTML page stand in its lines, and where they lead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from scrubber.errors import ScrubberError
from scrubber.model import Link
from scrubber.segment.blocks import unescaped
from scrubber.segment.selectors import elements

MAX_HREF = 2_048
"""Characters of an address. What browsers and servers surely take; a longer one is data."""

MOST_LINKS = 10_000
"""Links of one page; a long index has some thousands. A short tag may stand for `MAX_HREF` characters of output."""

SCHEMES = frozenset({"http", "https", "mailto"})
"""Schemes of links that are told; what others do depends on who reads them, or is a script."""

UNQUOTED = "%/:?#[]@!$&()*+,;=~"
"""Characters of an address that stand as they are, beside letters, digits and `_.-`."""

_IGNORED = re.compile("[\t\n\r]")
_EDGES = "".join(map(chr, range(0x21)))


class TooManyLinks(ScrubberError):
    """A page has more than `MOST_LINKS`: none was told."""


class LinkText(NamedTuple):
    """A text of a line as the parser writes it; `link` is its link's number and address, None outside of links."""

    written: str
    link: tuple[int, str] | None


def hrefs(parser: Any, url: str | None) -> dict[int, str]:
    """Return for the number of each link of a page the address that it leads to, where it may be told.

    Raises:
        TooManyLinks: the page has over `MOST_LINKS`.
    """
    base = parser.css_first("base[href]")
    start = absolute((base.attributes["href"] if base else None) or "", url) or url
    found: dict[int, str] = {}
    for number, node in enumerate(elements(parser)):
        written = node.attributes.get("href") if node.tag == "a" else None
        if written is not None and (href := absolute(written, start)):
            found[number] = href
            if len(found) > MOST_LINKS:
                raise TooManyLinks(f"the page has over {MOST_LINKS:,} links")
    return found


def absolute(written: str, base: str | None) -> str | None:
    """Return where a link leads as browsers read it, from the address of its page; None where it may not be told.

    >>> absolute("../b?q=a b", "https://paper.example/news/1")
    'https://paper.example/b?q=a%20b'
    >>> absolute(" JavaScript:alert(1)", "https://paper.example/"), absolute("/b", None)
    (None, None)
    """
    bare = _IGNORED.sub("", written.strip(_EDGES))
    if not bare or len(bare) > MAX_HREF:
        return None
    try:
        whole = urljoin(base[:MAX_HREF], bare) if base else bare
        parts = urlsplit(whole)
    except ValueError:  # such as a host with one bracket
        return None
    leads = parts.path if parts.scheme == "mailto" else parts.netloc
    href = quote(whole, safe=UNQUOTED, errors="replace")
    return href if parts.scheme in SCHEMES and leads and len(href) <= MAX_HREF else None


def place_links(line: str, texts: Iterable[LinkText]) -> list[Link]:
    """Return the links of a line, as characters of it, from the texts that it is made of, in order.

    Blanks do not count, nor what stands between the cells of a row. A line that is not made of its texts, such as a
    row of code, has none.
    """
    places = [place for place, character in enumerate(line) if not character.isspace()]
    squeezed = "".join([line[place] for place in places])
    found: list[tuple[int, Link]] = []
    end = 0
    for text in texts:
        wanted = "".join(unescaped(text.written).split())
        start = squeezed.find(wanted, end)
        if start < 0:
            return []
        end = start + len(wanted)
        if text.link and wanted:
            number, href = text.link
            found.append((number, Link(places[start], places[end - 1] + 1, href)))
    return list(_joined(found))


def _joined(found: Iterable[tuple[int, Link]]) -> Iterator[Link]:
    """Yield links, the neighbouring texts of one as one."""
    open_number, open_link = -1, None
    for number, link in found:
        if open_link and number == open_number:
            open_link = open_link._replace(end=link.end)
            continue
        if open_link:
            yield open_link
        open_number, open_link = number, link
    if open_link:
        yield open_link
