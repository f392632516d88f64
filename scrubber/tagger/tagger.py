"""The tagger's front door: pages of lines in, chances, labels and reasons out."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from scrubber.model import Dom
from scrubber.tagger import reasons
from scrubber.tagger.features import Floats, Levels, extract
from scrubber.tagger.inference import BLOCK, Outputs, run
from scrubber.tagger.marks import readable
from scrubber.tagger.threshold import choose_threshold, expected_f1
from scrubber.tagger.tokens import FORMS, Characters, Ints, blocks, forms, tokenise
from scrubber.tagger.tokens import read as lay_out
from scrubber.tagger.weights import FAR, LABELS, PAGE_TYPES, SCALE, STEPS, Weights, read

SHIPPED = Path(__file__).with_name("weights.npz")

CHUNK = 2000
"""Lines that are worked on at once, about: enough to fill the vector units, few enough to stay in the cache."""

KEPT = tuple(label in {"standfirst", "subheading", "paragraph", "list_item", "table"} for label in LABELS)
WORD = re.compile(r"[^\W\d_]+")
TELLING = 2  # words that a reason names
STRONG = 24  # parts of log-odds from which a word is worth naming: articles use it half or twice as often
WEIGHTLESS = -1e9  # logit of a label that the decision rules out


@dataclass(frozen=True)
class Tagged:
    """What the tagger says of one page.

    By line: `keep`, the chance that it belongs to the article's text, 0 to 1, calibrated on folds; `labels`, the
    likeliest label among those that go with keeping or with dropping it; `words`, its tokens. For the page:
    `threshold`, the chance from which its lines should be kept; `page_type`, its likeliest kind, and `article`, the
    chance that it is an article; `expected_f1`, the word F1 to expect of the answer, calibrated; `no_article`, the
    chance that it has no article at all, 1.0 for a page without lines.
    """

    keep: list[float]
    threshold: float
    labels: list[str]
    words: list[int]
    page_type: str
    article: float
    expected_f1: float
    no_article: float
    lines: Sequence[str] = field(repr=False)
    tagger: Tagger = field(repr=False)
    doms: Sequence[Dom] | None = field(default=None, repr=False)

    @cached_property
    def traits(self) -> Floats:
        """The traits of each line that reasons speak of, (lines, traits); worked out when first asked for."""
        return self.tagger.traits(self.lines, self.doms)

    @cached_property
    def word_tones(self) -> dict[str, int]:
        """How much more an article uses each word of the page; see `Tagger.word_tones`."""
        return self.tagger.word_tones(self.lines)

    @cached_property
    def mark_tones(self) -> dict[str, int]:
        """How much more an article has each element and name around the page's lines; see `Tagger.mark_tones`."""
        return self.tagger.mark_tones(self.doms or ())

    def reason(self, index: int) -> str:
        """The three traits that weighed most for what the line's chance says, in words.

        Raises:
            IndexError: the page has no such line.
        """
        kept = self.keep[index] >= self.threshold
        line = self.lines[index]
        telling = {reasons.LEXICON: strongest(self.word_tones, words_of(line), kept)}
        if self.doms is not None:
            telling[reasons.MARKUP] = strongest(self.mark_tones, readable(self.doms[index]), kept)
        return reasons.reason(line, self.traits[index], self.tagger.weights.traits, kept, telling)


@cache
def blas_threads() -> ThreadpoolController:
    """Return the switch of numpy's threads: on matrices as small as a page's they only wait for each other."""
    return ThreadpoolController()


class Tagger:
    """Labels lines of flattened pages. Holds nothing but weights: one tagger serves any number of threads."""

    def __init__(self, weights: Weights, characters: Characters) -> None:
        """Use weights already read; see `load`."""
        self.weights = weights
        self.characters = characters

    @classmethod
    def load(cls, path: Path | None = None) -> Tagger:
        """Read weights from a file, by default those shipped.

        Raises:
            OSError: the file cannot be read.
            KeyError: the file holds no weights of this tagger.
        """
        return cls(*read(SHIPPED if path is None else path))

    def tag(self, pages: Sequence[Sequence[str]], doms: Sequence[Sequence[Dom] | None] | None = None) -> list[Tagged]:
        """Tag a batch of pages.

        Args:
            pages: each a list of non-blank lines, stripped. Any text is allowed, also no lines at all.
            doms: for each page what the DOM says of its lines, None for flattened text; without it all are that.

        Returns:
            One `Tagged` a page, in order; each is what the page would give alone.
        """
        tagged: list[Tagged] = []
        with blas_threads().limit(limits=1, user_api="blas"):
            for start, stop in chunks(pages):
                chunk = pages[start:stop]
                seen = doms[start:stop] if doms is not None else [None] * len(chunk)
                tagged += describe(self, chunk, seen, self._answers(chunk, seen))
        return tagged

    def _answers(self, pages: Sequence[Sequence[str]], doms: Sequence[Sequence[Dom] | None]) -> Answers:
        """What the networks say of pages, in few bytes a line; features and levels are let go of."""
        batch = extract(pages, self.characters, doms)
        outputs = run(batch, self.weights)
        marked = batch.said.which > 0
        keep = chances(outputs.keep, marked, self.weights)
        return Answers(keep, *sides(outputs), outputs.page, batch.words, batch.pages, marked)

    def traits(self, lines: Sequence[str], doms: Sequence[Dom] | None = None) -> Floats:
        """The traits of one page's lines, (lines, traits); see `reasons`."""
        batch, weights = extract([lines], self.characters, [doms]), self.weights
        return reasons.traits(batch, weights.words.ids(batch), weights.marks.mark_ids(batch), weights.traits)

    def word_tones(self, lines: Sequence[str]) -> dict[str, int]:
        """How much more an article uses each word than the rest of its page does, `reasons.PARTS` to one of log-odds.

        The words are those of `words_of`; quotes are no part of a token. They are looked up all at once, for a call
        costs as much as tagging a line.
        """
        found = list({word for line in lines for word in words_of(line)})
        tokens = tokenise(lay_out(found, self.characters))
        first = np.searchsorted(tokens.line_of, np.arange(len(found)))
        number, known = self.weights.words.find(tokens.hashes[first])
        ids = np.where(known, FORMS + number, forms(tokens)[first])
        return dict(zip(found, self.weights.traits.lexicon[ids].tolist(), strict=True))

    def mark_tones(self, doms: Sequence[Dom]) -> dict[str, int]:
        """How much more an article has each element and name around lines, as a reader is shown them."""
        found = {name: mark for dom in doms for name, mark in readable(dom).items()}
        number, known = self.weights.marks.find(np.fromiter(found.values(), dtype=np.uint64, count=len(found)))
        return dict(zip(found, self.weights.traits.markup[np.where(known, 1 + number, 0)].tolist(), strict=True))


def words_of(line: str) -> list[str]:
    """The words of a line as a reason shows them, in quotes, each once, as first written."""
    first = {word.lower(): word for word in reversed(WORD.findall(line))}
    return [f"“{word}”" for word in first.values()]


def strongest(tones: Mapping[str, int], names: Iterable[str], kept: bool) -> list[str]:
    """The names with the strongest tone on one side, at most `TELLING`; none that says little."""
    ranked = sorted(((tones[name], name) for name in names), reverse=kept)[:TELLING]
    return [name for tone, name in ranked if (tone if kept else -tone) >= STRONG]


def chunks(pages: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    """Group whole pages to about `CHUNK` lines: yield the first page of each group, and the one behind its last."""
    start, lines = 0, 0
    for index, page in enumerate(pages):
        if index > start and lines + len(page) > CHUNK:
            yield start, index
            start, lines = index, 0
        lines += len(page)
    if start < len(pages):
        yield start, len(pages)


class Answers(NamedTuple):
    """What the networks say of a batch. By line: the chance to `keep` it, its `best` and `worst` label, which go with
    keeping it and dropping it, its `words` and whether it is `marked`, of HTML. By page: the levels of its heads.
    `pages` (pages + 1,) holds the first line of each page, and the end."""

    keep: NDArray[np.float64]
    best: Levels
    worst: Levels
    page: Floats
    words: Ints
    pages: Ints
    marked: NDArray[np.bool_]


def describe(
    tagger: Tagger, pages: Sequence[Sequence[str]], doms: Sequence[Sequence[Dom] | None], answers: Answers
) -> Iterator[Tagged]:
    """Turn the networks' answers into what is said of each page."""
    for page, (start, stop) in enumerate(pairwise(answers.pages.tolist())):
        keep = answers.keep[start:stop]
        chance = alike(keep.tolist())
        words = answers.words[start:stop].tolist()
        raw = start < stop and bool(answers.marked[start])
        calibration = (tagger.weights.html if raw else tagger.weights.text).calibration
        kinds = answers.page[page, : len(PAGE_TYPES)]
        article = share_of(kinds.tolist(), 0)
        threshold = choose_threshold(chance, words, raw=doms[page] is not None)
        labels = np.where(keep >= threshold, answers.best[start:stop], answers.worst[start:stop]).tolist()
        expected = expected_f1(chance, words, threshold)
        none = calibration.no_article(float(answers.page[page, -2]) / SCALE, expected) if words else 1.0
        yield Tagged(
            keep=chance,
            threshold=threshold,
            labels=[LABELS[label] for label in labels],
            words=words,
            page_type=PAGE_TYPES[int(kinds.argmax())],
            article=article,
            expected_f1=calibration.good(float(answers.page[page, -1]) / SCALE, expected) if words else 0.0,
            no_article=none,
            lines=pages[page],
            tagger=tagger,
            doms=doms[page],
        )


def alike(numbers: Sequence[float]) -> list[float]:
    """The same numbers, each held once: of a page of very many lines few differ."""
    held: dict[float, float] = {}
    return [held.setdefault(number, number) for number in numbers]


def sides(outputs: Outputs) -> tuple[Levels, Levels]:
    """The likeliest label of each line of those that go with keeping it, and of those that go with dropping it."""
    best, worst = (np.empty(len(outputs.labels), dtype=np.int8) for _ in range(2))
    for at in blocks(len(best), BLOCK):
        best[at] = np.where(KEPT, outputs.labels[at], WEIGHTLESS).argmax(axis=1)
        worst[at] = np.where(KEPT, WEIGHTLESS, outputs.labels[at]).argmax(axis=1)
    return best, worst


def chances(levels: Floats, marked: NDArray[np.bool_], weights: Weights) -> NDArray[np.float64]:
    """Calibrated chances of logits in levels, by way of a table: the same everywhere, and quick."""
    index = np.clip(np.rint(levels * np.float32(STEPS / SCALE)), -FAR, FAR).astype(np.int64) + FAR
    chance: NDArray[np.float64] = np.where(marked, weights.html.chances[index], weights.text.chances[index])
    return chance


def share_of(levels: Sequence[float], index: int) -> float:
    """The softmax share of one logit in levels, to four places."""
    top = max(levels)
    powers = [math.exp((level - top) / SCALE) for level in levels]
    return round(powers[index] / sum(powers), 4)
