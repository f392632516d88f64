"""Which of the lines that recur are taken out, which a person has to judge, and which say nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from scrubber.learning.blocks import Found, with_blocks
from scrubber.learning.elements import css_for, elements
from scrubber.learning.memory import Counts
from scrubber.learning.naming import Names
from scrubber.learning.sample import Place, Sample
from scrubber.learning.shapes import Kind, Shape, selector, shapes
from scrubber.learning.standing import Companions, Standing, standing_of
from scrubber.model import FIELDS, Label
from scrubber.sites import Rule

FEWEST = 3
"""Pages that must show a line, or a shape, before anything is learned of it: two may be an accident."""

LEAST_SHARE = 0.1
"""Share of the pages from which a line says something of the site rather than of some articles."""

OFTEN = 0.5
"""Share of the pages alike, from which a whole line is chosen before any shape that it is of."""

VARIED = 2
"""Different lines of a shape, beyond those that rules take out already, that make it worth a rule."""

INSIDE = 0.05
"""Share of its pages on which a line may seem to stand in the article: its ends are not always found."""

DROPPED_ANYWAY = 0.98
"""Share of the lines that generic cleaning takes out, from which a rule for them takes nothing more."""

EDGE_SHORT, EDGE_PROSE, APART_PROSE = 0.45, 0.7, 0.3
"""Least shares of the pages alike, by `Standing.at_least`, of what stands right at the article and of running text.
Series titles, sub-headings, agency notes and what is said of authors stand there too, and not on every page."""

APART = 0.5
"""Share of its pages, on which something surely stands between a line and the article, that makes it apart."""

KEPT_BACK = 0.5
"""Share of the lines that generic cleaning takes out, from which a rule for review is one that keeps them."""

DISTINCT_TEXTS = 50
"""Lines of a shape that its expression is made from."""


class Chosen(NamedTuple):
    """Rules that take something out, and those that a person has to judge, with the reasons."""

    taken: list[Found]
    review: list[Found]


def choose(sample: Sample, counts: Counts, names: Names) -> Chosen:
    """Judge every line and every shape that recurs, the surest first; what rules take out already is passed over.

    Whole lines that few pages show come last: most of them are headlines of lists that a block takes out.
    """
    found = _recurring(sample, counts)
    companions = Companions(sample, [places for shape, places in found.items() if shape.kind is Kind.NOTHING])
    chooser = _Chooser(sample, counts, companions, names)
    often = OFTEN * len(sample.pages)
    rare = {shape: places for shape, places in found.items() if _is_rare(shape, places, often)}
    for shape in sorted(found.keys() - rare.keys(), key=lambda shape: _order(shape, found[shape])):
        chooser.judge(shape, found[shape])
    chooser.taken = with_blocks(sample, chooser.taken, chooser.review, names)
    chooser.spoken.update(place for one in chooser.taken for place in one.places)
    for shape in sorted(rare, key=lambda shape: _order(shape, rare[shape])):
        chooser.judge(shape, rare[shape])
    chooser.judge_elements()
    return Chosen(chooser.taken, chooser.review)


def _is_rare(shape: Shape, places: Sequence[Place], often: float) -> bool:
    return shape.kind is Kind.NOTHING and len({place.page for place in places}) < often


def _order(shape: Shape, places: Sequence[Place]) -> tuple[int, int, Shape]:
    return list(Kind).index(shape.kind), -len(places), shape


def _recurring(sample: Sample, counts: Counts) -> dict[Shape, list[Place]]:
    """Return the shapes that enough pages show, each with its places."""
    found: dict[Shape, list[Place]] = defaultdict(list)
    least = max(FEWEST, LEAST_SHARE * counts.pages)
    for number, page in enumerate(sample.pages):
        for line, text in enumerate(page.document.texts):
            for shape in shapes(text):
                if counts.of(shape) >= least:
                    found[shape].append(Place(number, line))
    return dict(found)


class _Chooser:
    """Goes through the shapes; remembers which lines are spoken of."""

    def __init__(self, sample: Sample, counts: Counts, companions: Companions, names: Names) -> None:
        self.sample, self.counts, self.companions, self.names = sample, counts, companions, names
        self.taken: list[Found] = []
        self.review: list[Found] = []
        self.spoken: set[Place] = set()

    def judge(self, shape: Shape, places: Sequence[Place]) -> None:
        fresh = [place for place in places if place not in self.spoken]
        texts = sorted({self.sample.text(place) for place in fresh})
        if len({place.page for place in fresh}) < FEWEST or (shape.kind is not Kind.NOTHING and len(texts) < VARIED):
            return
        said = selector(shape, sorted({self.sample.text(place) for place in places})[:DISTINCT_TEXTS])
        rule = Rule("", Label.NON_CONTENT, said.line, said.match)
        matched = self.sample.places(rule)
        standing = standing_of(self.sample, matched, self.companions)
        verdict = _verdict(standing, exact=shape.kind is Kind.NOTHING)
        if verdict is None:
            return
        rule = replace(rule, name=self.names.new(texts[0]), label=_label(standing, reviewed=bool(verdict)))
        pages = self.counts.of(shape)
        (self.review if verdict else self.taken).append(Found(rule, tuple(matched), standing, pages, verdict))
        self.spoken.update(matched)

    def judge_elements(self) -> None:
        """Judge the classes and ids of HTML: one that ever stands around a line of an article says nothing."""
        judged = {place for one in self.review for place in one.places}
        seen: set[Place] = set()
        for name, places in elements(self.sample, FEWEST):
            if judged.isdisjoint(places) and not seen.issuperset(places):
                self._judge_element(name, places, judged, seen)

    def _judge_element(self, name: str, places: Sequence[Place], judged: set[Place], seen: set[Place]) -> None:
        standing = standing_of(self.sample, places, self.companions)
        if standing.inside or _verdict(standing, exact=True) != "":
            return
        selector, found = css_for(self.sample, name, places)
        if selector and judged.isdisjoint(found):
            label = _label(standing, reviewed=False)
            rule = Rule(self.names.new(name), label, css=selector)
            self.taken.append(Found(rule, tuple(found), standing, None))
            seen.update(found)


def _verdict(standing: Standing, *, exact: bool) -> str | None:
    """Return "" for what is taken out, the reason for what a person has to judge, None for what says nothing."""
    if standing.label is Label.TITLE:
        return None
    apart = standing.apart >= APART
    if standing.dropped >= DROPPED_ANYWAY and (apart or standing.at_least >= EDGE_SHORT or standing.label in FIELDS):
        return ""
    if standing.inside > INSIDE:
        return f"stands {_between(standing)} on {standing.inside:.0%} of its pages" if exact else None
    if standing.prose:
        sure = standing.at_least >= (APART_PROSE if apart else EDGE_PROSE)
        return "" if sure else "reads like a paragraph, and is not on all pages that look alike" if exact else None
    if apart or standing.at_least >= EDGE_SHORT:
        return ""
    return "stands right at the article, and not on most pages: a series, an author, a sub-heading?"


def _between(standing: Standing) -> str:
    return "in the article" if standing.prose else "between the paragraphs of the article"


def _label(standing: Standing, *, reviewed: bool) -> Label:
    """Return what a rule calls its lines; for review, where generic cleaning takes them out, what would keep them."""
    if reviewed and standing.dropped >= KEPT_BACK:
        return Label.PARAGRAPH if standing.prose else Label.SUBHEADING
    return standing.label or Label.NON_CONTENT
