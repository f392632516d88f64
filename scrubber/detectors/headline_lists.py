"""Lists of headlines of other articles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from scrubber.detectors import CERTAIN, HINT, STRONG, detector
from scrubber.document import Document
from scrubber.model import Evidence, Label

STAMPS = 3
"""Stamps. Three with headlines between them are a list; two may be a chronicle's first entries.
A bare year is none: it heads a chronicle's entry."""

STAMP_GAP = 4
"""Lines from one stamp to the next: a headline, a section, a summary."""

HEADLINE_WORDS = range(4, 21)
"""Words that a headline may have."""

WIDE_HEADLINE = range(6, 61)
"""Characters that a headline may have in Chinese or Japanese."""

RUN = 4
"""Headlines in a row: three may be a list in the article."""

COLONS = (":", "\uff1a")

_STAMP = re.compile(
    r"\d(?:[:.h]\d\d\b|[./-]\d{1,2}[./-]\d\d| ?(?:min|h|hours?|days?|minutes?)\b| ?[年月日時时点]"
    r"|(?:(?<=\b1)9|(?<=\b2)0)\d\d\b)"
)
"""A digit and what makes it a part of a time, a date, an age or a year."""


_DAY = re.compile(r"\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d\d|\d ?[年月日]")
"""What of it names a day; a time alone is as often a track's length or a score."""


@detector("stamped-headlines")
def stamped_headlines(document: Document) -> Iterator[Evidence]:
    """Date stamps and headlines take turns.

    Bad:  14:34 Sunday 18 September / Bridge closed by flood / 13:31 Thursday 28 September / Mayor resigns after vote /
          11:02 Monday 2 October / Museum opens new wing
    Good: 1912 / The yard was founded by two brothers, and built its first ship within a year.
    """
    texts, signs = document.texts, document.signs
    timed = [index for index in document.short if signs[index] and _STAMP.search(texts[index])]
    stamps = [index for index in timed if not texts[index].isdigit()]
    for run in _close_runs(stamps):
        between = range(run[0], min(run[-1] + 2, len(document)))
        if len(run) >= STAMPS and _holds_headlines(document, between, run):
            reason = f"in a list of {len(run)} dated headlines"
            dated = 2 * sum(_DAY.search(texts[index]) is not None for index in run) >= len(run)
            weight = CERTAIN if dated and run[0] >= document.body.stop else HINT
            for index in between:
                yield Evidence(index, Label.HEADLINE_LIST, weight, "stamped-headlines", reason)


def _holds_headlines(document: Document, lines: Iterable[int], stamps: Sequence[int]) -> bool:
    """Tell whether at least half of the stamps have a headline, and no running text stands between them."""
    headlines = sum(_is_headline(document, index) for index in set(lines).difference(stamps))
    return 2 * headlines >= len(stamps) and not any(document.prose[index] for index in lines)


def _is_headline(document: Document, index: int) -> bool:
    text = document.texts[index]
    wide = len(text) in WIDE_HEADLINE and len(text.encode("utf-8", "replace")) > 2 * len(text)
    return wide or document.words[index] in HEADLINE_WORDS


def _close_runs(stamps: Sequence[int]) -> Iterator[list[int]]:
    """Split stamps where the next is neither next but one nor up to `STAMP_GAP` lines away."""
    run: list[int] = []
    for index in stamps:
        if run and not 1 < index - run[-1] <= STAMP_GAP:
            yield run
            run = []
        run.append(index)
    if run:
        yield run


@detector("related-lists")
def related_lists(document: Document) -> Iterator[Evidence]:
    """A heading such as "Most read" and the headlines under it.

    Bad:  Related articles / Bridge closed by flood / Mayor resigns after vote
    Good: Related species live further north. They are smaller.
    """
    headings = {index for index in document.phrases.get("related", ()) if not document.prose[index]}
    for heading in sorted(headings):
        yield Evidence(heading, Label.HEADLINE_LIST, STRONG, "related-lists", "a heading above other articles")
        for index in range(heading + 1, len(document)):
            if document.closed[index] or index in headings:
                break
            yield Evidence(index, Label.HEADLINE_LIST, HINT, "related-lists", "a headline under such a heading")


@detector("headline-runs")
def headline_runs(document: Document) -> Iterator[Evidence]:
    """Four or more headlines in a row below the article.

    Bad:  The ferry has been out of service since the storm of last week. / Bridge closed by flood /
          Mayor resigns after vote / Museum opens new wing / Team wins at home
    Good: The council agreed on four points: / A bridge for the valley / A roof for the market /
          A road to the mill / A day without cars
    """
    run: list[int] = []
    stop = document.body.stop
    facts = zip(range(stop, len(document)), document.words[stop:], document.closed[stop:], strict=True)
    for index, words, closed in facts:
        if closed or words not in HEADLINE_WORDS or document.is_row(index):
            if len(run) >= RUN:
                yield from _as_list(document, run)
            run = []
        else:
            run.append(index)
    if len(run) >= RUN:
        yield from _as_list(document, run)


def _as_list(document: Document, run: Sequence[int]) -> Iterator[Evidence]:
    if not _is_introduced(document, run[0]):
        for index in run:
            reason = f"one of {len(run)} headlines in a row"
            yield Evidence(index, Label.HEADLINE_LIST, HINT, "headline-runs", reason)


def _is_introduced(document: Document, first: int) -> bool:
    """Tell whether a list's first line, or the one above, announces it with a colon: the article does, no menu."""
    above = range(max(first - 1, 0), first + 1)
    announced = [index for index in above if document.texts[index].endswith(COLONS)]
    return any(index not in document.phrases.get("related", ()) for index in announced)
