"""`scrubber check` on sites: better or worse than none, and which of their rules and expectations are worth nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrubber import Cleaner, Label
from scrubber.cli import main
from scrubber.testing import Run, load_case
from scrubber.testing.verdicts import BETTER, SAME, WORSE, SiteVerdict, Wrong, judge_sites
from scrubber.testing.words import words_of

HEAD = 'site = "valley"\nhosts = ["valley.example"]\n'
PROSE = "The old bridge was closed by the flood of the river on Monday, the mayor of the valley said."
ODD = "Whoever reads this far has read it all, and may as well write to an editor, as others do, with his name."
PAGE = f"Share on Facebook\n\n{PROSE}\n\n{ODD}\n"
ODD_WORDS, PROSE_WORDS = len(words_of(ODD)), len(words_of(PROSE))

DROP_ODD = '[[drop]]\nrule = "odd"\nline = "Whoever *"\n'
DROP_PROSE = '[[drop]]\nrule = "prose"\nline = "The old *"\n'
REPEATS = '[[drop]]\nrule = "share"\nline = "Share *"\n'
IDLE = '[[drop]]\nrule = "gone"\nline = "Printed *"\n'
SHADOWED = '[[drop]]\nrule = "again"\nline = "Whoever reads *"\n'


def case(home: Path, name: str = "2021-05", url: str = "https://valley.example/1", **meta: str) -> Path:
    """Write a case of which the page's prose is the article, and return its folder."""
    folder = home / "cases" / name
    folder.mkdir(parents=True)
    keys = {"format": "1", "source": '"made up"', "date": f"{name}-12", "provenance": '"recorded"', "url": f'"{url}"'}
    text = "".join(f"{key} = {value}\n" for key, value in (keys | meta).items())
    for file, content in (("meta.toml", text), ("input.txt", PAGE), ("expected.txt", f"{PROSE}\n")):
        (folder / file).write_text(content, encoding="utf-8")
    return folder


def verdict(tmp_path: Path, rules: str, *cases: Path) -> SiteVerdict:
    """Return the verdict on a site with some rules."""
    (tmp_path / "site.toml").write_text(HEAD + rules, encoding="utf-8")
    cleaner = Cleaner(plugin_folders=[tmp_path], bundled=False, installed=False)
    (found,) = judge_sites([Run(load_case(folder), cleaner) for folder in cases or [case(tmp_path)]])
    return found


@pytest.mark.parametrize(
    ("rules", "said", "own"),
    [
        (DROP_ODD, BETTER, Wrong(0, 0)),
        (IDLE, SAME, Wrong(ODD_WORDS, 0)),
        (DROP_PROSE, WORSE, Wrong(ODD_WORDS, PROSE_WORDS)),
        (DROP_PROSE + DROP_ODD, BETTER, Wrong(0, PROSE_WORDS)),
        ('[[keep]]\nrule = "all"\nline = "*"\n', WORSE, Wrong(ODD_WORDS + 3, 0)),
    ],
)
def test_a_site_is_held_against_none(tmp_path: Path, rules: str, said: str, own: Wrong) -> None:
    """By the words that are wrong, those kept and those lost."""
    found = verdict(tmp_path, rules)
    assert (found.verdict, found.generic, found.own) == (said, Wrong(ODD_WORDS, 0), own)


def test_rules_that_decide_nothing_and_that_repeat_are_named(tmp_path: Path) -> None:
    """One that never fires, one behind another, one for lines that go anyway."""
    found = verdict(tmp_path, DROP_ODD + SHADOWED + IDLE + REPEATS)
    assert found.idle == ["valley/again", "valley/gone"]
    assert found.repeating == ["valley/share"]


def test_a_rule_that_makes_a_field_of_a_line_repeats_nothing(tmp_path: Path) -> None:
    """What generic cleaning drops may be the caption; a kept quote need not be a paragraph."""
    label = f'label = "{Label.CAPTION}"\n'
    assert verdict(tmp_path, REPEATS + label).repeating == []


def test_all_cases_of_a_site_count(tmp_path: Path) -> None:
    """A rule that fires on one is not idle, and words are added up; recorded ones are named."""
    checked = {"provenance": '"checked"', "checked_by": '"a reader"', "checked_on": "2021-06-30"}
    cases = case(tmp_path), case(tmp_path, "2021-06", **checked)
    found = verdict(tmp_path, DROP_ODD + f"valid_until = 2021-05-31\n{IDLE}", *cases)
    assert (found.cases, found.unchecked, found.idle) == (2, ["2021-05"], ["valley/gone"])
    assert (found.generic.kept, found.own.kept) == (2 * ODD_WORDS, ODD_WORDS)


def test_cases_that_expect_no_text_of_a_site_are_left_out(tmp_path: Path) -> None:
    """One that says `sites = false`."""
    folder = case(tmp_path, sites="false")
    assert judge_sites([Run(load_case(folder))]) == []


def check(capsys: pytest.CaptureFixture[str], path: Path) -> tuple[int, str]:
    """Run the command; return its exit code and what it prints."""
    code = main(["check", str(path)])
    return code, capsys.readouterr().out


def test_a_good_site_passes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With what is idle in it, which is no failure."""
    case(tmp_path)
    (tmp_path / "site.toml").write_text(HEAD + DROP_ODD + IDLE + REPEATS, encoding="utf-8")
    code, out = check(capsys, tmp_path)
    assert code == 0
    assert (
        f"site valley: better than generic cleaning on 1 case: {ODD_WORDS} words wrongly kept, with it 0; "
        "0 words wrongly lost, with it 0\n"
        "  decides no line of its cases: valley/gone\n"
        "  only repeats what generic cleaning does: valley/share\n"
        "  was recorded, and nobody has checked it: 2021-05\n"
    ) in out


def test_a_site_that_is_worse_than_none_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also where its case is known to fail."""
    case(tmp_path, xfail='"the rule takes too much"')
    (tmp_path / "site.toml").write_text(HEAD + DROP_PROSE, encoding="utf-8")
    code, out = check(capsys, tmp_path)
    assert code == 1
    assert "0 failed" in out
    assert "site valley: worse than generic cleaning on 1 case" in out


def test_a_site_that_does_not_know_its_cases_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its rules were never asked, so the case proves nothing of them."""
    folder = case(tmp_path, url="https://hill.example/1")
    (folder / "expected.txt").write_text(f"{PROSE}\n\n{ODD}\n", encoding="utf-8")
    (tmp_path / "site.toml").write_text(HEAD + DROP_ODD, encoding="utf-8")
    code, out = check(capsys, tmp_path)
    assert code == 1
    assert "site valley: knows none of its cases\n" in out
    assert "  is not known to be its page (see hosts, fingerprints): 2021-05\n" in out
