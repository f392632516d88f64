"""Which lines of an HTML page a CSS selector finds, and where links stand in them.

Only pages of sites with selectors pay for this, and those whose links are asked for. The page is read once more, with
a mark in each of its texts, so that every line tells which texts it is made of, however blocks, breaks and tables
were made into lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from scrubber.errors import ScrubberError
from scrubber.model import Link
from scrubber.segment.blocks import ENDLESS, TAG, read_markup, shown, written
from scrubber.segment.links import MOST_LINKS, LinkText, TooManyLinks, hrefs, place_links
from scrubber.segment.markup import parse
from scrubber.segment.selectors import TooManySteps, Tree, elements, read_selector

FIRST_MARK = 0xF0000
"""The first of the characters that mark texts: those of Unicode's private planes, which no page needs."""

MOST_MARKS = 0x110000 - FIRST_MARK
"""Texts of one page that can be told apart; there are no more such characters."""

REPLACEABLE = 2
"""Characters behind the first of a text, where its mark replaces one: the first and the last say how lines go on, and
so does the length. A shorter text grows by its mark; in code it becomes its mark, as there only lengths count."""

NUMBER = "scrubber-number"
"""The attribute that carries the number of an element."""

_MARK = re.compile("[\U000f0000-\U0010ffff]")
_BEGINS = re.compile(r"(?:\s|&nbsp;)*+(&(?:lt|gt|amp);|\S)")
_NUMBER = re.compile(rf' {NUMBER}="(\d{{1,9}})"')


class LinesDiffer(ScrubberError):
    """A page reads otherwise with marks in its texts, so that its lines can't be told: none was found."""


class Texts(NamedTuple):
    """The texts of a page, numbered in order: those of each line, and from which to which an element has."""

    of_lines: Sequence[Sequence[int]]
    of_elements: dict[int, tuple[int, int]]
    written: Sequence[str]

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.written)


class LineFinder:
    """Finds lines of one page. Takes no time before it is first asked.

    Args:
        markup: the page as it was parsed.
        rows: for each line of the document its number among the lines that the reader of blocks gives.
        row_count: how many those are.
    """

    def __init__(self, markup: bytes, rows: Sequence[int], row_count: int) -> None:
        self._markup = markup
        self._rows = rows
        self._row_count = row_count

    def __getstate__(self) -> dict[str, Any]:
        """Return what is pickled: not the parsed page, which can be parsed again."""
        return {name: self.__dict__[name] for name in ("_markup", "_rows", "_row_count")}

    def lines(self, selector: str) -> list[int]:
        """Return the lines all of whose text stands in elements that a selector finds, in order.

        Raises:
            BadSelector: it is no selector, or one that is not known here.
            TooManySteps: the page is too large for it, or for all that were looked for.
            LinesDiffer: the page's lines can't be told; none of 1,200 real pages did this.
        """
        found = self._tree.inside(self._tree.find(read_selector(selector)))
        inside = self._inside(found)
        lines = enumerate(self._texts.of_lines)
        return [line for line, texts in lines if texts and all(inside[text] for text in texts)]

    def links(self, lines: Sequence[str], starts: Sequence[int], url: str | None) -> list[Link]:
        """Return the links of the lines, in order.

        Args:
            lines: what each line reads as before repairs.
            starts: where each begins in the document's source.
            url: the page's address, which relative links start from.

        Raises:
            TooManyLinks: it has over `MOST_LINKS`, or they stand in more lines than that.
            TooManySteps, LinesDiffer: see `lines`.
        """
        linked = self._linked(hrefs(parse(self._markup), url))
        found: list[Link] = []
        for line, start, texts in zip(lines, starts, self._texts.of_lines, strict=True):
            if any(text in linked for text in texts):
                distinct = list(dict.fromkeys(texts))
                placed = place_links(line, [LinkText(self._texts.written[text], linked.get(text)) for text in distinct])
                found += [Link(start + link.start, start + link.end, link.href) for link in placed]
            if len(found) > MOST_LINKS:
                raise TooManyLinks(f"the page's links stand in over {MOST_LINKS:,} lines")
        return found

    def _linked(self, addresses: dict[int, str]) -> dict[int, tuple[int, str]]:
        """Return for each text that stands in a link the number of the link and where that leads."""
        linked: dict[int, tuple[int, str]] = {}
        for number, href in addresses.items():
            linked.update(dict.fromkeys(range(*self._texts.of_elements.get(number, (0, 0))), (number, href)))
        return linked

    def _inside(self, found: Iterable[range]) -> bytearray:
        """Return for each text 1 where it stands in one of the elements, else 0."""
        inside = bytearray(self._texts.total)
        for numbers in found:
            start, stop = self._texts.of_elements.get(numbers.start, (0, 0))
            inside[start:stop] = b"\1" * (stop - start)
        return inside

    @cached_property
    def _tree(self) -> Tree:
        return Tree(parse(self._markup))

    @cached_property
    def _texts(self) -> Texts:
        marker = _Marker()
        rows = shown(read_markup(marker.read(_numbered(self._markup))))
        if len(rows) != self._row_count:
            raise LinesDiffer(f"the page has {len(rows)} lines with marks in them, and {self._row_count} without")
        marks = [[ord(mark) - FIRST_MARK for mark in _MARK.findall(row.text)] for row in rows]
        return Texts([marks[row] for row in self._rows], marker.of_elements, marker.written)


def _numbered(markup: bytes) -> str:
    """Return a page as its parser writes it, each element with its number."""
    parser = parse(markup)
    for number, node in enumerate(elements(parser)):
        node.attrs[NUMBER] = str(number)
    return written(parser)


class _Marker:
    """Puts a mark into each text of a page, and notes which texts stand in which element."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.of_elements: dict[int, tuple[int, int]] = {}

    def read(self, markup: str) -> str:
        """Return markup as the parser writes it with marks in its texts, and without numbers in its tags."""
        pieces = TAG.split(_MARK.sub("x", markup))
        opened: list[tuple[int, int, int]] = []
        code = 0
        for place in range(0, len(pieces), 2):
            pieces[place] = self._mark(pieces[place], code=code > 0)
            tag = pieces[place + 1] if place + 1 < len(pieces) else ""
            if not tag:
                continue
            name = tag.partition(" ")[0]
            if name[0] == "/":
                number, start, closed = opened.pop()
                self.of_elements[number] = start, len(self.written)
                code -= closed
            elif name not in ENDLESS and name[0] != "!":
                found = _NUMBER.search(tag)
                opened.append((int(found[1]) if found else -1, len(self.written), name == "pre"))
                code += name == "pre"
            pieces[place + 1] = f"<{_NUMBER.sub('', tag)}>"
        return "".join(pieces)

    def _mark(self, text: str, *, code: bool) -> str:
        """Return a text with its mark behind its first character; blanks between tags are no text."""
        mark = chr(FIRST_MARK + len(self.written))
        marked = "\n".join([_with_mark(row, mark, code=code) for row in text.split("\n")])
        if marked != text:
            self.written.append(text)
            if len(self.written) == MOST_MARKS:
                raise TooManySteps(f"the page has over {MOST_MARKS:,} texts")
        return marked


def _with_mark(row: str, mark: str, *, code: bool) -> str:
    begins = _BEGINS.match(row)
    if begins is None:
        return row
    head, rest = row[: begins.end()], row[begins.end() :]
    if len(rest.rstrip()) >= REPLACEABLE and rest[0] != "&" and not rest[0].isspace():
        return head + mark + rest[1:]
    return (row[: begins.start(1)] if code else head) + mark + rest
