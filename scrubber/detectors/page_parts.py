"""What the DOM says of lines, where there is one: the part of the page, the element, the links.

The weights are the coefficients of a logistic regression beside the line tagger, fitted on the tuning pages
of two folds: what an element says when the words have had their say. Flattened text gives no evidence here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from scrubber.detectors import STRONG, detector
from scrubber.document import Document, bare
from scrubber.model import CELLS, Dom, Evidence, Label

PARTS = {
    "nav": (Label.NAVIGATION, 3.0),
    "aside": (Label.NON_CONTENT, 2.5),
    "footer": (Label.NON_CONTENT, 2.0),
    "form": (Label.COMMENT_FORM, 1.5),
    "article": (Label.PARAGRAPH, 0.8),
    "main": (Label.PARAGRAPH, 0.4),
}
"""Landmarks: the label that their lines get, and log-odds."""

ELEMENTS = {
    "figcaption": (Label.CAPTION, 4.0),
    "caption": (Label.CAPTION, 2.0),
    "fieldset": (Label.COMMENT_FORM, 4.0),
    "legend": (Label.COMMENT_FORM, 2.0),
    "button": (Label.COMMENT_FORM, 1.5),
    "address": (Label.NON_CONTENT, 2.5),
    "h2": (Label.SUBHEADING, 1.0),
    "h3": (Label.SUBHEADING, 1.0),
    "h4": (Label.SUBHEADING, 0.8),
    "li": (Label.LIST_ITEM, 0.6),
    "td": (Label.TABLE, 0.8),
    "th": (Label.TABLE, 0.5),
    "blockquote": (Label.QUOTE, 0.3),
    "pre": (Label.CODE, 3.0),  # no word F1 tells 0.3 from 4.0; readers miss the code
    "p": (Label.PARAGRAPH, 0.4),
}
"""Elements that a line stands in: the label that it suggests, and log-odds."""

REASONS = {part: f"in <{part}>" for part in PARTS} | {element: f"a <{element}> element" for element in ELEMENTS}
"""What is said of lines in them: one text for all, for a page may have a hundred thousand."""

MOSTLY_LINKS = 0.95
"""Share of a line's characters in links, from which it is taken for an entry of a list of links."""

LINKS_WEIGHT = 0.8
"""Log-odds of such a line."""

MOST_PROSE = 0.4
"""Share of a page's prose. A part that holds more is the article's, whatever its element says: whole pages
stand in a form, and an aside that is never closed swallows the rest."""


@detector("page-parts")
def page_parts(document: Document) -> Iterator[Evidence]:
    """A line stands in a landmark of the page, such as nav, aside or footer.

    Bad:  <nav>Bridge closed by flood</nav>
    Good: <form><p>The bridge was closed by the flood on Monday, said the mayor of the town.</p></form>
    """
    doms = document.doms
    if not doms:
        return
    held = _prose_by(document, "landmark")
    for index, dom in enumerate(doms):
        label, weight = PARTS.get(dom.landmark, (None, 0.0))
        says = not _is_title(document, index) if label is Label.PARAGRAPH else held[dom.landmark] <= MOST_PROSE
        if label is not None and says:
            yield Evidence(index, label, weight, "page-parts", REASONS[dom.landmark])


@detector("page-elements")
def page_elements(document: Document) -> Iterator[Evidence]:
    """The element of a line says what it is.

    Bad:  <figcaption>A street in the old town</figcaption>
    Good: <p>A street in the old town was closed on Monday.</p>
    """
    doms = document.doms
    if not doms:
        return
    held = _prose_by(document, "block")
    layout = sum(held[cell] for cell in CELLS) > MOST_PROSE
    for index, dom in enumerate(doms):
        label, weight = ELEMENTS.get(dom.block, (None, 0.0))
        if label is not None and not (layout and dom.block in CELLS):
            yield Evidence(index, label, weight, "page-elements", REASONS[dom.block])


@detector("headings")
def headings(document: Document) -> Iterator[Evidence]:
    """The page's heading of the first rank is its title.

    Bad:  <h1>Flood closes the bridge</h1><p>It happened on Monday at dawn, said the mayor of the town.</p>
    Good: <h2>The mayor speaks</h2><p>It happened on Monday at dawn, said the mayor of the town.</p>
    """
    title = bare((document.title or "").casefold())
    for index, dom in enumerate(document.doms or () if title else ()):
        if dom.block == "h1" and document.bare(index) == title:
            yield Evidence(index, Label.TITLE, STRONG, "headings", "the page's heading, an <h1> element")


@detector("link-lines")
def link_lines(document: Document) -> Iterator[Evidence]:
    """A line consists of links.

    Bad:  <li><a href="/2">Bridge closed by flood</a></li>
    Good: <p>The <a href="/2">bridge</a> was closed by the flood.</p>
    """
    for index, dom in enumerate(document.doms or ()):
        if dom.linked >= MOSTLY_LINKS:
            yield Evidence(index, Label.NAVIGATION, LINKS_WEIGHT, "link-lines", "nothing but links")


def _is_title(document: Document, index: int) -> bool:
    """Tell whether a line is the title or a copy of it, which articles hold without its being their text."""
    title = document.title_line
    return title is not None and not document.prose[index] and document.bare(index) == document.bare(title)


def _prose_by(document: Document, trait: str) -> Counter[str]:
    """Return for each landmark, or each kind of block, its share of the page's prose, by words."""
    doms: list[Dom] = list(document.doms or ())
    words: Counter[str] = Counter()
    for index in document.prose_lines if doms else ():
        words[getattr(doms[index], trait)] += document.words[index]
    total = sum(words.values())
    return Counter({name: count / total for name, count in words.items()})
