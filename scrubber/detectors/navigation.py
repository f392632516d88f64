"""Menus, pagers, share buttons and prompts that lead away from the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from scrubber.detectors import HINT, LIKELY, STRONG, detector
from scrubber.document import Document
from scrubber.model import Evidence, Label

PROMPT_WORDS = 12
"""Words. A prompt with the headline it leads to; a sentence that begins with "Read more" is longer."""

LINK_ROW_WORDS = 60
"""Words. Longer lines are not one row of links."""

NETWORKS = 3
"""Different networks named on one line: a sentence seldom names three and then does not end."""

SEPARATORS = (" · ", " • ", " » ", " \u203a ")
"""What stands between the entries of a row of links, beside `|`, `/` and `>`."""

MARKS = 3
"""Separators on one line: a headline has one or two."""

_NETWORK = re.compile(
    r"facebook|twitter|whatsapp|telegram|linkedin|pinterest|instagram|youtube|reddit|tumblr|vkontakte|weibo|wechat"
)


@detector("menu-entries")
def menu_entries(document: Document) -> Iterator[Evidence]:
    """A line that is an entry of a menu or a pager and nothing else.

    Bad:  Home / Contact us / Next article
    Good: Home to ten thousand people, the valley has one road.
    """
    body = document.body
    for index in document.phrases.get("navigation", ()):
        if document.words[index] <= PROMPT_WORDS and not document.prose[index]:
            weight = HINT if index in body else STRONG
            yield Evidence(index, Label.NAVIGATION, weight, "menu-entries", "an entry of a menu")


@detector("share-prompts")
def share_prompts(document: Document) -> Iterator[Evidence]:
    """A button that shares, prints or saves the page.

    Bad:  Share on Facebook / Print this article
    Good: Share prices fell by a tenth.
    """
    for index in document.phrases.get("share", ()):
        if document.words[index] <= PROMPT_WORDS and not document.prose[index]:
            yield Evidence(index, Label.NAVIGATION, STRONG, "share-prompts", "a button to share or print")


@detector("read-more-prompts")
def read_more_prompts(document: Document) -> Iterator[Evidence]:
    """A prompt that leads to another page, with or without its headline.

    Bad:  READ MORE / See also: Bridge closed by flood
    Good: Read more slowly, her teacher said, and you will have read more.
    """
    for index in document.phrases.get("read_more", ()):
        if document.words[index] <= PROMPT_WORDS and not document.prose[index]:
            weight = LIKELY if index in document.body else STRONG
            yield Evidence(index, Label.NAVIGATION, weight, "read-more-prompts", "leads to another page")


@detector("link-rows")
def link_rows(document: Document) -> Iterator[Evidence]:
    """A row of links on one line: networks, or entries with separators between them.

    Bad:  Example Facebook, example facebook Example Twitter, Example Instagram
    Good: She is on Facebook, Twitter and Instagram, and answers nobody there.
    """
    for index in document.phrases.get("network", ()):
        short = document.words[index] <= LINK_ROW_WORDS and not document.closed[index]
        if short and len(set(_NETWORK.findall(document.keys[index]))) >= NETWORKS:
            yield Evidence(index, Label.NAVIGATION, STRONG, "link-rows", "a row of links to networks")
    for index in sorted(_marked(document)):
        if _is_row(document, index) and not _is_table_row(document.texts, index):
            weight = STRONG if index >= document.body.stop else HINT
            yield Evidence(index, Label.NAVIGATION, weight, "link-rows", "a row of entries with separators")


def _marked(document: Document) -> set[int]:
    """Return the lines that may hold enough separators, each once."""
    signs = document.signs
    found = {index for index, count in enumerate(map(len, signs)) if count >= MARKS and _repeats_sign(signs[index])}
    for mark in SEPARATORS:
        if mark.strip() in document.joined:
            found.update(index for index, text in enumerate(document.texts) if text.count(mark) >= MARKS)
    return found


def _repeats_sign(signs: bytes) -> bool:
    return max(signs.count(b"|"), signs.count(b"/"), signs.count(b">")) >= MARKS


def _is_row(document: Document, index: int) -> bool:
    if document.words[index] > LINK_ROW_WORDS or document.closed[index]:
        return False
    return max(map(document.texts[index].count, ("|", " / ", " > ", *SEPARATORS))) >= MARKS


def _is_table_row(texts: Sequence[str], index: int) -> bool:
    """Tell whether the line above or below has other cells between as many bars: a menu is one row."""
    bars = texts[index].count("|")
    near = [*texts[max(index - 1, 0) : index], *texts[index + 1 : index + 2]]
    return bars >= MARKS and any(text.count("|") == bars and text != texts[index] for text in near)
