"""HTML to lines: one line for each block of visible text, with what the DOM says of it.

The parser is lexbor (WHATWG rules, no limit of depth). The walk keeps a stack of its own, so that nesting
can't exhaust Python's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import dropwhile, takewhile
from operator import itemgetter
from typing import Any, NamedTuple

from scrubber.document import Document
from scrubber.model import Dom, Repair
from scrubber.repair import RepairOptions, is_suspect, repair_line
from scrubber.segment.metadata import Metadata, read_metadata

_BLOCK_NAMES = (
    "address article aside blockquote body br button caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html iframe legend li main menu nav "
    "ol option p pre search section select summary table tbody td textarea tfoot th thead tr ul"
)
BLOCKS = frozenset(_BLOCK_NAMES.split())
"""Elements that begin and end a line: what the HTML standard displays as a block, and form controls."""

_INVISIBLE_NAMES = (
    "audio canvas datalist head iframe math noembed noframes noscript rp script style svg template textarea title video"
)
INVISIBLE = frozenset(_INVISIBLE_NAMES.split())
"""Elements whose text a browser does not show as part of the page."""

SHELL_CHARS = 200
"""Characters. A page that shows fewer may wait for its script, and hold its text in noscript."""

NOSCRIPT_SHARE = 3
"""How much longer the page must be with the text in noscript, for that to be its text: a notice to turn scripts on
is no page."""

LANDMARKS = frozenset({"nav", "header", "footer", "aside", "form", "main", "article"})
"""Elements that say what part of a page they are."""

MAX_TAG = 65_536
"""Characters of one tag. Attributes beyond are cut: parsers compare each with every other."""

MAX_DEPTH = 1_000
"""Elements that may be open at once. Real pages have a few dozen; at each block the parser looks through all of
them, so that 20,000 cost seconds. Tags beyond become line breaks, which keeps the text and its lines."""

_ENDLESS = "area base br col embed hr img input link meta param source track wbr"
_OPTIONAL = "p li dt dd tr td th thead tbody tfoot option optgroup colgroup rp rt html head body"
UNCOUNTED = INVISIBLE | {"title"} | frozenset(f"{_ENDLESS} {_OPTIONAL}".split())
"""Elements without an end tag, or that may leave it out; and those whose text is not shown, which stay whole."""

MAX_PATH = 12
"""Steps of a line's path that are kept, the innermost: enough to find it again, a bound on deep nesting."""

TITLE_BLANKS = 2
"""Blanks that a title has at least, where only the title element speaks for it; a site's name has fewer."""

_LOOKS_LIKE_HTML = re.compile(
    r"[\s\ufeff]*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body|meta|div|article|main|section|\?xml)\b",
    re.IGNORECASE | re.DOTALL,
)
_HUGE_TAG = re.compile(rf"<([a-zA-Z][\w-]{{0,63}})[^<>]{{{MAX_TAG},}}>")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})\b[^<>]*>")
_MARKUP_TYPE = re.compile(r"\b(?:text/html|application/xhtml\+xml)\b", re.IGNORECASE)


class Block(NamedTuple):
    """One line as the walk found it, its text not yet repaired."""

    text: str
    dom: Dom


def is_html(text: str, content_type: str | None = None) -> bool:
    """Tell whether a page is HTML: its content type says so, or it begins like a document."""
    declared = content_type is not None and _MARKUP_TYPE.search(content_type) is not None
    return declared or _LOOKS_LIKE_HTML.match(text) is not None


def segment_html(
    markup: str, options: RepairOptions, *, url: str | None = None, title: str | None = None
) -> tuple[Document, tuple[Repair, ...], Metadata]:
    """Split HTML into repaired lines that are not blank, and read what the page says of itself.

    The document's source is the flattened text, a line a row: spans of lines and repairs point into that.
    Malformed HTML is read as browsers read it. A page without visible text gives a document without lines.
    """
    parser = _parse(markup)
    blocks = _page_blocks(parser.root)
    metadata = read_metadata(parser, _heading(blocks) or _named_line(blocks, parser))
    source = "\n".join(block.text for block in blocks)
    suspect = is_suspect(source, options)
    texts: list[str] = []
    steps: list[Repair] = []
    spans: list[tuple[int, int]] = []
    doms: list[Dom] = []
    start = 0
    for block in blocks:
        text, made = repair_line(block.text, start, options) if suspect else (block.text, ())
        if text.strip():
            texts.append(text.strip())
            spans.append((start, start + len(block.text)))
            doms.append(block.dom)
            steps.extend(made)
        start += len(block.text) + 1
    document = Document(source, texts, spans, url=url, title=title or metadata.title, doms=doms)
    return document, tuple(steps), metadata


def flatten_html(markup: str) -> str:
    """Return the visible text of HTML, a line for each block: what spans of lines point into."""
    return "\n".join(block.text for block in _page_blocks(_parse(markup).root))


def _parse(markup: str) -> Any:
    """Parse a page as browsers do, within the limits."""
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 - flattened text does without

    return LexborHTMLParser(limit_depth(_HUGE_TAG.sub(r"<\1>", markup)))


def limit_depth(markup: str) -> str:
    """Take out tags that would nest deeper than `MAX_DEPTH`, those of blocks for a line break.

    Only elements that need an end tag are counted, for only those nest when it is missing.
    """
    if markup.count("<") - 2 * markup.count("</") <= MAX_DEPTH:
        return markup
    depth = 0

    def limited(match: re.Match[str]) -> str:
        nonlocal depth
        tag = match[2].lower()
        if tag in UNCOUNTED:
            return match[0]
        beyond = depth > MAX_DEPTH
        depth = max(depth - 1, 0) if match[1] else depth + 1
        return match[0] if not beyond else "<br>" if tag in BLOCKS else ""

    return _TAG.sub(limited, markup)


def _page_blocks(root: Any) -> list[Block]:
    """Return the blocks of a page; those of its noscript too where it shows next to nothing else."""
    blocks = list(walk_blocks(root)) if root is not None else []
    if root is None or sum(len(block.text) for block in blocks) >= SHELL_CHARS:
        return blocks
    unscripted = list(walk_blocks(root, INVISIBLE - {"noscript"}))
    shown = max(SHELL_CHARS, NOSCRIPT_SHARE * sum(len(block.text) for block in blocks))
    return unscripted if sum(len(block.text) for block in unscripted) >= shown else blocks


def walk_blocks(root: Any, invisible: AbstractSet[str] = INVISIBLE) -> Iterator[Block]:
    """Yield the blocks of visible text in document order."""
    pieces = _Pieces()
    for opens, node in _visible(root, invisible):
        tag = node.tag
        if tag == "-text":
            pieces.add(node.text_content or "")
        elif opens:
            if tag in BLOCKS:
                yield from pieces.flush()
            pieces.enter(tag)
        else:
            if tag in BLOCKS:
                yield from pieces.flush()
            pieces.leave()
    yield from pieces.flush()


def _heading(blocks: Iterable[Block]) -> str | None:
    """Return the page's first heading of the first rank, all its lines."""
    flags = ((block.text, "h1" in block.dom.path and "h1" in block.dom.path.split("/")) for block in blocks)
    lines = takewhile(itemgetter(1), dropwhile(lambda line: not line[1], flags))
    return " ".join(text for text, _ in lines) or None


def _named_line(blocks: Iterable[Block], parser: Any) -> str | None:
    """Return the longest line that the title element begins with: the site's name stands behind the title."""
    element = parser.css_first("title")
    name = " ".join(element.text().split()) if element is not None else ""
    lines = {block.text for block in blocks if name.startswith(block.text) and block.text.count(" ") >= TITLE_BLANKS}
    return max(lines, key=len, default=None)


def _visible(root: Any, invisible: AbstractSet[str]) -> Iterator[tuple[bool, Any]]:
    """Yield each visible element when it opens and when it closes, and each text once, without recursion."""
    node, top = root, root.mem_id
    while node is not None:
        tag = node.tag
        if tag == "-text":
            yield True, node
        elif tag and tag[0] not in "-!" and tag not in invisible:
            yield True, node
            child = node.child
            if child is not None:
                node = child
                continue
            yield False, node
        while node is not None and node.mem_id != top and node.next is None:
            node = node.parent
            if node is not None:
                yield False, node
        node = None if node is None or node.mem_id == top else node.next


class _Pieces:
    """The text of the line being read, and where in the tree the walk is."""

    def __init__(self) -> None:
        self.path: list[str] = []
        self.landmarks: list[str] = []
        self.links = 0
        self.texts: list[str] = []
        self.linked = 0

    def add(self, text: str) -> None:
        self.texts.append(text)
        if self.links:
            self.linked += len(text.strip())

    def enter(self, tag: str) -> None:
        self.path.append(tag)
        self.links += tag == "a"
        if tag in LANDMARKS:
            self.landmarks.append(tag)

    def leave(self) -> None:
        tag = self.path.pop()
        self.links -= tag == "a"
        if tag in LANDMARKS:
            self.landmarks.pop()

    def flush(self) -> Iterator[Block]:
        """Yield the line that ends here, unless it is blank."""
        text = " ".join("".join(self.texts).split())
        if text:
            yield Block(text, self.describe(text))
        self.texts.clear()
        self.linked = 0

    def describe(self, text: str) -> Dom:
        block = next((tag for tag in reversed(self.path) if tag in BLOCKS), "")
        landmark = self.landmarks[-1] if self.landmarks else ""
        return Dom("/".join(self.path[-MAX_PATH:]), block, landmark, min(self.linked / len(text), 1.0))
