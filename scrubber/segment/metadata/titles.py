"""The title: the heading that the page's own statements bear out, else what they state, without the site's name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from scrubber.segment.metadata.statements import MAX_VALUE, Statements, clean

HEADINGS = 3
"""Headings of the first rank that are looked at: a logo and a section may stand before that of the article."""

AGREEING_WORDS = 0.5
"""Share of the words of the shorter of two titles of which the other must have more, to be of one page."""

TITLE_META = ("og:title", "twitter:title", "citation_title", "dc.title", "parsely-title", "sailthru.title")

_SEPARATOR = re.compile(r"(\s+[|/–—·•«»:~-]+\s+|\s*[|»]\s*)")
_WORD = re.compile(r"\w+")
_ANCHOR = re.compile(r"\s*[¶#§🔗]+$")
"""A sign that links to the heading itself."""


def choose_title(said: Statements, headings: Sequence[str]) -> str | None:
    """Return the page's title; None where it has neither a heading nor a statement.

    A visible heading that shares most of its words with a statement comes first: sites shorten titles for search
    engines, and headings of the first rank are logos and slogans too. A kicker before a stated title is left out.
    """
    stated = list(dict.fromkeys(_stated(said)))
    shown = [
        text
        for text in (_ANCHOR.sub("", heading) for heading in headings[:HEADINGS] if len(heading) <= MAX_VALUE)
        if text
    ]
    sites = _site_names(said)
    for heading in shown:
        if _squashed(heading) not in sites and any(_agree(heading, title) for title in stated):
            return _without_kicker(heading, stated)
    return next(iter([*stated, *shown]), None)


def _stated(said: Statements) -> Iterator[str]:
    """Yield what the page states as its title: its headlines, or what it is shared as and its title element."""
    headlines = [title for title in (clean(thing.get("headline")) for thing in said.things) if title]
    shared = (clean(said.metas.get(name)) for name in TITLE_META)
    titles = headlines or [_without_site(title, said) for title in (*shared, said.name) if title]
    yield from (title for title in titles if _WORD.search(title))


def _without_site(title: str, said: Statements) -> str:
    """Return a title without the site's name before or behind it, or without a short last part.

    >>> said = Statements((), {"og:site_name": "Valley News"}, None, "valley.example")
    >>> _without_site("Bridge closed - Region - Valley News", said), _without_site("Valley: Bridge closed", said)
    ('Bridge closed - Region', 'Valley: Bridge closed')
    """
    sites = _site_names(said)
    parts = _SEPARATOR.split(title)
    whole = len(parts)
    while len(parts) > 1 and _names_site(parts[-1], sites):
        parts = parts[:-2]
    while len(parts) > 1 and any(_squashed(parts[0]) in site for site in sites):
        parts = parts[2:]
    if len(parts) == whole > 1 and len(parts[-1]) < len("".join(parts[:-2])):
        parts = parts[:-2]
    return "".join(parts).strip()


def _without_kicker(heading: str, stated: Sequence[str]) -> str:
    """Return the title that a heading ends in, where it begins with something else.

    >>> _without_kicker("Flood: Bridge is closed", ["Bridge is closed"])
    'Bridge is closed'
    """
    ends = (title for title in stated if len(_words(title)) > 1 and heading.casefold().endswith(title.casefold()))
    return next(ends, heading)


def _site_names(said: Statements) -> frozenset[str]:
    names = [said.site_name, said.host.rpartition(".")[0], said.host]
    return frozenset(filter(None, (_squashed(name) for name in names if name)))


def _names_site(part: str, sites: frozenset[str]) -> bool:
    """Tell whether a part of a title is the site's name, whole or with more or less of it."""
    squashed = _squashed(part)
    return not squashed or any(squashed in site or site in squashed for site in sites)


def _agree(one: str, other: str) -> bool:
    words, others = _words(one), _words(other)
    return len(words & others) > AGREEING_WORDS * min(len(words), len(others))


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _squashed(text: str) -> str:
    return "".join(_WORD.findall(text.casefold()))
