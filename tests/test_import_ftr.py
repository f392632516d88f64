"""`scrubber import-ftr`: XPath becomes CSS that finds the same, and every line of a file is accounted for."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from scrubber import Cleaner
from scrubber.cli import main
from scrubber.segment.selectors import Tree, elements, read_selector
from scrubber.sites import load_site
from scrubber.sites.ftr import BadFtrFile, import_ftr, write_site
from scrubber.sites.xpath import NoSelector, to_css
from scrubber.testing.cases import find_cases, load_case
from scrubber.testing.reading import CaseError
from scrubber.testing.wanted_cases import read_wanted, wanted_cases, write_wanted

NAMES = ("div", "section", "b", "i")
CLASSES = ("a", "b", "a b", "ab", " b  c ")
TREES = st.recursive(
    st.just(()),
    lambda inner: st.lists(
        st.tuples(
            st.sampled_from(NAMES), st.sampled_from(CLASSES) | st.none(), st.sampled_from("xy") | st.none(), inner
        ),
        max_size=4,
    ),
    max_leaves=25,
)


def markup(tree: Any, prefix: str = "n") -> str:
    """Return a tree as HTML in which each element has its number."""
    return "".join(
        f"<{name} number={prefix}{at}"
        + (f' class="{words}"' if words is not None else "")
        + (f" id={mark}" if mark is not None else "")
        + f">{markup(inner, f'{prefix}{at}-')}</{name}>"
        for at, (name, words, mark, inner) in enumerate(tree)
    )


ATOMS = st.sampled_from(
    [
        "@id",
        "@id='x'",
        "'y'=@id",
        "@class!='a'",
        '@class="a b"',
        "contains(@class, 'b')",
        "starts-with(@class, 'a')",
        "contains(concat(' ', normalize-space(@class), ' '), ' b ')",
        "b",
        "./i",
        ".//b[@id]",
        "descendant::i",
        "child::div",
        "self::b",
        "self::b or self::div",
    ]
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("not({})".format, inner),
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
    ),
    max_leaves=3,
)
POSITIONS = st.sampled_from(["", "", "", "[1]", "[2]", "[last()]", "[position()=1]"])
STEPS = st.builds(
    lambda name, position, condition: f"{name}{position}{f'[{condition}]' if condition else ''}",
    st.sampled_from([*NAMES, "*"]),
    POSITIONS,
    st.none() | CONDITIONS,
)
PATHS = st.one_of(
    st.builds(
        lambda first, rest: f"//{first}" + "".join(f"{axis}{step}" for axis, step in rest),
        STEPS,
        st.lists(st.tuples(st.sampled_from(["/", "//"]), STEPS), max_size=2),
    ),
    st.builds("/html/body//{}".format, STEPS),
    st.builds("//{}/..".format, STEPS),
    st.builds("//{}/parent::div".format, STEPS),
    st.builds("//{}/following-sibling::b".format, STEPS),
    st.builds("//{} | //{}".format, STEPS, STEPS),
)


@given(tree=TREES, path=PATHS)
def test_a_selector_finds_what_its_xpath_finds(tree: Any, path: str) -> None:
    """Where there is one; an evaluator of XPath is asked, on whatever page."""
    page = f"<!doctype html><html number=h><head number=e></head><body number=r>{markup(tree)}</body></html>"
    try:
        css = to_css(path)
    except NoSelector:
        return
    parser = LexborHTMLParser(page)
    nodes = elements(parser)
    found = {nodes[at].attributes.get("number") for at in Tree(parser).find(read_selector(", ".join(css)))}
    assert found == {node.get("number") for node in lxml.html.document_fromstring(page).xpath(path)}


@pytest.mark.parametrize(
    ("path", "css"),
    [
        ("//div[@id='story']", ['div[id="story"]']),
        ("/html/body/div[2]/p", ["html > body > div:nth-of-type(2) > p"]),
        ("//*[1]", [":nth-child(1)"]),
        ("//p[contains(concat(' ',@class,' '),' lead ')]", ["p.lead"]),
        ("//p[contains(concat(' ',@rel,' '),' a:b ')]", ['p[rel~="a:b"]']),
        ("//a | //b//i", ["a", "b i"]),
        ("//div[@title='say \"so\"']", ['div[title="say \\"so\\""]']),
        ("//p[not(@class) and (@id or @title)]", ["p:not([class]):is([id], [title])"]),
    ],
)
def test_xpath_becomes_css(path: str, css: list[str]) -> None:
    """As a person would write it."""
    assert to_css(path) == css


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("//meta[@name='x']/@content", "gives an attribute"),
        ("//h1/text()", "gives texts"),
        ("(//div)[1]", "by its position"),
        ("//p[@class][2]", "counts positions among what a condition leaves"),
        ("//p[contains(., 'x')]", "looks at the text of elements"),
        ("//p[.='x']", "looks at the text of elements"),
        ("//p[ancestor::div]", "looks at “ancestor” in a condition"),
        ("//div/p/..", "goes up from more than one step"),
        ("//div[p/a]", "looks along a path in a condition"),
        ("//div[p[a]]", ":has() may not stand in another one"),
        ("//DIV", "has the name “DIV”"),
        ("//p[@a='']", "something else than a text"),
        ("//p[string-length(.) > 3]", "looks at “>” in a condition"),
        ("substring-after(//p, 'x')", "does not begin with / or //"),
        ("div", "does not begin with / or //"),
        ("/div", "begins at the root with something else than html"),
        ("//div[@class=", "is no XPath (unexpected end of source)"),
        ("", "is no XPath"),
    ],
)
def test_what_no_selector_says_is_refused(path: str, why: str) -> None:
    """With the reason."""
    with pytest.raises(NoSelector) as caught:
        to_css(path)
    assert why in str(caught.value)


@pytest.mark.parametrize(
    "path", ["//div" * 3_000, f"{'(' * 3_000}//p{')' * 3_000}", f"//p[{'not(' * 3_000}a{')' * 3_000}]"]
)
def test_an_expression_without_end_is_refused(path: str) -> None:
    """Rather than taking the interpreter's stack."""
    with pytest.raises(NoSelector):
        to_css(path)


def test_a_line_of_blanks_is_read_in_linear_time() -> None:
    """In the square of its length, these would take an hour."""
    [told] = import_ftr("hill.example.txt", f"body{' ' * 2_000_000}x").told
    assert told.outcome == "not imported"


@given(st.text(alphabet="/[]@()='\" .*|:pdiv12notcontains-") | st.text())
def test_any_text_is_xpath_or_refused(path: str) -> None:
    """Files come from strangers."""
    try:
        assert all(map(read_selector, to_css(path)))
    except NoSelector:
        return


FILE = """\
# The Hill Post
titl: //h1
title: //h1[@class='head']
title: //h1
author: //p[@class='by']
date: //time

body: //div[@id='story']
body: //article
strip: //p[contains(., 'more')]
strip: //aside | //ul/li[1]
strip_id_or_class: 'newsletter'
strip_id_or_class: two words
replace_string(<br/>): <p>
http_header(user-agent): X/5
test_contains: too early
test_url: https://hill.example/1
test_contains: the mayor said: "no"
no directive at all
"""
ACCOUNT = [
    (2, "not imported", "is an unknown directive. Did you mean “title”?"),
    (3, "imported", "rule “title”"),
    (4, "imported", "rule “title-2”"),
    (5, "imported", "rule “author”"),
    (6, "not imported", "no label is a date"),
    (8, "imported", "rule “outside-body”"),
    (9, "imported", "rule “outside-body-2”"),
    (10, "not imported", "looks at the text of elements"),
    (11, "imported", "rule “strip”, css = aside, ul > li:nth-of-type(1)"),
    (12, "imported", "rule “strip-2”, css = .newsletter, #newsletter"),
    (13, "not imported", "is not one word"),
    (14, "not imported", "changes the markup"),
    (15, "not imported", "says how pages are fetched"),
    (16, "not imported", "stands before any test_url"),
    (17, "noted", "an address to test with"),
    (18, "noted", "a snippet"),
    (19, "not imported", "is no directive; one is written “name: value”"),
]


def test_every_line_is_accounted_for() -> None:
    """Comments and blank lines apart."""
    told = import_ftr("hill.example.txt", FILE).told
    assert [(one.line, one.outcome) for one in told] == [(line, outcome) for line, outcome, _ in ACCOUNT]
    assert all(one.why.startswith(why) for one, (_, _, why) in zip(told, ACCOUNT, strict=True))


PROSE = "The old bridge was closed by the flood of the river on Monday, the mayor of the valley said."
STORY = f"<h1 class=head>Old bridge closed</h1><p class=by>Ada Example</p><p>{PROSE}<aside>Read this too</aside>"
PAGE = "<!doctype html><h1>The Hill Post</h1><p>{outside}</p>{story}<div class=newsletter><p>{outside} Now.</p></div>"
OUTSIDE = "Whoever reads this far has read it all, and may as well write to the paper, as others do."


@pytest.mark.parametrize(
    ("story", "title"),
    [
        (f"<div id=story>{STORY}</div>", "Old bridge closed"),
        (f"<article>{STORY}</article>", "Old bridge closed"),
        (f"<article>{STORY.replace(' class=head', '')}</article>", "The Hill Post"),
    ],
)
def test_an_imported_site_cleans(tmp_path: Path, story: str, title: str) -> None:
    """A further body and title are for pages on which the first finds nothing."""
    (tmp_path / "site.toml").write_text(write_site(import_ftr("hill.example.txt", FILE)), encoding="utf-8")
    cleaner = Cleaner(plugin_folders=[tmp_path], bundled=False, installed=False)
    result = cleaner.clean(PAGE.format(outside=OUTSIDE, story=story), url="https://www.hill.example/1")
    assert (result.text, result.title, result.byline) == (f"{PROSE}\n", title, "Ada Example")
    assert not [flag for flag in result.flags if "plugin" in flag]


def test_a_page_of_neither_body_is_left_to_generic_cleaning(tmp_path: Path) -> None:
    """A redesign empties no page."""
    (tmp_path / "site.toml").write_text(write_site(import_ftr("hill.example.txt", FILE)), encoding="utf-8")
    cleaner = Cleaner(plugin_folders=[tmp_path], bundled=False, installed=False)
    page = PAGE.format(outside=OUTSIDE, story=f"<main><p>{PROSE}</main>")
    assert PROSE in cleaner.clean(page, url="https://hill.example/1").text


def test_what_cannot_be_imported_takes_those_behind_it_along() -> None:
    """A body for pages on which another finds nothing would be wrong on those on which it does."""
    told = import_ftr("hill.example.txt", "body: (//div)[1]\nbody: //article\nstrip: //i\n").told
    assert [one.outcome for one in told] == ["not imported", "not imported", "imported"]
    assert "one of them is not imported" in told[1].why


@pytest.mark.parametrize(
    ("file", "site", "host"),
    [
        ("hill.example.txt", "hill-example", "hill.example"),
        ("www.hill.example.txt", "hill-example", "hill.example"),
        (".hill.example.txt", "hill-example-subdomains", "hill.example"),
        ("Hill.Example.TXT", "hill-example", "hill.example"),
    ],
)
def test_the_name_of_a_file_is_its_host(tmp_path: Path, file: str, site: str, host: str) -> None:
    """With www, or a full stop for sub-domains."""
    path = tmp_path / "site.toml"
    path.write_text(write_site(import_ftr(file, FILE)), encoding="utf-8")
    loaded = load_site(path)
    assert (loaded.name, loaded.hosts) == (site, (host,))


@pytest.mark.parametrize("file", ["LICENSE.txt", "hill.example", "a b.example.txt", ".txt"])
def test_a_file_that_is_named_for_no_host_is_refused(file: str) -> None:
    """A licence may lie in the folder."""
    with pytest.raises(BadFtrFile, match="is no name of a site file"):
        import_ftr(file, FILE)


@given(
    st.lists(st.tuples(st.sampled_from(["title", "body", "strip", "strip_id_or_class", "x"]), st.text()), max_size=5)
)
def test_what_is_imported_loads(tmp_path_factory: pytest.TempPathFactory, lines: list[tuple[str, str]]) -> None:
    """Whatever stands in the file."""
    text = "\n".join(f"{name}: {value}" for name, value in [*lines, ("strip", "//i")])
    imported = import_ftr("hill.example.txt", text)
    path = tmp_path_factory.getbasetemp() / "site.toml"
    path.write_text(write_site(imported), encoding="utf-8", errors="replace")
    assert len(load_site(path).rules) == len(imported.rules) >= 1


def test_the_command_writes_a_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And its notes; what is there is not overwritten, and a file that is none does not stop the others."""
    monkeypatch.chdir(tmp_path)
    Path("config").mkdir()
    Path("config/hill.example.txt").write_text(FILE, encoding="utf-8")
    Path("config/LICENSE.txt").write_text("All rights", encoding="utf-8")
    assert main(["import-ftr", "config/hill.example.txt"]) == 0
    assert "config/hill.example.txt:2: not imported: titl: //h1: is an unknown" in capsys.readouterr().out
    assert main(["import-ftr", "config", "-o", "sites"]) == 1
    out, err = capsys.readouterr()
    assert "1 file: 7 imported, 2 noted, 8 not imported\n1 case without a page." in out
    assert err == "scrubber: LICENSE.txt: is no name of a site file. It is the host's: paper.example.txt\n"
    assert [site.name for site in Cleaner(plugin_folders=["sites"], bundled=False, installed=False).plugins.sites]
    assert sorted(path.name for path in Path("sites/hill-example").iterdir()) == [
        "cases-wanted.toml",
        "import.md",
        "site.toml",
    ]
    assert main(["import-ftr", "config/hill.example.txt", "-o", "sites"]) == 1
    assert "sites/hill-example: is there already, and is not overwritten" in capsys.readouterr().err
    assert main(["import-ftr"]) == 2


TESTED = """\
title: //h1[@class='head']
author: //p[@class='by']
body: //div[@id='story']
test_url: http://www.hill.example/bridge/
test_contains: the mayor  of the valley
test_url: https://hill.example/museum
test_contains: opens again in spring
test_contains: 'words that "nobody" wrote'
test_url: https://hill.example/gone
test_contains: who knows
"""
MUSEUM = "The museum opens again in spring, after two years of work on its roof, its keeper said on Tuesday."


def record(url: str, prose: str) -> str:
    """Return a page of the tested site as a line of JSON."""
    page = PAGE.format(outside=OUTSIDE, story=f"<div id=story>{STORY.replace(PROSE, prose)}</div>")
    return json.dumps({"url": url, "html": page, "date": "2021-05-12"}) + "\n"


def warc(url: str, prose: str) -> bytes:
    """Return a page of the tested site as a record of a WARC file."""
    body = json.loads(record(url, prose))["html"].encode()
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2021-06-01T10:00:00Z\r\n"
    return f"{head}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def test_a_page_that_is_tested_becomes_a_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What lacks its page is asked for, and filled in by the command that is told; snippets that fail are known to."""
    monkeypatch.chdir(tmp_path)
    Path("config").mkdir()
    Path("config/hill.example.txt").write_text(TESTED, encoding="utf-8")
    assert main(["import-ftr", "config", "-o", "sites"]) == 0
    again = "import-ftr config -o sites --pages PAGES"
    assert f"3 cases without a page. Once you have some: scrubber {again}\n" in capsys.readouterr().out
    lines = [record("https://hill.example/bridge", PROSE), record("https://hill.example/other", PROSE)]
    Path("pages.jsonl").write_text("".join(lines), encoding="utf-8")
    assert main(again.replace("PAGES", "pages.jsonl").split()) == 0
    assert (
        "sites/hill-example/cases/2021-05/test-1: made of http://www.hill.example/bridge/\n" in capsys.readouterr().out
    )
    Path("pages.warc").write_bytes(
        warc("https://hill.example/x", PROSE) + warc("https://hill.example/museum#top", MUSEUM)
    )
    assert main(again.replace("PAGES", "pages.warc").split()) == 0
    out = capsys.readouterr().out
    assert "2021-06/test-2: made of https://hill.example/museum; known to fail: its text lacks “'words" in out
    assert out.endswith(f"1 case without a page. Once you have some: scrubber {again}\n")
    assert [(one.name, one.must) for one in read_wanted(Path("sites/hill-example"))] == [("test-3", ("who knows",))]

    cases = [load_case(folder) for folder in find_cases(Path("sites/hill-example/cases"))]
    assert [(case.provenance, case.url, case.must) for case in cases] == [
        ("recorded", "https://hill.example/bridge", ("the mayor of the valley",)),
        ("recorded", "https://hill.example/museum#top", ("opens again in spring", "'words that \"nobody\" wrote'")),
    ]
    assert [case.expected for case in cases] == [f"{PROSE}\n", f"{MUSEUM}\n"]
    assert main(["check", "sites"]) == 0
    assert "1 known to fail, 0 failed" in capsys.readouterr().out


def test_pages_are_taken_at_the_first_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then nothing is left to ask for, and no file does."""
    monkeypatch.chdir(tmp_path)
    Path("hill.example.txt").write_text("".join(TESTED.splitlines(keepends=True)[:5]), encoding="utf-8")
    Path("pages.jsonl").write_text(record("https://hill.example/bridge?", PROSE), encoding="utf-8")
    assert main(["import-ftr", "hill.example.txt", "--pages", "pages.jsonl"]) == 2
    assert main(["import-ftr", "hill.example.txt", "-o", "sites", "--pages", "pages.jsonl"]) == 0
    home = Path("sites/hill-example")
    assert sorted(path.name for path in home.iterdir()) == ["cases", "import.md", "site.toml"]


def test_pages_that_cannot_be_read_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The site is written all the same, and so are the other cases."""
    monkeypatch.chdir(tmp_path)
    Path("hill.example.txt").write_text(TESTED, encoding="utf-8")
    Path("pages.jsonl").write_text("{\n" + record("https://hill.example/bridge", PROSE), encoding="utf-8")
    assert main(["import-ftr", "hill.example.txt", "-o", "sites", "--pages", "pages.jsonl"]) == 1
    out, err = capsys.readouterr()
    assert "test-1: made of" in out
    assert "pages.jsonl, line 1: is no JSON" in err


@pytest.mark.parametrize(
    "text",
    [
        "[[case]]\nname = 'a'",
        "case = 1",
        "[[case]]\nname='../a'\nurl='b'",
        "[[case]]\nname='a'\nurl=1",
        "x",
        "case = [1]",
    ],
)
def test_a_file_of_wanted_cases_that_is_damaged_is_refused(tmp_path: Path, text: str) -> None:
    """With its name."""
    (tmp_path / "cases-wanted.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CaseError, match=r"cases-wanted\.toml: "):
        read_wanted(tmp_path)


@given(st.lists(st.tuples(st.text(), st.lists(st.text()))))
def test_what_is_wanted_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, tests: list[tuple[str, list[str]]]
) -> None:
    """Whatever the addresses and snippets."""
    home = tmp_path_factory.getbasetemp()
    wanted = wanted_cases((f"https://hill.example/{url}", snippets) for url, snippets in tests)
    write_wanted(home, wanted, "scrubber import-ftr")
    assert read_wanted(home) == wanted


def test_the_evaluator_is_not_imported_by_anything_else() -> None:
    """Cleaning does without."""
    code = "import sys, scrubber, scrubber.cli.check; scrubber.clean('a'); print('elementpath' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
