"""The kit itself: every law and every rule can be broken, and composed pages are what they say."""

from __future__ import annotations

import dataclasses
import doctest
import itertools
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import find, given
from hypothesis.strategies import SearchStrategy

from scrubber import Cleaner, Detector, Evidence, Label, Page, Result, Site
from scrubber.decode import decode
from scrubber.document import Document
from scrubber.model import Decision
from scrubber.testing import CASE_LAWS, LAWS, LawBroken, conformance, find_cases, laws, load_case, strategies
from scrubber.testing.composed import CHROME, ComposedPage, Flattening
from scrubber.testing.hostile import growth_exponent
from scrubber.testing.properties import laws_on_pages

BARE = Cleaner(bundled=False, installed=False)
EVERYTHING = Cleaner(installed=False).plugins
BUNDLED = sorted(path.parent for path in (Path(__file__).parents[1] / "plugins").glob("*/site.toml"))
PAGE = (
    "Home\n\nBridge closed by flood\n\nThe bridge was closed by the flood on Monday, the mayor of the town said.\n\n"
    "The flood had come over night\u200b, and nobody in the town had heard it coming.\n\nShare on Facebook\n"
)
ARTICLE = (
    "The bridge was closed by the flood on Monday, the mayor of the town said.\n\n"
    "The flood had come over night, and nobody in the town had heard it coming.\n"
)


# --- laws can be broken ---------------------------------------------------------------------------


class Judged:
    """A judgement whose decisions were tampered with."""

    def __init__(self, result: Result, decisions: tuple[Decision, ...]) -> None:
        self.original = result.judged
        self.made = decisions

    def __getattr__(self, name: str) -> object:
        """Leave all else as it was."""
        return getattr(self.original, name)

    def decisions(self) -> tuple[Decision, ...]:
        """Return them."""
        return self.made


class Broken(Cleaner):
    """A cleaner whose results are changed before anybody sees them."""

    def __init__(self, change: Callable[[Result], Result], **options: object) -> None:
        super().__init__(bundled=False, installed=False, **options)
        self.change = change

    def clean(self, content: bytes | str, **known: str | None) -> Result:
        """Clean, and change the result."""
        return self.change(super().clean(content, **known))


def raising(result: Result) -> Result:
    """Raise what no caller expects."""
    raise KeyError("planted")


def without_a_stretch(result: Result) -> Result:
    """Leave a stretch out."""
    return dataclasses.replace(result, judged=Judged(result, result.lines[:2] + result.lines[3:]))


def without_the_end(result: Result) -> Result:
    """Leave the last stretch out."""
    return dataclasses.replace(result, judged=Judged(result, result.lines[:-1]))


def shifted(result: Result) -> Result:
    """End the first stretch one character too early, and begin the next there."""
    first, second, *rest = result.lines
    moved = (first._replace(end=first.end - 1), second._replace(start=second.start - 1), *rest)
    return dataclasses.replace(result, judged=Judged(result, moved))


def called_blank(result: Result) -> Result:
    """Call the first line blank."""
    return dataclasses.replace(
        result, judged=Judged(result, (result.lines[0]._replace(label="blank"), *result.lines[1:]))
    )


def doubled(result: Result) -> Result:
    """Give the text twice."""
    return dataclasses.replace(result, text=result.text * 2)


def invented(result: Result) -> Result:
    """Add a word."""
    return dataclasses.replace(result, text=result.text + "planted\n")


def swapped(result: Result) -> Result:
    """Turn the order of the paragraphs around."""
    return dataclasses.replace(result, text="\n\n".join(reversed(result.text.split("\n\n"))))


def unexplained(result: Result) -> Result:
    """Say that something else was repaired."""
    return dataclasses.replace(result, repairs=tuple(repair._replace(before="?") for repair in result.repairs))


def unsaid(result: Result) -> Result:
    """Keep silent about repairs."""
    return dataclasses.replace(result, repairs=())


def shrinking(result: Result) -> Result:
    """Lose the last paragraph each time."""
    text = result.text.rpartition("\n\n")[0]
    kept = [line for line in result.lines if not line.kept or line.text in text]
    return dataclasses.replace(result, text=text, judged=Judged(result, tuple(kept)))


def counting() -> Callable[[Result], Result]:
    """Return a change that is another one each time."""
    numbers = itertools.count()
    return lambda result: dataclasses.replace(result, title=str(next(numbers)))


@pytest.mark.parametrize(
    ("law", "change"),
    [
        ("total", raising),
        ("nothing-lost", without_a_stretch),
        ("nothing-lost", without_the_end),
        ("nothing-lost", called_blank),
        ("nothing-lost", unsaid),
        ("stretches-in-place", shifted),
        ("nothing-invented", doubled),
        ("nothing-invented", invented),
        ("nothing-invented", swapped),
        ("repairs-explained", unexplained),
        ("deterministic", counting()),
        ("cleaning-idempotent", shrinking),
    ],
)
def test_a_planted_bug_breaks_its_law(law: str, change: Callable[[Result], Result]) -> None:
    """No law is one that can't be broken, and the page that breaks it is fine without the bug."""
    check = next(one.check for one in CASE_LAWS if one.name == law)
    check(BARE, Page(PAGE))
    with pytest.raises(LawBroken, match=law):
        check(Broken(change), Page(PAGE))


def test_a_plugin_that_fails_breaks_the_law_of_totality() -> None:
    """The page is cleaned all the same, but the plugin's author wants to know."""

    def fail(document: Document) -> list[Evidence]:
        """Fail on every page."""
        raise ZeroDivisionError

    cleaner = Broken(lambda result: dataclasses.replace(result, flags=("plugin_failed:planted:ZeroDivisionError",)))
    with pytest.raises(LawBroken, match="plugin_failed:planted"):
        laws.total(cleaner, Page(PAGE))
    assert fail.__doc__


def test_repair_that_does_not_settle_breaks_its_law(monkeypatch: pytest.MonkeyPatch) -> None:
    """So does one whose steps lead elsewhere."""
    monkeypatch.setattr(laws, "repair_line", lambda row: (row + "x", ()))
    with pytest.raises(LawBroken, match="repair-idempotent"):
        laws.repair_idempotent(BARE, Page(PAGE))
    monkeypatch.setattr(laws, "repair_line", lambda row: ("x", ()))
    with pytest.raises(LawBroken, match="its steps lead to"):
        laws.repair_idempotent(BARE, Page(PAGE))


def test_an_article_that_loses_a_word_breaks_the_law() -> None:
    """The message says where."""
    lossy = Broken(lambda result: dataclasses.replace(result, text=result.text.replace("mayor", "")))
    with pytest.raises(LawBroken, match=r"article-untouched.*mayor"):
        laws.article_untouched(lossy, ARTICLE)


def test_a_cleaner_that_remembers_breaks_the_law_of_threads() -> None:
    """Threads that share a cleaner with a state see what others left."""
    with pytest.raises(LawBroken, match="threads"):
        laws.same_in_threads(Broken(counting()), [Page(PAGE), Page(ARTICLE)])


def test_growth_is_measured() -> None:
    """Linear work is told from quadratic work."""
    assert growth_exponent(sorted, "a".__mul__, (20_000, 160_000)) < 1.4
    assert growth_exponent(lambda page: [page.count("b") for _ in page[::40]], "a".__mul__, (10_000, 80_000)) > 1.6


# --- conformance ----------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", conformance.DETECTOR_RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("detector", EVERYTHING.detectors, ids=lambda detector: detector.name)
def test_every_detector_conforms(detector: Detector, rule: Callable[[Detector], None]) -> None:
    """What is bundled satisfies what is asked of strangers."""
    rule(detector)


@pytest.mark.parametrize("rule", conformance.SITE_RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("site", EVERYTHING.sites, ids=lambda site: site.name)
def test_every_site_conforms(site: object, rule: Callable[[object], None]) -> None:
    """So do the sites."""
    rule(site)


@pytest.mark.parametrize("folder", BUNDLED, ids=lambda folder: folder.name)
def test_every_site_conforms_on_its_own_pages(folder: Path) -> None:
    """No composed page is a site's, so there their rules stay silent. Some sites have none."""
    (site,) = (site for site in EVERYTHING.sites if site.name == folder.name)
    pages = [decode(load_case(case).content).text for case in find_cases(folder / "cases")]
    if site.rules:
        conformance.speaks_on(site, pages)
    else:
        with pytest.raises(conformance.NotConforming, match="says nothing on any of these pages"):
            conformance.speaks_on(site, pages)


def test_names_are_unique() -> None:
    """Across detectors and sites."""
    conformance.unique_names([*EVERYTHING.detectors, *EVERYTHING.sites])
    with pytest.raises(conformance.NotConforming, match="names two"):
        conformance.unique_names([*EVERYTHING.detectors, EVERYTHING.detectors[0]])


class Planted(Site):
    """A site that says what a detector's function says."""

    name = "planted"

    def __init__(self, find: Callable[[Document], Iterator[Evidence]]) -> None:
        self._find = find

    def find(self, document: Document) -> Iterator[Evidence]:
        """Say it."""
        return self._find(document)


def only_on_its_pages(find: Callable[[Document], Iterator[Evidence]]) -> Callable[[Document], Iterator[Evidence]]:
    """Return a function that is silent on pages that do not say so, with examples that do."""

    def rarely(document: Document) -> Iterator[Evidence]:
        """Speaks on pages of its own.

        Bad:  <p>A page of its own
              in two lines</p>
        Good: a page of another

        This is no example.
        """
        return find(document) if any("page of its own" in text for text in document.texts) else iter(())

    return rarely


def says(**changes: object) -> Callable[[Document], Iterator[Evidence]]:
    """Return a detector's function that gives one piece of evidence."""
    evidence = Evidence(0, Label.NAVIGATION, 2.0, "planted", "a reason")._replace(**changes)

    def find(document: Document) -> Iterator[Evidence]:
        """Every page has a first line.

        Bad:  a line
        Good: no line
        """
        yield evidence

    return find


def quadratic(document: Document) -> Iterator[Evidence]:
    """Every line is held against every other."""
    if sum(left == right for left in document.texts for right in document.texts[:2000]) < 0:
        yield Evidence(0, Label.NAVIGATION, 2.0, "planted", "never")


def changing(document: Document) -> Iterator[Evidence]:
    """Write into the page."""
    document.texts = ("planted", *document.texts[1:])
    return iter(())


def mistaken(document: Document) -> Iterator[Evidence]:
    """Speaks of every page.

    Bad:  a line
    Good: another line
    """
    return says()(document)


def cubic(document: Document) -> Iterator[Evidence]:
    """Waits ever longer: on the pages that time is measured on it would take hours."""
    for text in document.texts:
        re.search(r"\w+\s*\w*\s*\w*=$", text)
    return iter(())


def undocumented(document: Document) -> Iterator[Evidence]:
    """Has no examples."""
    return iter(())


def forgetful() -> Callable[[Document], Iterator[Evidence]]:
    """Return a detector's function that says something else each time."""
    numbers = itertools.count(1)

    def find(document: Document) -> Iterator[Evidence]:
        yield from says(weight=float(next(numbers)))(document)

    return find


@pytest.mark.parametrize(
    ("rule", "planted", "problem"),
    [
        (conformance.named_well, Detector("Bad_Name", says()), "lower case"),
        (conformance.documented, Detector("planted", undocumented), "Bad:"),
        (conformance.documented, Detector("planted", lambda document: iter(())), "sentence"),
        (conformance.speaks_plainly, Detector("planted", says(line=10**6)), "does not exist"),
        (conformance.speaks_plainly, Detector("planted", says(weight=0.0)), "above zero"),
        (conformance.speaks_plainly, Detector("planted", says(reason="")), "not empty"),
        (conformance.speaks_plainly, Detector("planted", says(rule="other")), "one name"),
        (conformance.speaks_plainly, Detector("planted", says(span=(3, 10**6))), "within its line"),
        (conformance.speaks_plainly, Detector("planted", only_on_its_pages(says(weight=-1.0))), "above zero"),
        (conformance.true_to_its_examples, Detector("planted", only_on_its_pages(undocumented)), "shows as bad"),
        (conformance.true_to_its_examples, Detector("planted", mistaken), "shows as good"),
        (conformance.pure, Detector("planted", forgetful()), "other evidence"),
        (conformance.pure, Detector("planted", only_on_its_pages(forgetful())), "other evidence"),
        (conformance.pure, Detector("planted", only_on_its_pages(changing)), "changes the page"),
        (conformance.linear, Detector("planted", quadratic), "power"),
        (conformance.linear, Detector("planted", cubic), "takes over 1 s on"),
        (conformance.speaks_plainly, Detector("planted", says(weight=float("inf"))), "and a number"),
        (conformance.speaks_plainly, Detector("planted", says(weight=float("nan"))), "and a number"),
        (conformance.speaks_plainly, Detector("planted", says(label="nonsense")), "its label is none"),
    ],
)
def test_what_does_not_conform_is_refused(rule: Callable[[Detector], None], planted: Detector, problem: str) -> None:
    """Each rule can fail, and says why."""
    with pytest.raises(conformance.NotConforming, match=problem):
        rule(planted)


@pytest.mark.parametrize(
    ("find", "problem"),
    [
        (says(rule="planted/x", weight=-1.0), "above zero"),
        (says(rule="other"), "SITE/RULE"),
        (forgetful(), "SITE/RULE"),
        (changing, "changes the page"),
        (undocumented, "says nothing"),
    ],
)
def test_what_a_site_does_on_its_own_pages_is_seen(
    find: Callable[[Document], Iterator[Evidence]], problem: str
) -> None:
    """Also where it is silent on all composed pages."""
    site = Planted(only_on_its_pages(find))
    conformance.speaks_plainly(site)
    conformance.pure(site)
    with pytest.raises(conformance.NotConforming, match=problem):
        conformance.speaks_on(site, ["A page of its own"])


def test_examples_of_a_docstring_are_pages() -> None:
    """Lines that were wrapped are one, and what follows a blank line is no example."""
    detector = Detector("planted", only_on_its_pages(undocumented))
    assert conformance.examples(detector) == ("<p>A page of its own in two lines</p>", "a page of another")
    assert conformance.as_document("<p>One</p><p>Two</p>").texts == ("One", "Two")


# --- composed pages and strategies ----------------------------------------------------------------


@given(page=strategies.pages())
def test_the_truth_of_a_composed_page_fits_its_source(page: ComposedPage) -> None:
    """Every span holds its line, in order, and between spans there is nothing but line ends."""
    assert ["".join(page.source[span.start : span.end].split()) for span in page.spans] == [
        "".join(line.text.split()) for line in page.lines
    ]
    ends = [0, *(span.end for span in page.spans)]
    starts = [*(span.start for span in page.spans), len(page.source)]
    assert {page.source[end:start].strip("\n") for end, start in zip(ends, starts, strict=True)} == {""}


test_a_site_keeps_the_laws_in_one_line = laws_on_pages(Cleaner(installed=False), url="https://www.arabstoday.net/a")


def test_the_one_line_finds_what_breaks_a_law() -> None:
    """Whatever cleaner it is given."""
    law = next(law for law in LAWS if law.name == "nothing-invented")
    with pytest.raises(LawBroken, match="nothing-invented"):
        laws_on_pages(Broken(invented))(law=law)


@pytest.mark.parametrize(
    ("strategy", "problem"),
    [
        (strategies.pages(languages=["xx"]), "there is no language “xx”"),
        (strategies.pages(kinds=["menuu"]), "no kind of chrome “menuu”. Did you mean “menu”?"),
        (strategies.pages(required=["menuu"]), "no kind of chrome “menuu”"),
        (strategies.chrome("menuu"), "no kind of chrome “menuu”"),
        (strategies.damaged_pages(["crlv"]), "no damage “crlv”. Did you mean “crlf”?"),
    ],
)
def test_a_name_that_does_not_exist_is_refused(strategy: SearchStrategy[object], problem: str) -> None:
    """Left out silently, a test would test less than it says."""
    with pytest.raises(ValueError, match=re.escape(problem)):
        find(strategy, lambda page: True)


@pytest.mark.parametrize("kind", ["menu", "sources"])
def test_pages_shrink_to_what_matters(kind: str) -> None:
    """The smallest page with a kind of chrome is an English page of a few lines."""
    page = find(strategies.pages(), lambda page: any(line.label is CHROME[kind] for line in page.lines))
    assert page.flattening is Flattening.SPACED
    assert len(page.lines) <= 11
    assert "The council of Vellmar closed the old bridge" in repr(page)


@pytest.mark.parametrize("name", ["cases", "checks", "composed", "damage", "hostile", "laws", "words"])
def test_examples_in_docstrings_are_true(name: str) -> None:
    """Doctests of the kit."""
    assert doctest.testmod(import_module(f"scrubber.testing.{name}")).failed == 0
