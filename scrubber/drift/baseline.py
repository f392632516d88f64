"""The figures of a site as they were: made from its pages, kept in a small file that can be committed and reviewed."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from scrubber.drift.figures import figures_of, recurring_share, shapes_of
from scrubber.errors import ScrubberError
from scrubber.model import Result

FORMAT = 1
"""The version of the file's layout."""

LEAST_PAGES = 30
"""Pages. With fewer the mean of a figure is so unsure that a change would have to be told by luck."""

RECURRING_SHARE = 0.5
"""Share of the pages that a line stands on to be one of those that recur."""

MOST_RECURRING = 30
"""Lines that recur which are kept, the most frequent; more would tell no more, and bloat the file."""

MOST_FIGURES = 1_000
"""Figures of a baseline; there are some twenty labels and a few dozen rules."""


class BadBaseline(ScrubberError):
    """A baseline can't be made of so few pages, or its file is not valid."""


class Level(NamedTuple):
    """The mean and the standard deviation of a figure over the pages of the baseline."""

    mean: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Baseline:
    """A site as it was.

    Attributes:
        pages: how many pages it was made from, at least `LEAST_PAGES`.
        recurring: the lines that stand on most of them, in shape.
        figures: the level of each figure that was not 0 on all of them.
    """

    pages: int
    recurring: frozenset[str]
    figures: Mapping[str, Level]

    def to_json(self) -> str:
        """Return the text of the file, the same for the same figures."""
        levels = {name: [round(number, 4) for number in self.figures[name]] for name in sorted(self.figures)}
        content = {"format": FORMAT, "pages": self.pages, "recurring": sorted(self.recurring), "figures": levels}
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Baseline:
        """Read the text of a file.

        Raises:
            BadBaseline: it is not what `to_json` writes.
        """
        try:
            content = json.loads(text)
            levels = {str(name): Level(*map(float, level)) for name, level in content["figures"].items()}
            found = cls(int(content["pages"]), frozenset(map(str, content["recurring"])), levels)
            sound = content["format"] == FORMAT and found._is_sound()
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
            raise BadBaseline(f"is no baseline ({type(error).__name__}: {error}). Record it again.") from error
        if not sound:
            raise BadBaseline("is no baseline of this version, or was changed by hand. Record it again.")
        return found

    def _is_sound(self) -> bool:
        numbers = [number for level in self.figures.values() for number in level]
        bounded = all(abs(number) <= 1e6 for number in numbers)  # noqa: PLR2004 - NaN and what no page has
        few = self.pages >= LEAST_PAGES and len(self.figures) <= MOST_FIGURES
        return bounded and few and len(self.recurring) <= MOST_RECURRING


def record(results: Iterable[Result]) -> Baseline:
    """Make a baseline of the results of a site's pages.

    Raises:
        BadBaseline: there are fewer than `LEAST_PAGES`.
    """
    pages = [(figures_of(result), shapes_of(result)) for result in results]
    count = len(pages)
    if count < LEAST_PAGES:
        raise BadBaseline(f"a baseline needs at least {LEAST_PAGES} pages, better a hundred; these are {count}.")
    often = Counter(shape for _, shapes in pages for shape in sorted(shapes)).most_common(MOST_RECURRING)
    recurring = frozenset(shape for shape, shown in often if shown >= RECURRING_SHARE * count)
    rows = [figures | recurring_share(shapes, recurring) for figures, shapes in pages]
    names = dict.fromkeys(name for row in rows for name in row)
    return Baseline(count, recurring, {name: _level([row.get(name, 0.0) for row in rows]) for name in names})


def _level(values: Sequence[float]) -> Level:
    return Level(statistics.fmean(values), statistics.stdev(values))
