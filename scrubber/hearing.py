"""The tagger's word beside that of the rules: how much of each is heard."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from scrubber.document import SHORT_WORDS
from scrubber.evidence import Claim
from scrubber.judgement import CROWD, PLACE_RULE, Judgement
from scrubber.model import KEPT, Evidence, Label
from scrubber.place import shape_label

if TYPE_CHECKING:
    from scrubber.tagger import Tagged

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
"""Labels that HTML has one element for: no element tells a standfirst from a paragraph."""

PROSE_SHARE = 0.3
"""Share of the lines of an article that are running text, when little stands around it. From 0.3 to 0.5 all figures of
the tuning pages are the same; without any such share flattened WCXB loses 0.4 points of word F1."""

TAGGER_CALM = 2.5
"""Log-odds for every line of a page on which the tagger is sure of no chrome: a hint alone takes nothing out."""

TAGGER_MOST = 6.0
"""Log-odds. The tagger's word never counts more: a site's rule or two sure detectors can still outweigh it."""

TAGGER_SURE = 2.0
"""Log-odds below which the tagger is sure that a line is not the article's."""

IN_FULL = frozenset({"place", "page-elements", "stated-body", "read-more-prompts"})
"""Rules that count in full beside the tagger, however little they weigh. Fitted on folds of the tuning pages: of what
the DOM says, the element of a line is worth its weight, and the part of the page is a hint."""

IN_FULL_ON_ARTICLES = IN_FULL | {"link-lines"}
"""The same on pages that are likely articles, where links lead away. On listings, links are the content."""

ONLY_ON_ARTICLES = frozenset({Label.HEADLINE_LIST})
"""Labels of which lesser signs count nothing on other pages: what a listing lists is its content."""

ARTICLE = 0.5
"""Chance from which a page is taken for an article; from 0.3 to 0.7 no score of the tuning pages falls."""

LEAST = 1e-4
"""The least chance, and the least distance from certainty, that is told apart from none."""

LABELS = {label.value: label for label in Label}
"""Labels by their names; asking the enumeration is slow."""

CHANCES = 10_001
"""Different chances that the tagger gives, to four places: so many log-odds are remembered."""


def hear_tagger(judgement: Judgement, tagged: Tagged) -> None:
    """Add the tagger's word to what rules say.

    On a text where the tagger is sure of hardly any line that it is not the article's, its doubts are not
    heard: what is left of a page that was cleaned before, wholly or in part, looks like nothing it has learned
    from. If such a page still shows furniture, it was cleaned in part, and is left to the rules. If not, it was
    cleaned before, and cleaning it again changes nothing more. HTML was not cleaned before.
    """
    judgement.tagged = tagged
    edge = log_odds(tagged.threshold)
    odds_of = {keep: max(-TAGGER_MOST, min(TAGGER_MOST, log_odds(keep) - edge)) for keep in set(tagged.keep)}
    heard = [odds_of[keep] for keep in tagged.keep]
    raw = judgement.document.doms is not None
    unsure = sum(odds < -TAGGER_SURE for odds in heard) < CROWD
    prosy = len(judgement.document.prose_lines) >= PROSE_SHARE * len(heard)
    if ((unsure and prosy) or len(heard) <= SMALL_PAGE) and _shows_furniture(judgement):
        return
    judgement.clean = unsure and not raw
    judgement.heard = [TAGGER_CALM] * len(heard) if judgement.clean else heard
    _add_up(judgement, tagged)


def _add_up(judgement: Judgement, tagged: Tagged) -> None:
    """Add the tagger's log-odds to what rules say of each line, and label it; what sites rule stands."""
    evidence, labels, raw = judgement.evidence, judgement.labels, judgement.document.doms is not None
    leads = _leads(judgement)
    titled = Label.TITLE in labels
    article = tagged.article >= ARTICLE
    for index, odds in enumerate(judgement.heard):
        if index in judgement.ruled:
            continue
        total, claim = odds, evidence[index]
        if said := claim or leads.get(index):
            total += sum([_weight_beside_tagger(one, article) for one in said])
        label = labels[index]
        if (total >= 0) != (label in KEPT) or (not claim and label is not Label.STANDFIRST):
            label = _tagger_label(judgement, index, LABELS[tagged.labels[index]], kept=total >= 0, titled=titled)
        if raw and label in LEADS:
            label = Label.STANDFIRST if tagged.labels[index] == Label.STANDFIRST else Label.PARAGRAPH
        titled = titled or label is Label.TITLE
        labels[index], judgement.odds[index] = label, total


def _shows_furniture(judgement: Judgement) -> bool:
    """Tell whether a page shows its title and another thing that stands around articles, or several such."""
    said = chain.from_iterable(chain(judgement.evidence, judgement.parts.values()))
    kinds = {one.rule for one in said if one.weight >= (SURE_HEADER if one.label in TITLES else FURNITURE_WEIGHT)}
    return len(kinds) + (Label.TITLE in judgement.labels) >= FURNITURE


def _leads(judgement: Judgement) -> dict[int, Claim]:
    """Return what their place says of the lines that it makes the article's leads."""
    leads = ((index, place) for index, place in judgement.places.items() if place.label is Label.STANDFIRST)
    return {index: (Evidence(index, place.label, place.weight, PLACE_RULE, place.reason),) for index, place in leads}


def _weight_beside_tagger(evidence: Evidence, article: bool) -> float:
    """Return what evidence counts beside the tagger, for keeping a line or, below 0, against it."""
    if evidence.weight >= FULL_WEIGHT or evidence.rule in (IN_FULL_ON_ARTICLES if article else IN_FULL):
        share = 1.0
    else:
        share = HINTS_SHARE if article or evidence.label not in ONLY_ON_ARTICLES else 0.0
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
