"""Whether a site's plugin is worth having: its own cases, cleaned with it and without any site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from scrubber.detectors import Detector, hookimpl, register_detectors
from scrubber.model import BLANK, FIELDS, Decision, Result
from scrubber.pipeline import Cleaner
from scrubber.plugins import offer_name
from scrubber.sites import RuleSite, Site
from scrubber.sites.validity import is_valid
from scrubber.testing.checks import Run
from scrubber.testing.words import words_of

BETTER, SAME, WORSE = "better than", "as good as", "worse than"


class Wrong(NamedTuple):
    """Words of the texts of some cases that are not as expected, each counted as often as it stands."""

    kept: int = 0
    lost: int = 0

    def plus(self, other: Wrong) -> Wrong:
        """Return the words of both."""
        return Wrong(self.kept + other.kept, self.lost + other.lost)


@dataclass
class SiteVerdict:
    """What a site's plugin does on its cases.

    Attributes:
        site: its name, with its period where it has one.
        cases: how many cases were cleaned with it.
        unchecked: those of them whose expectation was recorded from a run and read by nobody.
        unmatched: cases that lie in its folder, and are not known as its pages.
        generic: words that are wrong without any site; `own`: those that are wrong with it.
        deciding: for each of its rules that decided a line of a case, whether any of them would have become
            something else without.
        rules: its rules; none for a site that is a Python class.
    """

    site: str
    cases: int = 0
    unchecked: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    generic: Wrong = field(default_factory=Wrong)
    own: Wrong = field(default_factory=Wrong)
    deciding: dict[str, bool] = field(default_factory=dict)
    rules: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """Whether it is `better than`, `as good as` or `worse than` generic cleaning, by the words that are wrong."""
        own, generic = sum(self.own), sum(self.generic)
        return BETTER if own < generic else WORSE if own > generic else SAME

    @property
    def idle(self) -> list[str]:
        """The rules that decide no line of any case."""
        return [rule for rule in self.rules if rule not in self.deciding]

    @property
    def repeating(self) -> list[str]:
        """The rules that decide lines, all of which become the same without any site."""
        return [rule for rule, matters in self.deciding.items() if not matters]


def judge_sites(runs: Iterable[Run]) -> list[SiteVerdict]:
    """Return a verdict on each site that some cases are pages of, or lie in the folder of.

    Cases that expect an error, and those that say `sites = false`, are left out.
    """
    verdicts: dict[str, SiteVerdict] = {}
    for run in runs:
        if run.case.raises or not run.case.sites:
            continue
        matched = {name for name, _ in run.result.sites}
        for site in _valid_sites(run):
            if site.name in matched or _is_home(run, site):
                verdict = verdicts.setdefault(offer_name(site), SiteVerdict(offer_name(site), rules=_rules(site)))
                _add(verdict, run, site, known=site.name in matched)
    return list(verdicts.values())


def _valid_sites(run: Run) -> Iterator[Site]:
    return (site for site in run.cleaner.plugins.sites if is_valid(site, run.case.date))


def _is_home(run: Run, site: Site) -> bool:
    """Tell whether a case lies in the folder of a site's file."""
    origin = Path(run.cleaner.plugins.origins[offer_name(site)])
    return origin.parent != Path() and origin.parent.resolve() in run.case.folder.resolve().parents


def _rules(site: Site) -> tuple[str, ...]:
    return tuple(f"{site.name}/{rule.name}" for rule in site.rules) if isinstance(site, RuleSite) else ()


def _add(verdict: SiteVerdict, run: Run, site: Site, *, known: bool) -> None:
    """Add what a site does on a case to the verdict on it."""
    name = run.case.folder.name
    if not known:
        verdict.unmatched.append(name)
        return
    generic = run.case.clean(_generic(run.cleaner))
    verdict.cases += 1
    verdict.generic = verdict.generic.plus(_wrong(run.case.expected, generic))
    verdict.own = verdict.own.plus(_wrong(run.case.expected, run.result))
    if run.case.provenance != "checked":
        verdict.unchecked.append(name)
    fates = {decision.start: _fate(decision) for decision in generic.lines}
    for decision in run.result.lines:
        rule = _deciding_rule(decision, site)
        if rule:
            matters = fates.get(decision.start) != _fate(decision)
            verdict.deciding[rule] = verdict.deciding.get(rule, False) or matters


def _wrong(expected: str, result: Result) -> Wrong:
    wanted, found = Counter(words_of(expected)), Counter(words_of(result.text))
    return Wrong((found - wanted).total(), (wanted - found).total())


def _deciding_rule(decision: Decision, site: Site) -> str | None:
    """Return the site's rule that a line was decided by: the first that spoke for what became of it."""
    if decision.label == BLANK:
        return None
    return next((one.rule for one in decision.evidence if one.rule.startswith(f"{site.name}/")), None)


def _fate(decision: Decision) -> str:
    """Return what a line becomes: its label where that shows in the result."""
    return decision.label if decision.kept or decision.label in FIELDS else "dropped"


class _Detectors:
    """A plugin that offers the detectors of another cleaner's plugins, and none of their sites."""

    def __init__(self, detectors: list[Detector]) -> None:
        self.detectors = detectors

    @hookimpl
    def register_detectors(self) -> list[Detector]:
        return self.detectors


@cache
def _generic(cleaner: Cleaner) -> Cleaner:
    """Return a cleaner with the detectors of another, and without any site."""
    own = {detector.name for detector in register_detectors()}
    others = [detector for detector in cleaner.plugins.detectors if detector.name not in own]
    return Cleaner(plugins=[_Detectors(others)], bundled=False, installed=False)
