"""The path of a page through everything, and the public face: names, types, what importing costs."""

from __future__ import annotations

import copy
import inspect
import json
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import scrubber
from scrubber import Cleaner, Detector, Document, Evidence, Label, Page, Result, ScrubberError, hookimpl
from scrubber.errors import BinaryInput, InputTooLarge
from scrubber.model import BLANK, Decision
from scrubber.pipeline import BATCH, MAX_INPUT
from scrubber.repair import RepairOptions

ROOT = Path(__file__).parents[1]
PROSE = "The old bridge was closed by the flood of the river on Monday, the mayor said."

QUOTE = (
    "“It will be open again before the summer, and nobody will have to walk to the mill and back any more,” "
    "the mayor told a meeting of all the people in the old town hall."
)

PAGE = f"""Home
Contact us
Valley News
Flood closes the old bridge
By Jane Example

People walk along the river. Photo: A. Example

{PROSE}

{QUOTE} AFP

Name *
E-mail *
Comment *
© 2021 Example Media. All rights reserved.
"""

IMPORT_CPU = 0.25
"""Seconds of processor time that `import scrubber` may take."""

HEAVY = (
    "trafilatura",
    "numpy",
    "ftfy",
    "re2",
    "rich",
    "cyclopts",
    "typer",
    "lxml",
    "selectolax",
    "hypothesis",
    "pytest",
)
"""What may not be imported before it is needed."""

PUBLIC = 12
"""Names. More than these, and nobody learns them."""


class Offering:
    """A plugin with one detector."""

    def __init__(self, find: Callable[[Document], Any]) -> None:
        """Remember how to find."""
        self.find = find

    @hookimpl
    def register_detectors(self) -> list[Detector]:
        """Offer the detector."""
        return [Detector("odd", self.find)]


def rules_only(**options: Any) -> Cleaner:
    """Return a cleaner that hears detectors and nothing that is trained, bundled or installed."""
    return Cleaner(bundled=False, installed=False, tagger=False, **options)


def cleaner_with(find: Callable[[Document], Any]) -> Cleaner:
    """Return a cleaner with a detector beside its own."""
    return rules_only(plugins=[Offering(find)])


def taking_out(*lines: int) -> Callable[[Document], list[Evidence]]:
    """Return a detector that is certain that lines are no content."""
    return lambda _: [Evidence(line, Label.NON_CONTENT, 30.0, "odd", "says so") for line in lines]


def test_a_page_comes_out_as_its_article_and_fields() -> None:
    """All of it in one: the text, what stands around it, and a reason for each line."""
    result = rules_only().clean(PAGE)
    assert result.text == f"{PROSE}\n\n{QUOTE}\n"
    assert result.title == "Flood closes the old bridge"
    assert result.byline == "By Jane Example"
    assert result.captions == ("People walk along the river. Photo: A. Example",)
    assert result.source == "AFP"
    assert result.flags == ()
    assert result.sites == ()
    assert result.encoding is None
    assert [line.label for line in result.lines if line.label != BLANK] == [
        "navigation",
        "navigation",
        "repeated_header",
        "title",
        "byline",
        "caption",
        "paragraph",
        "paragraph",
        "source",
        "comment_form",
        "comment_form",
        "comment_form",
        "non_content",
    ]
    assert all(line.evidence for line in result.lines if line.label != BLANK)


def test_bytes_and_text_give_the_same() -> None:
    """Bytes are decoded first; only `encoding` tells the difference."""
    text, utf8 = rules_only().clean(PAGE), rules_only().clean(PAGE.encode())
    assert utf8.encoding == "utf-8"
    assert utf8.lines == text.lines
    assert rules_only().clean(PAGE.encode("utf-16")).text == text.text


def test_policies_move_labels() -> None:
    """`keep` and `drop` change the text, and leave fields and labels as they are."""
    default, bylines = rules_only().clean(PAGE), rules_only(keep=["byline", "source"]).clean(PAGE)
    assert bylines.text.startswith(f"By Jane Example\n\n{PROSE}")
    assert bylines.text.endswith(" town hall.\n\nAFP\n")
    assert [line.label for line in bylines.lines] == [line.label for line in default.lines]
    assert bylines.byline == default.byline
    nothing = rules_only(drop=["paragraph"]).clean(PAGE)
    assert (nothing.text, nothing.flags) == ("", ("no_article",))


@pytest.mark.parametrize("name", ["keep", "drop"])
def test_an_unknown_label_is_refused(name: str) -> None:
    """When the cleaner is made, not on the first page."""
    with pytest.raises(ValueError, match="navigatoin"):
        rules_only(**{name: ["navigatoin"]})


@pytest.mark.parametrize("content", ["", b"", " \n\t\u00a0\n", "\u2028", b"\xef\xbb\xbf\r\n"], ids=repr)
def test_an_empty_page_is_flagged(content: str | bytes) -> None:
    """It has no text, and one stretch at the most."""
    result = rules_only().clean(content)
    assert result.text == ""
    assert result.flags == ("empty",)
    assert [line.label for line in result.lines] in ([], [BLANK])
    assert result.quality.kept_share == 0.0


def test_a_page_without_an_article_is_flagged() -> None:
    """Every line was taken out, and every line is there to put back."""
    result = cleaner_with(taking_out(0, 1)).clean(f"{PROSE}\n{PROSE}\n")
    assert (result.text, result.flags) == ("", ("no_article",))
    assert "".join(line.text for line in result.lines) == f"{PROSE}\n{PROSE}\n"


def test_a_page_that_lost_nearly_all_of_its_prose_is_flagged() -> None:
    """What is left may still be right; the caller should know."""
    many = "".join(f"{PROSE[:-1]} in the year {year}.\n\n" for year in range(1900, 1920))
    assert cleaner_with(taking_out(*range(1, 20))).clean(many).flags == ("over_removed",)
    assert cleaner_with(taking_out(*range(1, 18))).clean(many).flags == ()
    assert rules_only().clean(many).flags == ()


def test_a_failed_plugin_is_flagged_once_and_beside_other_flags() -> None:
    """A caller sees which plugin failed and how, on this page and not on the next."""

    def sometimes(document: Document) -> list[Evidence]:
        if len(document) == 0:
            raise KeyError("water")
        return []

    cleaner = cleaner_with(sometimes)
    assert cleaner.clean("").flags == ("plugin_failed:odd:KeyError", "empty")
    assert cleaner.clean(PROSE).flags == ()


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(None, id="nothing"),
        pytest.param(5, id="a_number"),
        pytest.param([5], id="numbers"),
        pytest.param("Home", id="a_text"),
        pytest.param([None], id="none"),
        pytest.param([(0, Label.SOURCE, 4.0, "odd", "x", None)], id="a_plain_tuple"),
        pytest.param([Evidence(0.5, Label.SOURCE, 4.0, "odd", "x")], id="half_a_line"),  # type: ignore[arg-type]
        pytest.param([Evidence(0, Label.SOURCE, "4", "odd", "x")], id="weight_as_text"),  # type: ignore[arg-type]
        pytest.param([Evidence(0, Label.SOURCE, float("nan"), "odd", "x")], id="weight_is_no_number"),
        pytest.param([Evidence(0, "menu", 4.0, "odd", "x")], id="unknown_label"),  # type: ignore[arg-type]
        pytest.param([Evidence(0, Label.SOURCE, 4.0, "odd", "x", (1,))], id="half_a_span"),  # type: ignore[arg-type]
    ],
)
def test_a_plugin_that_yields_something_else_is_flagged(found: Any) -> None:
    """The page is cleaned without it, whatever it yields."""
    result = cleaner_with(lambda _: found).clean(PAGE)
    assert [flag.split(":")[:2] for flag in result.flags] == [["plugin_failed", "odd"]]
    assert result.text == rules_only().clean(PAGE).text


def test_a_plugin_may_speak_of_a_line_and_of_a_part_of_it() -> None:
    """With the same words, too."""
    whole = Evidence(0, Label.SOURCE, 2.0, "odd", "x")
    assert cleaner_with(lambda _: [whole, whole._replace(span=(0, 3))]).clean(PROSE).flags == ()


@pytest.mark.parametrize("page", [PAGE, PAGE * 3, "<h1>Flood</h1>" + PAGE.replace("\n", "</p><p>")], ids=len)
@pytest.mark.parametrize("much", [1, 2, 5])
def test_much_evidence_says_what_little_does(page: str, much: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """On pages of very many lines what is alike is kept once, and nothing else differs."""

    def parts(document: Document) -> Iterator[Evidence]:
        for line in range(0, len(document), 3):
            yield Evidence(line, Label.SOURCE, 2.0, "odd", "x", (0, 2))
            yield Evidence(line, Label.PARAGRAPH, 0.3, "odd", "a hint")

    cleaner = cleaner_with(parts)
    little = cleaner.clean(page)
    monkeypatch.setattr("scrubber.gather.MUCH", much)
    monkeypatch.setattr("scrubber.document.MANY_LINES", much)
    found = cleaner.clean(page)
    assert (found.to_json(), found.removed, found.lines) == (little.to_json(), little.removed, little.lines)


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        (Evidence(10**6, Label.SOURCE, 4.0, "odd", "x"), "no_such_line"),
        (Evidence(0, Label.SOURCE, 4.0, "odd", "x"), "too_much_evidence"),
    ],
)
def test_a_plugin_that_does_not_end_is_flagged(found: Evidence, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is stopped, whether what it says makes sense or not."""
    monkeypatch.setattr("scrubber.gather.MUCH", 10)
    result = cleaner_with(lambda _: repeat(found)).clean(PAGE)
    assert result.flags == (f"plugin_failed:odd:{fault}",)
    assert result.text == rules_only().clean(PAGE).text


def test_a_plugin_cannot_change_the_page() -> None:
    """One that tries fails, and the next sees the page as it was."""

    def greedy(document: Document) -> list[Evidence]:
        document.texts.clear()  # type: ignore[attr-defined]
        return []

    assert cleaner_with(greedy).clean(PAGE).text == rules_only().clean(PAGE).text


def test_a_page_over_the_limit_is_refused() -> None:
    """Before any work is done on it; the message says what to do."""
    with pytest.raises(InputTooLarge, match=r"67,108,865 characters; the limit is 67,108,864. Split it first."):
        rules_only().clean("\n" * (MAX_INPUT + 1))
    with pytest.raises(InputTooLarge, match="67,108,865 bytes"):
        rules_only().clean(b"\n" * (MAX_INPUT + 1))


def test_a_binary_page_is_refused() -> None:
    """With the family of errors that a caller catches."""
    with pytest.raises(BinaryInput) as caught:
        rules_only().clean(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n")
    assert isinstance(caught.value, ScrubberError)


@pytest.mark.parametrize(
    "content", [bytearray(b"Home"), memoryview(b"Home")], ids=lambda content: type(content).__name__
)
def test_what_is_neither_bytes_nor_text_is_refused(content: Any) -> None:
    """Or taken for the bytes that it holds; never for the name of its type."""
    try:
        text = rules_only().clean(content).lines[0].text
    except TypeError:
        text = "Home"
    assert text == "Home"


def test_many_pages_come_out_in_order_and_as_one_by_one() -> None:
    """Lazily: a stream that never ends can be read."""

    def forever() -> Iterator[Page]:
        number = 0
        while True:
            yield Page(f"{PROSE} {number}.", id=str(number))
            number += 1

    cleaner = rules_only()
    results = cleaner.clean_many(forever())
    for number in range(3):
        assert next(results) == cleaner.clean(f"{PROSE} {number}.")
    assert list(cleaner.clean_many([])) == []


def test_a_refused_page_among_many_is_an_error_in_its_place() -> None:
    pages = [f"{PROSE} {number}." for number in range(BATCH + 2)]
    mixed: list[Page | bytes | str] = [
        b"%PDF-1.7\n",
        *pages[:1],
        "x" * (MAX_INPUT + 1),
        *pages[1:],
        b"\x89PNG\r\n\x1a\n",
    ]
    cleaner = rules_only()
    answers = list(cleaner.try_many(mixed))
    assert [type(answers[place]) for place in (0, 2, -1)] == [BinaryInput, InputTooLarge, BinaryInput]
    assert [answer for answer in answers if isinstance(answer, Result)] == [cleaner.clean(page) for page in pages]
    assert len(answers) == len(mixed)


def test_a_refused_page_ends_a_stream_that_can_not_say_so() -> None:
    """After the results of the pages before it."""
    results = rules_only().clean_many([PROSE, b"%PDF-1.7\n", PROSE])
    assert next(results).text == f"{PROSE}\n"
    with pytest.raises(BinaryInput, match="PDF"):
        next(results)


def test_a_cleaner_can_be_sent_to_another_process(tmp_path: Path) -> None:
    """As how it was made: plugins are loaded again where it arrives."""
    (tmp_path / "site.toml").write_text('site = "valley"\nhosts = ["valley.example"]\n', encoding="utf-8")
    made = Cleaner(plugin_folders=iter([tmp_path]), keep=iter(["title"]), repair=RepairOptions(quotes="straight"))
    assert made._remake.keywords.keys() == inspect.signature(Cleaner).parameters.keys()
    again = pickle.loads(pickle.dumps(made))  # noqa: S301 - what we have just pickled
    assert (again.policy, again.repair) == (made.policy, made.repair)
    assert again.clean(PROSE, url="https://valley.example/1").sites == (("valley", "its URL is of valley.example"),)


def test_threads_may_share_a_cleaner() -> None:
    """A fresh cleaner, so that whatever is made on first use is made in a race."""
    pages = [path.read_bytes() for path in sorted(ROOT.glob("seeds/*.txt"))] + [PAGE.encode(), b""]
    alone = [Cleaner(installed=False).clean(page).to_json() for page in pages]
    shared = Cleaner(installed=False)
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda page: shared.clean(page).to_json(), pages * 6))
    assert together == alone * 6


def test_a_cleaner_keeps_its_configuration() -> None:
    """What it was made from may change afterwards, and it does not."""
    keep, plugins = ["byline"], [Offering(taking_out(0))]
    cleaner = rules_only(keep=keep, plugins=plugins)
    before = cleaner.clean(PAGE)
    keep.clear()
    plugins.clear()
    assert cleaner.clean(PAGE) == before
    assert before.text.startswith("By Jane Example")


@pytest.mark.parametrize("options", [{}, {"tagger": False}, {"keep": ["navigation"], "drop": ["paragraph"]}])
def test_what_was_removed_is_what_the_lines_say_in_short(options: dict[str, Any]) -> None:
    """In a result that was pickled too."""
    pages = [path.read_bytes() for path in sorted(ROOT.glob("seeds/*.txt"))]
    for result in Cleaner(installed=False, **options).try_many([*pages, PAGE, PROSE, "", "\n \n"]):
        assert isinstance(result, Result)
        inside = {
            (line.start, line.label, line.evidence[0].rule if line.evidence else "")
            for line in result.lines
            if not line.kept and line.label != BLANK
        }
        for one in result.removed:
            found = {(start, label, rule) for start, label, rule in inside if one.start <= start < one.end}
            assert {(label, rule) for _, label, rule in found} == {(one.label, one.rule)}
            assert not any(line.kept and one.start <= line.start < one.end for line in result.lines)
            inside -= found
        assert not inside
        assert pickle.loads(pickle.dumps(result)).removed == result.removed  # noqa: S301 - our own


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_result_survives_pickling(protocol: int) -> None:
    """Workers send results back, lines not yet asked for included."""
    result = rules_only().clean(PAGE.replace("Café", "CafÃ©"))
    again = pickle.loads(pickle.dumps(result, protocol))  # noqa: S301 - what we have just pickled
    assert again == result
    assert again.to_json() == result.to_json()
    assert copy.deepcopy(result).to_json() == result.to_json()


def test_a_result_is_written_as_json() -> None:
    """Plain values that read back, in the order of the source, with every stretch of it."""
    result = rules_only().clean(f"\ufeff{PAGE}CafÃ©\n".encode())
    data = json.loads(result.to_json())
    assert data == json.loads(json.dumps(result.to_dict()))
    assert list(data) == [
        "text",
        "title",
        "byline",
        "date",
        "source",
        "captions",
        "language",
        "site_name",
        "encoding",
        "flags",
        "sites",
        "quality",
        "repairs",
        "lines",
    ]
    assert [line["start"] for line in data["lines"]] == [0, *(line["end"] for line in data["lines"][:-1])]
    assert data["repairs"][-1]["before"] == "Ã©"
    assert set(data["lines"][0]) == {"start", "end", "label", "kept", "confidence", "evidence", "overruled"}
    assert set(data["lines"][0]["evidence"][0]) == {"rule", "label", "weight", "reason"}
    assert "“It will be" in result.to_json()
    assert result.to_json(indent=2).startswith('{\n  "text": ')


def test_json_can_always_be_encoded() -> None:
    """A lone surrogate of the source is no character that a file could hold."""
    result = rules_only().clean(f"{PROSE} \ud800 and \udc80\n")
    assert json.loads(result.to_json().encode("utf-8"))["text"]


@given(st.text(), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
def test_any_text_and_its_bytes_give_a_result_that_tiles_it(text: str, encoding: str) -> None:
    """Cleaning is total, and no character is lost on the way."""
    for content in (text, text.encode(encoding, "replace")):
        try:
            result = CLEANER.clean(content)
        except ScrubberError:
            assert isinstance(content, bytes)
            continue
        assert_tiles(result.lines)
        if isinstance(content, str):
            assert sum(line.end - line.start for line in result.lines) == len(text)


CLEANER = rules_only()


def assert_tiles(lines: tuple[Decision, ...]) -> None:
    """Check that stretches lie one behind the other."""
    position = 0
    for line in lines:
        assert line.start == position < line.end
        position = line.end


def test_public_names_are_few_sorted_and_there() -> None:
    """All that a caller needs comes from `scrubber`, and each name has a docstring."""
    assert len(scrubber.__all__) <= PUBLIC
    assert sorted(scrubber.__all__) == list(scrubber.__all__)
    for name in scrubber.__all__:
        assert getattr(scrubber, name).__doc__
    assert not [name for name in scrubber.__all__ if name.startswith("_")]


def test_the_shortcut_is_a_cleaner() -> None:
    """`clean` takes what `Cleaner` and its `clean` take."""
    assert scrubber.clean(PAGE) == Cleaner().clean(PAGE)
    assert scrubber.clean(PAGE, bundled=False, keep=["byline"]).text.startswith("By Jane Example")
    with pytest.raises(TypeError, match="no_such_option"):
        scrubber.clean(PAGE, no_such_option=1)


def test_the_package_says_that_it_is_typed() -> None:
    """Type checkers read the hints of an installed package only beside this file."""
    assert (ROOT / "scrubber" / "py.typed").is_file()


def test_typed_usage_passes_mypy(tmp_path: Path) -> None:
    """Every public name is used as a caller would, under the strictest settings; what is wrong is seen."""
    usage = ROOT / "tests" / "typed_usage.py"
    text = usage.read_text(encoding="utf-8")
    assert [name for name in scrubber.__all__ if name not in text] == []
    broken = tmp_path / "broken_usage.py"
    broken.write_text(text.replace("kept: bool = decision.kept", "kept: int = decision.text"), encoding="utf-8")
    report = run("-m", "mypy", "--strict", "--follow-imports=silent", str(usage), str(broken)).stdout
    assert [line for line in report.splitlines() if "typed_usage.py" in line] == []
    assert "broken_usage.py" in report
    assert "Found 1 error in 1 file" in report


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python by itself in the checkout."""
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, cwd=ROOT, check=False)


def test_importing_is_quick_and_brings_nothing_heavy() -> None:
    """A command line that prints its help should not wait for a tagger; the best of three runs counts."""
    code = (
        "import sys, time; started = time.process_time(); import scrubber; "
        "print(time.process_time() - started, *(name.partition('.')[0] for name in sys.modules))"
    )
    times = []
    for _ in range(3):
        spent, *modules = run("-c", code).stdout.split()
        assert "scrubber" in modules
        assert sorted(set(modules).intersection(HEAVY)) == []
        times.append(float(spent))
    assert min(times) < IMPORT_CPU


def test_results_do_not_depend_on_the_page_before() -> None:
    """A cleaner that has seen another page gives what a fresh one gives."""
    used = rules_only()
    used.clean(PAGE * 2)
    for content in (PAGE, PROSE, ""):
        assert used.clean(content).to_json() == rules_only().clean(content).to_json()


def test_a_result_can_be_compared_and_put_into_a_set() -> None:
    """Two runs are one result."""
    results: set[Result] = {rules_only().clean(PAGE), rules_only().clean(PAGE)}
    assert len(results) == 1
    assert rules_only().clean(PROSE) not in results


def test_a_short_last_paragraph_with_an_agency_behind_it_stays() -> None:
    """Its full stop stands before the agency's name, on a page that shows other things."""
    last = "The bridge in the next village stays open, the mayor said on Monday."
    result = rules_only().clean(f"{PROSE}\n\n{last} AFP\n\nRelated articles\n\nMuseum opens new wing\n")
    assert (result.text.split("\n\n")[-1], result.source) == (f"{last}\n", "AFP")
