"""What a page states as its article in JSON-LD: lines that stand in it, and lines that do not.

Elements that microdata mark as the article are not asked: they hold too much else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scrubber.detectors import LIKELY, detector
from scrubber.document import WIDE_PUNCTUATION, Document, is_unspaced, pairs, spaced
from scrubber.model import HEADING_RANKS, Evidence, Label

SHINGLE = 3
"""Words in a row that are looked up. Two are found by chance in any long text, four break at each edit."""

INSIDE = 0.7
"""Share of a line's shingles from which it is part of what is stated: links and quotes change a few."""

OUTSIDE = 0.3
"""Share up to which it is not: phrases that any text has."""

WHOLE = 0.7
"""Share, by words, of the page's densest run of prose that must be part of what is stated. Some pages state only the
beginning, some another article. Chosen on the tuning pages, where 0.5 to 0.7 differ little."""

MILD = 1.0
"""Log-odds of a line that is part of it: the tagger is rarely wrong about these. Fitted beside the tagger on 66 tuning
pages; from 0.5 to 2.0 no score differs."""


@detector("stated-body")
def stated_body(document: Document) -> Iterator[Evidence]:
    """The page states its article's text for machines, and a line is not part of it.

    What is stated is running text: headings among it are left out of it.

    Bad:  <script type="application/ld+json">{"@type": "Article", "articleBody": "The bridge was closed on Monday at
          dawn, said the mayor of the town."}</script><p>The bridge was closed on Monday at dawn, said the mayor of the
          town.</p><p>Never again, wrote a reader.</p>
    Good: <p>The bridge was closed on Monday at dawn, said the mayor of the town.</p><p>Never again, wrote a reader.</p>
    """
    if not document.stated or not document.doms:
        return
    found = _shares_in(document, document.stated)
    if not _is_whole(document, found):
        return
    inside = [index for index, share in found.items() if share >= INSIDE]
    for index, share in found.items():
        block = document.doms[index].block
        if share <= OUTSIDE and (index > inside[-1] or (index > inside[0] and block not in HEADING_RANKS)):
            yield Evidence(index, Label.NON_CONTENT, LIKELY, "stated-body", "not in the article that the page states")
        elif share >= INSIDE and document.prose[index] and block == "p":
            yield Evidence(index, Label.PARAGRAPH, MILD, "stated-body", "in the article that the page states")


def _shares_in(document: Document, stated: str) -> dict[int, float]:
    """Return for each line of at least `SHINGLE` words the share of its shingles that a text has.

    All are taken apart as the text is: a line in another script would share nothing with it.
    """
    text = stated.casefold()
    take_apart = pairs if is_unspaced(text) else spaced
    known = frozenset(_shingles(take_apart(_without_wide_punctuation(text))))
    shares: dict[int, float] = {}
    for index, key in enumerate(_without_wide_punctuation("\n".join(document.keys)).split("\n")):
        own = _shingles(take_apart(key))
        if own:
            shares[index] = sum(shingle in known for shingle in own) / len(own)
    return shares


def _without_wide_punctuation(text: str) -> str:
    """Return a text with blanks for it: pages show the quotes curved that they state straight."""
    for mark in WIDE_PUNCTUATION:
        text = text.replace(mark, " ")
    return text


def _shingles(words: Sequence[bytes]) -> list[tuple[bytes, ...]]:
    return list(zip(*(words[start:] for start in range(SHINGLE)), strict=False))


def _is_whole(document: Document, found: dict[int, float]) -> bool:
    """Tell whether a text has most of the run of prose that is most likely the article."""
    run = [index for index in document.body if document.prose[index]]
    inside = sum(document.words[index] for index in run if found.get(index, 0.0) >= INSIDE)
    return inside >= WHOLE * sum(document.words[index] for index in run) > 0
