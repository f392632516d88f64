"""Every detector against its cases in `tests/cases/detectors`, and the promises that all of them make.

A case file has the name of its detector. A case has a sentence for a name, a `text`, and `finds`: line number
or text to label, and nothing else is found; `[]` where the detector stays quiet. Lines are counted as in an
editor, from 1 and blank ones too. `title` is a title known from elsewhere, `xfail` the reason of a known failure.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from scrubber.detectors import CERTAIN, HINT, Detector, register_detectors
from scrubber.document import Document
from scrubber.model import DROPPED, FIELDS, KEPT, Evidence, Label
from scrubber.repair import RepairOptions
from scrubber.segment.html import segment_html
from scrubber.segment.text import segment_text
from scrubber.testing.conformance import examples

CASES = Path(__file__).parent / "cases" / "detectors"
SUFFIX = ".yml"
KEYS = {"text", "finds", "title", "xfail"}
DETECTORS = register_detectors()
BY_NAME = {detector.name: detector for detector in DETECTORS}

SPEAKING_FOR = {"page-parts", "page-elements", "quoted-leads", "stated-body"}
"""Detectors that also speak for the article; all others find what is not."""

FITTED = {"page-parts", "page-elements", "link-lines", "stated-body"}
"""Detectors whose weights are fitted coefficients, also small ones."""

LOUD, QUIET = 1, 2
"""Cases of each kind that a detector has at least: staying quiet is half of the job."""

GROWTH = 8
"""Times that a page grows in the test of time."""

SLACK = 4
"""Times that the time may grow beyond that: far under the square, far above what a busy machine adds."""

Found = dict[tuple[int, str], str]
"""Line and text of a stretch, to its label."""


def document_of(text: str, title: str | None = None) -> Document:
    """Return a text as detectors see it; one that begins with a tag is HTML."""
    segment = segment_html if text.startswith("<") else segment_text
    return segment(text, RepairOptions(), title=title)[0]


def every(detector: Detector, document: Document) -> list[Evidence]:
    """Return all that a detector says of a page."""
    return list(detector.find(document))


def found(detector: Detector, document: Document) -> Found:
    """Return what a detector finds on a page, as its cases say it."""
    stretches: Found = {}
    for evidence in every(detector, document):
        start, end = evidence.span or (0, None)
        text = document.texts[evidence.line][start:end].strip()
        stretches[line_number(document, evidence.line), text] = str(evidence.label)
    return stretches


def line_number(document: Document, index: int) -> int:
    """Return the number of a line as an editor counts."""
    return document.source.count("\n", 0, document.spans[index][0]) + 1


@cache
def cases_of(name: str) -> dict[str, dict[str, Any]]:
    """Return the cases of a detector."""
    cases = yaml.safe_load((CASES / f"{name}{SUFFIX}").read_text(encoding="utf-8"))
    assert isinstance(cases, dict), f"{name}{SUFFIX} holds no cases"
    return cases


def all_cases() -> Iterator[Any]:
    """Yield every case as a parameter of its own."""
    for path in sorted(CASES.glob(f"*{SUFFIX}")):
        for sentence, case in cases_of(path.stem).items():
            marks = [pytest.mark.xfail(strict=True, reason=case["xfail"])] if "xfail" in case else []
            yield pytest.param(path.stem, sentence, id=f"{path.stem}-{sentence}", marks=marks)


@pytest.mark.parametrize(("name", "sentence"), list(all_cases()))
def test_case(name: str, sentence: str) -> None:
    """What a case says is found, and nothing else."""
    case = cases_of(name)[sentence]
    got = found(BY_NAME[name], document_of(case["text"], case.get("title")))
    expected = case["finds"] or {}
    by_line = {line: label for (line, _), label in got.items()}
    by_text = {text: label for (_, text), label in got.items()}
    assert {key: (by_line if isinstance(key, int) else by_text).get(key) for key in expected} == expected
    extra = [key for key in got if key[0] not in expected and key[1] not in expected]
    assert extra == [], "found beside what the case says"


def test_every_detector_has_a_case_file_and_every_file_a_detector() -> None:
    """No detector goes untested, and no file tests a detector that is gone."""
    assert sorted(path.stem for path in CASES.iterdir()) == sorted(BY_NAME)


@pytest.mark.parametrize("name", BY_NAME)
def test_cases_are_written_as_they_should_be(name: str) -> None:
    """Each detector has loud and quiet cases, with known keys and labels, each named by a sentence."""
    cases = cases_of(name)
    for sentence, case in cases.items():
        assert set(case) <= KEYS, sentence
        assert {"text", "finds"} <= set(case), sentence
        assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+){2,}", sentence), f"{sentence} is no sentence"
        assert set((case["finds"] or {}).values() if case["finds"] else ()) <= set(Label), sentence
    assert sum(bool(case["finds"]) for case in cases.values()) >= LOUD
    assert sum(not case["finds"] for case in cases.values()) >= QUIET


def test_names_are_unique_and_in_kebab_case() -> None:
    """A detector has one name everywhere, and no other has it."""
    names = [detector.name for detector in DETECTORS]
    assert len(set(names)) == len(names)
    assert [name for name in names if not re.fullmatch(r"[a-z]+(-[a-z]+)*", name)] == []


def test_one_file_holds_one_kind() -> None:
    """Every module of the folder offers detectors, so a file that offers none is not left lying there."""
    folder = Path(register_detectors.__code__.co_filename).parent
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert {detector.find.__module__.rpartition(".")[2] for detector in DETECTORS} == modules


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda detector: detector.name)
class TestPromises:
    """What a detector promises, whatever kind of text it finds."""

    def test_its_docstring_is_a_sentence_for_users(self, detector: Detector) -> None:
        """The summary stands in lists and in the catalogue of rules."""
        assert re.fullmatch(r"[A-Z].{10,}\.", detector.summary)

    def test_its_bad_example_is_found(self, detector: Detector) -> None:
        """What the documentation shows as found is found."""
        assert every(detector, document_of(examples(detector)[0]))

    def test_its_good_example_is_left_alone(self, detector: Detector) -> None:
        """Nothing is said against what the documentation shows as left alone."""
        said = every(detector, document_of(examples(detector)[1]))
        assert [evidence for evidence in said if evidence.label not in KEPT] == []

    def test_it_is_pure(self, detector: Detector) -> None:
        """Asked twice it says the same, and the document stays as it was."""
        for text in texts_for(detector):
            document, other = document_of(text), document_of(text)
            before = state(document)
            first = every(detector, document)
            assert first == every(detector, document) == every(detector, other)
            assert before == state(document)

    def test_what_it_says_is_well_formed(self, detector: Detector) -> None:
        """Evidence points at a line that exists, under the detector's one name, with a reason for users."""
        for document in map(document_of, texts_for(detector)):
            for evidence in every(detector, document):
                assert_well_formed(evidence, detector, document)

    def test_it_says_nothing_twice(self, detector: Detector) -> None:
        """A sign is counted once: the same evidence again would make a hint a certainty."""
        for document in map(document_of, texts_for(detector)):
            said = [(one.line, one.label, one.reason, one.span) for one in every(detector, document)]
            assert len(set(said)) == len(said)

    def test_its_time_grows_with_the_page(self, detector: Detector) -> None:
        """A page eight times as long takes about eight times as long."""
        short, long = everything() * 2, everything() * 2 * GROWTH
        assert seconds(detector, long) < SLACK * GROWTH * max(seconds(detector, short), 1e-4)

    def test_a_page_without_lines_shows_it_nothing(self, detector: Detector) -> None:
        """Blank pages are pages too."""
        assert every(detector, document_of(" \n\n\t\n")) == []


def assert_well_formed(evidence: Evidence, detector: Detector, document: Document) -> None:
    """Check one piece of evidence against what `Evidence` promises."""
    assert 0 <= evidence.line < len(document)
    assert evidence.label in DROPPED | FIELDS or detector.name in SPEAKING_FOR
    assert (0 if detector.name in FITTED else HINT) <= evidence.weight <= CERTAIN + HINT
    assert evidence.rule == detector.name
    assert re.fullmatch(r"\S.*[^.\s]", evidence.reason)
    if evidence.span:
        assert 0 <= evidence.span[0] < evidence.span[1] <= len(document.texts[evidence.line])


def state(document: Document) -> tuple[Any, ...]:
    """Return what a document was made of."""
    return document.source, list(document.texts), list(document.spans), document.url, document.title


def texts_for(detector: Detector) -> list[str]:
    """Return the texts of a detector's own cases, which show it what it finds, and those of all others."""
    return [*(case["text"] for case in cases_of(detector.name).values()), everything()]


@cache
def everything() -> str:
    """Return a page with the texts of all cases, one after the other."""
    return "\n\n".join(case["text"] for path in sorted(CASES.iterdir()) for case in cases_of(path.stem).values())


def seconds(detector: Detector, text: str) -> float:
    """Return the time that a detector takes for a page, the facts of the page included; the best of three."""
    spent = []
    for _ in range(3):
        document = document_of(text)
        started = time.process_time()
        every(detector, document)
        spent.append(time.process_time() - started)
    return min(spent)


LINES = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.sampled_from(["Home", "By Jane Example", "Name *", "14:34 Sunday", "Related", "© 2020", "a | b | c | d"]),
        st.just("The ferry has been out of service since the storm of last week."),
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(lines=LINES)
def test_no_detector_fails_or_points_astray_on_any_page(lines: list[str]) -> None:
    """Whatever the page, evidence is well formed and no detector raises."""
    document = document_of("\n".join(lines))
    for detector in DETECTORS:
        for evidence in every(detector, document):
            assert_well_formed(evidence, detector, document)
