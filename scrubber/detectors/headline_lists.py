"""Lists of headlines of other articles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from scrubber.detectors import CERTAIN, HINT, STRONG, detector
from scrubber.document import Document
from scrubber.model import Evidence, Label

STAMPS = 3
"""Stamps. Three with headlines between them are a list; two may be a chronicle's first entries."""

DIGITS = 2
"""Digits. No stamp has fewer."""

STAMP_GAP = 4
"""Lines from one stamp to the next: a headline, a section, a summary."""

HEADLINE_WORDS = range(4, 21)
"""Words that a headline may have."""

RUN = 4
"""Headlines in a row: three may be a list in the article."""

_STAMP = re.compile(r"\d{1,2}[:.h]\d\d\b|\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d\d|\d+ ?(?:min|h|hours?|days?|minutes?)\b|\\d[年月日時时点]")


@detector("stamped-headlines")
def stamped_headlines(document: Document) -> Iterator[Evidence]:
    """Date stamps and headlines take turns.

    Bad:  14:34 Sunday 18 September / Bridge closed by flood / 13:31 Thursday 28 September / Mayor resigns
    Good: 1912 / The yard was founded by two brothers, and built its first ship within a year.
    """
    texts, signs = document.texts, document.signs
    stamps = [index for index in document.short if len(signs[index]) >= DIGITS and _STAMP.search(texts[index])]
    for run in _close_runs(stamps):
        between = range(run[0], min(run[-1] + 2, len(document)))
        if len(run) >= STAMPS and not any(document.prose[index] for index in between):
            reason = f"in a list of {len(run)} dated headlines"
            for index in between:
                yield Evidence(index, Label.HEADLINE_LIST, CERTAIN, "stamped-headlines", reason)


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

    Bad:  (below the article) Bridge closed by flood / Mayor resigns after vote / Museum opens new wing / Team wins at home
    Good: three points of a programme, listed in the article
    """
    run: list[int] = []
    stop = document.body.stop
    for index, words, closed in zip(range(stop, len(document)), document.words[stop:], document.closed[stop:], strict=True):
        if closed or words not in HEADLINE_WORDS:
            yield from _as_list(run)
            run = []
        else:
            run.append(index)
    yield from _as_list(run)


def _as_list(run: Sequence[int]) -> Iterator[Evidence]:
    if len(run) >= RUN:
        for index in run:
            reason = f"one of {len(run)} headlines in a row"
            yield Evidence(index, Label.HEADLINE_LIST, HINT, "headline-runs", reason)
