"""Links on request: where they stand, where they lead, and that no page can smuggle anything in by them."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scrubber import Cleaner
from scrubber.model import KEPT, Decision, Label, Link, Quality, Result, Settled
from scrubber.pipeline import CUT_LINKS
from scrubber.report.html import to_html
from scrubber.report.markdown import to_markdown
from scrubber.segment.links import MAX_HREF, MOST_LINKS, SCHEMES, absolute

URL = "https://paper.example/news/1"
PAGE = """<!doctype html><html><body><h2>What <a href="#divers">the divers</a> saw</h2>
<p>See <a href="../report?a=1&amp;b=2">the <b>old</b> report</a>!<a href="/(x)">It</a>,
<a href="javascript:alert(1)">this</a>
and <a href="//else.example/&eacute;">that</a>.</p>
<ul><li>&bull; <a href="mailto:a@b.example">Mail us</a> &ndash; or not</li></ul>
<table><tr><td>Pier<td><a href="first">first</a><tr><td><a href="second">second</a><td>deep</table>
<pre>a = <a href="/b">b</a>
c</pre></body></html>"""


@pytest.fixture(scope="module")
def keeper() -> Cleaner:
    """Return a cleaner that keeps every line, with its links."""
    return Cleaner(links=True, bundled=False, installed=False, tagger=False, keep=frozenset(Label) - KEPT)


def linked(result: Result) -> list[tuple[str, str]]:
    return [(result.page_text[link.start : link.end], link.href) for link in result.links]


def test_links_have_their_place_and_an_absolute_address(keeper: Cleaner) -> None:
    """Markup within a link is part of it; what is no address is left out."""
    assert linked(keeper.clean(PAGE, url=URL)) == [
        ("the divers", f"{URL}#divers"),
        ("the old report", "https://paper.example/report?a=1&b=2"),
        ("It", "https://paper.example/(x)"),
        ("that", "https://else.example/%C3%A9"),
        ("Mail us", "mailto:a@b.example"),
        ("first", "https://paper.example/news/first"),
        ("second", "https://paper.example/news/second"),
        ("b", "https://paper.example/b"),
    ]


def test_markdown_writes_links_in_every_kind_of_line(keeper: Cleaner) -> None:
    """But in code. Brackets in an address, an exclamation mark before a link: both would be read otherwise."""
    assert to_markdown(keeper.clean(PAGE, url=URL)) == (
        "## What [the divers](https://paper.example/news/1#divers) saw\n\n"
        "See [the old report](https://paper.example/report?a=1&b=2)\\![It](<https://paper.example/(x)>), this and "
        "[that](https://else.example/%C3%A9).\n\n- [Mail us](mailto:a@b.example) – or not\n\n"
        "| Pier | [first](https://paper.example/news/first) |\n| --- | --- |\n"
        "| [second](https://paper.example/news/second) | deep |\n\n```\na = b\nc\n```\n"
    )


def test_html_writes_links_too(keeper: Cleaner) -> None:
    """The address is their one attribute, escaped."""
    written = to_html(keeper.clean(PAGE, url=URL))
    assert '<a href="https://paper.example/report?a=1&amp;b=2">the old report</a>!' in written
    assert '<li><a href="mailto:a@b.example">Mail us</a> – or not</li>' in written


def test_without_the_page_s_address_only_absolute_links_are_told(keeper: Cleaner) -> None:
    """Unless the page names a base; nothing is guessed."""
    assert [href for _, href in linked(keeper.clean(PAGE))] == ["mailto:a@b.example"]
    based = PAGE.replace("<html>", '<html><head><base href="https://base.example/a/"></head>')
    assert ("first", "https://base.example/a/first") in linked(keeper.clean(based))


def test_no_links_are_read_unless_asked_for(bare_cleaner: Cleaner) -> None:
    """And flattened text has none."""
    assert bare_cleaner.clean(PAGE, url=URL).links == ()
    assert Cleaner(links=True).clean("See https://paper.example/ for more.").links == ()


def test_links_stay_in_place_in_a_line_that_is_repaired(keeper: Cleaner) -> None:
    """Offsets count in the page's text before repairs, which may be longer or shorter."""
    result = keeper.clean(
        '<p>The caf\u00c3\u00a9 says\u200b it\u00e2\u20ac\u2122s <a href="/a">caf\u00c3\u00a9 time</a>, no more.',
        url=URL,
    )
    assert result.repairs
    assert to_markdown(result) == "The café says it’s [café time](https://paper.example/a), no more.\n"


def test_a_page_with_too_many_links_has_none_and_a_flag(keeper: Cleaner) -> None:
    """Short tags would otherwise stand for two thousand characters each."""
    many = '<p>a <a href="b">c</a></p>' * (MOST_LINKS + 1)
    wide = f'<a href="b">{"<p>c</p>" * (MOST_LINKS + 1)}</a>'
    for page in (many, wide):
        result = keeper.clean(page, url=URL)
        assert (result.links, CUT_LINKS in result.flags) == ((), True)


@pytest.mark.parametrize(
    "written",
    [
        *(
            "javascript:alert(1)",
            " java\nscript:alert(1)",
            "\x01javascript:x",
            "data:text/html,x",
            "vbscript:x",
            "file:///a",
        ),
        *("", "   ", "http://", "https:", "https://[", "mailto:", "relative", "//host/path", "http:" + "a" * MAX_HREF),
    ],
)
def test_what_is_no_address_leads_nowhere(written: str) -> None:
    """Scripts in every spelling, other schemes, halves of addresses."""
    assert absolute(written, None) is None


SAFE = re.compile(r"[!#$%&()*+,\-./0-9:;=?@A-Z\[\]_a-z~]+")
PIECES = st.sampled_from(
    [*"ab<>\"'|/=-#*`\\!()[]&_1. \t\n\u00a0\u00e9\u4e2d\u200b\x01\ud800", "&amp;", "javascript:", "http://a/"]
)
TEXTS = st.lists(PIECES, max_size=8).map("".join)
INLINE = st.tuples(TEXTS, st.one_of(st.none(), TEXTS), st.sampled_from(["", "b", "span"]))
BLOCKS = st.tuples(st.sampled_from(["p", "li", "h2", "td", "blockquote", "pre"]), st.lists(INLINE, max_size=5))


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def written(block: tuple[str, list[tuple[str, str | None, str]]]) -> str:
    name, runs = block
    texts = [
        ("" if href is None else f'<a href="{escaped(href)}">')
        + (f"<{inner}>{escaped(text)}</{inner}>" if inner else escaped(text))
        + ("" if href is None else "</a>")
        for text, href, inner in runs
    ]
    return f"<{name}>{''.join(texts)}</{name}>"


@given(blocks=st.lists(BLOCKS, max_size=5), url=st.sampled_from([None, URL]))
def test_links_change_no_text_and_lead_only_where_they_may(
    blocks: list[tuple[str, list[tuple[str, str | None, str]]]], url: str | None
) -> None:
    """Parsed again, the article with links reads as that without; each address is safe, and of a known scheme."""
    page = "<!doctype html>" + "".join(map(written, blocks))
    options = {"bundled": False, "installed": False, "tagger": False, "keep": frozenset(Label) - KEPT}
    plain = to_html(Cleaner(**options).clean(page, url=url))
    result = Cleaner(**options, links=True).clean(page, url=url)
    article = LexborHTMLParser(to_html(result))
    links = article.css("a")
    assert all(node.attributes.keys() == {"href"} for node in links)
    hrefs = [node.attributes["href"] or "" for node in links]
    assert all(SAFE.fullmatch(href) and href.partition(":")[0] in SCHEMES for href in hrefs)
    assert set(hrefs) <= {link.href for link in result.links}
    article.unwrap_tags(["a"])
    assert article.html == LexborHTMLParser(plain).html
    assert CUT_LINKS not in result.flags


@given(texts=st.lists(st.tuples(TEXTS, st.one_of(st.none(), TEXTS)), min_size=1, max_size=5))
def test_markdown_with_links_reads_as_the_line_with_its_links(texts: list[tuple[str, str | None]]) -> None:
    """A reader of CommonMark sees one paragraph with the same text and addresses, and no other markup."""
    markdown_it = pytest.importorskip("markdown_it")
    line, links = "x", []
    for text, href in texts:
        start, line = len(line), line + re.sub(r"[\s\x00-\x1f\ud800]", "", text)
        if (leads := href and absolute(href, URL)) and start < len(line):
            links.append(Link(start, len(line), leads))
    decision = Decision(0, len(line), line, "paragraph", True, 0.9)
    result = replace(Cleaner().clean(""), judged=Settled(line, (decision,), Quality(1.0, 1.0)), links=tuple(links))
    opened, inline, _ = markdown_it.MarkdownIt("commonmark").parse(to_markdown(result))
    assert opened.type == "paragraph_open"
    assert {child.type for child in inline.children} <= {"text", "text_special", "link_open", "link_close"}
    assert "".join(child.content for child in inline.children) == line
    hrefs = [child.attrs["href"] for child in inline.children if child.type == "link_open"]
    assert list(map(unquote, hrefs)) == [unquote(link.href) for link in links]
