"""What selectors find and where links lead, as it was recorded, with every message and limit.

After a change that is meant, write `tests/cases/records/selectors.txt` and `links.txt` anew:

    python tests/test_selector_record.py
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from unittest.mock import patch

import pytest
import records
from selectolax.lexbor import LexborHTMLParser

from scrubber.errors import ScrubberError
from scrubber.repair import DEFAULT
from scrubber.segment import line_finder, links, selectors
from scrubber.segment.html import segment_html
from scrubber.segment.links import LinkText, absolute, place_links
from scrubber.segment.selectors import Tree, elements, read_selector

SELECTORS, LINKS = "selectors.txt", "links.txt"

PAGE = (
    "<div id=1 class=a><p id=2 class='b c'>t<a id=3 href='x, y > z'>t</a><b id=4><i id=5>t</i></b></p><!-- c -->"
    "<p id=6 class=b>t</p><ul id=7><li id=8>t<li id=9 class=b><p id=10>t</p><li id=11></ul></div>"
    "<section id=12><div id=13><div id=14 class=a><p id=15><i id=16></i></p></div>"
    "<p id=17></p></div></section><p id=18></p>"
)

ASKED = """
p
*
P.b
.b
.b.c
#2, #6 , .a
div p
div > p
div div p
div>div
div p > i
p + p
p ~ p
p~ul
p ~ ul li
li + li
li ~ li ~ li
li + li + li
section ~ p
div ~ p
div + section p
.a .b
.a > .b + ul > li
.a li p
body > div
html *
p :is(i, b)
p :not(i)
p:has(i)
p:has(> i)
p:has(+ p)
p:has(~ ul)
p:has(a, i):not(.b)
li:nth-child(2)
li:nth-last-child(1)
p:nth-of-type(2n+1)
p:nth-last-of-type(1)
p:first-child
:is(p, li).b
:where(.a) p
[href]
[href='x, y > z']
a[href="x, y > z"], i
p a[href='x, y > z']
[class~=c]
.none
nav p
p\\.b
  p   ,   i
p:not(:has(i))
p:not(:is(.b, .c))

,
p,
,p
p,,i
p >
> p
p > > i
p + ~ i
p > , i
p(
p)
p:not(
p:is(a b)
p:not(a > b)
p:has(a b)
p:has(> a > b)
p:has(p:has(i))
p:has(:not(:has(i)))
li:nth-child(2 of .b)
p:nope
p::before
p[
p["
p /* c */ i
p {}
p:lexbor-contains("x")
""".strip("\n").split("\n")


def numbers(selector: str) -> str:
    """Return the ids of what a selector finds, or why it is refused; and what it costs to look for it."""
    try:
        read = read_selector(selector)
    except ScrubberError as error:
        return f"refused: {error}"
    parser = LexborHTMLParser(PAGE)
    tree = Tree(parser)
    nodes = elements(parser)
    found = [nodes[number].attributes.get("id") or nodes[number].tag for number in tree.find(read)]
    inside = [f"{part.start}-{part.stop}" for part in tree.inside(tree.find(read))]
    extra = f", descends {read.descends}, counts {read.counts}" if read.descends or read.counts else ""
    return f"{' '.join(map(str, found)) or 'nothing'}; inside {' '.join(inside) or 'nothing'}{extra}"


def often(selector: str) -> str:
    """Return how often a selector may be looked for on the page before that takes too many steps."""
    tree = Tree(LexborHTMLParser(PAGE))
    for times in range(10_000):
        try:
            tree.find(read_selector(selector))
        except ScrubberError as error:
            return f"{times} times, then {error}"
    return "always"


def asked() -> list[str]:
    """Return what each selector finds."""
    return [f"{selector}: {numbers(selector)}" for selector in ASKED]


def steps() -> list[str]:
    """Return how often selectors may be looked for where ten thousand steps are the most."""
    with patch.object(selectors, "MAX_STEPS", 10_000):
        some = (
            "nav",
            "p",
            "*",
            "div p",
            "p ~ p, i",
            "p:has(i)",
            "p:has(> i)",
            "p:has(~ p)",
            "p:has(+ p)",
            "li:nth-child(2)",
        )
        return [f"{selector}: {often(selector)}" for selector in some]


LINED = (
    "<p>one <b>two</b><a href=/a>three</a></p><p><a href=/b>four</a></p><ul><li>five<br>Six<li>seven<p>eight</p></ul>"
    "<table><tr><td>nine<td><b>ten</b><tr><td>x<td>y</table><pre>a\n b\n<i>c</i>d</pre><p>&lt;&amp;"
    "<i>&gt;</i>&nbsp;</p><p>é</p>"
    "<div hidden>hidden</div><p>m\U000f0000n</p><template>t</template><p>a<p>ab<p>abc<p>a b<p>a\nb"
    "<p>The council of the town closed the old bridge over<br><b>a</b> river that has<br><i>no</i> name</p>"
)


def lines() -> list[str]:
    """Return which lines selectors find: those all of whose text stands in what they find."""
    document = segment_html(LINED, DEFAULT).document
    asked = (
        "p",
        "a",
        "b",
        "li",
        "ul",
        "td",
        "td:first-child",
        "tr",
        "table",
        "pre",
        "i",
        "p, i",
        "br",
        "div",
        "p:has(b)",
        "nav",
        "html",
        "template",
        "b, a, p",
    )
    rows = [f"{index} {text!r}" for index, text in enumerate(document.texts)]
    return [*rows, *[f"{selector}: {document.lines_matching(selector)}" for selector in asked]]


def refusals() -> list[str]:
    """Return what is said of pages that have too much in them."""
    rows = []
    for most in (5, 6, 7):
        document = segment_html("<p>a</p><p>b <i>c</i> d</p><p>e</p>", DEFAULT).document
        with patch.object(line_finder, "MOST_MARKS", most):
            rows.append(f"five texts of up to {most}: {answered(lambda asked=document: asked.lines_matching('p'))}")
    for most in (1, 2, 3):
        document = segment_html("<p><a href=http://a/>a</a> <a href=http://b/>b</a></p>", DEFAULT).document
        with patch.object(links, "MOST_LINKS", most), patch.object(line_finder, "MOST_LINKS", most):
            rows.append(f"two links of up to {most}: {answered(lambda asked=document: len(asked.links()))}")
    for most in (1, 2, 3):
        document = segment_html("<a href=http://a/><p>a</p><p>b</p></a>", DEFAULT).document
        with patch.object(line_finder, "MOST_LINKS", most):
            rows.append(f"one link on two lines of up to {most}: {answered(lambda asked=document: len(asked.links()))}")
    return rows


def answered(question: Callable[[], object]) -> str:
    """Return what is answered, or the message of what is refused."""
    try:
        return str(question())
    except ScrubberError as error:
        return f"refused: {error}"


def marked(letters: int) -> str:
    """Return which lines are found of a row that is just too short to be wrapped, in texts of so many letters."""
    row = f"<b>{'X' * letters}</b>" * 6 + "y" * (39 - 6 * letters)
    document = segment_html(f"<p>{row}<br>and more</p>", DEFAULT).document
    return f"lines of {[len(text) for text in document.texts]}: {answered(lambda: document.lines_matching('p'))}"


def looked_for(times: int) -> str:
    """Return whether a selector that looks at a thousand elements may be looked for so often."""
    tree = Tree(LexborHTMLParser("<p>" * 997))
    read = read_selector("nav")
    return answered(lambda: max(tree.find(read) for _ in range(times)))


def many_links(count: int) -> str:
    """Return how many links are told of a page that has so many."""
    return answered(lambda: len(links.hrefs(LexborHTMLParser("<a href=http://a/>" * count), None)))


SELECTOR_SECTIONS: dict[str, Callable[[], list[str]]] = {
    "what selectors find on a page": asked,
    "how often selectors may be looked for": steps,
    "which lines selectors find": lines,
    "letters of six texts on a row that is not wrapped": lambda: list(records.rungs(marked, range(1, 5))),
    "times that a thousand elements are looked at": lambda: list(records.rungs(looked_for, (9_999, 10_000, 10_001))),
    "links of a page": lambda: list(records.rungs(many_links, (9_999, 10_000, 10_001))),
    "too much": refusals,
}

ADDRESSES = (
    "/a",
    "a",
    "?q=1",
    "#x",
    "",
    " ",
    "../../b",
    "//other.example/b",
    "http://other.example",
    'HTTPS://Other.example/Ü ö?q=a b&c="d"',
    "mailto:a@b.example",
    "mailto:",
    "javascript:alert(1)",
    " java\nscript:alert(1)",
    "\x01http://a.example/\t1\n",
    "data:text/html,x",
    "ftp://a.example/",
    "http://",
    "http:a",
    "http://[",
    "tel:1",
    "/<b>'`\\^{}|",
    "/%20%zz",
)

LINKED_PAGES = {
    "one link": "<p>go <a href=/a>to the valley</a> now</p>",
    "a link in parts": "<p><a href=/a>one <b>two</b> <i>three</i></a> four</p>",
    "neighbours": "<p><a href=/a>one</a><a href=/b>two</a> <a href=/a>three</a></p>",
    "links on lines": "<a href=/a><p>one</p><p>two</p></a><p><a href=/b>three<br>Four</a></p>",
    "a base": "<base href=/deep/er/><p><a href=x>y</a></p>",
    "a base elsewhere": "<base href=http://b.example/><a href=x>y</a>",
    "a base that is none": "<base href='javascript:1'><a href=x>y</a>",
    "no address": "<p><a>one</a> <a href=''>two</a> <a name=x>three</a> <a href='javascript:1'>four</a></p>",
    "an image": "<p><a href=/a><img src=x></a>one <a href=/b> </a></p>",
    "cells": "<table><tr><td><a href=/a>one</a><td>two<tr><td>x<td><a href=/b>y</a></table>",
    "code": "<pre>one <a href=/a>two</a>\n<a href=/b>three</a></pre>",
    "escapes": "<p>&amp; <a href='/a?b&amp;c'>&lt;b&gt;&nbsp;c</a></p>",
    "the same words": "<p>here <a href=/a>here</a> here <a href=/b>here</a></p>",
    "links in links": "<p><a href=/a>one<a href=/b>two</a></a></p>",
    "other elements": "<p><area href=/a><b href=/b>one</b></p>",
    "in what is not shown": "<svg><a href=/a>x</a></svg><video><a href=/b>y</a></video><p>one <a href=/c>two</a></p>",
    "in what is hidden": "<div hidden><a href=/a>x</a></div><p>one <a href=/c>two</a></p>",
    "repairs": "<p>It\u00e2\u20ac\u2122s <a href=/a>caf\u00c3\u00a9</a></p>",
}


def told(markup: str) -> str:
    """Return the links of a page."""
    document = segment_html(markup, DEFAULT, url="https://paper.example/news/1").document
    found = [f"{document.source[one.start : one.end]!r} at {one.start} to {one.href}" for one in document.links()]
    return "; ".join(found) or "none"


def placed(line: str, texts: Iterable[tuple[str, int]]) -> str:
    """Return where links stand in a line that is made of texts; those with number 0 are no links."""
    parts = [LinkText(text, (number, f"/{number}") if number else None) for text, number in texts]
    found = [f"{link.href} at {link.start}-{link.end}" for link in place_links(line, parts)]
    return f"{line!r}: {', '.join(found) or 'none'}"


def long(length: int) -> str:
    """Return whether an address of so many characters is told."""
    return (
        "told"
        if absolute("/" + "a" * (length - 1), None) is None and absolute("http://a/" + "a" * (length - 9), None)
        else "not told"
    )


def long_quoted(length: int) -> str:
    """Return whether an address is told that has so many characters once it is quoted."""
    return "told" if absolute("http://a/ü" + "a" * (length - 15), None) else "not told"


LINK_SECTIONS: dict[str, Callable[[], list[str]]] = {
    "addresses from a page": lambda: [f"{one!r}: {absolute(one, 'https://paper.example/news/1')}" for one in ADDRESSES],
    "addresses from nowhere": lambda: [f"{one!r}: {absolute(one, None)}" for one in ADDRESSES],
    "pages": lambda: [f"{name}: {told(markup)}" for name, markup in LINKED_PAGES.items()],
    "places": lambda: [
        placed("one two three", [("one", 0), ("two", 1), ("three", 0)]),
        placed("one two three", [("one", 1), ("two", 1), ("three", 2)]),
        placed("one two three", [("one", 1), ("two", 0), ("three", 1)]),
        placed("one two", [("one", 1), ("three", 2)]),
        placed("one | two", [("one", 0), ("two", 1)]),
        placed(" a & b ", [("a &amp;", 1), (" ", 2), ("b", 3)]),
        placed("", []),
    ],
    "characters of an address": lambda: list(records.rungs(long, range(2_046, 2_051))),
    "characters of an address once it is quoted": lambda: list(records.rungs(long_quoted, range(2_046, 2_051))),
}


@pytest.mark.parametrize("name", SELECTOR_SECTIONS)
def test_selectors_find_what_was_recorded(name: str) -> None:
    records.check(SELECTORS, name, SELECTOR_SECTIONS[name]())


@pytest.mark.parametrize("name", LINK_SECTIONS)
def test_links_lead_where_it_was_recorded(name: str) -> None:
    records.check(LINKS, name, LINK_SECTIONS[name]())


def test_nothing_is_recorded_that_is_not_looked_at() -> None:
    assert set(records.recorded(SELECTORS)) == set(SELECTOR_SECTIONS)
    assert set(records.recorded(LINKS)) == set(LINK_SECTIONS)


if __name__ == "__main__":
    records.write(SELECTORS, {name: rows() for name, rows in SELECTOR_SECTIONS.items()})
    records.write(LINKS, {name: rows() for name, rows in LINK_SECTIONS.items()})
