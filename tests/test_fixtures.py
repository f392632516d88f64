"""Every case in `fixtures/` and in the folders of the sites comes out as it says, aspect by aspect."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from scrubber import Cleaner
from scrubber.errors import ScrubberError
from scrubber.model import KEPT
from scrubber.testing import Case, Run, aspects, find_cases, load_case
from scrubber.testing.checks import Aspect, judged
from scrubber.testing.floors import check_pins
from scrubber.testing.words import words_of

ROOT = Path(__file__).parents[1]
CASES = [load_case(folder) for folder in find_cases(ROOT / "fixtures", *sorted(ROOT.glob("plugins/*/cases")))]
SEEDS = [case for case in CASES if case.folder.parent.name == "seeds"]
STRETCHES_FLOOR = 0.99
"""Share of the seeds' stretches that cleaning without any site keeps or drops rightly."""


def expected_failure(case: Case, aspect: Aspect) -> list[pytest.MarkDecorator]:
    """Return the mark of an aspect that is known to fail; a crash is no such failure."""
    if aspect.name not in case.xfail:
        return []
    return [pytest.mark.xfail(strict=True, reason=case.xfail[aspect.name], raises=(AssertionError, ScrubberError))]


@cache
def run_of(folder: Path) -> Run:
    """Clean each case once for all its aspects."""
    return Run(next(case for case in CASES if case.folder == folder))


@pytest.mark.parametrize(
    ("folder", "aspect"),
    [
        pytest.param(case.folder, aspect, id=f"{case.name}-{aspect.name}", marks=expected_failure(case, aspect))
        for case in CASES
        for aspect in aspects(case)
    ],
)
def test_case(folder: Path, aspect: Aspect) -> None:
    """One aspect of one case."""
    aspect.check(run_of(folder))


def test_floors_are_pinned_and_kept() -> None:
    """Scores of every group under `fixtures/`, and the corpus they were measured on."""
    root = ROOT / "fixtures"
    check_pins(root, [run_of(case.folder) for case in CASES if case.folder.is_relative_to(root)])


def test_every_seed_and_every_site_has_a_case() -> None:
    """No seed and no bundled site is without an expectation."""
    assert [case.folder.name for case in SEEDS] == [path.stem for path in sorted((ROOT / "seeds").glob("*.txt"))]
    sites = {path.parent.name for path in ROOT.glob("plugins/*/site.*")}
    assert {case.folder.parents[1].name for case in CASES if case.folder.is_relative_to(ROOT / "plugins")} == sites


def test_the_seeds_keep_their_article_without_any_site(bare_cleaner: Cleaner) -> None:
    """Sites sharpen: without them nearly every stretch is judged rightly, and no line of an article goes."""
    verdicts = [verdict for case in SEEDS for verdict in judged(case.rows or (), Run(case, bare_cleaner).rows)]
    lost = [row for row, kept in verdicts if row.label in KEPT and not kept]
    right = sum(kept == (row.label in KEPT) for row, kept in verdicts)
    assert lost == []
    assert right >= STRETCHES_FLOOR * len(verdicts), f"{right} of {len(verdicts)}"


@pytest.mark.parametrize("case", SEEDS, ids=lambda case: case.folder.name)
def test_labels_and_text_of_a_seed_agree(case: Case) -> None:
    """The words of the kept rows are the words of the expected text: neither golden was changed alone."""
    rows = [row for row in case.rows or () if row.label in KEPT]
    assert words_of(" ".join(row.text for row in rows)) == words_of(case.expected)
