"""The pure helpers of the benchmarks: statistics, tables, and the line rules of peers."""

from __future__ import annotations

import importlib
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

HERE = Path(__file__).parents[1] / "benchmarks"
SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=40)


@pytest.fixture(scope="module", autouse=True)
def scripts() -> Iterator[None]:
    """Let the benchmarks' modules be imported, as when one of them is run."""
    before = list(sys.path)
    sys.path.insert(0, str(HERE))
    yield
    sys.path[:] = before


def module(name: str) -> ModuleType:
    return importlib.import_module(name)


def test_the_difference_of_a_system_to_itself_is_nothing() -> None:
    stats = module("_stats")
    scores = stats.mean_of([0.1, 0.5, 0.9])
    assert tuple(stats.paired(scores, scores)) == (0.0, 0.0, 0.0)


def test_an_interval_is_the_same_in_every_run_and_holds_the_difference() -> None:
    stats = module("_stats")
    random = np.random.default_rng(1)
    first, second = (stats.mean_of(random.random(200)) for _ in range(2))
    found = stats.paired(first, second)
    assert found == stats.paired(first, second)
    assert found.low < found.value < found.high
    assert found.value == pytest.approx(first.value - second.value)


def test_a_bootstrap_of_a_sum_of_counts_weighs_pages_by_their_counts() -> None:
    stats = module("_stats")
    counts = stats.Ratio(np.array([2.0, 0.0]), np.array([2.0, 8.0]))
    assert counts.value == 0.2
    assert counts.at(np.array([True, False])).value == 1.0


@pytest.mark.parametrize("lengths", [(0, 0), (2, 3)])
def test_a_difference_needs_the_same_pages(lengths: tuple[int, int]) -> None:
    stats = module("_stats")
    first, second = (stats.mean_of([0.5] * length) for length in lengths)
    with pytest.raises(ValueError, match="same pages"):
        stats.paired(first, second)


def test_half_of_a_normal_sample_lies_where_the_textbook_has_its_interval() -> None:
    stats = module("_stats")
    values = np.random.default_rng(2).normal(0.0, 1.0, 400)
    found = stats.paired(stats.mean_of(values), stats.mean_of(np.zeros(400)))
    assert found.high - found.low == pytest.approx(2 * 1.96 * values.std() / 20, rel=0.1)


def test_auc_is_the_chance_that_a_bad_page_has_less_of_the_signal() -> None:
    stats = module("_stats")
    assert stats.auc([0.1, 0.2, 0.8, 0.9], [True, True, False, False]) == 1.0
    assert stats.auc([0.5, 0.5], [True, False]) == 0.5
    assert stats.auc([0.3, 0.1, 0.2], [True, False, True]) == 0.0
    assert math.isnan(stats.auc([0.3, 0.1], [True, True]))


@given(said=SHARES)
def test_every_page_is_in_one_bin(said: list[float]) -> None:
    stats = module("_stats")
    bins = stats.reliability(said, said)
    assert sum(one.pages for one in bins) == len(said)
    assert all(one.low <= one.said <= one.high or math.isclose(one.said, one.low) for one in bins)
    assert stats.calibration_error(bins) == 0.0


def test_a_label_that_is_never_given_scores_nothing_and_one_nobody_has_no_score() -> None:
    stats = module("_stats")
    pairs = [("paragraph", "paragraph"), ("standfirst", "paragraph"), (None, None), (None, "paragraph")]
    assert stats.label_f1(pairs, "paragraph") == pytest.approx(0.5)
    assert stats.label_f1(pairs, "standfirst") == 0.0
    assert math.isnan(stats.label_f1(pairs, "subheading"))


def test_tables_show_three_places_and_a_dash_for_no_figure() -> None:
    tables = module("_tables")
    assert tables.table(["a", "b"], [["x|y", 0.12345], ["z", math.nan]]).splitlines() == [
        "| a | b |",
        "|---|---|",
        "| x\\|y | 0.123 |",
        "| z | - |",
    ]
    assert tables.percent(0.985) == "98.5 %"


def test_c4_keeps_sentences_of_five_words_and_drops_notices() -> None:
    peers = module("_peers")
    lines = [
        "The bridge is closed until Friday.",
        "The bridge is closed until Friday",
        "It is closed.",
        "More on the closed bridge soon ...",
        "Please enable JavaScript to read this page.",
        "By reading on you accept our Privacy Policy.",
        "The river rose by two metres.[12]",
    ]
    assert peers.c4_rules(lines).split("\n") == [lines[0], "The river rose by two metres."]


def test_fineweb_asks_for_length_and_for_lines_that_are_new() -> None:
    peers = module("_peers")
    lines = ["Home and garden", "The bridge over the river is closed", "The bridge over the river is closed", "a" * 40]
    assert peers.fineweb_rules(lines) == lines[1]


def test_lines_become_paragraphs_whatever_they_hold() -> None:
    peers = module("_peers")
    assert "<p>a &lt; b &amp;amp;</p>" in peers.as_paragraphs(["a < b &amp;"])


def test_reasons_are_counted_together_when_only_figures_and_quotations_differ() -> None:
    tables = module("_tables")
    first = tables.plain("in a list of 11 dated headlines under “More news”")
    assert first == tables.plain("in a list of 2,300 dated headlines under “Politics”")


def test_fold_weights_must_be_complete(tmp_path: Path) -> None:
    data = module("_data")
    for fold in (0, 2):
        (tmp_path / f"fold{fold}.npz").touch()
    with pytest.raises(data.NoFolds, match=r"fold0\.npz"):
        data.fold_files(tmp_path)
    (tmp_path / "fold1.npz").touch()
    assert [path.stem for path in data.fold_files(tmp_path)] == ["fold0", "fold1", "fold2"]


def test_a_cache_makes_each_page_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = module("_data")
    (tmp_path / "wcxb-tune.parquet").write_bytes(b"x")
    monkeypatch.setattr(data, "DATA", tmp_path)
    monkeypatch.setattr(data, "CACHE", tmp_path)
    row = {"url": "https://a.example/", "host": "a.example", "page_type": "article", "html": b"<html lang='de'>"}
    pages = [data.read_row("wcxb", number, row) for number in range(3)]
    made: list[str] = []

    def make(page: object) -> str:
        made.append(page.key)  # type: ignore[attr-defined]
        return f"text {made[-1]}"

    assert data.cached("test", "1", pages[:2], make) == ["text 0", "text 1"]
    assert data.cached("test", "1", pages, make) == ["text 0", "text 1", "text 2"]
    assert made == ["0", "1", "2"]
    data.cached("test", "2", pages[:1], make)
    assert made[-1] == "0"


def test_the_language_is_the_declared_one() -> None:
    data = module("_data")
    row = {
        "url": "",
        "host": "a.example",
        "language_folder": "no",
        "html": b"<!doctype html><html class=x lang='nb-NO'>",
    }
    page = data.read_row("news", 0, row)
    assert (page.language, page.group) == ("no", "no")


def test_a_mutant_in_an_annotation_is_none() -> None:
    """Python does not run annotations, so a mistake in one changes nothing."""
    what_runs = module("_mutants").what_runs
    source = "def f(a: int | None) -> int | None:\n    b: int | None = a\n    return b or 1\n"
    assert what_runs(source) == what_runs(source.replace("|", "&"))
    assert what_runs(source) != what_runs(source.replace("or", "and"))


def test_mutants_are_drawn_in_proportion_and_alike() -> None:
    mutants = module("_mutants")
    strata = {
        name: [mutants.Place(name, "AddNot", nth, nth) for nth in range(size)] for name, size in (("a", 90), ("b", 10))
    }
    drawn = mutants.sample(strata, 20, 1)
    assert drawn == mutants.sample(strata, 20, 1) != mutants.sample(strata, 20, 2)
    assert [sum(place.file == name for place in drawn) for name in strata] == [18, 2]


def test_the_interval_of_a_share_holds_it_and_narrows() -> None:
    wilson = module("_mutants").wilson
    wide, narrow = wilson(9, 10), wilson(900, 1_000)
    assert wide[0] < narrow[0] < 0.9 < narrow[1] < wide[1] < 1.0
    assert wilson(10, 10)[1] == pytest.approx(1.0)


def test_what_was_judged_of_mutants_stands_in_the_source() -> None:
    """A line that was written anew must be judged anew."""
    for file, before, after in module("_mutants").judged():
        lines = [line.strip() for line in (HERE.parent / file).read_text(encoding="utf-8").splitlines()]
        assert before in lines, file
        assert not after or after not in lines, file


def test_failed_tests_are_read_from_what_pytest_prints() -> None:
    flaky = module("flaky_tests")
    printed = "FAILED tests/test_a.py::test_b[c - d] - assert 1\nERROR tests/test_e.py\n1 failed, 2 passed in 3s\n"
    assert flaky.FAILED.findall(printed) == ["tests/test_a.py::test_b[c - d]", "tests/test_e.py"]
    assert flaky.COUNTS.findall(printed) == ["1 failed, 2 passed in 3s"]


def test_every_planted_bug_still_fits_the_source() -> None:
    """A bug whose place was written anew would be planted nowhere, and caught by nothing."""
    for bug in module("planted_bugs").BUGS:
        source = (HERE.parent / bug.file).read_text(encoding="utf-8")
        assert source.count(bug.before) == 1, f"{bug.name}: {bug.file}"
