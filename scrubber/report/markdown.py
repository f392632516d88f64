"""A result as Markdown (CommonMark): what would be markup is escaped, so that it reads as it stood on the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from scrubber.model import Result
from scrubber.report.structure import BLOCK, Line, Part, cells, paragraphs, parts

INDENT = 4
"""Blanks before the items of a list in another: within the reach of both `- ` and `1. `."""

_INLINE = re.compile(r"[\\`*\[\]]|(?<!\w)_|_(?!\w)|~(?=~)|(?<=~)~|<(?=[A-Za-z/!?])|&(?=#?\w+;)")
_BLOCK = re.compile(r"(?:#{1,6}|[-+])(?=\s|$)|-(?=[-\s]*$)|=(?=[=\s]*$)|>")
_NUMBER = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_BACKTICKS = re.compile("`+")


def to_markdown(result: Result) -> str:
    """Return title and article as Markdown, one line feed at the end; "" for a page without either.

    Links are written where the result has them: see `Cleaner(links=True)`.
    """
    title = [f"# {_heading(Line(result.title))}"] if result.title else []
    written = [*title, *map(_part, parts(result))]
    return "\n\n".join(written) + "\n" if written else ""


def _part(part: Part) -> str:
    if part.kind == "heading":
        return f"{'#' * part.lines[0].depth} {' '.join(map(_heading, part.lines))}"
    if part.kind == "list":
        return "\n".join(_items(part.lines))
    if part.kind == "table":
        return "\n".join(_table(part.lines))
    if part.kind == "code":
        return _fenced(line.text for line in part.lines)
    if part.kind == "quote":
        return "\n>\n".join(_rows(rows, first="> ", indent="> ") for rows in paragraphs(part.lines))
    return "\n\n".join(_rows(rows) for rows in paragraphs(part.lines))


def _rows(rows: Sequence[Line], *, first: str = "", indent: str = "") -> str:
    """Write a paragraph that breaks its lines, as verse does."""
    return first + f"\\\n{indent}".join(map(_linked, rows))


def _items(lines: Iterable[Line]) -> Iterator[str]:
    """Yield the items of a list, those of lists within it indented, numbered where the list is ordered."""
    opened: list[tuple[int, int]] = []
    for rows in paragraphs(lines):
        line = rows[0]
        while opened and line.depth < opened[-1][0]:
            opened.pop()
        indent = " " * (INDENT * len(opened))
        if opened and line.depth == opened[-1][0] and line.follows == BLOCK:
            yield "\n" + _rows(rows, first=indent, indent=indent)
            continue
        if opened and line.depth == opened[-1][0]:
            opened[-1] = (line.depth, opened[-1][1] + 1)
        else:
            opened.append((line.depth, 1))
        outer, indent = " " * (INDENT * (len(opened) - 1)), " " * (INDENT * len(opened))
        first = f"{opened[-1][1]}. {_linked(line)}" if line.ordered else _item(line)
        yield "\\\n".join([outer + first, *(indent + _linked(row) for row in rows[1:])])


def _table(lines: Sequence[Line]) -> Iterator[str]:
    """Yield the rows of a table, the first as its head: Markdown knows no table without one."""
    rows = [[_linked(cell) for cell in cells(line)] for line in lines]
    width = max(map(len, rows))
    for number, row in enumerate(rows):
        yield f"| {' | '.join(row + [''] * (width - len(row)))} |"
        if number == 0:
            yield f"|{' --- |' * width}"


def escape(text: str) -> str:
    r"""Escape what Markdown would take for markup in a paragraph of one line.

    >>> print(escape("1. *Stars* in <b>snake_case</b>"))
    1\. \*Stars\* in \<b>snake_case\</b>
    """
    escaped = _INLINE.sub(r"\\\g<0>", text)
    if number := _NUMBER.match(escaped):
        return f"{number[1]}\\{escaped[number.end(1) :]}"
    return f"\\{escaped}" if _BLOCK.match(escaped) else escaped


def _linked(line: Line) -> str:
    """Escape a line whose links are written as such."""
    if not line.links:
        return escape(line.text)
    runs = list(line.runs())
    (first, leads), rest = runs[0], [(_INLINE.sub(r"\\\g<0>", text), href) for text, href in runs[1:]]
    written = [(escape(first), leads), *rest]
    pieces = [_link(text, href) if href else text for text, href in written]
    for before, (_, href) in enumerate(written[1:]):
        if href and pieces[before].endswith("!"):  # it would make an image of the link
            pieces[before] = f"{pieces[before][:-1]}\\!"
    return "".join(pieces)


def _link(text: str, href: str) -> str:
    """Write a link; brackets within its address need another pair around it."""
    address = _ENTITY.sub(r"\\&", href)
    return f"[{text}](<{address}>)" if "(" in address or ")" in address else f"[{text}]({address})"


def _heading(line: Line) -> str:
    """Escape a heading, at whose end a run of number signs would count as decoration."""
    escaped = _linked(line)
    bare = escaped.rstrip("#")
    return escaped if bare == escaped or bare.endswith("\\") else f"{bare}\\{escaped[len(bare) :]}"


def _item(line: Line) -> str:
    """Write a list item; a numbered one keeps its number, which Markdown knows too."""
    if number := _NUMBER.match(line.text):
        return f"{number[0]} {_linked(line.cut(number.end()).stripped())}"
    return f"- {_linked(line)}"


def _fenced(texts: Iterable[str]) -> str:
    code = "\n".join(texts)
    fence = "`" * max(3, 1 + max(map(len, _BACKTICKS.findall(code)), default=0))
    return f"{fence}\n{code}\n{fence}"
