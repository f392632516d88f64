"""From texts to scores: the systems that are compared, their answers page by page, and the sets' own scores.

A score of a system is a `Ratio` over the pages of a set, so that any two systems can be compared page by page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from _data import (
    Cleaned,
    TuningPage,
    article_lines,
    clean_held_out,
    flattened,
    held_out_cleaners,
    load,
    rules_cleaners,
    tag,
)
from _peers import PEERS, Peer, answers
from _stats import Ratio, mean_of
from _tables import follow

from scrubber import Cleaner, Page
from scrubber.tagger.train import scores

HTML = "html"
"""The way of giving pages that is no flattening: as they came."""

BAD = 0.7
"""Word F1 under which a page counts as gone wrong."""

WHOLE = "scrubber, whole pipeline"
RULES = "scrubber, rules only"
TAGGER = "scrubber, tagger only"
CEILING = "(ceiling: the right lines)"


@dataclass
class Run:
    """One set, given one way, with everybody's answers; scrubber's results are kept for a closer look.

    `way` is a way of flattening, or `HTML`.
    """

    pages: list[TuningPage]
    way: str
    texts: dict[str, list[str]] = field(default_factory=dict)
    cleaned: dict[str, list[Cleaned]] = field(default_factory=dict)

    @property
    def data(self) -> str:
        """The name of the set."""
        return self.pages[0].data

    @cached_property
    def lines(self) -> list[list[str]]:
        """The flattened lines of each page, or of HTML the lines as scrubber reads them."""
        if self.way == HTML:
            return [cleaned.source.split("\n") for cleaned in next(iter(self.cleaned.values()))]
        return flattened(self.pages, self.way)

    @cached_property
    def scores(self) -> dict[str, dict[str, Ratio]]:
        """Each system's scores."""
        measure = {"wcxb": wcxb_scores, "news": news_scores, "segments": segment_scores}[self.data]
        named = follow(list(self.texts.items()), f"scores {self.data}, {self.way}")
        return {name: measure(self.pages, texts) for name, texts in named}

    def groups(self, key: Callable[[TuningPage], str], least: int = 1) -> dict[str, Any]:
        """Return which pages are in each group of at least `least` pages, the largest first, as masks."""
        names = np.array([key(page) for page in self.pages])
        found, counts = np.unique(names, return_counts=True)
        order = sorted(zip((-counts).tolist(), found.tolist(), strict=True))
        return {name: names == name for count, name in order if -count >= least}


def run(
    data: str, way: str, cleaners: dict[str, list[Cleaner]], *, sample: int | None = None, peers: Sequence[Peer] = PEERS
) -> Run:
    """Clean one set, given one way, with every cleaner and every peer."""
    done = Run(load(data, sample), way)
    for name, some in cleaners.items():
        done.cleaned[name] = clean(done, some, name)
        done.texts[name] = [cleaned.result.text for cleaned in done.cleaned[name]]
    if WHOLE in cleaners:
        done.texts[TAGGER] = [tagger_text(cleaned) for cleaned in done.cleaned[WHOLE]]
    for peer in peers:
        done.texts[peer.full_name()] = answers(peer, done.pages, way)
    if data != "segments" and way != HTML:
        done.texts[CEILING] = right_lines(done)
    return done


def clean(done: Run, cleaners: Sequence[Cleaner], name: str) -> list[Cleaned]:
    """Return scrubber's result for each page, by the cleaner that has not seen its host."""
    inputs = given(done)
    found = clean_held_out(done.pages, inputs, cleaners)
    watched = zip(follow(inputs, f"{done.data}, {done.way}: {name}"), found, strict=True)
    return [cleaned for _, (_, cleaned) in sorted((pair for pair in watched), key=lambda pair: pair[1][0])]


def given(done: Run) -> list[Page]:
    """Return what the cleaners are given."""
    if done.way == HTML:
        return [Page(page.html, content_type="text/html") for page in done.pages]
    return [Page("\n".join(lines)) for lines in done.lines]


def tagger_text(cleaned: Cleaned) -> str:
    """Return the lines that the tagger would keep if nobody else were asked."""
    tagged = tag(cleaned)
    if tagged is None:
        return cleaned.result.text
    return "\n".join(line for line, chance in zip(tagged.lines, tagged.keep, strict=True) if chance >= tagged.threshold)


def right_lines(done: Run) -> list[str]:
    """Return the text of the lines that alignment gives to the article: no choice of lines does much better."""
    chosen = article_lines(done.pages, done.way, done.lines)
    pairs = zip(done.lines, chosen, strict=True)
    return ["\n".join(line for line, right in zip(*pair, strict=True) if right) for pair in pairs]


def make_cleaners(folds: Path | None) -> dict[str, list[Cleaner]]:
    """Return the cleaners of scrubber's rows: with the taggers of the folds where there are any, and rules only.

    Raises:
        NoFolds: the folder has no complete set of weights.
    """
    whole = {} if folds is None else {WHOLE: held_out_cleaners(folds)}
    return {**whole, RULES: rules_cleaners()}


def wcxb_scores(pages: Sequence[TuningPage], texts: Sequence[str]) -> dict[str, Ratio]:
    """Return the scores of WCXB: word F1, snippets, exact pages, and how many of the article's words are kept."""
    pairs = [(page, text, page.reference or "") for page, text in zip(pages, texts, strict=True)]
    f1 = np.array([scores.word_f1(text, reference) for _, text, reference in pairs])
    wanted = np.array([scores.words(reference).total() for *_, reference in pairs], dtype=np.float64)
    recall = np.array([scores.word_recall(text, reference) for _, text, reference in pairs])
    return {
        "f1": mean_of(f1),
        "bad": mean_of((f1 < BAD).astype(np.float64)),
        "exact": mean_of([same_words(text, reference) for _, text, reference in pairs]),
        "with": shares_found([(text, page.wanted) for page, text, _ in pairs]),
        "without": shares_found([(text, page.unwanted) for page, text, _ in pairs]),
        "recall": mean_of(recall),
        "words kept": Ratio(recall * wanted, wanted),
    }


def same_words(text: str, reference: str) -> bool:
    """Whether a text has the reference's words, all of them, in order, and no others."""
    return scores.WORD.findall(text.lower()) == scores.WORD.findall(reference.lower())


def shares_found(pairs: Sequence[tuple[str, Sequence[str]]]) -> Ratio:
    """Return the mean share of snippets found, over the pages that have any."""
    found = [scores.share_found(text, snippets) for text, snippets in pairs]
    return Ratio(np.array(found), np.array([float(bool(snippets)) for _, snippets in pairs]))


def news_scores(pages: Sequence[TuningPage], texts: Sequence[str]) -> dict[str, Ratio]:
    """Return word F1 where each kana and han is a word, and of plain `\\w+`."""
    pairs = [(text, page.reference or "") for page, text in zip(pages, texts, strict=True)]
    f1 = np.array([scores.word_f1(text, reference, unspaced=True) for text, reference in pairs])
    plain = [scores.word_f1(text, reference) for text, reference in pairs]
    return {"f1": mean_of(f1), "plain": mean_of(plain), "bad": mean_of((f1 < BAD).astype(np.float64))}


def segment_scores(pages: Sequence[TuningPage], texts: Sequence[str]) -> dict[str, Ratio]:
    """Return segment F1 and the shares it is made of; all counts are summed over pages."""
    counts = [scores.segments(text, page.wanted, page.unwanted) for page, text in zip(pages, texts, strict=True)]
    found, missed, wrong = np.array(counts, dtype=np.float64).reshape(-1, 3).T
    unwanted = np.array([len(page.unwanted) for page in pages], dtype=np.float64)
    return {
        "f1": Ratio(2 * found, 2 * found + missed + wrong),
        "found": Ratio(found, found + missed),
        "wrong": Ratio(wrong, unwanted),
    }
