"""Laws of pages with tags without number: little is parsed, and the text stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber import Cleaner
from scrubber.segment import tags
from scrubber.segment.attributes import FEW_SMALL, MAX_ATTRIBUTES, MOST_CROWDED
from scrubber.segment.html import flatten_html
from scrubber.segment.markup import CUT_ATTRIBUTES, CUT_DEPTH, CUT_TAGS, bounded, parse
from scrubber.segment.nesting import MAX_DEPTH
from scrubber.segment.tags import LEAST_LINE, MAX_TAGS, REOPENED, WHOLE_TAGS
from scrubber.testing.hostile import ARTICLE

FLOODS = {
    "cells": "<table><tr>" + "<td>a" * 2 * MAX_TAGS + "</table>",
    "rows": "<table>" + "<tr><td>a<td>a" * MAX_TAGS + "</table>",
    "items": "<ul>" + "<li>a" * 2 * MAX_TAGS + "</ul>",
    "breaks": "a<br>" * 2 * MAX_TAGS,
    "inline": "<i>a</i>" * 2 * MAX_TAGS,
    "unclosed": "<p><b>a" * 2 * MAX_TAGS,
    "strays": "</p>a" * 2 * MAX_TAGS,
    "code": "<pre>" + "a\n" * 2 * MAX_TAGS + "</pre>",
}
"""Pages of as many letters, twice the tags that a page may have, and no other text."""

WAITING = {
    "once": "<p>" + "".join(f"<b id={number}>" for number in range(900)) + "</p>",
    "in-every-paragraph": "".join(f"<p><i class='{number}'>a</div>" for number in range(2_000)),
    "ended-in-a-script": "".join(f"<p><em id='{number}'><script></em></script>" for number in range(2_000)),
    "ended-in-a-comment": "".join(f'<p><font size="{number}"><!-- </font> -->' for number in range(2_000)),
    "ended-in-an-attribute": "".join(f"<p><u id={number}><q title='</u>'></q>" for number in range(2_000)),
}
"""Formatting that is opened again in every paragraph that follows."""

NARROW = {"MAX_TAGS": 6, "BYTES_A_TAG": 10_000, "WHOLE_TAGS": 1}
"""Limits that small pages are over."""

words = st.text("abc", min_size=1, max_size=60)
blocks = st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["p", "div", "li", "h2", "td", "blockquote"]), words)
inline = st.builds("<{0}>{1}</{0}> ".format, st.sampled_from(["b", "i", "span", "a", "x-y", "font"]), words)
odd = st.sampled_from(
    ["<hr>", "<br>", "<!-- <p>d -->", "<script>d <p> d</script>", "</div>", "</p>", "<p title='>d<'>"]
)


def letters(text: str) -> str:
    """Return a text without what stands between its words."""
    return "".join(text.split()).replace("|", "")


@pytest.mark.parametrize("name", FLOODS)
def test_of_tags_without_number_the_text_stays_and_the_article_below(name: str) -> None:
    """What a parser would hold is a fraction of the tags; the page says that it was cut."""
    page = f"<html><body>{FLOODS[name]}<p>{ARTICLE}</p></body></html>"
    short = bounded(page.encode())
    assert short.flags == (CUT_TAGS,)
    assert len(parse(short.markup).css("*")) < 2 * MAX_TAGS
    lines = flatten_html(page).split("\n")
    assert lines[-1] == ARTICLE
    assert len(lines) < MAX_TAGS
    assert letters("".join(lines[:-1])) == "a" * 2 * MAX_TAGS


def test_a_result_says_that_tags_were_cut(bare_cleaner: Cleaner) -> None:
    assert CUT_TAGS in bare_cleaner.clean("<html>" + FLOODS["inline"]).flags


@pytest.mark.parametrize("name", WAITING)
def test_formatting_left_open_is_not_opened_again_without_end(name: str) -> None:
    """A thousand elements would be made for each paragraph: what ends only in scripts and values is still open."""
    page = f"<html><body>{WAITING[name]}{'<p>a' * 2_000}<p>{ARTICLE}</p></body></html>"
    short = bounded(page.encode())
    assert short.flags == (CUT_TAGS,)
    assert len(parse(short.markup).css("*")) < 3 * page.count("<")
    assert flatten_html(page).split("\n")[-2:] == ["a", ARTICLE]


@pytest.mark.parametrize(
    "page",
    [
        "<b>a</b> <i class='x'>b</i> " * (MAX_TAGS // 5),
        "<p>a" * (MAX_TAGS - 1),
        "<p>a text that is longer</p>" * MAX_TAGS,
        "<p><b>a" * 900 + "<p>a" * (REOPENED * MAX_TAGS // 5),
        "a\n" * 2 * MAX_TAGS,
        "<pre>" + "a\n" * (MAX_TAGS - 1) + "</pre>",
    ],
    ids=["formatting", "tags", "tags of a long page", "unclosed", "line ends without pre", "line ends"],
)
def test_tags_within_the_limit_are_left_alone(page: str) -> None:
    markup = page.encode()
    assert bounded(markup).markup is markup


@given(page=st.lists(blocks | inline | odd, min_size=8, max_size=40).map("".join))
def test_tags_that_are_taken_out_take_no_text_with_them(page: str) -> None:
    """No word is lost, none comes out of a script, a comment or a value, and no line is shorter than it need be."""
    with pytest.MonkeyPatch.context() as patch:
        whole = flatten_html(page)
        for name, limit in NARROW.items():
            patch.setattr(tags, name, limit)
        assert letters(flatten_html(page)) == letters(whole)


def test_what_hides_text_above_does_not_hide_what_follows() -> None:
    """An element that began among the first tags ends where the page ends it, though its end tag is in the flood."""
    flood = "<p>a</p>" * MAX_TAGS
    first, rest = flood[: 8 * (WHOLE_TAGS // 4)], flood[8 * (WHOLE_TAGS // 4) :]
    page = f"<html><body>{first}<div hidden>b<div>c</div>{rest[:80_000]}</div>{rest[80_000:]}<p>{ARTICLE}</p>"
    lines = flatten_html(page).split("\n")
    assert lines[-1] == ARTICLE
    assert "b" not in lines


def test_an_article_in_the_midst_of_a_flood_has_lines_of_its_own() -> None:
    """Short lines are joined, and no long one with them."""
    page = "<li>a" * MAX_TAGS + f"<p>{ARTICLE}</p><p>{ARTICLE}</p>" + "<li>a" * MAX_TAGS
    lines = flatten_html(page).split("\n")
    assert lines.count(ARTICLE) == 2
    joined = [line for line in lines if line not in {"a", ARTICLE}]
    assert all(len(line) >= LEAST_LINE for line in joined[1:-1])


def test_small_attributes_without_number_are_cut_and_flagged(bare_cleaner: Cleaner) -> None:
    """Each takes a parser two hundred times its size. Where such tags are few, they keep all."""
    tag = "<p a b c=1 d='' e f>"
    few = (tag * 1_000).encode()
    assert bounded(few).markup is few
    page = tag * MOST_CROWDED + ARTICLE
    short = bounded(page.encode())
    assert CUT_ATTRIBUTES in short.flags
    assert short.markup.count(b"<p a b c=1 d=''>") > MOST_CROWDED // 2
    assert FEW_SMALL == 4
    assert CUT_ATTRIBUTES in bare_cleaner.clean(page).flags


FLAT = {
    "icons": "<svg viewBox='0 0 1 1'><title>to share</title><a:b c='1'/><g><path d='M1'/><circle r='1' /></g></svg>",
    "a script": "<script>for (i = 0; i<size; i++) if (seen[i]>2) add('<div>')</script>",
    "a comment": "<!-- <div><div> -->",
    "a value": "<hr title='<div>'>",
}
"""What has the look of tags that are never closed, and does not nest."""

DEEP = {
    "values": "<div title='<'>",
    "ends in comments": "<div><!-- </div> -->",
    "ends in values": "<div><hr title='</div>'>",
    "empty by their sign alone": "<div/>",
    "shapes outside of drawings": "<svg><p></p></svg><path/>",
    "shapes behind a paragraph": "<svg><p><path/>",
    "titles of drawings": "<div><div><svg><title><div></title></svg>",
    "text of drawings": "<div><svg><![CDATA[ > <!-- ]]></svg><div>",
}
"""What nests although it looks as if it did not."""


@pytest.mark.parametrize("name", FLAT)
def test_what_only_looks_like_tags_does_not_nest(name: str) -> None:
    """Drawings, scripts and comments of real pages hold thousands of them; the tags of the article stay."""
    markup = (FLAT[name] * 2 * MAX_DEPTH + f"<h2>a</h2><p>{ARTICLE}<a href='/'>b</a></p>").encode()
    assert bounded(markup).markup is markup


@pytest.mark.parametrize("name", DEEP)
def test_nothing_hides_how_deep_elements_nest(name: str) -> None:
    short = bounded(("<html><body>" + DEEP[name] * 12 * MAX_DEPTH).encode())
    assert CUT_DEPTH in short.flags
    node, depth = parse(short.markup).body, 0
    while node := node.last_child:
        depth += 1
    assert depth < 2 * MAX_DEPTH


@pytest.mark.parametrize(
    "before",
    ["<!-->", "<!--->", "<!-- --!>", "<!x <!-- >", "<?x <!-- >", "</ <!-- >", "<!DOCTYPE html><p></p title='<!--'>"],
)
def test_no_comment_that_is_none_hides_attributes_without_number(before: str) -> None:
    """A parser takes seconds for each such tag."""
    page = f"{before}<p {' '.join(f'a{number}' for number in range(2 * MAX_ATTRIBUTES))}>{ARTICLE}</p>"
    short = bounded(page.encode())
    assert short.flags == (CUT_ATTRIBUTES,)
    assert f"a{MAX_ATTRIBUTES}".encode() not in short.markup
    assert short.markup.endswith(f">{ARTICLE}</p>".encode())
