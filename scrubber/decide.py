"""Evidence to labels: one decision for each line, and the reasons on both sides.

Precedence: site keep > site drop > detectors and tagger together > brake (the brake flags a page, and
empties the text of one that is a wall and nothing else). Within one rank the log-odds are added up.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from operator import mul
from typing import TYPE_CHECKING

from scrubber.document import SHORT_WORDS, Document
from scrubber.model import BLANK, KEPT, Decision, Evidence, Label, Policy, Quality, Removal, Repair, removals, shortened
from scrubber.place import PROSE, RUNNING_TEXT, Place, find_lead, place_lines, shape_label
from scrubber.repair import source_offset
from scrubber.segment.text import breaks_word, joined_rows

if TYPE_CHECKING:
    from scrubber.tagger import Tagged

CROWD = 2
"""Lines that rules take out before a page counts as more than its article: one may be an accident."""

CLAIM_WEIGHT = 0.5
"""Log-odds from which a word for a line outweighs its place; a mere `<p>` is a lesser hint."""

SITE_ODDS = 12.0
"""Log-odds of a site's word. It decides by rank; the number only makes its confidence."""

FULL_WEIGHT = 4.0
"""Log-odds from which a rule's word counts in full beside the tagger; a lesser sign is one of those that the
tagger has weighed itself."""

HINTS_SHARE = 0.3
"""What lesser signs count beside the tagger. Fitted on a fold of the tuning pages: 0.2 to 0.5 for most rules."""

SMALL_PAGE = 40
"""Lines. The tagger has learned from whole pages of hundreds of lines; a small one that shows an article's
furniture was cleaned in part, whatever the tagger thinks of it."""

FURNITURE = 2
"""Kinds of rules that speak on a page that was cleaned in part; one may be a whim of the article."""

FURNITURE_WEIGHT = 3.0
"""Log-odds from which a rule's word shows such a thing."""

TITLES = frozenset({Label.TITLE, Label.REPEATED_HEADER, *KEPT})
"""Labels that show no furniture of themselves: any text may begin with what looks like its title."""

SURE_HEADER = 8.0
"""Log-odds from which they do: a site's word, or a title that stands on the page again."""

LEADS = frozenset({Label.STANDFIRST, Label.PARAGRAPH})
"""Labels that HTML has one element for."""

PROSE_SHARE = 0.5
"""Share of the lines of an article that are running text, when little stands around it."""

TAGGER_CALM = 2.5
"""Log-odds for every line of a page on which the tagger is sure of no chrome: a hint alone takes nothing out."""

TAGGER_MOST = 6.0
"""Log-odds. The tagger's word never counts more: a site's rule or two sure detectors can still outweigh it."""

TAGGER_SURE = 2.0
"""Log-odds below which the tagger is sure that a line is not the article's."""

TAGGER_RULE = "tagger"
"""The rule that names the tagger in its evidence."""

BRAKE_ODDS = 2.0
"""Log-odds of the last look at the page as a whole."""

BRAKE_RULE = "brake"
"""The rule that names the last look at a page."""

PARTS_RULE = "page-parts"
"""The rule that names the part of a page a line stands in; what the line itself is, its element knows better."""

UNSEEN = frozenset({"place", "page-elements"})
"""Rules that count in full beside the tagger: they tell of place and DOM, which it has not seen."""

LEAST = 1e-4
"""The least chance, and the least distance from certainty, that is told apart from none."""

LABELS = {label.value: label for label in Label}
"""Labels by their names; asking the enumeration is slow."""

CHANCES = 10_001
"""Different chances that the tagger gives, to four places: so many log-odds are remembered."""

COPY_WORDS = 6
"""Words from which a line that stands in the text already is a copy; a shorter one may be a heading or an answer.
Fitted on the tuning pages: from 5 to 8 the gain is the same."""

COPY_ODDS = 2.0
"""Log-odds that a second copy is none of the article's."""

COPY_RULE = "copies"
"""The rule that names a line which stands in the text already."""

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
        ruled: the lines that sites speak of.
        tagged: what the tagger says, None where it was not asked; `heard`: its log-odds for each line, empty where
            the page was left to the rules.
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
        self.tagged: Tagged | None = None
        self.heard: list[float] = []
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
                self.evidence[index] = [braked, *self.evidence.get(index, ())]
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
        whole = zip(range(len(lengths)), lengths, self.labels, strict=True)
        kept = sum(length for index, length, label in whole if label in wanted and index not in parts)
        kept += sum(end - start for index in parts for start, end, label in self.stretches(index) if self.kept(label))
        sure = sum(map(mul, map(confidence, self.odds), lengths))
        expected = round(self.tagged.expected_f1, 4) if self.tagged is not None else None
        return Quality(kept_share=kept / total, confidence=sure / total, expected_f1=expected)

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
            if part and part.label == label:
                yield Decision(first, last, text, label, self.kept(label), confidence(part.weight), (part,), path=path)
            else:
                yield self._whole(index, first, last, text)._replace(path=path)

    def _whole(self, index: int, start: int, end: int, text: str) -> Decision:
        label, odds = self.labels[index], self.odds[index]
        said = sorted(self._said(index), key=lambda evidence: -abs(evidence.weight))
        agrees = [(evidence.label in KEPT) == (label in KEPT) for evidence in said]
        won = tuple(evidence for evidence, agreed in zip(said, agrees, strict=True) if agreed)
        lost = tuple(evidence for evidence, agreed in zip(said, agrees, strict=True) if not agreed)
        return Decision(start, end, text, label, self.kept(label), confidence(odds), won, lost)

    def _said(self, index: int) -> list[Evidence]:
        """Return all evidence on a line, what its shape and place say included."""
        said = list(self.evidence.get(index, ()))
        place = self.places.get(index) or (RUNNING_TEXT if self.document.prose[index] else None)
        if place:
            said.append(Evidence(index, place.label, abs(place.weight), PLACE_RULE, place.reason))
        if self.tagged is not None and self.heard:
            weight, label = self.heard[index], Label(self.tagged.labels[index])
            said.append(Evidence(index, label, abs(weight), TAGGER_RULE, self.tagged.reason(index)))
        return said or [Evidence(index, self.labels[index], 0.0, PLACE_RULE, "nothing speaks for or against it")]

    def _in_short(self) -> Iterator[tuple[int, str, str | None]]:
        """Yield start, label and rule of each stretch that is not blank; no rule where it is kept."""
        for index, (start, _) in enumerate(self.document.spans):
            label = self.labels[index]
            if index in self.parts:
                yield from map(shortened, self._line(index))
            else:
                yield start, label, None if label in self.policy.kept else self._rule(index)

    def _rule(self, index: int) -> str:
        """Return the rule of the first evidence that `_whole` gives for a line, "" where there is none."""
        won, rule, most = self.labels[index] in KEPT, "", 0.0
        said = self.evidence.get(index, ())
        for one in said:
            if (one.label in KEPT) == won and (abs(one.weight) > most or not rule):
                rule, most = one.rule, abs(one.weight)
        place = self.places.get(index) or (RUNNING_TEXT if self.document.prose[index] else None)
        if place and (place.label in KEPT) == won and (abs(place.weight) > most or not rule):
            rule, most = PLACE_RULE, abs(place.weight)
        if not self.heard:
            return rule or ("" if said or place else PLACE_RULE)
        tagged = self.tagged is not None and (self.tagged.labels[index] in KEPT) == won
        return TAGGER_RULE if tagged and (abs(self.heard[index]) > most or not rule) else rule

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
    """Return the probability of a decision made on log-odds of either sign: 0.5 to 1.0."""
    return 1.0 / (1.0 + math.exp(-min(abs(odds), 30.0)))


def decide(
    document: Document,
    site_evidence: Sequence[Evidence],
    evidence: Sequence[Evidence],
    *,
    policy: Policy,
    repairs: Sequence[Repair] = (),
    tagged: Tagged | None = None,
) -> Judgement:
    """Weigh all evidence on a page and label each of its lines.

    Without `tagged`, the shape and place of a line stand in for what the tagger would say of it.
    """
    judgement = Judgement(document, policy, repairs)
    claims = _by_line(judgement, evidence)
    _weigh(judgement, claims)
    if site_evidence:
        ruled = _by_line(judgement, site_evidence)
        _obey(judgement, ruled)
        judgement.ruled = frozenset(ruled)
        claims = {index: [*ruled.get(index, ()), *claims.get(index, ())] for index in {*ruled, *claims}}
    judgement.evidence = claims
    _place_the_rest(judgement)
    if tagged is not None:
        _hear_tagger(judgement, tagged)
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
    return dict(whole)


def _obey(judgement: Judgement, ruled: Mapping[int, Sequence[Evidence]]) -> None:
    """Sites have spoken: a keep rule wins over a drop rule, the first rule of a file over the next."""
    for index, claim in ruled.items():
        keeps = [one for one in claim if one.label in KEPT]
        judgement.labels[index] = (keeps or claim)[0].label
        judgement.odds[index] = SITE_ODDS if keeps else -SITE_ODDS


def _weigh(judgement: Judgement, claims: Mapping[int, Sequence[Evidence]]) -> None:
    """Add up what the detectors say of each line, against what its shape says."""
    prose, labels, odds = judgement.document.prose, judgement.labels, judgement.odds
    for index, claim in claims.items():
        total = PROSE if prose[index] else 0.0
        for one in claim:
            total += one.weight if one.label in KEPT else -one.weight
        odds[index] = total
        labels[index] = _strongest(judgement, index, claim, kept=total > 0)


def _strongest(judgement: Judgement, index: int, claim: Sequence[Evidence], *, kept: bool) -> Label:
    """Return the label with most weight on the side that won; where only the shape spoke for it, its label."""
    if len(claim) == 1 and not kept:
        return claim[0].label
    votes = [one for one in claim if (one.label in KEPT) == kept]
    if len(votes) == 1:
        return votes[0].label
    totals: dict[Label, float] = defaultdict(float)
    for one in [vote for vote in votes if vote.rule != PARTS_RULE] or votes:
        totals[one.label] += one.weight
    return max(totals, key=lambda label: totals[label]) if totals else shape_label(judgement.document, index)


def _place_the_rest(judgement: Judgement) -> None:
    document, labels, odds = judgement.document, judgement.labels, judgement.odds
    claimed = {one.line for said in judgement.evidence.values() for one in said if _claims_line(one)} | judgement.ruled
    taken = frozenset(index for index in claimed if labels[index] not in KEPT)
    titles = [index for index in taken if labels[index] is Label.TITLE]
    lead = find_lead(document, min(titles), taken) if titles else None
    lead = None if lead in claimed else lead
    placed = place_lines(document, claimed, lead, crowded=len(taken) >= CROWD)
    placed |= {index: RUNNING_TEXT for index in judgement.parts if index in placed}
    judgement.places = placed
    for index in document.prose_lines:
        if index not in claimed:
            odds[index] = PROSE
    evidence = judgement.evidence
    for index, place in placed.items():
        labels[index], odds[index] = place.label, place.weight
        if index in evidence:
            odds[index] += sum([mild.weight for mild in evidence[index]])


def _claims_line(evidence: Evidence) -> bool:
    """Tell whether evidence speaks of a line loudly enough that its place is not asked any more."""
    return evidence.label not in KEPT or evidence.weight >= CLAIM_WEIGHT


def _hear_tagger(judgement: Judgement, tagged: Tagged) -> None:
    """Add the tagger's word to what rules say.

    On a text where the tagger is sure of hardly any line that it is not the article's, its doubts are not
    heard: what is left of a page that was cleaned before, wholly or in part, looks like nothing it has learned
    from. If such a page still shows furniture, it was cleaned in part, and is left to the rules. If not, it was
    cleaned before, and cleaning it again changes nothing more. HTML was not cleaned before.
    """
    judgement.tagged = tagged
    edge = log_odds(tagged.threshold)
    heard = [max(-TAGGER_MOST, min(TAGGER_MOST, log_odds(keep) - edge)) for keep in tagged.keep]
    raw = judgement.document.doms is not None
    unsure = sum(odds < -TAGGER_SURE for odds in heard) < CROWD
    prosy = raw or len(judgement.document.prose_lines) >= PROSE_SHARE * len(heard)
    if ((unsure and prosy) or len(heard) <= SMALL_PAGE) and _shows_furniture(judgement):
        return
    calm = unsure and not raw
    if calm:
        heard = [TAGGER_CALM] * len(heard)
    judgement.heard = heard
    evidence, labels = judgement.evidence, judgement.labels
    claims = {**_leads(judgement), **evidence}
    titled = Label.TITLE in labels
    for index, odds in enumerate(heard):
        if index in judgement.ruled:
            continue
        total = odds
        if index in claims:
            total += sum([_weight_beside_tagger(one) for one in claims[index]])
        label = labels[index]
        if (total >= 0) != (label in KEPT) or (index not in evidence and label is not Label.STANDFIRST):
            label = _tagger_label(judgement, index, LABELS[tagged.labels[index]], kept=total >= 0, titled=titled)
        if raw and label in LEADS:  # what else a line is, its element tells; no element tells a standfirst
            label = Label.STANDFIRST if tagged.labels[index] == Label.STANDFIRST else Label.PARAGRAPH
        titled = titled or label is Label.TITLE
        labels[index], judgement.odds[index] = label, total
    if not calm:
        _drop_copies(judgement)


def _drop_copies(judgement: Judgement) -> None:
    """Keep the first copy of a line that the text would hold twice: pages say in a box what they say below."""
    document, seen = judgement.document, set[str]()
    for index, text in enumerate(document.texts):
        if document.words[index] < COPY_WORDS or not judgement.kept(judgement.labels[index]):
            continue
        if text in seen and index not in judgement.ruled:
            judgement.labels[index], judgement.odds[index] = Label.REPEATED_HEADER, -COPY_ODDS
            said = Evidence(index, Label.REPEATED_HEADER, COPY_ODDS, COPY_RULE, "stands in the text already")
            judgement.evidence[index] = [said, *judgement.evidence.get(index, ())]
        seen.add(text)


def _shows_furniture(judgement: Judgement) -> bool:
    """Tell whether a page shows its title and another thing that stands around articles, or several such."""
    said = chain.from_iterable((*judgement.evidence.values(), *judgement.parts.values()))
    kinds = {one.rule for one in said if one.weight >= (SURE_HEADER if one.label in TITLES else FURNITURE_WEIGHT)}
    return len(kinds) + (Label.TITLE in judgement.labels) >= FURNITURE


def _leads(judgement: Judgement) -> dict[int, Sequence[Evidence]]:
    """Return what their place says of the lines that it makes the article's leads."""
    leads = ((index, place) for index, place in judgement.places.items() if place.label is Label.STANDFIRST)
    return {index: (Evidence(index, place.label, place.weight, PLACE_RULE, place.reason),) for index, place in leads}


def _weight_beside_tagger(evidence: Evidence) -> float:
    share = 1.0 if evidence.weight >= FULL_WEIGHT or evidence.rule in UNSEEN else HINTS_SHARE
    return share * (evidence.weight if evidence.label in KEPT else -evidence.weight)


def _tagger_label(judgement: Judgement, index: int, label: Label, *, kept: bool, titled: bool) -> Label:
    """Return the tagger's label for a line where it fits the decision, else the one its shape suggests."""
    if kept:
        return label if label in KEPT and label is not Label.PARAGRAPH else shape_label(judgement.document, index)
    long = label is Label.NAVIGATION and judgement.document.words[index] > SHORT_WORDS
    if label in KEPT or long or (label is Label.TITLE and titled):
        return Label.NON_CONTENT
    return label


@lru_cache(maxsize=CHANCES)
def log_odds(chance: float) -> float:
    """Return the natural log-odds of a chance; chances are held off 0 and 1 by `LEAST`."""
    chance = min(max(chance, LEAST), 1.0 - LEAST)
    return math.log(chance / (1.0 - chance))
