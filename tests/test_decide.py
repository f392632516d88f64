"""Deciding: who outranks whom, what is part of the text, and where a stretch inside a line lies."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.decide import decide
from scrubber.judgement import Judgement, confidence
from scrubber.model import BLANK, DROPPED, FIELDS, KEPT, Decision, Evidence, Label, Policy
from scrubber.repair import RepairOptions
from scrubber.segment.text import segment_text

PROSE = "The old bridge was closed by the flood of the river on Monday, the mayor said."
SHORT = "By the river"

DROP, KEEP = Label.NON_CONTENT, Label.PARAGRAPH


def said(
    line: int, label: Label, weight: float = 4.0, rule: str = "rule", span: tuple[int, int] | None = None
) -> Evidence:
    """Return a piece of evidence."""
    return Evidence(line, label, weight, rule, "says so", span)


def judge(source: str, *evidence: Evidence, site: tuple[Evidence, ...] = (), policy: Policy | None = None) -> Judgement:
    """Decide on a page."""
    document, repairs = segment_text(source, RepairOptions())
    return decide(document, site, evidence, policy=policy or Policy(), repairs=repairs)


def only(source: str, *evidence: Evidence, site: tuple[Evidence, ...] = (), policy: Policy | None = None) -> Decision:
    """Decide on a page of one line, and return what became of that."""
    (decision,) = (one for one in judge(source, *evidence, site=site, policy=policy).decisions() if one.label != BLANK)
    return decision


@pytest.mark.parametrize(
    ("weights", "kept"),
    [([], True), ([2.0], True), ([2.0, 2.0], False), ([4.0], False), ([8.0], False)],
)
def test_running_text_goes_only_for_a_strong_reason(weights: list[float], kept: bool) -> None:
    """A hint alone does not take a paragraph out; two, or a strong sign, do."""
    assert only(PROSE, *(said(0, DROP, weight) for weight in weights)).kept is kept


@pytest.mark.parametrize(("weights", "kept"), [([], True), ([2.0], False), ([4.0], False)])
def test_a_short_line_goes_for_a_hint(weights: list[float], kept: bool) -> None:
    """Nothing but its place speaks for it."""
    assert only(SHORT, *(said(0, DROP, weight) for weight in weights)).kept is kept


def test_log_odds_are_added_up() -> None:
    """What detectors say for and against a line is weighed together."""
    assert not only(SHORT, said(0, DROP), said(0, KEEP, 3.0)).kept
    assert only(SHORT, said(0, DROP), said(0, KEEP, 3.0), said(0, KEEP, 3.0)).kept


def test_the_label_with_most_weight_names_the_line() -> None:
    """Of the labels on the side that won; two hints outweigh one."""
    assert only(SHORT, said(0, Label.BYLINE, 4.0), said(0, Label.TITLE, 8.0)).label == "title"
    hints = [said(0, Label.BYLINE, 4.0), said(0, Label.SOURCE, 3.0), said(0, Label.SOURCE, 3.0)]
    assert only(SHORT, *hints).label == "source"
    assert only(PROSE, said(0, Label.BYLINE, 2.0)).label == "paragraph"


@pytest.mark.parametrize("rule", ["page-parts", "stated-body"])
def test_a_rule_that_only_knows_where_a_line_stands_names_it_last(rule: str) -> None:
    """A caption beside the stated article is one, and not merely no content: `keep` and `Result.captions` have it."""
    assert only(SHORT, said(0, DROP, 3.0, rule), said(0, Label.CAPTION, 2.0)).label == "caption"
    assert only(SHORT, said(0, DROP, 3.0, rule)).label == "non_content"


def test_precedence_is_site_keep_then_site_drop_then_detectors() -> None:
    """Ranks decide, whatever the weights."""
    certain = said(0, Label.TITLE, 100.0)
    drop, keep = said(0, Label.CAPTION, 0.1, "site/drop"), said(0, Label.QUOTE, 0.1, "site/keep")
    assert only(PROSE, certain).label == "title"
    assert only(PROSE, certain, site=(drop,)).label == "caption"
    assert only(PROSE, certain, site=(drop, keep)).label == "quote"
    assert only(PROSE, said(0, KEEP, 100.0), site=(drop,)).label == "caption"


def test_a_lead_that_a_site_keeps_has_the_label_of_the_site() -> None:
    """Nothing outranks a site, its place under the title least of all."""
    source = f"Flood closes the bridge\nThe bridge is closed.\nBy Jane Example\n{PROSE}\n"
    claims = (said(0, Label.TITLE), said(2, Label.BYLINE))
    found = judge(source, *claims, site=(said(1, Label.QUOTE, 8.0, "site/keep"),))
    assert found.labels[1] == "quote"


def test_both_sides_are_told() -> None:
    """What spoke for a decision and what spoke against it, each strongest first."""
    hints = [said(0, DROP, 2.0, "weak"), said(0, DROP, 5.0, "strong"), said(0, KEEP, 1.0, "friend")]
    decision = only(PROSE, *hints)
    assert not decision.kept
    assert [one.rule for one in decision.evidence] == ["strong", "weak"]
    assert [one.rule for one in decision.overruled] == ["place", "friend"]
    assert [one.reason for one in decision.overruled] == ["running text", "says so"]


def test_every_line_has_a_reason() -> None:
    """Also one that no rule speaks of: its place is a reason."""
    page = f"Home\n\n{PROSE}\n\nBy the river\n\n{PROSE}\n\nHome\nMenu\nAbout\n"
    found = judge(page, *(said(line, Label.NAVIGATION) for line in (0, 4, 5)))
    reasons = [one.evidence[0].reason for one in found.decisions() if one.label != BLANK]
    assert reasons == [
        "says so",
        "running text",
        "between the article's paragraphs",
        "running text",
        "says so",
        "says so",
        "a short line away from the article's text",
    ]


def test_confidence_grows_with_the_odds_and_stays_in_bounds() -> None:
    """From a toss-up to certainty, for either side, and for odds beyond any number."""
    assert confidence(0) == 0.5
    assert confidence(3) == confidence(-3) == pytest.approx(1 / (1 + math.exp(-3)))
    assert 0.5 < confidence(1) < confidence(2) < confidence(1e9) <= 1.0


@pytest.mark.parametrize(
    ("policy", "text"),
    [
        (Policy(), "paragraph"),
        (Policy().changed(keep=["byline"]), "byline paragraph"),
        (Policy().changed(keep=["byline", "navigation"]), "byline navigation paragraph"),
        (Policy().changed(drop=["paragraph"]), ""),
        (Policy().changed(keep=["caption"], drop=["paragraph"]), "caption"),
    ],
)
def test_a_policy_moves_labels_in_and_out(policy: Policy, text: str) -> None:
    """It changes what is part of the text, never what a line is."""
    labels = [Label.BYLINE, Label.NAVIGATION, Label.CAPTION, Label.PARAGRAPH]
    found = judge("\n".join(labels), site=tuple(said(line, label) for line, label in enumerate(labels)), policy=policy)
    assert found.labels == labels
    assert " ".join(label for label in labels if found.kept(label)) == " ".join(
        one.text for one in found.decisions() if one.kept
    )
    assert " ".join(one.text for one in found.decisions() if one.kept) == text


def test_a_policy_knows_its_labels() -> None:
    """A label that does not exist, or is wanted on both sides, is refused."""
    with pytest.raises(ValueError, match="navigatoin"):
        Policy().changed(keep=["navigatoin"])
    with pytest.raises(ValueError, match="can't keep and drop the same labels: byline"):
        Policy().changed(keep=["byline", "title"], drop=["byline"])


def test_the_labels_are_three_groups() -> None:
    """Kept, kept as fields, dropped: each label is in one of them."""
    assert set(Label) == KEPT | FIELDS | DROPPED
    assert len(KEPT) + len(FIELDS) + len(DROPPED) == len(Label)


def stretches(source: str, *evidence: Evidence, policy: Policy | None = None) -> list[tuple[str, str, bool]]:
    """Return for each stretch what the source holds there, its label, and whether it is kept."""
    found = judge(source, *evidence, policy=policy).decisions()
    return [(source[one.start : one.end], one.label, one.kept) for one in found]


def part(text: str, piece: str, label: Label, line: int = 0) -> Evidence:
    """Return evidence on a piece of a line."""
    start = text.index(piece)
    return said(line, label, span=(start, start + len(piece)))


def test_a_part_of_a_line_has_a_label_of_its_own() -> None:
    """The line around it keeps its own, and together they tile it."""
    line = f"{PROSE} AFP"
    assert stretches(line, part(line, " AFP", Label.SOURCE)) == [
        (PROSE, "paragraph", True),
        (" AFP", "source", False),
    ]


def test_a_part_in_the_middle_leaves_two_stretches() -> None:
    """And parts may stand at both ends."""
    line = f"1. {PROSE} Advertisement The end came soon after that, and nobody noticed."
    parts = [part(line, " Advertisement", DROP), part(line, "1. ", Label.NAVIGATION)]
    assert [label for _, label, _ in stretches(line, *parts)] == ["navigation", "paragraph", "non_content", "paragraph"]


@pytest.mark.parametrize("lead", ["", "  ", "\u00a0\t", "\n \n   "], ids=repr)
def test_a_part_lies_where_the_source_has_it(lead: str) -> None:
    """Behind leading blanks, and behind repairs that made the line shorter or longer."""
    source = f"{lead}{PROSE} CafÃ© dâ€™Or, crÃ¨me. AFP  \n"
    line = segment_text(source, RepairOptions())[0].texts[0]
    assert line == f"{PROSE} Café d’Or, crème. AFP"
    found = stretches(source, part(line, " AFP", Label.SOURCE))
    assert ("".join(text for text, _, _ in found)) == source
    assert [text.strip() for text, label, _ in found if label == "source"] == ["AFP"]
    assert [text.strip() for text, label, _ in found if label == "paragraph"] == [f"{PROSE} CafÃ© dâ€™Or, crÃ¨me."]


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", " \n"], ids=repr)
def test_a_part_of_a_joined_line_lies_in_its_row(end: str) -> None:
    """A wrapped paragraph is one line; the source holds line ends where it has blanks."""
    rows = [f"row {number} of the paragraph that goes on and on until the end" for number in range(10)]
    source = end.join([*rows, "is reached. AFP"]) + end
    line = segment_text(source, RepairOptions())[0].texts[0]
    assert line.endswith("end is reached. AFP")
    found = stretches(source, part(line, " AFP", Label.SOURCE))
    assert [text.strip() for text, label, _ in found if label == "source"] == ["AFP"]


def test_parts_count_only_in_a_line_that_is_kept() -> None:
    """A line that goes, goes as a whole, under its own label."""
    line = f"{PROSE} AFP"
    assert stretches(line, part(line, " AFP", Label.SOURCE), said(0, DROP, 8.0)) == [(line, "non_content", False)]


def test_of_parts_that_overlap_the_first_holds() -> None:
    """A character has one label."""
    line = f"{PROSE} AFP and AP"
    parts = [part(line, "AFP and", Label.SOURCE), part(line, "and AP", Label.BYLINE)]
    assert [(text, label) for text, label, _ in stretches(line, *parts)][1:] == [
        ("AFP and", "source"),
        (" AP", "paragraph"),
    ]


SPANS = st.tuples(st.integers(-3, 99), st.integers(-3, 99))
CLAIMS = st.lists(
    st.builds(
        said, st.integers(0, 3), st.sampled_from(Label), st.floats(0, 9), st.just("rule"), st.one_of(st.none(), SPANS)
    ),
    max_size=12,
)


@given(claims=CLAIMS, ruled=CLAIMS)
def test_decisions_tile_the_source_whatever_is_said(claims: list[Evidence], ruled: list[Evidence]) -> None:
    """No claim, spans out of range included, loses a character or counts one twice."""
    source = f" Home\n\n\n{PROSE}  \n\tBy the river AFP\nCafÃ©, crÃ¨me. \n"
    found = judge(source, *claims, site=tuple(ruled)).decisions()
    assert "".join(source[one.start : one.end] for one in found) == source
    assert all(one.start < one.end for one in found)
    assert all(0.5 <= one.confidence <= 1.0 for one in found)
    assert all(one.kept == (one.label in KEPT) for one in found)


def test_quality_is_measured_in_characters() -> None:
    """The share that was kept, and how sure that was."""
    quality = judge(f"{'x' * 20}\n{'y' * 60}\n", said(0, DROP, 30.0), site=(said(1, KEEP),)).quality()
    assert quality.kept_share == 0.75
    assert 0.9 < quality.confidence <= 1.0
    assert judge(" \n").quality() == judge("").quality()
    assert judge("").quality().kept_share == 0.0
