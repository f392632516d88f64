"""A parsed page to blocks of text: what is a line, and what the DOM says of it.

The parser writes its tree out again, well nested and escaped, and one pass goes over that: reading tags off a
string takes a third of the time of asking for each node of the tree.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from scrubber.document import ends_sentence
from scrubber.model import CELLS
from scrubber.segment.elements import BLOCKS, INVISIBLE, JUDGED, Element, Part, Tag, read_tag
from scrubber.segment.tables import Row, Table, merged
from scrubber.segment.text import is_wrapped, unwrap, wrap_width

SHORT_CHARS = 80
"""Characters. Lines of verse, of an address or of a list within a paragraph have at most so many."""

WRAPPED_CHARS = 40
"""Characters that a row of a paragraph has at least where a line break only wraps it."""

PROSE_CHARS = 60
"""Characters of a line that counts as prose where it is told whether hidden text is the page's."""

LEAST_PROSE = 200
"""Characters of prose of a hidden part that may be the page's: a notice to turn scripts on has fewer."""

STRETCH = 100_000
"""Characters of markup that are taken apart at once."""

LINE = "line"
"""How a row goes on that a line break sets apart in its block: verse, an address, code."""

ITEM = "item"
"""How a row goes on that is a further block of the same list item."""

_PLAIN, _BLOCK, _BREAK, _RULE, _VOID, _LINK, _ASIDE, _TABLED = range(8)
_VOID_NAMES = "area base basefont bgsound col embed frame img input keygen link meta param source track wbr"
_KINDS = {
    **dict.fromkeys([*BLOCKS, *JUDGED], _BLOCK),
    **dict.fromkeys(["table", *CELLS], _TABLED),
    **dict.fromkeys(_VOID_NAMES.split(), _VOID),
    "br": _BREAK,
    "hr": _RULE,
    "a": _LINK,
}
ENDLESS = frozenset(_VOID_NAMES.split()) | {"br", "hr"}
"""Elements that are written without an end tag."""

TAG = re.compile("<([^>]*)>")
_COMMENT = re.compile(r"<!--[^-]*+(?:-(?!->)[^-]*+)*+-->|<\?[^>]*>")
_RAW = re.compile(r"<(style|script|iframe|noembed|noframes)\b[^>]*>.*?</\1>", re.DOTALL)
"""Elements that are written without escapes, which the parser leaves in templates."""

_ODD_BREAK = re.compile("[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_UNREAD = sorted(INVISIBLE - JUDGED)


_Step = tuple[int, Tag | None]
"""What an opening tag means for the reader: its kind, and what a block's says."""


class _Piece(NamedTuple):
    """The text between two line breaks, blanks folded, and how many of its characters stand in links."""

    text: str
    linked: int


def read_markup(markup: str) -> list[Row]:
    """Return the rows of markup as `written` gives it."""
    reader = _Reader()
    reader.read(markup)
    return reader.rows


def written(parser: Any) -> str:
    """Return the tree as markup in which only tags have brackets."""
    parser.strip_tags(_UNREAD, recursive=True)
    for node in parser.css("xmp, plaintext"):  # their text is written without escapes
        shown = parser.create_node("pre")
        shown.insert_child(node.text())
        node.replace_with(shown)
    markup = _COMMENT.sub("", str(parser.html))
    return _RAW.sub("", markup) if "<template" in markup else markup


def _texts_and_tags(markup: str) -> Iterator[tuple[str, str]]:
    """Return each tag without its brackets, and the text before it; a stretch at a time, for a page has many."""
    return chain.from_iterable(map(_taken_apart, _stretches(markup)))


def _stretches(markup: str) -> Iterator[str]:
    start = 0
    while start < len(markup):
        end = markup.find(">", start + STRETCH) + 1 or len(markup)
        yield markup[start:end]
        start = end


def _taken_apart(markup: str) -> Iterator[tuple[str, str]]:
    pieces = TAG.split(markup)
    return zip(pieces[::2], pieces[1::2], strict=False)


def _step(written: str) -> _Step:
    kind = _KINDS.get(written.partition(" ")[0], _PLAIN)
    if kind in (_BLOCK, _TABLED):
        return kind, read_tag(written)
    if kind in (_PLAIN, _LINK) and ("hidden" in written or "none" in written):
        tag = read_tag(written)
        return (_ASIDE, tag) if tag.hidden else (kind, None)
    return kind, None


class _Reader:
    """The rows read so far, and the text of the one that is being read."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.tables: list[Table] = []
        self.element: Element | None = None
        self.texts: list[str] = []
        self.linked = 0
        self.broken: list[_Piece] = []

    def read(self, markup: str) -> None:
        """Read markup as the parser writes it."""
        steps: dict[str, _Step] = {}
        opened: list[Element | int] = []
        links = 0
        for text, written in _texts_and_tags(markup):
            if text and (self.texts or not text.isspace() or self._in_code()):
                self.texts.append(text)
                if links:
                    self.linked += len(unescaped(text.strip()))
            if written[0] == "/":
                closed = opened.pop()
                if closed is _LINK:
                    links -= 1
                elif closed is not _PLAIN:
                    self._leave(closed)  # type: ignore[arg-type]
                continue
            kind, tag = steps.get(written) or steps.setdefault(written, _step(written))
            if tag is not None:
                opened.append(self._enter(kind, tag))
            elif kind == _PLAIN:
                opened.append(_PLAIN)
            elif kind == _LINK:
                links += 1
                opened.append(_LINK)
            elif kind == _BREAK:
                self._break()
            elif kind == _RULE:
                self._flush()

    def _in_code(self) -> bool:
        return self.element is not None and self.element.pre is not None

    def _enter(self, kind: int, tag: Tag) -> Element:
        element = Element(tag, self.element)
        if kind == _ASIDE:
            element.aside = self.texts, self.linked, self.broken
            self.texts, self.linked, self.broken = [], 0, []
        elif self.texts or self.broken:
            self._flush()
        self.element = element
        if kind == _TABLED:
            self._open_table(element)
        return element

    def _open_table(self, element: Element) -> None:
        """Begin a table, or a cell of one."""
        if element.tag.name == "table":
            if self.tables:
                self.tables[-1].nested = True
            self.tables.append(Table(len(self.rows), element.tag.layout))
        elif self.tables:
            self.tables[-1].cells.append(element)

    def _leave(self, element: Element) -> None:
        if self.texts or self.broken:
            self._flush()
        self.element = element.parent
        if element.aside:
            self.texts, self.linked, self.broken = element.aside
        elif element.tag.name == "table":
            table = self.tables.pop()
            if table.may_be_data():
                self.rows[table.start :] = merged(table, self.rows[table.start :])

    def _break(self) -> None:
        if self._in_code():
            self.texts.append("\n")
        else:
            self.broken.append(_Piece(*self._taken()))

    def _taken(self) -> tuple[str, int]:
        """Return the text since the last line break, blanks folded, and how much of it is linked; begin anew."""
        text, linked = " ".join(unescaped("".join(self.texts)).split()), self.linked
        self.texts.clear()
        self.linked = 0
        return text, linked

    def _flush(self) -> None:
        """End the line that is being read."""
        if self.texts and self._in_code():
            self._put_code()
        elif self.broken:
            for text, linked, follows in joined([*self.broken, _Piece(*self._taken())]):
                self._put(text, linked, follows)
            self.broken.clear()
        elif self.texts:
            text, linked = self._taken()
            if text:
                self._put(text, linked)

    def _put(self, text: str, linked: int = 0, follows: str = "", element: Element | None = None) -> None:
        element = element or self.element
        if element is None:
            return
        if item := element.item:
            follows = follows or (ITEM if item.count else "")
            item.count += 1
        self.rows.append(Row(text, element, linked, follows))

    def _put_code(self) -> None:
        """Put the rows of `pre`; those that only wrap prose as the paragraphs that they make."""
        element = self.element
        pre = element.pre if element else None
        if element is None or pre is None:
            return
        text, self.linked = _ODD_BREAK.sub(" ", unescaped("".join(self.texts))), 0
        self.texts.clear()
        rows = [row.rstrip() for row in text.split("\n")]
        bare = [row.lstrip() for row in rows]
        if is_wrapped(bare):
            paragraph = Element(element.tag, element.parent)
            paragraph.block = "p"
            for line in _unwrapped(bare):
                self._put(line, element=paragraph)
            return
        while rows and not rows[-1]:
            rows.pop()
        start = next((number for number, row in enumerate(rows) if row), 0)
        for row in rows[start:]:
            self._put(row, follows=LINE if pre.count else "")
            pre.count += 1


def _unwrapped(rows: Sequence[str]) -> list[str]:
    """Return the paragraphs that rows of `pre` make."""
    numbers = [number for number, row in enumerate(rows) if row]
    filled = [rows[number] for number in numbers]
    return unwrap(filled, [(0, 0)] * len(filled), numbers, wrap_width(rows))[0]


def unescaped(text: str) -> str:
    """Return a text as it reads, without the escapes that the parser writes."""
    if "&" not in text:
        return text
    return text.replace("&nbsp;", "\u00a0").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def joined(pieces: Sequence[_Piece]) -> list[tuple[str, int, str]]:
    """Join what single line breaks only wrap; return each line, its linked characters, and how it goes on.

    Two breaks in a row end a paragraph. One keeps short lines apart, as in verse; between longer ones it does
    so where the first ends its sentence or the next begins like one.
    """
    lines: list[tuple[str, int, str]] = []
    open_line: list[_Piece] = []
    follows = ""
    for piece in [*pieces, _Piece("", 0)]:
        if piece.text and open_line and _is_wrapped(open_line[-1].text, piece.text):
            open_line.append(piece)
            continue
        if open_line:
            lines.append((" ".join([part.text for part in open_line]), sum(part.linked for part in open_line), follows))
        verse = open_line and max(len(lines[-1][0]), len(piece.text)) <= SHORT_CHARS
        follows = LINE if verse and piece.text else ""
        open_line = [piece] if piece.text else []
    return lines


def _is_wrapped(above: str, below: str) -> bool:
    first = below[0]
    return len(above) >= WRAPPED_CHARS and first.isalpha() and not first.isupper() and not ends_sentence(above)


def shown(rows: Sequence[Row]) -> list[Row]:
    """Return the rows that are shown; hidden ones too of parts that hold more prose than all that is.

    Pages hide their text until a script has run: in `noscript`, `template`, a `div` with `hidden`. Parts of one look
    in one place count together.
    """
    if all(row.element.hidden is None for row in rows):
        return list(rows)
    prose: Counter[Part | None] = Counter()
    for row in rows:
        prose[row.element.hidden] += len(row.text) if len(row.text) >= PROSE_CHARS else 0
    read: set[Part | None] = {None}
    total = prose.pop(None, 0)
    for part, length in prose.most_common():
        if length >= LEAST_PROSE and length > total:
            read.add(part)
            total += length
    return [row for row in rows if row.element.hidden in read]
