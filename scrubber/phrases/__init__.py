"""Phrases that web pages use around articles, by kind and language, and one pass that finds them.

The packs are data: one TOML file a language beside this module, a table a kind, and in each table the
lists `exact` (the whole line), `starts` (its beginning) and `holds` (anywhere in it). Phrases are matched
against `Document.keys`: case folded, with punctuation and bullets cut off both ends.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

KINDS = frozenset(
    {
        "navigation",  # menu entries, pagers, log-in links
        "network",  # names of social networks
        "share",  # social networks, printing, mailing
        "read_more",  # prompts that lead to another page
        "related",  # headings above lists of other articles
        "comment_prompt",  # invitations to comment, empty comment lists
        "form_field",  # the fields of a form
        "consent",  # cookie and privacy notices
        "newsletter",  # calls to subscribe
        "legal",  # copyright and terms
        "contact",  # postal addresses, telephones
        "updated",  # stamps of publication and change
        "byline",  # what stands before an author's name
        "agency",  # news agencies
        "credit",  # what stands before a photographer's name
        "source",  # what stands before the name of a source
        "disclosure",  # who pays for the page: shops that it links to
        "advert",  # markers around advertisements
        "error_page",  # what a server says in place of a page
        "robot_wall",  # checks for robots, and shells that wait for a script
        "paywall",  # what stands where the rest of an article would
    }
)

HELD_IN = 400
"""Characters. In a longer line a held phrase is one among many words, and says little of the line."""

PREFIXES = (4, 2, 1)
"""Characters. Beginnings are indexed by so many of their first, as many as they have:
three look-ups dismiss nearly every line."""


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """All packs together: phrase to kinds; for each of `PREFIXES` those characters to beginnings, side by side with
    their kinds; anything held."""

    exact: Mapping[str, tuple[str, ...]]
    starts: tuple[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]], ...]
    held: Mapping[str, str]
    pattern: Any  # a compiled re2 pattern over UTF-8; the library has no types


def find_phrases(keys: Sequence[str]) -> dict[str, list[int]]:
    """Return for each kind the indices of the lines that show one of its phrases, in order, each once.

    Kinds that the page does not show are left out. Time grows with the length of the page, not with the
    number of phrases.
    """
    book = phrasebook()
    found: dict[str, list[int]] = defaultdict(list)
    for index, kind in sorted({*_exact(keys, book), *_starting(keys, book), *_held(keys, book)}):
        found[kind].append(index)
    return dict(found)


def _exact(keys: Sequence[str], book: Phrasebook) -> Iterator[tuple[int, str]]:
    exact = book.exact
    for index in [index for index, key in enumerate(keys) if key in exact]:
        for kind in exact[keys[index]]:
            yield index, kind


def _starting(keys: Sequence[str], book: Phrasebook) -> Iterator[tuple[int, str]]:
    for size, shelf in zip(PREFIXES, book.starts, strict=True):
        for index in [index for index, key in enumerate(keys) if key[:size] in shelf]:
            phrases, kinds = shelf[keys[index][:size]]
            if keys[index].startswith(phrases):
                for phrase, kind in zip(phrases, kinds, strict=True):
                    if keys[index].startswith(phrase):
                        yield index, kind


def _held(keys: Sequence[str], book: Phrasebook) -> Iterator[tuple[int, str]]:
    long = max(map(len, keys), default=0) > HELD_IN
    page = "\n".join([key if len(key) <= HELD_IN else "" for key in keys] if long else keys).encode("utf-8", "replace")
    index = position = 0
    for match in book.pattern.finditer(page):
        index += page.count(b"\n", position, match.start())
        position = match.start()
        yield index, book.held[match.group().decode()]


@cache
def phrasebook() -> Phrasebook:
    """Load every pack once. Raises ValueError where a pack names a kind or a list that does not exist."""
    import re2  # noqa: PLC0415 - a compiled library that import scrubber should not wait for

    exact: dict[str, set[str]] = defaultdict(set)
    starts: tuple[dict[str, list[tuple[str, str]]], ...] = tuple(defaultdict(list) for _ in PREFIXES)
    held: dict[str, str] = {}
    for kind, place, phrase in _entries():
        if place == "exact":
            exact[phrase].add(kind)
        elif place == "starts":
            shelf = next(shelf for shelf, size in enumerate(PREFIXES) if len(phrase) >= size)
            starts[shelf][phrase[: PREFIXES[shelf]]].append((phrase, kind))
        else:
            held[phrase] = kind
    longest_first = sorted(held, key=len, reverse=True)
    pattern = re2.compile("|".join(map(re2.escape, longest_first)).encode())
    return Phrasebook(
        exact={phrase: tuple(sorted(kinds)) for phrase, kinds in exact.items()},
        starts=tuple({head: _columns(sorted(pairs)) for head, pairs in shelf.items()} for shelf in starts),
        held=held,
        pattern=pattern,
    )


def _columns(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    phrases, kinds = zip(*pairs, strict=True)
    return phrases, kinds


def _entries() -> Iterator[tuple[str, str, str]]:
    packs = sorted((path for path in files(__name__).iterdir() if path.name.endswith(".toml")), key=lambda p: p.name)
    for path in packs:
        pack = tomllib.loads(path.read_text(encoding="utf-8"))
        for kind, places in pack.items():
            for place, phrases in places.items():
                if kind not in KINDS or place not in {"exact", "starts", "holds"}:
                    raise ValueError(f"{path.name}: [{kind}] {place} is no kind and place of phrases")
                yield from ((kind, place, phrase) for phrase in _folded(phrases))


def _folded(phrases: Iterable[str]) -> Iterator[str]:
    return (phrase.casefold() for phrase in phrases)
