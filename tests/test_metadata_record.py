"""What a page says of itself, as it was recorded: author, date, language and site of small pages, and limits.

After a change that is meant, write `tests/cases/records/metadata.txt` and `metadata-limits.txt` anew:

    python tests/test_metadata_record.py
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import records

from scrubber.repair import DEFAULT
from scrubber.segment.html import segment_html
from scrubber.segment.metadata.dates import read_day

METADATA, LIMITS = "metadata.txt", "metadata-limits.txt"

URL = "https://www.courier.example/news"
STORY = "<p>The bridge over the Orlen stays closed until Friday, the mayor said after the flood.</p>"


def ld(*things: Any) -> str:
    """Return JSON-LD."""
    return "".join(f'<script type="application/ld+json">{json.dumps(thing)}</script>' for thing in things)


def meta(name: str, content: str, attribute: str = "property") -> str:
    """Return a meta element."""
    return f'<meta {attribute}="{name}" content="{content}">'


ADA, BEN = {"@type": "Person", "name": "Ada Moor"}, {"@type": "Person", "name": "Ben Alt"}
FIRM = {"@type": "Organization", "name": "Valley Courier"}

AUTHORS = {
    "a person": ld({"@type": "Article", "author": ADA}),
    "a name alone": ld({"author": "Ada Moor"}),
    "a name with by and quotes": ld({"author": 'By "Ada Moor"'}),
    "a name that is an address": ld({"author": "https://a.example/ada"}) + ld({"author": "ada@a.example"}),
    "two persons and one again": ld({"author": [ADA, "Ben Alt", ADA]}),
    "names in lists": ld({"author": {"name": ["Ada Moor", "Ben Alt"]}}),
    "an organisation": ld({"author": FIRM}),
    "an organisation beside a person": ld({"author": [FIRM, ADA]}),
    "an organisation beside a marked person": ld({"author": FIRM}) + "<a rel=author>Ada Moor</a>",
    "a reference": ld({"author": {"@id": "#a"}}, {"@id": "#a", **ADA}),
    "a reference to nothing": ld({"author": {"@id": "#b"}}, {"@id": "#a", **ADA}),
    "a reference with a name": ld({"author": {"@id": "#a", "name": "Ben Alt"}}, {"@id": "#a", **ADA}),
    "two of one reference": ld({"author": {"@id": "#a"}}, {"@id": "#a", **ADA}, {"@id": "#a", **BEN}),
    "in a graph": ld({"@graph": [{"@type": "WebPage", "author": BEN}, {"@type": "NewsArticle", "author": ADA}]}),
    "of what the page is about": ld({"@type": "WebPage", "mainEntity": {"@type": "Question", "author": ADA}}),
    "the first that names one": ld({"@type": "Article"}, {"@type": "Article", "author": BEN}),
    "the only person": ld(ADA),
    "two persons and no author": ld(ADA, BEN),
    "a firm and no author": ld(FIRM),
    "several types": ld({"@type": ["Thing", "NewsArticle"], "author": ADA}, {"@type": "Article", "author": BEN}),
    "a type that is none": ld({"@type": 5, "author": ADA}, {"@type": None, "author": BEN}),
    "a meta element": meta("author", "Ada Moor", "name"),
    "meta elements in their order": meta("dc.creator", "Ben Alt") + meta("article:author", "Ada Moor"),
    "a meta element with an address": meta("article:author", "https://a.example/ada") + meta("byl", "By Ben Alt"),
    "a meta element with the site": meta("author", "Valley Courier") + meta("og:site_name", "Valley Courier"),
    "a meta element with the host": meta("author", "Courier.example"),
    "a meta element with another sign": meta("AUTHOR", "Ada Moor", "itemprop") + meta("author", "Ben Alt"),
    "marked by its relation": "<p><a rel='nofollow author' href=/a>Ada Moor</a></p>",
    "marked in microdata": "<p itemprop=author itemscope>x <span itemprop=name>Ada Moor</span></p>",
    "marked in microdata, in short": "<p itemprop=author>Ada Moor</p>",
    "an address element": "<address class=author>Ada Moor</address>",
    "marked by its class": "<p class=Article__Author-Name>Ada Moor</p><p class=byline>Ben Alt</p>",
    "marked by a class in lower case": "<p class=byline-wrap>By Ada Moor, 4 May 2021</p>",
    "marked by a test": "<p data-testid=story-author>Ada Moor</p>",
    "marked by data": "<p class=x data-author='Ada Moor'>Ben Alt</p>",
    "marked by content": "<p itemprop=author content='Ada Moor'>Ben Alt</p>",
    "marked by its id": "<p id=the-author>Ada Moor</p>",
    "links in a marked element": "<p class=byline>By <a>Ada Moor</a> and <a>Ben Alt</a>, staff</p>",
    "marked neighbours": "<p><a rel=author>Ada Moor</a> <a rel=author>Ben Alt</a></p><p><a rel=author>Cem Ay</a></p>",
    "marked among comments": "<div class=comment-list><p class=author>Ben Alt</p></div><p class=author>Ada Moor</p>",
    "marked in an aside": "<aside><p class=author>Ben Alt</p></aside><p class=author>Ada Moor</p>",
    "marked in an article in an aside": "<aside><article><p class=author>Ben Alt</p></article></aside>",
    "marked as the site": ld(FIRM) + "<p class=author>valley courier</p><p class=author>Ada Moor</p>",
    "no name": "<p class=author>3 comments</p><p class=author>Read on!</p><p class=author>Share this</p>",
    "a line below the heading": "<h1>Bridge closed</h1><p>Written by: Ada Moor | Politics</p>",
    "a line that begins otherwise": "<h1>Bridge closed</h1><p>Stand by me</p><p>The author: Ben Alt on Monday</p>",
    "by within a name": "<p class=author>By Stand by Ada Moor</p>",
    "nobody": "",
}

DATES = {
    "published": ld({"datePublished": "2021-05-04T23:30:00+02:00", "dateModified": "2022-01-01"}),
    "created": ld({"dateCreated": "2021-05-04"}),
    "uploaded": ld({"uploadDate": "2021-05-04"}),
    "changed alone": ld({"dateModified": "2022-01-01"}),
    "changed beside a marked time": ld({"dateModified": "2022-01-01"}) + "<time datetime=2021-05-04>x</time>",
    "a meta element": meta("article:published_time", "2021-05-04") + meta("date", "2020-01-01"),
    "a changed meta element": meta("og:updated_time", "2021-05-04"),
    "JSON-LD before a meta element": meta("date", "2020-01-01") + ld({"datePublished": "2021-05-04"}),
    "a time element": "<time>4 May 2021</time>",
    "a marked element": "<time>1 May 2021</time><p itemprop=datePublished content=2021-05-04>x</p>",
    "the fourth time element": "<time>a</time><time>b</time><time>c</time><time>4 May 2021</time>",
    "the third time element": "<time>a</time><time>b</time><time>4 May 2021</time>",
    "a line below the heading": "<h1>Bridge closed</h1><p>Posted on 4 May 2021 in the valley</p>",
    "a line far behind its beginning": f"<h1>Bridge closed</h1><p>{'x ' * 31}4 May 2021</p>",
    "a day that is none": ld({"datePublished": "2021-13-04"}) + meta("date", "2021-05-04"),
    "a day before the Web": meta("date", "1992-12-31"),
    "the first day of the Web": meta("date", "1993-01-01"),
    "the last day": meta("date", "2099-12-31"),
    "a day too far": meta("date", "2100-01-01"),
    "month first": meta("content-language", "en-US", "http-equiv") + meta("date", "5/4/2021"),
    "day first": meta("content-language", "en_GB", "http-equiv") + meta("date", "5/4/2021"),
    "no day": "",
}

ADDRESSES = (
    ("2021-05-04", "/2021/05/04/bridge"),
    ("2021-05-05", "/2021/05/04/bridge"),
    ("2021-05-03", "/2021/5/4"),
    ("2021-05-06", "/2021/05/04/bridge"),
    ("2021-05-02", "/2021/05/04/bridge"),
    ("2021-05-05", "/bridge-2021-05-04"),
    ("2021-05-05", "/bridge_2021-05-04.html"),
    ("", "/2021/05/04/bridge"),
    ("", "/2021/13/04/bridge"),
    ("", "/2021/05/bridge"),
    ("", "/12021/05/04"),
)

DAYS = (
    "2021-05-04",
    "x2021-05-04T00:00",
    "5/4/2021",
    "5.4.2021",
    "5-4-21",
    "24/5/2021",
    "5/24/2021",
    "5/4-2021",
    "1.5/4/2021",
    "31/2/2021",
    "May 4th, 2021",
    "4 pages",
    "",
)

SAID = {
    "a site": meta("og:site_name", "Valley Courier"),
    "an application": meta("application-name", " Valley&amp;amp;  Courier "),
    "a publisher": ld({"publisher": FIRM}),
    "a publisher that is a text": ld({"publisher": "Valley Courier"}),
    "a publisher elsewhere": ld({"publisher": {"@id": "#p"}}, {"@id": "#p", **FIRM}),
    "a web site before a publisher": ld({"publisher": FIRM}, {"@type": "WebSite", "name": "The Valley"}),
    "a language": "<html lang=en-GB>",
    "a language in a meta element": meta("og:locale", "de_DE") + meta("language", "fr", "name"),
    "an empty meta element": meta("og:site_name", "") + meta("og:site_name", "Later"),
    "the first of two": meta("og:site_name", "First") + meta("og:site_name", "Second"),
    "damage": meta("og:site_name", "Caf\u00c3\u00a9  \u200b Courier"),
    "a list of JSON-LD": ld([FIRM, {"@type": "WebSite", "name": "In a list"}]),
    "JSON-LD that is none": "<script type='application/ld+json'>{</script>"
    + ld({"@type": "WebSite", "name": "Behind"}),
    "JSON-LD of other values": ld(5, "x", None, [[]], {"@graph": 5}, {"publisher": [FIRM]}),
}


def read(markup: str, path: str = "") -> tuple[str | None, ...]:
    """Return author, date, language and site of a page."""
    return segment_html(markup + STORY, DEFAULT, url=URL + path).metadata[1:]


def authors() -> list[str]:
    return [f"{name}: {read(markup)[0]}" for name, markup in AUTHORS.items()]


def dates() -> list[str]:
    return [f"{name}: {read(markup)[1]}" for name, markup in DATES.items()]


def addresses() -> list[str]:
    return [f"{day or 'no day'} at {path}: {read(meta('date', day), path)[1]}" for day, path in ADDRESSES]


def days() -> list[str]:
    return [f"{text!r}: {read_day(text)}, month first {read_day(text, month_first=True)}" for text in DAYS]


def sites() -> list[str]:
    return [f"{name}: {read(markup)[3]}, language {read(markup)[2]}" for name, markup in SAID.items()]


def of_no_address() -> list[str]:
    urls = ("http://[", "courier", "", None)
    pages = [segment_html(meta("author", "courier") + STORY, DEFAULT, url=url).metadata for url in urls]
    return [f"{url}: author {page.author}, date {page.date}" for url, page in zip(urls, pages, strict=True)]


SECTIONS: dict[str, Callable[[], list[str]]] = {
    "authors": authors,
    "dates": dates,
    "dates and addresses": addresses,
    "days": days,
    "sites and languages": sites,
    "pages of no address": of_no_address,
}


def named(name: str) -> Callable[[int], str]:
    """Return a question for the author of a page that marks a name of so many letters or words."""
    return lambda n: str(bool(read(f"<p class=author>{name.format('a' * n, ' '.join(['Aab'] * n))}</p>")[0]))


def inside(thing: Any, depth: int) -> Any:
    """Return a thing in lists."""
    return inside([thing], depth - 1) if depth else thing


def nested(thing: Any, depth: int) -> Any:
    """Return a thing as the name of an object, and that as the name of another."""
    return nested({"name": thing}, depth - 1) if depth else thing


HEADED = "<h1>Bridge closed</h1>"

LADDERS: dict[str, tuple[range, Callable[[int], str]]] = {
    "lists around a name": (range(8), lambda n: str(read(ld({"author": inside("Ada Moor", n)}))[0])),
    "objects around a name": (range(8), lambda n: str(read(ld({"author": nested("Ada Moor", n)}))[0])),
    "authors": (range(48, 53), lambda n: str(read(ld({"author": [f"A{k}" for k in range(n)]}))[0].count(";") + 1)),
    "objects before one with an author": (
        range(48, 53),
        lambda n: str(read(ld(*[{"@type": "Article"}] * n, {"author": "Ada Moor"}))[0]),
    ),
    "marks before a name": (
        range(18, 23),
        lambda n: str(read("<p class=author>5</p>" * n + "<p class=author>Ada Moor</p>")[0]),
    ),
    "letters of a marked name": (range(78, 83), named("{0}")),
    "words of a marked name": (range(6, 11), named("{1}")),
    "blanks in a marked element": (range(288, 304), lambda n: str(read(f"<p class=author>Ada{' ' * n}Moor</p>")[0])),
    "letters of a line with a name": (
        range(188, 200),
        lambda n: str(read(f"<p class=author>Ada Moor | {'a' * n}</p>")[0]),
    ),
    "elements between a name and its comments": (
        range(9, 14),
        lambda n: str(read(f"<div class=comment>{'<div>' * n}<p class=author>Ada Moor</p>{'</div>' * n}</div>")[0]),
    ),
    "lines between a heading and its author": (
        range(11, 17),
        lambda n: str(
            read(
                HEADED
                + "".join(f"<p>line {k} of the page, which is rather long</p>" for k in range(n))
                + "<p>By Ada Moor on the road with the people of the valley</p>"
            )[0]
        ),
    ),
    "lines between an author and the heading": (
        range(2, 7),
        lambda n: str(read("<p>By Ada Moor</p>" + "".join(f"<p>line {k}</p>" for k in range(n)) + HEADED)[0]),
    ),
    "characters of a date's line far below the heading": (
        range(27, 33),
        lambda n: str(read(HEADED + "<p>of the page</p>" * 20 + f"<p>4 May 2021{'x' * (n - 10)}</p>")[1]),
    ),
    "lines between a heading and its date": (
        range(57, 62),
        lambda n: str(read(HEADED + "<p>of the page</p>" * n + "<p>4 May 2021</p>")[1]),
    ),
    "characters before a date": (
        range(48, 62),
        lambda n: str(read(meta("date", "x" * n + " 2021-05-04"))[1] == "2021-05-04"),
    ),
    "characters of a site's name": (range(998, 1_003), lambda n: str(bool(read(meta("og:site_name", "a" * n))[3]))),
    "meta elements before one": (
        range(998, 1_002),
        lambda n: str(read("<meta name=a content=b>" * n + meta("og:site_name", "Here"))[3]),
    ),
    "objects before a site": (
        range(997, 1_002),
        lambda n: str(read(ld([{}] * n + [{"@type": "WebSite", "name": "Here"}]))[3]),
    ),
    "characters of JSON-LD": (
        range(999_965, 999_970),
        lambda n: str(
            read('<script type="application/ld+json">' + '{"@type":"WebSite","name":"Here"}' + " " * n + "</script>")[3]
        ),
    ),
}


def limits_of(name: str) -> list[str]:
    """Return the rows of a ladder's record."""
    numbers, answer = LADDERS[name]
    return list(records.rungs(answer, numbers))


@pytest.mark.parametrize("name", SECTIONS)
def test_a_page_is_read_as_it_was_recorded(name: str) -> None:
    records.check(METADATA, name, SECTIONS[name]())


@pytest.mark.parametrize("name", LADDERS)
def test_metadata_has_the_limits_that_were_recorded(name: str) -> None:
    records.check(LIMITS, name, limits_of(name))


def test_nothing_is_recorded_that_is_not_looked_at() -> None:
    assert set(records.recorded(METADATA)) == set(SECTIONS)
    assert set(records.recorded(LIMITS)) == set(LADDERS)


if __name__ == "__main__":
    records.write(METADATA, {name: rows() for name, rows in SECTIONS.items()})
    records.write(LIMITS, {name: limits_of(name) for name in LADDERS})
