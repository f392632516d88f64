"""Who wrote the article, and where it is from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from scrubber.detectors import CERTAIN, HINT, STRONG, detector
from scrubber.document import EDGES, HEAD_DEPTH, PROSE_WORDS, Document
from scrubber.model import Evidence, Label
from scrubber.phrases import phrasebook

BYLINE_WORDS = 10
"""Words. Names, functions and a city fit; a sentence that begins with "By" does not."""

SOURCE_WORDS = 14
"""Words. A source line names one or two sources."""

NAME_SHARE = 0.5
"""Share of capitalised words. Names, offices and places have at least as many as a sentence has small ones."""

BELOW_BODY = 3
"""Lines. The end of an article is looked for sources in its last lines of prose and just below."""

TAIL_NAME = 40
"""Characters. The longest agency name that is looked for behind the last sentence."""

STAFF = ("staff", "correspondent", "reporter", "bureau", "redaktion", "rédaction", "redacción", "редакция")

_STAFF = re.compile(rf"\b(?:staff writer|{'|'.join(STAFF)})(?:\W+\w+){{0,2}}$")
"""The word for it at the line's end, with room for a place or a name behind it."""

_CLOSED = r"[.!?\u2026\u3002\uff01\uff1f]['\"\u201d\u2019\u00bb)]*"
_AFTER_SENTENCE = re.compile(_CLOSED + r"([\s\u00a0]+[^.!?\u2026\u3002\uff01\uff1f]{2,40})$")
_SIGN_OFF = re.compile(_CLOSED + r"([\s\u00a0]*[\u2013\u2014-]+|[\s\u00a0]+(?:#{2,3}|-30-|●|■|◼|∎))$")


@detector("bylines")
def bylines(document: Document) -> Iterator[Evidence]:
    """A short line in the head names the author, the staff or an agency.

    Bad:  By Jane Example / Example Daily Staff
    Good: By morning, it was over.
    """
    head = range(document.body.start + BELOW_BODY)
    for kind, weight in (("byline", STRONG), ("agency", CERTAIN)):
        for index in document.phrases.get(kind, ()):
            if index in head and _is_short(document, index) and (kind == "agency" or not _is_told(document, index)):
                yield Evidence(index, Label.BYLINE, weight, "bylines", "names who wrote the article")
    near = range(max(0, document.body.start - HEAD_DEPTH), min(head.stop, len(document)))
    for index in near if _show_staff(document.keys[near.start : near.stop]) else ():
        if _is_short(document, index) and _names_staff(document, index):
            yield Evidence(index, Label.BYLINE, STRONG, "bylines", "names the staff")


@detector("source-lines")
def source_lines(document: Document) -> Iterator[Evidence]:
    """A line at the end of the article names its source.

    Bad:  Source: Example Press
    Good: The source of the river lies in the hills.
    """
    end = document.body.stop
    for index in document.phrases.get("source", ()):
        if document.words[index] <= SOURCE_WORDS and not document.prose[index]:
            weight = STRONG if index >= end - 1 else HINT
            yield Evidence(index, Label.SOURCE, weight, "source-lines", "names the source")
    for index in document.phrases.get("agency", ()):
        if end - 1 <= index < end + BELOW_BODY:
            yield Evidence(index, Label.SOURCE, STRONG, "source-lines", "an agency's name below the article")


@detector("trailing-sources")
def trailing_sources(document: Document) -> Iterator[Evidence]:
    """An agency's name stands behind the last sentence, on its line.

    Bad:  They have no chance to break out of the valley. AFP
    Good: They told the story of the valley to a reporter of AFP.
    """
    for index in _last_lines(document):
        found = _AFTER_SENTENCE.search(document.texts[index][-TAIL_NAME - 4 :])
        if found and _is_agency(found[1]):
            span = (len(document.texts[index]) - len(found[1]), len(document.texts[index]))
            yield Evidence(index, Label.SOURCE, STRONG, "trailing-sources", "an agency behind the last sentence", span)


@detector("sign-offs")
def sign_offs(document: Document) -> Iterator[Evidence]:
    """A dash or an end mark is left behind the last sentence, where a name or a logo was.

    Bad:  The talks on the bridge go on for now. -30-
    Good: The talks on the bridge go on - for now.
    """
    for index in _last_lines(document):
        found = _SIGN_OFF.search(document.texts[index][-TAIL_NAME:])
        if found:
            span = (len(document.texts[index]) - len(found[1]), len(document.texts[index]))
            yield Evidence(index, Label.NON_CONTENT, HINT, "sign-offs", "left of a sign-off", span)


def _is_short(document: Document, index: int) -> bool:
    return document.words[index] <= BYLINE_WORDS and not document.prose[index]


def _is_told(document: Document, index: int) -> bool:
    """Tell whether a line is part of the story: closed, or in the article, and not made of names."""
    in_story = document.closed[index] or index in document.body
    return in_story and not _is_named(document.texts[index])


def _show_staff(keys: Sequence[str]) -> bool:
    joined = "\n".join(keys)
    return any(word in joined for word in STAFF)


def _names_staff(document: Document, index: int) -> bool:
    told = document.closed[index] or index == document.title_line
    return not told and _STAFF.search(document.keys[index]) is not None and _is_named(document.texts[index])


def _is_named(text: str) -> bool:
    """Tell whether small words do not outnumber the others, behind the first; all scripts without case are named."""
    words = text.split()[1:]
    return sum(word[0].islower() for word in words) <= NAME_SHARE * len(words)


def _is_agency(text: str) -> bool:
    return "agency" in phrasebook().exact.get(text.casefold().strip(EDGES), ())


def _last_lines(document: Document) -> list[int]:
    """Return the lines that may be the article's last: what stands behind its full stop hides that it is prose."""
    stop = document.body.stop
    near = range(max(stop - BELOW_BODY, 0), min(stop + BELOW_BODY, len(document)))
    below = [index for index in document.prose_lines if index >= near.stop]
    return [index for index in near if document.words[index] >= PROSE_WORDS] + below
