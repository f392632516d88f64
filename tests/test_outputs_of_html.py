"""HTML and Markdown that are written from what was kept: their shape, and that no page can smuggle markup in."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scrubber import Cleaner
from scrubber.model import Decision, Result, Settled
from scrubber.model import Quality as Worth
from scrubber.report.html import ELEMENTS, to_html
from scrubber.report.markdown import to_markdown
from scrubber.testing.laws import squeezed

PATHS = (
    *("html/body/p", "html/body/h1", "html/body/h3", "html/body/ul/li", "html/body/ul/li/ol/li", "html/body/ol/li/p"),
    *("html/body/table/tbody/tr/td", "html/body/table/tbody/tr/th", "html/body/pre", "html/body/blockquote/p", None),
)
LABELS = ("paragraph", "subheading", "list_item", "quote", "code", "table", "title", "standfirst")
SIGNS = st.text(
    alphabet=st.sampled_from("ab <>&\"'|/=-#*`\\\t\u00e9\u4e2d\u202e\x1b\x00\ud800"), min_size=1, max_size=20
)


def result_of(rows: list[tuple[str | None, str, str]], title: str | None = None, follows: str = "") -> Result:
    """Return a result that keeps rows of a path, a label and a text."""
    decisions: list[Decision] = []
    source = ""
    for path, label, text in rows:
        start, source = len(source), source + text
        decisions.append(Decision(start, len(source), text, label, True, 0.9, path=path, follows=follows))
        source += "\n"
    settled = Settled(source, tuple(decisions), Worth(1.0, 1.0))
    empty: dict[str, Any] = dict.fromkeys(("byline", "date", "source", "language", "encoding"))
    return Result(text="", title=title, captions=(), repairs=(), flags=(), sites=(), judged=settled, **empty)


rows = st.lists(st.tuples(st.sampled_from(PATHS), st.sampled_from(LABELS), SIGNS), max_size=8)


@given(rows=rows, title=st.one_of(st.none(), SIGNS), follows=st.sampled_from(["", "line", "item"]))
def test_html_has_only_known_elements_no_attribute_and_the_same_text(
    rows: list[tuple[str | None, str, str]], title: str | None, follows: str
) -> None:
    """Whatever stands in the lines: parsed again it is those elements and those words."""
    page = LexborHTMLParser(to_html(result_of(rows, title, follows)))
    body = page.body
    assert body is not None
    nodes = list(body.traverse(include_text=False))[1:]
    assert {node.tag for node in nodes} <= ELEMENTS
    assert not any(node.attributes for node in nodes)
    kept = [text for _, label, text in rows if text.strip() and not (label == "title" and text.strip() == title)]
    shown = "".join([title or "", *kept])
    assert bare(body.text()) == bare(shown)


def bare(text: str) -> str:
    """Return a text without blanks, bars between cells, and what no document may hold."""
    return re.sub("[|\x00-\x1f\ud800-\udfff]", "", squeezed(text))


PAGE = """<!doctype html><html><body><h1>The bridge</h1>
<h3>What the divers saw</h3>
<ul><li>Lorries<ol><li>First</li><li>Then</li></ol></li><li>Buses</li></ul>
<table><tr><th>Pier<th>Depth<tr><td>First<td>4 &lt; 5</table>
<pre>if load &gt; 11:

    close(bridge)
</pre><blockquote><p>It will not fall.</p></blockquote></body></html>"""


@pytest.fixture(scope="module")
def shaped() -> Result:
    """Return a page of all kinds of parts with every line kept."""
    return result_of_page(PAGE)


def result_of_page(page: str) -> Result:
    """Return the result that keeps every line of a page."""
    from scrubber.repair import DEFAULT  # noqa: PLC0415 - only here
    from scrubber.segment.html import segment_html  # noqa: PLC0415

    lines = segment_html(page, DEFAULT).document
    decisions = [
        Decision(line.start, line.end, line.text, "paragraph", True, 0.9, path=dom.path, follows=dom.follows)
        for line, dom in zip(lines.lines, lines.doms or (), strict=True)
    ]
    result = result_of([])
    settled = Settled(lines.source, tuple(decisions), Worth(1.0, 1.0))
    return Result(**{**result.__dict__, "judged": settled})


def test_markdown_keeps_headings_lists_tables_code_and_quotes(shaped: Result) -> None:
    """As the page's elements have them, rows and indentation of code included."""
    assert to_markdown(shaped) == (
        "## The bridge\n\n### What the divers saw\n\n- Lorries\n    1. First\n    2. Then\n- Buses\n\n"
        "| Pier | Depth |\n| --- | --- |\n| First | 4 < 5 |\n\n"
        "```\nif load > 11:\n\n    close(bridge)\n```\n\n> It will not fall.\n"
    )


def test_html_keeps_them_too(shaped: Result) -> None:
    """The same parts, each text escaped."""
    assert to_html(shaped) == (
        "<article>\n<h2>The bridge</h2>\n<h3>What the divers saw</h3>\n"
        "<ul><li>Lorries<ol><li>First</li><li>Then</li></ol></li><li>Buses</li></ul>\n"
        "<table><tbody><tr><th>Pier</th><th>Depth</th></tr><tr><td>First</td><td>4 &lt; 5</td></tr></tbody></table>\n"
        "<pre><code>if load &gt; 11:\n\n    close(bridge)</code></pre>\n"
        "<blockquote><p>It will not fall.</p></blockquote>\n</article>\n"
    )


ROWS = """<!doctype html><h2>The bridge<br>of Vellmar</h2><p>Roses are red,<br># violets blue,<br>===</p>
<p>He wrote.</p><blockquote>Wide is<br>the Irre</blockquote>
<ul><li><p>Lorries</p><p>by Tarnbrook</p><ul><li>Empty<br>ones too</li></ul>
<p>and the quarry</p></li><li>Buses</li></ul>"""


def test_rows_of_verse_and_blocks_of_an_item_stay_together() -> None:
    """A line break is one again, and a further block of an item stands in it, behind a list within it too."""
    result = result_of_page(ROWS)
    assert to_markdown(result) == (
        "## The bridge of Vellmar\n\nRoses are red,\\\n\\# violets blue,\\\n\\===\n\n"
        "He wrote.\n\n> Wide is\\\n> the Irre\n\n"
        "- Lorries\n\n    by Tarnbrook\n    - Empty\\\n        ones too\n\n    and the quarry\n- Buses\n"
    )
    assert to_html(result) == (
        "<article>\n<h2>The bridge<br>of Vellmar</h2>\n<p>Roses are red,<br># violets blue,<br>===</p>\n"
        "<p>He wrote.</p>\n<blockquote><p>Wide is<br>the Irre</p></blockquote>\n<ul><li>Lorries<p>by Tarnbrook</p>"
        "<ul><li>Empty<br>ones too</li></ul><p>and the quarry</p></li><li>Buses</li></ul>\n</article>\n"
    )


def test_what_follows_a_line_that_was_taken_out_stands_alone() -> None:
    """Neither to a row before it nor to another item is it joined."""
    whole = result_of_page(ROWS)
    gone = ("# violets blue,", "Lorries", "Empty")
    lines = [one._replace(kept=one.text not in gone) for one in whole.lines]
    article = to_html(replace(whole, judged=Settled(whole.page_text, tuple(lines), whole.quality)))
    assert "<p>Roses are red,</p>\n<p>===</p>" in article
    assert "<ul><li>by Tarnbrook<ul><li>ones too</li></ul><p>and the quarry</p></li><li>Buses</li></ul>" in article


def test_cleaning_tells_how_lines_go_on() -> None:
    """From the page to its Markdown."""
    verse = "<p>The river took the bridge,<br>the bridge that took the road,<br>the road that took us home.</p>"
    page = f"<!doctype html><article><h1>A poem</h1><p>{'It was read on Monday in Vellmar. ' * 6}</p>{verse}</article>"
    assert "bridge,\\\nthe bridge that took the road,\\\nthe road" in to_markdown(Cleaner().clean(page))


def test_a_page_without_article_gives_nothing(bare_cleaner: Cleaner) -> None:
    """No empty article is written."""
    assert to_html(bare_cleaner.clean("")) == ""
