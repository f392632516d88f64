"""Statistics that the benchmarks share. Pure: numbers in, numbers out, numpy alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SEED = 20_240_601
RESAMPLES = 4_000
"""Bootstrap samples. With this many the ends of a 95 % interval move by less than 0.001 between seeds."""

BINS = 10
"""Bins of the reliability table, of equal width."""

LARGEST_DRAW = 2_000_000
"""Numbers drawn at once: bounds the memory of a bootstrap."""

Floats = NDArray[np.float64]


class Ratio(NamedTuple):
    """A score as a ratio of two sums over pages, `part` over `whole`; a mean has a `whole` of ones."""

    part: Floats
    whole: Floats

    @property
    def value(self) -> float:
        """The score; 0.0 where the whole is empty."""
        return float(self.part.sum() / max(self.whole.sum(), 1e-12))

    def at(self, chosen: NDArray[np.bool_]) -> Ratio:
        """The score over some of the pages."""
        return Ratio(self.part[chosen], self.whole[chosen])


def mean_of(values: Sequence[float] | Floats) -> Ratio:
    """Return a mean over pages as a `Ratio`.

    >>> mean_of([0.5, 1.0]).value
    0.75
    """
    part = np.asarray(values, dtype=np.float64)
    return Ratio(part, np.ones_like(part))


class Interval(NamedTuple):
    """A difference, and the ends of its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:+.3f} [{self.low:+.3f}, {self.high:+.3f}]"


def paired(first: Ratio, second: Ratio, *, resamples: int = RESAMPLES, seed: int = SEED) -> Interval:
    """Return `first` minus `second`, with a 95 % interval of the paired bootstrap over pages.

    Both are measured on the same pages in the same order; a resample draws pages with replacement and takes
    both scores of each. The seed is fixed: the same scores give the same interval.

    Raises:
        ValueError: the two are not of the same length, or hold no page.
    """
    if len(first.part) != len(second.part) or not len(first.part):
        raise ValueError("a paired difference needs the same pages on both sides, and at least one")
    random = np.random.default_rng(seed)
    count = len(first.part)
    step = max(LARGEST_DRAW // count, 1)
    sums = np.stack([first.part, first.whole, second.part, second.whole], axis=1)
    drawn: list[Floats] = []
    for start in range(0, resamples, step):
        chosen = random.integers(count, size=(min(step, resamples - start), count))
        weights = np.stack([np.bincount(row, minlength=count) for row in chosen])
        total = weights @ sums
        drawn.append(total[:, 0] / np.maximum(total[:, 1], 1e-12) - total[:, 2] / np.maximum(total[:, 3], 1e-12))
    low, high = np.percentile(np.concatenate(drawn), [2.5, 97.5])
    return Interval(first.value - second.value, float(low), float(high))


def auc(signal: Sequence[float], bad: Sequence[bool]) -> float:
    """Return how well a low signal finds bad pages: the chance that a bad page has less of it than a good one.

    Ties count half. 1.0 is perfect, 0.5 blind; NaN when all pages are good or all are bad.

    >>> auc([0.1, 0.9, 0.8], [True, False, False])
    1.0
    """
    values, flags = np.asarray(signal, dtype=np.float64), np.asarray(bad, dtype=bool)
    low, high = values[flags], np.sort(values[~flags])
    if not len(low) or not len(high):
        return float("nan")
    below = np.searchsorted(high, low, side="left")
    upto = np.searchsorted(high, low, side="right")
    return float((len(high) - (below + upto) / 2).sum() / (len(low) * len(high)))


class Bin(NamedTuple):
    """One bin of a reliability table: its pages, and the means of what was said and of what was true."""

    low: float
    high: float
    pages: int
    said: float
    true: float


def reliability(said: Sequence[float], true: Sequence[float], bins: int = BINS) -> list[Bin]:
    """Return the bins of equal width over 0 to 1 that hold any page."""
    values, truths = np.asarray(said, dtype=np.float64), np.asarray(true, dtype=np.float64)
    places = np.minimum((values * bins).astype(int), bins - 1)
    return [
        Bin(n / bins, (n + 1) / bins, int(held.sum()), float(values[held].mean()), float(truths[held].mean()))
        for n in range(bins)
        if (held := places == n).any()
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the mean distance between said and true, weighted by pages; 0.0 without any."""
    pages = sum(one.pages for one in bins)
    return sum(abs(one.said - one.true) * one.pages for one in bins) / max(pages, 1)


def label_f1(pairs: Sequence[tuple[str | None, str | None]], label: str) -> float:
    """Return the F1 of one label over (wanted, given) pairs, None for no label; NaN where nobody has it."""
    hit = sum(wanted == given == label for wanted, given in pairs)
    total = sum((wanted == label) + (given == label) for wanted, given in pairs)
    return 2 * hit / total if total else float("nan")
