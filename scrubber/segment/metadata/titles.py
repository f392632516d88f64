"""The title: the heading that the page's own statements bear out, else what they state, without the site's name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from scrubber.segment.metadata.head import Head
from scrubber.segment.metadata.statements import MAX_VALUE, Statements, clean

HEADINGS = 5
"""Headings of the first rank that are looked at: a logo and a section may stand before that of the article."""

BORNE_OUT = 0.5
"""What two titles share (see `_shared`) where they are of one page, at the least; measured in tenths."""

NAMING_WORDS = 2
"""Words of a heading that is known by being a part of a statement, at the least; one word names a section or a site."""

MAX_JOINTS = 8
"""Joints of one title at which it is taken apart; real ones have up to four."""

TITLE_META = ("og:title", "twitter:title", "citation_title", "dc.title", "parsely-title", "sailthru.title")

_SEPARATOR = re.compile(r"(\s+[|/–—·•«»:~-]+\s+|\s*[|»]\s*)")
_JOINT = re.compile(r"(\s+[|/–—·•«»›:~-]+\s+|\s*[|»]\s*|:\s+)")
"""Where a part of a stated title may begin or end; a colon is too often a title's own to cut off what follows it."""

_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W\d_]+")
_ANCHOR = re.compile(r"\s*[¶#§🔗]+$")
"""A sign that links to the heading itself."""


def choose_title(said: Statements, head: Head) -> str | None:
    """Return the page's title; None where it has neither a heading nor a statement.

    The heading of the first rank that a statement bears out comes first: sites shorten titles for search engines, and
    headings of the first rank are logos and slogans too. Then come a heading of any rank that is a part of a
    statement, a heading that the address bears out, and what is stated.
    """
    stated = list(dict.fromkeys(_stated(said)))
    texts = (_ANCHOR.sub("", heading) for heading in head.headings[:HEADINGS] if len(heading) <= MAX_VALUE)
    headings = [text for text in dict.fromkeys(texts) if _WORD.search(text)]
    shown = [heading for heading in headings if not _names_more(heading, said)]
    if best := _best(shown, stated):
        return _bare(best, stated)
    if part := _part_shown([*headings, *head.lower], said):
        return part
    if best := _best(shown, [_in_address(said)]):
        return _bare(best, stated)
    return next(iter([*stated, *shown, *headings]), None)


def _names_more(heading: str, said: Statements) -> bool:
    """Tell whether a heading names the site, or what the title element names behind the page: a book, a forum."""
    name = _squashed(heading)
    behind = _JOINT.split(said.name or "")[2::2]
    is_behind = any(_squashed(part).startswith(name) for part in behind) and heading not in _raw_titles(said)
    return is_behind or name in _site_names(said)


def _best(headings: Sequence[str], titles: Sequence[str]) -> str | None:
    """Return the first of the headings that share most with one of some titles; None where none shares enough."""
    shares = [max((_shared(heading, title) for title in titles), default=0.0) for heading in headings]
    best = max(shares, default=0.0)
    return headings[shares.index(best)] if best > BORNE_OUT else None


def _shared(one: str, other: str) -> float:
    """Return the share of the shorter title's letters that are of words of both, in tenths from 0.0 to 1.0.

    Words count by their letters, so that "the" and "of" say little. 0.0 where a title has no words.

    >>> _shared("The bridge is closed", "Bridge closed"), _shared("The heart of it", "The end of the bridge")
    (1.0, 0.4)
    """
    words, others = _words(one), _words(other)
    shorter = min(_size(words), _size(others))
    return round(_size(words & others) / shorter, 1) if shorter else 0.0


def _part_shown(headings: Sequence[str], said: Statements) -> str | None:
    """Return the part that a stated title begins with, else ends with, and that is a heading; the longest of several.

    It is given as stated: a kicker that stands on a line of its own has lost its colon.
    """
    shown = {_squashed(heading) for heading in headings if len(_words(heading)) >= NAMING_WORDS} - _site_names(said)
    titles = [_JOINT.split(title, maxsplit=MAX_JOINTS) for title in _headlines(said) or _raw_titles(said)]
    begun = ("".join(parts[:end]) for parts in titles for end in range(len(parts), 0, -2))
    ended = ("".join(parts[start:]) for parts in titles for start in range(2, len(parts), 2))
    return next((part for part in (*begun, *ended) if _squashed(part) in shown), None)


def _in_address(said: Statements) -> str:
    """Return the words of an address's last part.

    >>> _in_address(Statements((), {}, None, path="/2021/bridge-closed_12.html"))
    'bridge closed'
    """
    last = unquote(said.path.rstrip("/").rpartition("/")[2])
    return " ".join(_LETTERS.findall(last.rpartition(".")[0] or last))


def _headlines(said: Statements) -> list[str]:
    """Return the headlines of JSON-LD, those of articles first."""
    return [title for title in (clean(thing.get("headline")) for thing in said.things) if title]


def _raw_titles(said: Statements) -> list[str]:
    """Return what the page is shared as and its title element, as they stand."""
    titles = [*(clean(said.metas.get(name)) for name in TITLE_META), said.name]
    return [title for title in titles if title and _WORD.search(title)]


def _stated(said: Statements) -> Iterator[str]:
    """Yield what the page states as its title: its headlines, or what it is shared as and its title element."""
    titles = _headlines(said) or [_without_site(title, said) for title in _raw_titles(said)]
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


def _bare(heading: str, stated: Sequence[str]) -> str:
    """Return a heading without a kicker before a stated title, and without shorter labels behind bars.

    >>> _bare("Flood: Bridge is closed", ["Bridge is closed"]), _bare("Bridge is closed | Region", [])
    ('Bridge is closed', 'Bridge is closed')
    """
    ends = (title for title in stated if len(_words(title)) > 1 and heading.casefold().endswith(title.casefold()))
    title = next(ends, heading)
    parts = title.split("|")
    return parts[0].strip() if len(parts[0]) > len(parts[-1]) else title


def _site_names(said: Statements) -> frozenset[str]:
    names = [said.site_name, said.host.rpartition(".")[0], said.host]
    return frozenset(filter(None, (_squashed(name) for name in names if name)))


def _names_site(part: str, sites: frozenset[str]) -> bool:
    """Tell whether a part of a title is the site's name, whole or with more or less of it."""
    squashed = _squashed(part)
    return not squashed or any(squashed in site or site in squashed for site in sites)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _size(words: set[str]) -> int:
    return sum(map(len, words))


def _squashed(text: str) -> str:
    return "".join(_WORD.findall(text.casefold()))
