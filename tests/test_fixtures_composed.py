"""The composed corpus is what `scrubber.testing.compose` writes, and covers what it says."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from scrubber.decode import decode
from scrubber.model import DROPPED, FIELDS, KEPT, Label
from scrubber.testing import Case, find_cases, load_case
from scrubber.testing.cases import META_FILE
from scrubber.testing.compose import Recipe, all_files, compose, main, recipes
from scrubber.testing.composed import CHROME, Flattening, stories
from scrubber.testing.damage import mojibake
from scrubber.testing.words import words_of

FOLDER = Path(__file__).parents[1] / "fixtures" / "composed"
LEAST_CASES = 150


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """Return the cases that lie there."""
    return [load_case(folder) for folder in find_cases(FOLDER)]


def test_writing_again_gives_every_file_byte_for_byte(tmp_path: Path) -> None:
    """What lies there is what is written, but for known failures noted at the end of a meta.toml."""
    assert main([str(tmp_path)]) == 0
    written = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    there = {path.relative_to(FOLDER): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
    assert set(written) == set(there)
    noted = {path for path in written if written[path] != there[path]}
    assert {path.name for path in noted} <= {META_FILE}
    assert all(there[path].startswith(written[path] + b"\n[xfail]\n") for path in noted)


def test_known_failures_survive_writing(tmp_path: Path) -> None:
    """A meta.toml that begins as it should stays; another one, and all else, is written anew."""
    main([str(tmp_path)])
    first, second, *_ = sorted(tmp_path.iterdir())
    noted = (first / META_FILE).read_text() + '\n[xfail]\ntruth = "planted"\n'
    (first / META_FILE).write_text(noted)
    (second / META_FILE).write_text("by hand")
    (second / "input.txt").write_text("old")
    main([str(tmp_path)])
    assert (first / META_FILE).read_text() == noted
    assert (second / META_FILE).read_bytes() == all_files()[Path(second.name, META_FILE)]
    assert (second / "input.txt").read_bytes() == all_files()[Path(second.name, "input.txt")]


def test_a_call_that_is_wrong_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert capsys.readouterr().err.startswith("usage:")


def test_the_corpus_covers_kinds_languages_encodings_and_flattenings(cases: list[Case]) -> None:
    """Every kind in every language, every encoding and flattening together, and every label."""
    made = list(recipes())
    assert len(cases) == len(made) >= LEAST_CASES
    assert {(one.language, one.about) for one in made} >= set(product(stories(), CHROME))
    unicode = {"utf-8", "utf-8-mark", "utf-16", "mojibake"}
    assert {(one.encoding, one.flattening) for one in made} >= set(product(unicode, Flattening))
    assert {(one.language, one.flattening) for one in made} == set(product(stories(), Flattening))
    assert {"windows-1251", "windows-1252", "windows-1256", "gb18030"} < {one.encoding for one in made}
    labels = {row.label for case in cases for row in case.rows or ()}
    assert labels >= {*DROPPED, *FIELDS, Label.PARAGRAPH, Label.SUBHEADING, Label.STANDFIRST}


def test_the_truth_of_a_case_fits_its_page(cases: list[Case]) -> None:
    """Every row holds the text at its place, and the kept rows are the expected text."""
    for case in cases:
        lines = decode(case.content).text.split("\n")
        rows = case.rows or ()
        assert all(lines[row.line - 1][row.start : row.end] == row.text for row in rows), case.name
        kept = "".join("".join(row.text.split()) for row in rows if row.label in KEPT)
        assert kept in {same("".join(case.expected.split())) for same in (str, misread)}, case.name


def misread(text: str) -> str:
    """Return mojibake as rows show it: without what looks like a blank in it."""
    return "".join(mojibake(text).split())


def test_a_page_shows_what_its_name_says() -> None:
    """The kind it is about stands on it, and a bare article has nothing else."""
    for recipe in recipes():
        labels = {line.label for line in compose(recipe).lines}
        if recipe.about in CHROME:
            assert CHROME[recipe.about] in labels
        elif recipe.about == "article":
            assert labels <= KEPT


def test_articles_are_small_enough_to_read(cases: list[Case]) -> None:
    """Each has three lines at least, and a few hundred words at most."""
    for case in cases:
        assert case.expected.count("\n\n") >= 2
        assert len(words_of(case.expected)) < 300


def test_a_recipe_makes_the_same_page_each_time() -> None:
    """And another name another page."""
    recipe = Recipe("en", "menu", "utf-8", Flattening.SPACED)
    assert compose(recipe) == compose(recipe)
    assert compose(recipe) != compose(recipe._replace(flattening=Flattening.PACKED))
