"""Titles, and the copies of them that pages carry in address slugs, breadcrumbs and link texts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from scrubber.detectors import CERTAIN, HINT, LIKELY, detector
from scrubber.document import HEAD_DEPTH, Document, bare
from scrubber.model import Evidence, Label

SIGNS = ("byline", "agency", "updated", "credit", "share", "comment_prompt", "related", "legal", "navigation", "source")
"""Kinds of phrases that show a page around the article: without any, a first line may be its lead as well,
and stays."""

TOP = 5
"""Lines. A title farther down stands under a menu, or is a heading in a text that begins with a list."""

COPIES = 5
"""Copies of a title on its page, at most; what stands there more often is a prompt or a menu entry."""

SURPLUS = 6
"""Words that a copy of the title may have beside it: a site's name, an image's alternative text."""


@detector("page-title")
def page_title(document: Document) -> Iterator[Evidence]:
    """A line in the head shares its words with the article and stands above it.

    Bad:  Flood closes the bridge / By Jane Example / The bridge was closed on Monday by the flood of the river.
    Good: Flood closes the bridge / The bridge was closed on Monday by the flood of the river.
    """
    title = document.title_line
    if title is None:
        return
    given = document.title is not None and bare(document.title.casefold()) == document.bare(title)
    above = title not in document.body  # in the body, a heading or a refrain may stand there again
    shows = _shows_page(document) or _has_twins_below(document, title)
    again = above and _has_copy(document, title)
    if given or (again and shows):
        yield Evidence(title, Label.TITLE, CERTAIN, "page-title", "the title: it stands on the page again")
    elif again or shows:
        weight = LIKELY if title < TOP else HINT
        yield Evidence(title, Label.TITLE, weight, "page-title", "the first that shares its words with the article")


@detector("title-copies")
def title_copies(document: Document) -> Iterator[Evidence]:
    """The title again, as a slug, twice on one line, or outside the article with the site's name.

    Bad:  ministers-agree-on-budget / Ministers agree on budget /
          The ministers agreed on a budget after a night of talks.
    Good: Ministers agree on budget / The ministers agreed on a budget after a night of talks.
    """
    title = document.title_line
    wanted = document.bare(title) if title is not None else b""
    if title is None or not wanted:
        return
    limit = document.words[title] + SURPLUS
    for index in document.title_echoes:
        if document.prose[index] or wanted not in document.bare(index):
            continue
        rest = document.bare(index).replace(wanted, b"")
        if not rest or (document.words[index] <= limit and index not in document.body):
            doubled = not rest and len(document.bare(index)) > len(wanted)
            weight = CERTAIN + HINT if doubled else LIKELY
            yield Evidence(index, Label.REPEATED_HEADER, weight, "title-copies", "a copy of the title")


@detector("lines-above-title")
def lines_above_title(document: Document) -> Iterator[Evidence]:
    """A short line above the title has no word in common with the article: a site's name or tag line.

    Bad:  All the news that fits / Flood closes the bridge / The bridge was closed on Monday by the flood of the river.
    Good: The flood of Monday / Flood closes the bridge / The bridge was closed on Monday by the flood of the river.
    """
    title = document.title_line or 0
    weight = LIKELY if title < TOP else HINT
    for index in range(max(0, title - HEAD_DEPTH), title):
        if not document.prose[index] and document.overlap(index) == 0.0:
            reason = "above the title, and no word in common with the article"
            yield Evidence(index, Label.REPEATED_HEADER, weight, "lines-above-title", reason)


def _has_copy(document: Document, title: int) -> bool:
    wanted = document.bare(title)
    near, body = range(title - 1, title + 2), document.body
    copies = [index for index in document.title_echoes if document.bare(index) == wanted]
    return len(copies) <= COPIES and any(index not in near and index not in body for index in copies)


def _shows_page(document: Document) -> bool:
    body = document.body
    return any(index not in body for sign in SIGNS for index in document.phrases.get(sign, ()))


def _has_twins_below(document: Document, title: int) -> bool:
    head = document.texts[title + 1 : document.body.stop]
    return any(first == second for first, second in pairwise(head))
