"""Laws of HTML pages: any markup gives lines, each visible text stands in one of them, and time grows with the page."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scrubber import Cleaner, Page
from scrubber.segment.html import BLOCKS, INVISIBLE, flatten_html
from scrubber.segment.metadata import read_metadata
from scrubber.testing import LAWS, strategies
from scrubber.testing.hostile import ARTICLE, Family, growth_exponent, repeated
from scrubber.testing.laws import Law, squeezed

NAMES = sorted(
    {*BLOCKS, *INVISIBLE, "a", "b", "i", "em", "span", "font", "sub", "img", "input", "col", "tt", "html", "head"}
)
"""Elements that markup is drawn from."""

INLINE = ("a", "b", "em", "span", "font", "sub", "code", "x-made-up")
LINE_BLOCKS = ("div", "p", "li", "h2", "blockquote", "section", "dd", "figcaption")

GROWTH = 1.6
"""Exponent from which time grows faster than the page; far from the law's 1.15, so that a busy
machine fails no run."""

GROWTH_SIZES = (75_000, 300_000)
"""Characters of the pages that growth is measured on."""

DEPTH_SIZES = (20_000, 80_000)
"""The same for nested blocks, which take seconds soon."""

QUICK = 0.4
"""Seconds of processor time: what takes less at the larger size need not be measured."""

MANY = 100_000
"""How often the unit of a hostile family stands on its page."""

names = st.sampled_from(NAMES)
attributes = st.sampled_from(["", " class=x", ' id="S:0" hidden', " href='/a>b'", ' title="<p>"', " a=b" * 9, " '\"<"])
tags = st.one_of(
    st.builds("<{}{}>".format, names, attributes),
    st.builds("</{}>".format, names),
    st.sampled_from(
        ["<!--", "-->", "<![CDATA[", "<!doctype html>", "<", "</", "<?xml ?>", "&amp;", "&#0;", "&#xD800;"]
    ),
)
markup = st.lists(
    st.one_of(tags, tags, st.sampled_from(["one", " ", "two\n", "\u00a0"]), st.text(max_size=6)), max_size=40
)
documents = markup.map(lambda pieces: "<!doctype html>" + "".join(pieces))


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
@given(page=st.one_of(documents, strategies.any_text()))
def test_text_with_markup_keeps_the_laws(law: Law, page: str, bare_cleaner: Cleaner) -> None:
    """Total, nothing lost or invented, repairs explained, the same again: whatever the markup."""
    law.check(bare_cleaner, Page(page, content_type="text/html"))


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
@given(page=st.one_of(strategies.any_bytes(), documents.map(lambda text: text.encode("utf-8", "surrogatepass"))))
def test_bytes_with_markup_keep_the_laws(law: Law, page: bytes, bare_cleaner: Cleaner) -> None:
    """The same for bytes, which may be cut, mixed or no text at all."""
    law.check(bare_cleaner, Page(page, content_type="text/html; charset=utf-8"))


def visible_texts(markup: str) -> Iterator[str]:
    """Yield the visible text nodes of a page: a plain walk that knows nothing of lines."""
    root: Any = LexborHTMLParser(markup).root
    waiting = [root] if root is not None else []
    while waiting:
        node = waiting.pop()
        if node.tag == "-text":
            yield node.text_content or ""
        elif node.tag not in INVISIBLE:
            waiting += reversed(list(node.iter(include_text=True)))


@given(page=documents)
def test_every_visible_text_is_in_exactly_one_line(page: str) -> None:
    """The lines hold all text nodes in their order, and none is torn apart."""
    lines = iter([squeezed(line) for line in flatten_html(page).split("\n")])
    rest = next(lines)
    for text in filter(None, map(squeezed, visible_texts(page))):
        rest = rest or next(lines)
        assert rest.startswith(text)
        rest = rest[len(text) :]
    assert not rest
    assert list(lines) == []


words = st.text("abcdeé中ع0&<>'\"", min_size=1, max_size=5)


@st.composite
def inline_blocks(draw: st.DrawFn) -> tuple[str, str]:
    """A block with inline elements at any place of its words, and the line that it shows."""
    shown, html = "", ""
    for word in draw(st.lists(words, min_size=1, max_size=6)):
        blank = draw(st.sampled_from(["", " ", "\n  "]))
        name = draw(st.sampled_from(["", *INLINE]))
        html += blank + (f"<{name}>{escape(word)}</{name}>" if name else escape(word))
        shown += blank + word
    name = draw(st.sampled_from(LINE_BLOCKS))
    return f"<{name}>{html}</{name}>", " ".join(shown.split())


@given(
    blocks=st.lists(inline_blocks(), min_size=1, max_size=8), between=st.sampled_from(["", "\n", "<hr>", "<!-- -->"])
)
def test_inline_elements_neither_glue_nor_split(blocks: list[tuple[str, str]], between: str) -> None:
    """A line has a blank where the page shows one and nowhere else; blocks are lines of their own."""
    page = between.join(html for html, _ in blocks)
    assert flatten_html(page).split("\n") == [shown for _, shown in blocks]


PARTS_OF_TABLES = {"table", "tbody", "td", "tfoot", "th", "thead", "tr", "caption"}


@pytest.mark.parametrize("name", sorted(BLOCKS - INVISIBLE - PARTS_OF_TABLES - {"frameset", "body", "html", "option"}))
def test_a_block_begins_and_ends_a_line(name: str) -> None:
    """What stands before, in and after a block is never glued."""
    inside = "" if name in {"hr", "br"} else "in"
    page = f"<div>before<{name}>{inside}</{name}>after</div>" if inside else f"<div>before<{name}>after</div>"
    assert flatten_html(page).split("\n") == ["before", *([inside] if inside else []), "after"]


def test_cells_captions_and_foster_parents_are_lines() -> None:
    """Each cell is a line; text that may not stand in a table stands before it, as browsers show it."""
    table = "<table><caption>c</caption>stray<thead><tr><th>h</th><th>i</th></tr></thead><tr><td>a<td>b</table>"
    assert flatten_html(f"<div>before</div>{table}after").split("\n") == [
        "before",
        "stray",
        "c",
        "h",
        "i",
        "a",
        "b",
        "after",
    ]


@pytest.mark.parametrize("name", sorted(INVISIBLE - {"head", "math", "svg"}))
def test_what_browsers_hide_is_in_no_line(name: str) -> None:
    """Fallbacks of media, scripts and titles are no text of the page, wherever they stand."""
    assert flatten_html(f"<div>shown <{name}>unseen</{name}></div><p>{ARTICLE}</p>").split("\n") == ["shown", ARTICLE]


def test_text_in_noscript_counts_where_there_is_no_other() -> None:
    """A page in noscript is read; a notice to turn scripts on is not."""
    article = f"<p>{ARTICLE}</p>" * 3
    assert flatten_html(f"<div id=root></div><noscript>{article}</noscript>").split("\n") == [ARTICLE] * 3
    assert flatten_html("<div id=root></div><noscript>Please turn on JavaScript.</noscript>") == ""
    assert flatten_html(f"{article}<noscript>{article}</noscript>").split("\n") == [ARTICLE] * 3


def test_metadata_reads_json_ld_before_meta_and_headings(bare_cleaner: Cleaner) -> None:
    """JSON-LD wins, broken blocks are passed over, and a heading is the title where nothing else is."""
    thing = '{"@type":["NewsArticle"],"headline":"Bridge closed","author":[{"name":"Mirel Dossa"}],'
    thing += '"datePublished":"2024-03-04T08:00"}'
    page = f'<script type="application/ld+json">{{broken</script><script type="application/ld+json">{thing}</script>'
    metadata = read_metadata(LexborHTMLParser(page + "<h1>Courier</h1>"), "Courier")
    assert metadata[:3] == ("Bridge closed", "Mirel Dossa", "2024-03-04")
    assert bare_cleaner.clean(f"<html><h1>A <b>bri</b>dge<br>closed</h1><p>{ARTICLE}</p>").title == "A bridge closed"
    named = f"<html><title>Divers find cracks – Courier</title><div>Divers find cracks</div><p>{ARTICLE}</p>"
    assert bare_cleaner.clean(named).title == "Divers find cracks"


def ending(unit: str, before: str = "", after: str = "") -> Family:
    """Return the family of one unit over and over in a page, with an article below."""
    return lambda size: f"<html><body>{before}{unit * (size // len(unit))}{after}<p>{ARTICLE}</p></body></html>"


HOSTILE: dict[str, Family] = {
    "inline-nodes": ending("<i>a</i> "),
    "links": ending('<a href="/a">b</a> '),
    "images": ending("<img src=a.gif>"),
    "siblings": ending("<p>one two</p>"),
    "divs-closed": lambda size: ending("<div>a", after="</div>" * (size // 6))(size),
    "divs-unclosed": ending("<div>a"),
    "spans-unclosed": ending("<span>a"),
    "tables": ending("<table><tr><td>a"),
    "foster-parents": ending("<tr>a", before="<table>", after="</table>"),
    "lists": ending("<ul><li>a"),
    "quotes": ending("<blockquote>a"),
    "misnested": ending("<b><i>a</b>b</i> "),
    "line-breaks": ending("a<br>"),
    "headings": ending("<h1>a</h1>"),
    "attributes": lambda size: ending("a", f"<p {' '.join(f'a{n}=1' for n in range(size // 8))}>", "</p>")(8),
    "data-uri": ending("iVBORw0KGgo", '<img src="data:image/png;base64,', '">'),
    "entities": ending("&amp;&lt;&#38;&notin;&bogus;"),
    "entity-overflow": ending("&#99999999999999999999;"),
    "comments": ending("<!-- a -->"),
    "json-ld": ending('<script type="application/ld+json">{"headline":"a"}</script>'),
    "titles": ending("<div>a b c</div>", "<title>a b c d</title>"),
}
"""Pages that end in an article."""

UNCLOSED: dict[str, Family] = {
    "comment": ending("a ", "<!-- "),
    "title": ending("a ", "<title>"),
    "script": ending("a ", "<script>"),
    "tag": ending("a ", "<p title='"),
    "less-than": repeated("<"),
    "nuls": ending("a\0"),
}
"""Pages in which something that is never closed swallows the rest."""


@pytest.mark.parametrize("name", HOSTILE)
def test_the_article_below_many_of_a_kind_is_still_there(name: str) -> None:
    """A hundred thousand inline nodes, links, nested blocks: the last line is the article's."""
    unit = HOSTILE[name]
    assert flatten_html(unit(MANY)).split("\n")[-1].endswith(ARTICLE)


def test_eight_megabytes_in_one_tag_are_cut() -> None:
    """A data URI of any length is no text, and takes no time to speak of."""
    assert flatten_html(HOSTILE["data-uri"](8_000_000)) == ARTICLE


NESTED = ("divs-closed", "divs-unclosed", "lists", "quotes")
"""Families whose every tag looks through all that are open: the parser itself takes time that grows with their
square."""


@pytest.mark.parametrize("name", sorted({*HOSTILE, *UNCLOSED} - {*NESTED}))
def test_time_grows_with_the_page(name: str) -> None:
    """Twice the page takes twice the time, whatever it is made of."""
    assert growth_exponent(flatten_html, (HOSTILE | UNCLOSED)[name], GROWTH_SIZES, repeat=2, floor=QUICK) < GROWTH


@pytest.mark.parametrize("name", NESTED)
def test_time_grows_with_depth(name: str) -> None:
    """The same for blocks nested ten thousands deep."""
    assert growth_exponent(flatten_html, HOSTILE[name], DEPTH_SIZES, repeat=1) < GROWTH
