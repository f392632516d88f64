"""Forms, invitations to comment and empty comment lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scrubber.detectors import CERTAIN, HINT, STRONG, detector
from scrubber.document import Document
from scrubber.model import Evidence, Label

FORM_FIELDS = 3
"""Fields. Two short lines such as "Name" and "Subject" may be a table's head; three are a form."""

FORM_GAP = 4
"""Lines that may stand between two fields of one form: terms, hints, a counter of characters."""

FORM_DENSITY = 0.5
"""Share of a form's lines that are fields: below it, menus and lists happen to hold the same words.
Where running text stands under each, they are the article's sub-headings."""

PROMPT_WORDS = 20
"""Words. Longer lines that begin like an invitation to comment are told by somebody in the article,
and so are sentences with more of the article below them."""


@detector("form-fields")
def form_fields(document: Document) -> Iterator[Evidence]:
    """A run of form fields, with the terms and hints between them.

    Bad:  Name * / E-mail * / Comment * / By sending this you accept the rules of the house. / Security code *
    Good: Country / The country has one road and no railway at all. / City / The city lies where the road begins.
    """
    for first, last, count in _runs(document.phrases.get("form_field", ())):
        dense = count >= FORM_DENSITY * (last + 1 - first) and sum(document.prose[first:last]) < count - 1
        if count >= FORM_FIELDS and dense:
            reason = f"in a form of {count} fields"
            for index in range(first, last + 1):
                yield Evidence(index, Label.COMMENT_FORM, CERTAIN, "form-fields", reason)


def _runs(fields: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Yield first line, last line and number of fields of each run without a gap over `FORM_GAP` lines."""
    first = 0
    for position, index in enumerate(fields):
        following = fields[position + 1] if position + 1 < len(fields) else None
        if following is None or following - index > FORM_GAP:
            yield fields[first], index, position - first + 1
            first = position + 1


@detector("comment-prompts")
def comment_prompts(document: Document) -> Iterator[Evidence]:
    """An invitation to comment, a control of the comment list, or the word that it is empty.

    Bad:  There are no comments yet. Be the first to write one.
    Good: The minister would not comment on the figures that the paper had published the day before.
    """
    body = document.body
    for index in document.phrases.get("comment_prompt", ()):
        if document.words[index] <= PROMPT_WORDS:
            told = index + 1 in body and document.prose[index]
            weight = HINT if told or (index in body and document.words[index] == 1) else STRONG
            yield Evidence(index, Label.COMMENT_FORM, weight, "comment-prompts", "invites to comment")
