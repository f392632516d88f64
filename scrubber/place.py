"""What a line is that no rule speaks of: told from its shape and from where it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from scrubber.document import HEAD_DEPTH, Document
from scrubber.model import Label

SUBHEADING_WORDS = 14
"""Words. Sub-headings of news and documentation are shorter; a longer line without a full stop is a paragraph."""

LEAD_WORDS = 6
"""Words. A shorter line above the article is a section's or a site's name, a place or a date."""

LEAD_OVERLAP = 0.5
"""Share of a lead's longer words that the article uses too."""

PROSE = 3.0
"""Log-odds that running text which no rule speaks of belongs to the article."""

INSIDE = 1.5
"""Log-odds for a short line between the article's paragraphs."""

OUTSIDE = -1.5
"""Log-odds for a short line before or after the article, on a page that shows other things too."""

NEUTRAL = 0.5
"""Log-odds for a short line on a page that shows nothing but its text: when in doubt, it stays."""

_BULLET = re.compile(r"(?:[•·‣▪▫■●○◦*→►✓–—-]|\(?\d{1,2}[.)])[ \u00a0]\S")


class Place(NamedTuple):
    """The label of a line by its place, log-odds that it belongs to the article, and a clause on why."""

    label: Label
    weight: float
    reason: str


RUNNING_TEXT = Place(Label.PARAGRAPH, PROSE, "running text")
SHAPES = (Label.LIST_ITEM, Label.PARAGRAPH, Label.SUBHEADING)
BETWEEN = {shape: Place(shape, INSIDE, "between the article's paragraphs") for shape in SHAPES}
ALONE = {shape: Place(shape, NEUTRAL, "nothing on the page tells it from the article") for shape in SHAPES}
LEAD = Place(Label.STANDFIRST, PROSE, "the lead, set apart from the article's first paragraph")
HEAD_LEAD = Place(Label.STANDFIRST, INSIDE, "above the article, and shares its words")
LAST_SENTENCE = Place(Label.PARAGRAPH, NEUTRAL, "a short sentence that ends the article")
ASTRAY = Place(Label.NON_CONTENT, OUTSIDE, "a short line away from the article's text")


def place_lines(document: Document, claimed: Sequence[bool], lead: int | None, *, crowded: bool) -> dict[int, Place]:
    """Judge the lines that no rule speaks of, running text aside, by shape and place.

    Args:
        document: the page.
        claimed: for each line whether rules speak of it.
        lead: the line that opens the article under its title, where there is one.
        crowded: whether rules have found other things on the page. If not, nothing is dropped for its place.
    """
    placed: dict[int, Place] = {}
    body, closed = document.body, document.closed
    head = range(body.start - HEAD_DEPTH, body.start)
    for index in [index for index, prose in enumerate(document.prose) if not prose and not claimed[index]]:
        if index in body:
            placed[index] = BETWEEN[shape_label(document, index)]
        elif not crowded:
            placed[index] = ALONE[shape_label(document, index)]
        elif index == body.stop and closed[index]:
            placed[index] = LAST_SENTENCE
        elif index in head and _is_lead(document, index):
            placed[index] = HEAD_LEAD
        else:
            placed[index] = ASTRAY
    if lead is not None:
        placed[lead] = LEAD
    return placed


def shape_label(document: Document, index: int) -> Label:
    """Return the label that the shape of a kept line suggests."""
    text = document.texts[index]
    if _BULLET.match(text) and not text.endswith(("-", "–", "—")):
        return Label.LIST_ITEM
    if document.closed[index] or document.words[index] > SUBHEADING_WORDS:
        return Label.PARAGRAPH
    return Label.SUBHEADING


def find_lead(document: Document, title: int | None, claimed: AbstractSet[int]) -> int | None:
    """Return the sentence under the title that a byline or a picture sets apart from the article, or None.

    `claimed` are the lines that rules speak of: the title itself, bylines, captions, copies of the title.
    """
    if title is None:
        return None
    unclaimed = (index for index in range(title + 1, len(document)) if index not in claimed)
    lead = next(unclaimed, None)
    apart = lead is not None and lead + 1 in claimed and lead < document.body.stop
    return lead if apart and lead is not None and document.closed[lead] else None


def _is_lead(document: Document, index: int) -> bool:
    return document.words[index] >= LEAD_WORDS and document.overlap(index) >= LEAD_OVERLAP
