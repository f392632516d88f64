"""Lines that are new on every page and still no article: headlines below their heading, tags, names.

A rule whose lines stand below the article takes along what follows them, up to the next line that a rule knows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from scrubber.learning.naming import Names
from scrubber.learning.sample import Place, Sample
from scrubber.learning.standing import Standing
from scrubber.model import KEPT, Label
from scrubber.sites import Rule
from scrubber.sites.schema import MAX_ALSO

MOST_LINES = 40
"""Lines of a block between two known ones: a longer one may hold anything."""

FEWEST_GAPS = 3
"""Pages that must show a block."""

OFTEN = 0.1
"""Share of the blocks that must end in a line, for it to be worth a rule."""

ALWAYS = 0.9
"""Share of a rule's lines that must have something new below them, for it to belong to them."""


@dataclass(frozen=True, slots=True)
class Found:
    """A rule, the places of what it matches, and how that stands.

    `pages` is how many pages show it, None where only those of the sample are known.
    """

    rule: Rule
    places: tuple[Place, ...]
    standing: Standing
    pages: int | None
    reason: str = ""


class Gap(NamedTuple):
    """Lines below a known one that no rule speaks of, and the rule of the line that ends them, if there is one."""

    page: int
    lines: range
    end: int | None


def with_blocks(sample: Sample, taken: Sequence[Found], review: Sequence[Found], names: Names) -> list[Found]:
    """Return the rules that take something out, those of headings with what follows them and its places."""
    known = {place: number for number, found in reversed(list(enumerate(taken))) for place in found.places}
    judged = {place for found in review for place in found.places}
    rules: list[Found] = []
    for found in taken:
        gaps = _gaps(sample, found.places, known)
        if gaps and _may_go(sample, gaps, judged):
            rules += _taking_along(sample, found, gaps, taken, names)
        else:
            rules.append(found)
    return rules


def _gaps(sample: Sample, places: Iterable[Place], known: dict[Place, int]) -> list[Gap]:
    """Return what follows each line of a rule; nothing unless all of them stand below the article."""
    gaps: list[Gap] = []
    for page, line in places:
        studied = sample.pages[page]
        if not studied.zone:
            continue
        if line < studied.zone.stop:
            return []
        last = len(studied.document)
        stop = next((index for index in range(line + 1, last) if (page, index) in known), last)
        gaps.append(Gap(page, range(line + 1, stop), known.get(Place(page, stop))))
    return gaps


def _may_go(sample: Sample, gaps: Sequence[Gap], judged: set[Place]) -> bool:
    """Tell whether gaps are there nearly always, hold no running text, and hold what generic cleaning keeps."""
    places = [Place(gap.page, line) for gap in gaps for line in gap.lines]
    if len({gap.page for gap in gaps}) < FEWEST_GAPS or sum(len(gap.lines) > 0 for gap in gaps) < ALWAYS * len(gaps):
        return False
    if any(len(gap.lines) > MOST_LINES for gap in gaps) or not judged.isdisjoint(places):
        return False
    if any(sample.pages[place.page].document.prose[place.line] for place in places):
        return False
    return any(sample.label(place) in KEPT for place in places)


def _taking_along(sample: Sample, found: Found, gaps: list[Gap], taken: Sequence[Found], names: Names) -> list[Found]:
    """Return a rule with a fixed number of lines, or rules from its line until each that ends such a block."""
    sizes = {len(gap.lines) for gap in gaps}
    label, rule = _label(sample, gaps), found.rule
    ends = Counter(gap.end for gap in gaps if gap.end is not None and taken[gap.end].rule.line is not None)
    ends = Counter({end: count for end, count in ends.items() if count >= max(FEWEST_GAPS, OFTEN * len(gaps))})
    if len(sizes) == 1 or rule.line is None or len(ends) == 0:
        also = min(*sizes, MAX_ALSO)
        places = [Place(gap.page, line) for gap in gaps for line in gap.lines[:also]]
        return [
            replace(
                found,
                rule=replace(rule, also=also, label=label if also else rule.label),
                places=(*found.places, *places),
            )
        ]
    blocks = []
    for end, _ in sorted(ends.items(), key=lambda item: (-item[1], item[0])):
        name = names.new(f"{rule.name} until {taken[end].rule.name}")
        places = [Place(gap.page, line) for gap in gaps if gap.end == end for line in gap.lines]
        block = Rule(name, label, first=rule.line, last=taken[end].rule.line)
        blocks.append(replace(found, rule=block, places=tuple(places), pages=None))
    return [found, *blocks]


def _label(sample: Sample, gaps: Iterable[Gap]) -> Label:
    """Return what generic cleaning takes most of the lines for that it takes out."""
    labels: dict[Label, int] = defaultdict(int)
    for gap in gaps:
        for line in gap.lines:
            labels[sample.label(Place(gap.page, line))] += 1
    taken = {label: count for label, count in labels.items() if label not in KEPT and label is not Label.TITLE}
    return min(taken, key=lambda label: (-taken[label], label)) if taken else Label.HEADLINE_LIST
