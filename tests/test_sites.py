"""Sites: which pages are theirs, what their rules match, and that no rule file makes cleaning slow."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scrubber import Cleaner, Label, Result, Site
from scrubber.document import Document
from scrubber.errors import PluginError
from scrubber.repair import RepairOptions
from scrubber.segment.text import segment_text
from scrubber.sites import RuleSite, SiteIndex, load_site
from scrubber.sites.matching import host_of
from scrubber.sites.rules import Rule, glob

ROOT = Path(__file__).parents[1]
SEED_SITES = {
    "000": "israelnationalnews",
    "001": "rappler",
    "002": "arabtoday",
    "003": "irishtimes",
    "004": "newzimbabwe",
}
"""The first figures of a seed's name, and the site that it is from."""

PROMPT = 2.0
"""Seconds of processor time for what takes a fraction of one, and takes hours where it is not linear."""


def document_of(text: str, url: str | None = None) -> Document:
    """Return a text as sites see it."""
    return segment_text(text, RepairOptions(), url=url)[0]


class SiteWriter:
    """Writes rules under the head of a site file."""

    def __init__(self, path: Path) -> None:
        """Remember where to write."""
        self.path = path

    def __call__(self, rules: str, head: str = 'signatures = ["A page of the valley"]') -> RuleSite:
        """Return the site with these rules."""
        self.path.write_text(f'site = "valley"\n{head}\n{rules}', encoding="utf-8")
        return load_site(self.path)

    def clean(self, rules: str, page: str) -> Result:
        """Clean a page, which gets a line that makes it the site's, with these rules."""
        self(rules)
        cleaner = Cleaner(plugin_folders=[self.path.parent], bundled=False, installed=False)
        return cleaner.clean(f"A page of the valley\n{page}")


@pytest.fixture
def write_site(tmp_path: Path) -> SiteWriter:
    """Return what writes a site file and reads it again."""
    return SiteWriter(tmp_path / "site.toml")


def matched(site: Site, text: str) -> list[str]:
    """Return the lines that a site's rules match, in the order of its evidence."""
    document = document_of(text)
    return [document.texts[evidence.line] for evidence in site.find(document)]


LINES = """
Name *
Name of the game
Naming
Flood
14 May 2021
Menu
Home
Flood closes bridge
End of menu
Last line
"""


@pytest.mark.parametrize(
    ("rule", "lines"),
    [
        ('line = "Flood"', ["Flood"]),
        ('line = "flood"', []),
        ('line = "Name *"', ["Name *", "Name of the game"]),
        ('line = "*me*"', ["Name *", "Name of the game", "Home", "End of menu"]),
        ('line = "*bridge"', ["Flood closes bridge"]),
        ('line = "F*d*e"', ["Flood closes bridge"]),
        ("match = '^\\d+ \\w+ \\d{4}$'", ["14 May 2021"]),
        ("match = 'lo'", ["Flood", "Flood closes bridge"]),
        ("match = '(?i)^flood$'", ["Flood"]),
        ('line = "14 May*"\nalso = 2', ["14 May 2021", "Menu", "Home"]),
        ('line = "Last line"\nalso = 20', ["Last line"]),
        ('match = "^(Menu|Home)$"\nalso = 1', ["Menu", "Home", "Flood closes bridge"]),
        ('from = "Menu"\nuntil = "End*"', ["Menu", "Home", "Flood closes bridge", "End of menu"]),
        ('from = "Flood*"\nuntil = "Flood*"', ["Flood", "Flood closes bridge"]),
        ('from = "Menu"\nuntil = "Never"', []),
        ('from = "Never"\nuntil = "Menu"', []),
        ('from = "Last*"\nuntil = "Name*"', []),
    ],
)
def test_a_rule_matches_these_lines(write_site: SiteWriter, rule: str, lines: list[str]) -> None:
    """Whole lines, expressions, blocks and the lines below; each line once, in the order of the page."""
    assert matched(write_site(f'[[drop]]\nrule = "it"\n{rule}\n'), LINES) == lines


def test_blocks_are_found_again_and_again(write_site: SiteWriter) -> None:
    """Each block ends at its first end; one that is never closed is none."""
    site = write_site('[[drop]]\nrule = "it"\nfrom = "<"\nuntil = ">"\n')
    assert matched(site, "<\na\n>\nb\n<\nc\n>\n>\n<\nd\n") == ["<", "a", ">", "<", "c", ">"]


def test_a_repaired_line_is_what_rules_see(write_site: SiteWriter) -> None:
    """Rules are written for text as it reads, not for the damage of one scrape."""
    site = write_site('[[drop]]\nrule = "it"\nline = "Café  of the valley"\n')
    assert matched(site, "CafÃ©  of the valley\n") == matched(site, "Café  of the valley\n")


def test_an_expression_meets_characters_that_are_none(write_site: SiteWriter) -> None:
    """A lone surrogate is no text, becomes the sign for that, and is no reason to fail."""
    site = write_site("[[drop]]\nrule = 'it'\nmatch = '^b.d$'\n")
    assert matched(site, "b\ud800d\nbad\nbäd\n") == ["b\ufffdd", "bad", "bäd"]


def test_a_rule_names_itself_and_its_site(write_site: SiteWriter) -> None:
    """The reason is a clause that a user can read, the rule's name leads to the file."""
    result = write_site.clean('[[drop]]\nrule = "menu"\nline = "Home"\n', "Home\n")
    said = next(line.evidence[0] for line in result.lines if line.text == "Home")
    assert said.rule == "valley/menu"
    assert said.reason == "the rule “menu” of valley takes it out"
    assert result.sites == (("valley", "it shows “a page of the valley”"),)


def labels(result: Result) -> dict[str, str]:
    """Return the label of each line."""
    return {line.text: line.label for line in result.lines if line.text.strip()}


ARTICLE = "The old bridge was closed by the flood of the river on Monday, the mayor said."


def test_keep_beats_drop_wherever_it_stands(write_site: SiteWriter) -> None:
    """A line that one rule keeps and another drops is kept, with the label of the keep."""
    rules = '[[drop]]\nrule = "all"\nline = "*"\n[[keep]]\nrule = "quote"\nline = "“*”"\nlabel = "quote"\n'
    result = write_site.clean(rules, f"“We sail.”\n{ARTICLE}\n")
    assert result.text == "“We sail.”\n"
    assert labels(result)["“We sail.”"] == "quote"
    assert labels(result)[ARTICLE] == "non_content"


def test_the_first_rule_names_the_line(write_site: SiteWriter) -> None:
    """Where two rules drop a line, the label of the first in the file holds."""
    first = '[[drop]]\nrule = "one"\nline = "*"\nlabel = "source"\n'
    second = '[[drop]]\nrule = "two"\nline = "*"\nlabel = "byline"\n'
    assert labels(write_site.clean(first + second, ARTICLE))[ARTICLE] == "source"
    assert labels(write_site.clean(second + first, ARTICLE))[ARTICLE] == "byline"


def test_a_site_outranks_every_detector(write_site: SiteWriter) -> None:
    """What detectors would drop for certain stays where a site keeps it, and the other way about."""
    form = "Name *\nE-mail *\nComment *\n"
    kept = write_site.clean('[[keep]]\nrule = "form"\nmatch = "^(Name|E-mail|Comment)"\n', f"{ARTICLE}\n{form}")
    assert kept.text.split("\n\n")[-3:] == ["Name *", "E-mail *", "Comment *\n"]
    dropped = write_site.clean('[[drop]]\nrule = "all"\nline = "The old*"\n', ARTICLE)
    assert dropped.text == "A page of the valley\n"


def test_labels_default_to_the_plainest(write_site: SiteWriter) -> None:
    """A rule without a label keeps a paragraph, or drops what is no content."""
    rules = '[[keep]]\nrule = "a"\nline = "Home"\n[[drop]]\nrule = "b"\nline = "The old*"\n'
    found = labels(write_site.clean(rules, f"Home\n{ARTICLE}\n"))
    assert found["Home"] == "paragraph"
    assert found[ARTICLE] == "non_content"


def names(sites: list[Site], text: str = "", url: str | None = None) -> list[str]:
    """Return the names of the sites that a page is matched to."""
    return [match.site.name for match in SiteIndex(sites).match(document_of(text, url))]


VALLEY = RuleSite(
    "valley", [], hosts=["Valley.example"], fingerprints=["Valley News", "All that fits"], signatures=["V1"]
)
RIVER = RuleSite("river", [], hosts=["river.example", "news.valley.example"], fingerprints=["River", "Water"])


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://valley.example/1", ["valley"]),
        ("https://www.valley.example/1", ["valley"]),
        ("https://VALLEY.EXAMPLE./1", ["valley"]),
        ("http://me:secret@valley.example:8080/1?x=//river.example", ["valley"]),
        ("valley.example/1", ["valley"]),
        ("//valley.example/1", ["valley"]),
        ("https://news.valley.example/1", ["valley", "river"]),
        ("https://a.b.news.valley.example/1", ["valley", "river"]),
        ("https://notvalley.example/1", []),
        ("https://valley.example.org/1", []),
        ("https://example/1", []),
        ("https://other.example/valley.example", []),
    ],
)
def test_a_known_address_decides_alone(url: str, expected: list[str]) -> None:
    """Sub-domains belong to a host; what the page shows does not count where its host is known."""
    page = "V1\nValley News\nAll that fits\nRiver\nWater\n"
    assert names([VALLEY, RIVER], page, url) == expected


@pytest.mark.parametrize("url", [None, "", "file:///pages/page.txt", "/pages/page.txt", "https://[bad/1"])
def test_a_page_without_a_host_is_known_by_its_lines(url: str | None) -> None:
    """A path on a disk says nothing of the site, so its lines are looked at."""
    assert names([VALLEY, RIVER], "V1\n", url) == ["valley"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Valley News\nAll that fits\n", ["valley"]),
        ("» VALLEY NEWS\n\nall that fits.\n", ["valley"]),
        ("Valley News\n", []),
        ("Valley News\nValley News\nvalley news!\n", []),
        ("Valley News and all that fits\n", []),
        ("v1.\n", ["valley"]),
        ("River\nWater\nV1\n", ["valley", "river"]),
        ("River\nValley News\n", []),
        ("***\n---\n", []),
    ],
)
def test_two_fingerprints_or_one_signature_make_a_match(text: str, expected: list[str]) -> None:
    """Lines are compared whole, without case and outer punctuation; the same one twice is one."""
    assert names([VALLEY, RIVER], text) == expected


def test_fingerprints_that_read_alike_are_one() -> None:
    """Two ways to write one line are no proof, and one line may be fingerprint and signature."""
    alike = RuleSite("alike", [], fingerprints=["Valley News", "valley  news »"])
    both = RuleSite("both", [], fingerprints=["Valley News"], signatures=["Valley News"])
    assert names([alike], "Valley News\n") == []
    assert names([both], "Valley News\n") == ["both"]


def test_the_reason_of_a_match_is_given() -> None:
    """The host as the site knows it, or the lines that were seen."""
    sites = SiteIndex([VALLEY])
    assert sites.match(document_of("", "https://www.valley.example"))[0].reason == "its URL is of valley.example"
    assert (
        sites.match(document_of("All that fits\nValley News"))[0].reason == "it shows “all that fits” and “valley news”"
    )


def test_the_nearest_host_is_the_reason() -> None:
    """A site that names a domain and one in it is matched once."""
    site = RuleSite("both", [], hosts=["valley.example", "news.valley.example"])
    matches = SiteIndex([site]).match(document_of("", "https://www.news.valley.example/1"))
    assert [match.reason for match in matches] == ["its URL is of news.valley.example"]


@given(st.text())
@example("http://[")
@example("//")
@example("http://a\ud800b/")
def test_a_host_is_found_or_not_in_any_text(url: str) -> None:
    """An address comes from outside: it may be anything."""
    host = host_of(url)
    assert host == host.rstrip(".")
    assert "/" not in host


def slow_glob(pattern: str, text: str) -> bool:
    """Tell what `glob` tells, by the definition: which beginnings of the text can the pattern read."""
    reached = {0}
    for sign in pattern:
        if sign == "*":
            reached = set(range(min(reached, default=len(text) + 1), len(text) + 1))
        else:
            reached = {place + 1 for place in reached if text[place : place + 1] == sign}
    return len(text) in reached


@given(pattern=st.text("ab*", max_size=9), text=st.text("ab*", max_size=12))
@example(pattern="a*a", text="a")
@example(pattern="ab*ba", text="aba")
@example(pattern="*", text="")
@example(pattern="", text="")
def test_glob_is_what_its_definition_says(pattern: str, text: str) -> None:
    """Patterns that overlap in the text, stars in a row, empty ends."""
    assert glob(pattern, text) == slow_glob(pattern, text)


@pytest.mark.parametrize("expression", ["(a+)+$", "(a|a)*b$", "(.*)*x$", "^(([a-z])+.)+[A-Z]([a-z])+$"])
def test_no_expression_explodes(expression: str) -> None:
    """RE2 reads a line once, where a backtracking engine would not come to an end."""
    rule = Rule("bomb", Label.NON_CONTENT, match=expression)
    started = time.process_time()
    assert list(rule.lines(document_of("a" * 50_000 + "!"))) == []
    assert time.process_time() - started < PROMPT


def test_no_pattern_explodes() -> None:
    """Many stars over a line that almost matches."""
    started = time.process_time()
    assert not glob("*a" * 500 + "*b", "a" * 50_000)
    assert time.process_time() - started < PROMPT


def test_many_blocks_that_never_close_are_read_once() -> None:
    """A beginning on every line does not make a block of every rest."""
    rule = Rule("open", Label.NON_CONTENT, first="<*", last=">")
    started = time.process_time()
    assert list(rule.lines(document_of("< a b\n" * 50_000))) == []
    assert time.process_time() - started < PROMPT


def test_ten_thousand_rules_are_loaded_and_asked(write_site: SiteWriter) -> None:
    """The most rules that a site may have, on a page of a hundred lines."""
    started = time.process_time()
    site = write_site("".join(f'[[drop]]\nrule = "r{n}"\nline = "Line {n} *"\n' for n in range(10_000)))
    assert len(matched(site, "".join(f"Line {n} of the page\n" for n in range(100)))) == 100
    assert time.process_time() - started < PROMPT


def test_a_thousand_sites_cost_a_page_nothing() -> None:
    """Matching looks lines and hosts up, whatever the number of sites."""
    sites: list[Site] = [
        RuleSite(f"s{n}", [], hosts=[f"s{n}.example"], fingerprints=[f"Paper {n}", f"News of {n}"]) for n in range(1000)
    ]
    index = SiteIndex(sites)
    page = document_of("Paper 7\nNews of 7\nPaper 8\n")
    known = document_of("", "https://www.s9.example/")
    started = time.process_time()
    for _ in range(1000):
        assert [match.site.name for match in index.match(page)] == ["s7"]
        assert [match.site.name for match in index.match(known)] == ["s9"]
    assert time.process_time() - started < PROMPT


def test_a_folder_is_no_site_file(tmp_path: Path) -> None:
    """`load_site` given a folder says so, as for every file that can't be read."""
    with pytest.raises(PluginError, match="can't be read"):
        load_site(tmp_path)


@cache
def cleaned_seed(number: str) -> Result:
    """Clean a seed with the bundled sites, without its address."""
    (path,) = ROOT.glob(f"seeds/{number}_*.txt")
    return Cleaner(installed=False).clean(path.read_bytes())


@pytest.mark.parametrize(("number", "site"), SEED_SITES.items())
def test_a_seed_is_known_without_its_address(number: str, site: str) -> None:
    """By its lines it is its own site's, and no other's."""
    assert [name for name, _ in cleaned_seed(number).sites] == [site]


@pytest.mark.parametrize("path", sorted(ROOT.glob("plugins/*/site.toml")), ids=lambda path: path.parent.name)
def test_a_bundled_site_has_a_host_and_the_name_of_its_folder(path: Path) -> None:
    """One name everywhere, and an address by which its pages are known."""
    site = load_site(path)
    assert site.name == path.parent.name
    (host, *_) = site.hosts
    assert names([site], "", f"https://www.{host}/1") == [site.name]
