"""Other extractors: their text cleaned in place of the page's lines, and their opinion beside ours."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber import Cleaner
from scrubber.cli import main
from scrubber.extractors import EXTRACTORS, agreement, find_extractor
from scrubber.report.flags import explain_flag

LEAD = "The bridge over the Orlen stays closed until Friday, the mayor said on Monday after the flood had gone."
REST = "Divers had found cracks in two of its piers, and the repair takes longer than the town had planned for."
PAGE = (
    '<!doctype html><html><head><title>Bridge stays closed</title><meta name="author" content="Mirel Dossa"></head>'
    "<body><nav><a href=/>Home</a> <a href=/sport>Sport</a></nav><article><h1>Bridge stays closed</h1>"
    f"<p>{LEAD}</p><p>{REST}</p><p>Share on Facebook</p></article></body></html>"
)


def cleaner(**options: object) -> Cleaner:
    """Make a cleaner without sites or tagger."""
    return Cleaner(bundled=False, installed=False, tagger=False, **options)  # type: ignore[arg-type]


def say(text: str) -> object:
    """Return an extractor that always finds the same."""
    return lambda markup, url: text


def test_the_text_of_trafilatura_is_cleaned_with_a_reason_for_every_line() -> None:
    result = cleaner(extractor="trafilatura").clean(PAGE)
    assert LEAD in result.text
    assert "Share on Facebook" not in result.text
    assert result.byline == "Mirel Dossa"
    assert "Home" not in result.page_text
    assert all(line.path is None for line in result.lines)


def test_what_an_extractor_finds_takes_the_place_of_the_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EXTRACTORS, "trafilatura", say(f"{REST}\nShare on Facebook\n"))
    result = cleaner(extractor="trafilatura").clean(PAGE)
    assert result.text == f"{REST}\n"
    assert "share-prompts" in {one.rule for line in result.lines for one in line.evidence}


def test_flattened_text_is_no_matter_for_an_extractor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EXTRACTORS, "trafilatura", say("something else"))
    assert cleaner(extractor="trafilatura", second_opinion=True).clean(f"{LEAD}\n") == cleaner().clean(f"{LEAD}\n")


def test_an_extractor_that_fails_is_named_and_the_page_read_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(markup: str, url: str | None) -> str:
        raise RecursionError

    monkeypatch.setitem(EXTRACTORS, "trafilatura", fail)
    result = cleaner(extractor="trafilatura", second_opinion=True).clean(PAGE)
    assert LEAD in result.text
    assert result.second_opinion is None
    assert result.flags == ("extractor_failed:RecursionError",)
    assert explain_flag(result.flags[0]).startswith("the extractor that was asked failed on it (RecursionError)")


def test_a_second_opinion_is_part_of_the_quality_and_changes_no_text() -> None:
    plain, result = cleaner().clean(PAGE), cleaner(second_opinion=True).clean(PAGE)
    assert plain.quality.agreement is None
    assert result.text == plain.text
    assert result.quality.agreement is not None
    assert result.quality.agreement > 0.9
    assert result.flags == plain.flags
    assert pickle.loads(pickle.dumps(result)).quality == result.quality  # noqa: S301 - pickled on the line itself
    assert json.loads(result.to_json())["quality"]["agreement"] == round(result.quality.agreement, 4)


def test_a_second_opinion_that_differs_is_a_flag(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EXTRACTORS, "trafilatura", say("Home Sport"))
    result = cleaner(second_opinion=True).clean(PAGE)
    assert result.flags == ("second_opinion_differs",)
    assert result.quality.agreement == 0.0


def test_explain_shows_line_by_line_where_the_second_opinion_differs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setitem(EXTRACTORS, "trafilatura", say(f"Share on Facebook\n{LEAD}"))
    page = tmp_path / "page.html"
    page.write_text(PAGE)
    assert main(["explain", str(page), "--second-opinion", "--no-plugins"]) == 0
    rows = {row.rpartition(" | ")[2]: row for row in capsys.readouterr().out.splitlines()}
    assert "(trafilatura keeps it)" in rows["Share on Facebook"]
    assert "(trafilatura leaves it out)" in rows[REST]
    assert "trafilatura" not in rows[LEAD]


def test_an_extractor_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ValueError, match=r"“trafilatur” is no extractor\. Valid are: trafilatura, resiliparse\."):
        cleaner(extractor="trafilatur")
    monkeypatch.setattr("scrubber.extractors.find_spec", lambda name: None)
    assert main(["clean", "page.html", "--extractor", "resiliparse"]) == 2
    assert (
        'the extractor resiliparse is not installed: pip install "scrubber-toolkit[resiliparse]"'
        in capsys.readouterr().err
    )


def test_resiliparse_reads_a_page_where_it_is_installed() -> None:
    pytest.importorskip("resiliparse")
    assert LEAD in find_extractor("resiliparse")(PAGE + "\ud800", None)


@given(st.text(), st.text())
def test_agreement_is_symmetric_and_one_with_itself(one: str, other: str) -> None:
    assert agreement(one, one) == 1.0
    assert agreement(one, other) == agreement(other, one)
    assert 0.0 <= agreement(one, other) <= 1.0
