"""Floors: what is pinned only rises, and what falls, changes or is gone is named."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scrubber import Cleaner
from scrubber.testing import CaseError, CaseFailed, Run, load_case
from scrubber.testing.cases import FLOORS_FILE
from scrubber.testing.checks import aspects, check_truth, scores
from scrubber.testing.floors import check_pins, measure, pin, runs_in
from scrubber.testing.meta import SCORES
from scrubber.testing.pins import Group, Lowering, Pins, read_pins, write_pins
from scrubber.testing.rows import write_rows

FIRST = "The bridge was closed by the flood on Monday, the mayor of the town said."
SECOND = "The flood had come over night, and nobody in the town had heard it coming."
PAGE = f"Home\n\n{FIRST}\n\n{SECOND}\n\nShare on Facebook\n"
ARTICLE = f"{FIRST}\n\n{SECOND}\n"
META = 'format = 1\nsource = "composed"\ndate = 2021-05-12\nprovenance = "recorded"\n'
TRUE = META.replace("recorded", "composed")
SHORT = f"{FIRST}\n"


def write_case(folder: Path, expected: str = ARTICLE, meta: str = META) -> Path:
    """Write a case with the labels that cleaning gives."""
    folder.mkdir(parents=True)
    files = {"input.txt": PAGE, "expected.txt": expected, "meta.toml": meta}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    rows = write_rows(row for row, _ in Run(load_case(folder, new=True)).rows)
    (folder / "labels.tsv").write_text(rows, encoding="utf-8")
    return folder


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Return a folder with a group of cases, of which two have their true text."""
    write_case(tmp_path / "group" / "recorded")
    write_case(tmp_path / "group" / "right", meta=TRUE)
    write_case(tmp_path / "group" / "short", expected=SHORT, meta=TRUE)
    return tmp_path


def repin(root: Path, reason: str = "") -> bool:
    return pin(root, runs_in(root), reason)


def check(root: Path) -> None:
    check_pins(root, runs_in(root))


def change(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_what_was_pinned_holds(corpus: Path) -> None:
    """Pinning again changes nothing; what a composed case lacks is pinned for itself."""
    assert repin(corpus)
    check(corpus)
    assert not repin(corpus)
    pins = read_pins(corpus / FLOORS_FILE)
    assert pins.groups["group"].size == 3
    assert pins.groups["group"].scores["exact"] == 0.6666
    assert pins.groups["group"].scores["kept"] == 1.0
    assert pins.cases == {"group/short": {"exact": 0.0, "words": 0.6666}}
    assert pins.lowered == ()


def test_a_composed_case_is_held_to_the_truth_or_to_what_is_pinned(corpus: Path) -> None:
    """Without a pin every word and label must be right; with one no score may fall."""
    short = Run(load_case(corpus / "group" / "short"))
    assert next(aspects(short.case)).name == "truth"
    with pytest.raises(CaseFailed, match="the text differs"):
        check_truth(short)
    repin(corpus)
    check_truth(short)
    check_truth(Run(load_case(corpus / "group" / "right")))
    change(corpus / FLOORS_FILE, "words = 0.6666 }", "words = 0.7 }")
    with pytest.raises(CaseFailed, match=r"words: 0\.6667, floor 0\.7000(.|\n)*\+ “The flood had come"):
        check_truth(short)


def test_a_case_whose_labels_are_wrong_alone_is_not_true(corpus: Path) -> None:
    """The text is right, and a label is not."""
    change(corpus / "group" / "right" / "labels.tsv", "navigation\tHome", "title\tHome")
    with pytest.raises(CaseFailed, match="expected title, got 0-4 navigation"):
        check_truth(Run(load_case(corpus / "group" / "right")))


BREAK: dict[str, tuple[Callable[[Path], object], str]] = {
    "a changed case": (
        lambda root: change(root / "group/recorded/input.txt", "Home", "News"),
        "group: its cases have changed since they were pinned",
    ),
    "another case": (lambda root: write_case(root / "group" / "another"), "group: its cases have changed"),
    "another group": (lambda root: write_case(root / "other" / "case"), "other: is not pinned"),
    "a case that is gone": (lambda root: shutil.rmtree(root / "group" / "right"), "group: 3 cases, now 2"),
    "a score of the group": (
        lambda root: change(root / FLOORS_FILE, "exact = 0.6666", "exact = 0.7000"),
        "group: exact 0.7000, now 0.6666",
    ),
    "a score of a case": (
        lambda root: change(root / FLOORS_FILE, "words = 0.6666", "words = 0.7000"),
        "group/short: words 0.7000, now 0.6666",
    ),
}


@pytest.mark.parametrize("name", BREAK)
def test_what_is_not_as_pinned_is_named(corpus: Path, name: str) -> None:
    """With the command that pins it."""
    repin(corpus)
    plant, problem = BREAK[name]
    plant(corpus)
    with pytest.raises(CaseFailed) as failure:
        check(corpus)
    assert problem in str(failure.value)
    assert f"scrubber check --pin {corpus}" in str(failure.value)


def test_a_group_that_is_gone_is_named(corpus: Path) -> None:
    write_case(corpus / "other" / "case")
    repin(corpus)
    shutil.rmtree(corpus / "other")
    with pytest.raises(CaseFailed, match="other: 1 cases, now none"):
        check(corpus)


def test_floors_rise_without_a_word(corpus: Path) -> None:
    """A case that comes out right is pinned no more, and its group rises."""
    repin(corpus)
    change(corpus / "group" / "short" / "expected.txt", SHORT, ARTICLE)
    assert repin(corpus)
    pins = read_pins(corpus / FLOORS_FILE)
    assert pins.cases == {}
    assert pins.groups["group"].scores["exact"] == 1.0
    assert pins.lowered == ()


def test_floors_fall_for_a_reason_only_and_keep_it(corpus: Path) -> None:
    """Without one nothing is written; with one it stands in the file, also after the next pinning."""
    repin(corpus)
    before = (corpus / FLOORS_FILE).read_bytes()
    change(corpus / "group" / "right" / "expected.txt", ARTICLE, SHORT)
    with pytest.raises(
        CaseError, match=r"group: exact 0\.6666, now 0\.3333, and 3 more\)\. Give the reason: --lower REASON"
    ):
        repin(corpus)
    assert (corpus / FLOORS_FILE).read_bytes() == before
    assert repin(corpus, "the “second” paragraph is an advertisement")
    assert not repin(corpus, "nothing falls now")
    (lowering,) = read_pins(corpus / FLOORS_FILE).lowered
    assert lowering.reason == "the “second” paragraph is an advertisement"
    assert lowering.what == (
        "group: exact 0.6666, now 0.3333",
        "group: words 0.8888, now 0.7777",
        "group/right: exact 1.0000, now 0.0000",
        "group/right: words 1.0000, now 0.6666",
    )


def test_a_single_case_has_no_floors_of_its_own(corpus: Path) -> None:
    """It would hold a file that is none of a case."""
    with pytest.raises(CaseError, match="is a case"):
        repin(corpus / "group" / "recorded")


def test_floors_hold_from_wherever_a_case_is_named(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also from inside the folder that they are pinned for."""
    repin(corpus)
    monkeypatch.chdir(corpus / "group")
    check_truth(Run(load_case(Path("short"))))


def test_cases_that_raise_count_and_have_no_score(tmp_path: Path) -> None:
    """A group of nothing else has no scores; one that fails to clean scores nothing."""
    folder = tmp_path / "refused" / "pdf"
    folder.mkdir(parents=True)
    (folder / "input.txt").write_text("%PDF-1.7\n")
    (folder / "meta.toml").write_text(META + 'raises = "BinaryInput"\n')
    assert measure(tmp_path, runs_in(tmp_path)).groups["refused"][::2] == (1, {})
    (folder / "meta.toml").write_text(META)
    (folder / "expected.txt").write_text(ARTICLE)
    assert measure(tmp_path, runs_in(tmp_path)).groups["refused"].scores == {"exact": 0.0, "kept": 0.0, "words": 0.0}


def test_scores_tell_what_is_kept_from_what_is_left(bare_cleaner: Cleaner, tmp_path: Path) -> None:
    """Each score by itself: words, kept words, stretches and labels."""
    folder = write_case(tmp_path / "case", expected=SHORT)
    change(folder / "labels.tsv", "navigation\tHome", "title\tHome")
    change(folder / "labels.tsv", f"paragraph\t{SECOND}", f"navigation\t{SECOND}")
    run = Run(load_case(folder), bare_cleaner)
    got = scores(run.case, run.result, run.rows)
    assert tuple(got) == SCORES
    assert got["exact"] == 0.0
    assert got["kept"] == 1.0
    assert got["words"] == pytest.approx(2 * 15 / (15 + 30))
    assert got["stretches"] == 0.75
    assert got["labels"] == 0.5


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("]", "is not valid TOML"),
        ("format = 2\n", "has format 2; this version reads format 1"),
        ("format = 1\n[group]\n", "unknown key “group”. Did you mean “groups”?"),
        ('format = 1\n[groups."a"]\ncases = 1\n', "is not as it was written ('digest')"),
        ('format = 1\n[cases]\n"a/b" = { word = 1.0 }\n', "unknown score “word”. Did you mean “words”?"),
        ('format = 1\n[cases]\n"a/b" = 3\n', "is not as it was written"),
        ('format = 1\n[cases]\n"a/b" = { words = nan }\n', "words is no number from 0.0 to 1.0"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / FLOORS_FILE
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError) as error:
        read_pins(path)
    assert problem in str(error.value)


def test_pins_are_read_as_they_were_written(tmp_path: Path) -> None:
    """Names and reasons with quotes, groups at the root, and several lowerings."""
    pins = Pins(
        {".": Group(2, "ab", {"exact": 0.5}), 'a "b"': Group(1, "cd", {})},
        {"./x": {"labels": 0.25}},
        (Lowering('say "why"\n', ("a", "b")), Lowering("again", ())),
    )
    path = tmp_path / FLOORS_FILE
    path.write_text(write_pins(pins), encoding="utf-8")
    assert read_pins(path) == pins
