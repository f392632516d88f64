"""CSS selectors: they find what the standard says, in time that neither a page nor a selector can make long."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scrubber.segment.selectors import (
    MAX_STEPS,
    BadSelector,
    TooManySteps,
    Tree,
    elements,
    read_selector,
)

PROMPT = 2.0
"""Seconds of processor time for what takes a fraction of one, and takes hours where it is not linear."""

SIMPLE = (
    "div",
    "p",
    ".a",
    ".b",
    "*",
    "b.c",
    ":not(.a)",
    "div:has(p)",
    ":is(p, .b)",
    ":nth-child(2)",
    "[class]",
    "body",
)

TREES = st.recursive(
    st.just(()), lambda inner: st.lists(st.tuples(st.sampled_from("pdb"), st.sampled_from("abc"), inner), max_size=4)
)
PARTS = st.lists(st.tuples(st.sampled_from([" ", " > ", "+", " ~ "]), st.sampled_from(SIMPLE)), min_size=1, max_size=4)


def markup(tree: Any) -> str:
    """Return a tree of elements as HTML."""
    names = {"p": "span", "d": "div", "b": "b"}
    return "".join(f"<{names[name]} class={style}>x{markup(inner)}</{names[name]}>" for name, style, inner in tree)


def by_definition(parser: Any, parts: list[tuple[str, str]]) -> set[int]:
    """Return what a selector finds, by going back from each element over all that its combinators allow."""
    fits = [{node.mem_id for node in parser.css(simple)} for _, simple in parts]

    def reaches(node: Any, place: int) -> bool:
        if node is None or node.mem_id not in fits[place]:
            return False
        if place == 0:
            return True
        return any(reaches(other, place - 1) for other in related(node, parts[place][0].strip()))

    return {node.mem_id for node in elements(parser) if reaches(node, len(parts) - 1)}


def related(node: Any, combinator: str) -> list[Any]:
    """Return the elements that stand to one as a combinator says."""
    step = "prev" if combinator in {"+", "~"} else "parent"
    found, other = [], getattr(node, step)
    while other is not None:
        if other.tag and other.tag[0] not in "-!":
            found.append(other)
        other = getattr(other, step)
    return found[:1] if combinator in {"+", ">"} else found


@given(tree=TREES, parts=PARTS)
@example(tree=[("d", "b", [("p", "a", [("p", "a", ())])])], parts=[("", ":is(p, .b)"), (" ", ".a")])
def test_a_selector_finds_what_its_definition_says(tree: Any, parts: list[tuple[str, str]]) -> None:
    """Whatever parts are joined by whatever combinators; the parser alone gets some of these wrong."""
    parser = LexborHTMLParser(f"<body>{markup(tree)}</body>")
    selector = parts[0][1] + "".join(map("".join, parts[1:]))
    nodes = elements(parser)
    found = Tree(parser).find(read_selector(selector))
    assert {nodes[number].mem_id for number in found} == by_definition(parser, parts)
    assert found == sorted(found)


def texts(page: str, selector: str) -> list[str]:
    """Return the own texts of what a selector finds on a page."""
    parser = LexborHTMLParser(page)
    nodes = elements(parser)
    return [nodes[number].text(deep=False) for number in Tree(parser).find(read_selector(selector))]


PAGE = "<div class=story id=s><h1>T</h1><p>1<a href='x,y > z'>2</a></p><p class=last>3</p></div><p>4</p><!-- c -->"


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        ("p", ["1", "3", "4"]),
        (".story p", ["1", "3"]),
        ("#s > p.last, a", ["2", "3"]),
        (" a , h1 ", ["T", "2"]),
        ("div.story>p", ["1", "3"]),
        ("h1 + p", ["1"]),
        ("h1 ~ p", ["1", "3"]),
        ("div ~ p", ["4"]),
        ("a[href='x,y > z']", ["2"]),
        ('p a[href="x,y > z"]', ["2"]),
        ("p:has(> a)", ["1"]),
        ("p:not(.last, :has(a))", ["4"]),
        ("p:nth-of-type(2n + 1)", ["1", "4"]),
        (".story :is(h1, p:last-child)", ["T", "3"]),
        ("P.last", ["3"]),
        ("nav", []),
        ("p:hover", []),
    ],
)
def test_selectors_as_people_write_them(selector: str, found: list[str]) -> None:
    """Commas and combinators within strings, attributes and brackets are none."""
    assert texts(PAGE, selector) == found


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        ("p[", "“p[” is no CSS that is known here"),
        ("p::before", "is no CSS that is known here"),
        ("p:contains('x')", "is no CSS that is known here"),
        ("p:lexbor-contains('x')", "is no CSS that is known here"),
        ("a/**/ b", "is no CSS that is known here"),
        ("p {color: red}", "is no CSS that is known here"),
        ("\ud800", "is no CSS that is known here"),
        ("", "nothing on one side"),
        ("a >", "nothing on one side"),
        ("> a", "nothing on one side"),
        ("a,,b", "nothing on one side"),
        ("a > > b", "“>” and “>” have nothing between them"),
        ("p:not(.a", "its brackets are not closed"),
        ("p:not(nav p)", ":not() may hold simple selectors only, such as :not(.a, p), and has a combinator"),
        ("p:has(div > a)", ":has() may hold simple selectors only"),
        ("p:not(:is(a b))", ":is() may hold simple selectors only"),
        ("p:has(a:not(:has(b)))", ":has() may not stand in another one"),
        ("p:nth-child(2 of .a)", "`of` in :nth-child() is not known here"),
        ("a" * 501, "it has 501 characters; a selector may have 500"),
    ],
)
def test_a_selector_that_is_none_is_refused(selector: str, message: str) -> None:
    """With what is wrong with it."""
    with pytest.raises(BadSelector) as caught:
        read_selector(selector)
    assert message in str(caught.value)


@given(st.text(alphabet="ab.#[]()='\" >+~,:*\\-1nothasi/") | st.text())
def test_any_text_is_a_selector_or_refused(text: str) -> None:
    """And one that is read can be looked for."""
    try:
        selector = read_selector(text)
    except BadSelector:
        return
    Tree(LexborHTMLParser(PAGE)).find(selector)


DEEP = "<div>" * 1000 + "<p>x</p>" + "</div>" * 1000
PAGES = {
    "deep": DEEP,
    "flat": "<p>x</p>" * 20_000,
    "comb": "<div>" * 1000 + "<p>x</p>" * 20_000,
    "stairs": "<div><p>x</p>" * 900,
}
SELECTORS = [
    "z " + "div " * 100,
    "div " * 20 + "z",
    "div div div p",
    "z" + " ~ p" * 50,
    "p ~ p ~ p",
    "z" + " + p" * 50,
    "*" + " *" * 100,
    ", ".join(["div p"] * 50),
    ":not(" * 60 + "p" + ")" * 60,
    "div:has(z)",
    ":not(:has(z))",
    "p:has(~ z)",
    "p:nth-last-of-type(7n + 3)",
]


@pytest.mark.parametrize("selector", SELECTORS, ids=lambda selector: selector[:20])
@pytest.mark.parametrize("page", PAGES)
def test_no_selector_is_slow_on_any_page(page: str, selector: str) -> None:
    """It is found in time, or said to be too much."""
    tree = Tree(LexborHTMLParser(PAGES[page]))
    started = time.process_time()
    with suppress(TooManySteps):
        tree.find(read_selector(selector))
    assert time.process_time() - started < PROMPT


def test_the_steps_of_all_selectors_of_a_page_are_counted_together() -> None:
    """Many rules that are each within the limit are not within it together."""
    tree = Tree(LexborHTMLParser(DEEP))
    for _ in range(MAX_STEPS // 1000**2):
        tree.find(read_selector(":has(z)"))
    with pytest.raises(TooManySteps):
        list(map(tree.find, [read_selector(":has(z)")] * MAX_STEPS))
