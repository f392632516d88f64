"""The tagger: the same answer everywhere, for any lines, quickly, from small weights."""

from __future__ import annotations

import time
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrubber.tagger import Tagger, choose_threshold, expected_f1
from scrubber.tagger.features import NAMES, TOP, Batch, extract
from scrubber.tagger.inference import HIDDEN
from scrubber.tagger.tagger import SHIPPED, words_of
from scrubber.tagger.threshold import CERTAIN, UNDECIDED, best_cut
from scrubber.tagger.tokens import sums
from scrubber.tagger.weights import LABELS

LARGEST_WEIGHTS = 2_000_000  # bytes that the wheel may carry
SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))

PROSE = (
    "The council voted on Thursday to repair the old bridge, which has been closed since the flood in spring.",
    "Engineers found that two of the four piers had moved, and said that the work would take at least a year.",
    "Until then a ferry carries passengers across the river every twenty minutes from the eastern landing.",
    "The mayor, who had asked for the money in March, called the decision late but welcome.",
)
MENU = ("Home", "News", "Sport", "Weather", "Subscribe", "Log in")
FOOTER = ("Related articles", "Privacy policy", "Terms of use", "\u00a9 2024 All rights reserved")

lines = st.lists(st.text(max_size=200), max_size=30)
pages = st.lists(lines, max_size=6)


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    """Load the shipped weights once."""
    return Tagger.load()


def seed_lines(path: Path) -> list[str]:
    """Read a seed as the pipeline hands it over: stripped, non-blank lines."""
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def test_weights_are_small() -> None:
    """The weights fit into the wheel."""
    assert SHIPPED.stat().st_size <= LARGEST_WEIGHTS


def test_prose_stays_and_chrome_goes(tagger: Tagger) -> None:
    """A menu and a footer around plain prose are told apart from it."""
    page = [*MENU, *PROSE * 2, *FOOTER]
    tagged = tagger.tag([page])[0]
    kept = [line for line, chance in zip(page, tagged.keep, strict=True) if chance >= tagged.threshold]
    assert kept == list(PROSE) * 2


def test_an_article_without_chrome_stays_whole(tagger: Tagger) -> None:
    """What is clean already is left alone."""
    tagged = tagger.tag([list(PROSE)])[0]
    assert min(tagged.keep) >= tagged.threshold


@settings(max_examples=60, deadline=None)
@given(batch=pages)
def test_any_lines_give_an_answer_for_every_line(tagger: Tagger, batch: list[list[str]]) -> None:
    """No text makes the tagger fail, and every line gets a chance, a label and a reason."""
    answers = tagger.tag(batch)
    assert len(answers) == len(batch)
    for page, tagged in zip(batch, answers, strict=True):
        assert len(tagged.keep) == len(tagged.labels) == len(tagged.words) == len(page)
        assert all(0 < chance < 1 for chance in tagged.keep)
        assert set(tagged.labels) <= set(LABELS)
        assert 0 <= tagged.expected_f1 <= 1
        assert 0 <= tagged.no_article <= 1
        assert all(isinstance(tagged.reason(index), str) for index in range(len(page)))


@settings(max_examples=40, deadline=None)
@given(batch=pages)
def test_a_page_in_a_batch_is_tagged_as_it_is_alone(tagger: Tagger, batch: list[list[str]]) -> None:
    """Pages of a batch do not see each other."""
    together = tagger.tag(batch)
    alone = [tagger.tag([page])[0] for page in batch]
    for one, other in zip(together, alone, strict=True):
        assert (one.keep, one.labels, one.threshold) == (other.keep, other.labels, other.threshold)
        assert (one.expected_f1, one.no_article, one.page_type) == (
            other.expected_f1,
            other.no_article,
            other.page_type,
        )


@settings(max_examples=30, deadline=None)
@given(batch=pages, block=st.integers(1, 9))
def test_a_page_is_tagged_the_same_in_blocks_of_any_size(tagger: Tagger, batch: list[list[str]], block: int) -> None:
    """Features and layers take some lines, characters or tokens at a time to save memory, and no border shows."""
    whole = tagger.tag(batch)
    with pytest.MonkeyPatch.context() as patch:
        for size in ("features.LINES", "features.CHARACTERS", "slots.SLOTS", "inference.BLOCK"):
            patch.setattr(f"scrubber.tagger.{size}", block)
        for module in ("tokens", "inference"):
            patch.setattr(f"scrubber.tagger.{module}.TOKENS", block)
        cut = tagger.tag(batch)
    for one, other in zip(whole, cut, strict=True):
        assert (one.keep, one.labels, one.threshold) == (other.keep, other.labels, other.threshold)
        assert (one.expected_f1, one.no_article, one.page_type) == (
            other.expected_f1,
            other.no_article,
            other.page_type,
        )


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_the_same_page_is_tagged_the_same_twice_in_any_company(tagger: Tagger, path: Path) -> None:
    """Weights read again, other neighbours: the same bits."""
    page = seed_lines(path)
    first, again = tagger.tag([page])[0], Tagger.load().tag([list(MENU), page, list(PROSE)])[1]
    assert first.keep == again.keep


def test_network_sums_are_exact_whole_numbers(tagger: Tagger) -> None:
    """No sum leaves the range in which float32 is exact, so no platform differs."""
    for layer in chain.from_iterable(network.layers.values() for network in tagger.weights.networks):
        assert np.array_equal(layer.weight, np.rint(layer.weight))
        largest = np.abs(layer.weight).sum(axis=0).max() * TOP
        assert largest < 2**24
    assert all(network.layers["middle"].weight.shape[1] == HIDDEN for network in tagger.weights.networks)


@settings(max_examples=40, deadline=None)
@given(batch=pages)
def test_features_are_whole_levels_of_one_byte(tagger: Tagger, batch: list[list[str]]) -> None:
    """Features are what the exact sums need."""
    shape = extract(batch, tagger.characters).shape
    assert shape.shape == (sum(map(len, batch)), len(NAMES))
    assert np.array_equal(shape, np.rint(shape))
    assert shape.size == 0 or (shape.min() >= 0 and shape.max() <= TOP)


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=20), st.data())
def test_stretches_are_summed_as_numpy_sums_them(values: list[int], data: st.DataObject) -> None:
    """Hashes overflow on purpose: sums of them wrap around, and so do the running sums they are taken from."""
    starts = np.array(sorted(data.draw(st.sets(st.integers(0, len(values) - 1), min_size=1))))
    hashes = np.array(values, dtype=np.uint64)
    hashes[: starts[0]] = 0
    assert np.array_equal(sums(hashes, starts), np.add.reduceat(hashes, starts))


def test_no_article_is_certain_without_lines(tagger: Tagger) -> None:
    """An empty page has no article."""
    tagged = tagger.tag([[]])[0]
    assert (tagged.keep, tagged.no_article, tagged.expected_f1) == ([], 1.0, 0.0)


@settings(max_examples=40, deadline=None)
@given(batch=pages)
def test_a_word_tells_the_same_on_its_page_as_by_itself(tagger: Tagger, batch: list[list[str]]) -> None:
    """Words of a page are looked up all at once, which changes no reason."""
    lexicon, words = tagger.weights.traits.lexicon, tagger.weights.words
    for page in batch:
        tones = tagger.word_tones(page)
        assert set(tones) == {word for line in page for word in words_of(line)}
        for word, tone in tones.items():
            assert tone == lexicon[words.ids(extract([[word[1:-1]]], tagger.characters))[0]]


def test_reasons_of_a_long_page_are_looked_up_once(tagger: Tagger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Features of a line are too dear to be read again for each reason."""
    calls: list[int] = []

    def counted(*arguments: Any) -> Batch:
        calls.append(len(arguments[0]))
        return extract(*arguments)

    tagged = tagger.tag([[*MENU, *PROSE] * 50])[0]
    monkeypatch.setattr("scrubber.tagger.tagger.extract", counted)
    assert all(tagged.reason(index) for index in range(len(tagged.keep)))
    assert calls == [1]


def test_reasons_are_words_a_reader_can_check(tagger: Tagger) -> None:
    """A menu line is dropped for what anyone can see."""
    tagged = tagger.tag([[*MENU, *PROSE * 2, *FOOTER]])[0]
    assert "short lines around it" in tagged.reason(0)
    assert all(tagged.reason(index) for index in range(len(tagged.keep)))
    with pytest.raises(IndexError):
        tagged.reason(1000)


def test_unspaced_scripts_count_characters_not_sentences(tagger: Tagger) -> None:
    """A sentence without blanks is not one word."""
    batch = extract([["橋は春の洪水以来閉鎖されている。"], ["The bridge is closed."]], tagger.characters)
    assert batch.words.tolist() == [15, 4]


@pytest.mark.parametrize(
    "page",
    [["word " * 40] * 400, ["x"] * 4000, ["a" * 8000] * 4, ["| " * 2000] * 4, ["漢" * 4000] * 4],
    ids=["prose", "scraps", "one long word", "marks", "unspaced"],
)
def test_time_grows_with_the_page(tagger: Tagger, page: list[str]) -> None:
    """Four times the page takes about four times as long, whatever it holds."""
    tagger.tag([page])
    small, large = fastest(tagger, page), fastest(tagger, page * 4)
    assert large < small * 4 * 2.5 + 0.05


def fastest(tagger: Tagger, page: list[str]) -> float:
    """Seconds of the fastest of three runs."""
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        tagger.tag([page])
        times.append(time.perf_counter() - begun)
    return min(times)


@given(keep=st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_the_threshold_is_a_chance_and_the_best_cut_is_best(keep: list[float]) -> None:
    """No other cut has a higher expected F1."""
    lengths = [index % 7 + 1 for index in range(len(keep))]
    assert 0 <= choose_threshold(keep, lengths) <= 1
    cut, best = best_cut(keep, lengths)
    assert all(expected_f1(keep, lengths, other) <= best + 1e-9 for other in keep)
    assert best == pytest.approx(expected_f1(keep, lengths, cut)) or best == 0


def test_a_page_without_certain_chrome_is_left_alone() -> None:
    """Lines that are merely suspect are dropped only beside certain chrome, or where they are more than a few words."""
    assert choose_threshold([0.9, 0.1], [190, 10]) == CERTAIN
    assert choose_threshold([0.9, 0.1], [189, 10]) > 0.1
    assert choose_threshold([0.9, 0.1], [189, 10], raw=True) > 0.1
    assert choose_threshold([0.9, 0.1, 0.01], [190, 5, 5]) > 0.1
    assert choose_threshold([], []) == UNDECIDED


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_what_was_kept_is_kept_again(tagger: Tagger, path: Path) -> None:
    """Tagging the kept lines of a page keeps them all."""
    once = tagger.tag([seed_lines(path)])[0]
    kept = [line for line, chance in zip(once.lines, once.keep, strict=True) if chance >= once.threshold]
    again = tagger.tag([kept])[0]
    assert min(again.keep) >= again.threshold


def test_lines_of_the_reference_are_found_in_any_flattening() -> None:
    """A word of the menu that the article also uses is not taken for the article's."""
    pytest.importorskip("selectolax")
    pytest.importorskip("resiliparse")
    from scrubber.tagger.train.align import shares  # noqa: PLC0415 - needs what only training needs
    from scrubber.tagger.train.flatten import WAYS, flatten  # noqa: PLC0415

    html = (
        "<nav><a>Home</a><a>Bridge</a></nav><article><p>The <a>bridge</a> is closed.</p><p>A ferry sails.</p></article>"
    )
    reference = "The bridge is closed.\n\nA ferry sails."
    for way in WAYS:
        lines = flatten(html, way)
        kept = [line for line, share in zip(lines, shares(lines, reference), strict=True) if share > 0.5]
        if way != "source_lines":  # no line ends in this source: all text sticks together
            assert " ".join(kept) == "The bridge is closed. A ferry sails."


def test_scores_are_those_of_the_data() -> None:
    """Word F1 counts bags, an empty reference wants an empty answer, snippets do not mind line ends."""
    scores = pytest.importorskip("scrubber.tagger.train.scores")
    assert scores.word_f1("the cat", "The cat sat") == pytest.approx(0.8)
    assert scores.word_f1("", "") == 1.0
    assert scores.word_f1("chrome", "") == 0.0
    assert scores.segments("One\nline. Home", ["One line.", "Two"], ["Home"]) == (1, 1, 1)
    assert scores.word_f1("\u6a4b\u306f", "\u6a4b\u304c", unspaced=True) == 0.5


def test_folds_keep_a_site_on_one_side() -> None:
    """Both spellings of a host share a fold, and every page is tested once."""
    from scrubber.tagger.train.folds import folds  # noqa: PLC0415

    hosts = ["a.org", "www.a.org", "b.org", "c.org", "d.org"]
    tested = [index for train, test in folds(hosts) for index in test if not set(train) & set(test)]
    assert sorted(tested) == [0, 1, 2, 3, 4]
    assert all(("a.org" in held) == ("www.a.org" in held) for held in ({hosts[i] for i in t} for _, t in folds(hosts)))
