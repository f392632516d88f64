"""`scrubber explain --rules`: what became of each rule of a page's sites, and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scrubber.cli import main
from scrubber.report.lines import name_lines

SITE = """
site = "valley"
hosts = ["valley.example"]

[[keep]]
rule = "notices"
line = "† *"

[[keep]]
rule = "names"
match = "Ada"

[[drop]]
rule = "tag-line"
label = "repeated_header"
line = "Printed in *"

[[drop]]
rule = "short"
match = '^.{0,30}$'

[[drop]]
rule = "weather"
from = "The weather*"
until = "Full forecast"

[[drop]]
rule = "old"
line = "Home page"
valid_until = 2020-01-01

[[drop]]
rule = "news"
css = ".latest li"

[[drop]]
rule = "case"
line = "home PAGE"

[[drop]]
rule = "gone"
line = "Nothing of it"
"""
PAGE = """Printed in the valley

The weather in the valley is such that nobody can say anything of it, as it goes.
Home page
† Ada Example
The old bridge was closed by the flood of the river on Monday, the mayor of the valley said.
"""
HTML = f"<!doctype html><ul class=latest><li>One of them</ul>{''.join(f'<p>{line}' for line in PAGE.splitlines())}"


Explain = Callable[..., dict[str, str]]


@pytest.fixture
def explain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Explain:
    """Return what explains the rules of the site's page: a table as a dictionary from rule to outcome."""
    monkeypatch.chdir(tmp_path)
    Path("sites/valley").mkdir(parents=True)
    Path("sites/valley/site.toml").write_text(SITE, encoding="utf-8")

    def run(page: str, *options: str) -> dict[str, str]:
        Path("page.txt").write_text(page, encoding="utf-8")
        call = ["explain", "page.txt", "--rules", "--plugins", "sites", "--url", "valley.example/1", *options]
        assert main(call) == 0
        head, *rows = [row for row in capsys.readouterr().out.splitlines() if not row.startswith("# ")]
        if not rows:
            return {"": head}
        place = head.index("OUTCOME")
        return {row.split()[0]: row[place:] for row in rows}

    return run


def test_each_rule_has_its_outcome(explain: Explain) -> None:
    """Fired, shadowed, lost, never fired, not asked; in the order of the file."""
    beats = "a keep rule beats a drop rule"
    assert explain(PAGE, "--date", "2021-01-01") == {
        "valley/notices": f"fired on line 5; beats valley/short on line 5: {beats}",
        "valley/names": "shadowed on line 5 by valley/notices, which comes first",
        "valley/tag-line": "fired on line 1",
        "valley/short": "fired on line 4; shadowed on line 1 by valley/tag-line, which comes first; "
        f"lost line 5 to valley/notices: {beats}",
        "valley/weather": "never fired: line 3 is its first line, but no line behind it is its last",
        "valley/old": "not asked: it is for pages until 2020-01-01, and this one is of 2021-01-01",
        "valley/news": "not asked: it has a selector alone, and this page is text",
        "valley/case": "never fired: line 4 would match but for its case",
        "valley/gone": "never fired",
    }


def test_the_day_and_the_dom_are_heeded(explain: Explain) -> None:
    """A rule for another time, and one for HTML alone, are asked where they should be."""
    assert explain(PAGE, "--date", "2019-01-01")["valley/old"].startswith("shadowed on line 4 by valley/short")
    assert explain(PAGE)["valley/old"].endswith("until 2020-01-01, and this one has no date that is known")
    found = explain(HTML)
    assert found["valley/news"].startswith("shadowed on line 1 by valley/short")
    assert found["valley/notices"].startswith("fired on line 5")
    gone = explain(HTML.replace("latest", "newest"))
    assert gone["valley/news"] == "never fired: its selector finds no line"


def test_a_site_for_another_time_and_one_that_failed_are_named(explain: Explain) -> None:
    """Of both, no rule was heard."""
    Path("sites/valley/site.toml").write_text(
        SITE.replace("hosts", "valid_until = 2020-01-01\nhosts"), encoding="utf-8"
    )
    late = "not asked: it is for pages until 2020-01-01, and this one is of 2021-01-01"
    assert explain(PAGE, "--date", "2021-01-01") == {"valley/*": late}
    failing = "from scrubber import *\nclass V(Site):\n    name = 'py'\n    hosts = ('valley.example',)\n    {}\n"
    hook = "@hookimpl\ndef register_sites():\n    return [V()]\n"
    Path("sites/py").mkdir()
    Path("sites/py/site.py").write_text(failing.format("def find(self, document): 1 / 0") + hook, encoding="utf-8")
    failed = "failed: ZeroDivisionError; the page was cleaned without the site"
    assert explain(PAGE, "--date", "2021-01-01")["py/*"] == failed


def test_rules_of_a_class_are_known_by_what_they_say(explain: Explain) -> None:
    """Nobody else knows their names."""
    Path("sites/valley/site.toml").unlink()
    find = "def find(self, document):\n        yield Evidence(0, Label.SOURCE, 4.0, 'py/first', 'it is the first')\n"
    text = f"from scrubber import *\nclass V(Site):\n    name = 'py'\n    hosts = ('valley.example',)\n    {find}"
    Path("sites/valley/site.py").write_text(
        f"{text}\n@hookimpl\ndef register_sites():\n    return [V()]\n", encoding="utf-8"
    )
    assert explain(PAGE) == {"py/first": "fired on line 1"}


def test_a_page_of_no_site_says_so(explain: Explain) -> None:
    """Rather than an empty table."""
    assert explain(PAGE, "--url", "https://hill.example/") == {"": "no rule of a site could speak"}


@pytest.mark.parametrize(
    ("numbers", "words"), [([7], "line 7"), ([1, 2], "lines 1-2"), ([9, 3, 4, 5, 3], "lines 3-5, 9")]
)
def test_lines_are_named_in_runs(numbers: list[int], words: str) -> None:
    """Each once, in order."""
    assert name_lines(numbers) == words
