"""Segmenting flattened text: line ends of all kinds, wrapped paragraphs, and where each line lies in the source."""

from __future__ import annotations

import re
import textwrap
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scrubber.repair import RepairOptions
from scrubber.segment.text import is_wrapped, segment_text, split_rows, unwrap

PARAGRAPHS = [
    "The old bridge was closed by the flood of the river on Monday, the mayor said, and nobody could say when it "
    "would be open again, because the stones that had fallen into the water were still there and would stay there.",
    "The men who might have taken the stones out were on the other side of the river, where they had gone to look at "
    "the mill, and could not come back before the water had gone down, which it did on Thursday morning at last.",
    "“We will build a new bridge,” the mayor told a meeting in the old town hall, “and it will be a better bridge than "
    "the one that the flood has taken from us; but it will not be built before the summer, and not without help.”",
]

LINE_ENDS = {
    "lf": "\n",
    "cr": "\r",
    "crlf": "\r\n",
    "vertical_tab": "\x0b",
    "form_feed": "\x0c",
    "next_line": "\x85",
    "line_separator": "\u2028",
    "paragraph_separator": "\u2029",
}


def texts(source: str) -> list[str]:
    """Return the lines of a source."""
    return list(segment_text(source, RepairOptions())[0].texts)


def slices(source: str) -> list[str]:
    """Return for each line what the source holds at its place."""
    document, _ = segment_text(source, RepairOptions())
    return [source[start:end] for start, end in document.spans]


@pytest.mark.parametrize("end", LINE_ENDS.values(), ids=LINE_ENDS)
def test_every_line_end_ends_a_line(end: str) -> None:
    """Whatever a tool wrote for one, with blank lines and a last line that has none."""
    source = end.join(["one", "two three", "  ", "four"])
    assert texts(source) == ["one", "two three", "four"]
    assert slices(source) == ["one", "two three", "four"]
    assert texts(end + end.join(["one", "", "", "two"]) + end + end) == ["one", "two"]


def test_a_blank_line_between_next_lines_is_one() -> None:
    """Two line ends of this kind make a blank row, as two of any other kind do."""
    assert split_rows("one\x85\x85two")[0] == ["one", "", "two"]


def test_line_ends_may_be_mixed() -> None:
    """A page pasted together from others has several; CRLF is one and not two."""
    assert split_rows("a\r\nb\rc\n\nd\u2028e\n\r") == (
        ["a", "b", "c", "", "d", "e", "", ""],
        [0, 3, 5, 7, 8, 10, 12, 13],
    )


def test_a_next_line_inside_mojibake_ends_nothing() -> None:
    """The letter was read as two, of which the second is U+0085 by accident."""
    assert texts("na\u00c3\u0085ve and more\x85next") == ["naÅve and more", "next"]


def test_separators_that_are_no_line_ends_stay_inside() -> None:
    """Information separators and the zero-width space break no line."""
    assert len(texts("one\x1ctwo\x1dthree\x1efour\u200bfive")) == 1


@pytest.mark.parametrize("source", ["", " ", "\n", "\r\n\t\u00a0\n", "\u2028\u3000\u2029"], ids=repr)
def test_a_blank_source_has_no_lines(source: str) -> None:
    """A page without text is a page without lines."""
    assert texts(source) == []


@given(st.text(alphabet=st.sampled_from("ab \t\u00a0\n\r\x0b\x0c\x85\u2028\u2029é中")))
@example("\r\n\r\r\n")
@example(" a\u00a0\x85")
def test_rows_and_line_ends_make_up_the_source(source: str) -> None:
    """Rows lie one behind the other, and between them is a line end and nothing else."""
    rows, starts = split_rows(source)
    ends = [start + len(row) for row, start in zip(rows, starts, strict=True)]
    assert [source[start:end] for start, end in zip(starts, ends, strict=True)] == rows
    gaps = [source[end:start] for end, start in zip(ends, starts[1:], strict=False)]
    assert starts[0] == 0
    assert ends[-1] == len(source)
    assert set(gaps) <= set(LINE_ENDS.values())


@given(st.text())
def test_spans_are_in_order_and_hold_their_lines(source: str) -> None:
    """Lines do not overlap, none is blank, and each stands at its place but for what was repaired."""
    document, repairs = segment_text(source, RepairOptions())
    edges = [edge for span in document.spans for edge in span]
    assert edges == sorted(edges)
    assert all(text == text.strip() != "" for text in document.texts)
    if not repairs:
        assert [source[start:end].strip() for start, end in document.spans] == list(document.texts)


def test_blanks_at_the_edges_are_layout_and_no_repair() -> None:
    """They are cut off, and the span keeps them, so that stretches tile the source."""
    source = "  one two \t\n\n\tthree\u3000\n"
    document, repairs = segment_text(source, RepairOptions())
    assert list(document.texts) == ["one two", "three"]
    assert repairs == ()
    assert "".join(slices(source)) == "  one two \t\tthree\u3000"


def test_repairs_point_into_the_source() -> None:
    """Behind leading blanks and other lines, each repair names what stood at its place."""
    source = "one\r\n   CafÃ© by the river  \r\n\r\n\tschÃ¶n\r\n"
    document, repairs = segment_text(source, RepairOptions())
    assert list(document.texts) == ["one", "Café by the river", "schön"]
    assert [(source[repair.start : repair.end], repair.after) for repair in repairs] == [
        (repair.before, repair.after) for repair in repairs
    ]
    assert [repair.before for repair in repairs] == ["Ã©", "Ã¶"]


@pytest.mark.parametrize("width", [60, 72, 80, 100])
@pytest.mark.parametrize("blank_lines", [True, False])
def test_wrapped_paragraphs_are_restored(width: int, blank_lines: bool) -> None:
    """What a terminal or a mail reader broke is joined, also where blank lines were lost."""
    wrapped = [textwrap.fill(paragraph, width) for paragraph in PARAGRAPHS * 2]
    source = ("\n\n" if blank_lines else "\n").join(wrapped) + "\n"
    assert texts(source) == PARAGRAPHS * 2


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028"], ids=repr)
def test_wrapped_paragraphs_are_restored_with_any_line_end(end: str) -> None:
    """The span of a joined line runs from its first row to its last."""
    wrapped = [textwrap.fill(paragraph, 72) for paragraph in PARAGRAPHS]
    source = "\n\n".join(wrapped).replace("\n", end)
    assert texts(source) == PARAGRAPHS
    assert [" ".join(part.split()) for part in slices(source)] == PARAGRAPHS


def test_a_word_broken_at_its_hyphen_is_joined_without_a_blank() -> None:
    """`textwrap` breaks “well-known” behind its hyphen, and a dash between blanks is none."""
    words = "the well-known ferry-man and the old-time mill-owner -- both of them out-of-work since the flood-year " * 5
    assert texts(textwrap.fill(words.strip(), 50)) == [words.strip()]


POEM = (
    """
I waited by the river for the ferry
No one came
The kettle sang and nobody had a mind to hear it
I slept

The wheel stood still
The miller and his wife had gone to town
Nobody crossed the bridge that night or ever
It rained
"""
    * 2
)

HEADLINES = "".join(
    f"{headline}\n"
    for headline in [
        "Bridge closed by flood after a night of heavy rain",
        "Mayor resigns after vote on the budget of the valley",
        "Museum opens new wing",
        "Team wins at home for the first time in nine years",
        "Baker sells last loaf",
        "Ferry is out of service until the water has gone down",
        "Market moves to the other side of the river for good",
        "Mill to close",
        "School loses half of its staff before the summer",
        "Stones still lie in the river, and will stay there",
    ]
)


@pytest.mark.parametrize("source", [POEM, HEADLINES, "Name\nE-mail\nComment\n" * 10], ids=["poem", "headlines", "form"])
def test_lines_of_their_own_are_not_joined(source: str) -> None:
    """Short rows that had room for the next word end where their writer wanted them to."""
    assert texts(source) == [line for line in source.split("\n") if line]


def test_long_lines_are_not_joined() -> None:
    """A page with paragraphs on one line each is not wrapped, whatever stands between them."""
    source = "\n".join(PARAGRAPHS + HEADLINES.split("\n"))
    assert texts(source) == [line for line in source.split("\n") if line]


def test_a_few_full_rows_are_not_enough() -> None:
    """Three rows of one paragraph may be three lines."""
    source = textwrap.fill(PARAGRAPHS[0], 72) + "\n"
    assert source.count("\n") < 8
    assert texts(source) == source.splitlines()


def test_a_page_without_rows_is_not_wrapped() -> None:
    """Nothing is no paragraph."""
    assert not is_wrapped([])
    assert unwrap([], [], [], 0) == ([], [])


@given(
    paragraphs=st.lists(
        st.lists(st.text("abcdefg", min_size=1, max_size=12), min_size=30, max_size=60), min_size=2, max_size=4
    ),
    width=st.integers(50, 110),
)
def test_any_wrapped_text_keeps_its_words(paragraphs: list[list[str]], width: int) -> None:
    """Whether rows are joined or not, no word is lost, broken or moved."""
    source = "\n\n".join(textwrap.fill(" ".join(words), width) for words in paragraphs)
    assert " ".join(texts(source)).split() == [word for words in paragraphs for word in words]


@pytest.mark.parametrize("unit", ["word ", "word\n", "\r", "\x85", "Ã©\x85", "a " * 36 + "\n"], ids=repr)
def test_time_grows_with_the_source(unit: str) -> None:
    """A source eight times as long takes about eight times as long."""

    def seconds(times: int) -> float:
        source = unit * times
        started = time.process_time()
        segment_text(source, RepairOptions())
        return time.process_time() - started

    times = 12_000 // len(unit)
    assert min(seconds(8 * times) for _ in range(2)) < 40 * max(seconds(times), 2e-3)


def test_blank_lines_in_wrapped_text_separate_paragraphs() -> None:
    """Only rows right under each other are joined, however full the first of them is."""
    row = "word " * 14 + "words"
    source = "\n\n".join([row] * 4) + "\n" + "\n".join([row] * 12)
    assert len(texts(source)) < 16
    assert len([line for line in texts(source) if line == row]) == 3
    assert re.sub(r"\s+", " ", source) == " ".join(texts(source))
