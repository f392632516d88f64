"""A second look at a page that was decided: what is kept and dropped around a line may say that it goes too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scrubber.judgement import Judgement
from scrubber.model import HEADING_RANKS, KEPT, Dom, Evidence, Label

COPY_WORDS = 6
"""Words from which a line that stands in the text already is a copy; a shorter one may be a heading or an answer.
Fitted on the tuning pages: from 5 to 8 the gain is the same."""

COPY_ODDS = 2.0
"""Log-odds that a second copy is none of the article's."""

COPY_RULE = "copies"
"""The rule that names a line which stands in the text already."""

HEADING_ODDS = 1.0
"""Log-odds up to which a heading goes with its section: what its element says, and little else. Chosen on the tuning
pages: from 1 to 9 articles and segments gain the same, but other pages lose headings of what is not text."""

SECTION_ODDS = 2.0
"""Log-odds that such a heading is none of the article's."""

SECTION_RULE = "empty-sections"
"""The rule that names a heading of whose section nothing was kept."""


def look_again(judgement: Judgement) -> None:
    """Drop second copies of lines, and headings over nothing; a text that is clean already is left as it is."""
    if not judgement.clean:
        _drop_copies(judgement)
    _drop_empty_sections(judgement)


def _drop_copies(judgement: Judgement) -> None:
    """Keep the first copy of a line that the text would hold twice: pages say in a box what they say below."""
    document, seen = judgement.document, set[str]()
    for index, text in enumerate(document.texts):
        if document.words[index] < COPY_WORDS or judgement.labels[index] not in KEPT or document.is_row(index):
            continue
        if text in seen and index not in judgement.ruled:
            _drop(judgement, Evidence(index, Label.REPEATED_HEADER, COPY_ODDS, COPY_RULE, "stands in the text already"))
        seen.add(text)


def _drop_empty_sections(judgement: Judgement) -> None:
    """Drop headings that little speaks for where nothing under them is the article's, kept or not."""
    labels, odds = judgement.labels, judgement.odds
    for head, under in _sections(judgement.document.doms or ()):
        if labels[head] is not Label.SUBHEADING or odds[head] > HEADING_ODDS or head in judgement.ruled:
            continue
        if under and not any(labels[index] in KEPT for index in under):
            why = "nothing under it is the article's"
            _drop(judgement, Evidence(head, Label.NON_CONTENT, SECTION_ODDS, SECTION_RULE, why))


def _drop(judgement: Judgement, said: Evidence) -> None:
    """Let evidence decide its line, beside what was said before."""
    judgement.labels[said.line], judgement.odds[said.line] = said.label, -said.weight
    judgement.evidence[said.line] = (said, *judgement.evidence[said.line])


def _sections(doms: Sequence[Dom]) -> Iterator[tuple[int, range]]:
    """Yield each heading and the lines under it, up to the next one of its rank or a higher, the last section first."""
    ends = dict.fromkeys(HEADING_RANKS.values(), len(doms))
    for index in range(len(doms) - 1, -1, -1):
        if rank := HEADING_RANKS.get(doms[index].block):
            yield index, range(index + 1, ends[rank])
            ends.update((lower, index) for lower in ends if lower >= rank)
