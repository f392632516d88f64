"""What repair makes of characters and lines, as it was recorded, with every step; and the limits it has.

`tests/cases/records/repaired-characters.txt` says what becomes of each character in three places of a line,
`repaired-lines.txt` of damaged lines, `repair-limits.txt` where limits are. After a change that is meant:

    python tests/test_repair_record.py
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
import records

from scrubber.model import Repair
from scrubber.repair import DEFAULT, RepairOptions, is_suspect, repair_line, source_offset, suspect_lines
from scrubber.repair.edits import tight
from scrubber.repair.gate import is_plain, may_change

CHARACTERS, LINES, LIMITS = "repaired-characters.txt", "repaired-lines.txt", "repair-limits.txt"

FOLDED = RepairOptions(quotes="straight", width="fold")

LOOKED_AT = [
    *range(0x0380),
    *range(0x0480, 0x0490),
    *range(0x0590, 0x0620),
    *range(0x08F8, 0x0908),
    *range(0x1FF8, 0x2070),
    *range(0x20A0, 0x20B0),
    *range(0x2FF8, 0x3010),
    *range(0xD7F8, 0xD808),
    *range(0xDFF8, 0xE008),
    *range(0xF8F8, 0xF908),
    *range(0xFB00, 0xFB20),
    *range(0xFDC8, 0xFE10),
    *range(0xFE68, 0xFE80),
    *range(0xFEF8, 0xFF08),
    *range(0xFFE8, 0x10008),
    *range(0x107F8, 0x10808),
    *range(0x1FFF8, 0x20008),
    *range(0x10FFF8, 0x110000),
]
"""Characters of all kinds that repair knows, and their neighbours."""

PLACES = {
    "between letters": "a{}b",
    "between blanks": "a {} b",
    "behind the last letter": "ab{}",
    "behind the last letter of a damaged line": "a\u200bb{}",
    "beside Arabic": "\u0628{}\u0628",
}


def fate(place: str, character: str, options: RepairOptions) -> str:
    """Return what becomes of a character in its place."""
    before = place.format(character)
    after, steps = repair_line(before, options=options)
    if after == before:
        return "stays" + (", though it is suspect" if is_suspect(before, options) else "")
    head, tail = place.split("{}")
    whole = after[len(head) : len(after) - len(tail)] if after.startswith(head) and after.endswith(tail) else None
    made = {"": "goes", "\ufffd": "becomes U+FFFD", " ": "becomes a space", None: "joins its neighbours"}
    return f"{made.get(whole, 'becomes another')} ({', '.join(dict.fromkeys(step.step for step in steps))})"


def fates(place: str, options: RepairOptions = DEFAULT) -> list[str]:
    """Return a row for each run of characters that fare alike."""

    def answer(number: int) -> str:
        return fate(PLACES[place], chr(LOOKED_AT[number]), options)

    rows = []
    for row in records.rungs(answer, range(len(LOOKED_AT))):
        ends, _, said = row.partition(": ")
        first, last = (LOOKED_AT[int(end)] for end in ends.split(" to "))
        rows.append(f"U+{first:04X}" + (f" to U+{last:04X}" if last > first else "") + f": {said}")
    return rows


CHARACTER_SECTIONS: dict[str, Callable[[], list[str]]] = {
    **{place: lambda place=place: fates(place) for place in PLACES},
    "between letters, with quotes and widths folded": lambda: fates("between letters", FOLDED),
}

DAMAGED = (
    "",
    " ",
    "\t \t",
    "clean",
    " one before",
    "one behind ",
    "  two  spaces   each  ",
    "\ttabs\tand\t\ttabs\t",
    " \u00a0mixed \u00a0 blanks\u2003\u3000",
    "bonjour\u00a0: non\u00a0!",
    "a dash \u2013\u00a0and \u2014\u00a0another\u2013\u00a0one",
    "a\nb\r\nc\rd",
    "a\x1b[31mred\x1b[0m bell\x07 null\x00",
    "\ud83d\ude00 pair, \ud83d alone, \ude00 alone",
    "soft\u00adhyphen zero\u200bwidth \ufeffmark word\u2060joiner",
    "e\u00ad\u0301 uncovered",
    "cafe\u0301 and co\u0308peration, \u1100\u1161\u11a8",
    "a\u200cb \u0645\u06cc\u200c\u062e\u0648 \u200d\u200dc \u200cd",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 family",
    "\u202aleft\u202c \u200eto\u200f right",
    "\u200f\u0634\u0644\u0648\u0645 \u05e9\u05dc\u05d5\u05dd\u200f abc\u200e",
    "\u0634\u200f\u0644\u0648 abc \u200e(1)\u200e \u202b\u0628\u202c.",
    "It\u00e2\u20ac\u2122s \u00e2\u20ac\u0153so\u00e2\u20ac\u009d",
    "caf\u00c3\u00a9 na\u00c3\u00afve \u00c2\u00a3 20 \u00c2\u00a0 x",
    "caf\u00c3\u0192\u00c2\u00a9 twice",
    "\u00d0\u0178\u00d1\u20ac\u00d0\u00b8\u00d0\u00b2\u00d0\u00b5\u00d1\u201a",
    "\u00e2\u20ac\u0153lost\u00e2\u20ac\ufffd and \u00e2\u20ac\u0153dropped\u00e2\u20ac here",
    "nothing opened\u00e2\u20ac here",
    "debris.\u00c2 Here and\u00c2 there)\u00c2",
    "\u00c2 \u00c2alone\u00c2",
    "mixed \u00c3\u00a9 and \u00e9 and \u4e2d\u6587 \u00c3\u00bc",
    "\u00c5\u00a1koda \u0161 \u00e2\u20ac\u2122 \u00c4\u008d",
    "windows\x92s \x93quote\x94 \x85",
    "a\x85b \u00e9\x85 \x85\x80",
    "\ud800\ufffd",
    "\u201ccurly\u201d \u2018single\u2019 \u00abangle\u00bb \u02bcletter \u201elow\u201c",
    "\uff26\uff55\uff4c\uff4c\u3000\uff57\uff49\uff44\uff54\uff48 \uff76\uff80\uff76\uff85 \ufb01",
    "a" + "\u0301" * 35 + "b",
    "a" + "\u0323\u0301" * 16,
    "\u00c3\u00a9" * 40,
    "x" * 40 + " \u00c3\u00a9 " + "\u00e2\u20ac\u2122" * 12 + " \u4e2d",
    "\u0412\u0402\u2122 \u0432\u0402\u201c",
    "\u00e0\u00b8\u00aa\u00e0\u00b8\u00a7",
    "\u00ed\u00a0\u00bd\u00ed\u00b8\u0080 \u00c0\u0080",
    "price \u20ac 5, \u00bd, 20\u00b0, \u00a9 2020, \u2122, x\u00b2",
    "\u00abOui\u00bb \u2014 \u00bfqu\u00e9?",
)


def shown(steps: Iterable[Repair]) -> str:
    """Return steps in short."""
    return "; ".join(f"{one.step} {one.start}-{one.end} {one.before!a} > {one.after!a}" for one in steps) or "no step"


def repaired(options: RepairOptions) -> list[str]:
    """Return a row for each damaged line, as it stands at offset 100 of its page; with options, where they matter."""
    rows = []
    for line in DAMAGED:
        text, steps = repair_line(line, 100, options)
        if options is DEFAULT or (text, steps) != repair_line(line, 100):
            rows.append(f"{line[:60]!a} > {text[:60]!a}: {shown(steps)[:400]}")
    return rows


def offsets() -> list[str]:
    """Return where each character of some repaired lines stands in the source."""
    rows = []
    for line in (
        " one before",
        "one behind ",
        "  two  spaces  ",
        "It\u00e2\u20ac\u2122s\u200b a\u00c3\u00a9",
        "caf\u00e9 e\u0301 end",
        "\uff26\uff55ll \u201cq\u201d",
    ):
        text, steps = repair_line(line, 10, FOLDED)
        rows.append(f"{line!a}: {[source_offset(steps, 10, position) for position in range(len(text) + 1)]}")
    return rows


def gates() -> list[str]:
    """Return what the gates say of each damaged line."""
    rows = []
    for line in DAMAGED:
        says = {
            "plain": is_plain(line),
            "may change": may_change(line),
            "suspect": is_suspect(line),
            "suspect on a page": is_suspect(f"one\n{line}\ntwo"),
            "of lines": 1 in suspect_lines(["one", line.strip(" \t"), "two"]),
            "of lines to fold": 1 in suspect_lines(["one", line.strip(" \t"), "two"], FOLDED),
        }
        rows.append(f"{line[:40]!a}: {', '.join(name for name, said in says.items() if said) or 'nothing'}")
    return rows


def narrowed() -> list[str]:
    """Return what is left of changes without what before and after have in common."""
    words = (
        "",
        "a",
        "b",
        "ab",
        "ba",
        "aba",
        "abba",
        "abcba",
        "abcdefgh",
        "abcxefgh",
        "xbcdefgh",
        "abcdefgx",
        "abcdefghabcdefgh",
    )
    return [shown([tight("step", 10, before, after)]) for before in words for after in words if before != after]


LINE_SECTIONS: dict[str, Callable[[], list[str]]] = {
    "lines": lambda: repaired(DEFAULT),
    "lines with quotes and widths folded": lambda: repaired(FOLDED),
    "offsets": offsets,
    "gates": gates,
    "changes without what is common": narrowed,
}


def mistaken(text: str, times: int) -> str:
    """Return a text that was read as Latin-1 so often."""
    for _ in range(times):
        text = text.encode("utf-8").decode("latin-1")
    return text


def summary(line: str) -> str:
    """Return what is left of a line, and how many steps it took."""
    text, steps = repair_line(line)
    return (
        f"{'repaired' if text != line else 'left alone'}, {len(steps)} steps of {sum(len(one.before) for one in steps)}"
    )


LADDERS: dict[str, tuple[range, Callable[[int], str]]] = {
    "marks on a letter": (range(28, 34), lambda n: f"{len(repair_line('x' + chr(0x323) * n)[0])} characters"),
    "encodings on top of each other": (
        range(1, 12),
        lambda n: str(repair_line(mistaken("caf\u00e9 \u00fcber", n))[0] == "caf\u00e9 \u00fcber"),
    ),
    "encodings on top of each other, on a long line": (
        range(1, 6),
        lambda n: str(repair_line("x" * 100_000 + mistaken("caf\u00e9", n))[0].endswith("xcaf\u00e9")),
    ),
    "characters of a line of four encodings": (
        range(99_986, 99_990),
        lambda n: str(repair_line("x" * n + mistaken("\u00e9", 4))[0].endswith("x\u00e9")),
    ),
    "double spaces": (range(998, 1003), lambda n: summary("a  " * n + "a")),
    "double spaces beside a letter of another script": (range(998, 1003), lambda n: summary("a  " * n + "\u00e9")),
    "characters with double spaces, a line of ASCII": (range(998, 1003), lambda n: summary("a" * (n - 3) + "  b")),
    "layers of hidden damage": (
        range(1, 8),
        lambda n: repair_line("e" + "\u200b\u00ad" * n + "\u0301")[0].encode("ascii", "namereplace").decode(),
    ),
}


def limits_of(name: str) -> list[str]:
    """Return the rows of a ladder's record."""
    numbers, answer = LADDERS[name]
    return list(records.rungs(answer, numbers))


@pytest.mark.parametrize("name", CHARACTER_SECTIONS)
def test_each_character_fares_as_it_was_recorded(name: str) -> None:
    records.check(CHARACTERS, name, CHARACTER_SECTIONS[name]())


@pytest.mark.parametrize("name", LINE_SECTIONS)
def test_damaged_lines_are_repaired_as_it_was_recorded(name: str) -> None:
    records.check(LINES, name, LINE_SECTIONS[name]())


@pytest.mark.parametrize("name", LADDERS)
def test_repair_has_the_limits_that_were_recorded(name: str) -> None:
    records.check(LIMITS, name, limits_of(name))


def test_nothing_is_recorded_that_is_not_looked_at() -> None:
    assert set(records.recorded(CHARACTERS)) == set(CHARACTER_SECTIONS)
    assert set(records.recorded(LINES)) == set(LINE_SECTIONS)
    assert set(records.recorded(LIMITS)) == set(LADDERS)


if __name__ == "__main__":
    records.write(CHARACTERS, {name: rows() for name, rows in CHARACTER_SECTIONS.items()})
    records.write(LINES, {name: rows() for name, rows in LINE_SECTIONS.items()})
    records.write(LIMITS, {name: limits_of(name) for name in LADDERS})
