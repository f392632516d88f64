"""`scrubber check`: every case, a report as pytest gives it, and exit codes that a script can rely on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from scrubber.cli import main
from scrubber.testing import CASE_LAWS

ROOT = Path(__file__).parents[1]
ARTICLE = "The bridge was closed by the flood on Monday, the mayor of the town said.\n"
PAGE = f"Home\n\n{ARTICLE}\nShare on Facebook\n"
META = 'format = 1\nsource = "composed"\ndate = 2021-05-12\nprovenance = "recorded"\n'
SITE = 'site = "valley"\nsignatures = ["Share on Facebook"]\n[[drop]]\nrule = "bridge"\nline = "The bridge*"\n'
ASPECTS = 1 + len(CASE_LAWS)


@dataclass(frozen=True)
class Outcome:
    """What a call printed, and its exit code."""

    code: int
    out: str
    err: str


Check = Callable[..., Outcome]


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Check:
    """Run the command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Outcome:
        code = main(["check", *map(str, arguments)])
        printed = capsys.readouterr()
        return Outcome(code, printed.out, printed.err)

    return run


def write_case(folder: str, expected: str | None = ARTICLE, meta: str = META, page: str = PAGE) -> Path:
    """Write a case under the current folder; without `expected` it is not complete."""
    home = Path(folder)
    home.mkdir(parents=True)
    for name, text in (("input.txt", page), ("expected.txt", expected), ("meta.toml", meta)):
        if text is not None:
            (home / name).write_text(text, encoding="utf-8")
    return home


def test_cases_that_are_right_are_counted(check: Check) -> None:
    """Nothing else is printed."""
    write_case("cases/a")
    write_case("cases/group/b", meta=META + 'must = ["mayor"]\n')
    assert check("cases") == Outcome(
        0, f"{2 * ASPECTS + 1} aspects of 2 cases: {2 * ASPECTS + 1} right, 0 failed\n", ""
    )
    assert check("cases/a", "cases/a").out == f"{ASPECTS} aspects of 1 case: {ASPECTS} right, 0 failed\n"


def test_a_failure_names_case_aspect_line_and_rule(check: Check) -> None:
    """As under pytest, and the other cases are checked too."""
    write_case("cases/a", expected="Share on Facebook\n")
    write_case("cases/b")
    outcome = check("cases")
    assert outcome.code == 1
    assert outcome.err == ""
    assert outcome.out.startswith("failed: cases/a: text\n  the text differs:\n    - “Share on Facebook”\n")
    assert "dropped as navigation (share-prompts" in outcome.out
    assert outcome.out.endswith(f"{2 * ASPECTS} aspects of 2 cases: {2 * ASPECTS - 1} right, 1 failed\n")


def test_nothing_of_a_page_moves_the_cursor(check: Check) -> None:
    """Control characters of an expectation show as escapes."""
    write_case("cases/a", expected="\x1b[2J\n")
    outcome = check("cases")
    assert outcome.code == 1
    assert "\x1b" not in outcome.out


def test_a_known_failure_is_told_and_strict(check: Check) -> None:
    """It may fail, and must."""
    write_case("cases/fails", expected="x\n", meta=META + '[xfail]\ntext = "planted"\n')
    outcome = check("cases")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("known failure: cases/fails: text\n  planted\n")
    assert outcome.out.endswith(f"{ASPECTS - 1} right, 1 known to fail, 0 failed\n")
    write_case("cases/holds", meta=META + 'xfail = "planted"\n')
    outcome = check("cases")
    assert outcome.code == 1
    assert "failed: cases/holds: *\n  holds, though it is known to fail: planted." in outcome.out


def test_an_error_that_was_not_expected_is_a_failure(check: Check) -> None:
    """A page that can't be cleaned is named with its error, and one that must not be is right."""
    write_case("cases/pdf", page="%PDF-1.7\n")
    outcome = check("cases")
    assert outcome.code == 1
    assert "failed: cases/pdf: text\n  BinaryInput: " in outcome.out
    write_case("refused/pdf", expected=None, meta=META + 'raises = "BinaryInput"\n', page="%PDF-1.7\n")
    assert check("refused") == Outcome(0, "1 aspect of 1 case: 1 right, 0 failed\n", "")


@pytest.mark.parametrize(
    ("expected", "meta", "problem"),
    [
        (None, META, "cases/a-broken: lacks expected.txt. A case needs it."),
        (ARTICLE, META + "musst = []\n", "unknown key “musst”. Did you mean “must”?"),
        (ARTICLE, META + '[xfail]\ntxt = "planted"\n', "xfail names “txt”, which is no aspect of the case."),
    ],
)
def test_a_case_that_is_not_complete_is_an_error(check: Check, expected: str | None, meta: str, problem: str) -> None:
    """It is named, the others are checked, and the exit code is 2."""
    write_case("cases/a-broken", expected=expected, meta=meta)
    write_case("cases/b")
    outcome = check("cases")
    assert outcome.code == 2
    assert problem in outcome.err
    assert outcome.err.endswith("scrubber: 1 case can't be run; see above\n")
    assert f"{ASPECTS} aspects of 1 case" in outcome.out


def test_a_folder_that_is_no_case_does_not_hide_the_others(check: Check) -> None:
    """One without files, one with files and folders, and one that Python could have named."""
    Path("cases/empty").mkdir(parents=True)
    Path("cases/_draft").mkdir()
    (write_case("cases/mixed") / "inner").mkdir()
    write_case("cases/right")
    outcome = check("cases")
    assert outcome.code == 2
    assert "cases/empty: is empty. Put a case into it, or remove it.\n" in outcome.err
    assert "cases/_draft: is empty." in outcome.err
    assert "cases/mixed/expected.txt: lies beside folders." in outcome.err
    assert f"{ASPECTS} aspects of 1 case: {ASPECTS} right" in outcome.out


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["nowhere"], "nowhere: is no folder. Name a folder of cases."),
        ([], "there is no folder of cases here. Name one: scrubber check PATH"),
        (["--accept"], "--accept needs the cases to write: scrubber check --accept PATH"),
        (
            ["--pin", "--lower", " "],
            "--lower needs a reason, and goes with --pin: scrubber check --pin PATH --lower REASON",
        ),
        (["--lower", "why"], "--lower needs a reason, and goes with --pin: scrubber check --pin PATH --lower REASON"),
        (["--acept", "empty"], "unknown option “--acept”. Did you mean “--accept”?"),
        (["site"], "site: has no cases. Put a page into site/cases/YYYY-MM/input.txt."),
    ],
)
def test_a_call_that_is_wrong_says_so(check: Check, arguments: list[str], problem: str) -> None:
    """With exit code 2, and nothing on standard output."""
    Path("empty").mkdir()
    Path("site").mkdir()
    Path("site/site.toml").write_text(SITE, encoding="utf-8")
    assert check(*arguments) == Outcome(2, "", f"scrubber: {problem}\n")


def test_sites_bring_their_own_cases(check: Check) -> None:
    """A site, a folder of sites, or the cases themselves: each runs with that site."""
    write_case("sites/valley/cases/2021-05", expected="")
    Path("sites/valley/site.toml").write_text(SITE, encoding="utf-8")
    for path in ("sites", "sites/valley", "sites/valley/cases", "sites/valley/cases/2021-05"):
        assert check(path).code == 0, path


def test_a_plugin_that_cannot_be_loaded_is_a_wrong_call(check: Check) -> None:
    """Nothing can be said of its cases."""
    write_case("sites/valley/cases/2021-05")
    Path("sites/valley/site.toml").write_text(SITE.replace("line", "lime"), encoding="utf-8")
    outcome = check("sites")
    assert outcome.code == 2
    assert "site.toml, line 5: unknown key “lime”. Did you mean “line”?" in outcome.err


def test_without_a_path_the_settings_of_pytest_hold(check: Check) -> None:
    """Or the folder `cases`, where there are none."""
    write_case("cases/a")
    assert check().code == 0
    write_case("golden/mine/b", expected="x\n")
    settings = Path("pyproject.toml")
    settings.write_text('[tool.pytest.ini_options]\nscrubber_cases = ["golden/*"]\n', encoding="utf-8")
    assert "failed: golden/mine/b: text" in check().out
    settings.write_text('[tool.pytest.ini_options]\nscrubber_cases = ["nothing*"]\n', encoding="utf-8")
    assert check().err == "scrubber: pyproject.toml: scrubber_cases: no folder matches “nothing*”\n"
    settings.write_text('[tool.pytest]\nscrubber_cases = ["golden/*"]\n', encoding="utf-8")
    assert "failed: golden/mine/b: text" in check().out
    settings.write_text("]", encoding="utf-8")
    assert check().code == 2
    Path("pytest.ini").write_text("[pytest]\nscrubber_cases =\n    golden/*\n", encoding="utf-8")
    assert "failed: golden/mine/b: text" in check().out
    Path("pytest.ini").write_text("scrubber_cases", encoding="utf-8")
    assert check().err.startswith("scrubber: pytest.ini: can't be read: ")


def test_accepting_writes_and_says_what_to_look_at(check: Check) -> None:
    """A new case gets its text and labels, and is right from then on."""
    new = write_case("cases/new", expected=None)
    other = write_case("other/case", expected="stale\n")
    outcome = check("--accept", "cases/new")
    assert (outcome.code, outcome.err) == (0, "")
    assert "accepted: cases/new: wrote expected.txt, labels.tsv, meta.toml; recorded, not checked." in outcome.out
    assert (new / "expected.txt").read_text(encoding="utf-8") == ARTICLE
    assert (other / "expected.txt").read_text(encoding="utf-8") == "stale\n"
    assert "accepted: cases/new: nothing has changed\n" in check("--accept", "cases").out


def test_accepting_refuses_what_breaks_a_demand(check: Check) -> None:
    """Nothing is written then, not even the cases that are fine."""
    good = write_case("cases/a", expected="stale\n")
    write_case("cases/b", expected="stale\n", meta=META + 'must_not = ["mayor"]\n')
    outcome = check("--accept", "cases")
    assert outcome.code == 2
    assert "is not accepted, and nothing was written" in outcome.err
    assert "scrubber:   must not hold “mayor”\n" in outcome.err
    assert (good / "expected.txt").read_text(encoding="utf-8") == "stale\n"


def test_floors_are_pinned_checked_and_lowered_for_a_reason(check: Check) -> None:
    """They rise by themselves; what falls is named, and is written with its reason only."""
    write_case("cases/group/a")
    second = write_case("cases/group/b")
    outcome = check("cases", "--pin")
    assert (outcome.code, outcome.err) == (0, "")
    assert (
        outcome.out
        == f"pinned: cases/floors.toml\n{2 * ASPECTS + 1} aspects of 2 cases: {2 * ASPECTS + 1} right, 0 failed\n"
    )
    assert check("cases", "--pin").out.startswith("pinned already: cases/floors.toml\n")
    (second / "expected.txt").write_text("Share on Facebook\n", encoding="utf-8")
    outcome = check("cases")
    assert outcome.code == 1
    assert (
        "failed: cases/floors.toml\n  cases or scores are not as pinned:\n    group: exact 1.0000, now 0.5000"
        in outcome.out
    )
    outcome = check("cases", "--pin")
    assert outcome.code == 2
    assert outcome.out.startswith("would fall: group: exact 1.0000, now 0.5000\nwould fall: group: kept")
    assert "is not written, as floors would fall (group: exact 1.0000, now 0.5000, and 2 more)" in outcome.err
    outcome = check("cases", "--pin", "--lower", "the page has changed")
    assert (outcome.code, outcome.err) == (1, "")  # the case itself still fails
    assert "failed: cases/floors.toml" not in outcome.out
    assert 'reason = "the page has changed"' in Path("cases/floors.toml").read_text(encoding="utf-8")
    assert "floors.toml" not in check("cases/group/a").out


def test_floors_of_an_inner_folder_are_checked_too(check: Check) -> None:
    """They hold whatever folder above them is named."""
    case = write_case("all/cases/group/a")
    assert check("all/cases", "--pin").code == 0
    (case / "input.txt").write_text(PAGE + "Home\n", encoding="utf-8")
    for folder in ("all", "all/cases"):
        outcome = check(folder)
        assert outcome.code == 1
        assert "failed: all/cases/floors.toml\n" in outcome.out
    assert check("all/cases/group/a").code == 0


def test_floors_that_can_not_be_read_are_a_wrong_call(check: Check) -> None:
    """They are named."""
    write_case("cases/group/a")
    Path("cases/floors.toml").write_text("format = 7\n", encoding="utf-8")
    outcome = check("cases")
    assert outcome.code == 2
    assert "cases/floors.toml: has format 7; this version reads format 1." in outcome.err


def test_help_and_the_page_agree(check: Check) -> None:
    """The help names the option and the exit codes; so does docs/command-line.md."""
    outcome = check("--help")
    assert outcome.code == 0
    assert "--accept" in outcome.out
    assert "Exit codes:" in outcome.out
    assert "\n## check\n" in (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
