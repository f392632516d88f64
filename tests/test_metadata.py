"""What is read of a page's title, author, date, site and language, and what is left alone."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber import Cleaner, Result

STORY = (
    "The bridge over the Orlen stays closed until Friday, the mayor said on Monday. Divers had found cracks in two "
    "of its piers after the flood, and the repair takes longer than planned."
)
CLEANER = Cleaner(bundled=False, installed=False, tagger=False)


def read(body: str = "", head: str = "", *, url: str | None = None, **thing: Any) -> Result:
    """Clean a page; `thing` is its JSON-LD."""
    script = f'<script type="application/ld+json">{json.dumps(thing)}</script>' if thing else ""
    page = f"<!doctype html><html><head>{head}{script}</head><body>{body}<p>{STORY}</p></body></html>"
    return CLEANER.clean(page, url=url)


def meta(name: str, content: str) -> str:
    """Write a meta element."""
    return f'<meta property="{name}" content="{content}">'


# --- title ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "head", "title"),
    [
        ("<h1>Bridge closed after flood</h1>", "<title>Bridge closed | Courier</title>", "Bridge closed after flood"),
        ("<h1>Courier</h1>", meta("og:title", "Bridge closed"), "Bridge closed"),
        ("<h1>All the news, all day</h1>", "<title>Bridge closed | Courier</title>", "Bridge closed"),
        ("<h1>Flood: Bridge stays closed</h1>", meta("og:title", "Bridge stays closed"), "Bridge stays closed"),
        ("<h1>Bridge closed ¶</h1>", "<title>Bridge closed</title>", "Bridge closed"),
        ("<h1>Courier</h1><h1>Bridge closed</h1>", "<title>Bridge closed</title>", "Bridge closed"),
        ("<h1>Only a heading</h1>", "", "Only a heading"),
        ("", "<title>Courier - Bridge closed</title>" + meta("og:site_name", "Courier"), "Bridge closed"),
        ("", "<title>Life: a story of the valley</title>", "Life: a story of the valley"),
    ],
)  # fmt: skip
def test_the_title_is_the_heading_that_the_page_bears_out(body: str, head: str, title: str) -> None:
    assert read(body, head).title == title


def test_the_host_tells_the_name_of_the_site_in_a_title() -> None:
    head = "<title>valley-courier: Bridge closed | Region today</title>"
    assert read(head=head, url="https://www.valley-courier.example/1").title == "valley-courier: Bridge closed"
    head = "<title>Valley Courier | The bridge in the region is closed</title>"
    assert read(head=head, url="https://www.valleycourier.example/1").title == "The bridge in the region is closed"


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("<h1>Bridge closed after the flood</h1><h1>What the mayor said</h1>", "Bridge closed after the flood"),
        ("<h1>Bridge closed<br>after the flood</h1>", "Bridge closed after the flood"),
        ("<h1>Bridge closed after the flood <button>Copy link</button></h1>", "Bridge closed after the flood"),
        ("<h1>The end of the line</h1><h1>Bridge closed after the flood</h1>", "Bridge closed after the flood"),
        ("<h1>Bridge closed after the flood | Region</h1>", "Bridge closed after the flood"),
        ("<h1>Flood 3.0 | Bridge closed after the flood</h1>", "Flood 3.0 | Bridge closed after the flood"),
        ("<nav><h1>Flood closed the bridge</h1></nav><h2>Bridge closed after flood</h2>", "Bridge closed after flood"),
    ],
)
def test_of_several_headings_the_one_that_the_title_element_bears_out_is_taken_alone(body: str, title: str) -> None:
    assert read(body, "<title>Bridge closed after flood</title>").title == title


@pytest.mark.parametrize(
    ("body", "name", "title"),
    [
        ("<h1>Book of Bridges</h1><h2>How old is it?</h2>", "How old is it? - Book of Bridges", "How old is it?"),
        ("<h1>Bridges</h1><h3>How old is it?</h3>", "How old is it? / Region / Bridges Forum", "How old is it?"),
        ("<h1>Bridge closed</h1>", "Courier - Bridge closed", "Bridge closed"),
        ("<h1>All the news</h1><h2>Bridge closed</h2>", "Forum: Bridge closed", "Bridge closed"),
        ("<h1>All the news</h1><h2><b>Flood</b> Bridge closed</h2>", "Flood: Bridge closed", "Flood: Bridge closed"),
        ("<h1>All the news</h1><h2>Region</h2>", "Bridge closed today | Region", "Bridge closed today"),
    ],
)  # fmt: skip
def test_a_heading_of_lower_rank_counts_where_the_title_element_names_it(body: str, name: str, title: str) -> None:
    assert read(body, f"<title>{name}</title>").title == title


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/2021/why-the-old-bridge-was-closed.html", "Why the old bridge was closed"),
        ("/2021/orlen-valley-walks", "Orlen crossing: ten facts"),
        ("/", "Orlen crossing: ten facts"),
    ],
)
def test_the_address_bears_out_a_heading_that_no_statement_does(path: str, title: str) -> None:
    page = read(
        "<h1>Why the old bridge was closed</h1>",
        "<title>Orlen crossing: ten facts</title>",
        url="https://a.example" + path,
    )
    assert page.title == title


def test_common_little_words_bear_no_heading_out() -> None:
    name = "Courier - The heart of the valley is in the river of the east"
    assert (
        read("<h1>The end of the trade in the port</h1>", f"<title>{name}</title>").title
        != "The end of the trade in the port"
    )


# --- author ---------------------------------------------------------------------------------------

PERSON = {"@type": "Person", "name": "Mirel Dossa"}
FIRM = {"@type": "Organization", "name": "Valley Courier"}


@pytest.mark.parametrize(
    ("thing", "author"),
    [
        ({"author": PERSON}, "Mirel Dossa"),
        ({"author": [PERSON, {"name": "Ada Orlen"}]}, "Mirel Dossa; Ada Orlen"),
        ({"author": "By Mirel Dossa"}, "Mirel Dossa"),
        ({"author": FIRM}, "Valley Courier"),
        ({"author": "https://social.example/mirel"}, None),
        ({"author": {"@id": "#m"}, "mainEntity": {"@id": "#m", **PERSON}}, "Mirel Dossa"),
        ({"author": [[[[[["deep"]]]]]]}, None),
        ({"author": 7}, None),
    ],
)
def test_json_ld_names_the_author(thing: dict[str, Any], author: str | None) -> None:
    assert read(**{"@type": "NewsArticle", "headline": "Bridge", **thing}).byline == author


@pytest.mark.parametrize(
    ("body", "author"),
    [
        ('<a rel="author" href="/m">Mirel Dossa</a>', "Mirel Dossa"),
        ('<div class="byline">By <a href="/m">Mirel Dossa</a>, Valley reporter</div>', "Mirel Dossa"),
        ('<p class="post-author">Written by Mirel Dossa on May 4, 2021</p>', "Mirel Dossa"),
        ('<span itemprop="author"><meta itemprop="name" content="Mirel Dossa"></span>', "Mirel Dossa"),
        ('<p><a rel="author">Mirel Dossa</a><a rel="author">Ada Orlen</a></p>', "Mirel Dossa; Ada Orlen"),
        ("<h1>Bridge closed</h1><p>By Mirel Dossa | May 4, 2021</p>", "Mirel Dossa"),
        ('<div class="comment"><a rel="author">Some Reader</a></div>', None),
        (f'<div class="author">{STORY * 3}</div>', None),
        ('<div class="author">Updated 4 May</div>', None),
    ],
)
def test_the_markup_or_the_line_below_the_heading_names_the_author(body: str, author: str | None) -> None:
    assert read(body).byline == author


def test_a_person_in_the_markup_comes_before_an_organisation_in_json_ld() -> None:
    found = read('<a rel="author">Mirel Dossa</a>', **{"@type": "Article", "author": FIRM})
    assert found.byline == "Mirel Dossa"


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("March 15, 2022 · 3 min read · By Mirel Dossa", "Mirel Dossa"),
        ("May 3, 2017 By Mirel Dossa 4 Comments", "Mirel Dossa"),
        ("Thread starter mirel77", "mirel77"),
        ("By Mirel Dossa ⋅ Reporter ⋅ Updated May 6, 2025", "Mirel Dossa"),
        ("By Mirel Dossa, MD. Reviewed by Ada Orlen", "Mirel Dossa, MD"),
        ("By 3i Valley", "3i Valley"),
        ("In 2021 the road was closed by a landslide.", None),
        ("4 min read", None),
    ],
)
def test_a_line_near_the_heading_names_the_author_before_or_behind_a_date(line: str, author: str | None) -> None:
    assert read(f"<h1>Bridge closed</h1><p>{line}</p>").byline == author


def test_a_line_that_says_who_wrote_the_page_counts_wherever_it_stands() -> None:
    body = "<h1>Bridge closed</h1>" + f"<p>{STORY}</p>" * 30 + "<p>Written by Mirel Dossa and Ada Orlen</p>"
    assert read(body).byline == "Mirel Dossa and Ada Orlen"
    assert read(body, **{"@type": "Article", "author": {"name": "Tovi Hale"}}).byline == "Tovi Hale"


@pytest.mark.parametrize(
    ("stated", "author"),
    [
        ("Tovi Hale", "Mirel Dossa"),  # whose account it was published from
        ("Mirel T. Dossa", "Mirel T. Dossa"),
        ("tovi.hale", "Mirel Dossa"),
        ("page.author", "Mirel Dossa"),
    ],
)
def test_a_stated_person_whom_the_page_does_not_show_gives_way_to_the_one_it_names(stated: str, author: str) -> None:
    assert read("<h1>Bridge closed</h1><p>By Mirel Dossa</p>", meta("author", stated)).byline == author


def test_meta_elements_name_authors_plainly() -> None:
    assert read(head=meta("citation_author", "Dossa, Mirel T.")).byline == "Mirel T. Dossa"
    assert read(head=meta("author", "By Mirel Dossa")).byline == "Mirel Dossa"
    assert read(head=meta("author", "mirel.dossa")).byline == "mirel.dossa"


# --- date -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "head", "url", "date"),
    [
        ("", meta("article:published_time", "2021-05-04T22:00:00Z"), None, "2021-05-04"),
        ("", meta("date", "May 4, 2021"), None, "2021-05-04"),
        ("", meta("article:modified_time", "2021-05-06"), None, "2021-05-06"),
        ('<time datetime="2021-05-04">now</time>', meta("article:modified_time", "2021-05-06"), None, "2021-05-04"),
        ("", "", "https://a.example/2021/05/04/bridge", "2021-05-04"),
        ("", meta("date", "2021-05-05T01:00:00Z"), "https://a.example/2021/05/04/bridge", "2021-05-04"),
        ("", meta("date", "2021-07-05"), "https://a.example/2021/05/04/bridge", "2021-07-05"),
        ("<h1>Bridge</h1><p>4. Mai 2021, von Mirel Dossa</p>", "", None, "2021-05-04"),
        ("<h1>Bridge</h1><p>2021-02-31</p>", "", None, None),
        ("<h1>Bridge</h1><p>Room 4 of 20</p>", "", None, None),
        ("", meta("date", "soon"), None, None),
        ("", meta("date", "2021"), None, None),
        ("<h1>Bridge</h1><p>May 2021</p>", "", None, None),
        ("<h1>Bridge</h1><p>Part 1 of 26 appeared on Tuesday</p><p>May 4th, 2021</p>", "", None, "2021-05-04"),
    ],
)  # fmt: skip
def test_the_date_is_that_of_publication(body: str, head: str, url: str | None, date: str | None) -> None:
    assert read(body, head, url=url).date == date


@pytest.mark.parametrize(
    ("language", "date"), [("en", "2021-05-04"), ("en-GB", "2021-04-05"), ("de", "2021-04-05"), ("", "2021-04-05")]
)
def test_the_language_says_which_figure_is_the_month(language: str, date: str) -> None:
    page = f'<html lang="{language}"><h1>Bridge</h1><p>5/4/2021</p><p>{STORY}</p></html>'
    assert CLEANER.clean(page).date == date


# --- site, language, repair -----------------------------------------------------------------------


def test_the_site_and_the_language_are_read_where_they_are_stated() -> None:
    page = read(head=meta("og:site_name", "Valley Courier") + meta("og:locale", "en_GB"))
    assert (page.site_name, page.language) == ("Valley Courier", "en_GB")
    page = read(**{"@type": "Article", "publisher": FIRM})
    assert (page.site_name, page.language) == ("Valley Courier", None)
    assert json.loads(page.to_json())["site_name"] == "Valley Courier"


def test_what_is_stated_is_repaired_like_lines() -> None:
    page = read(**{"@type": "Article", "headline": "CafÃ© &amp; bridge: &#8220;closed&#8221;", "author": "JosÃ© Orlen"})
    assert (page.title, page.byline) == ("Café & bridge: “closed”", "José Orlen")


@pytest.mark.parametrize(
    "json_text",
    [
        "{broken",
        "[" * 50_000,
        "null",
        '{"@graph": 3}',
        '{"@id": "#a", "author": {"@id": "#a"}}',
        '{"headline": "\\ud800"}',
    ],
)
def test_json_ld_that_makes_no_sense_is_passed_over(json_text: str) -> None:
    page = f'<html><script type="application/ld+json">{json_text}</script><h1>Bridge closed</h1><p>{STORY}</p></html>'
    assert CLEANER.clean(page).title == "Bridge closed"


values = st.recursive(
    st.none() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["@type", "@id", "@graph", "name", "author", "headline", "publisher"]), inner)
    ),
    max_leaves=20,
)


@given(values, st.text(max_size=40))
def test_any_json_ld_and_any_name_are_read_without_an_error(thing: Any, text: str) -> None:
    script = json.dumps(thing).replace("<", "\\u003c")
    page = f'<html><script type="application/ld+json">{script}</script><div class="author">{text}</div></html>'
    result = CLEANER.clean(page)
    assert result.date is None
    assert all(value == value.strip() for value in (result.title, result.byline, result.site_name) if value)


@pytest.mark.parametrize(
    "unit",
    [
        '<meta name="author" content="x">',
        '<a class="author">x</a>',
        "<time>x</time>",
        "<h1>a 1.1.</h1>",
        '<p class="byline"><a>',
    ],
)
def test_time_grows_with_what_is_marked_and_no_faster(unit: str) -> None:
    def seconds(count: int) -> float:
        started = time.process_time()
        read(unit * count)
        return time.process_time() - started

    seconds(10)
    small, large = seconds(2_000), seconds(8_000)
    assert large < max(10 * small, 1.0)
