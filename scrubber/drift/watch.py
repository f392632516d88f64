"""A CUSUM test of every figure of a site, page by page, with a bound on false alarms over all of them.

Each figure is taken in standard deviations from its mean, z, cut at `CUT`. Two sums a figure, one up and one down, add
z - `ALLOWANCE` and never fall below 0; one over the threshold is an alarm, and the change began where that sum was last
0. A mean may be off by `ERRORS` standard errors, so that only the rest of the allowance counts for the bound. Among all
distributions with mean 0, variance 1 and no value above `CUT` one of two points has the largest exponential moments
(Bennett). With t the number for which E exp(t (z - allowance)) = 1 for it, a sum that starts at any one page passes the
threshold h, ever, with a chance of at most exp(-th). The threshold shares `FALSE_ALARMS` out over all figures, both
sides and all pages. That holds for pages that are independent of each other, however a figure is distributed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median_low

from scrubber.drift.baseline import Baseline
from scrubber.drift.figures import figures_of, recurring_share, shapes_of
from scrubber.model import Result

FALSE_ALARMS = 0.01
"""Most chance of any alarm while the site stays as it is, over all figures and `HORIZON` pages."""

HORIZON = 1_000
"""Pages that the chance of a false alarm is for: a month or a year of a site."""

FIGURES = 200
"""Figures that it is shared out over: labels and rules, with room for those of a large site."""

ALLOWANCE = 1.0
"""Standard deviations. Lasting shifts below it are not drift: seasons and sections shift a site so much."""

CUT = 4.0
"""Standard deviations beyond which a page counts no more: no single page raises an alarm."""

ERRORS = 3.0
"""Standard errors that the baseline's mean and deviation may be off."""

LEAST_DEVIATION = 0.05
"""The least deviation of a figure, for those that hardly vary in the baseline: a twentieth of a share or a doubling."""


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that has changed for good.

    Attributes:
        figure: its name.
        before: its mean in the baseline.
        after: its mean from the page on where the change began.
        since: that page's number in the order that they came, from 0.
        found: the number of the page that raised the alarm.
    """

    figure: str
    before: float
    after: float
    since: int
    found: int


@dataclass(slots=True)
class _Sum:
    """One side of the test of one figure."""

    sign: int
    value: float = 0.0
    began: int = 0
    found: int | None = None

    def add(self, z: float, page: int, threshold: float) -> None:
        if self.value <= 0:
            self.value, self.began = 0.0, page
        self.value += self.sign * z - ALLOWANCE
        if self.value > threshold:
            self.found = page


@dataclass(slots=True)
class Watch:
    """The test of one site, to which its pages are given one by one."""

    baseline: Baseline
    pages: int = 0
    threshold: float = field(init=False)
    _seen: list[Mapping[str, float]] = field(default_factory=list, init=False)
    _sums: dict[str, tuple[_Sum, _Sum]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.threshold = threshold(self.baseline.pages)

    def add(self, result: Result) -> bool:
        """Take the next page; return whether it raised the first alarm of any figure."""
        figures = figures_of(result) | recurring_share(shapes_of(result), self.baseline.recurring)
        self._seen.append(figures)
        raised = False
        for name in {**self.baseline.figures, **figures}:
            if not self._is_found(name):
                self._weigh(name, figures.get(name, 0.0))
                raised |= self._is_found(name)
        self.pages += 1
        return raised

    def changes(self) -> list[Change]:
        """Return what has changed so far, what began first before the others."""
        found = [(name, side) for name, sides in self._sums.items() for side in sides if side.found is not None]
        return sorted(
            (self._change(name, side) for name, side in found), key=lambda change: (change.since, change.figure)
        )

    def began(self) -> int | None:
        """Return the page where the design changed, None without a change: where the middle one of the figures did.

        A single figure may have strayed by chance long before; most of them change with the design.
        """
        changes = self.changes()
        return median_low(change.since for change in changes) if changes else None

    def _weigh(self, name: str, value: float) -> None:
        mean, deviation = self.baseline.figures.get(name, (0.0, 0.0))
        spread = max(deviation * (1 + ERRORS / math.sqrt(2 * self.baseline.pages)), LEAST_DEVIATION)
        z = min(max((value - mean) / spread, -CUT), CUT)
        for side in self._sums.setdefault(name, (_Sum(1), _Sum(-1))):
            side.add(z, self.pages, self.threshold)

    def _is_found(self, name: str) -> bool:
        return any(side.found is not None for side in self._sums.get(name, ()))

    def _change(self, name: str, side: _Sum) -> Change:
        after = [figures.get(name, 0.0) for figures in self._seen[side.began :]]
        before = self.baseline.figures[name].mean if name in self.baseline.figures else 0.0
        return Change(name, before, sum(after) / len(after), side.began, side.found or 0)


def threshold(pages: int) -> float:
    """Return what a sum has to pass for an alarm, for a baseline of so many pages.

    >>> round(threshold(100), 1), round(threshold(30), 1)
    (27.3, 35.9)
    """
    left = ALLOWANCE - ERRORS / math.sqrt(pages)
    return math.log(2 * FIGURES * HORIZON / FALSE_ALARMS) / _exponent(left)


def _exponent(allowance: float) -> float:
    """Return the positive t for which E exp(t (z - allowance)) = 1 for the worst of distributions."""
    share = 1 / (1 + CUT**2)

    def moment(t: float) -> float:
        return share * math.exp(t * (CUT - allowance)) + (1 - share) * math.exp(-t * (1 / CUT + allowance))

    low, high = 1e-6, 10.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if moment(middle) < 1 else (low, middle)
    return low
