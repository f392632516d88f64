"""The pages that learning looks at as a whole: where each has its article, and what generic cleaning makes of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from scrubber.document import LINE_COST, LONG_WORDS, Document, densest_run
from scrubber.learning.memory import Counts
from scrubber.learning.shapes import Kind, Shape
from scrubber.model import DROPPED, KEPT, Label, Page
from scrubber.pipeline import Cleaner
from scrubber.sites import Rule


class Place(NamedTuple):
    """A line of the sample: the number of its page, and its own."""

    page: int
    line: int


@dataclass(frozen=True)
class StudiedPage:
    """One page of the sample.

    Attributes:
        document: its lines.
        labels: what generic cleaning takes each line for.
        own: for each line whether it is running text that no other page has: the article, if anything is.
    """

    document: Document
    labels: tuple[Label, ...]
    own: tuple[bool, ...]

    @cached_property
    def zone(self) -> range:
        """The lines of the article: the run with the most running text of the page's own; empty without any."""
        words = self.document.words
        return densest_run(min(words[index], LONG_WORDS) if own else -LINE_COST for index, own in enumerate(self.own))

    @cached_property
    def _chrome_before(self) -> list[int]:
        counts = [0]
        for label in self.labels:
            counts.append(counts[-1] + (label in DROPPED))
        return counts

    def apart(self, index: int) -> bool:
        """Tell whether something that is surely not the article stands between a line and the article.

        Above the article that is its title, where one was found: what stands below it may belong to the article.
        """
        if index >= self.zone.start:
            return self._chrome_before[index] > self._chrome_before[self.zone.stop]
        if Label.TITLE in self.labels[: self.zone.start]:
            return Label.TITLE in self.labels[index + 1 : self.zone.start]
        return self._chrome_before[self.zone.start] > self._chrome_before[index + 1]


def study(page: Page, cleaner: Cleaner, counts: Counts) -> StudiedPage:
    """Look at a page: clean it without any site, and tell its own text from what other pages have too."""
    judgement, document = cleaner.judge(page), cleaner.read(page)  # the one that was judged finds no selectors any more
    own = [
        prose and counts.of(Shape(Kind.NOTHING, text)) <= 1
        for text, prose in zip(document.texts, document.prose, strict=True)
    ]
    return StudiedPage(document, tuple(judgement.labels), tuple(own))


class Sample:
    """Pages that were studied, and the places of every text on them."""

    def __init__(self, pages: Iterable[StudiedPage]) -> None:
        """Index the texts of some pages."""
        self.pages = tuple(pages)
        self._places: dict[str, list[Place]] = defaultdict(list)
        for number, page in enumerate(self.pages):
            for line, text in enumerate(page.document.texts):
                self._places[text].append(Place(number, line))
        texts = list(self._places)
        self.texts = Document("", texts, [(0, 0)] * len(texts))
        """All different lines, as a page of their own."""

    def places(self, rule: Rule) -> list[Place]:
        """Return where the sample has a line that a rule of one line matches, in order."""
        if rule.line is not None and "*" not in rule.line:
            return self._places.get(rule.line, [])
        found = [place for index in rule.lines(self.texts) for place in self._places[self.texts.texts[index]]]
        return sorted(found)

    def text(self, place: Place) -> str:
        """Return a line."""
        return self.pages[place.page].document.texts[place.line]

    def label(self, place: Place) -> Label:
        """Return what generic cleaning takes a line for."""
        return self.pages[place.page].labels[place.line]

    def kept(self, place: Place) -> bool:
        """Tell whether generic cleaning keeps a line."""
        return self.label(place) in KEPT
