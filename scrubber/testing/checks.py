"""What a case demands, aspect by aspect, and a failure that can be read at a glance."""

from __future__ import annotations

import difflib
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, zip_longest
from typing import NamedTuple

from scrubber.errors import ScrubberError
from scrubber.model import BLANK, KEPT, Decision, Result
from scrubber.pipeline import Cleaner
from scrubber.testing.cases import Case, cleaner_for
from scrubber.testing.laws import CASE_LAWS, Law
from scrubber.testing.meta import COMPOSED, SCORES
from scrubber.testing.pins import pinned_scores
from scrubber.testing.reading import CaseError
from scrubber.testing.rows import Row, rows_with_decisions
from scrubber.testing.words import CONTEXT, first_difference, kept_share, parting, word_score

SHOWN_LINES = 12
"""Differing lines that a failure lists; the rest are counted."""

SHOWN_CHARS = 100
"""Characters of a line that a failure quotes."""

DIFF_LINES = 2_000
"""Lines up to which two texts are aligned; aligning takes time quadratic in them."""

WHOLE = "*"
"""The key in a case's `xfail` that speaks of the case as a whole."""


class CaseFailed(AssertionError):
    """A case does not come out as expected; the message lists the lines that differ, with their reasons."""


class Run:
    """A case and what cleaning makes of it; cleaned once, when first looked at."""

    def __init__(self, case: Case, cleaner: Cleaner | None = None) -> None:
        """Take the case with the cleaner that it is meant for, or with another one."""
        self.case = case
        self.cleaner = cleaner or cleaner_for(case)

    @cached_property
    def result(self) -> Result:
        """The result of cleaning."""
        return self.case.clean(self.cleaner)

    @cached_property
    def rows(self) -> list[tuple[Row, Decision]]:
        """Every labelled stretch of the result, with its decision."""
        return list(rows_with_decisions(self.result.page_text, self.result.lines))


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing that a case demands; `check` raises `CaseFailed` or `LawBroken`."""

    name: str
    check: Callable[[Run], None]


def aspects(case: Case) -> Iterator[Aspect]:
    """Yield every aspect of a case, each a test of its own.

    A case that is known to fail as a whole is one aspect, `*`, as nobody says which of them fail.

    Raises:
        CaseError: `xfail` names an aspect that the case does not have.
    """
    own = list(_aspects(case))
    for name in case.xfail:
        if name != WHOLE and name not in {aspect.name for aspect in own}:
            names = ", ".join(aspect.name for aspect in own)
            raise CaseError(f"{case.folder}: xfail names “{name}”, which is no aspect of the case. It has {names}.")
    yield from [Aspect(WHOLE, check_all)] if WHOLE in case.xfail else own


def _aspects(case: Case) -> Iterator[Aspect]:
    if case.raises:
        yield Aspect("raises", check_raises)
        return
    if case.provenance == COMPOSED:
        yield Aspect("truth", check_truth)
    else:
        yield Aspect("text", check_text)
        if case.rows is not None:
            yield Aspect("labels", check_labels)
    if case.fields:
        yield Aspect("fields", check_fields)
    if case.must or case.must_not:
        yield Aspect("snippets", check_snippets)
    if case.floors:
        yield Aspect("floors", check_floors)
    yield from (_law_aspect(law) for law in CASE_LAWS)


def _law_aspect(law: Law) -> Aspect:
    def check(run: Run) -> None:
        law.check(run.cleaner, run.case.page)

    return Aspect(f"law-{law.name}", check)


def check_case(case: Case, cleaner: Cleaner | None = None) -> None:
    """Check every aspect of a case. Raises `CaseFailed` or `LawBroken` at the first that fails."""
    check_all(Run(case, cleaner))


def check_all(run: Run) -> None:
    """Every aspect of the case holds."""
    for aspect in _aspects(run.case):
        aspect.check(run)


def check_raises(run: Run) -> None:
    """Cleaning ends in the error that the case names."""
    try:
        text = run.result.text
    except ScrubberError as error:
        if type(error).__name__ != run.case.raises:
            raise CaseFailed(f"raises {type(error).__name__} ({error}), not {run.case.raises}") from error
        return
    raise CaseFailed(f"gives a text of {len(text)} characters and does not raise {run.case.raises}")


def check_text(run: Run) -> None:
    """The text is the expected one, byte for byte."""
    expected, got = run.case.expected, run.result.text
    if got != expected:
        raise CaseFailed(listed("the text differs", _text_differences(expected, got, run)))


def check_labels(run: Run) -> None:
    """Every labelled stretch is the expected one, to the character."""
    if differences := list(label_differences(run)):
        raise CaseFailed(listed("the labels differ", differences))


def check_fields(run: Run) -> None:
    """The other fields of the result are the expected ones."""
    got = run.result.to_dict()
    pinned = run.case.fields.items()
    wrong = [f"{name}: expected {value!r}, got {got[name]!r}" for name, value in pinned if got[name] != value]
    if wrong:
        raise CaseFailed(listed("fields differ", wrong))


def check_snippets(run: Run) -> None:
    """The text holds what it must and lacks what it must not hold."""
    text = run.result.text
    missing = [("must hold", snippet) for snippet in run.case.must if snippet not in text]
    left = [("must not hold", snippet) for snippet in run.case.must_not if snippet in text]
    wrong = [f"{demand} {quoted(snippet)}{_fate(snippet, run)}" for demand, snippet in missing + left]
    if wrong:
        raise CaseFailed(listed("snippets are missing or left", wrong))


def check_floors(run: Run) -> None:
    """No score is under the case's floor."""
    if low := list(_low_scores(run, run.case.floors)):
        raise CaseFailed(listed("scores are under their floors", low))


def check_truth(run: Run) -> None:
    """Text and labels are the true ones; of a case that is pinned with less, no score is under that."""
    pinned = pinned_scores(run.case.folder)
    if not pinned:
        check_text(run)
        check_labels(run)
    elif low := list(_low_scores(run, dict.fromkeys(SCORES, 1.0) | dict(pinned))):
        wrong = [*_text_differences(run.case.expected, run.result.text, run), *label_differences(run)]
        raise CaseFailed(listed("scores are under their floors", [*low, *wrong]))


def _low_scores(run: Run, floors: Mapping[str, float]) -> Iterator[str]:
    got = scores(run.case, run.result, run.rows)
    for name, floor in floors.items():
        if got[name] < floor:
            yield f"{name}: {got[name]:.4f}, floor {floor:.4f}"


def scores(case: Case, result: Result, rows: Sequence[tuple[Row, Decision]]) -> dict[str, float]:
    """Return how close a result comes to a case, each from 0.0 to 1.0.

    `exact`: 1.0 for the very text, else 0.0. `kept`: share of the expected words that the text has. `words`: F1 of
    the words of the text. `stretches`: share of labelled stretches rightly kept or dropped. `labels`: share of them
    that came out as such, with their label. The last two are 1.0 for a case without labels.
    """
    wanted, found = case.rows or (), {row[:4] for row, _ in rows}
    right = [kept == (row.label in KEPT) for row, kept in judged(wanted, rows)]
    return {
        "exact": float(result.text == case.expected),
        "kept": kept_share(case.expected, result.text),
        "words": word_score(case.expected, result.text),
        "stretches": sum(right) / len(right) if right else 1.0,
        "labels": sum(row[:4] in found for row in wanted) / len(wanted) if wanted else 1.0,
    }


def judged(wanted: Iterable[Row], rows: Iterable[tuple[Row, Decision]]) -> Iterator[tuple[Row, bool]]:
    """Yield for each expected stretch whether most of its characters were kept."""
    by_line: dict[int, list[tuple[Row, Decision]]] = {}
    for row, decision in rows:
        by_line.setdefault(row.line, []).append((row, decision))
    for want in wanted:
        kept = 0
        for row, decision in by_line.get(want.line, ()):
            shared = min(want.end, row.end) - max(want.start, row.start)
            kept += max(shared, 0) if decision.kept else 0
        yield want, 2 * kept > want.end - want.start


def _text_differences(expected: str, got: str, run: Run) -> Iterator[str]:
    if expected != got and expected.split() == got.split():
        yield f"only in blanks and line ends: {first_difference(expected, got)}"
        return
    changed = list(changed_lines(expected.split("\n"), got.split("\n")))
    yield from (f"{line}{_fate(line.text, run)}" for line in changed)
    if not changed and got != expected:
        yield f"in the order of lines, {first_difference(expected, got)}"


class ChangedLine(NamedTuple):
    """A line that one of two texts has alone: `-` is expected and missing, `+` came out and is not expected.

    Up to `same` it reads as the line that stands in its place in the other text.
    """

    sign: str
    text: str
    same: int = 0

    def __str__(self) -> str:
        """Quote it, from shortly before what differs where that would be cut off."""
        begin = self.same - CONTEXT if self.same > SHOWN_CHARS - CONTEXT else 0
        return f"{self.sign} {quoted(self.text, begin)}"


def changed_lines(wanted: Sequence[str], found: Sequence[str]) -> Iterator[ChangedLine]:
    """Yield the lines that are not blank and differ between two texts, in order."""
    head = 0
    while head < min(len(wanted), len(found)) and wanted[head] == found[head]:
        head += 1
    left, right = wanted[head:], found[head:]
    if max(len(left), len(right)) > DIFF_LINES:
        lacking, surplus = Counter(left) - Counter(right), Counter(right) - Counter(left)
        yield from (ChangedLine("-", line) for line in lacking.elements())
        yield from (ChangedLine("+", line) for line in surplus.elements())
        return
    for tag, start, end, other, other_end in difflib.SequenceMatcher(None, left, right, False).get_opcodes():
        if tag != "equal":
            gone, come = list(filter(None, left[start:end])), list(filter(None, right[other:other_end]))
            same = [parting(*pair) for pair in zip_longest(gone, come, fillvalue="")]
            yield from (ChangedLine("-", line, begin) for line, begin in zip(gone, same, strict=False))
            yield from (ChangedLine("+", line, begin) for line, begin in zip(come, same, strict=False))


def label_differences(run: Run) -> Iterator[str]:
    """Yield what differs: rows that did not come out, then surplus ones on lines of which nothing is said yet."""
    expected, rows = run.case.rows or (), run.rows
    missed = sorted({*expected} - {row for row, _ in rows})
    starts = [(row.line, row.start) for row, _ in rows]
    for want in missed:
        at = bisect_right(starts, (want.line, want.start)) - 1
        yield f"line {want.line}, {want.start}-{want.end}: {_missed(want, *rows[at] if at >= 0 else (None, None))}"
    told = {want.line for want in missed}
    for row, decision in rows:
        if row not in expected and row.line not in told:
            yield f"line {row.line}: expected nothing, got {_place(row)} {_why(decision)}: {quoted(row.text)}"


def _missed(want: Row, row: Row | None, decision: Decision | None) -> str:
    """Say of an expected row what came out in its place: the last row that begins no later."""
    if row is None or decision is None or row.line != want.line:
        return f"expected {want.label}, got nothing there: {quoted(want.text)}"
    if row[:4] == want[:4]:
        return f"expected the text {quoted(want.text)}, got {quoted(row.text)}"
    return f"expected {want.label}, got {_place(row)} {_why(decision)}: {quoted(want.text)}"


def _place(row: Row) -> str:
    return f"{row.start}-{row.end}"


def _fate(text: str, run: Run) -> str:
    """Say what became of a line of text, where the page has it."""
    wanted = "".join(text.split())
    for decision in run.result.lines if wanted else ():
        if decision.label != BLANK and wanted in "".join(decision.text.split()):
            return f"\n      {'kept' if decision.kept else 'dropped'} as {_why(decision)}"
    return ""


def _why(decision: Decision) -> str:
    reasons = "; ".join(f"{evidence.rule}: {evidence.reason}" for evidence in decision.evidence[:2])
    return f"{decision.label} ({reasons or 'no rule spoke'})"


def quoted(text: str, begin: int = 0) -> str:
    """Quote a text from some character on, cut short, with what can't be seen in it as escapes."""
    end = begin + SHOWN_CHARS
    shown = ("…" if begin else "") + text[begin:end] + ("…" if end < len(text) else "")
    return "“" + "".join(_visible(character) for character in shown) + "”"


def _visible(character: str) -> str:
    hidden = character != " " and unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp", "Zs"}
    return character.encode("unicode_escape").decode() if hidden else character


def listed(summary: str, differences: Iterable[str]) -> str:
    """Return a summary and the differences under it, so many that they can be read; the rest are counted."""
    found = iter(differences)
    shown = [f"  {difference}" for difference in islice(found, SHOWN_LINES)]
    rest = sum(1 for _ in found)
    return "\n".join([f"{summary}:", *shown, *([f"  … and {rest} more"] if rest else [])])
