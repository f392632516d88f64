"""Whole sites that do not exist, with the true label of every line of every page, as text and as HTML.

    from scrubber.testing.made_up_sites import made_up_site

    site = made_up_site(7, redesign_at=100)
    for page in site.pages(200):
        page.text, page.html, page.url, page.date, page.labels

    python -m scrubber.testing.made_up_sites 7 200 > pages.jsonl

writes pages as JSON Lines, with `html` behind it as HTML.

A site has a language, sections, staff, a way of flattening and a design: what it puts around its articles,
in which order, in which elements. No two pages have an article in common. A few lines recur that belong to
articles all the same: series titles, sub-headings, agency notes, what is said of an author.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from random import Random

from scrubber.model import KEPT, Label
from scrubber.testing.composed import Block, ComposedPage, Flattening, Written, stories
from scrubber.testing.made_up_furniture import Facts, Furniture, Words, above, below, drawn, head, inside, recurring
from scrubber.testing.made_up_html import Skin, to_html
from scrubber.testing.retold import Telling, paragraphs

FIRST_DAY = date(2021, 1, 4)
"""The day of a site's first page."""

PAGES_A_DAY = 2
"""Pages that a site publishes a day."""

SENTENCES = range(6, 26)
"""Sentences that an article may have."""


@dataclass(frozen=True)
class MadeUpPage:
    """A page of a made-up site.

    Attributes:
        composed: its lines with their labels.
        html: the page as HTML, with the same lines in the same order.
        url: its address, under the site's host.
        date: the day it is from.
    """

    composed: ComposedPage
    html: str
    url: str
    date: date

    @property
    def text(self) -> str:
        """The page as flattened text."""
        return self.composed.source

    @property
    def labels(self) -> tuple[Label, ...]:
        """The true label of each line that is not blank, in order; the same for the text and the HTML."""
        return tuple(line.label for line in self.composed.lines)


@dataclass(frozen=True)
class Design:
    """What a site puts around its articles, and in which elements."""

    above: list[Furniture]
    head: list[Furniture]
    inside: list[Furniture]
    below: list[Furniture]
    skin: Skin

    @classmethod
    def draw(cls, words: Words, random: Random) -> Design:
        """Draw a design; what stands below the article comes in any order, but for the legal notice."""
        last = drawn(below(words, random), random)
        order = [*random.sample(last[:-1], len(last) - 1), last[-1]]
        top, under_title, between = (drawn(place(words, random), random) for place in (above, head, inside))
        return cls(top, under_title, between, order, Skin.draw(random))


@dataclass(frozen=True)
class MadeUpSite:
    """A site that does not exist; pages are made when they are asked for, each by its number alone.

    Attributes:
        seed: the number that the site is drawn from.
        redesign_at: the first page of its second design, None for a site that keeps its first.
    """

    seed: int
    redesign_at: int | None = None

    @property
    def name(self) -> str:
        """The site's name, as its pages show it."""
        return self._words.name

    @property
    def host(self) -> str:
        """Its host; `www.` stands before it in the addresses of its pages."""
        return self._words.host

    @property
    def language(self) -> str:
        """The code of its language."""
        return self._words.story.language

    @property
    def flattening(self) -> Flattening:
        """How its pages become text."""
        return Random(f"{self.seed}/flattening").choice(list(Flattening))

    def pages(self, count: int, start: int = 0) -> Iterator[MadeUpPage]:
        """Yield pages in the order of their dates, from the one numbered `start`."""
        return (self.page(number) for number in range(start, start + count))

    def page(self, number: int) -> MadeUpPage:
        """Return one page; the first is number 0."""
        random = Random(f"{self.seed}/page/{number}")
        design = self._designs[self.redesign_at is not None and number >= self.redesign_at]
        telling = Telling(self._words.story, random)
        sentences = telling.sentences(random.choice(SENTENCES))
        facts = Facts(
            random,
            telling,
            FIRST_DAY + timedelta(days=number // PAGES_A_DAY),
            random.choice(self._words.sections),
            random.choice(self._words.staff),
            telling.title(sentences),
        )
        blocks = list(self._blocks(design, facts, sentences))
        composed = ComposedPage(tuple(block for _, block in blocks), self.flattening)
        url = f"https://www.{self.host}/{facts.section.casefold()}/{facts.date:%Y/%m}/{number}"
        return MadeUpPage(composed, to_html(blocks, facts.title, self.language, design.skin), url, facts.date)

    @cached_property
    def _words(self) -> Words:
        random = Random(f"{self.seed}/words")
        return Words.draw(random.choice(list(stories().values())), random)

    @cached_property
    def _designs(self) -> tuple[Design, Design]:
        first, second = (Design.draw(self._words, Random(f"{self.seed}/design/{nth}")) for nth in (1, 2))
        return first, second

    @cached_property
    def _recurring(self) -> dict[str, Furniture]:
        return recurring(self._words, Random(f"{self.seed}/recurring"))

    def _blocks(self, design: Design, facts: Facts, sentences: list[str]) -> Iterator[tuple[str, Block]]:
        """Yield the blocks of a page, each with its kind."""
        yield from _shown(design.above, facts)
        yield "title", (Written(facts.title, Label.TITLE),)
        yield from _shown(design.head, facts)
        yield from self._article(design, facts, sentences)
        yield from _shown(design.below, facts)

    def _article(self, design: Design, facts: Facts, sentences: list[str]) -> Iterator[tuple[str, Block]]:
        own = self._recurring
        bodies = paragraphs(sentences, self._words.story.separator, facts.random)
        yield from _shown([own["series"], own["intro"]], facts)
        for nth, text in enumerate(bodies):
            if nth == 1:
                yield from _shown(design.inside, facts)
            if nth in {2, 4}:
                yield from _shown([own["heading"], own["refrain"]][nth // 4 :][:1], facts)
            yield "paragraph", (Written(text, Label.PARAGRAPH),)
        yield from _shown([own["note"], own["author"]], facts)


def made_up_site(seed: int, *, redesign_at: int | None = None) -> MadeUpSite:
    """Return the site of a number: the same number gives the same site, pages and all, on every platform."""
    return MadeUpSite(seed, redesign_at)


def _shown(furniture: list[Furniture], facts: Facts) -> Iterator[tuple[str, Block]]:
    for piece in furniture:
        if facts.random.random() < piece.share:
            yield _kind(piece), tuple(Written(line, piece.label) for line in piece.lines(facts))


def _kind(piece: Furniture) -> str:
    """Return the kind that a block's element is named for: what belongs to the article is just a part of it."""
    return str(piece.label) if piece.label in KEPT else piece.kind


def main(arguments: Sequence[str]) -> None:
    """Write pages of a site as JSON Lines: its number, how many pages, and `html` for pages in HTML."""
    seed, count, *form = arguments
    for page in made_up_site(int(seed)).pages(int(count)):
        content = {"html": page.html} if form == ["html"] else {"text": page.text}
        record = {"url": page.url, "date": page.date.isoformat(), **content}
        sys.stdout.buffer.write(json.dumps(record, ensure_ascii=False).encode("utf-8") + b"\n")


if __name__ == "__main__":
    main(sys.argv[1:])
