"""The nouns every other module speaks in. This module imports nothing of ours.

`Line`, `Evidence` and `Repair` are named tuples rather than frozen dataclasses: as immutable,
and three times as quick to make, which counts where a page makes hundreds of them.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from itertools import chain
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol


class Label(StrEnum):
    """What a line, or a stretch of one, is."""

    STANDFIRST = "standfirst"
    SUBHEADING = "subheading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    CODE = "code"
    TABLE = "table"
    COMMENT = "comment"

    TITLE = "title"
    BYLINE = "byline"
    CAPTION = "caption"
    SOURCE = "source"

    NAVIGATION = "navigation"
    REPEATED_HEADER = "repeated_header"
    COMMENT_FORM = "comment_form"
    HEADLINE_LIST = "headline_list"
    NON_CONTENT = "non_content"


BLANK = "blank"
"""The label of a stretch that holds only blanks and line ends."""

PRECEDENCE = "site keep > site drop > detectors and tagger together > brake"
"""Whose word counts first."""

KEPT = frozenset(
    {
        Label.STANDFIRST,
        Label.SUBHEADING,
        Label.PARAGRAPH,
        Label.LIST_ITEM,
        Label.QUOTE,
        Label.CODE,
        Label.TABLE,
        Label.COMMENT,
    }
)
HEADING_RANKS = {f"h{rank}": rank for rank in range(1, 7)}
"""The elements that head a section, and the rank of each: 1 stands above all others."""

CELLS = frozenset({"td", "th"})
"""The elements of a table's cells."""

BAR = " | "
"""What stands between the cells of a row of data."""

FIELDS = frozenset({Label.TITLE, Label.BYLINE, Label.CAPTION, Label.SOURCE})
DROPPED = frozenset(
    {Label.NAVIGATION, Label.REPEATED_HEADER, Label.COMMENT_FORM, Label.HEADLINE_LIST, Label.NON_CONTENT}
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it came in.

    `content_type` is the transport's header (`text/html; charset=gb2312`), `id` a name for reports,
    `meta` the caller's own fields, passed through untouched. `date` is the day that the page is from, where
    it is known: rules of sites may be for some time only.
    """

    content: bytes | str
    url: str | None = None
    content_type: str | None = None
    id: str | None = None
    meta: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    date: datetime.date | None = None


class Dom(NamedTuple):
    """What the DOM says of a line.

    Attributes:
        path: the names of the innermost blocks around it, up to 12, outermost first.
        block: the block element it stands in. A row of a table of data stands in `th` where all its cells do.
        landmark: the innermost of nav, header, footer, aside, form, main and article, or what has their role; ""
            outside of any.
        linked: the share of its characters that stand in links, 0.0 to 1.0.
        names: the classes and ids of its innermost four blocks in lower case, innermost first, up to 16.
        hidden: whether it is in a part that browsers do not show before a script has run, which is read all the same
            as it holds most prose; or in one that is shown to eyes alone (`aria-hidden`).
        siblings: how many children of one parent look alike, tag and classes, of the innermost block around it that
            repeats; 0 where none does.
        follows: how it goes on from the line above: "line" after a mere line break (verse, an address, code), "item"
            as a further block of the same list item, "" otherwise.
    """

    path: str
    block: str
    landmark: str
    linked: float
    names: tuple[str, ...] = ()
    hidden: bool = False
    siblings: int = 0
    follows: str = ""


class Line(NamedTuple):
    """One line that is not blank.

    `text` is repaired, its blanks folded and trimmed. `start` and `end` are characters of the decoded
    source, line end excluded. `html` holds the evidence of the DOM, None for flattened text.
    """

    text: str
    start: int
    end: int
    html: Dom | None = None


class Repair(NamedTuple):
    """One change made to the text: `source[start:end]` was `before` and reads `after` now."""

    step: str
    start: int
    end: int
    before: str
    after: str


class Evidence(NamedTuple):
    """One reason to give a line a label.

    `line` is an index into the page's lines. `weight` is in log-odds (natural logarithm): 2 is a hint,
    4 is strong, 8 near certain. `rule` is the rule's one name, `reason` a clause a user can read.
    `span` is a range of characters in `Line.text`; None means the whole line.
    """

    line: int
    label: Label
    weight: float
    rule: str
    reason: str
    span: tuple[int, int] | None = None


class Decision(NamedTuple):
    """What became of one stretch of the source, `source[start:end]`.

    `label` is a `Label` or `blank`. `confidence` is from 0.5 (a toss-up) to 1.0. `evidence` is what spoke
    for the decision and `overruled` what spoke against it, each strongest first. `path` is the line's
    place in the DOM, None for flattened text. `follows` is how the line goes on from the one above (see `Dom`),
    "" for all its stretches but the first.
    """

    start: int
    end: int
    text: str
    label: str
    kept: bool
    confidence: float
    evidence: tuple[Evidence, ...] = ()
    overruled: tuple[Evidence, ...] = ()
    path: str | None = None
    follows: str = ""


class Link(NamedTuple):
    """A link on an HTML page: `page_text[start:end]`, which is never blank, leads to `href`.

    `href` is an absolute address of http, https or mailto, of printable ASCII characters without quotes, brackets of
    tags and blanks.
    """

    start: int
    end: int
    href: str


class Removal(NamedTuple):
    """A stretch of the source that is not in the text: `source[start:end]`, with the blanks behind it.

    `rule` is the rule that weighed most for its label, "" where none did. Neighbours of one label and one rule
    are one removal.
    """

    start: int
    end: int
    label: str
    rule: str


def shortened(decision: Decision) -> tuple[int, str, str | None]:
    """Return start, label and rule of a decision; no rule where it is kept."""
    rule = decision.evidence[0].rule if decision.evidence else ""
    return decision.start, decision.label, None if decision.kept else rule


def removals(stretches: Iterable[tuple[int, str, str | None]], end: int) -> tuple[Removal, ...]:
    """Join stretches to removals.

    Args:
        stretches: start, label and rule of each that is not blank, in order; no rule where it is kept.
        end: the length of the source.
    """
    made: list[Removal] = []
    since, last_label, last_rule = 0, "", None
    for start, label, rule in chain(stretches, [(end, "", None)]):
        if rule == last_rule and label == last_label:
            continue
        if last_rule is not None:
            made.append(Removal(since, start, last_label, last_rule))
        since, last_label, last_rule = start, label, rule
    return tuple(made)


@dataclass(frozen=True, slots=True)
class Quality:
    """How far a result can be trusted.

    Attributes:
        kept_share: characters kept over characters on the page, 0.0 to 1.0; 0.0 for an empty page.
        confidence: mean confidence of the decisions, weighted by characters, 0.5 to 1.0; 0.0 for an empty page.
        expected_f1: the word F1 to expect of the text, 0.0 to 1.0, calibrated on held-out pages; None where
            the tagger was not asked.
        agreement: the word F1 of the text and that of another extractor, 0.0 to 1.0; None where none was asked.
    """

    kept_share: float
    confidence: float
    expected_f1: float | None = None
    agreement: float | None = None


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """What another extractor made of a page.

    Attributes:
        by: the extractor's name.
        text: what it takes for the article, a block a line.
        agreement: the word F1 of its text and ours, 0.0 to 1.0.
    """

    by: str
    text: str
    agreement: float


@dataclass(frozen=True)
class Policy:
    """Which labels make up the text; all others are taken out."""

    kept: frozenset[str] = KEPT

    def changed(self, keep: Iterable[str] = (), drop: Iterable[str] = ()) -> Policy:
        """Return a policy that also keeps some labels and drops others.

        Raises:
            ValueError: a label does not exist, or is to be both kept and dropped.
        """
        keep, drop = {Label(name) for name in keep}, {Label(name) for name in drop}
        if keep & drop:
            raise ValueError(f"can't keep and drop the same labels: {', '.join(sorted(keep & drop))}")
        return Policy(frozenset((self.kept | keep) - drop))


class Judged(Protocol):
    """What a result asks for when its lines are looked at."""

    @property
    def source(self) -> str:
        """The text that the decisions tile."""
        ...

    def decisions(self) -> tuple[Decision, ...]:
        """Return a decision for every stretch of the source; together they tile it."""
        ...

    def removed(self) -> tuple[Removal, ...]:
        """Return what is not in the text, without reasons."""
        ...

    def quality(self) -> Quality:
        """Return how far the decisions can be trusted."""
        ...


@dataclass(frozen=True, slots=True)
class Settled:
    """Decisions that were looked at and stand: what a result holds once it has been pickled."""

    source: str
    lines: tuple[Decision, ...]
    worth: Quality

    def decisions(self) -> tuple[Decision, ...]:
        """Return the decisions."""
        return self.lines

    def removed(self) -> tuple[Removal, ...]:
        """Return what is not in the text."""
        return removals(map(shortened, (line for line in self.lines if line.label != BLANK)), len(self.source))

    def quality(self) -> Quality:
        """Return how far they can be trusted."""
        return self.worth


@dataclass(frozen=True)
class Result:
    """A cleaned page.

    Attributes:
        text: the article, a blank line between its parts, one line feed at its end; "" without one.
        title, byline, date, source: fields found on the page, None where there is none.
        captions: the captions, each once, in order.
        language: the language declared or found, None where it is not known.
        site_name: what HTML names as its site, None where it names none.
        second_opinion: what another extractor made of the page, None where none was asked or it failed.
        links: the links on the lines of an HTML page, kept or not, in order, none within another; () where they were
            not asked for.
        repairs: every change made to the text, in the order of the source.
        flags: what a caller should know, such as `no_article` or `plugin_failed:NAME`.
        encoding: how the bytes were decoded; None for text.
        sites: the sites that the page was matched to, each with the reason.
    """

    text: str
    title: str | None
    byline: str | None
    date: str | None
    source: str | None
    captions: tuple[str, ...]
    language: str | None
    repairs: tuple[Repair, ...]
    flags: tuple[str, ...]
    encoding: str | None
    sites: tuple[tuple[str, str], ...]
    judged: Judged = field(repr=False, compare=False)
    site_name: str | None = None
    second_opinion: SecondOpinion | None = None
    links: tuple[Link, ...] = ()

    def __getstate__(self) -> dict[str, Any]:
        """Return what is pickled: the decisions themselves, not the page and the tagger they come from."""
        return {**self.__dict__, "judged": Settled(self.page_text, self.lines, self.quality)}

    @property
    def page_text(self) -> str:
        """What all offsets point into: the decoded text, or for HTML its visible text, a block a line."""
        return self.judged.source

    @cached_property
    def lines(self) -> tuple[Decision, ...]:
        """A decision for every stretch of the decoded source; together they tile it."""
        return self.judged.decisions()

    @cached_property
    def removed(self) -> tuple[Removal, ...]:
        """What of the decoded source is not in the text: `lines` in short, in a hundredth of the time."""
        return self.judged.removed()

    @cached_property
    def quality(self) -> Quality:
        """How far the result can be trusted."""
        found = self.judged.quality()
        return replace(found, agreement=self.second_opinion.agreement) if self.second_opinion else found

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain lists and dictionaries, offsets in characters of the decoded source."""
        return {
            "text": self.text,
            "title": self.title,
            "byline": self.byline,
            "date": self.date,
            "source": self.source,
            "captions": list(self.captions),
            "language": self.language,
            "site_name": self.site_name,
            "encoding": self.encoding,
            "flags": list(self.flags),
            "sites": [{"site": site, "reason": reason} for site, reason in self.sites],
            "quality": {
                "kept_share": round(self.quality.kept_share, 4),
                "confidence": round(self.quality.confidence, 4),
                "expected_f1": self.quality.expected_f1,
                **({"agreement": round(self.second_opinion.agreement, 4)} if self.second_opinion else {}),
            },
            "repairs": [repair._asdict() for repair in self.repairs],
            "lines": [_line_dict(decision) for decision in self.lines],
            **({"links": [link._asdict() for link in self.links]} if self.links else {}),
        }

    def to_json(self, *, indent: int | None = None) -> str:
        """Return the result as JSON, non-ASCII characters as they are; lone surrogates become escapes."""
        text = json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)
        return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _line_dict(decision: Decision) -> dict[str, Any]:
    return {
        "start": decision.start,
        "end": decision.end,
        "label": str(decision.label),
        "kept": decision.kept,
        **({"path": decision.path} if decision.path is not None else {}),
        "confidence": round(decision.confidence, 3),
        "evidence": [_evidence_dict(evidence) for evidence in decision.evidence],
        "overruled": [_evidence_dict(evidence) for evidence in decision.overruled],
    }


def _evidence_dict(evidence: Evidence) -> dict[str, Any]:
    return {
        "rule": evidence.rule,
        "label": str(evidence.label),
        "weight": round(evidence.weight, 2),
        "reason": evidence.reason,
    }
