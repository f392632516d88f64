"""From the pages of a site to its template: what they have in common and what of that is not the article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from scrubber.errors import ScrubberError
from scrubber.learning.blocks import Found
from scrubber.learning.choose import Chosen, choose
from scrubber.learning.memory import Counts, Memory
from scrubber.learning.naming import Names
from scrubber.learning.sample import Sample, study
from scrubber.learning.template import LearnedRule, Template
from scrubber.model import Page
from scrubber.pipeline import Cleaner
from scrubber.sites.matching import host_of

LEAST_PAGES = 5
"""Pages that differ, below which what repeats may do so by chance."""

MOST_RULES = 300
"""Rules of a template, and lines for review: more than anybody would read."""

MOSTLY = 0.5
"""Share of a rule's lines that generic cleaning takes out, below which the rule says so."""

KEPT_ELSE = "without this rule they stay: generic cleaning keeps most of them"

FINGERPRINTS = 4
"""Lines that a site is known by; two of them on a page are a match."""

NEARLY_ALL = 0.95
"""Share of the pages that show such a line."""

FINGERPRINT_WORDS = range(2, 13)
"""Words of such a line: a single word is no site's own, a paragraph changes."""


class CannotLearn(ScrubberError):
    """The pages do not tell what the site's are like; says why, and what to do."""


def learn(pages: Iterable[Page], *, host: str = "") -> Template:
    """Learn what the pages of one site have in common.

    Args:
        pages: at least five that differ; they are read one by one, and little of each is remembered.
        host: the site's host; pages with a URL elsewhere are left out. Without it, all URLs must agree.

    Returns:
        The template; the same for the same pages in any order.

    Raises:
        CannotLearn: there are fewer than five pages that differ, or they are of several hosts.
        ScrubberError: a page can't be read; see `Cleaner.clean`.
    """
    learner = Learner(host=host)
    for page in pages:
        learner.add(page)
    return learner.template()


class Learner:
    """Takes pages one by one; `template` may be asked for at any time."""

    def __init__(self, *, host: str = "") -> None:
        """Start without pages; see `learn` for `host`."""
        self.host = _bare_host(host_of(host) if host else "")
        self._cleaner = Cleaner(bundled=False, installed=False)
        self._memory = Memory()
        self._hosts: Counter[str] = Counter()
        self.elsewhere = 0

    def add(self, page: Page) -> None:
        """Remember a page. Raises ScrubberError for one that can't be read; nothing is remembered of it."""
        host = _bare_host(host_of(page.url) if page.url else "")
        if self.host and host and not f".{host}".endswith(f".{self.host}"):
            self.elsewhere += 1
            return
        if self._memory.takes(page):
            self._memory.add(page, self._cleaner.read(page))
            self._hosts.update([host] if host else ())

    def template(self) -> Template:
        """Return what was learned. Raises CannotLearn; see `learn`."""
        host = self.host or self._one_host()
        counts = self._memory.counts()
        if counts.pages < LEAST_PAGES:
            raise CannotLearn(self._too_few(counts))
        sample = Sample(study(page, self._cleaner, counts) for page in self._memory.sample(counts))
        chosen = choose(sample, counts, Names())
        return Template(
            host,
            counts.pages,
            counts.repeated,
            self._memory.too_large,
            _fingerprints(sample, chosen, counts),
            _weighed(chosen.taken, sample, counts),
            _weighed(chosen.review, sample, counts),
        )

    def _one_host(self) -> str:
        if len(self._hosts) > 1:
            named = ", ".join(f"{host} ({count})" for host, count in self._hosts.most_common(5))
            raise CannotLearn(f"the pages are of several hosts: {named}. Name the site's with --host.")
        return next(iter(self._hosts), "")

    def _too_few(self, counts: Counts) -> str:
        said = [f"{counts.pages} that differ" if counts.repeated else f"{counts.pages}"]
        if counts.repeated:
            said.append(f"{counts.repeated} that say the same again")
        if self._memory.too_large:
            said.append(f"{self._memory.too_large} too large for an article")
        if self.elsewhere:
            said.append(f"{self.elsewhere} of other hosts")
        return (
            f"learning takes at least {LEAST_PAGES} pages of one site, and there are {', '.join(said)}: "
            "what repeats on fewer may do so by chance. Twenty are good."
        )


def _bare_host(host: str) -> str:
    return host.removeprefix("www.")


def _weighed(found: Iterable[Found], sample: Sample, counts: Counts) -> tuple[LearnedRule, ...]:
    """Return rules with what they were learned from, the weightiest first, blocks and selectors last.

    The first rule of a file names a line, and what is known of the line itself says more than what it stands in.
    """
    rules = [_learned(one, sample, counts) for one in found]
    return tuple(sorted(rules, key=_order)[:MOST_RULES])


def _order(learned: LearnedRule) -> tuple[bool, float, str]:
    return learned.rule.line is None and learned.rule.match is None, -learned.weight, learned.rule.name


def _learned(found: Found, sample: Sample, counts: Counts) -> LearnedRule:
    words = sum(sample.pages[place.page].document.words[place.line] for place in set(found.places))
    share = len({place.page for place in found.places}) / len(sample.pages)
    pages = round(share * counts.pages) if found.pages is None else found.pages
    return LearnedRule(
        found.rule,
        pages,
        pages / counts.pages,
        words / len(sample.pages),
        found.standing.where,
        sample.text(found.places[0]),
        found.reason or (KEPT_ELSE if found.standing.dropped < MOSTLY else ""),
    )


def _fingerprints(sample: Sample, chosen: Chosen, counts: Counts) -> tuple[str, ...]:
    """Return the lines that nearly all pages show and that no phrase pack knows, the longest first."""
    known = {index for lines in sample.texts.phrases.values() for index in lines}
    phrases = {sample.texts.texts[index] for index in known}
    lines = [
        found.rule.line
        for found in chosen.taken
        if found.rule.line is not None
        and "*" not in found.rule.line
        and found.rule.line not in phrases
        and (found.pages or 0) >= NEARLY_ALL * counts.pages
        and found.standing.words in FINGERPRINT_WORDS
    ]
    return tuple(sorted(lines, key=lambda line: (-len(line), line))[:FINGERPRINTS])
