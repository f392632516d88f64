"""What the DOM says of a line, as marks: words of a small language that the network reads beside the line's own.

A line of flattened text has no marks. Class and id names come as whole tokens and as the words in them, so
that names the network never met still tell something.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain

from scrubber.model import Dom

MOST_NAMES = 24
"""Names of one line that are read: the innermost say most, and utility classes come by the dozen."""

LONGEST_NAME = 40
"""Characters of a name that is read; longer ones are generated."""

QUARTERS = 4
"""Levels of the share of a line in links."""

MOST_ALIKE = 64
"""Siblings that look alike, beyond which more say nothing new."""

REMEMBERED = 4_096
"""Descriptions of places and names whose marks are kept: the lines of a page share a few dozen. At worst, with other
names on every line, they take about 12 MB."""

EVERYWHERE = frozenset({"html", "body", "div", "span"})
"""Elements around a line that say nothing."""

_WORD = re.compile(r"[a-z]{2,}")

MARK = 8
"""Bytes of a hashed mark."""


def marks(doms: Iterable[Dom]) -> Iterator[bytes]:
    """Yield the marks of each line, each hashed to `MARK` bytes, one after the other; at least one a line.

    The lines of a page share their places, and differ in links: what is said of a place is hashed once.
    """
    return (
        _own(dom.block, dom.landmark, dom.linked, dom.siblings, dom.hidden)
        + _place(dom.path)
        + _names_around(dom.names)
        for dom in doms
    )


@lru_cache(REMEMBERED)
def _own(block: str, landmark: str, linked: float, siblings: int, hidden: bool) -> bytes:
    found = [f"is {block}", f"in {landmark}", f"links {_level(linked)}", f"alike {_level_alike(siblings)}"]
    return b"".join(map(_hash, found + ["hidden"] * hidden))


def _level(linked: float) -> float:
    """A share in steps of `QUARTERS`; a trace is more than nothing."""
    return math.ceil(linked * QUARTERS) / QUARTERS


def _level_alike(siblings: int) -> int:
    """A count as a power of two."""
    return min(siblings, MOST_ALIKE).bit_length()


@lru_cache(REMEMBERED)
def _place(path: str) -> bytes:
    return b"".join(map(_hash, _under(path)))


@lru_cache(REMEMBERED)
def _names_around(names: Sequence[str]) -> bytes:
    return b"".join(list(dict.fromkeys(chain.from_iterable(map(_of_name, names))))[:MOST_NAMES])


@lru_cache(REMEMBERED)
def _of_name(name: str) -> tuple[bytes, ...]:
    return tuple([_hash(f"named {word}") for word in _with_words(name)])


def readable(dom: Dom) -> dict[str, int]:
    """Return those marks of a line that can be shown to a reader, as they are shown, with their hashes."""
    tags = {f"<{mark.partition(' ')[2]}>": _number(mark) for mark in _under(dom.path)}
    return tags | {f"\u201c{mark.partition(' ')[2]}\u201d": _number(mark) for mark in _named(dom.names)}


def _under(path: str) -> list[str]:
    return [f"under {tag}" for tag in sorted(set(path.split("/")) - EVERYWHERE)]


def _named(names: Sequence[str]) -> list[str]:
    return [f"named {name}" for name in dict.fromkeys(chain.from_iterable(map(_with_words, names)))][:MOST_NAMES]


def _with_words(name: str) -> tuple[str, ...]:
    """Return a name and the words in it, in order."""
    return (name, *_WORD.findall(name)) if len(name) <= LONGEST_NAME else ()


def _number(mark: str) -> int:
    return int.from_bytes(_hash(mark), "little")


@lru_cache(REMEMBERED)
def _hash(mark: str) -> bytes:
    return hashlib.blake2b(mark.encode("utf-8", "replace"), digest_size=MARK).digest()
