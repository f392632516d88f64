"""What learning remembers of a site's pages: a little of each, all of some, and a bound on both.

Which pages are kept where there are too many depends on what they say and not on their order, so that the
same pages always teach the same.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from scrubber.document import Document
from scrubber.learning.shapes import MOST_CHARS, Shape, hash_of, shapes
from scrubber.model import Page

SAMPLE_PAGES = 200
"""Pages that are looked at as a whole: a share of pages is known to 3 or 4 points in a hundred from so many."""

SAMPLE_CHARS = 32_000_000
"""Bytes or characters of them together: 200 pages of HTML of usual size."""

MOST_MARKS = 4_000_000
"""Shapes of lines that are counted, eight bytes each and as many again while they are: those of 40,000 usual pages."""

MOST_PAGE_LINES = 5_000
"""Lines of a page that is learned from; more is a dump."""

MOST_PAGE_CHARS = 4_000_000
"""Bytes or characters of a page that is learned from; the largest pages of news have a few million in HTML."""

BODY_LINES = 40
"""Lines of running text by which two pages are compared."""

SAME = 0.8
"""Share of the running words of two pages that makes them one: an edited article, the same page fetched twice."""

STANDING = 0.6
"""Share of pages from which a line of running text stands on every page and says nothing about sameness."""

STANDING_PAGES = 10
"""Pages from which that can be told."""

KNOWN_LINES = 10_000
"""Lines whose shapes are remembered while pages are added, about: most lines of a page are on others too."""

OWNERS = 3
"""Pages that a line of running text is compared with: the first that show it."""

Marks = NDArray[np.uint64]
T = TypeVar("T")


class Lowest(Generic[T]):
    """The things with the lowest keys, as many as fit: what is kept does not depend on the order of adding."""

    def __init__(self, most: int, most_cost: int) -> None:
        """Keep at most `most` things whose costs add up to at most `most_cost`."""
        self.most, self.most_cost = most, most_cost
        self.cost = 0
        self._bar = 1 << 64
        self._heap: list[tuple[int, int, T]] = []
        self._keys: set[int] = set()

    def add(self, key: int, cost: int, thing: T) -> None:
        """Keep a thing if its key is low enough; one whose key is there already is not kept again."""
        if key >= self._bar or key in self._keys:
            return
        heapq.heappush(self._heap, (-key, cost, thing))
        self._keys.add(key)
        self.cost += cost
        while len(self._heap) > self.most or self.cost > self.most_cost:
            highest, freed, _ = heapq.heappop(self._heap)
            self._bar = -highest
            self._keys.remove(-highest)
            self.cost -= freed

    def __iter__(self) -> Iterator[tuple[int, T]]:
        """Yield key and thing, the lowest key first."""
        return ((-key, thing) for key, _, thing in sorted(self._heap, key=lambda entry: -entry[0]))


class Trace(NamedTuple):
    """What is remembered of every page: the shapes of its lines, and its running text as hashes with their words."""

    marks: Marks
    body: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many pages that differ show each shape.

    Attributes:
        pages: the pages that differ; `repeated`: those that were one of them again.
        keys: the pages that differ, by what they say.
        marks: the hashes of all shapes, in order; `times`: for each on how many pages it is.
    """

    pages: int
    repeated: int
    keys: frozenset[int]
    marks: Marks
    times: NDArray[np.int64]

    def of(self, shape: Shape) -> int:
        """Return how many pages show a shape."""
        mark = np.uint64(hash_of(shape))
        place = int(np.searchsorted(self.marks, mark))
        return int(self.times[place]) if place < len(self.marks) and self.marks[place] == mark else 0


class Memory:
    """Takes pages one by one."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self.seen = 0
        self.too_large = 0
        self._traces: Lowest[Trace] = Lowest(MOST_MARKS, MOST_MARKS)
        self._sample: Lowest[Page] = Lowest(SAMPLE_PAGES, SAMPLE_CHARS)
        self._known: dict[str, tuple[int, ...]] = {}

    def takes(self, page: Page) -> bool:
        """Tell whether a page is small enough to be read at all; one that is not is only counted."""
        small = len(page.content) <= MOST_PAGE_CHARS
        self.too_large += not small
        return small

    def add(self, page: Page, document: Document) -> None:
        """Remember a page; one of more lines than an article has is only counted."""
        if len(document) > MOST_PAGE_LINES:
            self.too_large += 1
            return
        self.seen += 1
        trace = Trace(self._marks_of(set(document.texts)), _body_of(document))
        key = _hash("\n".join(document.texts))
        self._traces.add(key, len(trace.marks) + len(trace.body), trace)
        self._sample.add(key, len(page.content), page)

    def _marks_of(self, texts: Iterable[str]) -> Marks:
        """Return the hashes of the shapes of some lines; those of most are known from other pages."""
        if len(self._known) > KNOWN_LINES:
            self._known.clear()
        marks: set[int] = set()
        for text in texts:
            if len(text) > MOST_CHARS:
                continue
            if (known := self._known.get(text)) is None:
                known = self._known[text] = tuple(map(hash_of, shapes(text)))
            marks.update(known)
        return np.array(sorted(marks), np.uint64)

    def counts(self) -> Counts:
        """Count the pages that differ."""
        traces = list(self._traces)
        keys = _different(traces)
        marks = [trace.marks for key, trace in traces if key in keys]
        found, times = np.unique(np.concatenate([np.zeros(0, np.uint64), *marks]), return_counts=True)
        return Counts(len(keys), self.seen - len(keys), keys, found, times)

    def sample(self, counts: Counts) -> list[Page]:
        """Return the pages that are looked at as a whole, all of them different."""
        return [page for key, page in self._sample if key in counts.keys]


def _body_of(document: Document) -> tuple[tuple[int, int], ...]:
    body = {document.texts[index]: document.words[index] for index in document.prose_lines if index in document.body}
    longest = sorted(body, key=lambda text: (-body[text], text))[:BODY_LINES]
    return tuple((_hash(text), body[text]) for text in longest)


def _different(traces: Iterable[tuple[int, Trace]]) -> frozenset[int]:
    """Return the keys of pages that differ in what they tell."""
    traces = list(traces)
    standing = _standing([trace for _, trace in traces])
    owners: dict[int, list[int]] = {}
    words: dict[int, int] = {}
    for key, trace in traces:
        own = [(line, count) for line, count in trace.body if line not in standing]
        words[key] = sum(count for _, count in own)
        shared: Counter[int] = Counter()
        for line, count in own:
            for owner in owners.get(line, ()):
                shared[owner] += count
        if any(count >= SAME * min(words[key], words[owner]) for owner, count in shared.items()):
            del words[key]
            continue
        for line, _ in own:
            if len(known := owners.setdefault(line, [])) < OWNERS:
                known.append(key)
    return frozenset(words)


def _standing(traces: list[Trace]) -> frozenset[int]:
    """Return the lines of running text that stand on most pages."""
    if len(traces) < STANDING_PAGES:
        return frozenset()
    counts = Counter(line for trace in traces for line, _ in trace.body)
    return frozenset(line for line, count in counts.items() if count >= STANDING * len(traces))


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
