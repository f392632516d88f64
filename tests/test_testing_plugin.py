"""Case folders and the pytest plugin: every mistake in a case is named, and failures can be read."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber import Label
from scrubber.model import Decision
from scrubber.testing import CASE_LAWS, CaseError, CaseFailed, Row, Run, find_cases, load_case
from scrubber.testing.accept import accept
from scrubber.testing.checks import DIFF_LINES, check_labels, check_text
from scrubber.testing.floors import pin, runs_in
from scrubber.testing.rows import read_rows, rows_of, write_rows

pytest_plugins = ["pytester"]

PAGE = (
    "Home\n\nBridge closed by flood\n\nThe bridge was closed by the flood on Monday, the mayor of the town said.\n\n"
    "The flood had come over night, and nobody in the town had heard it coming.\n\nShare on Facebook\n"
)
ARTICLE = (
    "The bridge was closed by the flood on Monday, the mayor of the town said.\n\n"
    "The flood had come over night, and nobody in the town had heard it coming.\n"
)
META = 'format = 1\nsource = "composed"\ndate = 2021-05-12\nprovenance = "recorded"\n'
CHECKED = META.replace("recorded", "checked")


# --- case folders ---------------------------------------------------------------------------------


def write_case(folder: Path, **files: str) -> Path:
    """Write a case folder that is complete unless a file is given as empty."""
    contents = {"input.txt": PAGE, "expected.txt": ARTICLE, "meta.toml": META}
    contents |= {name.replace("_", "."): text for name, text in files.items()}
    folder.mkdir(parents=True)
    for name, text in contents.items():
        if text:
            (folder / name).write_bytes(text.encode())
    return folder


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({"expected_txt": ""}, "case: lacks expected.txt. A case needs it."),
        ({"expected_txt": "", "input_txt": ""}, "lacks expected.txt, input.txt (or input.html, input.warc, "),
        ({"input_html": "<p>"}, "has input.txt and input.html"),
        ({"meta_toml": "", "expected_txt": ""}, "lacks meta.toml, expected.txt. A case needs them."),
        ({"expected_text": "x"}, "Did you mean “expected.txt”"),
        ({"meta_toml": META + "musst = []\n"}, "unknown key “musst”. Did you mean “must”"),
        ({"meta_toml": META.replace("1", "2", 1)}, "format 2; this version reads format 1"),
        ({"meta_toml": META.replace("recorded", "checked")}, "needs `checked_by` and `checked_on`"),
        ({"meta_toml": META.replace("recorded", "guessed")}, "recorded or checked"),
        ({"meta_toml": META.replace('source = "composed"\n', "")}, "has no `source`"),
        ({"meta_toml": META + 'must = [""]\n'}, "texts that are not empty"),
        ({"meta_toml": META + 'xfail = ""\n'}, "“xfail” is empty"),
        ({"meta_toml": META + '[xfail]\ntext = ""\n'}, "the reason of a known failure"),
        ({"meta_toml": META + "url = 3\n"}, "wrong type"),
        ({"meta_toml": META + 'url = "bridge"\n'}, "`url`: “bridge” names no host"),
        ({"meta_toml": META.replace("= 1", "= true")}, "wrong type (bool)"),
        ({"meta_toml": META.replace("05-12", "05-12T10:00:00")}, "wrong type (datetime)"),
        ({"meta_toml": META.replace('"composed"', '""')}, "“source” is empty"),
        ({"meta_toml": META + 'checked_by = "hand"\n'}, "`checked_by` goes with provenance “checked”"),
        ({"meta_toml": CHECKED + 'checked_by = " "\nchecked_on = 2021-05-13\n'}, "“checked_by” is empty."),
        ({"meta_toml": CHECKED + 'checked_by = "hand"\nchecked_on = 2021-05-11\n'}, "before the day that the page is"),
        ({"meta_toml": META + "[floors]\nwords = nan\n"}, "the floor of `words` is no number from 0.0 to 1.0"),
        ({"meta_toml": META + "[floors]\nwords = 98\n"}, "the floor of `words` is no number from 0.0 to 1.0"),
        ({"meta_toml": META + '[floors]\nwords = "1.0"\n'}, "the floor of `words` is no number from 0.0 to 1.0"),
        ({"meta_toml": META + "[floors]\nlabels = 0.9\n"}, "lacks labels.tsv"),
        ({"meta_toml": META.replace("recorded", "composed")}, "lacks labels.tsv"),
        (
            {"meta_toml": META + 'raises = "BinaryInput"\nmust = ["a"]\n', "expected_txt": ""},
            "`must` speaks of a text, and a page that `raises` has none",
        ),
        ({"meta_toml": META + 'raises = "Binary"\n'}, "“Binary” is no error of cleaning. Did you mean “BinaryInput”?"),
        ({"meta_toml": META + 'input = "/etc/hosts"\n', "input_txt": ""}, "begins at the folder of the case"),
        ({"meta_toml": META + 'input = "../page.txt"\n'}, "has input.txt and `input` in meta.toml"),
        ({"input_txt": "", "input_warc": "no record"}, "input.warc: holds no page"),
        ({"meta_toml": META + "[floors]\nword = 1.0\n"}, "Did you mean “words”"),
        ({"meta_toml": META + "]\n"}, "is not valid TOML"),
        ({"labels_tsv": "line\tstart\n"}, "begins with the columns"),
        ({"labels_tsv": "line\tstart\tend\tlabel\ttext\n1\t0\tx\ttitle\tHome\n"}, "line 2: needs three numbers"),
        ({"labels_tsv": "line\tstart\tend\tlabel\ttext\n1\t0\t4\ttitel\tHome\n"}, "Did you mean “title”"),
        ({"labels_tsv": "line\tstart\tend\tlabel\ttext\n1\t4\t4\ttitle\tHome\n"}, "line 2: ends where it begins"),
        ({"labels_tsv": "line\tstart\tend\tlabel\ttext\n" + 2 * "1\t0\t4\ttitle\tHome\n"}, "line 3: overlaps"),
    ],
)
def test_a_mistake_in_a_case_is_named(tmp_path: Path, files: dict[str, str], problem: str) -> None:
    """An incomplete or unknown file is an error, never a skip."""
    with pytest.raises(CaseError, match=re.escape(problem)):
        load_case(write_case(tmp_path / "case", **files))


@given(st.lists(st.tuples(st.integers(0), st.integers(1), st.sampled_from(list(Label)), st.text())))
def test_rows_are_read_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[int, int, Label, str]]
) -> None:
    """Tabs, line ends and backslashes in a text survive."""
    rows = [Row(line, start, start + size, *rest) for line, (start, size, *rest) in enumerate(drawn, start=1)]
    path = tmp_path_factory.getbasetemp() / "labels.tsv"
    text = write_rows(rows).encode("utf-8", "replace")
    path.write_bytes(text)
    assert write_rows(read_rows(path)).encode() == text


def test_a_stretch_over_several_lines_is_a_row_for_each() -> None:
    """Rows point into lines, also where a paragraph was wrapped."""
    rows = rows_of("one\r\n two\n", [Decision(0, 9, "one two", Label.PARAGRAPH, True, 1.0)])
    assert rows == (Row(1, 0, 3, "paragraph", "one"), Row(2, 1, 4, "paragraph", "two"))


SPLIT = load_case(Path(__file__).parents[1] / "plugins" / "rappler" / "cases" / "2016-10")
"""A case in which lines have two rows."""


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows[1:],
        lambda rows: [row for nth, row in enumerate(rows) if not nth or row.line != rows[nth - 1].line],
        lambda rows: [rows[0]._replace(text="another"), *rows[1:]],
        lambda rows: [rows[0]._replace(label="other"), *rows[1:]],
        lambda rows: [*rows, Row(10_000, 0, 1, "title", "x")],
    ],
    ids=["a missing line", "a missing part of a line", "another text", "another label", "one too many"],
)
def test_rows_are_all_of_a_page_and_nothing_else(change: Callable[[list[Row]], list[Row]]) -> None:
    """No row can be left out, put in or changed in any column without a failure."""
    check_labels(Run(SPLIT))
    rows = tuple(change(list(SPLIT.rows or ())))
    assert rows != SPLIT.rows
    with pytest.raises(CaseFailed, match=r"^the labels differ:\n  line"):
        check_labels(Run(replace(SPLIT, rows=rows)))


@pytest.mark.parametrize("count", [1, DIFF_LINES + 1])
def test_texts_of_other_blank_lines_or_another_order_differ_visibly(count: int) -> None:
    """A failure always says where, also of texts too long to be aligned."""
    expected = "".join(f"{number}\n" for number in range(count)) + f"\n{ARTICLE}"
    for other in (expected.replace("\n\n", "\n"), "\n".join(reversed(expected.split("\n")))):
        run = Run(replace(SPLIT, expected=expected))
        run.result = replace(run.result, text=other)
        with pytest.raises(CaseFailed, match=r"^the text differs:\n  \S"):
            check_text(run)


# --- the pytest plugin ----------------------------------------------------------------------------

INSTALLED = any(point.value == "scrubber.testing.plugin" for point in entry_points(group="pytest11"))
ARGUMENTS = [
    "-p",
    "no:randomly",
    "-p",
    "no:cacheprovider",
    "-vv",
    *([] if INSTALLED else ["-p", "scrubber.testing.plugin"]),
]


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Run pytest on a project whose cases lie in `cases`."""
    pytester.makeini("[pytest]\nscrubber_cases = cases\n")
    return pytester.runpytest_inprocess(*ARGUMENTS, *arguments)


def test_every_aspect_of_a_case_is_a_test(pytester: pytest.Pytester) -> None:
    """A run without arguments takes every case."""
    write_case(pytester.path / "cases" / "group" / "good", meta_toml=META + 'must = ["mayor"]\n')
    result = run(pytester)
    result.assert_outcomes(passed=2 + len(CASE_LAWS))
    result.stdout.fnmatch_lines(["*good::text PASSED*", "*good::snippets PASSED*", "*good::law-nothing-lost PASSED*"])


def test_a_failure_names_line_label_and_reason(pytester: pytest.Pytester) -> None:
    """What differs is listed, with what became of it, and nothing else is shown."""
    write_case(pytester.path / "cases" / "bad", expected_txt="Share on Facebook\n")
    result = run(pytester, "-k", "text")
    result.assert_outcomes(failed=1, deselected=len(CASE_LAWS))
    result.stdout.fnmatch_lines(["*the text differs:", "*- “Share on Facebook”", "*dropped as navigation (*share*"])
    assert "Traceback" not in result.stdout.str()
    assert "checks.py" not in result.stdout.str()


def test_a_failure_is_bounded(pytester: pytest.Pytester) -> None:
    """A page of a thousand lines does not become a report of a thousand lines."""
    write_case(pytester.path / "cases" / "long", expected_txt="".join(f"line {n}\n" for n in range(1_000)))
    result = run(pytester, "-k", "text")
    result.stdout.fnmatch_lines(["*and 9?? more"])
    assert len(result.outlines) < 60


def test_lines_that_part_late_are_shown_where_they_part(pytester: pytest.Pytester) -> None:
    """Two quotes that read the same tell nothing."""
    page = PAGE.replace("closed by", "closed " * 20 + "by")
    wanted = ARTICLE.replace("closed by the flood on Monday, the mayor", "closed " * 20 + "by the mayor")
    write_case(pytester.path / "cases" / "late", input_txt=page, expected_txt=wanted)
    result = run(pytester, "-k", "text")
    result.stdout.fnmatch_lines(
        ["*- “…*closed by the mayor of the town said.”", "*+ “…*closed by the flood on Monday*"]
    )


@pytest.mark.parametrize(
    ("expected", "difference"),
    [
        (
            ARTICLE.rstrip("\n"),
            "*only in blanks and line ends: at character 149, expected *heard it coming.', got *.\\n'",
        ),
        (ARTICLE.replace("\n", "\r\n"), "*only in blanks and line ends: *expected *said.\\r\\n*got *said.\\n*"),
    ],
)
def test_a_text_that_differs_in_line_ends_says_so(pytester: pytest.Pytester, expected: str, difference: str) -> None:
    """Line by line there would be nothing to show."""
    write_case(pytester.path / "cases" / "ends", expected_txt=expected)
    run(pytester, "-k", "text").stdout.fnmatch_lines([difference])


def test_wrong_labels_are_listed(pytester: pytest.Pytester) -> None:
    """Each with its place, what was expected, and what spoke for what came out."""
    write_case(pytester.path / "cases" / "bad", labels_tsv="line\tstart\tend\tlabel\ttext\n1\t0\t4\tparagraph\tHome\n")
    result = run(pytester, "-k", "labels")
    result.stdout.fnmatch_lines(
        ["*line 1, 0-4: expected paragraph, got 0-4 navigation (*", "*line 5: expected nothing*"]
    )


def test_a_broken_case_is_an_error(pytester: pytest.Pytester) -> None:
    """It is not skipped, and neither is a root that matches nothing."""
    write_case(pytester.path / "cases" / "bad", expected_txt="")
    result = run(pytester)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*lacks expected.txt*"])
    (pytester.path / "cases" / "_draft").mkdir()
    result = run(pytester)
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(["cases*_draft: is empty.*", "cases*bad: lacks expected.txt*"])
    (pytester.path / "cases").rename(pytester.path / "moved")
    assert run(pytester).ret == pytest.ExitCode.USAGE_ERROR


def test_a_known_failure_is_strict(pytester: pytest.Pytester) -> None:
    """It may fail, and must."""
    write_case(pytester.path / "cases" / "whole", expected_txt="x\n", meta_toml=META + 'xfail = "planted"\n')
    write_case(pytester.path / "cases" / "part", expected_txt="x\n", meta_toml=META + '[xfail]\ntext = "planted"\n')
    write_case(pytester.path / "cases" / "fine", meta_toml=META + 'xfail = "planted"\n')
    run(pytester).assert_outcomes(xfailed=2, passed=len(CASE_LAWS), failed=1)
    (pytester.path / "cases" / "part" / "meta.toml").write_text(META + '[xfail]\ntxt = "planted"\n')
    run(pytester, "cases/part").stdout.fnmatch_lines(["*xfail names “txt”, which is no aspect*"])


def test_a_page_that_can_not_be_cleaned_is_a_case_too(pytester: pytest.Pytester) -> None:
    """It names the error that it must end in."""
    page = "%PDF-1.7\n"
    write_case(
        pytester.path / "cases" / "pdf", input_txt=page, expected_txt="", meta_toml=META + 'raises = "BinaryInput"\n'
    )
    write_case(pytester.path / "cases" / "text", expected_txt="", meta_toml=META + 'raises = "BinaryInput"\n')
    run(pytester).assert_outcomes(passed=1, failed=1)


def test_a_site_folder_tests_its_own_cases(pytester: pytest.Pytester) -> None:
    """Cases beside a site file run with that site, without any setting."""
    site = (
        'site = "mine"\nfingerprints = ["Home", "Share on Facebook"]\n[[drop]]\nrule = "flood"\nline = "The flood*"\n'
    )
    folder = write_case(
        pytester.path / "cases" / "mine" / "cases" / "2021-05", expected_txt=ARTICLE.partition("\n")[0] + "\n"
    )
    (folder.parents[1] / "site.toml").write_text(site)
    pytester.makeini("[pytest]\nscrubber_cases = cases/*/cases\n")
    pytester.runpytest_inprocess(*ARGUMENTS, "-k", "text").assert_outcomes(passed=1, deselected=len(CASE_LAWS))


def test_floors_are_a_test(pytester: pytest.Pytester) -> None:
    """A floors.toml beside cases is one more test, which says what fell; a single case does not ask it."""
    write_case(pytester.path / "cases" / "group" / "good")
    root = pytester.path / "cases"
    pin(root, runs_in(root))
    run(pytester).assert_outcomes(passed=2 + len(CASE_LAWS))
    run(pytester, "cases/group/good").assert_outcomes(passed=1 + len(CASE_LAWS))
    write_case(root / "group" / "another")
    result = run(pytester)
    result.assert_outcomes(passed=2 * (1 + len(CASE_LAWS)), failed=1)
    result.stdout.fnmatch_lines(["*group: its cases have changed*", "*scrubber check --pin *cases"])
    (root / "floors.toml").write_text("]")
    run(pytester).stdout.fnmatch_lines(["*floors.toml: is not valid TOML*"])


def test_a_page_in_a_container_is_a_case(pytester: pytest.Pytester) -> None:
    """Its address and type come from there; a damaged one is a case that raises."""
    folder = write_case(pytester.path / "cases" / "warc", input_txt="", meta_toml=META + 'must = ["mayor"]\n')
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + PAGE.encode()
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/b\r\nContent-Length: {len(http)}\r\n"
    record = gzip.compress(head.encode() + b"\r\n" + http + b"\r\n\r\n")
    (folder / "input.warc.gz").write_bytes(record)
    page = load_case(folder).page
    assert (page.url, page.content_type, page.content) == (
        "https://a.example/b",
        "text/plain; charset=utf-8",
        PAGE.encode(),
    )
    cut = write_case(
        pytester.path / "cases" / "cut", input_txt="", expected_txt="", meta_toml=META + 'raises = "BadContainer"\n'
    )
    (cut / "input.warc.gz").write_bytes(record[:-40])
    run(pytester).assert_outcomes(passed=3 + len(CASE_LAWS))


def test_accepting_records_and_says_what_to_look_at(pytester: pytest.Pytester) -> None:
    """A new case gets text and labels; one that was checked becomes recorded, and only what is named is written."""
    checked = META.replace("recorded", "checked") + 'checked_by = "hand"\nchecked_on = 2021-05-13\n'
    named = write_case(pytester.path / "cases" / "named", expected_txt="stale\n", meta_toml=checked)
    other = write_case(pytester.path / "cases" / "other", expected_txt="stale\n")
    new = write_case(pytester.path / "cases" / "new", expected_txt="")
    result = run(
        pytester, "--scrubber-accept", "cases/named", "--scrubber-accept", "cases/new", "cases/named", "cases/new"
    )
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["*wrote expected.txt, meta.toml; recorded, not checked*", "*- “stale”"])
    assert (named / "expected.txt").read_text() == (new / "expected.txt").read_text() == ARTICLE
    assert (named / "meta.toml").read_text() == META
    assert (new / "labels.tsv").read_text().startswith("line\tstart\tend\tlabel\ttext\n1\t0\t4\tnavigation\tHome\n")
    assert (other / "expected.txt").read_text() == "stale\n"


def test_what_is_true_by_making_is_not_recorded(pytester: pytest.Pytester) -> None:
    """No run can better the text that a page was composed of."""
    write_case(pytester.path / "cases" / "a", expected_txt="true\n", meta_toml=META.replace("recorded", "composed"))
    result = run(pytester, "--scrubber-accept", "cases")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*was composed with its true text*"])
    assert (pytester.path / "cases" / "a" / "expected.txt").read_text() == "true\n"


def test_accepting_refuses_what_breaks_a_demand(pytester: pytest.Pytester) -> None:
    """Nothing is written then, not even the cases that are fine."""
    good = write_case(pytester.path / "cases" / "a-good", expected_txt="stale\n")
    write_case(pytester.path / "cases" / "bad", expected_txt="stale\n", meta_toml=META + 'must_not = ["mayor"]\n')
    result = run(pytester, "--scrubber-accept", "cases")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*is not accepted, and nothing was written: *", "*must not hold “mayor”*"])
    assert (good / "expected.txt").read_text() == "stale\n"


CHECKED = META.replace("recorded", "checked") + 'checked_by = "hand"\nchecked_on = 2021-05-13'


@pytest.mark.parametrize(
    "meta",
    [CHECKED, CHECKED.replace("\nprov", "\n  prov").replace("\nchecked", "\n\tchecked"), CHECKED + "\nsites = true\n"],
    ids=["no line end", "indented", "not last"],
)
def test_what_was_written_is_never_said_to_be_checked(tmp_path: Path, meta: str) -> None:
    """However meta.toml is set out, and all else in it stays."""
    case = write_case(tmp_path / "case", expected_txt="stale\n", meta_toml=meta)
    accept([case])
    accepted = load_case(case)
    assert (accepted.provenance, accepted.expected, accepted.sites) == ("recorded", ARTICLE, True)


@pytest.mark.parametrize(
    "meta",
    [CHECKED.replace("provenance", '"provenance"'), CHECKED.replace('"hand"', '"""hand\nand eye"""')],
    ids=["quoted key", "two lines"],
)
def test_a_meta_that_cannot_be_rewritten_is_left_alone(tmp_path: Path, meta: str) -> None:
    """So is the text, and that of all other cases."""
    good = write_case(tmp_path / "cases" / "a", expected_txt="stale\n")
    write_case(tmp_path / "cases" / "b", expected_txt="stale\n", meta_toml=meta)
    with pytest.raises(
        CaseError, match=r"nothing was written\. Put `provenance`, `checked_by`, `checked_on` on a line"
    ):
        accept([tmp_path / "cases"])
    assert (good / "expected.txt").read_text() == "stale\n"


def test_a_page_that_cannot_be_cleaned_is_not_accepted(pytester: pytest.Pytester) -> None:
    """It says how to expect that."""
    write_case(pytester.path / "cases" / "pdf", input_txt="%PDF-1.7\n", expected_txt="")
    result = run(pytester, "--scrubber-accept", "cases")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*pdf: can't be cleaned, and nothing was written: *raises = “BinaryInput”*"])


def test_labels_that_change_alone_are_shown(tmp_path: Path) -> None:
    """A person looks at them too."""
    case = write_case(tmp_path / "case", expected_txt="")
    accept([case])
    labels = (case / "labels.tsv").read_text()
    (case / "labels.tsv").write_text(labels.replace("navigation\tHome", "title\tHome"))
    (accepted,) = accept([case])
    assert accepted.written == ("labels.tsv", "meta.toml")
    assert accepted.look_at[0].startswith("line 1, 0-4: expected title, got 0-4 navigation")


def test_snippets_that_are_known_to_fail_hinder_no_accepting(tmp_path: Path) -> None:
    """Their reason stands there."""
    meta = META + 'must = ["planted"]\n[xfail]\nsnippets = "the page lost it"\n'
    case = write_case(tmp_path / "case", expected_txt="stale\n", meta_toml=meta)
    accept([case])
    assert load_case(case).expected == ARTICLE


def test_a_crash_is_no_known_failure(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the kit itself raises is; anything else is news."""
    write_case(pytester.path / "cases" / "a", expected_txt="stale\n", meta_toml=META + '[xfail]\ntext = "known"\n')
    run(pytester, "-k", "text").assert_outcomes(xfailed=1, deselected=len(CASE_LAWS))

    def crash(*_: object) -> None:
        raise KeyError("planted")

    monkeypatch.setattr("scrubber.testing.checks.check_text", crash)
    run(pytester, "-k", "text").assert_outcomes(failed=1, deselected=len(CASE_LAWS))


def test_no_folder_is_passed_over_for_its_name(tmp_path: Path) -> None:
    """But hidden ones, and what Python leaves behind; a link to nothing is an error."""
    for name in ("_draft", "ok", ".hidden", "__pycache__"):
        write_case(tmp_path / name)
    assert [folder.name for folder in find_cases(tmp_path)] == ["_draft", "ok"]
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    with pytest.raises(CaseError, match="gone: lies beside folders"):
        load_case(next(find_cases(tmp_path)))
