"""Rules with selectors: which lines of HTML they match, and that the same file works on flattened text."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scrubber import Cleaner, Document, Evidence, Label, Page, Site, hookimpl
from scrubber.errors import PluginError
from scrubber.repair import DEFAULT
from scrubber.segment.html import segment_html
from scrubber.segment.selectors import MAX_STEPS
from scrubber.segment.text import segment_text
from scrubber.sites import load_site

PROSE = "The old bridge was closed by the flood of the river on Monday, the mayor of the valley said."
PAGE = f"""<!doctype html><title>Flood</title><body>
<nav class=menu><ul><li><a href=/>Home</a><li><a href=/news>News</a></ul></nav>
<div class=story>
  <h1>Old bridge closed by flood</h1>
  <p class=by>By <b>Ada Example</b></p>
  <script>var a = "<p>";</script>
  <p>{PROSE}</p>
  <p>Nobody may cross it, she told <a href=/hall>a meeting</a>.<br>It was cold.</p>
  <pre>first row of code
  second row of code</pre>
  <p class=last><span class=credit>Photo: A. Example</span></p>
</div>
<table class=tides><tr><td>Monday<td>4.20<tr><td>Tuesday<td>4.40</table>
<footer>The <i>Valley</i> Post &amp; Sons</footer>"""
TEXT = "Home\n\nNews\n\nOld bridge closed by flood\n\n" + PROSE + "\n\nPhoto: A. Example\n\nThe Valley Post & Sons\n"
URL = "https://valley.example/1"


def document_of(markup: str) -> Document:
    """Return HTML as sites see it."""
    return segment_html(markup, DEFAULT).document


@pytest.mark.parametrize(
    ("selector", "lines"),
    [
        ("nav", ["Home", "News"]),
        ("a", ["Home", "News"]),
        ("a, b", ["Home", "News"]),
        (".story .by", ["By Ada Example"]),
        ("b", []),
        (".credit", ["Photo: A. Example"]),
        (".story > p.last", ["Photo: A. Example"]),
        (".story p:nth-child(5)", ["Nobody may cross it, she told a meeting.", "It was cold."]),
        ("pre", ["first row of code", "second row of code"]),
        ("table.tides", ["Monday | 4.20", "Tuesday | 4.40"]),
        ("td:first-child", []),
        ("td", ["Monday | 4.20", "Tuesday | 4.40"]),
        ("footer", ["The Valley Post & Sons"]),
        ("title, script", []),
        (".nothing", []),
    ],
)
def test_a_line_is_found_when_all_of_its_text_is(selector: str, lines: list[str]) -> None:
    """An inline element finds the lines that it makes up, and none of which it is a part."""
    document = document_of(PAGE)
    assert [document.texts[index] for index in document.lines_matching(selector)] == lines


def test_flattened_text_has_no_elements() -> None:
    """A selector finds nothing in it, which is no error."""
    assert segment_text(TEXT, DEFAULT)[0].lines_matching("p") == []


TAGS = "<div class=a>|</div>|<p>|<pre>|</pre>|<br>|<b>|</b>|<table><tr><td>|<td>|<li>|<hr>|<span hidden>|</span>"
ODD = "<!-- c -->|<?php x ?>|<template>|</template>|<script>a<b</script>|\U000f0001|&nbsp;|&amp;|&lt;b|two\nrows|\u200b"
WORDS = f"word|a|.| |5 |{PROSE} "
FRAGMENTS = st.lists(st.sampled_from(f"{TAGS}|{ODD}|{WORDS}".split("|")), max_size=30).map("".join)


@given(FRAGMENTS)
def test_every_line_stands_in_the_page(markup: str) -> None:
    """However its markup is broken: the page as a whole finds each line, and what is not there none."""
    document = document_of(f"<!doctype html><body>{markup}")
    assert document.lines_matching("html") == list(range(len(document)))
    assert document.lines_matching("html:not(html)") == []


@pytest.mark.parametrize("selector", ["b", "p", "pre", "td", "div.a", "li, p b"])
@given(FRAGMENTS)
def test_no_line_is_found_by_what_it_does_not_stand_in(selector: str, markup: str) -> None:
    """The words of the lines that are found are words of the elements that are."""
    page = f"<!doctype html><body>{markup}"
    document, parser = document_of(page), LexborHTMLParser(page)
    parser.strip_tags(["script", "template"])
    words = {word for node in parser.css(selector) for word in re.findall(r"\w+", node.text())}
    lines = [document.texts[index] for index in document.lines_matching(selector)]
    assert not {word for line in lines for word in re.findall(r"\w+", line)} - words


def test_a_document_can_be_pickled_before_and_after_it_was_asked() -> None:
    """For processes that share the work; the parsed page stays behind."""
    document = document_of(PAGE)
    for _ in range(2):
        again: Document = pickle.loads(pickle.dumps(document))  # noqa: S301 - our own
        assert again.lines_matching("nav") == document.lines_matching("nav") == [0, 1]


def test_a_released_document_finds_nothing() -> None:
    """Results that are kept do not keep their pages' markup."""
    document = document_of(PAGE)
    document.release()
    assert document.lines_matching("nav") == []


HEAD = 'site = "valley"\nhosts = ["valley.example"]\n[[drop]]\nrule = "it"\n'


def dropped(tmp_path: Path, rule: str, page: str) -> list[str]:
    """Return the lines that a rule takes out of a page, as text and as HTML alike."""
    (tmp_path / "site.toml").write_text(HEAD + rule, encoding="utf-8")
    cleaner = Cleaner(plugin_folders=[tmp_path], bundled=False, installed=False, tagger=False)
    result = cleaner.clean(page, url=URL)
    assert not [flag for flag in result.flags if "plugin" in flag]
    return [line.text for line in result.lines if any(one.rule == "valley/it" for one in line.evidence)]


@pytest.mark.parametrize(
    ("rule", "html", "text"),
    [
        ('css = ".credit"', ["Photo: A. Example"], []),
        ('line = "Photo*"', ["Photo: A. Example"], ["Photo: A. Example"]),
        ('css = ".credit"\nline = "The Valley*"', ["Photo: A. Example"], ["The Valley Post & Sons"]),
        ('css = ".gone"\nline = "Photo*"', [], ["Photo: A. Example"]),
        ('css = "nav a"\nmatch = "^Home$"\nalso = 1', ["Home", "News"], ["Home", "News"]),
        ('css = "footer"\nfrom = "Home"\nuntil = "News"', ["The Valley Post & Sons"], ["Home", "News"]),
        ('outside = "body"', [], []),
        ('outside = ".gone"', [], []),
        (
            'outside = ".story"',
            ["Home", "News", "Monday | 4.20", "Tuesday | 4.40", "The Valley Post & Sons"],
            [],
        ),
        ('outside = ".story, nav, table"\nline = "Home"', ["The Valley Post & Sons"], ["Home"]),
    ],
)
def test_selectors_decide_on_html_and_the_rest_on_text(
    tmp_path: Path, rule: str, html: list[str], text: list[str]
) -> None:
    """A rule may have one way to say what it finds in each, or only one; then text's holds in HTML too."""
    assert dropped(tmp_path, rule, PAGE) == html
    assert dropped(tmp_path, rule, TEXT) == text


class Credits(Site):
    """A site in Python that asks the DOM."""

    name = "valley"
    hosts = ("valley.example",)

    def __init__(self, selector: str) -> None:
        """Take what it looks for."""
        self.selector = selector

    @hookimpl
    def register_sites(self) -> list[Site]:
        """Offer itself."""
        return [self]

    def find(self, document: Document) -> list[Evidence]:
        """Find the lines of its selector."""
        lines = document.lines_matching(self.selector)
        return [Evidence(line, Label.CAPTION, 8.0, "valley/credits", "names the photographer") for line in lines]


class Offer:
    """A plugin of one site."""

    def __init__(self, site: Site) -> None:
        """Take the site."""
        self.site = site

    @hookimpl
    def register_sites(self) -> list[Site]:
        """Offer it."""
        return [self.site]


def clean_with(selector: str, page: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return captions and flags of a page, alone and in a batch, with a site that looks for a selector."""
    cleaner = Cleaner(plugins=[Offer(Credits(selector))], bundled=False, installed=False, tagger=False)
    alone = cleaner.clean(page, url=URL)
    for result in cleaner.clean_many([Page(page, url=URL)] * 3):
        assert (result.text, result.captions, result.flags) == (alone.text, alone.captions, alone.flags)
    return alone.captions, alone.flags


def test_sites_in_python_may_ask_too() -> None:
    """`Document.lines_matching` is part of what plugins may use."""
    assert clean_with(".credit", PAGE) == (("Photo: A. Example",), ())


def test_a_selector_that_is_none_is_flagged() -> None:
    """As any other error of a plugin is; the page is cleaned."""
    assert "plugin_failed:valley:BadSelector" in clean_with("p[", PAGE)[1]


def test_a_page_that_is_too_much_is_flagged() -> None:
    """Its selectors are not looked for, and that is said; MAX_STEPS is counted over the page."""
    siblings = int(MAX_STEPS**0.5) + 1
    page = f"<!doctype html><p>{PROSE}<section>{'<p>x' * siblings}</section><p class=credit>A"
    assert "plugin_failed:valley:TooManySteps" in clean_with("p:nth-child(2)", page)[1]


def test_the_results_of_a_page_do_not_keep_its_markup() -> None:
    """A list of results holds lines, not pages."""
    result = Cleaner(plugins=[Offer(Credits("p"))], bundled=False, installed=False).clean(PAGE, url=URL)
    assert b"class=story" not in pickle.dumps(vars(result.judged.document))  # type: ignore[attr-defined]


def test_a_thousand_selectors_are_the_most(tmp_path: Path) -> None:
    """They are looked for on every page of the site, each by itself."""
    path = tmp_path / "site.toml"
    rules = "".join(f'[[drop]]\nrule = "r{number}"\ncss = ".c{number}"\n' for number in range(1001))
    path.write_text(f'site = "valley"\n{rules}', encoding="utf-8")
    with pytest.raises(PluginError, match="has more than 1,000 rules with selectors"):
        load_site(path)
