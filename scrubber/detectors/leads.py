"""Leads that stand apart from the article: beside its title, and in words of the article itself."""

from __future__ import annotations

from collections.abc import Iterator

from scrubber.detectors import STRONG, detector
from scrubber.document import VOCABULARY_LINES, Document
from scrubber.model import Evidence, Label

NEAR = 2
"""Lines from the title. A lead stands beside it; what is farther off and quotes the article is a link to it."""

LEAD_WORDS = range(5, 41)
"""Words that a lead may have; a shorter phrase recurs by chance."""

CAPITALS = 0.5
"""Share of words that begin with a capital, from which a line is written as a headline, not as a sentence."""


@detector("quoted-leads")
def quoted_leads(document: Document) -> Iterator[Evidence]:
    """A line beside the title says word for word what a sentence of the article says.

    Bad:  flood closes the bridge / Valley / While the river was still rising / Flood closes the bridge /
          The bridge was closed by the flood, while the river was still rising, the mayor of the town said.
    Good: Mayor resigns after vote / Flood closes the bridge / The bridge was closed by the flood of the river.
    """
    title = document.title_line
    if title is None:
        return
    prose = [document.keys[index] for index in document.prose_lines[:VOCABULARY_LINES]]
    for index in range(max(0, title - NEAR), min(len(document), title + NEAR + 1)):
        if index != title and _is_quoted(document, index, prose):
            reason = "beside the title, and in the article's own words"
            yield Evidence(index, Label.STANDFIRST, STRONG, "quoted-leads", reason)


def _is_quoted(document: Document, index: int, prose: list[str]) -> bool:
    if document.prose[index] or document.words[index] not in LEAD_WORDS:
        return False
    words = document.texts[index].split()
    capitals = sum(word[:1].isupper() for word in words)
    return capitals < CAPITALS * len(words) and any(document.keys[index] in line for line in prose)
