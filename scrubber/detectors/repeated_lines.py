"""Short lines that a page repeats: its name, its tag line, its stamps."""

from __future__ import annotations

from collections.abc import Iterator

from scrubber.detectors import HINT, LIKELY, STRONG, detector
from scrubber.document import Document
from scrubber.model import Evidence, Label

TIMES = 3
"""Times. Twice may be a caption and its image, a refrain or a heading."""

WORD_TIMES = 3
"""Times. Twice on one line is as often the name of a place or a band."""

COLONS = (":", "\uff1a")
"""What ends a speaker's name in an interview, which stands there again and again."""

STAMP_WORDS = 16
"""Words. "Published on", a date, "last updated on" and another date fit."""


@detector("repeated-lines")
def repeated_lines(document: Document) -> Iterator[Evidence]:
    """A short line without closing punctuation stands on the page three times or more.

    Bad:  The Daily Example / The Daily Example / The Daily Example
    Good: Example / A song in verses says the same word twice. / Example
    """
    counts = document.counts.items()
    often = {key: f"stands on the page {times} times" for key, times in counts if times >= TIMES}
    if not often:
        return
    keys, texts, body = document.keys, document.texts, document.body
    for index in [index for index in document.short if keys[index] in often]:
        if not texts[index].endswith(COLONS):
            key, weight = keys[index], HINT if index in body else LIKELY
            yield Evidence(index, Label.REPEATED_HEADER, weight, "repeated-lines", often[key])


@detector("repeated-words")
def repeated_words(document: Document) -> Iterator[Evidence]:
    """A line says one word over and over.

    Bad:  example example example
    Good: Never, never, never give up.
    """
    keys = document.keys
    words = document.words
    for index in [index for index in document.short if words[index] > 1]:
        first, space, rest = keys[index].partition(" ")
        if space and rest.startswith(first := first.strip(",;|")) and first:
            said = rest.replace(",", " ").split()
            if len(said) + 1 >= WORD_TIMES and set(said) == {first}:
                yield Evidence(index, Label.REPEATED_HEADER, STRONG, "repeated-words", f"only the word “{first}”")


@detector("update-stamps")
def update_stamps(document: Document) -> Iterator[Evidence]:
    """A line says when the page was published or changed.

    Bad:  Last Updated: 12 May 2021, 14:03
    Good: The law was last updated in 1998, and nobody has looked at it since.
    """
    for index in document.phrases.get("updated", ()):
        if document.words[index] <= STAMP_WORDS and not document.prose[index]:
            weight = LIKELY if any(map(str.isdigit, document.texts[index])) else HINT
            yield Evidence(index, Label.REPEATED_HEADER, weight, "update-stamps", "a stamp of publication or change")
