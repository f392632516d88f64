"""Evidence to labels: one decision for each line, and the reasons on both sides.

Precedence: site keep > site drop > detectors and tagger together > brake (the brake flags a page, and
empties the text of one that is a wall and nothing else). Within one rank the log-odds are added up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from scrubber.document import Document
from scrubber.evidence import Alike, Claim
from scrubber.hearing import hear_tagger
from scrubber.judgement import CROWD, Judgement
from scrubber.model import KEPT, Evidence, Label, Policy, Repair
from scrubber.place import PROSE, RUNNING_TEXT, find_lead, place_lines, shape_label
from scrubber.second_look import look_again

if TYPE_CHECKING:
    from scrubber.tagger import Tagged

CLAIM_WEIGHT = 0.5
"""Log-odds from which a word for a line outweighs its place; a mere `<p>` is a lesser hint."""

SITE_ODDS = 12.0
"""Log-odds of a site's word. It decides by rank; the number only makes its confidence."""

VAGUE_RULES = frozenset({"page-parts", "stated-body"})
"""Rules that say whether a line stands in the article; what it is, such as a caption, others know better."""


def decide(
    document: Document,
    site_evidence: Sequence[Evidence] | Alike,
    evidence: Sequence[Evidence] | Alike,
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
        judgement.ruled = frozenset([index for index, claim in enumerate(ruled) if claim])
        claims = [(*rules, *claim) for rules, claim in zip(ruled, claims, strict=True)]
    judgement.evidence = claims
    _place_the_rest(judgement)
    if tagged is not None:
        hear_tagger(judgement, tagged)
        look_again(judgement)
    return judgement


def _by_line(judgement: Judgement, evidence: Sequence[Evidence] | Alike) -> list[Claim]:
    """Return what is said of each line as a whole, and put what is said of stretches beside it."""
    if isinstance(evidence, Alike):
        whole, evidence = evidence.by_line(len(judgement.document)), evidence.of_parts()
    else:
        whole = [()] * len(judgement.document)
    for one in evidence:
        if one.span is None:
            whole[one.line] += (one,)
        else:
            judgement.parts.setdefault(one.line, []).append(one)
    for parts in judgement.parts.values():
        parts.sort(key=lambda part: (part.span or (0, 0), -part.weight))
    return whole


def _obey(judgement: Judgement, ruled: Sequence[Claim]) -> None:
    """Sites have spoken: a keep rule wins over a drop rule, the first rule of a file over the next."""
    for index, claim in enumerate(ruled):
        if not claim:
            continue
        keeps = [one for one in claim if one.label in KEPT]
        judgement.labels[index] = (keeps or claim)[0].label
        judgement.odds[index] = SITE_ODDS if keeps else -SITE_ODDS


def _weigh(judgement: Judgement, claims: Sequence[Claim]) -> None:
    """Add up what the detectors say of each line, against what its shape says."""
    prose, labels, odds = judgement.document.prose, judgement.labels, judgement.odds
    for index, claim in enumerate(claims):
        if not claim:
            continue
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
    votes = [vote for vote in votes if vote.rule not in VAGUE_RULES] or votes
    if len(votes) == 1:
        return votes[0].label
    totals: dict[Label, float] = defaultdict(float)
    for one in votes:
        totals[one.label] += one.weight
    return max(totals, key=lambda label: totals[label]) if totals else shape_label(judgement.document, index)


def _place_the_rest(judgement: Judgement) -> None:
    document, labels, odds = judgement.document, judgement.labels, judgement.odds
    claimed = [False] * len(document)
    for index, said in enumerate(judgement.evidence):
        if said:
            claimed[index] = any(map(_claims_line, said)) or index in judgement.ruled
    taken = [index for index, claim in enumerate(claimed) if claim and labels[index] not in KEPT]
    title = next((index for index in taken if labels[index] is Label.TITLE), None)
    lead = find_lead(document, title, frozenset(taken)) if title is not None else None
    lead = None if lead is not None and claimed[lead] else lead
    placed = place_lines(document, claimed, lead, crowded=len(taken) >= CROWD)
    placed |= {index: RUNNING_TEXT for index in judgement.parts if index in placed}
    judgement.places = placed
    for index in document.prose_lines:
        if not claimed[index]:
            odds[index] = PROSE
    evidence = judgement.evidence
    for index, place in placed.items():
        labels[index], odds[index] = place.label, place.weight
        if mild := evidence[index]:
            odds[index] += sum([one.weight for one in mild])


def _claims_line(evidence: Evidence) -> bool:
    """Tell whether evidence speaks of a line loudly enough that its place is not asked any more."""
    return evidence.label not in KEPT or evidence.weight >= CLAIM_WEIGHT
