"""HTML to lines: one line for each block of visible text, with what the DOM says of it.

The parser is lexbor (WHATWG rules, no limit of depth).
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import accumulate
from typing import NamedTuple

from scrubber.document import MANY_LINES, Document, Span, each_once
from scrubber.model import Dom, Repair
from scrubber.repair import RepairOptions, is_suspect, repair_line
from scrubber.segment.blocks import read_markup, shown, written
from scrubber.segment.line_finder import LineFinder
from scrubber.segment.markup import bounded, parse
from scrubber.segment.metadata import Marked, Metadata, Statements, choose_metadata, read_head, read_statements
from scrubber.segment.tables import Row

APP_SHELL = "app_shell"
"""The flag of a page that shows nothing before its scripts have run, or no more than that it waits for them."""

SHELL_WORDS = 3
"""Words that a shell may show: "Loading", "Please wait". Of the tuning pages with text, none shows so few."""

MANY_TAGS = 50_000
"""Tags. Real pages have some thousand; of very many tiny elements, the tree takes more memory than all that follows."""

_SCRIPT = re.compile(rb"<script\b", re.IGNORECASE)
_LOOKS_LIKE_HTML = re.compile(
    r"[\s\ufeff]*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|\?xml"
    r"|(?:html|head|title|meta|link|script|style|body|main|article|section|header|nav|div|table|center|font|iframe|h1|p|br|a|b)"
    r"(?=[\s>/]))",
    re.IGNORECASE | re.DOTALL,
)
_MARKUP_TYPE = re.compile(r"\b(?:text/html|application/xhtml\+xml)\b", re.IGNORECASE)


class HtmlLines(NamedTuple):
    """A page that was read: its lines, what was repaired, what it says of itself, and flags on what limits cut."""

    document: Document
    repairs: tuple[Repair, ...]
    metadata: Metadata
    flags: tuple[str, ...] = ()


def is_html(text: str, content_type: str | None = None) -> bool:
    """Tell whether a page is HTML: its content type says so, or it begins like a document."""
    declared = content_type is not None and _MARKUP_TYPE.search(content_type) is not None
    return declared or _LOOKS_LIKE_HTML.match(text) is not None


def segment_html(
    markup: str | bytes, options: RepairOptions, *, url: str | None = None, title: str | None = None
) -> HtmlLines:
    """Split HTML into repaired lines that are not blank, and read what the page says of itself.

    Bytes are valid UTF-8; a page that came as such need not be encoded again for the parser.
    The document's source is the flattened text, a line a row: spans of lines and repairs point into that.
    Malformed HTML is read as browsers read it. A page without visible text gives a document without lines.
    """
    limited = bounded(_encoded(markup))
    said, marked, written_out = _read(limited.markup, url)
    lines, found = _blocks(written_out)
    metadata = choose_metadata(said, marked, read_head(lines, found, said.name), options)
    source = "\n".join(lines)
    suspect = is_suspect(source, options)
    texts: list[str] = []
    steps: list[Repair] = []
    doms: list[Dom] = []
    rows = array("i")
    start = 0
    for row, line in enumerate(lines):
        text, made = repair_line(line, start, options) if suspect else (line, ())
        text = text.strip()
        if text:
            texts.append(text)
            doms.append(found[row])
            rows.append(row)
            steps.extend(made)
        start += len(line) + 1
    finder = LineFinder(limited.markup, rows, len(lines))
    spans = partial(_spans, source, rows)
    document = Document(source, texts, spans, url=url, title=title or metadata.title, doms=doms, finder=finder)
    document.stated = repair_line(said.body, 0, options)[0] if said.body else None  # as its lines are
    waits = (APP_SHELL,) if sum(document.words) <= SHELL_WORDS and _SCRIPT.search(limited.markup) else ()
    return HtmlLines(document, tuple(steps), metadata, (*limited.flags, *waits))


def flatten_html(markup: str) -> str:
    """Return the visible text of HTML, a line for each block: what spans of lines point into."""
    return "\n".join(_blocks(written(parse(bounded(_encoded(markup)).markup)))[0])


def _encoded(markup: str | bytes) -> bytes:
    """Return markup in UTF-8, without halves of characters."""
    return markup if isinstance(markup, bytes) else markup.encode("utf-8", "ignore")


def _read(markup: bytes, url: str | None) -> tuple[Statements, Marked, str]:
    """Parse a page: return what it states, what its elements are marked as, and the page as `written` gives it.

    The tree of a page of very many tags does not outlive this.
    """
    parser = parse(markup)
    said = read_statements(parser, url)
    tags = written(parser)
    marked = Marked.of(parser, said)
    if tags.count("<") > MANY_TAGS:
        marked = marked.settled()
        del parser
        tags = "".join([tags[:1], tags[1:]])  # a copy: the first lies behind the tree, and would hold its memory
    return said, marked, tags


def _blocks(tags: str) -> tuple[list[str], list[Dom]]:
    """Return the lines of a page that are read, not yet repaired, and what the DOM says of each."""
    rows = shown(read_markup(tags))
    if len(rows) < MANY_LINES:
        return [row.text for row in rows], [_dom(row) for row in rows]
    held: dict[Dom, Dom] = {}
    return each_once([row.text for row in rows]), [held.setdefault(dom, dom) for dom in map(_dom, rows)]


def _spans(source: str, rows: Iterable[int]) -> Iterator[Span]:
    """Yield where some rows of the source stand in it."""
    starts = array("q", accumulate((len(row) + 1 for row in source.split("\n")), initial=0))
    return ((starts[row], starts[row + 1] - 1) for row in rows)


def _dom(row: Row) -> Dom:
    element = row.element
    path, names, siblings = element.describe()
    linked = min(row.linked / len(row.text), 1.0) if row.linked else 0.0
    hidden = element.muted or element.hidden is not None
    return Dom(path, element.block, element.landmark, linked, names, hidden, siblings, row.follows)
