"""The kit itself: every check can fail, every mistake in a case is named, and failures can be read."""

from __future__ import annotations

import dataclasses
import doctest
import itertools
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from hypothesis import find, given
from hypothesis import strategies as st

from scrubber import Cleaner, Detector, Evidence, Label, Page, Result
from scrubber.document import Document
from scrubber.model import Decision
from scrubber.testing import CASE_LAWS, CaseError, LawBroken, Row, conformance, laws, load_case, strategies
from scrubber.testing.cases import read_rows, rows_of, write_rows
from scrubber.testing.composed import CHROME, ComposedPage, Flattening
from scrubber.testing.hostile import growth_exponent

pytest_plugins = ["pytester"]

BARE = Cleaner(bundled=False, installed=False)
EVERYTHING = Cleaner(installed=False).plugins
PAGE = (
    "Home\n\nBridge closed by flood\n\nThe bridge was closed by the flood on Monday, the mayor of the town said.\n\n"
    "The flood had come over night\u200b, and nobody in the town had heard it coming.\n\nShare on Facebook\n"
)
ARTICLE = (
    "The bridge was closed by the flood on Monday, the mayor of the town said.\n\n"
    "The flood had come over night, and nobody in the town had heard it coming.\n"
)
META = 'format = 1\nsource = "composed"\ndate = 2021-05-12\nprovenance = "recorded"\n'


# --- laws can be broken ---------------------------------------------------------------------------


class Judged:
    """A judgement whose decisions were tampered with."""

    def __init__(self, result: Result, decisions: tuple[Decision, ...]) -> None:
        self.original = result.judged
        self.made = decisions

    def __getattr__(self, name: str) -> object:
        """Leave all else as it was."""
        return getattr(self.original, name)

    def decisions(self) -> tuple[Decision, ...]:
        """Return them."""
        return self.made


class Broken(Cleaner):
    """A cleaner whose results are changed before anybody sees them."""

    def __init__(self, change: Callable[[Result], Result], **options: object) -> None:
        super().__init__(bundled=False, installed=False, **options)
        self.change = change

    def clean(self, content: bytes | str, **known: str | None) -> Result:
        """Clean, and change the result."""
        return self.change(super().clean(content, **known))


def raising(result: Result) -> Result:
    """Raise what no caller expects."""
    raise KeyError("planted")


def without_a_stretch(result: Result) -> Result:
    """Leave a stretch out."""
    return dataclasses.replace(result, judged=Judged(result, result.lines[:2] + result.lines[3:]))


def without_the_end(result: Result) -> Result:
    """Leave the last stretch out."""
    return dataclasses.replace(result, judged=Judged(result, result.lines[:-1]))


def called_blank(result: Result) -> Result:
    """Call the first line blank."""
    return dataclasses.replace(
        result, judged=Judged(result, (result.lines[0]._replace(label="blank"), *result.lines[1:]))
    )


def doubled(result: Result) -> Result:
    """Give the text twice."""
    return dataclasses.replace(result, text=result.text * 2)


def invented(result: Result) -> Result:
    """Add a word."""
    return dataclasses.replace(result, text=result.text + "planted\n")


def swapped(result: Result) -> Result:
    """Turn the order of the paragraphs around."""
    return dataclasses.replace(result, text="\n\n".join(reversed(result.text.split("\n\n"))))


def unexplained(result: Result) -> Result:
    """Say that something else was repaired."""
    return dataclasses.replace(result, repairs=tuple(repair._replace(before="?") for repair in result.repairs))


def unsaid(result: Result) -> Result:
    """Keep silent about repairs."""
    return dataclasses.replace(result, repairs=())


def shrinking(result: Result) -> Result:
    """Lose the last paragraph each time."""
    text = result.text.rpartition("\n\n")[0]
    kept = [line for line in result.lines if not line.kept or line.text in text]
    return dataclasses.replace(result, text=text, judged=Judged(result, tuple(kept)))


def counting() -> Callable[[Result], Result]:
    """Return a change that is another one each time."""
    numbers = itertools.count()
    return lambda result: dataclasses.replace(result, title=str(next(numbers)))


@pytest.mark.parametrize(
    ("law", "change"),
    [
        ("total", raising),
        ("nothing-lost", without_a_stretch),
        ("nothing-lost", without_the_end),
        ("nothing-lost", called_blank),
        ("nothing-lost", unsaid),
        ("nothing-invented", doubled),
        ("nothing-invented", invented),
        ("nothing-invented", swapped),
        ("repairs-explained", unexplained),
        ("deterministic", counting()),
        ("cleaning-idempotent", shrinking),
    ],
)
def test_a_planted_bug_breaks_its_law(law: str, change: Callable[[Result], Result]) -> None:
    """No law is one that can't be broken, and the page that breaks it is fine without the bug."""
    check = next(one.check for one in CASE_LAWS if one.name == law)
    check(BARE, Page(PAGE))
    with pytest.raises(LawBroken, match=law):
        check(Broken(change), Page(PAGE))


def test_a_plugin_that_fails_breaks_the_law_of_totality() -> None:
    """The page is cleaned all the same, but the plugin's author wants to know."""

    def fail(document: Document) -> list[Evidence]:
        """Fail on every page."""
        raise ZeroDivisionError

    cleaner = Broken(lambda result: dataclasses.replace(result, flags=("plugin_failed:planted:ZeroDivisionError",)))
    with pytest.raises(LawBroken, match="plugin_failed:planted"):
        laws.total(cleaner, Page(PAGE))
    assert fail.__doc__


def test_repair_that_does_not_settle_breaks_its_law(monkeypatch: pytest.MonkeyPatch) -> None:
    """So does one whose steps lead elsewhere."""
    monkeypatch.setattr(laws, "repair_line", lambda row: (row + "x", ()))
    with pytest.raises(LawBroken, match="repair-idempotent"):
        laws.repair_idempotent(BARE, Page(PAGE))
    monkeypatch.setattr(laws, "repair_line", lambda row: ("x", ()))
    with pytest.raises(LawBroken, match="its steps lead to"):
        laws.repair_idempotent(BARE, Page(PAGE))


def test_an_article_that_loses_a_word_breaks_the_law() -> None:
    """The message says where."""
    lossy = Broken(lambda result: dataclasses.replace(result, text=result.text.replace("mayor", "")))
    with pytest.raises(LawBroken, match=r"article-untouched.*mayor"):
        laws.article_untouched(lossy, ARTICLE)


def test_a_cleaner_that_remembers_breaks_the_law_of_threads() -> None:
    """Threads that share a cleaner with a state see what others left."""
    with pytest.raises(LawBroken, match="threads"):
        laws.same_in_threads(Broken(counting()), [Page(PAGE), Page(ARTICLE)])


def test_growth_is_measured() -> None:
    """Linear work is told from quadratic work."""
    assert growth_exponent(sorted, "a".__mul__, (20_000, 160_000)) < 1.4
    assert growth_exponent(lambda page: [page.count("b") for _ in page[::40]], "a".__mul__, (10_000, 80_000)) > 1.6


# --- conformance ----------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", conformance.DETECTOR_RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("detector", EVERYTHING.detectors, ids=lambda detector: detector.name)
def test_every_detector_conforms(
    detector: Detector, rule: Callable[[Detector], None], request: pytest.FixtureRequest
) -> None:
    """What is bundled satisfies what is asked of strangers."""
    if (detector.name, rule) == ("stamped-headlines", conformance.linear):
        request.applymarker(
            pytest.mark.xfail(strict=True, reason="its pattern reads a run of digits anew from each of them")
        )
    rule(detector)


@pytest.mark.parametrize("rule", conformance.SITE_RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("site", EVERYTHING.sites, ids=lambda site: site.name)
def test_every_site_conforms(site: object, rule: Callable[[object], None]) -> None:
    """So do the sites."""
    rule(site)


def test_names_are_unique() -> None:
    """Across detectors and sites."""
    conformance.unique_names([*EVERYTHING.detectors, *EVERYTHING.sites])
    with pytest.raises(conformance.NotConforming, match="names two"):
        conformance.unique_names([*EVERYTHING.detectors, EVERYTHING.detectors[0]])


def says(**changes: object) -> Callable[[Document], Iterator[Evidence]]:
    """Return a detector's function that gives one piece of evidence."""
    evidence = Evidence(0, Label.NAVIGATION, 2.0, "planted", "a reason")._replace(**changes)

    def find(document: Document) -> Iterator[Evidence]:
        """Every page has a first line.

        Bad:  a line
        Good: no line
        """
        yield evidence

    return find


def quadratic(document: Document) -> Iterator[Evidence]:
    """Every line is held against every other."""
    if sum(left == right for left in document.texts for right in document.texts[:2000]) < 0:
        yield Evidence(0, Label.NAVIGATION, 2.0, "planted", "never")


def undocumented(document: Document) -> Iterator[Evidence]:
    """Has no examples."""
    return iter(())


def forgetful() -> Callable[[Document], Iterator[Evidence]]:
    """Return a detector's function that says something else each time."""
    numbers = itertools.count(1)

    def find(document: Document) -> Iterator[Evidence]:
        yield from says(weight=float(next(numbers)))(document)

    return find


@pytest.mark.parametrize(
    ("rule", "planted", "problem"),
    [
        (conformance.named_well, Detector("Bad_Name", says()), "lower case"),
        (conformance.documented, Detector("planted", undocumented), "Bad:"),
        (conformance.documented, Detector("planted", lambda document: iter(())), "sentence"),
        (conformance.speaks_plainly, Detector("planted", says(line=10**6)), "does not exist"),
        (conformance.speaks_plainly, Detector("planted", says(weight=0.0)), "above zero"),
        (conformance.speaks_plainly, Detector("planted", says(reason="")), "not empty"),
        (conformance.speaks_plainly, Detector("planted", says(rule="other")), "one name"),
        (conformance.speaks_plainly, Detector("planted", says(span=(3, 10**6))), "within its line"),
        (conformance.pure, Detector("planted", forgetful()), "other evidence"),
        (conformance.linear, Detector("planted", quadratic), "power"),
    ],
)
def test_what_does_not_conform_is_refused(rule: Callable[[Detector], None], planted: Detector, problem: str) -> None:
    """Each rule can fail, and says why."""
    with pytest.raises(conformance.NotConforming, match=problem):
        rule(planted)


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
        ({"expected_txt": ""}, "expected.txt: can't be read"),
        ({"input_txt": ""}, "needs exactly one input and has none"),
        ({"input_html": "<p>"}, "has input.txt and input.html"),
        ({"meta_toml": ""}, "meta.toml: can't be read"),
        ({"expected_text": "x"}, "Did you mean “expected.txt”"),
        ({"meta_toml": META + "musst = []\n"}, "unknown key “musst”. Did you mean “must”"),
        ({"meta_toml": META.replace("1", "2", 1)}, "format 2; this version reads format 1"),
        ({"meta_toml": META.replace("recorded", "checked")}, "`checked_by` and `checked_on`"),
        ({"meta_toml": META.replace("recorded", "guessed")}, "recorded or checked"),
        ({"meta_toml": META.replace('source = "composed"\n', "")}, "has no `source`"),
        ({"meta_toml": META + 'must = [""]\n'}, "texts that are not empty"),
        ({"meta_toml": META + 'xfail = ""\n'}, "the reason of a known failure"),
        ({"meta_toml": META + "url = 3\n"}, "wrong type"),
        ({"meta_toml": META + "[floors]\nword = 1.0\n"}, "Did you mean “words”"),
        ({"meta_toml": META + "]\n"}, "is not valid TOML"),
        ({"labels_tsv": "line\tstart\n"}, "begins with the columns"),
        ({"labels_tsv": "line\tstart\tend\tlabel\ttext\n1\t0\tx\ttitle\tHome\n"}, "line 2: needs three numbers"),
        ({"labels_tsv": "line\tstart\tend\tlabel\ttext\n1\t0\t4\ttitel\tHome\n"}, "Did you mean “title”"),
    ],
)
def test_a_mistake_in_a_case_is_named(tmp_path: Path, files: dict[str, str], problem: str) -> None:
    """An incomplete or unknown file is an error, never a skip."""
    with pytest.raises(CaseError, match=re.escape(problem)):
        load_case(write_case(tmp_path / "case", **files))


@given(
    st.lists(st.builds(Row, st.integers(1), st.integers(0), st.integers(0), st.sampled_from(list(Label)), st.text()))
)
def test_rows_are_read_as_they_were_written(tmp_path_factory: pytest.TempPathFactory, rows: list[Row]) -> None:
    """Tabs, line ends and backslashes in a text survive."""
    path = tmp_path_factory.getbasetemp() / "labels.tsv"
    text = write_rows(rows).encode("utf-8", "replace")
    path.write_bytes(text)
    assert write_rows(read_rows(path)).encode() == text


def test_a_stretch_over_several_lines_is_a_row_for_each() -> None:
    """Rows point into lines, also where a paragraph was wrapped."""
    rows = rows_of("one\r\n two\n", [Decision(0, 9, "one two", Label.PARAGRAPH, True, 1.0)])
    assert rows == (Row(1, 0, 3, "paragraph", "one"), Row(2, 1, 4, "paragraph", "two"))


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
    result.stdout.fnmatch_lines(["*expected.txt: can't be read*"])
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


def test_accepting_refuses_what_breaks_a_demand(pytester: pytest.Pytester) -> None:
    """Nothing is written then, not even the cases that are fine."""
    good = write_case(pytester.path / "cases" / "a-good", expected_txt="stale\n")
    write_case(pytester.path / "cases" / "bad", expected_txt="stale\n", meta_toml=META + 'must_not = ["mayor"]\n')
    result = run(pytester, "--scrubber-accept", "cases")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*is not accepted, and nothing was written: *", "*must not hold “mayor”*"])
    assert (good / "expected.txt").read_text() == "stale\n"


# --- composed pages and strategies ----------------------------------------------------------------


@given(page=strategies.pages())
def test_the_truth_of_a_composed_page_fits_its_source(page: ComposedPage) -> None:
    """Every span holds its line, in order, and between spans there is nothing but line ends."""
    assert ["".join(page.source[span.start : span.end].split()) for span in page.spans] == [
        "".join(line.text.split()) for line in page.lines
    ]
    ends = [0, *(span.end for span in page.spans)]
    starts = [*(span.start for span in page.spans), len(page.source)]
    assert {page.source[end:start].strip("\n") for end, start in zip(ends, starts, strict=True)} == {""}


@pytest.mark.parametrize("kind", ["menu", "sources"])
def test_pages_shrink_to_what_matters(kind: str) -> None:
    """The smallest page with a kind of chrome is an English page of a few lines."""
    page = find(strategies.pages(), lambda page: any(line.label is CHROME[kind] for line in page.lines))
    assert page.flattening is Flattening.SPACED
    assert len(page.lines) <= 11
    assert "The council of Vellmar closed the old bridge" in repr(page)


@pytest.mark.parametrize("name", ["cases", "checks", "composed", "damage", "hostile", "laws", "words"])
def test_examples_in_docstrings_are_true(name: str) -> None:
    """Doctests of the kit."""
    assert doctest.testmod(import_module(f"scrubber.testing.{name}")).failed == 0
