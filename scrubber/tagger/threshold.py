"""How a page is decided as a whole: the chance from which a line is kept, and how good the answer should be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LOWEST, HIGHEST = 0.2, 0.6
"""Bounds of the threshold: outside them one misjudged page is lost or flooded whole. Source: folds."""

CERTAIN = 0.05
"""Chance under which a line is certain chrome. A page without any such line is clean already: nothing that is merely
suspect is dropped from it, so that cleaning what was cleaned changes nothing. Source: folds; at 0.05 no score falls,
and pages cleaned again stay as they are."""

SUSPECT = 0.05
"""Share of a page's words in lines under `LOWEST`, up to which such a page is clean. Source: folds, where 0.02 and 0.05
gain the same on articles; of a thousand pages cleaned again, two more change."""

UNDECIDED = 0.4
"""The threshold of a page without lines, where any would do."""

GRAIN = 10_000
"""Chances are counted in whole parts of this, so that sums are exact and no platform differs."""


def choose_threshold(keep: Sequence[float], lengths: Sequence[int], *, raw: bool = False) -> float:
    """Choose the chance from which a page's lines are kept: the one with the highest expected F1, within bounds.

    Args:
        keep: for each line, the chance that it is the article's, 0.0 to 1.0.
        lengths: for each line, its words.
        raw: whether the page came as HTML, so that nobody has cleaned it before.

    Returns:
        A threshold: a line is kept when its chance is no lower. `CERTAIN` for a text without certain chrome and with
        little that is suspect.

    >>> choose_threshold([0.9, 0.5, 0.01], [40, 3, 3])
    0.5
    >>> choose_threshold([0.9, 0.5, 0.1], [80, 3, 3])
    0.05
    """
    if not keep:
        return UNDECIDED
    if not raw and min(keep) >= CERTAIN and unlikely(keep, lengths) <= SUSPECT:
        return CERTAIN
    best, _ = best_cut(keep, lengths)
    return min(max(best, LOWEST), HIGHEST)


def unlikely(keep: Sequence[float], lengths: Sequence[int]) -> float:
    """Return the share of a page's words that stand in lines under `LOWEST`, 0.0 to 1.0; 0.0 without words."""
    below = sum([words for chance, words in zip(keep, lengths, strict=True) if chance < LOWEST])
    return below / (sum(lengths) or 1)


def expected_f1(keep: Sequence[float], lengths: Sequence[int], threshold: float) -> float:
    """Return the word F1 to expect when lines are kept from a threshold on, if their chances are right.

    Twice the words expected right, over the words kept plus the words expected in the article; 0.0 when none are kept.
    """
    if not len(keep):
        return 0.0
    chances = np.asarray(keep, dtype=np.float64)
    sizes = np.asarray(lengths, dtype=np.int64)
    above = chances >= threshold
    hit = int(parts(chances)[above] @ sizes[above])
    total = int(sizes[above].sum()) * GRAIN + wanted(keep, lengths)
    return 2 * hit / total if total else 0.0


def best_cut(keep: Sequence[float], lengths: Sequence[int]) -> tuple[float, float]:
    """Return the threshold with the highest expected F1, and that F1; the higher threshold wins a draw.

    Keeping the likeliest lines first, each next line is worth keeping while its chance is over half the F1 so far.
    """
    chances = np.asarray(keep, dtype=np.float64)
    order = np.argsort(-chances, kind="stable")
    sizes = np.asarray(lengths, dtype=np.int64)[order]
    hit = np.cumsum(parts(chances)[order] * sizes)
    total = np.cumsum(sizes) * GRAIN + wanted(keep, lengths)
    f1 = 2 * hit / np.maximum(total, 1)
    best = int(np.argmax(f1)) if len(f1) else 0
    return (float(chances[order[best]]), float(f1[best])) if f1.any() else (1.0, 0.0)


def wanted(keep: Sequence[float], lengths: Sequence[int]) -> int:
    """Words expected in the article, in parts of `GRAIN`."""
    return int(parts(np.asarray(keep, dtype=np.float64)) @ np.asarray(lengths, dtype=np.int64)) if len(keep) else 0


def parts(chances: NDArray[np.float64]) -> NDArray[np.int64]:
    """Chances in whole parts of `GRAIN`."""
    return np.rint(chances * GRAIN).astype(np.int64)
