"""Records in, records out: what every integration inherits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import count, islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber import Cleaner
from scrubber.integrations.batch import DEFAULT_OUTPUTS, OUTPUTS, Fields, clean_records
from scrubber.integrations.documents import clean_documents, plain
from scrubber.model import Dom
from scrubber.pipeline import BATCH
from scrubber.tagger import Tagged, Tagger

PAGE = "Share on Facebook\n\nThe bridge stays closed until Friday, the mayor said.\n"
CLEAN = "The bridge stays closed until Friday, the mayor said.\n"
QUICK = Cleaner(bundled=False, installed=False, tagger=False)


class Failing(Tagger):
    """A tagger with a bug: it fails on pages that say so."""

    def __init__(self) -> None: ...

    def tag(self, pages: Sequence[Sequence[str]], doms: Sequence[Sequence[Dom] | None] | None = None) -> list[Tagged]:
        if any("fail" in line for page in pages for line in page):
            raise IndexError("off by one")
        return Tagger.load().tag(pages, doms)


def test_both_kinds_of_pages_are_cleaned_and_the_others_say_why_not(rows: list[dict[str, Any]], check: Any) -> None:
    check.cleaned(list(clean_records(rows)))


def test_records_that_came_in_are_not_changed(rows: list[dict[str, Any]]) -> None:
    before = [dict(row) for row in rows]
    list(clean_records(rows))
    assert rows == before


def test_unknown_fields_pass_through_untouched() -> None:
    marker = object()
    [record] = clean_records([{"text": PAGE, "mine": marker, 7: [1]}])
    assert record["mine"] is marker
    assert record[7] == [1]


@pytest.mark.parametrize("number", [0, 1, BATCH - 1, BATCH, BATCH + 1])
def test_there_is_one_record_out_for_each_one_in(number: int) -> None:
    records = [{"id": place, "text": PAGE if place % 3 else None} for place in range(number)]
    cleaned = list(clean_records(records, cleaner=QUICK))
    assert [record["id"] for record in cleaned] == list(range(number))
    assert [record["error"] is None for record in cleaned] == [bool(place % 3) for place in range(number)]


def test_an_endless_stream_is_cleaned_batch_by_batch() -> None:
    taken = count()
    stream = ({"text": PAGE, "n": next(taken)} for _ in count())
    assert [record["n"] for record in islice(clean_records(stream, cleaner=QUICK), 3)] == [0, 1, 2]
    assert next(taken) == BATCH


def test_a_record_that_fails_comes_out_as_it_came() -> None:
    record = {"text": 5, "title": "Mine", "id": 1}
    [cleaned] = clean_records([record], Fields(out=("text", "title", "byline")))
    reason = "NoPage: the page is of type int, not text or bytes"
    assert cleaned == {**record, "byline": None, "error": reason}


def test_a_record_that_failed_once_can_be_cleaned_later() -> None:
    [cleaned] = clean_records([{"text": PAGE, "error": "NoPage: there is none"}], Fields(out=("text",)), cleaner=QUICK)
    assert cleaned == {"text": CLEAN, "error": None}


def test_a_page_that_meets_a_bug_fails_alone() -> None:
    records = [{"text": PAGE}, {"text": "Please fail\n"}, {"text": PAGE}]
    first, second, third = clean_records(records, cleaner=Cleaner(tagger=Failing()))
    assert first["text"] == third["text"] == CLEAN
    assert second["error"].startswith("Unexpected: IndexError: off by one. This is a bug")


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_bytes_of_every_kind_are_pages(kind: Any) -> None:
    assert [record["text"] for record in clean_records([{"text": kind(PAGE.encode())}], cleaner=QUICK)] == [CLEAN]


def test_a_fragment_in_the_field_of_html_is_html() -> None:
    [record] = clean_records([{"html": "Fish &amp; chips are back in the harbour, the mayor said on Monday."}])
    assert record["text"] == "Fish & chips are back in the harbour, the mayor said on Monday.\n"


def test_the_header_names_the_encoding() -> None:
    page = "Старый мост закрыт до весны, сказал мэр долины в понедельник.".encode("koi8-r")
    [record] = clean_records([{"html": page, "content_type": "text/html; charset=koi8-r"}])
    assert record["text"].startswith("Старый мост закрыт")


@pytest.mark.parametrize("missing", [None, float("nan"), "", 5])
def test_an_address_or_header_that_is_no_text_is_none(missing: Any) -> None:
    [record] = clean_records([{"text": PAGE, "url": missing, "content_type": missing}], cleaner=QUICK)
    assert record["text"] == CLEAN


def test_what_is_removed_is_written_on_request() -> None:
    assert "removed" not in DEFAULT_OUTPUTS
    [record] = clean_records([{"text": PAGE}], Fields(out=("removed",)), cleaner=QUICK)
    [removed] = record["removed"]
    assert PAGE[removed["start"] : removed["end"]] == removed["text"] == "Share on Facebook\n\n"
    assert (removed["label"], removed["rule"]) == ("navigation", "share-prompts")


@pytest.mark.parametrize(
    ("out", "message"),
    [
        (("titel",), "“titel” can't be written. Did you mean “title”"),
        (("x",), "Valid are: text, title"),
        ((), "no field"),
    ],
)
def test_fields_that_do_not_exist_are_refused_with_the_nearest(out: tuple[str, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Fields(out=out)


def pages() -> st.SearchStrategy[Any]:
    """Return pages of every kind, and what is none."""
    return st.text(max_size=200) | st.binary(max_size=200) | st.none() | st.integers() | st.lists(st.integers())


@given(records=st.lists(st.dictionaries(st.sampled_from(["text", "html", "url", "content_type", "own"]), pages())))
def test_any_record_comes_out_with_strings_that_can_be_written(records: list[dict[str, Any]]) -> None:
    fields = Fields(out=tuple(OUTPUTS), prefix="clean_")
    cleaned = list(clean_records(records, fields, cleaner=QUICK))
    assert [
        {name: value for name, value in record.items() if name not in fields.written} for record in cleaned
    ] == records
    for record in cleaned:
        written = {name: record[name] for name in fields.written}
        json.dumps(written, ensure_ascii=False, allow_nan=False).encode("utf-8")
        assert (record["clean_error"] is None) == isinstance(record["clean_text"], str)


def documents() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a page, and an empty one."""
    yield PAGE, {"url": "https://valley.example/1", "html": "<p>not the page</p>", "text": "nor this"}
    yield " \n", {}


def test_documents_give_text_and_metadata() -> None:
    fields = Fields(out=("flags", "title", "removed"), prefix="page_")
    (text, found), (empty, flagged) = clean_documents(documents(), fields, cleaner=QUICK)
    assert text == CLEAN
    assert [stretch["text"] for stretch in found.pop("page_removed")] == ["Share on Facebook\n\n"]
    assert found == {"page_flags": [], "page_title": None}
    assert plain(found) == {}
    assert (empty, plain(flagged)) == ("", {"page_flags": "empty"})
