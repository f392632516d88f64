r"""Repair damaged text, line by line, and say what was changed where.

Only damage is repaired: mojibake, loose surrogates, control characters, invisible strays, runs of
blanks, decomposed letters. What carries meaning stays as written: curly quotes, full width, ligatures,
joiners in Persian, Hindi or emoji, the one no-break space before a French colon. Folding quotes and
widths is an option.

The steps, in order:

- `surrogates`: pairs are joined, lone ones become U+FFFD.
- `control-characters`: terminal escapes, C0 controls, noncharacters and other forbidden characters go.
- `fold-spaces`: a line break inside the line becomes a space; two or more blanks in a row, whatever
  their kinds, become one U+0020; blanks at either end go. A single inner blank stays as it is, be it a
  tab, a no-break space or an ideographic space; but a no-break space behind a dash that has a plain space
  before it becomes one too: typesetting binds a dash to the word before it, so that is an editor's left-over.
- `zero-width`: U+200B, U+2060, U+FEFF and U+00AD go; ZWNJ and ZWJ go where both neighbours are
  letters, digits or blanks that do not join.
- `combining-run`: more than `MARKS_MAX` combining marks in a row are cut there.
- `compose`: canonical composition (NFC), which is quadratic in longer runs of marks.
- `mojibake`: UTF-8 that was read as a single-byte encoding is read anew, as often as that was done.
- `bidi-controls`: go where they change nothing on screen, or where the line has no right-to-left letter.
- `quotes`, `width`: only when asked for.

Repairing is idempotent: `_settled` has the argument.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scrubber.model import Repair
from scrubber.repair.edits import SPANS_MAX, Draft, source_offset, tight
from scrubber.repair.gate import (
    INVISIBLE_SIGN,
    SUSPECT_BEYOND_BLANKS,
    is_damaged,
    is_plain,
    is_suspect,
    may_change,
    suspect_lines,
)
from scrubber.repair.marks import MARKS_MAX, may_have_mark_run
from scrubber.repair.mojibake import undo_mojibake
from scrubber.repair.options import DEFAULT, RepairOptions
from scrubber.repair.steps import BLANKS, ENCODING, FIRST, INVISIBLES, QUOTES, WIDTH, Step

__all__ = [
    "DEFAULT",
    "MARKS_MAX",
    "RepairOptions",
    "is_suspect",
    "may_change",
    "repair_line",
    "source_offset",
    "suspect_lines",
    "undo_mojibake",
]

PASSES_MAX = 4
"""Passes over one line. One repair can uncover another (a soft hyphen between `e` and its accent), so
real damage needs two; what needs more than four was built to."""

_SPACES = re.compile("[ \t]{2,}")


def repair_line(text: str, start: int = 0, options: RepairOptions = DEFAULT) -> tuple[str, tuple[Repair, ...]]:
    r"""Repair one physical line, given without its line end, and explain what was done.

    `start` is the offset of the line in the decoded source, in characters. Returns the repaired line and
    the repairs in order, without overlap; putting each `after` in place of its span gives the repaired
    line. A clean line comes back as it is with no repairs, so does the empty one. Never raises, takes
    time linear in the length, and repairing the result again changes nothing.

    >>> repair_line("It\u00e2\u20ac\u2122s  here")[0]
    'It’s here'
    """
    if is_plain(text) or not may_change(text, options):
        return text, ()
    if "\n" not in text and "\r" not in text and not is_damaged(text, options, SUSPECT_BEYOND_BLANKS):
        if text.isascii() and len(text) <= SPANS_MAX:
            return _spaces_folded(text, start)
        draft = Draft(text)
        _run(draft, BLANKS)
        if not may_change(draft.text, options):
            return draft.text, draft.repairs(start)
    draft = _settled(text, options)
    return draft.text, draft.repairs(start)


def _spaces_folded(text: str, start: int) -> tuple[str, tuple[Repair, ...]]:
    """The short cut for a line of ASCII with nothing amiss but spaces, the most common damage by far."""
    body = text.strip(" \t")
    lead = len(text) - len(text.lstrip(" \t")) if body else len(text)
    tail = lead + len(body)
    repairs = []
    if lead:
        repairs.append(Repair("fold-spaces", start, start + lead, text[:lead], ""))
    folded = _SPACES.sub(" ", body)
    if len(folded) < len(body):
        runs = _SPACES.finditer(text, lead, tail)
        repairs += (tight("fold-spaces", start + match.start(), match[0], " ") for match in runs)
    if tail < len(text):
        repairs.append(Repair("fold-spaces", start + tail, start + len(text), text[tail:], ""))
    return folded, tuple(repairs)


def _settled(text: str, options: RepairOptions) -> Draft:
    """The draft after as many passes as it takes until another changes nothing.

    Idempotent by construction: a settled text is one that a pass leaves alone. A text that does not
    settle within `PASSES_MAX` gets the first steps only. They are idempotent and every pass begins with
    them, so repairing that result runs through the same texts, does not settle either, and ends there.
    """
    draft = Draft(text)
    for _ in range(PASSES_MAX):
        before = draft.text
        _run_first(draft)
        _run(draft, _later_steps(draft.text, options))
        if draft.text == before or not may_change(draft.text, options):
            return draft
    draft = Draft(text)
    _run_first(draft)
    return draft


def _run_first(draft: Draft) -> None:
    """The first steps, where the text shows any sign that one of them has work."""
    if INVISIBLE_SIGN.search(draft.text) or may_have_mark_run(draft.text):
        _run(draft, FIRST)


def _later_steps(text: str, options: RepairOptions) -> Iterator[Step]:
    """The steps after the first that have work on `text`. What these uncover is left to the next pass."""
    if not text.isascii():
        yield from ENCODING
        if INVISIBLE_SIGN.search(text):
            yield from INVISIBLES
    if options.quotes == "straight":
        yield QUOTES
    if options.width == "fold":
        yield WIDTH
    yield from BLANKS


def _run(draft: Draft, steps: Iterable[Step]) -> None:
    """Apply `steps` to `draft`, one after the other."""
    for name, changes in steps:
        draft.apply(name, changes(draft.text))
