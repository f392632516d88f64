"""Evidence to labels: one decision for each line, and the reasons on both sides.

Precedence: site keep > site drop > detectors and tagger together > brake (the brake flags a page, it
changes no line). Within one rank the log-odds are added up.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence

from scrubber.document import Document
from scrubber.model import BLANK, KEPT, Decision, Evidence, Label, Policy, Repair
from scrubber.place import Place, find_lead, place_line, shape_label
from scrubber.repair import source_offset

CROWD = 2
"""Lines that rules take out before a page counts as more than its article: one may be an accident."""

SITE_ODDS = 12.0
"""Log-odds of a site's word. It decides by rank; the number only makes its confidence."""

PLACE_RULE = "place"
"""The rule that names a line's place and shape in its evidence."""


class Judgement:
    """The decisions on all lines of a page.

    Attributes:
        document: the page.
        labels: for each line its label.
        odds: for each line the log-odds that it belongs to the article.
        evidence: for each line that rules speak of, what they said.
        parts: for each line that has stretches of their own, the evidence for those, in order.
        places: for each line that no rule speaks of and that is not plain prose, what its place says.
    """

    def __init__(self, document: Document, policy: Policy, repairs: Sequence[Repair]) -> None:
        count = len(document)
        self.document = document
        self.policy = policy
        self.repairs = repairs
        self.labels: list[Label] = [Label.PARAGRAPH] * count
        self.odds: list[float] = [0.0] * count
        self.evidence: dict[int, list[Evidence]] = {}
        self.parts: dict[int, list[Evidence]] = {}
        self.places: dict[int, Place] = {}

    def kept(self, label: str) -> bool:
        """Tell whether a label is part of the text under the policy."""
        return label in self.policy.kept

    def stretches(self, index: int) -> list[tuple[int, int, Label]]:
        """Return the stretches of a line: start and end in `Line.text`, and the label; they tile it."""
        text, label = self.document.texts[index], self.labels[index]
        found, position = [], 0
        for part in self.parts.get(index, ()):
            start, end = part.span or (0, 0)
            if start < position or not (self.kept(label) and start < end <= len(text)):
                continue
            if start > position:
                found.append((position, start, label))
            found.append((start, end, part.label))
            position = end
        if position < len(text):
            found.append((position, len(text), label))
        return found

    def texts(self, index: int) -> list[tuple[str, Label]]:
        """Return the stretches of a line as texts with labels, blanks trimmed."""
        if index not in self.parts:
            return [(self.document.texts[index], self.labels[index])]
        text = self.document.texts[index]
        return [(text[start:end].strip(), label) for start, end, label in self.stretches(index)]

    def decisions(self) -> tuple[Decision, ...]:
        """Return a decision for every stretch of the source; together they tile it."""
        made: list[Decision] = []
        position = 0
        for index, line in enumerate(self.document.lines):
            if line.start > position:
                made.append(self._blank(position, line.start))
            made.extend(self._line(index))
            position = line.end
        if position < len(self.document.source):
            made.append(self._blank(position, len(self.document.source)))
        return tuple(made)

    def _blank(self, start: int, end: int) -> Decision:
        return Decision(start, end, self.document.source[start:end], BLANK, False, 1.0)

    def _line(self, index: int) -> Iterable[Decision]:
        line = self.document.lines[index]
        stretches = self.stretches(index)
        bounds = [line.start, *(self._offset(index, start) for start, _, _ in stretches[1:]), line.end]
        parts = {part.span: part for part in self.parts.get(index, ())}
        for (start, end, label), first, last in zip(stretches, bounds, bounds[1:], strict=False):
            text, part = line.text[start:end], parts.get((start, end))
            if part and part.label == label:
                yield Decision(first, last, text, label, self.kept(label), confidence(part.weight), (part,))
            else:
                yield self._whole(index, first, last, text)

    def _whole(self, index: int, start: int, end: int, text: str) -> Decision:
        label, odds = self.labels[index], self.odds[index]
        said = sorted(self._said(index), key=lambda evidence: -abs(evidence.weight))
        agrees = [(evidence.label in KEPT) == (label in KEPT) for evidence in said]
        won = tuple(evidence for evidence, agreed in zip(said, agrees, strict=True) if agreed)
        lost = tuple(evidence for evidence, agreed in zip(said, agrees, strict=True) if not agreed)
        return Decision(start, end, text, label, self.kept(label), confidence(odds), won, lost)

    def _said(self, index: int) -> list[Evidence]:
        said = list(self.evidence.get(index, ()))
        place = self.places.get(index) or place_line(self.document, index, None, False)
        if place.weight > 0 or not said:
            label = place.label if (place.weight > 0) == (place.label in KEPT) else self.labels[index]
            said.append(Evidence(index, label, abs(place.weight), PLACE_RULE, place.reason))
        return said

    def _offset(self, index: int, position: int) -> int:
        line = self.document.lines[index]
        low = bisect_left(self.repairs, line.start, key=lambda repair: repair.start)
        high = bisect_left(self.repairs, line.end, key=lambda repair: repair.start)
        return source_offset(self.repairs[low:high], line.start, position)


def confidence(odds: float) -> float:
    """Return the probability of a decision made on log-odds of either sign: 0.5 to 1.0."""
    return 1.0 / (1.0 + math.exp(-min(abs(odds), 30.0)))


def decide(
    document: Document,
    site_evidence: Iterable[Evidence],
    evidence: Iterable[Evidence],
    *,
    policy: Policy,
    repairs: Sequence[Repair] = (),
) -> Judgement:
    """Weigh all evidence on a page and label each of its lines."""
    judgement = Judgement(document, policy, repairs)
    ruled = _by_line(judgement, site_evidence)
    claims = _by_line(judgement, evidence)
    judgement.evidence = {index: ruled.get(index, []) + claims.get(index, []) for index in {*ruled, *claims}}
    for index, claim in claims.items():
        _weigh(judgement, index, claim)
    for index, claim in ruled.items():
        _obey(judgement, index, claim)
    _place_the_rest(judgement)
    return judgement


def _by_line(judgement: Judgement, evidence: Iterable[Evidence]) -> dict[int, list[Evidence]]:
    whole: dict[int, list[Evidence]] = defaultdict(list)
    for one in evidence:
        if one.span is None:
            whole[one.line].append(one)
        else:
            judgement.parts.setdefault(one.line, []).append(one)
    for parts in judgement.parts.values():
        parts.sort(key=lambda part: (part.span or (0, 0), -part.weight))
    return whole


def _obey(judgement: Judgement, index: int, claim: Sequence[Evidence]) -> None:
    """A site has spoken: its keep rules win over its drop rules, and both over everything else."""
    keeps = [one for one in claim if one.label in KEPT]
    judgement.labels[index] = (keeps or claim)[0].label
    judgement.odds[index] = SITE_ODDS if keeps else -SITE_ODDS


def _weigh(judgement: Judgement, index: int, claim: Sequence[Evidence]) -> None:
    """Add up what the detectors say of a line, against what its shape says."""
    document = judgement.document
    odds = place_line(document, index, None, False).weight if document.prose[index] else 0.0
    totals: dict[Label, float] = defaultdict(float)
    for one in claim:
        totals[one.label] += one.weight
        odds += one.weight if one.label in KEPT else -one.weight
    side = {label: total for label, total in totals.items() if (label in KEPT) == (odds > 0)}
    judgement.odds[index] = odds
    judgement.labels[index] = max(side, key=lambda label: side[label]) if side else shape_label(document, index)


def _place_the_rest(judgement: Judgement) -> None:
    document, claimed = judgement.document, judgement.evidence.keys()
    taken = [index for index in claimed if judgement.labels[index] not in KEPT]
    crowded = len(taken) >= CROWD
    titled = (index for index in sorted(taken) if judgement.labels[index] is Label.TITLE)
    lead = find_lead(document, next(titled, None), frozenset(taken))
    prose = document.prose
    for index in range(len(document)):
        if index in claimed:
            continue
        if prose[index] and index != lead:
            judgement.odds[index] = 3.0
            continue
        place = place_line(document, index, lead, crowded)
        judgement.places[index] = place
        judgement.labels[index] = place.label
        judgement.odds[index] = place.weight
