"""Laws of HTML pages: any markup gives lines, each visible text stands in one of them, and time grows with the page."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from html import escape
from textwrap import wrap
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scrubber import Cleaner, Page
from scrubber.errors import BinaryInput
from scrubber.model import Dom
from scrubber.repair import DEFAULT
from scrubber.segment.attributes import MAX_ATTRIBUTES, MAX_VALUE
from scrubber.segment.blocks import read_markup, written
from scrubber.segment.elements import BLOCKS, INVISIBLE, JUDGED, MAX_NAME, MAX_NAMES
from scrubber.segment.html import flatten_html, segment_html
from scrubber.segment.markup import CUT_ATTRIBUTES, CUT_DEPTH, bounded
from scrubber.segment.nesting import MAX_DEPTH
from scrubber.testing import LAWS, strategies
from scrubber.testing.hostile import ARTICLE, growth_exponent
from scrubber.testing.hostile_html import ENCODED, PAGES, REFUSED, UNCLOSED
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
"""Characters of a hostile page."""

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


def page_texts(markup: str) -> Iterator[str]:
    """Yield the text nodes of a page that may be shown: a plain walk that knows nothing of lines."""
    root: Any = LexborHTMLParser(markup).root
    waiting = [root] if root is not None else []
    while waiting:
        node = waiting.pop()
        if node.tag == "-text":
            yield node.text_content or ""
        elif node.tag not in INVISIBLE - JUDGED:
            waiting += reversed(list(node.iter(include_text=True)))


def rows_of(markup: str) -> list[str]:
    """Return the text of every line of a page, hidden ones too, without the bars between cells."""
    rows = read_markup(written(LexborHTMLParser(markup)))
    return [row.text.replace(" | ", "").removeprefix("| ") for row in rows if row.text]


@given(page=documents)
def test_every_text_is_in_exactly_one_line(page: str) -> None:
    """The lines hold all text nodes in their order, and none is torn apart."""
    lines = iter([squeezed(line) for line in rows_of(page)])
    rest = next(lines, "")
    for text in filter(None, map(squeezed, page_texts(page))):
        rest = rest or next(lines)
        assert rest.startswith(text)
        rest = rest[len(text) :]
    assert not rest
    assert list(lines) == []


@given(page=documents)
def test_lines_are_those_of_the_page_but_for_hidden_parts(page: str) -> None:
    """What is read is what was found, less what is hidden; and each line says whether it is."""
    found = [(row.text, row.element.hidden is not None) for row in read_markup(written(LexborHTMLParser(page)))]
    shown = [text for text, hidden in found if not hidden]
    assert flatten_html(page).split("\n") == (shown or [""])


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


UNUSUAL = {"frameset", "body", "html", "option", "optgroup", "dialog", "br"}
PARTS_OF_TABLES = {"table", "tbody", "td", "tfoot", "th", "thead", "tr", "caption"}


@pytest.mark.parametrize("name", sorted(BLOCKS - INVISIBLE - PARTS_OF_TABLES - UNUSUAL))
def test_a_block_begins_and_ends_a_line(name: str) -> None:
    """What stands before, in and after a block is never glued."""
    inside = "" if name in {"hr", "br"} else "in"
    page = f"<div>before<{name}>{inside}</{name}>after</div>" if inside else f"<div>before<{name}>after</div>"
    assert flatten_html(page).split("\n") == ["before", *([inside] if inside else []), "after"]


def dom_of(markup: str) -> dict[str, Dom]:
    """Return what the DOM says of each line of a page, by its text."""
    document = segment_html(markup, DEFAULT).document
    return {line.text: line.html for line in document.lines if line.html is not None}


def test_rows_of_data_are_lines_and_captions_too() -> None:
    """A row is a line; text that may not stand in a table stands before it, as browsers show it."""
    head = "<table><caption>c</caption>stray<thead><tr><th>h<th>i</tr></thead>"
    table = f"{head}<tr><td>a<td>b<tr><td>d<td><i>e</i>f<br>g<tr><td><td>x<tr><td>y<td></table>"
    lines = ["before", "stray", "c", "h | i", "a | b", "d | ef g", "| x", "y", "after"]
    assert flatten_html(f"<div>before</div>{table}after").split("\n") == lines
    assert [dom_of(table)[line].block for line in ("h | i", "a | b")] == ["th", "td"]


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td>a<td>b</table>",
        "<table><tr><td>a<tr><td>b</table>",
        "<table role=presentation><tr><td>a<td>b<tr><td>c<td>d</table>",
        f"<table><tr><td>a<td>b<tr><td>c<td>{ARTICLE * 3}</table>",
        "<table><tr><td>a<td>b<tr><td>c<td><table><tr><td>d</table></table>",
        "<table><tr><td>a<td>b<tr><td>c<td>" + "<p>some words in a paragraph</p>" * 4 + "</table>",
    ],
)
def test_cells_of_a_layout_are_lines_of_their_own(table: str) -> None:
    """One row, one column, prose in cells, tables in tables: no table of data."""
    assert " | " not in flatten_html(f"<p>before</p>{table}")


def test_a_line_break_wraps_keeps_verse_and_two_end_a_paragraph() -> None:
    """Rows that only wrap are one line; short ones stay lines that go on; two breaks part paragraphs."""
    wrapped = "The council of the town of Vellmar closed the old<br>bridge over the Irre on Monday."
    page = f"<p>{wrapped}<br><br>The river took the road,<br> and left a row of stones.<br>&nbsp;<br>One.</p>"
    verse = ["The river took the road,", "and left a row of stones."]
    lines = dom_of(page)
    assert list(lines) == [wrapped.replace("<br>", " "), *verse, "One."]
    assert [lines[line].follows for line in (*verse, "One.")] == ["", "line", ""]
    long = "Nobody may cross the bridge before spring comes, said the mayor of the town in the hall. "
    assert flatten_html(f"<p>{long}<br>{long}</p>").split("\n") == [long.strip()] * 2


def test_code_keeps_its_rows_and_their_indentation() -> None:
    """Each row of pre is a line, its indentation in the source; blank ones between them are no lines."""
    page = "<pre><code>\n\nif <b>load</b> &gt; 11:\n\n\t<i>close</i>()  \n</code></pre><p>after"
    assert flatten_html(page) == "if load > 11:\n\n\tclose()\nafter"
    lines = dom_of(page)
    assert {text: (dom.block, dom.follows) for text, dom in lines.items()} == {
        "if load > 11:": ("pre", ""),
        "close()": ("pre", "line"),
        "after": ("p", ""),
    }
    assert flatten_html("<pre><div>a</div><div>  b<br>c</div></pre>") == "a\n  b\nc"
    assert flatten_html("<div>a<xmp> <b>c </xmp></div>d") == "a\n <b>c\nd"


def test_prose_that_is_wrapped_in_pre_is_paragraphs() -> None:
    """Mails and old books stand in pre: their rows are no code."""
    prose = " ".join(["Nobody will be allowed to cross before the spring said mayor Dossa in the hall"] * 8)
    rows = "\n".join(wrap(prose, 72))
    assert flatten_html(f"<pre>{rows}\n\nEnd.</pre>").split("\n") == [prose, "End."]


def test_further_blocks_of_a_list_item_go_on_in_it() -> None:
    """A list item's second paragraph, and its text behind a list within it, are not items of their own."""
    lines = dom_of("<ul><li>one<p>two</p><ol><li>three</li></ol>four</li><li>five</li></ul>")
    assert {text: dom.follows for text, dom in lines.items()} == {
        "one": "",
        "two": "item",
        "three": "",
        "four": "item",
        "five": "",
    }
    assert lines["three"].path == "html/body/ul/li/ol/li"


def test_names_are_the_classes_and_ids_around_a_line() -> None:
    """Innermost first, in lower case, four blocks upwards, and never many or long."""
    page = "<div id=five><div id=four><div class='B c'><div><p class=A>text</p></div></div></div></div>"
    assert dom_of(page)["text"].names == ("a", "b", "c", "four")
    long = " ".join(f"{number}{'x' * 50}" for number in range(99))
    many = dom_of(f"<p class='{long}'>text</p>")["text"].names
    assert len(many) == MAX_NAMES
    assert {len(name) for name in many} == {MAX_NAME}


def test_siblings_that_look_alike_are_counted() -> None:
    """Of the innermost block that repeats: cards of one class, not others beside them."""
    card = "<div class=card id={}><h3>t{}</h3></div>"
    page = "<main>" + "".join(card.format(n, n) for n in range(5)) + "<div class=other>o</div></main>"
    assert {text: dom.siblings for text, dom in dom_of(page).items()} == {**{f"t{n}": 5 for n in range(5)}, "o": 0}


HIDDEN = ("hidden", "hidden=''", "style='color:red; DISPLAY : none'", "style='visibility:hidden'")


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_hidden_part_is_read_only_where_it_holds_most_prose(hidden: str) -> None:
    """A dialog stays out; a body that waits for its script is read, and each of its lines says so."""
    part = f"<div {hidden}><p>{ARTICLE}</p><p>{ARTICLE}</p></div>"
    assert flatten_html(f"<p>shown</p>{part}{f'<p>{ARTICLE}</p>' * 3}").split("\n") == ["shown", *[ARTICLE] * 3]
    read = segment_html(f"<p>shown</p>{part}", DEFAULT).document
    assert read.texts == ("shown", ARTICLE, ARTICLE)
    assert [dom.hidden for dom in read.doms or ()] == [False, True, True]


def test_what_is_shown_to_eyes_alone_is_read_and_says_so() -> None:
    """A browser shows it, only a screen reader leaves it out."""
    page = f"<p>{ARTICLE}</p><div aria-hidden=true><p>a</p></div><p aria-hidden=false>b</p><div hidden>c</div>"
    assert {text: dom.hidden for text, dom in dom_of(page).items()} == {ARTICLE: False, "a": True, "b": False}


def test_hidden_parts_of_one_look_in_one_place_are_read_together() -> None:
    """A body that is streamed in pieces is read whole; another hidden part beside it is not."""
    pieces = "".join(f"<div hidden id='S:{number}'><p>{ARTICLE}</p><p>short</p></div>" for number in range(3))
    page = f"<nav>menu</nav>{pieces}<div hidden class=dialog><p>{ARTICLE}</p></div>"
    assert flatten_html(page).split("\n") == ["menu", *[ARTICLE, "short"] * 3]


def test_hidden_words_inside_a_line_do_not_split_it() -> None:
    """They are a line of their own, which is not read."""
    page = "<p>The bridge <span style='display:none'>(old <i>price</i>)</span>is <b hidden>not</b>closed.</p>"
    assert flatten_html(page) == "The bridge is closed."
    assert flatten_html("<p>The <span hidden=until-found>old</span> bridge</p>") == "The old bridge"


def test_templates_are_read_where_they_are_the_shadow_of_an_element() -> None:
    """A declarative shadow root is shown; any other template waits for a script."""
    shadow = f"<my-page><template shadowrootmode=open><p>{ARTICLE}</p></template></my-page>"
    assert flatten_html(shadow) == ARTICLE
    assert flatten_html(f"<p>{ARTICLE}</p><template><p>{ARTICLE}</p></template>") == ARTICLE


@pytest.mark.parametrize(("role", "landmark"), [("navigation", "nav"), ("main", "main"), ("button", "")])
def test_roles_are_landmarks(role: str, landmark: str) -> None:
    """A part of the page may say what it is by its element or by its role."""
    assert dom_of(f"<div role={role}><p>text</p></div>")["text"].landmark == landmark


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


def test_a_title_may_stand_on_several_lines_or_in_no_heading(bare_cleaner: Cleaner) -> None:
    assert bare_cleaner.clean(f"<html><h1>A <b>bri</b>dge<br>closed</h1><p>{ARTICLE}</p>").title == "A bridge closed"
    named = f"<html><title>Divers find cracks – Courier</title><div>Divers find cracks</div><p>{ARTICLE}</p>"
    assert bare_cleaner.clean(named).title == "Divers find cracks"


@pytest.mark.parametrize("name", PAGES)
def test_the_article_below_many_of_a_kind_is_still_there(name: str) -> None:
    """Thousands of inline nodes, links, nested blocks: the last line is the article's."""
    assert flatten_html(PAGES[name](MANY)).split("\n")[-1].endswith(ARTICLE)


@pytest.mark.parametrize("name", REFUSED)
def test_bytes_of_another_kind_are_refused_whatever_they_are_called(name: str, bare_cleaner: Cleaner) -> None:
    """A PDF that is served as HTML is a documented error."""
    with pytest.raises(BinaryInput):
        bare_cleaner.clean(REFUSED[name](MANY), content_type="text/html")


@pytest.mark.parametrize("name", ENCODED)
def test_an_article_is_read_from_damaged_bytes(name: str, bare_cleaner: Cleaner) -> None:
    """The last byte is missing, or encodings are mixed."""
    assert ARTICLE in bare_cleaner.clean(ENCODED[name](MANY), content_type="text/html").page_text


def test_eight_megabytes_in_one_tag_are_cut() -> None:
    """A data URI of any length is no text, and takes no time to speak of."""
    assert flatten_html(PAGES["data-uri"](8_000_000)) == ARTICLE


TAGS = {
    "plain": "<p " + " ".join(f"a{n}=1" for n in range(40_000)) + ">",
    "quoted": "<p " + " ".join(f"a{n}='<>'" for n in range(40_000)) + ">",
    "long": f"<p a='{'<x ' * 40_000}'>",
    "script": "<script " + " ".join(f"a{n}" for n in range(40_000)) + "><b " + "c " * 40_000 + "</script>",
    "unclosed": "<p>" + ("<p " + "a='<' " * (3 * MAX_ATTRIBUTES) + ">") * 100,
}


@pytest.mark.parametrize("name", TAGS)
def test_attributes_without_number_are_cut_and_flagged(name: str, bare_cleaner: Cleaner) -> None:
    """A parser compares each with every other. Quoted brackets hide none, and the page says what was cut."""
    page = f"<html><body>{TAGS[name]}{ARTICLE}</p><p>{ARTICLE}</p></body></html>"
    short = bounded(page.encode())
    assert short.flags == (CUT_ATTRIBUTES,)
    assert len(short.markup) < len(page) / 2
    result = bare_cleaner.clean(page)
    assert CUT_ATTRIBUTES in result.flags
    assert result.page_text.endswith(ARTICLE)


WITHIN = [
    "<p a=1 b='<>' c=\"d>\"e=f g = h i=>text</p>",
    "<script>if (a <b " + "c " * 999 + ") d</script>",
    "<!-- <p " + "a " * 999 + "> -->",
    "<p title='",
    f"<p title='{'桥' * (MAX_VALUE // 2)}'>",
    "a < b <3 <! </ <p/><br / =x>",
    "<div>" * MAX_DEPTH + "x" + "</div>" * MAX_DEPTH,
]


@pytest.mark.parametrize("page", WITHIN, ids=range(len(WITHIN)))
def test_markup_within_the_limits_is_left_alone(page: str) -> None:
    """Nothing is cut and no flag is raised where a page keeps the limits, however odd it is."""
    markup = page.encode("utf-8", "ignore")
    assert bounded(markup) == (markup, ())


@given(page=st.one_of(documents, strategies.any_text()))
def test_markup_of_no_size_is_left_alone(page: str) -> None:
    """The limits never touch a page that could not reach them."""
    markup = page.encode("utf-8", "ignore")
    assert bounded(markup) == (markup, ())


@pytest.mark.parametrize(
    "page", ["<div>a" * 3_000, "<div>a" * 3_000 + "</div>" * 3_000, "</i>" * 9_000 + "<b>" * 3_000]
)
def test_what_nests_too_deep_becomes_line_breaks_and_is_flagged(page: str, bare_cleaner: Cleaner) -> None:
    """The text stays, and the page says that its tree is not as written."""
    result = bare_cleaner.clean(f"<html>{page}<p>{ARTICLE}</p>")
    assert CUT_DEPTH in result.flags
    assert result.page_text.endswith(ARTICLE)


NESTED = ("divs-closed", "divs-unclosed", "lists-unclosed", "quotes-closed", "hidden", "templates")
"""Families whose every tag looks through all that are open: the parser itself takes time that grows with their
square."""


TIMED = (
    *("inline-nodes", "links", "images", "siblings", "siblings-all-different", "tables-unclosed", "foster-parents"),
    *(
        "rows",
        "misnested",
        "line-breaks",
        "headings",
        "hidden-words",
        "code",
        "attributes",
        "attributes-quoted",
        "data-uri",
    ),
    *("entities", "entity-overflow", "comments", "json-ld", "titles", *UNCLOSED),
)
"""Families of which each is a way of its own through the reader."""


@pytest.mark.parametrize("name", TIMED)
def test_time_grows_with_the_page(name: str) -> None:
    """Twice the page takes twice the time, whatever it is made of."""
    assert growth_exponent(flatten_html, (PAGES | UNCLOSED)[name], GROWTH_SIZES, repeat=2, floor=QUICK) < GROWTH


@pytest.mark.parametrize("name", NESTED)
def test_time_grows_with_depth(name: str) -> None:
    """The same for blocks nested ten thousands deep."""
    assert growth_exponent(flatten_html, PAGES[name], DEPTH_SIZES, repeat=1) < GROWTH


def test_a_page_that_waits_for_its_scripts_says_so(bare_cleaner: Cleaner) -> None:
    """With a script and no text, or three words: a shell. Without a script it is merely empty."""
    shell = "<html><body><div id=root></div><noscript>Turn on JavaScript.</noscript><SCRIPT src=a.js></script>"
    assert bare_cleaner.clean(shell).flags == ("app_shell", "empty")
    assert bare_cleaner.clean("<html><body><div id=root></div>").flags == ("empty",)
    assert "app_shell" in bare_cleaner.clean(f"{shell}<p>Please wait now").flags
    assert "app_shell" not in bare_cleaner.clean(f"{shell}<p>Please wait for us").flags
    assert "app_shell" not in bare_cleaner.clean("<p>Please wait now").flags
    assert bare_cleaner.clean(f"{shell}<p>{ARTICLE}</p>").flags == ()


def test_reading_a_page_leaves_nothing_to_the_collector_of_cycles() -> None:
    markup = "<ul><li hidden>One<li>Two<ul><li>Three</ul></ul><pre>Four\nFive</pre><p hidden>Six</p>" * 3
    read = segment_html(markup, DEFAULT)  # what is loaded late is loaded now
    gc.collect()
    gc.disable()
    try:
        del read
        segment_html(markup, DEFAULT)
        assert gc.collect() == 0
    finally:
        gc.enable()
