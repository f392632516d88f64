"""Every seed, damaged in every way: the same words come out, and where repair restores all, the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrubber import Cleaner
from scrubber.testing import DAMAGES, Case, find_cases, load_case
from scrubber.testing.damage import COLUMNS, mojibake, strew_invisibles, wrap
from scrubber.testing.words import first_difference, words_of

SEEDS = [load_case(folder) for folder in find_cases(Path(__file__).parents[1] / "fixtures" / "seeds")]
LOSSLESS = sorted(name for name, damage in DAMAGES.items() if damage.restorable)
HELD = {  # which seeds fit into the single-byte encodings: the others hold Arabic or typographic characters
    "windows-1252": {"000", "001", "003", "004"},
    "windows-1256": {"000", "001", "002", "003", "004"},
}


def damaged(case: Case, name: str) -> str | bytes:
    """Return a seed damaged in one way, which it must be able to hold."""
    content = DAMAGES[name].apply(case.content.decode())
    assert content is not None
    return content


def pairs(names: list[str]) -> list[object]:
    """Return a parameter for every seed that can hold every damage."""
    return [
        pytest.param(case, name, id=f"{case.folder.name[:3]}-{name}")
        for case in SEEDS
        for name in names
        if case.folder.name[:3] in HELD.get(name, {case.folder.name[:3]})
    ]


@pytest.mark.parametrize(("case", "name"), pairs(sorted(DAMAGES)))
def test_a_damaged_seed_keeps_its_words(cleaner: Cleaner, case: Case, name: str) -> None:
    """The words of the article come out, all and in order, and nothing else."""
    wanted, got = words_of(case.expected), words_of(cleaner.clean(damaged(case, name)).text)
    if got != wanted:
        pytest.fail(first_difference(" ".join(wanted), " ".join(got)))


@pytest.mark.parametrize(("case", "name"), pairs(LOSSLESS))
def test_damage_that_repair_restores_leaves_no_trace(cleaner: Cleaner, case: Case, name: str) -> None:
    """Where only bytes or invisible characters changed, the golden comes out byte for byte."""
    got = cleaner.clean(damaged(case, name)).text
    if got != case.expected:
        pytest.fail(first_difference(case.expected, got))


@pytest.mark.parametrize("encoding", sorted(HELD))
def test_single_byte_encodings_hold_the_seeds_that_they_are_said_to(encoding: str) -> None:
    """No seed is left out of a test for want of characters without being named here."""
    held = {case.folder.name[:3] for case in SEEDS if DAMAGES[encoding].apply(case.content.decode()) is not None}
    assert held == HELD[encoding]


@pytest.mark.parametrize("name", [name for name in DAMAGES if name not in HELD])
def test_every_damage_changes_a_page(name: str) -> None:
    """A damage that does nothing would prove nothing."""
    page = (
        f"“Naïve” said the mayor of a town {'far ' * 20} down the valley, and closed the bridge.\n\nNobody crossed.\n"
    )
    assert DAMAGES[name].apply(page) not in (page, page.encode(), None)


def test_damage_is_what_it_says() -> None:
    """Spot checks of the damages that are more than a codec."""
    assert mojibake("naïve") == "naÃ¯ve"
    assert mojibake("”") == "â€\x9d"
    assert strew_invisibles("word " * 99) == strew_invisibles("word " * 99)
    assert max(map(len, wrap("word " * 99).split("\n"))) <= COLUMNS
