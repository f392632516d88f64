"""A result as sanitized HTML: a few elements, every text escaped, no markup of the page; links on request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from scrubber.model import Result
from scrubber.report.structure import BLOCK, Line, Part, cells, paragraphs, parts

ELEMENTS = frozenset(
    {"article", "blockquote", "br", "code", "h1", "h2", "h3", "h4", "h5", "h6"}
    | {"li", "ol", "p", "pre", "table", "tbody", "td", "th", "tr", "ul"}
)
"""Every element that is written beside `a`; none of them has an attribute."""


_FORBIDDEN = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def to_html(result: Result) -> str:
    """Return title and article as one `<article>`, a part a line; "" for a page without either.

    Links are `<a href>` where the result has them: see `Cleaner(links=True)`.
    """
    title = [f"<h1>{_text(result.title)}</h1>"] if result.title else []
    written = [*title, *map(_part, parts(result))]
    return "\n".join(["<article>", *written, "</article>"]) + "\n" if written else ""


def _part(part: Part) -> str:
    if part.kind == "heading":
        return _element(f"h{part.lines[0].depth}", *part.lines)
    if part.kind == "list":
        return "".join(_list(part.lines))
    if part.kind == "table":
        return f"<table><tbody>{''.join(map(_row, part.lines))}</tbody></table>"
    if part.kind == "code":
        code = "\n".join(_text(line.text) for line in part.lines)
        return f"<pre><code>{code}</code></pre>"
    written = "".join(_element("p", *rows) for rows in paragraphs(part.lines))
    return f"<blockquote>{written}</blockquote>" if part.kind == "quote" else written


def _row(line: Line) -> str:
    name = "th" if line.header else "td"
    return f"<tr>{''.join(_element(name, cell) for cell in cells(line))}</tr>"


def _list(lines: Iterable[Line]) -> Iterator[str]:
    """Yield a list; an item that stands deeper opens a list within the item above it."""
    opened: list[tuple[int, str]] = []
    for rows in paragraphs(lines):
        line = rows[0]
        name = "ol" if line.ordered else "ul"
        while opened and (line.depth < opened[-1][0] or (line.depth == opened[-1][0] and name != opened[-1][1])):
            yield f"</li></{opened.pop()[1]}>"
        if opened and line.depth == opened[-1][0]:
            if line.follows == BLOCK:
                yield _element("p", *rows)
                continue
            yield "</li><li>"
        else:
            opened.append((line.depth, name))
            yield f"<{name}><li>"
        yield _rows(rows)
    while opened:
        yield f"</li></{opened.pop()[1]}>"


def _element(name: str, *rows: Line) -> str:
    return f"<{name}>{_rows(rows)}</{name}>"


def _rows(rows: Iterable[Line]) -> str:
    return "<br>".join(map(_linked, rows))


def _linked(line: Line) -> str:
    runs = line.runs()
    return "".join([f'<a href="{escape(href)}">{_text(text)}</a>' if href else _text(text) for text, href in runs])


def _text(text: str) -> str:
    """Return a text escaped, without what no HTML document may hold: controls but tabs, and halves of characters."""
    return escape(_FORBIDDEN.sub("", text))
