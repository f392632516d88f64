"""How the lines of one shape stand on a site's pages: on how many, where, and what generic cleaning makes of them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scrubber.learning.sample import Place, Sample
from scrubber.model import KEPT, Label

COMPANION = 0.9
"""Share of the pages with a line, on which another one must stand to be its companion."""

ALIKE = 0.5
"""Share of a line's companions from which a page looks like those that show the line."""

SURE = 1.64
"""Standard errors below the share that was seen: the true one is higher in nineteen cases of twenty."""

WHERE = {-1: "above the article", 0: "between its paragraphs", 1: "below the article"}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the sample shows of lines that one rule matches.

    Attributes:
        shown: pages that have one; `alike`: pages that otherwise look like those, themselves included.
        inside: share of the pages, on which one stands between the paragraphs of the article.
        apart: share of the pages, on which something that is surely no article stands between it and the article.
        dropped: share of the lines that generic cleaning takes out.
        prose: whether they mostly read as running text.
        label: what generic cleaning takes most of them for, of those it takes out; None where it takes out none.
        where: where most of them stand.
        words: how many words they have on average.
    """

    shown: int
    alike: int
    inside: float
    apart: float
    dropped: float
    prose: bool
    label: Label | None
    where: str
    words: float

    @property
    def at_least(self) -> float:
        """The share of the pages alike that show one, 0.0 to 1.0: the lower end of what the sample allows for."""
        return lower_bound(self.shown, self.alike)


def lower_bound(count: int, total: int) -> float:
    """Return the lower end of Wilson's interval for a share.

    >>> [round(lower_bound(count, 20), 2) for count in (4, 10, 20)]
    [0.09, 0.33, 0.88]
    """
    share, squared = count / total, SURE * SURE
    centre = share + squared / (2 * total)
    margin = SURE * math.sqrt(share * (1 - share) / total + squared / (4 * total * total))
    return max(0.0, (centre - margin) / (1 + squared / total))


class Companions:
    """Which pages look alike: those of one design, or of one kind, show the same lines."""

    def __init__(self, sample: Sample, places: Iterable[Sequence[Place]]) -> None:
        """Take the places of all lines that recur."""
        pages = [{place.page for place in found} for found in places]
        self._shows: NDArray[np.bool_] = np.zeros((len(sample.pages), len(pages)), bool)
        for column, numbers in enumerate(pages):
            self._shows[list(numbers), column] = True

    def alike(self, pages: Iterable[int]) -> int:
        """Return how many pages look like some of them."""
        chosen = np.zeros(len(self._shows), bool)
        chosen[list(pages)] = True
        companions = self._shows[chosen].mean(axis=0) >= COMPANION
        if not companions.any():
            return len(self._shows)
        return int(((self._shows[:, companions].mean(axis=1) >= ALIKE) | chosen).sum())


def standing_of(sample: Sample, places: Sequence[Place], companions: Companions) -> Standing:
    """Return how the lines at some places stand; there is at least one."""
    pages = {place.page for place in places}
    sides = [_side(sample, place) for place in places]
    inside = {place.page for place, side in zip(places, sides, strict=True) if side == 0}
    apart = {place.page for place in places if sample.pages[place.page].apart(place.line)}
    taken = Counter(sample.label(place) for place in places if not sample.kept(place))
    documents = [sample.pages[place.page].document for place in places]
    return Standing(
        shown=len(pages),
        alike=companions.alike(pages),
        inside=len(inside) / len(pages),
        apart=len(apart) / len(pages),
        dropped=taken.total() / len(places),
        prose=2 * sum(page.prose[place.line] for page, place in zip(documents, places, strict=True)) > len(places),
        label=min(taken, key=lambda label: (-taken[label], label)) if taken else None,
        where=WHERE[Counter(sorted(sides)).most_common(1)[0][0]],
        words=sum(page.words[place.line] for page, place in zip(documents, places, strict=True)) / len(places),
    )


def _side(sample: Sample, place: Place) -> int:
    """Return -1 for a line above the article, 0 in it, 1 below it; in one without an article, where it would be."""
    page = sample.pages[place.page]
    if not page.zone:
        return 0 if page.labels[place.line] in KEPT else 1
    return -1 if place.line < page.zone.start else 0 if place.line < page.zone.stop else 1
