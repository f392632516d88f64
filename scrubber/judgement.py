"""The decisions on a page: what each line is, how sure that is, and who said so."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from operator import mul
from typing import TYPE_CHECKING

from scrubber.document import Document
from scrubber.evidence import Claim
from scrubber.model import BLANK, KEPT, Decision, Evidence, Label, Policy, Quality, Removal, Repair, removals, shortened
from scrubber.place import RUNNING_TEXT, Place
from scrubber.repair import source_offset
from scrubber.segment.text import breaks_word, joined_rows

if TYPE_CHECKING:
    from scrubber.tagger import Tagged

CROWD = 2
"""Lines that rules take out before a page counts as more than its article: one may be an accident."""

TAGGER_RULE = "tagger"
"""The rule that names the tagger in its evidence."""

BRAKE_ODDS = 2.0
"""Log-odds of the last look at the page as a whole."""

BRAKE_RULE = "brake"
"""The rule that names the last look at a page."""

PLACE_RULE = "place"
"""The rule that names a line's place and shape in its evidence."""


class Judgement:
    """The decisions on all lines of a page.

    Attributes:
        document: the page.
        labels: for each line its label.
        odds: for each line the log-odds that it belongs to the article.
        evidence: for each line what rules say of it, () where none does. `Evidence.line` is not always that line: on
            pages of very many lines, claims that are alike are one.
        parts: for each line that has stretches of their own, the evidence for those, in order.
        places: for each line that no rule speaks of and that is not plain prose, what its place says.
        ruled: the lines that sites speak of.
        tagged: what the tagger says, None where it was not asked; `heard`: its log-odds for each line, empty where
            the page was left to the rules; `clean`: whether it takes the page for one that was cleaned before.
    """

    def __init__(self, document: Document, policy: Policy, repairs: Sequence[Repair]) -> None:
        count = len(document)
        self.document = document
        self.policy = policy
        self.repairs = repairs
        self.labels: list[Label] = [Label.PARAGRAPH] * count
        self.odds: list[float] = [0.0] * count
        self.evidence: list[Claim] = [()] * count
        self.parts: dict[int, list[Evidence]] = {}
        self.places: dict[int, Place] = {}
        self.tagged: Tagged | None = None
        self.heard: list[float] = []
        self.clean = False
        self.ruled: frozenset[int] = frozenset()

    @property
    def source(self) -> str:
        """The text that the decisions tile."""
        return self.document.source

    def empty(self, reason: str) -> None:
        """Take every line out of the text, and add the reason to each that was in it."""
        for index, label in enumerate(self.labels):
            if self.kept(label):
                self.labels[index] = Label.NON_CONTENT
                self.odds[index] = -max(self.odds[index], BRAKE_ODDS)
                braked = Evidence(index, Label.NON_CONTENT, BRAKE_ODDS, BRAKE_RULE, reason)
                self.evidence[index] = (braked, *self.evidence[index])
        self.parts.clear()

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

    def pieces(self) -> Iterable[tuple[str, Label]]:
        """Return every stretch of the page that is not blank, in order, as text with its label."""
        if not self.parts:
            return zip(self.document.texts, self.labels, strict=True)
        return [piece for index in range(len(self.labels)) for piece in self.texts(index) if piece[0]]

    def decisions(self) -> tuple[Decision, ...]:
        """Return a decision for every stretch of the source; together they tile it."""
        made: list[Decision] = []
        position = 0
        for index, (start, end) in enumerate(self.document.spans):
            if start > position:
                made.append(self._blank(position, start))
            made.extend(self._line(index))
            position = end
        if position < len(self.document.source):
            made.append(self._blank(position, len(self.document.source)))
        return tuple(made)

    def removed(self) -> tuple[Removal, ...]:
        """Return what is not in the text, without reasons."""
        return removals(self._in_short(), len(self.document.source))

    def quality(self) -> Quality:
        """Return how far the decisions can be trusted."""
        lengths = list(map(len, self.document.texts))
        total = sum(lengths)
        if not total:
            return Quality(0.0, 0.0)
        wanted, parts = self.policy.kept, self.parts
        kept = sum(compress(lengths, map(wanted.__contains__, self.labels)))
        kept -= sum(lengths[index] for index in parts if self.labels[index] in wanted)
        kept += sum(end - start for index in parts for start, end, label in self.stretches(index) if self.kept(label))
        sure = sum(map(mul, map(math.tanh, [abs(odds) / 2 for odds in self.odds]), lengths))  # see `confidence`
        expected = round(self.tagged.expected_f1, 4) if self.tagged is not None else None
        return Quality(kept_share=kept / total, confidence=(1.0 + sure / total) / 2, expected_f1=expected)

    def _blank(self, start: int, end: int) -> Decision:
        return Decision(start, end, self.document.source[start:end], BLANK, False, 1.0)

    def _line(self, index: int) -> Iterable[Decision]:
        line = self.document.lines[index]
        stretches = self.stretches(index)
        bounds = [line.start, *(self._offset(index, start) for start, _, _ in stretches[1:]), line.end]
        parts = {part.span: part for part in self.parts.get(index, ())}
        for (start, end, label), first, last in zip(stretches, bounds, bounds[1:], strict=False):
            text, part = line.text[start:end], parts.get((start, end))
            path = line.html.path if line.html else None
            follows = line.html.follows if line.html and first == line.start else ""
            if part and part.label == label:
                yield Decision(
                    first, last, text, label, self.kept(label), confidence(part.weight), (part,), (), path, follows
                )
            else:
                yield self._whole(index, first, last, text)._replace(path=path, follows=follows)

    def _whole(self, index: int, start: int, end: int, text: str) -> Decision:
        label, odds = self.labels[index], self.odds[index]
        said = sorted(self._said(index), key=lambda evidence: -abs(evidence.weight))
        agrees = [(evidence.label in KEPT) == (label in KEPT) for evidence in said]
        won = tuple(evidence for evidence, agreed in zip(said, agrees, strict=True) if agreed)
        lost = tuple(evidence for evidence, agreed in zip(said, agrees, strict=True) if not agreed)
        return Decision(start, end, text, label, self.kept(label), confidence(odds), won, lost)

    def _said(self, index: int) -> list[Evidence]:
        """Return all evidence on a line, what its shape and place say included."""
        said = [one if one.line == index else one._replace(line=index) for one in self.evidence[index]]
        place = self.places.get(index) or (RUNNING_TEXT if self.document.prose[index] else None)
        if place:
            said.append(Evidence(index, place.label, abs(place.weight), PLACE_RULE, place.reason))
        if self.tagged is not None and self.heard:
            weight, label = self.heard[index], Label(self.tagged.labels[index])
            said.append(Evidence(index, label, abs(weight), TAGGER_RULE, self.tagged.reason(index)))
        return said or [Evidence(index, self.labels[index], 0.0, PLACE_RULE, "nothing speaks for or against it")]

    def _in_short(self) -> Iterator[tuple[int, str, str | None]]:
        """Yield start, label and rule of each stretch that is not blank; no rule where it is kept."""
        wanted, parts, rule = self.policy.kept, self.parts, self._rule
        for index, ((start, _), label) in enumerate(zip(self.document.spans, self.labels, strict=True)):
            if index in parts:
                yield from map(shortened, self._line(index))
            else:
                yield start, label, None if label in wanted else rule(index, label)

    def _rule(self, index: int, label: Label) -> str:
        """Return the rule of the first evidence that `_whole` gives for a line of a label, "" where there is none."""
        won, rule, most = label in KEPT, "", -1.0
        said = self.evidence[index]
        for one in said:
            if abs(one.weight) > most and (one.label in KEPT) == won:
                rule, most = one.rule, abs(one.weight)
        place = self.places.get(index) or (RUNNING_TEXT if self.document.prose[index] else None)
        if place and abs(place.weight) > most and (place.label in KEPT) == won:
            rule, most = PLACE_RULE, abs(place.weight)
        if not self.heard or self.tagged is None:
            return rule or ("" if said or place else PLACE_RULE)
        tagged = abs(self.heard[index]) > most and (self.tagged.labels[index] in KEPT) == won
        return TAGGER_RULE if tagged else rule

    def _offset(self, index: int, position: int) -> int:
        """Return where a position in the text of a line lies in the source."""
        start, end = self.document.spans[index]
        for offset, row in joined_rows(self.document.source[start:end]):
            begin = start + offset
            low = bisect_left(self.repairs, begin, key=lambda repair: repair.start)
            high = bisect_left(self.repairs, begin + len(row), key=lambda repair: repair.start)
            steps = self.repairs[low:high]
            length = len(row.rstrip()) + sum(len(step.after) - len(step.before) for step in steps)
            if position <= length or begin + len(row) >= end:
                return min(source_offset(steps, begin, position), end)
            position -= length + (0 if breaks_word(row.rstrip()) else 1)
        return end


def confidence(odds: float) -> float:
    """Return the probability of a decision made on log-odds of either sign: 0.5 to 1.0.

    It is the logistic function, which a hyperbolic tangent is too: `(1 + tanh(odds / 2)) / 2`.
    """
    return 1.0 / (1.0 + math.exp(-min(abs(odds), 30.0)))
