"""Text cases as HTML pages, in several designs: all lines of the page, markup around them, the same expected text.

    python -m scrubber.testing.designs fixtures/seeds fixtures/seeds-html

writes a case for each labelled case in the first folder and each design. Class names, addresses and file
names are invented; every visible text is a line of the page, its menus and forms included.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from scrubber.model import KEPT, Label
from scrubber.testing.cases import EXPECTED_FILE, META_FILE, Case, find_cases, load_case

INPUT = "input.html"

LINK_WORDS = 4
"""Words of a paragraph from which one link goes to another page; the link takes the next two."""

LONG_WORDS = 12
"""Words of a line from which it gets inline markup."""

_ARTICLE = KEPT | {Label.TITLE, Label.SOURCE, Label.CAPTION, Label.BYLINE}


class Row(NamedTuple):
    """A line of the page: its label, its text, and a last stretch that has a label of its own."""

    label: str
    text: str
    tail: str = ""


class Parts(NamedTuple):
    """The lines of a page, from the top down; what stands within the article is part of it."""

    title: str
    top: Sequence[Row]
    article: Sequence[Row]
    below: Sequence[Row]


def parts_of(case: Case) -> Parts:
    """Return the lines of a labelled case, in the parts of its page."""
    rows = [_joined(list(stretches)) for _, stretches in groupby(case.rows or (), key=lambda row: row.line)]
    places = [index for index, row in enumerate(rows) if row.label in _ARTICLE]
    first, last = (places[0], places[-1] + 1) if places else (0, 0)
    title = next((row.text for row in rows if row.label == Label.TITLE), "")
    return Parts(title, rows[:first], rows[first:last], rows[last:])


def _joined(stretches: Sequence[tuple[int, int, int, str, str]]) -> Row:
    first, *rest = stretches
    return Row(first[3], first[4], "".join(stretch[4] for stretch in rest))


def soup(parts: Parts) -> str:
    """Return a page of nothing but div and span, with the names that a build tool gives."""
    lines = ['<!DOCTYPE html>\n<html><head><meta charset="utf-8">', f"<title>{escape(parts.title)}</title></head>"]
    lines += ['<body><div id="app-root"><div class="x1k">', *map(_soup_line, parts.top), "</div>"]
    lines += ['<div class="q7 sidebar-enabled--false"><div class="css-0p">', *map(_soup_line, parts.article)]
    lines += ["</div></div>", '<div class="x1k x2">', *map(_soup_line, parts.below), "</div></div></body></html>"]
    return "\n".join(lines) + "\n"


def _soup_line(row: Row) -> str:
    name = f"l-{len(row.label)}{len(row.text) % 7}"
    if row.label in KEPT and len(row.text.split()) >= LONG_WORDS:
        return f'<div class="{name}"><span>{_linked(row, "span", "strong")}</span></div>'
    return f'<div class="{name}"><div><span>{escape(row.text)}</span>{escape(row.tail)}</div></div>'


SEMANTIC = MappingProxyType(
    {
        Label.TITLE: "<h1>{}</h1>",
        Label.STANDFIRST: '<p class="sell">{}</p>',
        Label.SUBHEADING: "<h2>{}</h2>",
        Label.BYLINE: '<p class="by"><span rel="author">{}</span></p>',
        Label.CAPTION: '<figure><img src="/media/1.jpg" alt=""><figcaption>{}</figcaption></figure>',
        Label.SOURCE: "<p><small>{}</small></p>",
        Label.NAVIGATION: '<aside><a href="/more">{}</a></aside>',
        Label.REPEATED_HEADER: '<div class="brand">{}</div>',
    }
)
"""What a line of an article is written in; a paragraph where it is not named."""


def semantic(parts: Parts) -> str:
    """Return a page that names its parts: header, article, form, aside, footer, and JSON-LD."""
    thing = json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", "headline": parts.title})
    lines = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        f'<title>{escape(parts.title)}</title>\n<script type="application/ld+json">{thing}</script>\n</head>\n<body>',
        "<header>",
        *(f"<p>{escape(row.text)}</p>" for row in parts.top),
        "</header>\n<main>\n<article>",
        *map(_semantic_line, parts.article),
        "</article>\n</main>",
        *_semantic_rest(parts.below),
        "</body>\n</html>",
    ]
    return "\n".join(lines) + "\n"


def _semantic_line(row: Row) -> str:
    inner = _linked(row, "em", "strong") if len(row.text.split()) >= LONG_WORDS else escape(row.text)
    return SEMANTIC.get(Label(row.label), "<p>{}</p>").format(inner)


def _semantic_rest(rows: Iterable[Row]) -> Iterator[str]:
    wraps = {
        Label.COMMENT_FORM: ('<form action="/say" method="post">', "<p><label>{}</label></p>", "</form>"),
        Label.HEADLINE_LIST: ('<aside>\n<ul class="more">', '<li><a href="/a">{}</a></li>', "</ul>\n</aside>"),
    }
    for label, group in groupby(rows, key=lambda row: Label(row.label)):
        opening, line, closing = wraps.get(label, ("<footer>", "<p>{}</p>", "</footer>"))
        yield opening
        yield from (line.format(escape(row.text)) for row in group)
        yield closing


BROKEN = MappingProxyType(
    {
        Label.TITLE: "<FONT size=5><b>{}</font></b><br>",
        Label.SUBHEADING: "<br><b><i>{}</b></i><br>",
        Label.CAPTION: "<table border=0><tr><td><img src=1.gif><tr><td><font size=1>{}</font></table>",
        Label.BYLINE: "<i>{}<br></i>",
    }
)
"""What a line of an article is written in; text between breaks where it is not named."""


def broken(parts: Parts) -> str:
    """Return a page without html and body, its layout a table, its tags unclosed or closed in the wrong order."""
    lines = [
        f"<title>{escape(parts.title)}</title>\n<table width=100% bgcolor=white><tr><td colspan=2>",
        *(f"<font size=2>{escape(row.text)}<br>" for row in parts.top),
        "<tr><td valign=top width=80%>",
        *map(_broken_line, parts.article),
        "<tr><td><center>",
        *(f"<p><font color=gray>{escape(row.text)}" for row in parts.below),
        "</table>",
    ]
    return "\n".join(lines) + "\n"


def _broken_line(row: Row) -> str:
    label = Label(row.label)
    if label in BROKEN:
        return BROKEN[label].format(escape(row.text))
    if label in KEPT and len(row.text.split()) >= LONG_WORDS:
        return f"{_linked(row, 'font', 'b')}<br><br>"
    return f"{escape(row.text)}{escape(row.tail)}<br>\n&nbsp;<br>"


def _linked(row: Row, first: str, second: str) -> str:
    """Return a line with its first letter, two linked words and its last word in inline elements."""
    words = re.split(r"(\s+)", row.text)
    words[0] = f"<{first}>{escape(words[0][:1])}</{first}>{escape(words[0][1:])}"
    start = 2 * LINK_WORDS
    words[1:start] = [escape("".join(words[1:start]))]
    words[2:5] = [f'<a href="/t/{len(row.text)}">{escape("".join(words[2:5]))}</a>']
    words[3:-1] = [escape("".join(words[3:-1]), quote=False)]
    words[-1] = f"<{second}>{escape(words[-1])}</{second}>"
    return "".join(words) + (f"<{first}>{escape(row.tail)}</{first}>" if row.tail else "")


DESIGNS: Mapping[str, Callable[[Parts], str]] = MappingProxyType({"soup": soup, "semantic": semantic, "broken": broken})
"""Every design by its name."""


def files(case: Case, design: str) -> dict[str, bytes]:
    """Return the files of the HTML version of a labelled case."""
    meta = [
        "format = 1",
        f"source = {json.dumps(f'{case.name} in the design “{design}”; written by scrubber.testing.designs')}",
        f"date = {case.date.isoformat()}",
        'provenance = "recorded"',
        'content_type = "text/html; charset=utf-8"',
    ]
    contents = {
        INPUT: DESIGNS[design](parts_of(case)),
        EXPECTED_FILE: case.expected,
        META_FILE: "\n".join(meta) + "\n",
    }
    return {name: content.encode() for name, content in contents.items()}


def all_files(cases: Path) -> dict[Path, bytes]:
    """Return the files of the HTML versions of all labelled cases in a folder, by their paths in the new one."""
    loaded = [case for case in map(load_case, find_cases(cases)) if case.rows]
    return {
        Path(f"{case.folder.name}-{design}", name): content
        for case in loaded
        for design in DESIGNS
        for name, content in files(case, design).items()
    }


def main(arguments: Sequence[str]) -> None:
    """Write the HTML versions of the cases in the first folder into the second.

    A `meta.toml` that is there stays: a known failure is noted in it by hand.
    """
    cases, target = map(Path, arguments)
    for name, content in all_files(cases).items():
        path = target / name
        if path.name != META_FILE or not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


if __name__ == "__main__":
    main(sys.argv[1:])
