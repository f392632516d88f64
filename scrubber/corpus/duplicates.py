"""Articles that are the same as an earlier one, word for word or nearly."""

from __future__ import annotations

import hashlib
import re
from typing import Any, NamedTuple

WORD = re.compile(r"\w+")

SHINGLE = 5
"""Words of a shingle; usual for articles (Broder 1997, "On the resemblance and containment of documents")."""

LIKENESS = 0.8
"""Share of shingles in common (Jaccard) from which two articles are near duplicates: one was edited, not rewritten."""

PERMUTATIONS = 128
BANDS = 32
"""Bands of four values each: of pairs at the limit of likeness, all but one in ten million are looked at."""

LEAST_WORDS = 20
"""Words of an article below which likeness says little."""


class Like(NamedTuple):
    """An earlier row that an article is like; `same` where it is the same, else `likeness` is estimated, 0 to 1."""

    row: int
    same: bool
    likeness: float


class Duplicates:
    """Remembers articles: a digest of each, and with `near` its MinHash."""

    def __init__(self, *, near: bool) -> None:
        """Begin without articles."""
        self._digests: dict[bytes, int] = {}
        self._hashes: dict[int, Any] = {}
        self._index = _new_index() if near else None

    def add(self, row: int, text: str) -> Like | None:
        """Remember an article, and return the first that it is like, None where it is like none; as empty ones are."""
        words = WORD.findall(text.lower())
        if not words:
            return None
        key = hashlib.blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=12).digest()
        first = self._digests.setdefault(key, row)
        if first != row:
            return Like(first, True, 1.0)
        if self._index is None or len(words) < LEAST_WORDS:
            return None
        return self._nearest(row, _minhash(words), self._index)

    def _nearest(self, row: int, minhash: Any, index: Any) -> Like | None:
        candidates = [(self._hashes[other].jaccard(minhash), -other) for other in index.query(minhash)]
        index.insert(row, minhash)
        self._hashes[row] = minhash
        likeness, other = max(candidates, default=(0.0, 0))
        return Like(-other, False, likeness) if likeness >= LIKENESS else None


def _new_index() -> Any:
    from rensa import RMinHashLSH  # noqa: PLC0415 - needed for near duplicates alone

    return RMinHashLSH(LIKENESS, PERMUTATIONS, BANDS)


def _minhash(words: list[str]) -> Any:
    from rensa import RMinHash  # noqa: PLC0415

    minhash = RMinHash(PERMUTATIONS, 1)
    minhash.update(sorted({" ".join(words[start : start + SHINGLE]) for start in range(len(words) - SHINGLE + 1)}))
    return minhash
