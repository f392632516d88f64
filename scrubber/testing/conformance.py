"""What every detector and every site must satisfy, whoever wrote it.

    for detector in Cleaner(plugins=[mine]).plugins.detectors:
        for rule in DETECTOR_RULES: rule(detector)

Each rule is a function that raises `NotConforming`. A detector is asked about composed pages and about the examples of
its docstring. No composed page is a site's: `speaks_on` asks it about pages of its own.
"""

from __future__ import annotations

import inspect
import math
import re
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial

from scrubber.detectors import Detector
from scrubber.document import Document
from scrubber.model import KEPT, Evidence, Label
from scrubber.repair import RepairOptions
from scrubber.segment.html import segment_html
from scrubber.segment.text import segment_text
from scrubber.sites import Site
from scrubber.testing.composed import CHROME, ComposedPage, Story, Written, stories
from scrubber.testing.hostile import FAMILIES, growth_exponent

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
"""Names as users read and write them: lower case, words joined by hyphens."""

EXAMPLES = re.compile(r"^Bad:\s+(\S.*?)^Good:\s+(\S.*?)(?:^$|\Z)", re.MULTILINE | re.DOTALL)
"""The examples of a docstring, up to a blank line or its end."""

BEGINS_WITH_TAG = re.compile(r"\s*<[a-zA-Z!]")

SIZES = (2_000, 16_000)
"""Characters of the pages that a detector's time is measured on."""

EXPONENT = 1.6
"""Limit of growth: well above linear, for busy machines, and well under quadratic."""

MEASURABLE_SECONDS = 0.002
"""Seconds for the larger page under which growth does not matter and can't be measured."""


FIRST_SIZES = (250, 500, 1_000, 2_000)
"""Characters of the pages that are tried before, in steps, so that what grows with a high power is told early."""

SLOW_SECONDS = 1.0
"""Seconds of processor time that no detector needs for so few characters: the slowest own one needs a thousandth."""


class NotConforming(AssertionError):
    """A detector or a site does not satisfy a rule; the message says which and what to do."""


def named_well(thing: Detector | Site) -> None:
    """The name is lower case, its words joined by hyphens."""
    if not NAME.fullmatch(thing.name):
        raise NotConforming(f"“{thing.name}”: a name is lower case, its words joined by hyphens")


def documented(detector: Detector) -> None:
    """The docstring begins with a sentence and shows a line that is bad and one that is good."""
    if not detector.summary.endswith("."):
        raise NotConforming(f"{detector.name}: its docstring must begin with a sentence that a user can read")
    examples(detector)


def examples(detector: Detector) -> tuple[str, str]:
    """Return the pages that a docstring shows as `Bad:` and as `Good:`, a line for each ` / `; HTML begins with a tag.

    Raises:
        NotConforming: it does not have both, in this order.
    """
    found = EXAMPLES.search(inspect.cleandoc(detector.find.__doc__ or ""))
    if not found:
        raise NotConforming(f"{detector.name}: its docstring has no line “Bad: ...”, and after it one “Good: ...”")
    bad, good = (" ".join(example.split()).replace(" / ", "\n") for example in found.groups())
    return bad, good


def true_to_its_examples(detector: Detector) -> None:
    """What its docstring shows as bad is found, and nothing is said against what it shows as good."""
    bad, good = map(as_document, examples(detector))
    if not list(detector.find(bad)):
        raise NotConforming(f"{detector.name}: finds nothing in what its docstring shows as bad")
    if any(evidence.label not in KEPT for evidence in detector.find(good)):
        raise NotConforming(f"{detector.name}: finds something in what its docstring shows as good")


def speaks_plainly(thing: Detector | Site) -> None:
    """Evidence is of existing lines, has its rule's one name, a weight above zero and a reason."""
    for page in _pages_for(thing):
        _check_plain(thing, page)


def _pages_for(thing: Detector | Site) -> Iterator[str]:
    yield from (page.source for page in sample_pages())
    yield from examples(thing) if isinstance(thing, Detector) else ()


def _check_plain(thing: Detector | Site, page: str) -> None:
    document = as_document(page)
    for evidence in thing.find(document):
        if problem := _problem(thing, evidence, document):
            raise NotConforming(f"{thing.name}: {problem}: {evidence}")


def _problem(thing: Detector | Site, evidence: Evidence, document: Document) -> str | None:
    if not 0 <= evidence.line < len(document):
        return "speaks of a line that does not exist"
    if not 0 < evidence.weight < math.inf or not evidence.reason:
        return "a weight is above zero, and a number, and a reason is not empty"
    if not isinstance(evidence.label, Label):
        return "its label is none; take one of scrubber.Label"
    expected = (
        evidence.rule == thing.name if isinstance(thing, Detector) else evidence.rule.startswith(f"{thing.name}/")
    )
    if not expected:
        return "a rule has one name everywhere: a detector's own, or SITE/RULE"
    start, end = evidence.span or (0, 1)
    return None if 0 <= start < end <= len(document.texts[evidence.line]) else "a span lies within its line"


def pure(thing: Detector | Site) -> None:
    """The same page gives the same evidence, and is left as it was."""
    for page in _pages_for(thing):
        _check_pure(thing, page)


def _check_pure(thing: Detector | Site, page: str) -> None:
    document, again = as_document(page), as_document(page)
    first = list(thing.find(document))
    if first != list(thing.find(document)) or first != list(thing.find(again)):
        raise NotConforming(f"{thing.name}: a second look at the same page gives other evidence")
    if document.texts != as_document(page).texts:
        raise NotConforming(f"{thing.name}: changes the page that it looks at")


def speaks_on(site: Site, pages: Iterable[str]) -> None:
    """On pages of its own, text or HTML, the site says something, plainly, and each time the same."""
    silent = True
    for page in pages:
        _check_plain(site, page)
        _check_pure(site, page)
        silent = silent and not list(site.find(as_document(page)))
    if silent:
        raise NotConforming(f"{site.name}: says nothing on any of these pages")


def linear(thing: Detector | Site) -> None:
    """Time grows with the page, on every family of hostile text."""

    def run(document: Document) -> object:
        return list(thing.find(document))

    for name in FAMILIES:
        for size in FIRST_SIZES:
            _refuse_slow(thing, name, size)
        exponent = growth_exponent(run, partial(_hostile, name), SIZES, repeat=2, floor=MEASURABLE_SECONDS)
        if exponent >= EXPONENT:
            raise NotConforming(f"{thing.name}: time grows with the power {exponent:.1f} of the size on “{name}”")


def _refuse_slow(thing: Detector | Site, name: str, size: int) -> None:
    document, start = _hostile(name, size), time.process_time()
    for _ in thing.find(document):
        pass
    if time.process_time() - start > SLOW_SECONDS:
        raise NotConforming(f"{thing.name}: takes over {SLOW_SECONDS:.0f} s on {size:,} characters of “{name}”")


@cache
def _hostile(name: str, size: int) -> Document:
    """Return a page of a family; the same one for all, as its facts cost more than most detectors."""
    return as_document(FAMILIES[name](size))


DETECTOR_RULES: tuple[Callable[[Detector], None], ...] = (
    named_well,
    documented,
    true_to_its_examples,
    speaks_plainly,
    pure,
    linear,
)
"""The rules for detectors."""

SITE_RULES: tuple[Callable[[Site], None], ...] = (named_well, speaks_plainly, pure, linear)
"""The rules for sites."""


def unique_names(things: Iterable[Detector | Site]) -> None:
    """No name is used twice. Loading refuses it too; this holds for what never was loaded together."""
    seen: set[str] = set()
    for thing in things:
        if thing.name in seen:
            raise NotConforming(f"“{thing.name}” names two detectors or sites")
        seen.add(thing.name)


def as_document(source: str) -> Document:
    """Return a page as detectors and sites see it; one that begins with a tag is HTML."""
    segment = segment_html if BEGINS_WITH_TAG.match(source) else segment_text
    return segment(source, RepairOptions())[0]


def sample_pages() -> Iterator[ComposedPage]:
    """Yield one page a language that holds every kind of chrome around the whole story."""
    return (_full_page(story) for story in stories().values())


def _full_page(story: Story) -> ComposedPage:
    chrome = [story.block(kind, story.chrome[kind]) for kind in CHROME if kind in story.chrome]
    body = [story.paragraph([sentence]) for sentence in story.sentences]
    title = (Written(story.title, CHROME["header"]),)
    return ComposedPage((title, *chrome[:2], *body, *chrome[2:], title))
