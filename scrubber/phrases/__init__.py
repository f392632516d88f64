"""Phrases that web pages use around articles, by kind and language, and one pass that finds them.

The packs are data: one TOML file a language beside this module, a table a kind, and in each table the
lists `exact` (the whole line), `starts` (its beginning) and `holds` (anywhere in it). Phrases are matched
against `Document.keys`: case folded, with punctuation and bullets cut off both ends.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate
from typing import Any

KINDS = frozenset(
    {
        "navigation",  # menu entries, pagers, log-in links
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
        "advert",  # markers around advertisements
    }
)

PREFIX = 2
"""Characters. Beginnings are indexed by their first two: one dictionary look-up dismisses most lines."""


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """All packs, folded together for look-up: phrase to kinds, two characters to beginnings, anything held."""

    exact: Mapping[str, tuple[str, ...]]
    starts: Mapping[str, tuple[tuple[str, str], ...]]
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
    for index, key in enumerate(keys):
        if key in exact:
            for kind in exact[key]:
                yield index, kind


def _starting(keys: Sequence[str], book: Phrasebook) -> Iterator[tuple[int, str]]:
    starts = book.starts
    for index, key in enumerate(keys):
        head = key[:PREFIX]
        if head in starts:
            for start, kind in starts[head]:
                if key.startswith(start):
                    yield index, kind


def _held(keys: Sequence[str], book: Phrasebook) -> Iterator[tuple[int, str]]:
    encoded = [key.encode("utf-8", "replace") for key in keys]
    ends = list(accumulate(len(key) + 1 for key in encoded))
    for match in book.pattern.finditer(b"\n".join(encoded)):
        yield bisect_right(ends, match.start()), book.held[match.group().decode()]


@cache
def phrasebook() -> Phrasebook:
    """Load every pack once. Raises ValueError where a pack names a kind or a list that does not exist."""
    import re2  # noqa: PLC0415 - a compiled library that import scrubber should not wait for

    exact: dict[str, set[str]] = defaultdict(set)
    starts: dict[str, list[tuple[str, str]]] = defaultdict(list)
    held: dict[str, str] = {}
    for kind, place, phrase in _entries():
        if place == "exact":
            exact[phrase].add(kind)
        elif place == "starts":
            starts[phrase[:PREFIX]].append((phrase, kind))
        else:
            held[phrase] = kind
    longest_first = sorted(held, key=len, reverse=True)
    pattern = re2.compile("|".join(map(re2.escape, longest_first)).encode())
    return Phrasebook(
        exact={phrase: tuple(sorted(kinds)) for phrase, kinds in exact.items()},
        starts={head: tuple(sorted(pairs)) for head, pairs in starts.items()},
        held=held,
        pattern=pattern,
    )


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
