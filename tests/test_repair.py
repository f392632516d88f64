"""Repair: damage is undone and explained, everything else stays as written."""

from __future__ import annotations

import itertools
import random
import re
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import ftfy
import pytest
from ftfy.badness import MOJIBAKE_CATEGORIES, is_bad
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scrubber import repair
from scrubber.model import Repair
from scrubber.repair import (
    MARKS_MAX,
    RepairOptions,
    characters,
    is_suspect,
    may_change,
    repair_line,
    source_offset,
    suspect_lines,
    undo_mojibake,
)
from scrubber.repair.marks import MARK_CANDIDATE

SEEDS = sorted(Path(__file__).parent.parent.glob("seeds/*.txt"))
SAFE = ftfy.TextFixerConfig(
    unescape_html=False, fix_latin_ligatures=False, fix_character_width=False, uncurl_quotes=False
)
FOLDING = RepairOptions(quotes="straight", width="fold")

CLEAN = {
    "english": "The ferryman's daughter sails at dawn, and so do we.",
    "curly_quotes": "“We sail,” she said – and didn’t ‘wait’ for anyone…",
    "footnote_signs": "See § 4, ¶ 2, note † and ‡; 20 °C ± 1, ½ cup, 3 × 4, №\xa07, µm, ©\xa02016 ®™.",
    "prices": "It cost £5, €20, ¥300 or 50 ¢.",
    "french": "L’été : « où est la sœur d’Éloïse ? » À Paris, ça va, dit Ève.",
    "french_no_break_spaces": "Qui\xa0? «\xa0moi\xa0» dit-il\u202f; 10\xa0000\xa0€ à l’Île.",
    "french_capitals": "À L’ÉGLISE DE SAINT-ÂNE, L’ÂGE D’ÊTRE PRÊTRE À PÂQUES",
    "german": "Über 20 Äpfel – „schön groß“, sagte Frau Müßig. ÄÖÜ ẞ",
    "spanish": "¿Qué? ¡Ay, Ángel! El 1º y la 2ª; Núñez, Ñuñoa.",
    "portuguese": "A AÇÃO NÃO PÁRA: ÂNGELA, CAMÕES E ÁTILA; à tarde, às três, ÂMBAR, Ãmago.",
    "swedish": "Å, vilken å! Ängen, ön och Åsa.",
    "polish": "Zażółć gęślą jaźń, ŻÓŁW ŁĄCZY Śląsk.",
    "czech": "Příliš žluťoučký kůň úpěl ďábelské ódy. ČEŠTINA",
    "hungarian": "Árvíztűrő tükörfúrógép, ŐZ, ŰR.",
    "turkish": "Iğdır’da İstanbul’u özleyen şoför, ÇAĞ.",
    "romanian": "În România, Ștefan și Ana; ROMÂNIA, ÎNTÂI.",
    "icelandic": "Þórður á Ísafirði, æði; ÞAÐ ER ÆR.",
    "vietnamese": "Tiếng Việt: người Ấn Độ, ẤM ÁP, Âu Cơ, Ô Quan Chưởng.",
    "greek": "«Η Αθήνα» είπε ο Άρης· τι ώρα είναι;",
    "polytonic_greek": "Ἐν ἀρχῇ ἦν ὁ λόγος.",
    "russian": "«Привет», — сказал он. Ёж ушёл; ГРОМ и ВЕТЕР.",
    "ukrainian": "Їжак і ґава: «Є, так», — об’їзд.",
    "serbian": "Ђорђе и Љиља, Џеп, Ћуприја.",
    "hebrew": "שלום „עולם” וגם שָׁלוֹם",
    "arabic": "قالَ «نعم» ثم ذهبَ، أليس كذلك؟",
    "persian_joiners": "می\u200cخواهم خانه\u200cها را ببینم",
    "hindi_joiners": "क्\u200dष और क्\u200cष, विद्यार्थी",
    "tamil": "தமிழ் மொழி அழகானது.",
    "thai": "สวัสดีครับ ชาวโลก",
    "khmer": "ភាសាខ្មែរ",
    "chinese": "“你好”，她说：《红楼梦》……真好！",
    "ideographic_space": "東京\u3000大阪\u3000名古屋",
    "full_width": "ＡＢＣ１２３！ｶﾀｶﾅ",
    "korean": "안녕하세요, ‘세계’.",
    "ligatures": "ﬁnal oﬃce Ĳsselmeer ǆ",
    "emoji": "Family 👨\u200d👩\u200d👧 and 🏴\U000e0067\U000e0062\U000e007f ❤️ 👍🏽 1️⃣",
    "emoji_heart_joined": "👩\u200d❤️\u200d👩",
    "mathematics": "∑ x² ≤ √2 and ∞ ≠ 0, 5 ≈ 4.9, ∂f",
    "table_cells": "a\tb\tc",
    "box": "│ a │ b │",
    "kaomoji": "(ಠ_ಠ) ¯\\_(ツ)_/¯ ( ͡° ͜ʖ ͡°)",
    "entities": "AT&amp;T &lt;b&gt; &eacute;",
    "superscripts": "E = mc², 10⁻³, H₂O",
    "hebrew_vowels": unicodedata.normalize("NFC", "בְּרֵאשִׁית"),
    "bidi_mark_that_matters": "הקובץ C++\u200e נמצא כאן",
    "empty": "",
}

WESTERN = ("latin-1", "sloppy-windows-1252", "macroman", "cp437")
MOJIBAKE = (
    [(CLEAN[name], codec) for name in ("french", "german", "spanish", "polish", "czech") for codec in WESTERN]
    + [(CLEAN[name], "sloppy-windows-1252") for name in ("curly_quotes", "vietnamese", "greek", "chinese", "korean")]
    + [(CLEAN[name], "latin-1") for name in ("russian", "hebrew", "thai", "arabic", "emoji", "full_width")]
    + [("Старый паромщик ушёл домой.", "sloppy-windows-1251"), (CLEAN["hungarian"], "sloppy-windows-1250")]
    + [(CLEAN["czech"], "iso-8859-2"), (CLEAN["turkish"], "sloppy-windows-1254")]
)

ALPHABET = sorted(
    {
        char
        for char in map(chr, (*range(0x80, 0x2700), 0xF8FF, 0xFFFD, 0xFB01, 0xFB02))
        if any(is_bad(pair) for other in "éÉ€»¸ВГ°³ a1" for pair in (char + other, other + char))
    }
)


def _misread(text: str, codec: str = "sloppy-windows-1252", times: int = 1) -> str:
    for _ in range(times):
        text = text.encode("utf-8").decode(codec)
    return text


MISREAD = st.builds(
    _misread,
    st.text(st.characters(codec="utf-8", max_codepoint=0xFFFF), max_size=12),
    st.sampled_from(("latin-1", "sloppy-windows-1252")),
    st.integers(1, 2),
)
PIECES = st.one_of(
    st.text(max_size=8),
    st.text(st.characters(), max_size=6),
    st.text(st.sampled_from(ALPHABET), max_size=6),
    st.text(
        st.sampled_from("ÂÃâ€™œ\x85\xa0\xad\x80\x9d©ƒ \u200b\u200c\u200d\u200e\u202e\u0301\u0323\ud83d\ude00e"),
        max_size=8,
    ),
    st.sampled_from(
        ("\r\n", "\u2028", "  ", "\t", "می\u200cخ", "\x1b[31m", "\x00", "\ufeff", "\ufdd0", "Â ", "â€œ", "â€")
    ),
    MISREAD,
)
DIRTY = st.lists(PIECES, max_size=6).map("".join)


def _replayed(source: str, steps: tuple[Repair, ...], start: int) -> str:
    pieces, position = [], 0
    for step in steps:
        pieces += [source[position : step.start - start], step.after]
        position = step.end - start
    return "".join([*pieces, source[position:]])


# --- what stays -----------------------------------------------------------------------------------


@pytest.mark.parametrize("line", CLEAN.values(), ids=CLEAN)
def test_clean_text_is_left_as_written(line: str) -> None:
    assert repair_line(line) == (line, ())


@pytest.mark.parametrize("name", sorted(set(CLEAN) - {"kaomoji", "bidi_mark_that_matters", "superscripts"}))
def test_clean_text_is_not_even_suspect(name: str) -> None:
    """Of ordinary text no line should cost more than the gate."""
    costly = {"mathematics", "footnote_signs", "box"}
    assert is_suspect(CLEAN[name]) in ({False, True} if name in costly else {False})


def test_a_clean_page_never_imports_ftfy() -> None:
    code = (
        "import sys; from scrubber.repair import is_suspect, repair_line;"
        "assert not is_suspect('“Hi,” she said.\\nПривет, 你好 é');"
        "repair_line('a  b'); repair_line('“a”  b');"
        "assert 'ftfy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# --- what is repaired -----------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "codec"), MOJIBAKE)
@pytest.mark.parametrize("times", [1, 2])
def test_mojibake_is_undone(text: str, codec: str, times: int) -> None:
    assert repair_line(_misread(text, codec, times))[0] == repair_line(text)[0]


@pytest.mark.parametrize(
    ("damaged", "wanted"),
    {
        "ellipsis_byte_in_mojibake": ("Ã\x85ngstrÃ¶m", "Ångström"),
        "next_line_between_words": ("one\x85two", "one two"),
        "next_line_as_ellipsis_among_quotes": ("\x93so\x94 it goes\x85", "“so” it goes…"),
        "no_break_space_debris": ("the end.Â Next", "the end.\xa0Next"),
        "debris_after_a_digit": ("in 2016Â the", "in 2016 the"),
        "debris_at_the_end": ("the end.Â", "the end."),
        "grave_a_at_the_end": ("voilÃ\xa0", "voilà"),
        "closing_quote_lost_a_byte": ("â€œyesâ€\ufffd he said", "“yes” he said"),
        "closing_quote_dropped_a_byte": ("â€œyesâ€ he said", "“yes” he said"),
        "dagger_without_an_opening_quote": ("Smithâ€\xa0", "Smith†"),
        "mixed_russian_and_french": ("Да, dÃ©jÃ\xa0 vu", "Да, déjà vu"),
        "mixed_chinese_and_swedish": ("你好 bÃ¥tar lÃ¥g", "你好 båtar låg"),
        "mixed_russian_and_polish": ("Привет, gęślÄ… jaÅºÅ„", "Привет, gęślą jaźń"),
        "surrogate_pair": ("\ud83d\ude00!", "😀!"),
        "lone_surrogates": ("a\ud800b\udc00", "a\ufffdb\ufffd"),
        "low_before_high": ("\ude00\ud83d", "\ufffd\ufffd"),
        "controls": ("a\x00b\x07c\x7fd\ufffee\U0001ffff", "abcde"),
        "terminal_escape": ("\x1b[31mred\x1b[0m", "red"),
        "hidden_breaks": ("a\u2028b\u2029c\x0bd\x0ce\rf\ng\r\nh", "a b c d e f g h"),
        "file_separator": ("a\x1cb", "a b"),
        "decomposed": ("cafe\u0301 n\u0303", "café ñ"),
        "decomposed_hangul": (unicodedata.normalize("NFD", "한국"), "한국"),
        "kelvin_sign": ("5 \u212a", "5 K"),
        "zero_width_strewn": ("\ufeffa\u200bb\u2060c\u00add", "abcd"),
        "joiners_between_plain_letters": ("a\u200cb 1\u200d2 д\u200cа 你\u200d好", "ab 12 да 你好"),
        "joiner_at_the_ends": ("\u200dabc\u200c", "abc"),
        "doubled_persian_joiner": ("می\u200c\u200cخواهم", "می\u200cخواهم"),
        "zero_width_inside_mojibake": ("caf\u200bÃ\u200b©", "café"),
        "soft_hyphen_before_an_accent": ("cafe\u00ad\u0301", "café"),
        "bidi_in_latin": ("\u202aabc\u202c \u200edef\u200f", "abc def"),
        "bidi_at_the_end_of_hebrew": ("שלום\u200f \u202c", "שלום"),
        "redundant_mark_before_hebrew": ("\u200fשלום", "שלום"),
        "blanks": ("\t a \xa0b\u3000\u3000c\xa0", "a b c"),
        "only_blanks": (" \xa0\u3000\t", ""),
        "object_replacement": ("a\ufffcb", "ab"),
        "windows_1252_controls": ("it\x92s \x96 ok", "it’s – ok"),
        "cesu_8": ("Ã©t\xe9 \xed\xa0\xbd\xed\xb8\x80", "été 😀"),
        "java_zero": ("Ã©\xc0\x80x", "éx"),
    }.values(),
)
def test_damage_is_repaired(damaged: str, wanted: str) -> None:
    repaired, steps = repair_line(damaged)
    assert repaired == wanted
    assert _replayed(damaged, steps, 0) == wanted
    assert repair_line(wanted) == (wanted, ())


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem)
@pytest.mark.parametrize("damage", ["mojibake", "mojibake twice", "decomposed", "zero-width"])
def test_damage_strewn_over_a_page_is_undone_line_by_line(seed: Path, damage: str) -> None:
    text = seed.read_bytes().decode("utf-8")
    damaged = {
        "mojibake": lambda: _misread(text),
        "mojibake twice": lambda: _misread(text, times=2),
        "decomposed": lambda: unicodedata.normalize("NFD", text),
        "zero-width": lambda: "\n".join(map(_strewn, text.split("\n"))),
    }[damage]()
    originals, lines = text.split("\n"), damaged.split("\n")
    assert len(lines) == len(originals)
    assert [repair_line(line)[0] for line in lines] == [repair_line(line)[0] for line in originals]


def _strewn(line: str) -> str:
    """The line with something invisible after every character; beside Arabic letters joiners would mean something."""
    dice = random.Random(7)
    noise = "\u200b\u2060\ufeff\u00ad" + "\u200c\u200d" * (max(line, default="") < "\u0590" or "’" in line)
    return "".join(char + dice.choice(noise) for char in line)


def test_there_are_five_seeds() -> None:
    assert len(SEEDS) == 5


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem)
def test_of_the_seeds_only_blanks_change(seed: Path) -> None:
    steps = [step for line in seed.read_text("utf-8").split("\n") for step in repair_line(line)[1]]
    assert {step.step for step in steps} <= {"fold-spaces"}


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("“a” ‘b’ „c“ ‚d‘ «e»", "\"a\" 'b' \"c\" 'd' «e»"),
        ("ＡＢＣ　１２３", "ABC 123"),
        ("ｶﾞｷﾞ", "ガギ"),
        ("Itâ€™s", "It's"),
    ],
)
def test_quotes_and_width_fold_on_request(line: str, wanted: str) -> None:
    assert repair_line(line, options=FOLDING)[0] == wanted
    assert is_suspect(line, FOLDING)


# --- the explanation ------------------------------------------------------------------------------


def test_spans_are_tight_and_named() -> None:
    line = "Itâ€™s  a caf" + "e\u0301 \u200b“ok” Ã©"
    assert repair_line(line, 100) == (
        "It’s a café “ok” é",
        (
            Repair("mojibake", 102, 105, "â€™", "’"),
            Repair("fold-spaces", 107, 108, " ", ""),
            Repair("compose", 113, 115, "e\u0301", "é"),
            Repair("zero-width", 116, 117, "\u200b", ""),
            Repair("mojibake", 122, 124, "Ã©", "é"),
        ),
    )


def test_steps_on_one_stretch_are_one_repair() -> None:
    assert repair_line("e\u00ad\u0301")[1] == (Repair("zero-width+compose", 0, 3, "e\u00ad\u0301", "é"),)


@given(DIRTY, st.integers(0, 10**6))
@settings(max_examples=600, deadline=None)
@example("Ã\u200b©  Ã", 5)
@example("\ud83d\ude00\u200d  \x85", 0)
def test_replaying_the_steps_gives_the_repaired_line(line: str, start: int) -> None:
    repaired, steps = repair_line(line, start)
    assert _replayed(line, steps, start) == repaired
    position = start
    for step in steps:
        assert position <= step.start < step.end <= start + len(line)
        assert line[step.start - start : step.end - start] == step.before != step.after
        position = step.end
    assert repair_line(line)[0] == repaired


@given(DIRTY, st.integers(0, 1000))
@settings(max_examples=300, deadline=None)
def test_positions_map_back_in_order(line: str, start: int) -> None:
    repaired, steps = repair_line(line, start)
    offsets = [source_offset(steps, start, position) for position in range(len(repaired) + 1)]
    assert offsets == sorted(offsets)
    assert all(start <= offset <= start + len(line) for offset in offsets)
    inside = {place for step in steps for place in range(step.start, step.end)}
    for position, offset in enumerate(offsets[:-1]):
        if offset not in inside:
            assert line[offset - start] == repaired[position]


def test_a_position_inside_a_replaced_stretch_is_its_start() -> None:
    repaired, steps = repair_line("a  bâ€™c ", 10)
    assert [source_offset(steps, 10, position) for position in range(len(repaired) + 1)] == [10, 11, 13, 14, 17, 19]


@given(st.text(st.sampled_from(" \ta\u00e9\u201c\xa0"), max_size=12))
def test_the_short_cut_for_spaces_tells_the_same(line: str) -> None:
    draft = repair._settled(line, RepairOptions())
    assert repair_line(line, 7) == (draft.text, draft.repairs(7))


def test_very_many_changes_are_told_in_one_span() -> None:
    repaired, steps = repair_line("a\u200b" * 5000)
    assert repaired == "a" * 5000
    assert len(steps) == 1
    assert steps[0].step == "zero-width"


# --- laws -----------------------------------------------------------------------------------------


@given(DIRTY, st.sampled_from((RepairOptions(), FOLDING)))
@settings(max_examples=1500, deadline=None)
@example("Â\xad\x85", RepairOptions())
@example("Â" * 40 + "©", RepairOptions())
@example("Ã" + "â€" * 9 + "‹" * 9 + "©", RepairOptions())
@example("ﾞ\u3000゛", FOLDING)
def test_repairing_twice_changes_nothing_more(line: str, options: RepairOptions) -> None:
    once = repair_line(line, options=options)[0]
    assert repair_line(once, options=options) == (once, ())


@given(
    st.one_of(DIRTY, st.text(st.sampled_from("a. –—\u00a0\u3000\t“Âéא\u0301"), max_size=9)),
    st.sampled_from((RepairOptions(), FOLDING)),
)
@settings(max_examples=1500, deadline=None)
@example("Â\u00a0\u00a0a", RepairOptions())
@example("x –\u00a0y\u00a0", RepairOptions())
def test_the_short_cuts_give_what_the_whole_way_gives(line: str, options: RepairOptions) -> None:
    draft = repair._settled(line, options)
    assert repair_line(line, options=options) == (draft.text, draft.repairs(0))


def test_what_does_not_settle_gets_the_first_steps_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repair, "PASSES_MAX", 1)
    line = "cafe\u00ad\u0301 a\x00\nb"
    assert repair_line(line)[0] == "cafe\u00ad\u0301 a b"
    assert repair_line("cafe\u00ad\u0301 a b") == ("cafe\u00ad\u0301 a b", ())


@given(DIRTY)
@settings(max_examples=800, deadline=None)
def test_no_line_break_or_lone_surrogate_is_left(line: str) -> None:
    repaired = repair_line(line)[0]
    repaired.encode("utf-8")
    assert not set(repaired) & set("\n\r\x0b\x0c\x1c\x1d\x1e\u2028\u2029\x00\x7f\ufeff\u200b")


@given(st.lists(DIRTY, max_size=4), st.sampled_from(("\n", "\r\n")), st.sampled_from((RepairOptions(), FOLDING)))
@settings(max_examples=800, deadline=None)
def test_a_page_that_is_not_suspect_has_no_line_to_repair(lines: list[str], end: str, options: RepairOptions) -> None:
    page = end.join(lines)
    if not is_suspect(page, options):
        for line in re.split("\r\n|\n", page):
            draft = repair._settled(line, options)  # past the gate
            assert (draft.text, draft.repairs(0)) == (line, ())


@given(st.lists(DIRTY, max_size=6), st.sampled_from((RepairOptions(), FOLDING)))
@settings(max_examples=800, deadline=None)
@example(["a\t b", "clean", "a\tb", "x" * 40], RepairOptions())
def test_lines_that_are_not_suspect_are_those_that_repair_leaves_alone(
    dirty: list[str], options: RepairOptions
) -> None:
    lines = [re.sub("[\r\n]", "", line).strip(" \t") for line in dirty]
    cleared = sorted(set(range(len(lines))) - set(suspect_lines(lines, options)))
    for line in (lines[index] for index in cleared):
        draft = repair._settled(line, options)  # past the gate
        assert (draft.text, draft.repairs(0)) == (line, ())


@pytest.mark.parametrize("line", CLEAN.values(), ids=CLEAN)
def test_the_steps_agree_with_the_gate_on_clean_text(line: str) -> None:
    assert repair._settled(line, RepairOptions()).text == line


# --- ftfy -----------------------------------------------------------------------------------------


@given(DIRTY)
@settings(max_examples=1500, deadline=None)
def test_what_ftfy_would_change_passes_the_gate(line: str) -> None:
    if ftfy.fix_and_explain(line, SAFE).text != line:
        assert may_change(line)


@given(st.one_of(DIRTY, st.text(st.sampled_from(ALPHABET), max_size=20)))
@settings(max_examples=1500, deadline=None)
@example("í\xa0½í¸\x80 Ã©")
@example("Ã ? Ã\ufffd â€?")
def test_undoing_mojibake_equals_ftfy(line: str) -> None:
    assert undo_mojibake(line) == ftfy.fix_and_explain(line, SAFE).text


def test_undoing_mojibake_equals_ftfy_on_many_scripts() -> None:
    codecs = ("latin-1", "sloppy-windows-1252", "sloppy-windows-1251", "sloppy-windows-1253", "macroman", "cp437")
    lines = [_misread(line, codec, times) for line in CLEAN.values() for codec in codecs for times in (1, 2)]
    lines += [f"{one} {other}" for one, other in itertools.pairwise(lines)]
    lines += [f"{clean} {line}" for clean, line in zip(itertools.cycle(CLEAN.values()), lines, strict=False)]
    for line in lines:
        assert undo_mojibake(line) == ftfy.fix_and_explain(line, SAFE).text, ascii(line)
        assert may_change(line) or ftfy.fix_and_explain(line, SAFE).text == line


def test_the_gate_finds_every_pair_of_characters_that_ftfy_calls_bad() -> None:
    letters = [*ALPHABET, *" aZ0.,?!"]
    for pair in map("".join, itertools.product(letters, letters)):
        for text in (pair, f"d{pair}d"):
            assert not is_bad(text) or is_suspect(text), ascii(text)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (characters.BAD, "bad"),
        (characters.LAW, "law"),
        (characters.CURRENCY, "currency"),
        (characters.OPENING, "start_punctuation"),
        (characters.CLOSING, "end_punctuation"),
        (characters.NUMERIC, "numeric"),
        (characters.COMMON, "common"),
        (characters.UPPER, "upper_accented"),
        (characters.LOWER, "lower_accented"),
        (characters.BOX, "box"),
        (characters.FACES, "kaomoji"),
        (characters.WIDER_LOWER, "lower_common"),
        (characters.WIDER_UPPER, "upper_common"),
    ],
)
def test_the_groups_of_the_gate_hold_those_of_ftfy(ours: str, theirs: str) -> None:
    members = re.compile(f"[{ours}]")
    wanted = re.compile(f"[{MOJIBAKE_CATEGORIES[theirs]}]")
    missing = [char for char in map(chr, range(0x10000)) if wanted.match(char) and not members.match(char)]
    assert missing == []


def test_every_combining_mark_may_start_a_counted_run() -> None:
    candidate = re.compile(MARK_CANDIDATE)
    marks = [char for char in map(chr, range(sys.maxunicode + 1)) if unicodedata.combining(char)]
    assert len(marks) > 800
    assert all(candidate.match(mark) for mark in marks)


# --- hostile text ---------------------------------------------------------------------------------


def test_a_run_of_marks_is_capped() -> None:
    for offset in range(12):
        line = "x" * offset + "a" + "\u0323" * (MARKS_MAX + 5)
        repaired, steps = repair_line(line)
        assert repaired == "x" * offset + "ạ" + "\u0323" * (MARKS_MAX - 1)
        assert "combining-run" in steps[0].step


HOSTILE = {
    "marks": lambda n: "a" + "\u0301\u0323" * (n // 2),
    "marks_between_controls": lambda n: "a" + ("\u0301\u0323" * 15 + "\x00") * (n // 31),
    "marks_in_mojibake": lambda n: "a" + "Ì\x81Ì£" * (n // 4),
    "marks_between_soft_hyphens": lambda n: "a" + ("\u0301\u0323" * 15 + "\xad") * (n // 31),
    "peels_for_ever": lambda n: "Â" * n + "©",
    "peels_for_ever_from_the_left": lambda n: "Ã" + "ƒ" * n,
    "nested_zero_widths": lambda n: "Ã" + "â€" * (n // 3) + "‹" * (n // 3) + "©",
    "cesu_8": lambda n: "í\xa0½í¸\x80" * (n // 6),
    "letters": lambda n: "a" * n + "! é",
    "blanks": lambda n: "é" + " " * n + "x",
    "odd_blanks": lambda n: "é" + "\xa0 " * (n // 2) + "x",
    "zero_widths": lambda n: "a\u200b" * (n // 2),
    "joiners": lambda n: "م" + "\u200c\u200d" * (n // 2) + "x",
    "bidi": lambda n: "م" + "\u202e" * n + "x",
    "escapes": lambda n: "\x1b[" + "1" * n,
    "mojibake": lambda n: "Itâ€™s Ã©t Ã " * (n // 13),
    "lost_quotes": lambda n: "â€œ" + "xâ€ " * (n // 4),
    "surrogates": lambda n: "\ud800" * n,
}


@pytest.mark.parametrize("family", HOSTILE.values(), ids=HOSTILE)
def test_time_grows_with_the_length_of_the_line(family: object) -> None:
    assert callable(family)

    def seconds(size: int) -> float:
        line = family(size)
        rounds = []
        for _ in range(3):
            begin = time.process_time()
            repair_line(line)
            rounds.append(time.process_time() - begin)
        return min(rounds)

    assert seconds(32_000) < 8 * seconds(8_000) + 0.02  # quadratic would be sixteen times


def test_a_long_clean_line_is_quick() -> None:
    line = "Plain words in a row, " * 100_000 + "end “of” it."
    begin = time.process_time()
    assert repair_line(line) == (line, ())
    assert time.process_time() - begin < 1
