"""What is decided when this and that is said of a page, as it was recorded: every decision with both sides' reasons.

The pages of `tests/cases/records/decisions.txt` are small, what is said of their lines is made up, and so is the
tagger, so that only deciding is looked at. After a change that is meant, write the records anew:

    python tests/test_decision_record.py
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from textwrap import fill
from typing import Any, NamedTuple

import pytest
import records

from scrubber.decide import decide
from scrubber.judgement import Judgement
from scrubber.model import BLANK, Evidence, Label, Policy, removals, shortened
from scrubber.repair import DEFAULT
from scrubber.segment.html import segment_html
from scrubber.segment.text import segment_text

DECISIONS, LIMITS = "decisions.txt", "decision-limits.txt"

PROSE = "The old bridge was closed by the flood of the river on Monday, the mayor said."
OTHER = "Nobody will be allowed to cross before the spring, and the market moves to the other side."
TITLE = "Flood of the river closed the bridge"


WRAPPED = (
    "Nobody will be allowed to cross the old bridge before spring, said the mayor in the hall of the town, and the "
    "old-and-new-water-works will be closed till then, as the river has taken the road to them and left a row of "
    "stones in the place where it stood since the times of the kings, who built it. AFP"
)
CUT = ("cross", "said the mayor", "water-works will be", "a row of stones in the place where it stood", " AFP")


class MadeUpTagger(NamedTuple):
    """What the tagger says of a page, made up."""

    keep: Sequence[float]
    labels: Sequence[str]
    threshold: float = 0.5
    expected_f1: float = 0.87654
    article: float = 0.5

    def reason(self, index: int) -> str:
        """Return a reason for what it says of a line."""
        return f"made up for line {index}"


class Case(NamedTuple):
    """A page, and what is said of it."""

    page: str
    said: Sequence[Evidence] = ()
    site: Sequence[Evidence] = ()
    tagged: MadeUpTagger | None = None
    policy: Policy = Policy()
    braked: str = ""


def says(
    line: int, label: Label, weight: float = 4.0, rule: str = "rule", span: tuple[int, int] | None = None
) -> Evidence:
    """Return a piece of evidence."""
    return Evidence(line, label, weight, rule, f"{rule} says so", span)


def tagger(*keep: float, labels: str = "", threshold: float = 0.5) -> MadeUpTagger:
    """Return a made up tagger; its labels are paragraph and non_content where they are not named."""
    named = labels.split() or ["paragraph" if chance >= threshold else "non_content" for chance in keep]
    return MadeUpTagger(keep, named, threshold)


def text(*lines: str) -> str:
    """Return a page of lines with a blank one between two of them."""
    return "\n\n".join(lines) + "\n"


NAV, TITLED, BYLINE = Label.NAVIGATION, Label.TITLE, Label.BYLINE

CASES = {
    "nothing is said": Case(text(TITLE, PROSE, "By the river", OTHER, "The end", "It is over.")),
    "chrome around an article": Case(
        text("Home", TITLE, PROSE, "- a point", "Behind the flood", OTHER, "It is over.", "Away", "Menu"),
        [says(0, NAV), says(1, TITLED, 8.0), says(8, NAV)],
    ),
    "a lead between title and article": Case(
        text(
            "Home",
            "Valley and the old bridge of the river",
            TITLE,
            "The old bridge of the river is closed",
            PROSE,
            OTHER,
            "Menu",
        ),
        [says(0, NAV), says(2, TITLED, 8.0), says(6, NAV)],
    ),
    "a lead that a rule speaks of": Case(
        text("Home", TITLE, "The old bridge of the river is closed", PROSE, OTHER, "Menu"),
        [says(0, NAV), says(1, TITLED, 8.0), says(2, Label.CAPTION, 3.0), says(5, NAV)],
    ),
    "one line of chrome is no crowd": Case(text("Home", TITLE, PROSE, OTHER, "Away"), [says(0, NAV)]),
    "hints on both sides": Case(
        text(PROSE, "By the river", OTHER),
        [says(0, NAV, 2.0), says(0, NAV, 0.9), says(1, Label.SUBHEADING, 1.0), says(1, NAV, 0.9), says(2, NAV, 3.0)],
    ),
    "mild words for lines that their place decides": Case(
        text("Home", PROSE, "By the river", OTHER, "Away", "Menu"),
        [
            says(0, NAV),
            says(5, NAV),
            says(2, Label.PARAGRAPH, 0.4),
            says(4, Label.PARAGRAPH, 0.3),
            says(1, Label.QUOTE, 0.3),
        ],
    ),
    "words for lines loud enough to count": Case(
        text("Home", PROSE, "By the river", OTHER, "Away", "Menu"),
        [
            says(0, NAV),
            says(5, NAV),
            says(2, Label.PARAGRAPH, 0.5),
            says(4, Label.QUOTE, 0.5),
            says(4, Label.CODE, 0.6),
        ],
    ),
    "the part of the page and its element": Case(
        text("By the river", PROSE),
        [
            says(0, Label.PARAGRAPH, 4.0, "page-parts"),
            says(0, Label.QUOTE, 0.3, "page-elements"),
            says(1, Label.PARAGRAPH, 2.0, "page-parts"),
        ],
    ),
    "labels that outweigh each other": Case(
        text("By the river", "Away", PROSE),
        [says(0, BYLINE, 4.0), says(0, TITLED, 3.0), says(0, TITLED, 3.0), says(1, BYLINE, 4.0), says(1, TITLED, 4.0)],
    ),
    "stretches of lines": Case(
        text(f"{PROSE} AFP", f"(Valley) {OTHER} -30-", "Home AFP", PROSE),
        [
            says(0, Label.SOURCE, 4.0, "tail", (78, 82)),
            says(1, Label.SOURCE, 4.0, "head", (0, 8)),
            says(1, Label.NON_CONTENT, 2.0, "tail", (98, 103)),
            says(1, Label.CAPTION, 1.0, "inside", (2, 6)),
            says(2, NAV),
            says(2, Label.SOURCE, 4.0, "tail", (4, 8)),
            says(3, Label.SOURCE, 4.0, "beyond", (70, 90)),
            says(3, Label.SOURCE, 4.0, "empty", (7, 7)),
        ],
    ),
    "stretches that begin alike": Case(
        text(f"{PROSE} AFP"),
        [
            says(0, Label.SOURCE, 2.0, "weak", (78, 82)),
            says(0, BYLINE, 4.0, "strong", (78, 82)),
            says(0, Label.PARAGRAPH, 1.0),
        ],
    ),
    "a stretch in a repaired line": Case(
        text(f"\u200bIt\u00e2\u20ac\u2122s  late.  {PROSE}  AFP"), [says(0, Label.SOURCE, 4.0, "tail", (89, 93))]
    ),
    "a stretch in wrapped rows": Case(
        fill(WRAPPED, 60) + "\n",
        [says(0, Label.SOURCE, 4.0, words, (WRAPPED.index(words), WRAPPED.index(words) + len(words))) for words in CUT],
    ),
    "sites over detectors": Case(
        text(TITLE, PROSE, "By the river", OTHER, "Away"),
        [says(0, TITLED, 8.0), says(1, NAV, 8.0), says(4, Label.PARAGRAPH, 8.0)],
        [
            says(0, Label.QUOTE, 8.0, "s/keep"),
            says(1, Label.PARAGRAPH, 8.0, "s/keep"),
            says(1, NAV, 8.0, "s/drop"),
            says(4, NAV, 8.0, "s/drop"),
            says(4, BYLINE, 8.0, "s/next"),
        ],
    ),
    "a policy that keeps captions and drops quotes": Case(
        text(PROSE, "A street by the river", "She said so", OTHER),
        [says(1, Label.CAPTION), says(2, Label.QUOTE), says(3, NAV, 1.0)],
        policy=Policy().changed(keep=["caption"], drop=["quote"]),
    ),
    "the brake": Case(
        text("Home", PROSE, f"{OTHER} AFP"),
        [says(0, NAV), says(2, Label.SOURCE, 4.0, "tail", (90, 94))],
        braked="a wall and nothing else",
    ),
    "an empty page": Case(" \n"),
    "a tagger that is sure": Case(
        text("Home", TITLE, PROSE, "A river", OTHER, PROSE.replace("old", "new"), "Away", "Menu", "Off"),
        [says(4, NAV, 4.0), says(5, NAV, 3.9), says(2, Label.QUOTE, 0.4)],
        tagged=tagger(
            0.01,
            0.9,
            0.99,
            0.6,
            0.9999,
            0.97,
            0.02,
            0.05,
            0.2,
            labels="navigation title paragraph subheading paragraph quote source navigation headline_list",
        ),
    ),
    "a tagger and a site": Case(
        text("Home", PROSE, "Away", OTHER),
        site=[says(0, Label.QUOTE, 8.0, "s/keep"), says(3, NAV, 8.0, "s/drop")],
        tagged=tagger(0.001, 0.2, 0.05, 0.99),
    ),
    "a tagger behind the one line of a site": Case(
        text("Home", PROSE, "Away", OTHER, "Menu"),
        site=[says(0, Label.QUOTE, 8.0, "s/keep")],
        tagged=tagger(0.001, 0.99, 0.05, 0.2, 0.01),
    ),
    "a tagger that names titles": Case(
        text("Flood here", "Flood there", PROSE, "Away now", "Menu " * 9, "Off"),
        tagged=tagger(0.01, 0.02, 0.99, 0.01, 0.03, 0.04, labels="title title paragraph paragraph navigation quote"),
    ),
    "a tagger on a page that was cleaned before": Case(
        text(PROSE, "Away", OTHER, "Behind the flood", PROSE.replace("old", "new")),
        [says(3, NAV, 2.0), says(1, NAV, 0.5)],
        tagged=tagger(0.9, 0.2, 0.4, 0.3, 0.1),
    ),
    "a tagger on a small page with furniture": Case(
        text(TITLE, "By Jane Example", PROSE, OTHER),
        [says(0, TITLED, 8.0, "one"), says(1, BYLINE, 4.0, "two")],
        tagged=tagger(0.01, 0.01, 0.01, 0.01),
    ),
    "a tagger on a small page with half of it": Case(
        text(TITLE, "By Jane Example", PROSE, OTHER),
        [says(1, BYLINE, 4.0, "two")],
        tagged=tagger(0.01, 0.01, 0.99, 0.01, labels="title byline paragraph non_content"),
    ),
    "a tagger and a line that stands there twice": Case(
        text("Home", PROSE, "So it is", OTHER, PROSE, "So it is", "Menu", "Away"),
        tagged=tagger(0.01, 0.99, 0.9, 0.99, 0.99, 0.9, 0.01, 0.01),
    ),
    "a tagger and a lead": Case(
        text("Home", TITLE, "The old bridge of the river is closed", PROSE, OTHER, "Menu"),
        [says(0, NAV, 2.0), says(1, TITLED, 3.0), says(5, NAV, 2.0)],
        tagged=tagger(0.01, 0.3, 0.3, 0.99, 0.99, 0.01),
    ),
    "a tagger on HTML": Case(
        f"<div><p>{TITLE}</p><p>{PROSE}</p><p>So it was</p><p>{OTHER}</p><p>Away</p>"
        "<blockquote>She said so</blockquote></div>",
        [
            says(0, TITLED, 3.0),
            says(2, Label.PARAGRAPH, 0.4, "page-elements"),
            says(5, Label.QUOTE, 0.3, "page-elements"),
        ],
        tagged=tagger(
            0.6, 0.99, 0.45, 0.3, 0.01, 0.8, labels="title standfirst standfirst paragraph non_content quote"
        ),
    ),
    "a tagger and headings over what it drops": Case(
        f"<div><h2>To read</h2><p>{PROSE}</p><h3>More</h3><h3>To follow</h3><p>Away</p><h2>Loud</h2><p>Off</p>"
        f"<h2>Ruled</h2><p>Out</p><p>{OTHER}</p><h4>Last</h4></div>",
        [
            *(says(line, Label.SUBHEADING, 1.0, "page-elements") for line in (0, 2, 3, 7, 10)),
            says(5, Label.SUBHEADING, 4.0),
        ],
        tagged=tagger(0.5, 0.99, 0.5, 0.5, 0.01, 0.5, 0.01, 0.5, 0.01, 0.99, 0.5),
    ),
    "a tagger and rows that stand twice": Case(
        f"<div><p>{PROSE}</p><pre>let bridge = the old one of the town;</pre><p>{OTHER}</p>"
        f"<pre>let bridge = the old one of the town;</pre><p>{PROSE}</p><p>Away</p><p>Off</p></div>",
        [],
        tagged=tagger(0.99, 0.9, 0.99, 0.9, 0.99, 0.01, 0.01),
    ),
    "a tagger and sections within sections that it drops": Case(
        f"<div><h2>To read</h2><h3>On paper</h3><p>Away</p><p>{PROSE}</p><h2>Elsewhere</h2><h3>To hear</h3><p>Off</p>"
        "<h4>To see</h4><p>Out</p></div>",
        [says(line, Label.SUBHEADING, 1.0, "page-elements") for line in (0, 1, 4, 5, 7)],
        tagged=tagger(0.5, 0.5, 0.01, 0.99, 0.5, 0.5, 0.01, 0.5, 0.01),
    ),
    "voices of one weight": Case(
        text("Home", "Menu", PROSE, "Away", "Off", OTHER),
        [
            says(0, NAV, 6.0, "first"),
            says(0, NAV, 6.0, "second"),
            says(1, NAV, 5.0, "first"),
            says(1, BYLINE, 6.0, "second"),
            says(3, NAV, 6.0, "first"),
            says(4, NAV, 6.1, "first"),
            says(5, Label.PARAGRAPH, 6.0, "friend"),
            says(5, NAV, 30.0, "foe"),
        ],
        tagged=tagger(0.0001, 0.0001, 0.9999, 0.0001, 0.0001, 0.0001),
    ),
    "a voice as loud as the tagger": Case(
        text("Home", "Menu", PROSE, "Away", "Off"),
        [says(1, NAV, 5.9, "first"), says(3, NAV, 6.0, "first"), says(4, NAV, 6.1, "first")],
        tagged=tagger(0.0001, 0.0001, 0.9999, 0.0001, 0.0001),
    ),
    "voices of one weight without a tagger": Case(
        text(PROSE, "By the river", OTHER, "Away"),
        [
            says(0, Label.PARAGRAPH, 3.0, "friend"),
            says(0, Label.QUOTE, 3.0, "second friend"),
            says(2, Label.PARAGRAPH, 2.9, "friend"),
        ],
        policy=Policy().changed(drop=["paragraph", "quote", "subheading"]),
    ),
    "voices of one weight and a tagger that keeps what the policy drops": Case(
        text(PROSE, "By the river", OTHER, "Away", "Off"),
        [says(0, Label.PARAGRAPH, 6.0, "friend"), says(2, Label.PARAGRAPH, 3.0, "friend")],
        tagged=tagger(0.9999, 0.9, 0.9, 0.0001, 0.0001),
        policy=Policy().changed(drop=["paragraph", "quote", "subheading"]),
    ),
    "a stretch on HTML": Case(
        f"<ul><li>{PROSE} AFP<p>So it was</p></li></ul>", [says(0, Label.SOURCE, 4.0, "tail", (78, 82))]
    ),
}


def judge(case: Case) -> Judgement:
    """Decide on a case."""
    segment: Callable[..., Any] = segment_html if case.page.startswith("<") else segment_text
    document, repairs = segment(case.page, DEFAULT)[:2]
    tagged: Any = case.tagged
    judgement = decide(document, case.site, case.said, policy=case.policy, repairs=repairs, tagged=tagged)
    if case.braked:
        judgement.empty(case.braked)
    return judgement


def side(evidence: Sequence[Evidence]) -> str:
    """Return the evidence on one side."""
    return ", ".join(f"{one.rule} {one.label} {one.weight:.2f}" for one in evidence) or "nobody"


def rows_of(case: Case) -> list[str]:
    """Return the rows of a case's record: decisions, what is removed, and how far it can be trusted."""
    judgement = judge(case)
    rows = []
    for one in judgement.decisions():
        if one.label != BLANK:
            place = f" in <{one.path}> {one.follows}".rstrip() if one.path else ""
            rows.append(
                f"{one.start}-{one.end} {'keeps' if one.kept else 'drops'} {one.label} {one.confidence:.3f}{place}: "
                f"{one.text[:30]!r}: for {side(one.evidence)}; against {side(one.overruled)}"
            )
    gone = [f"removed {one.start}-{one.end} {one.label} by {one.rule or 'nobody'}" for one in judgement.removed()]
    blanks = sum(one.label == BLANK for one in judgement.decisions())
    quality = judgement.quality()
    worth = f"{quality.kept_share:.3f} kept, {quality.confidence:.3f} sure, expected {quality.expected_f1}"
    return [*rows, *gone, f"{blanks} blank stretches, {worth}"]


def weighed(
    page: str, line: int, *said: Evidence, site: Sequence[Evidence] = (), tagged: MadeUpTagger | None = None
) -> str:
    """Return what is decided of a line, and on what odds."""
    judgement = judge(Case(page, said, site, tagged))
    return f"{judgement.labels[line]} {judgement.odds[line]:+.2f}"


def tagged_page(count: int, lines: Sequence[str], *said: Evidence, keep: float = 0.2, line: int = 0) -> str:
    """Return what is decided of a line of a page of so many lines, on all of which the tagger says the same."""
    page = text(*lines, *[f"Row {number} of the table" for number in range(count - len(lines))])
    return weighed(page, line, *said, tagged=tagger(*[keep] * count))


FURNITURE = (says(0, TITLED, 8.0, "one"), says(1, BYLINE, 4.0, "two"))
HEAD = (TITLE, "By Jane Example", PROSE)

LADDERS: dict[str, tuple[range, Callable[[int], str]]] = {
    "tenths against running text": (range(26, 35), lambda n: weighed(text(PROSE), 0, says(0, NAV, n / 10))),
    "tenths of a site's word": (
        range(1, 3),
        lambda n: weighed(text(PROSE), 0, site=[says(0, Label.QUOTE if n == 1 else NAV, n / 10, "s/rule")]),
    ),
    "tenths for a short line": (
        range(3, 8),
        lambda n: weighed(
            text("Home", PROSE, "Away", "Menu"), 2, says(0, NAV), says(3, NAV), says(2, Label.QUOTE, n / 10)
        ),
    ),
    "tenths against a line that the tagger keeps": (
        range(36, 45),
        lambda n: weighed(text(PROSE, "a", "b"), 0, says(0, NAV, n / 10), tagged=tagger(0.9, 0.01, 0.01)),
    ),
    "tenths of an element against the tagger": (
        range(6, 12),
        lambda n: weighed(
            text(PROSE, "a", "b"), 0, says(0, Label.QUOTE, n / 10, "page-elements"), tagged=tagger(0.3, 0.01, 0.01)
        ),
    ),
    "percent that the tagger gives": (
        range(0, 101, 10),
        lambda n: weighed(text(PROSE, "a", "b"), 0, tagged=tagger(n / 100, 0.01, 0.01)),
    ),
    "percent from which the tagger keeps": (
        range(10, 100, 20),
        lambda n: weighed(text(PROSE, "a", "b"), 0, tagged=tagger(0.5, 0.001, 0.001, threshold=n / 100)),
    ),
    "lines of a page with furniture": (range(38, 44), lambda n: tagged_page(n, HEAD, *FURNITURE, keep=0.01, line=2)),
    "lines of a page with furniture on which the tagger is unsure": (
        range(38, 44),
        lambda n: tagged_page(n, HEAD, *FURNITURE, keep=0.3, line=2),
    ),
    "paragraphs of fifty lines with furniture": (
        range(11, 18),
        lambda n: tagged_page(
            50, [*HEAD[:2], *[f"{number} {PROSE}" for number in range(n)]], *FURNITURE, keep=0.3, line=3
        ),
    ),
    "lines that the tagger is sure are chrome": (
        range(4),
        lambda n: weighed(
            text(PROSE, "a b", "c d", "e f"), 0, tagged=tagger(0.4, *[0.01 if k < n else 0.4 for k in range(3)])
        ),
    ),
    "percent that make the tagger sure": (
        range(9, 16),
        lambda n: weighed(text(PROSE, "a b", "c d"), 0, tagged=tagger(0.4, n / 100, n / 100)),
    ),
    "tenths of the title that are furniture": (
        range(78, 83),
        lambda n: tagged_page(
            3, HEAD, says(0, Label.REPEATED_HEADER, n / 10, "one"), says(1, BYLINE, 4.0, "two"), keep=0.01, line=2
        ),
    ),
    "tenths of another thing that are furniture": (
        range(28, 33),
        lambda n: tagged_page(
            3, HEAD, says(0, Label.SOURCE, 4.0, "one"), says(1, BYLINE, n / 10, "two"), keep=0.01, line=2
        ),
    ),
    "words of a line that stands there twice": (
        range(3, 9),
        lambda n: weighed(
            text("a", " ".join(WORDS[:n]), "b", " ".join(WORDS[:n]), "c", "d"),
            3,
            tagged=tagger(0.01, 0.9, 0.01, 0.9, 0.01, 0.01),
        ),
    ),
    "tenths of the chance to be an article, from which links count": (
        range(3, 8),
        lambda n: weighed(
            f"<div><p>{PROSE}</p><p>To read</p></div>",
            1,
            says(1, NAV, 0.8, "link-lines"),
            tagged=tagger(0.99, 0.6)._replace(article=n / 10),
        ),
    ),
    "tenths of a heading over what the tagger drops": (
        range(8, 13),
        lambda n: weighed(
            f"<div><p>{PROSE}</p><h2>To read</h2><p>Away</p></div>",
            1,
            says(1, Label.SUBHEADING, n / 10, "page-elements"),
            tagged=tagger(0.99, 0.5, 0.01),
        ),
    ),
    "words of a line that the tagger takes for a menu": (
        range(6, 11),
        lambda n: weighed(
            text(PROSE, " ".join(WORDS[:n]), "b"),
            1,
            tagged=tagger(0.9, 0.01, 0.01, labels="paragraph navigation source"),
        ),
    ),
    "lines that rules take out": (
        range(4),
        lambda n: weighed(text(PROSE, "Away", "a b", "c d", "e f"), 1, *[says(2 + k, NAV) for k in range(n)]),
    ),
}
WORDS = ("river", "old", "bridge", "stone", "water", "valley", "far", "road", "mill", "slow")


def limits_of(name: str) -> list[str]:
    """Return the rows of a ladder's record."""
    numbers, answer = LADDERS[name]
    return list(records.rungs(answer, numbers))


@pytest.mark.parametrize("name", CASES)
def test_a_page_is_decided_as_it_was_recorded(name: str) -> None:
    records.check(DECISIONS, name, rows_of(CASES[name]))


@pytest.mark.parametrize("name", CASES)
def test_what_is_removed_is_what_decisions_say_in_short(name: str) -> None:
    """The quick way gives the same stretches, labels and rules as all decisions with their reasons."""
    judgement = judge(CASES[name])
    told = [shortened(one) for one in judgement.decisions() if one.label != BLANK]
    assert judgement.removed() == removals(told, len(judgement.source))


def test_the_brake_turns_the_odds_of_what_it_takes_out() -> None:
    """Of what was in the text alone; the more had spoken for a line, the surer it is taken for something else."""
    judgement = judge(CASES["the brake"])
    assert judgement.odds == [-4.0, -3.0, -3.0]
    assert judge(Case(text("By the river"), braked="a wall")).odds == [-2.0]


def test_a_heading_over_what_a_policy_drops_stays_one() -> None:
    """Whether a section is empty is asked of what lines are: `drop="paragraph"` leaves an article's headings."""
    case = CASES["a tagger and headings over what it drops"]
    assert judge(case._replace(policy=Policy().changed(drop=["paragraph"]))).labels == judge(case).labels


@pytest.mark.parametrize("name", LADDERS)
def test_a_decision_turns_where_it_was_recorded(name: str) -> None:
    records.check(LIMITS, name, limits_of(name))


def test_nothing_is_recorded_that_is_not_looked_at() -> None:
    assert set(records.recorded(DECISIONS)) == set(CASES)
    assert set(records.recorded(LIMITS)) == set(LADDERS)


if __name__ == "__main__":
    records.write(DECISIONS, {name: rows_of(case) for name, case in CASES.items()})
    records.write(LIMITS, {name: limits_of(name) for name in LADDERS})
