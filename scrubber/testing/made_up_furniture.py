"""What a made-up site puts around its articles: blocks of lines, fixed for a design or told anew on each page.

Every maker is given the design once and returns a function of a page, so that what a site shows on each of its
pages is drawn once and what varies is drawn each time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import NamedTuple

from scrubber.model import Label
from scrubber.testing.composed import CHROME, Story
from scrubber.testing.retold import Telling

SECTIONS = 5
"""Sections of a site: names of their own in its menu, one of them on each page."""

STAFF = 6
"""Authors of a site."""

POPULAR_DAYS = 3
"""Days for which a site lists the same headlines as most read."""

USUAL = 0.5
"""Share of blocks that say what most sites say, in words that phrase packs know; the others have words of their own."""

_TIME = re.compile(r"\b\d\d:\d\d\b")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_DAY = re.compile(r"(?<![\d:])\d{1,2}(?![\d:])")


@dataclass(frozen=True)
class Facts:
    """What is drawn for one page: its date, section, author, title, and the telling that its article is in."""

    random: Random
    telling: Telling
    date: date
    section: str
    author: str
    title: str


class Furniture(NamedTuple):
    """Lines of one kind on a site's pages: `share` of the pages show them, 0.0 to 1.0; `lines` gives them."""

    kind: str
    label: Label
    share: float
    lines: Callable[[Facts], Sequence[str]]


@dataclass(frozen=True)
class Words:
    """What a site has words for, whatever its design: its language, its name, its sections, its staff."""

    story: Story
    name: str
    host: str
    sections: tuple[str, ...]
    staff: tuple[str, ...]

    @classmethod
    def draw(cls, story: Story, random: Random) -> Words:
        """Draw the words of a site."""
        telling = Telling(story, random)
        name = telling.name()
        host = f"{''.join(random.choice('bdfgklmnprstv') + random.choice('aeiou') for _ in range(4))}.example"
        sections = tuple(telling.word().capitalize() for _ in range(SECTIONS))
        return cls(story, name, host, sections, tuple(telling.name() for _ in range(STAFF)))


def stamp(template: str, facts: Facts) -> str:
    """Return a stamp of the story with the page's year, and another day and time; any number up to 12 is a date."""
    random = facts.random
    timed = _TIME.sub(lambda _: f"{random.randint(0, 23):02}:{random.randint(0, 59):02}", template)
    dated = _YEAR.sub(str(facts.date.year), timed)
    return _DAY.sub(lambda found: f"{random.randint(1, 12):0{len(found[0])}}", dated)


# --- makers: a design's random numbers in, a function of a page out ---------------------------------


def above(words: Words, random: Random) -> Iterator[Furniture]:
    """Yield what stands above the title."""
    story, telling = words.story, Telling(words.story, random)
    yield _fixed("consent", 0.6, [*_usual("consent", telling, random)[:2], *_maybe(random, telling.sentences(1))])
    yield _fixed("header", 1.0, [words.name, *_maybe(random, [_claim(telling)])])
    yield _fixed("menu", 1.0, _menu(words, telling, random))
    yield _told("weather", Label.NON_CONTENT, 0.5, _weather(telling.word().capitalize()))
    yield _told("day", Label.NON_CONTENT, 0.6, _stamped(random.choice(story.stamps)))
    yield _told("trail", Label.NAVIGATION, 0.6, _trail(random.choice([" > ", " / ", " » "]), words.name))


def head(words: Words, random: Random) -> Iterator[Furniture]:
    """Yield what stands between the title and the article."""
    story, telling = words.story, Telling(words.story, random)
    yield _told("byline", Label.BYLINE, 0.9, _byline(random.choice(story.chrome["bylines"]), telling))
    yield _told("updated", Label.REPEATED_HEADER, 0.8, _stamped(random.choice(story.chrome["updated"])))
    yield _told("reads", Label.NON_CONTENT, 0.5, _counter(telling.word()))
    yield _fixed("share", 0.7, _usual("share", telling, random))
    yield _told("caption", Label.CAPTION, 0.5, lambda facts: [facts.telling.tell(story.chrome["captions"][0])] * 2)
    yield _told("credit", Label.CAPTION, 0.4, _credit(story))


def inside(words: Words, random: Random) -> Iterator[Furniture]:
    """Yield what interrupts the article."""
    telling = Telling(words.story, random)
    prompt = words.story.chrome["read_more"][0]
    yield _told("promo", Label.NAVIGATION, 0.4, lambda facts: [f"{prompt}: {facts.telling.headline()}"])
    yield _fixed("newsletter", 0.3, _usual("newsletter", telling, random)[:1])


def below(words: Words, random: Random) -> Iterator[Furniture]:
    """Yield what stands below the article."""
    story, telling = words.story, Telling(words.story, random)
    yield _told("source", Label.SOURCE, 0.3, lambda facts: [facts.random.choice(story.chrome["sources"])])
    yield _told("tags", Label.NAVIGATION, 0.6, _tags(telling.word().capitalize()))
    yield _fixed("share", 0.7, _usual("share", telling, random))
    yield _fixed("comment_prompt", 0.5, _usual("comment_prompt", telling, random)[:1])
    yield _fixed("comment_form", 0.6, _usual("comment_form", telling, random))
    yield _told("related", Label.HEADLINE_LIST, 0.8, _related(story, random))
    yield _told("popular", Label.HEADLINE_LIST, 0.6, _popular(words, telling))
    yield _told("stamped", Label.HEADLINE_LIST, 0.3, _stamped_list(story))
    yield _fixed("about", 0.5, telling.sentences(random.randint(1, 3)))
    yield _fixed("newsletter", 0.6, [*_usual("newsletter", telling, random), *_maybe(random, [_claim(telling)])])
    yield _told("counted", Label.NON_CONTENT, 0.4, _counter(telling.word()))
    yield _fixed("footer", 0.8, [*words.sections, *(telling.word().capitalize() for _ in range(random.randint(2, 6)))])
    yield _fixed(
        "legal", 1.0, [f"© {words.name}", *_usual("legal", telling, random)[1:], *_maybe(random, telling.sentences(1))]
    )


def recurring(words: Words, random: Random) -> dict[str, Furniture]:
    """Return what recurs and is the article's own: at its start, between its paragraphs, at its end."""
    story, telling = words.story, Telling(words.story, random)
    series, intro, note = telling.name(), telling.sentences(1), telling.sentences(1)
    boxes = {author: telling.sentences(1) for author in words.staff}
    headings = [telling.tell(heading) for heading in story.subheadings]
    often = random.choice([0.15, 0.4, 0.95])
    return {
        "series": Furniture("series", Label.SUBHEADING, 0.2, lambda f: [f"{series} ({f.random.randint(2, 40)})"]),
        "intro": Furniture("intro", Label.PARAGRAPH, 0.2, lambda _: intro),
        "heading": Furniture("heading", Label.SUBHEADING, often, lambda f: [f.random.choice(headings)]),
        "refrain": Furniture("refrain", Label.PARAGRAPH, 0.2, lambda _: story.short[:1]),
        "note": Furniture("note", Label.PARAGRAPH, 0.4, lambda _: note),
        "author": Furniture("author", Label.PARAGRAPH, 0.4, lambda f: boxes[f.author]),
    }


def drawn(furniture: Iterator[Furniture], random: Random) -> list[Furniture]:
    """Return the furniture that one design has: of each kind, `share` says how likely; then every page shows it.

    What is told anew stands on most pages rather than on all.
    """
    chosen = [piece for piece in furniture if random.random() < piece.share]
    return [piece._replace(share=random.choice([1.0, 1.0, 0.7])) for piece in chosen]


# --- the kinds ------------------------------------------------------------------------------------


def _fixed(kind: str, share: float, lines: Sequence[str]) -> Furniture:
    label = CHROME.get(kind, Label.NAVIGATION if kind == "footer" else Label.NON_CONTENT)
    return Furniture(kind, label, share, lambda _: lines)


def _told(kind: str, label: Label, share: float, lines: Callable[[Facts], Sequence[str]]) -> Furniture:
    return Furniture(kind, label, share, lines)


def _maybe(random: Random, lines: Sequence[str]) -> Sequence[str]:
    return lines if random.random() < 0.5 else []  # noqa: PLR2004 - a coin


def _usual(kind: str, telling: Telling, random: Random) -> Sequence[str]:
    """Return the lines of a kind as most sites write them, or in words of the site's own."""
    lines = telling.story.chrome[kind]
    return lines if random.random() < USUAL else [telling.tell(line) for line in lines]


def _claim(telling: Telling) -> str:
    """Return a tag line: a few words of a sentence."""
    return telling.title(telling.sentences(1))


def _menu(words: Words, telling: Telling, random: Random) -> list[str]:
    entries = [*words.story.chrome["menu"][: random.randint(2, 6)], *words.sections]
    entries += [telling.word().capitalize() for _ in range(random.randint(0, 5))]
    style = random.choice(["lines", "lines", "row", "bullets"])
    if style == "row":
        return [random.choice([" | ", " · "]).join(entries)]
    return [f"• {entry}" for entry in entries] if style == "bullets" else entries


def _weather(place: str) -> Callable[[Facts], Sequence[str]]:
    return lambda facts: [f"{place} {facts.random.randint(-9, 35)}° / {facts.random.randint(-9, 35)}°"]


def _stamped(template: str) -> Callable[[Facts], Sequence[str]]:
    return lambda facts: [stamp(template, facts)]


def _trail(separator: str, name: str) -> Callable[[Facts], Sequence[str]]:
    return lambda facts: [separator.join([name, facts.section])]


def _byline(template: str, telling: Telling) -> Callable[[Facts], Sequence[str]]:
    prefix = template.split(" ", maxsplit=1)[0] if " " in template else ""
    return lambda facts: [f"{prefix} {facts.author}".strip()]


def _credit(story: Story) -> Callable[[Facts], Sequence[str]]:
    prefix = re.split(r"(?<=[:：])", story.chrome["credits"][-1])[0]
    return lambda facts: [f"{prefix} {facts.telling.name()}"]


def _counter(word: str) -> Callable[[Facts], Sequence[str]]:
    return lambda facts: [f"{facts.random.randint(2, 9_999):,} {word}"]


def _tags(heading: str) -> Callable[[Facts], Sequence[str]]:
    return lambda facts: [heading, *(facts.telling.word().capitalize() for _ in range(facts.random.randint(1, 4)))]


def _related(story: Story, random: Random) -> Callable[[Facts], Sequence[str]]:
    heading, most = random.choice(story.chrome["related"]), random.randint(3, 8)

    def lines(facts: Facts) -> list[str]:
        return [heading, *(Telling(story, facts.random).headline() for _ in range(most))]

    return lines


def _popular(words: Words, telling: Telling) -> Callable[[Facts], Sequence[str]]:
    heading = telling.word().capitalize()

    def lines(facts: Facts) -> list[str]:
        days = Random(f"{words.host}/{facts.date.toordinal() // POPULAR_DAYS}")
        return [heading, *(Telling(words.story, days).headline() for _ in range(5))]

    return lines


def _stamped_list(story: Story) -> Callable[[Facts], Sequence[str]]:
    def lines(facts: Facts) -> list[str]:
        told = [(stamp(story.stamps[0], facts), Telling(story, facts.random).headline()) for _ in range(4)]
        return [line for pair in told for line in pair]

    return lines
