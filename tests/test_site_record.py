"""What loaders of site files and of other tools' files say, as it was recorded: every message, with file and line.

`tests/cases/records/site-files.txt` has what is said of each file below, `site-limits.txt` where limits are,
`xpath.txt` what each expression becomes, and `imported-site.txt` a whole import. After a change that is meant:

    python tests/test_site_record.py
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
import records

from scrubber.document import Document
from scrubber.errors import ScrubberError
from scrubber.repair import DEFAULT
from scrubber.segment.html import segment_html
from scrubber.segment.text import segment_text
from scrubber.sites import load_site
from scrubber.sites.ftr import import_ftr, write_notes, write_site
from scrubber.sites.matching import SiteIndex, host_of, is_host
from scrubber.sites.rules import Rule, RuleSite, glob
from scrubber.sites.schema import RULE_KEYS, SITE_KEYS
from scrubber.sites.validity import is_valid, overlaps, period
from scrubber.sites.xpath import to_css

FILES, LIMITS, XPATH, IMPORT = "site-files.txt", "site-limits.txt", "xpath.txt", "imported-site.txt"

OTHERS_WORDS = re.compile(r"(not valid TOML|can't be compiled|is no XPath):? .*?(?=\\. RE2|$)")
"""What other libraries say of a file, which depends on their version."""

HEAD = 'site = "valley"\nhosts = ["valley.example"]\n'
RULE = '[[drop]]\nrule = "one"\nline = "a"\n'

SITE_FILES: dict[str, str | bytes | None] = {
    "no file": None,
    "no UTF-8": HEAD.encode() + b"# caf\xe9\n",
    "no UTF-8 in the first line": b"\xff",
    "nothing": "",
    "no name": 'hosts = ["valley.example"]\n',
    "a blank name": 'site = " "\n',
    "a name that is none": "site = 5\n",
    "an unknown key": HEAD + "\nhostnames = []\n",
    "an unknown key like nothing": HEAD + "zzz = 1\n",
    "an unknown table": HEAD + "[[dorp]]\nrule = 'a'\n",
    "hosts that are a text": 'site = "valley"\nhosts = "valley.example"\n',
    "hosts that are numbers": 'site = "valley"\nhosts = [5]\n',
    "an empty fingerprint": HEAD + '\nfingerprints = ["a", " * "]\n',
    "an address for a host": 'site = "valley"\n\nhosts = ["https://www.valley.example/news"]\n',
    "a pattern for a host": 'site = "valley"\nhosts = ["*.valley.example"]\n',
    "no host at all": 'site = "valley"\nhosts = ["a b"]\n',
    "a period that ends before it begins": HEAD + "valid_from = 2021-03-02\nvalid_until = 2021-03-01\n",
    "a period of a day": HEAD + "valid_from = 2021-03-01\nvalid_until = 2021-03-01\n",
    "a day in quotes": HEAD + 'valid_from = "2021-03-01"\n',
    "a day with a time": HEAD + "valid_from = 2021-03-01T10:00:00\n",
    "rules that are a table": HEAD + "[drop]\nrule = 'a'\n",
    "rules that are texts": HEAD + "drop = ['a']\n",
    "a rule without a name": HEAD + "[[drop]]\nline = 'a'\n",
    "the second rule without a name": HEAD + RULE + "\n[[keep]]\nrule = 'k'\nline = 'b'\n\n[[drop]]\nline = 'c'\n",
    "two rules of one name": HEAD + RULE + "\n[[keep]]\n\nrule = 'one'\nline = 'b'\n",
    "an unknown key of a rule": HEAD + RULE + "lable = 'caption'\n",
    "a label that is none": HEAD + RULE + "label = 'captoin'\n",
    "a label of the other side": HEAD + RULE + "label = 'paragraph'\n",
    "a label that keep has not": HEAD + "[[keep]]\nrule = 'k'\nline = 'a'\nlabel = 'caption'\n",
    "an empty line": HEAD + "[[drop]]\nrule = 'a'\nline = ''\n",
    "nothing to find": HEAD + "[[drop]]\nrule = 'a'\n",
    "two things to find": HEAD + RULE + "match = 'b'\n",
    "two things to find in HTML": HEAD + "[[drop]]\nrule = 'a'\ncss = 'a'\noutside = 'b'\n",
    "a block without an end": HEAD + "[[drop]]\nrule = 'a'\nfrom = 'b'\n",
    "a block without a beginning": HEAD + "[[drop]]\nrule = 'a'\nline = 'b'\nuntil = 'b'\n",
    "a text and HTML": HEAD + RULE + "css = 'a'\n",
    "lines below a block": HEAD + "[[drop]]\nrule = 'a'\nfrom = 'b'\nuntil = 'c'\nalso = 1\n",
    "lines below a selector": HEAD + "[[drop]]\nrule = 'a'\ncss = 'b'\nalso = 1\n",
    "keeping what is outside": HEAD + "[[keep]]\nrule = 'a'\noutside = 'b'\n",
    "a truth for a number": HEAD + RULE + "also = true\n",
    "a selector that is none": HEAD + "[[drop]]\nrule = 'a'\ncss = 'p['\n",
    "another selector that is none": HEAD + "[[drop]]\nrule = 'a'\n'outside' = 'a b >'\n",
    "an expression that is none": HEAD + "[[drop]]\nrule = 'a'\nmatch = '(?=b)'\n",
    "a key in quotes": HEAD + RULE + '"also" = -1\n',
    "no TOML": HEAD + "[[drop]\n",
    "the same key twice": HEAD + HEAD,
    "a number of many digits": HEAD + "a = " + "1" * 5000 + "\n",
    "a mark at the beginning": "\ufeff" + HEAD + RULE,
    "all that there is": HEAD
    + "fingerprints = ['A']\nsignatures = ['B']\nvalid_from = 2021-03-01\n"
    + "[[keep]]\nrule = 'k'\nmatch = '^a$'\nalso = 2\nlabel = 'quote'\nvalid_until = 2024-12-31\n"
    + "[[drop]]\nrule = 'd'\nfrom = 'b'\nuntil = 'c'\ncss = 'd e'\n[[drop]]\nrule = 'o'\noutside = 'f'\n",
}

EXPRESSIONS = """
//div
//div[@id='story']
/html/body/div[2]/p
/body/p
/html
div
p/a
//*
//*[1]
//*[last()]
//p[last()]
//p[position()=3]
//p[position()>3]
//p[2][@class]
//p[@class][2]
//*[@id][2]
(//p)[1]
(//p | //a)[1]
//p | //a//b | //c
(//p | //a)/b
//p/(a | b)
//p[@class='a' and @id='b']
//p[@class='a' or @id='b']
//p[not(@class)]
//p[not(@class='a')]
//p[@class!='a']
//p['a'!=@class]
//p['a'=@class]
//p[(@class)]
//p[@class=@id]
//p[@class='']
//p[@a:b]
//P
//p[A]
//p[contains(@class, 'a')]
//p[contains(concat(' ', @class, ' '), ' a ')]
//p[contains(concat(' ', normalize-space(@class), ' '), ' a ')]
//p[contains(concat(' ', normalize-space(@class), ' '), ' a b ')]
//p[contains(concat(' ', @class, ' '), 'a')]
//p[contains(concat(' ', @class, ' '), ' a')]
//p[contains(concat(@class, ' '), ' a ')]
//p[contains(concat(' ', @rel, ' '), ' a ')]
//p[contains(concat(' ', @class, ' '), ' 1a ')]
//p[contains(concat(' ', normalize-space(), ' '), ' a ')]
//p[contains(text(), 'a')]
//p[contains(., 'a')]
//p[starts-with(@class, 'a')]
//p[starts-with(., 'a')]
//p[ends-with(@class, 'a')]
//p[text()='a']
//p[count(a)=1]
//p[string-length(@id)>3]
//p/text()
//p/@class
//p/..
//p/parent::div
//p/parent::*
//p/a/..
//p[1]/..
//p/ancestor::div
//p/following-sibling::a
//p/following-sibling::a[1]
//p//following-sibling::a
//p/preceding-sibling::a
//p/following::a
//p[a]
//p[a[@id]]
//p[*]
//p[./a]
//p[.//a]
//p[./a/b]
//p[a/b]
//p[//a]
//p[child::a]
//p[descendant::a[@id]]
//p[self::a]
//p[self::a or self::b]
//p[parent::div]
//p[@title='say "so"']
//p[@title="it's"]
//p[@title='back\\slash']
//p/self::a
//comment()
//p[
//p[@class='a'
'a'
1
//p[1.5]
//p[0]
//p/descendant::a
//x:p
//p[@*]
""".strip().split("\n")

FTR = """# a comment
title: //h1[@class='t']
title: //h2
title: //h1//h2/text()
title: //h3
author: //a[@rel='author']
author: (//a)[1]
author: //b
date: //time
body: //div[@id='story']
body: //main
strip: //p[@class='ad'] | //aside
strip: //p[
strip_id_or_class: 'share'
strip_id_or_class: "1st"
strip_id_or_class: two words
strip_id_or_class:
strip_image_src: /ads/
tidy: no
prune: yes
single_page_link: //a
find_string: <b>
replace_string(<i>): <em>
if_page_contains: //video
test_contains: too early
test_url: https://paper.example/1
test_contains: the bridge
test_url: http://paper.example/2
titel: //h1
zzzzz: 1
just words
strip (x): //i
Strip: //u
HTTP_HEADER(user-agent): x
strip: //p[@title='a "quoted" one']
strip: //p[@title="it's # not a comment"]
"""


def said_of(content: str | bytes | None) -> list[str]:
    """Return what the loader makes of a file: its message, or the site and its rules; None is a file that is none."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "site.toml"
        if content is not None:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        try:
            site = load_site(path)
        except ScrubberError as error:
            return [OTHERS_WORDS.sub(r"\1 (…)", str(error).replace(f"{folder}/", ""))]
    facts = {name: value for name, value in vars(site).items() if name != "rules"}
    return [str(facts), *map(str, site.rules)]


def outcome(question: Callable[[], object]) -> str:
    """Return what is answered, or the message of what is refused."""
    try:
        return str(question())
    except ScrubberError as error:
        return "refused: " + OTHERS_WORDS.sub(r"\1 (…)", str(error))


def imported() -> list[str]:
    """Return what becomes of a file of another tool: the site file and the account."""
    made = import_ftr("www.paper.example.txt", FTR)
    rows = [*write_site(made).split("\n"), *write_notes(made).split("\n"), *map(str, made.tests)]
    others = (
        ".paper.example.txt",
        "paper.txt",
        "PAPER.EXAMPLE.TXT",
        "paper.example",
        "-a.example.txt",
        "a_b.example.txt",
    )
    hosts = [f"{name}: {outcome(lambda name=name: vars(import_ftr(name, '')))}" for name in others]
    return [f"| {row}".rstrip() for row in [*rows, *hosts]]


PAGE = "Home\nFlood\nName *\nmenu\nMenu\na\nMenu\nEnd\nLast"
MARKUP = "<ul id=m><li>Home<li class=x>Flood</ul><p>Name <a>b</a></p><div><p class=x>c</p><i>d</i></div>"

RULES = (
    Rule("line", "navigation", line="Menu"),
    Rule("line with the next", "navigation", line="Menu", also=1),
    Rule("line with the next five", "navigation", line="Name *", also=5),
    Rule("lines and the next, each once", "navigation", match="^[Mm]enu$", also=2),
    Rule("expression", "navigation", match="^.o"),
    Rule("block", "navigation", first="Menu", last="End"),
    Rule("block of one line", "navigation", first="Men*", last="*enu"),
    Rule("block without an end", "navigation", first="End", last="Menu"),
    Rule("selector", "navigation", css="li"),
    Rule("selector and line", "navigation", line="Menu", css=".x"),
    Rule("selector of a part", "navigation", css="a"),
    Rule("outside", "navigation", outside="ul"),
    Rule("outside of nothing", "navigation", outside="nav"),
    Rule("nothing", "navigation"),
)


def found() -> list[str]:
    """Return which lines rules find, in text and in HTML."""
    text, page = segment_text(PAGE, DEFAULT)[0], segment_html(MARKUP, DEFAULT).document
    return [f"{rule.name}: text {list(rule.lines(text))}, HTML {list(rule.lines(page))}" for rule in RULES]


GLOBS = ("", "*", "**", "a", "a*", "*a", "a*a", "*a*", "a*b*a", "a**a", "*ab*ba*", "aba")
GLOBBED = ("", "a", "aa", "ab", "aba", "abba", "baab", "abab")


def matched() -> list[str]:
    """Return which texts patterns match."""
    return [f"{pattern!r}: {[text for text in GLOBBED if glob(pattern, text)]}" for pattern in GLOBS]


def hosts() -> list[str]:
    """Return the hosts of addresses."""
    urls = (
        "https://www.Paper.example:8080/a",
        "paper.example/a",
        "file:///a.txt",
        "//a.b.",
        "http://[",
        "",
        "a:b",
        "http://u@h/",
    )
    names = ("paper.example", "*.paper.example", "..", "a", "a.", "a-b.c_d", "a b", "")
    return [*[f"{url!r}: {host_of(url)!r}" for url in urls], *[f"{name!r} a host: {is_host(name)}" for name in names]]


def matches() -> list[str]:
    """Return which sites pages belong to, and why."""
    sites = [
        RuleSite("valley", [], hosts=["Valley.example"], fingerprints=["The Valley", "Since 1890"], signatures=["V1"]),
        RuleSite("news", [], hosts=["news.valley.example", "valley.example"], fingerprints=["Since 1890", "News"]),
        RuleSite("old", [], hosts=["valley.example"], fingerprints=["The Valley", "Old"], valid_until=date(2020, 1, 1)),
    ]
    rows = []
    for url, day, text in (
        ("https://valley.example/", None, "V1"),
        ("https://a.news.valley.example/", date(2020, 1, 1), ""),
        ("https://example/", None, "V1"),
        (None, None, "V1"),
        (None, date(2020, 1, 2), "the valley\nOld\nsince 1890"),
        (None, date(2019, 1, 1), "the valley\nOld\nsince 1890"),
        (None, None, "the valley\nthe valley"),
        (None, None, "Since 1890.\nNews\nThe Valley"),
    ):
        document = segment_text(text, DEFAULT, url=url)[0]
        document.date = day
        names = [f"{match.site.name}, as {match.reason}" for match in SiteIndex(sites).match(document)]
        rows.append(f"{url} {day} {text!r}: {'; '.join(names) or 'none'}")
    return [*rows, f"no sites: {SiteIndex([]).match(Document('a', ['V1'], [(0, 1)]))}"]


DAYS = (None, date(2020, 1, 1), date(2020, 1, 2), date(2020, 1, 3))


def periods() -> list[str]:
    """Return what periods hold on which days, and with which others they overlap."""
    spans = [SimpleNamespace(valid_from=first, valid_until=last) for first in DAYS for last in DAYS]
    spans = [one for one in spans if not (one.valid_from and one.valid_until and one.valid_until < one.valid_from)]
    rows = []
    for one in spans:
        held = [str(day) for day in DAYS if is_valid(one, day)]
        others = "".join("yn"[not overlaps(one, other)] for other in spans)
        rows.append(f"{period(one) or 'always'}: holds on {', '.join(held)}; overlaps {others}")
    return rows


def keys() -> list[str]:
    """Return the keys of site files."""
    return [f"{name}: {key}" for names in (SITE_KEYS, RULE_KEYS) for name, key in names.items()]


SECTIONS: dict[str, Callable[[], list[str]]] = {
    "which lines rules find": found,
    "which texts patterns match": matched,
    "hosts": hosts,
    "which sites pages belong to": matches,
    "periods": periods,
    "keys": keys,
}


def short(text: str) -> str:
    """Return what the loader says of a file, in short."""
    said = said_of(text)[0]
    return "is loaded" if said.startswith("{") else said


def many(count: int, row: str) -> str:
    """Return a site file with so many rules."""
    return HEAD + "".join(f"[[drop]]\nrule = '{number}'\n{row}\n" for number in range(count))


LADDERS: dict[str, tuple[range, Callable[[int], str]]] = {
    "rules of a site": (range(9_999, 10_002), lambda n: short(many(n, "line = 'a'"))),
    "rules of a site, some in a list": (
        range(9_999, 10_002),
        lambda n: short(HEAD + "keep = [" + ", ".join(f"{{rule = 'k{k}', line = 'a'}}" for k in range(n)) + "]\n"),
    ),
    "rules with selectors": (range(999, 1_003), lambda n: short(many(n, "css = 'p'"))),
    "lines taken along": (range(-2, 24), lambda n: short(HEAD + RULE + f"also = {n}\n")),
    "characters of an expression": (
        range(1_998, 2_004),
        lambda n: short(HEAD + f"[[drop]]\nrule = 'a'\nmatch = '{'b' * n}'\n"),
    ),
    "characters of a selector": (range(498, 504), lambda n: short(HEAD + f"[[drop]]\nrule = 'a'\ncss = '{'b' * n}'\n")),
    "full stops of a key": (range(18, 24), lambda n: short(f"{'.'.join('a' * (n + 1))} = 1\n")),
    "full stops on a line": (range(18, 24), lambda n: short(HEAD + f"fingerprints = ['{'.' * n}a']\n")),
    "bytes of a file": (range(4_194_303, 4_194_306), lambda n: short(HEAD + "#" * (n - len(HEAD)))),
    "characters of another tool's file": (
        range(4_194_303, 4_194_306),
        lambda n: outcome(lambda: len(import_ftr("a.example.txt", "#" * n).told)),
    ),
}


def limits_of(name: str) -> list[str]:
    """Return the rows of a ladder's record."""
    numbers, answer = LADDERS[name]
    return list(records.rungs(answer, numbers))


def expressions() -> list[str]:
    """Return what each XPath expression becomes."""
    return [f"{one}: {outcome(lambda one=one: to_css(one))}" for one in EXPRESSIONS]


@pytest.mark.parametrize("name", SITE_FILES)
def test_a_site_file_is_loaded_or_refused_as_it_was_recorded(name: str) -> None:
    records.check(FILES, name, said_of(SITE_FILES[name]))


@pytest.mark.parametrize("name", SECTIONS)
def test_sites_find_and_match_as_it_was_recorded(name: str) -> None:
    records.check(FILES, name, SECTIONS[name]())


@pytest.mark.parametrize("name", LADDERS)
def test_site_files_have_the_limits_that_were_recorded(name: str) -> None:
    records.check(LIMITS, name, limits_of(name))


def test_xpath_becomes_what_was_recorded() -> None:
    records.check(XPATH, "expressions", expressions())


def test_another_tool_s_file_becomes_what_was_recorded() -> None:
    records.check(IMPORT, "files", imported())


def test_nothing_is_recorded_that_is_not_looked_at() -> None:
    assert set(records.recorded(FILES)) == {*SITE_FILES, *SECTIONS}
    assert set(records.recorded(LIMITS)) == set(LADDERS)


if __name__ == "__main__":
    said = {name: said_of(text) for name, text in SITE_FILES.items()}
    records.write(FILES, said | {name: rows() for name, rows in SECTIONS.items()})
    records.write(LIMITS, {name: limits_of(name) for name in LADDERS})
    records.write(XPATH, {"expressions": expressions()})
    records.write(IMPORT, {"files": imported()})
