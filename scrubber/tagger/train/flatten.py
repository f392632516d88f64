"""Ways of flattening HTML to lines of text, as other people's tools do it.

The tagger must read text that somebody else flattened, so it trains on several ways and is tested
on one it never saw. Every way gives stripped, non-blank lines with runs of blanks folded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding
from selectolax.lexbor import LexborHTMLParser, LexborNode

HELD_OUT = "get_text"
"""The way that never trains a model and only tests it."""

BLOCK_NAMES = (
    "address article aside blockquote body br button caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html iframe legend li main menu nav "
    "ol option p pre search section select summary table tbody td textarea tfoot th thead title tr ul video"
)
BLOCKS = frozenset(BLOCK_NAMES.split())
"""Elements that begin and end a line: what the HTML standard displays as a block, plus form controls."""

INVISIBLE = frozenset({"head", "iframe", "math", "script", "style", "svg", "template", "textarea"})
"""Elements whose text is no part of the page. `noscript` is read: one forum in eight serves its posts nowhere else."""

NEVER_TEXT = frozenset({"script", "style", "template"})
"""Elements whose text BeautifulSoup's `get_text` leaves out."""

CELLS = frozenset({"td", "th"})

CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([-\w]{2,40})""", re.IGNORECASE)
CHARSET_REACH = 4096  # bytes from the start in which a charset is looked for; the HTML standard asks for 1024

Event = tuple[str, str]
"""What a walk meets: ("open", tag), ("close", tag) or ("text", characters)."""


def flatten(html: bytes | str, way: str = "blocks") -> list[str]:
    """Return the page's lines of text, flattened in one of the `WAYS`.

    Args:
        html: the page; bytes are decoded by their declared or detected encoding.
        way: a key of `WAYS`.

    Returns:
        Stripped, non-blank lines in document order; empty for a page without text.

    Raises:
        KeyError: no such way.

    >>> flatten("<p>One <b>bold</b> word.</p><p>Two.", "blocks")
    ['One bold word.', 'Two.']
    >>> flatten("<p>One <b>bold</b> word.</p><p>Two.", "get_text")
    ['One', 'bold', 'word.', 'Two.']
    """
    return fold(WAYS[way](decode(html) if isinstance(html, bytes) else html))


def decode(html: bytes) -> str:
    """Decode a page: UTF-8 when it is valid, else the declared charset, else a detected one."""
    try:
        return html.decode("utf-8-sig")
    except UnicodeDecodeError:
        declared = CHARSET.search(html[:CHARSET_REACH])
    encoding = declared.group(1).decode("ascii") if declared else detect_encoding(html)
    return str(bytes_to_str(html, encoding or "utf-8"))


def fold(text: str) -> list[str]:
    """Split text into lines, fold runs of blanks, leave blank lines out."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def walk(html: str) -> Iterator[Event]:
    """Yield the page's tags and texts in document order, without recursion."""
    node: LexborNode | None = LexborHTMLParser(html).root
    top = node.mem_id if node is not None else 0
    while node is not None:
        tag = node.tag or ""
        if tag == "-text":
            yield "text", node.text_content or ""
        elif tag[:1] not in "-!":
            yield "open", tag
            if node.child is not None:
                node = node.child
                continue
            yield "close", tag
        while node is not None and node.mem_id != top and node.next is None:
            node = node.parent
            if node is not None:
                yield "close", node.tag or ""
        node = None if node is None or node.mem_id == top else node.next


def visible(events: Iterator[Event], skipped: frozenset[str] = INVISIBLE) -> Iterator[Event]:
    """Leave out the elements named in `skipped` with all they hold."""
    depth = 0
    for kind, value in events:
        if kind != "text" and value in skipped:
            depth += 1 if kind == "open" else -1
        elif not depth:
            yield kind, value


def blocks(html: str) -> str:
    """One line per block element; inline elements and source line ends break nothing."""
    return broken_at(html, BLOCKS)


def links_apart(html: str) -> str:
    """As `blocks`, and each link stands on a line of its own when more text follows in its block."""
    return broken_at(html, BLOCKS | {"a"})


def rows(html: str) -> str:
    """As a text browser: the cells of a table row, and the items of a select, share a line."""
    return broken_at(html, BLOCKS - CELLS - {"option", "button", "br"}, spaced=CELLS | {"option", "button", "br"})


def broken_at(html: str, breaking: frozenset[str], spaced: frozenset[str] = frozenset()) -> str:
    """Join the visible text, with a line end at the tags in `breaking` and a blank at those in `spaced`."""
    parts: list[str] = []
    for kind, value in visible(walk(html)):
        if kind == "text":
            parts.append(re.sub(r"\s", " ", value))
        elif value in breaking:
            parts.append("\n")
        elif value in spaced:
            parts.append(" ")
    return "".join(parts)


def source_lines(html: str) -> str:
    """Tags simply taken away: lines end where the source's do, so texts may stick together or break anywhere."""
    shown = visible(walk(html))
    return "".join(value if kind == "text" else "\n" * (value == "p") for kind, value in shown)


def resiliparse(html: str) -> str:
    """Resiliparse's plain text of the whole page, with its list bullets and alternative texts."""
    return str(extract_plain_text(html, preserve_formatting=True, main_content=False))


def get_text(html: str) -> str:
    """Every text node on a line of its own, as `BeautifulSoup(html).get_text("\\n")`: breaks inside sentences."""
    return "\n".join(value for kind, value in visible(walk(html), NEVER_TEXT) if kind == "text")


WAYS: dict[str, Callable[[str], str]] = {
    "blocks": blocks,
    "links_apart": links_apart,
    "rows": rows,
    "source_lines": source_lines,
    "resiliparse": resiliparse,
    "get_text": get_text,
}
"""Every way by name. `blocks` is the plain one that figures are reported on; `HELD_OUT` never trains."""

TRAINING_WAYS = tuple(way for way in WAYS if way != HELD_OUT)
