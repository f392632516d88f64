"""The facts of a page that detectors ask for: words, sentence ends, the body, the title, look-up keys."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scrubber.document import Document, bare, count_words, densest_run, ends_sentence, tokens
from scrubber.repair import RepairOptions
from scrubber.segment.text import segment_text

PROSE = "The old bridge was closed by the flood of the river on Monday, the mayor said."


def document_of(*lines: str, title: str | None = None) -> Document:
    """Return a page with these lines."""
    return segment_text("\n".join(lines), RepairOptions(), title=title)[0]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("word", 1),
        ("Russia said Thursday", 3),
        ("a-b c/d", 2),
        ("Donaudampfschifffahrtsgesellschaftskapitän", 21),
        ("https://paper.example/a/very/long/address/of/a/page.html", 1),
        ("俄罗斯星期四表示，愿意确保反政府武装安全撤离。", 11),
        ("ロシアは木曜日、反政府勢力の安全な撤退を保証すると述べた。", 14),
        ("รัสเซียกล่าวเมื่อวันพฤหัสบดีว่าพร้อมจะรับประกัน", 23),
        ("러시아는 목요일에 안전한 철수를 보장할 준비가 되어 있다고 밝혔다.", 9),
        ("قالت روسيا يوم الخميس إنها مستعدة", 6),
        ("रूस ने गुरुवार को कहा", 5),
    ],
)
def test_words_are_counted_in_every_script(text: str, count: int) -> None:
    """Between blanks where a script has them, half of the characters where it has none."""
    assert count_words(text) == count
    assert document_of(text).words == [count]


@pytest.mark.parametrize(
    "text",
    [
        "He said so.",
        "Really?",
        "Go!",
        "And then …",
        "And then...",
        "“They have no chance.”",
        "«Il n’y a rien.»",
        "„So ist es.“",
        "(He said so.)",
        "He said so. –",
        "市长星期一表示，老桥已经关闭。",
        "「橋は閉まっている。」",
        "هل أغلق الجسر؟",
        "یہ پل بند ہے۔",
        "यह पुल बंद है।",
        "ይህ ድልድይ ተዘግቷል።",
        "ဒီတံတားပိတ်ထားတယ်။",
    ],
)
def test_a_sentence_is_closed(text: str) -> None:
    """By the full stop of its script, with quotes and brackets behind it."""
    assert ends_sentence(text)
    assert document_of(text).closed == [True]


@pytest.mark.parametrize(
    "text", ["Read more", "“Quote”", "(1912)", "Name *", "They say:", "Menu »", "–", "***", "»", "a, b"]
)
def test_what_is_no_sentence_is_not_closed(text: str) -> None:
    """Closers alone close nothing."""
    assert not ends_sentence(text)
    assert document_of(text).closed == [False]


@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1), min_size=1, max_size=20
    )
)
@example(["a\u00a0b", "ſ", "İ", "ß", "»"])
def test_facts_are_lists_as_long_as_the_page(lines: list[str]) -> None:
    """Facts are made for the whole page at once; none may slip by a line."""
    document = document_of(*lines)
    count = len(document)
    facts = (document.keys, document.words, document.closed, document.prose, document.signs, document.lines)
    assert [len(fact) for fact in facts] == [count] * len(facts)
    assert document.closed == [ends_sentence(text) for text in document.texts]
    assert document.words == [count_words(text) for text in document.texts]
    assert document.counts.total() == count
    assert [line.text for line in document.lines] == list(document.texts)


def test_an_empty_page_has_empty_facts() -> None:
    """No line, no signs."""
    assert document_of().signs == []


@given(st.lists(st.integers(-9, 9), max_size=12))
@example([0])
@example([3, -3, 3])
@example([-1, -2])
def test_the_densest_run_is_what_brute_force_finds(scores: list[int]) -> None:
    """The greatest sum of all ranges, or none where no score is positive."""
    run = densest_run(scores)
    ranges = [range(start, stop) for start in range(len(scores)) for stop in range(start + 1, len(scores) + 1)]
    best = max((sum(scores[index] for index in one) for one in ranges), default=0)
    if best <= 0:
        assert run == range(0)
    else:
        assert sum(scores[index] for index in run) == best
        firsts = [one for one in ranges if sum(scores[index] for index in one) == best]
        assert run.stop == min(one.stop for one in firsts)


def test_the_body_is_where_the_prose_is() -> None:
    """Menus before and behind are left out, a sub-heading between paragraphs is not."""
    document = document_of("Home", "Contact", PROSE, "By the river", PROSE, PROSE, "Home", "Contact", "About")
    assert document.body == range(2, 6)


def test_a_page_without_prose_has_no_body() -> None:
    """Neither has an empty one."""
    assert not document_of("Home", "Contact").body
    assert not document_of().body


def test_a_long_line_is_prose_without_its_full_stop() -> None:
    """No menu entry or headline has twenty-five words; a short sentence is not yet prose."""
    document = document_of("word " * 24 + "word", "word " * 23 + "word", "He said so.", PROSE)
    assert document.prose == [True, False, False, True]
    assert document.prose_lines == [0, 3]
    assert document.short == []


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("» READ MORE »", "read more"),
        ("• Straße •", "strasse"),
        ("“Name *”", "“name *”"),
        ("***", ""),
        ("Ещё:", "ещё"),
        ("：评论：", "评论"),
    ],
)
def test_keys_are_folded_for_look_ups(line: str, key: str) -> None:
    """Case and outer punctuation make no difference to what a line is."""
    assert document_of(line).keys == [key]


def test_tokens_are_words_or_pairs_of_characters() -> None:
    """A script without blanks is compared by pairs."""
    assert tokens("flood, closes (bridge)") == [b"flood", b"closes", b"bridge"]
    assert [token.decode() for token in tokens("市长宣布山谷里的老桥已经关闭到夏天")[:3]] == ["市长", "长宣", "宣布"]


def test_a_slug_and_its_headline_are_the_same() -> None:
    """Case is folded before; punctuation of any kind is not compared."""
    assert bare("syria’s “flood” – day 2") == bare("syrias-flood-day-2") == b"syriasfloodday2"


def test_overlap_is_the_share_of_longer_words() -> None:
    """Words of up to three letters are not counted, so a line of those shares nothing."""
    document = document_of(PROSE, "Flood and bridge and mill", "It is on", "The mayor")
    assert document.overlap(1) == pytest.approx(2 / 3)
    assert document.overlap(2) == 0.0
    assert document.overlap(3) == 1.0


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["Home", "Flood closes the old bridge", PROSE], 1),
        (["flood closes the old bridge", "Home", "Flood closes the old bridge", PROSE], 2),
        (["All the news that fits", PROSE], None),
        (["By the old bridge of the mayor", PROSE], None),
        (["Flood", PROSE], None),
        ([PROSE], None),
        ([], None),
    ],
)
def test_the_title_is_the_line_whose_words_the_body_shares(lines: list[str], title: int | None) -> None:
    """A name or a tag line is none, nor are bylines, single words and sentences."""
    assert document_of(*lines).title_line == title


def test_a_title_from_elsewhere_is_found_again() -> None:
    """The line with its words wins over one that stands above it."""
    lines = ("Flood closes the old bridge", "The mayor on the old bridge", PROSE)
    assert document_of(*lines).title_line == 0
    assert document_of(*lines, title="the mayor: “on the old bridge”").title_line == 1


def test_the_title_is_the_shorter_of_two_that_hold_each_other() -> None:
    """The site's name behind a title is not part of it."""
    body = "The ministers agree on a budget after a night of talks in the old town hall."
    document = document_of("Ministers agree on the budget | The Daily Example", "Ministers agree on the budget", body)
    assert document.title_line == 1
