"""What the DOM says of a line, as marks: words of a small language that the network reads beside the line's own.

A line of flattened text has no marks. Class and id names come as whole tokens and as the words in them, so
that names the network never met still tell something.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scrubber.model import Dom

MOST_NAMES = 24
"""Names of one line that are read: the innermost say most, and utility classes come by the dozen."""

LONGEST_NAME = 40
"""Characters of a name that is read; longer ones are generated."""

QUARTERS = 4
"""Levels of the share of a line in links."""

MOST_ALIKE = 64
"""Siblings that look alike, beyond which more say nothing new."""

REMEMBERED = 65_536
"""Descriptions of lines whose marks are kept: the lines of a page share a few dozen."""

EVERYWHERE = frozenset({"html", "body", "div", "span"})
"""Elements around a line that say nothing."""

_WORD = re.compile(r"[a-z]{2,}")

Hashes = NDArray[np.uint64]


def marks(doms: Sequence[Dom]) -> list[Hashes]:
    """Return the marks of each line, each hashed to 64 bits; at least one a line."""
    return [_hashed(dom._replace(linked=_level(dom.linked), siblings=_level_alike(dom.siblings))) for dom in doms]


def _level(linked: float) -> float:
    """A share in steps of `QUARTERS`; a trace is more than nothing."""
    return math.ceil(linked * QUARTERS) / QUARTERS


def _level_alike(siblings: int) -> int:
    """A count as a power of two."""
    return min(siblings, MOST_ALIKE).bit_length()


@lru_cache(REMEMBERED)
def _hashed(dom: Dom) -> Hashes:
    found = [f"is {dom.block}", f"in {dom.landmark}", f"links {dom.linked}", f"alike {dom.siblings}"]
    found += ["hidden"] * dom.hidden
    found += [*_under(dom), *_named(dom)]
    return np.fromiter(map(_hash, found), dtype=np.uint64, count=len(found))


def readable(dom: Dom) -> dict[str, int]:
    """Return those marks of a line that can be shown to a reader, as they are shown, with their hashes."""
    tags = {f"<{mark.partition(' ')[2]}>": _hash(mark) for mark in _under(dom)}
    return tags | {f"\u201c{mark.partition(' ')[2]}\u201d": _hash(mark) for mark in _named(dom)}


def _under(dom: Dom) -> list[str]:
    return [f"under {tag}" for tag in sorted(set(dom.path.split("/")) - EVERYWHERE)]


def _named(dom: Dom) -> list[str]:
    return [f"named {name}" for name in dict.fromkeys(_names(dom.names))][:MOST_NAMES]


def _names(names: Sequence[str]) -> Iterator[str]:
    """Yield each name and the words in it, in order."""
    for name in names:
        if len(name) <= LONGEST_NAME:
            yield name
            yield from _WORD.findall(name)


@lru_cache(REMEMBERED)
def _hash(mark: str) -> int:
    return int.from_bytes(hashlib.blake2b(mark.encode("utf-8", "replace"), digest_size=8).digest(), "little")
