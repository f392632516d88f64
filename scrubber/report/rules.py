"""The account of the rules: what became of each rule of the sites that a page belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from scrubber.model import BLANK, Decision, Result
from scrubber.report.flags import PLUGIN_FAILED
from scrubber.report.lines import line_numbers, name_lines
from scrubber.sites import Rule, RuleSite, Site
from scrubber.sites.rules import glob
from scrubber.sites.validity import Dated, is_valid, period

HEADINGS = ("RULE", "LABEL", "OUTCOME")

KEEP_BEATS_DROP = "a keep rule beats a drop rule"


class Fate(NamedTuple):
    """What became of one rule: its name as SITE/RULE, its label, and the outcome in words.

    The outcome begins with `fired` (it decided a line), `shadowed` (another rule had decided the line as it would),
    `lost` (another decided against it), `never fired`, `not asked` or `failed`; it names the lines, and the others.
    """

    rule: str
    label: str
    outcome: str


class Said(NamedTuple):
    """What a rule said of a line: `winner` is the rule that decided it, `beaten` those of sites that it beat."""

    line: int
    label: str
    winner: str
    agreed: bool
    beaten: tuple[str, ...]


def rule_fates(result: Result, sites: Iterable[Site], day: date | None) -> list[Fate]:
    """Return the fate of each rule of the sites that a page belongs to, in the order of their files.

    Args:
        result: what came of the page.
        sites: the sites that know the page, those for pages of another time too.
        day: the day that the page is from.

    A site that is a Python class has the rules that it spoke for.
    """
    account = _Account(result, day)
    return [fate for site in sites for fate in account.of_site(site)]


class _Account:
    """What was said on a page, by rule."""

    def __init__(self, result: Result, day: date | None) -> None:
        self.day = day
        self.decisions = [decision for decision in result.lines if decision.label != BLANK]
        self.numbers = line_numbers(result.page_text, self.decisions)
        self.has_dom = any(decision.path is not None for decision in self.decisions)
        flags = (flag.split(":") for flag in result.flags)
        self.failed = {parts[1]: parts[2] for parts in flags if parts[0] == PLUGIN_FAILED}
        self.names = {site for site, _ in result.sites}
        self.said: Mapping[str, list[Said]] = self._gather()

    def _gather(self) -> Mapping[str, list[Said]]:
        said: dict[str, list[Said]] = defaultdict(list)
        for number, decision in zip(self.numbers, self.decisions, strict=True):
            winner = self._winner(decision)
            beaten = tuple(one.rule for one in decision.overruled if self._is_of_site(one.rule))
            for one in (*decision.evidence, *decision.overruled):
                if self._is_of_site(one.rule):
                    said[one.rule].append(Said(number, one.label, winner, one in decision.evidence, beaten))
        return said

    def _winner(self, decision: Decision) -> str:
        """Return the rule that decided a line: the first of a site that spoke for it, else what weighed most."""
        of_sites = (one.rule for one in decision.evidence if self._is_of_site(one.rule))
        return next(of_sites, decision.evidence[0].rule)

    def _is_of_site(self, rule: str) -> bool:
        return rule.partition("/")[0] in self.names

    def of_site(self, site: Site) -> Iterator[Fate]:
        if not is_valid(site, self.day):
            yield Fate(f"{site.name}/*", "", self._out_of_time(site))
        elif site.name in self.failed:
            yield Fate(f"{site.name}/*", "", f"failed: {self.failed[site.name]}; the page was cleaned without the site")
        elif isinstance(site, RuleSite):
            for rule in site.rules:
                name = f"{site.name}/{rule.name}"
                yield Fate(name, rule.label, self._outcome(name) or self._silence(rule))
        else:
            for name, said in self.said.items():
                if name.partition("/")[0] == site.name:
                    labels = ", ".join(dict.fromkeys(one.label for one in said))
                    yield Fate(name, labels, self._outcome(name))

    def _outcome(self, name: str) -> str:
        """Return what became of what a rule said; "" where it said nothing."""
        said = self.said.get(name, ())
        fired = [one for one in said if one.winner == name]
        shadowed = [(one.winner, one.line) for one in said if one.agreed and one.winner != name]
        lost = [(one.winner, one.line) for one in said if not one.agreed]
        beaten = [(rule, one.line) for one in fired for rule in one.beaten]
        return "; ".join(
            [
                *([f"fired on {name_lines([one.line for one in fired])}"] if fired else []),
                *(f"beats {rule} on {lines}: {KEEP_BEATS_DROP}" for rule, lines in _grouped(beaten)),
                *(f"shadowed on {lines} by {rule}, which comes first" for rule, lines in _grouped(shadowed)),
                *(f"lost {lines} to {rule}{self._law(rule)}" for rule, lines in _grouped(lost)),
            ]
        )

    def _law(self, winner: str) -> str:
        return f": {KEEP_BEATS_DROP}" if self._is_of_site(winner) else ""

    def _silence(self, rule: Rule) -> str:
        """Say why a rule said nothing."""
        if not is_valid(rule, self.day):
            return self._out_of_time(rule)
        if not self.has_dom and not rule.reads_text:
            return "not asked: it has a selector alone, and this page is text"
        return f"never fired{self._near_miss(rule)}"

    def _near_miss(self, rule: Rule) -> str:
        """Say which line a rule would have matched but for one thing, where there is such a line."""
        if self.has_dom and (rule.css or rule.outside):
            return ": its selector finds no line"
        first = rule.line or rule.first
        if first is None:
            return ""
        for number, decision in zip(self.numbers, self.decisions, strict=True):
            text = " ".join(decision.text.split())
            if rule.first is not None and glob(first, text):
                return f": line {number} is its first line, but no line behind it is its last"
            if glob(first.casefold(), text.casefold()):
                return f": line {number} would match but for its case"
        return ""

    def _out_of_time(self, dated: Dated) -> str:
        day = f"is of {self.day}" if self.day else "has no date that is known"
        return f"not asked: it is for pages {period(dated)}, and this one {day}"


def _grouped(pairs: Sequence[tuple[str, int]]) -> Iterator[tuple[str, str]]:
    """Yield each rule with its lines in words."""
    lines: dict[str, list[int]] = defaultdict(list)
    for rule, line in pairs:
        lines[rule].append(line)
    return ((rule, name_lines(numbers)) for rule, numbers in lines.items())
