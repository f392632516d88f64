"""Comparing texts by their words, and saying in a line where two of them part."""

from __future__ import annotations

import re
from collections import Counter

CONTEXT = 30
"""Characters shown on either side of a difference."""

_WORD = re.compile(r"\w+")


def words_of(text: str) -> list[str]:
    r"""Return the words of a text: runs of `\w`.

    >>> words_of("It's 5 p.m.")
    ['It', 's', '5', 'p', 'm']
    """
    return _WORD.findall(text)


def word_score(expected: str, got: str) -> float:
    """Return the F1 of the words of two texts, each counted as often as it stands: 0.0 to 1.0; 1.0 without words."""
    wanted, found = Counter(words_of(expected)), Counter(words_of(got))
    total = wanted.total() + found.total()
    return 2 * (wanted & found).total() / total if total else 1.0


def kept_share(expected: str, got: str) -> float:
    """Return the share of a text's words that another has, each counted as often as it stands; 1.0 without words."""
    wanted = Counter(words_of(expected))
    return (wanted & Counter(words_of(got))).total() / wanted.total() if wanted else 1.0


def parting(left: str, right: str) -> int:
    """Return how many characters two texts share at their start."""
    pairs = enumerate(zip(left, right, strict=False))
    return next((index for index, (one, other) in pairs if one != other), min(len(left), len(right)))


def first_difference(expected: str, got: str) -> str:
    """Return where two texts first differ, with a little of both."""
    place = parting(expected, got)
    start = max(place - CONTEXT, 0)
    return f"at character {place}, expected {expected[start : place + CONTEXT]!r}, got {got[start : place + CONTEXT]!r}"
