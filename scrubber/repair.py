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
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from re import Match, Pattern
from typing import Literal, NamedTuple

from scrubber.model import Repair

MARKS_MAX = 30
"""Combining marks in a row; the Stream-Safe Text Format of UAX #15 allows 30. No language comes near."""

LAYERS_MAX = 8
"""Encodings peeled off one line. Twice-over is common on the web, four times has been seen; what still
changes after eight is made to change (`"\\xc2" * 1000 + "\\xa9"` peels a thousand times) and stays."""

LONG_LINE = 100_000
"""Characters from which a line is no prose. Only `LAYERS_MAX_LONG` layers are peeled off such a line."""

LAYERS_MAX_LONG = 3

PASSES_MAX = 4
"""Passes over one line. One repair can uncover another (a soft hyphen between `e` and its accent), so
real damage needs two; what needs more than four was built to."""

SPANS_MAX = 1_000
"""Spans kept for one step on one line. A line with more is reported as one span from first to last,
which bounds the memory that a hostile line takes."""

CACHED_LENGTH_MAX = 32
"""Characters of an embedded piece of mojibake worth remembering: the same few curly quotes recur."""


@dataclass(frozen=True, slots=True)
class RepairOptions:
    """What to fold beyond repairing damage. The default folds nothing.

    `quotes="straight"` turns curly single and double quotes into `'` and `"`; guillemets stay.
    `width="fold"` turns full-width letters and half-width kana into their usual forms, U+3000 into a space.
    """

    quotes: Literal["as-written", "straight"] = "as-written"
    width: Literal["as-written", "fold"] = "as-written"


DEFAULT = RepairOptions()


# --- the gate -------------------------------------------------------------------------------------

_ASCII_CONTROLS = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])

# Groups of characters as ftfy's heuristic has them (ftfy.badness.MOJIBAKE_CATEGORIES). They are spelled
# out so that a clean page never imports ftfy; a test holds them against the original.
_BAD = "¦¤¨¬¯¸ƒˆˇ˘˛˜†‡‰⌐◊\ufffdªº"
_LAW = "¶§"
_CURRENCY = "¢£¥₧€"
_OPENING = "¡«¿©΄΅‘‚“„•‹\uf8ff"
_CLOSING = "®»˝”›™"
_NUMERIC = "²³¹±¼½¾×µ÷⁄∂∆∏∑√∞∩∫≈≠≡≤≥№"
_COMMON = "\xa0\xad·´–—―…’"
_UPPER = "À-ÑØÜÝĂĀĄĆČĎĐĘĚĒĖĞĢİĪĶĹĽŁĻŃŇŅŒŘŚŞŠŢŤŮŰŸŹŻŽҐ"
_LOWER = "ßà-ñăąāćčďđęěēėğģįīķĺľłļœŕśşšťüźżžґﬁﬂ"
_BOX = "│┌┐┘├┤┬┼═-╬▀▄█▌▐░▒▓"
_FACES = "Ò-ÖÙ-Üò-öø-üŐŌŪŲ°"
_WIDER_LOWER = "α-ωάέήίΰа-џ"
_WIDER_UPPER = "ÞΑ-ΩΆΈΉΊΌΎΏΪΫЁ-Я"

_BLANK = " \t\xa0\u2000-\u200a\u202f\u205f\u3000"
_ODD_BLANK = "\t\xa0\u2000-\u200a\u202f\u205f\u3000"
_HIDDEN_BREAK = "\n\x0b\x0c\r\x1c-\x1f\u2028\u2029"
_ZERO_WIDTH = "\u200b\u2060\ufeff"
_JOINER = "\u200c\u200d"
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_ASTRAL_NONCHARACTER = "".join(
    map(chr, (plane + low for plane in range(0x10000, 0x110000, 0x10000) for low in (0xFFFE, 0xFFFF)))
)
_NONCHARACTER = "\ufdd0-\ufdef\ufffe\uffff" + _ASTRAL_NONCHARACTER
_CONTROL = "\x00-\x08\x0e-\x1b\x7f\u206a-\u206f\ufff9-\ufffc" + _NONCHARACTER
_C1 = "\x80-\x9f"
_INVISIBLE = f"{_CONTROL}{_C1}\x0b\x0c\x1c-\x1f\u2028\u2029\xad\ud800-\udfff{_ZERO_WIDTH}{_BIDI}"
_ANY = _BAD + _LAW + _CURRENCY + _OPENING + _CLOSING + _NUMERIC + _UPPER + _LOWER + _BOX

# Letters, digits, signs and blanks that joiners do nothing between: Latin, Greek, Cyrillic, CJK, kana, Hangul.
_UNJOINED = (
    "\t\x20-\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u200a\u2010-\u2027\u202f-\u203b\u203d-\u2048\u204a-\u205f"
    "\u3000-\u302f\u3031-\u303c\u303e-\u3098\u309b-\u3296\u3298\u329a-\u9fff\uac00-\ud7a3\uff00-\uffef"
)

# (before, anchor, after): the anchor is suspect between these neighbours; "" is any or none. Of each
# alternative in ftfy.badness.BADNESS_RE the rarest character in clean text is the anchor, and wider
# context is left out, so the table finds all that ftfy finds and little more.
_UNLIKELY: tuple[tuple[str, str, str], ...] = (
    ("", _C1, ""),
    (_ANY + _WIDER_LOWER + _WIDER_UPPER, _BAD, ""),
    ("", _BAD, _ANY),
    (_LOWER + _WIDER_LOWER + _BOX + _CLOSING + _CURRENCY + _NUMERIC, _UPPER, ""),
    ("", _BOX + _CLOSING + _CURRENCY + _NUMERIC, _LOWER),
    (_LOWER + _BOX + _CLOSING, _CURRENCY, ""),
    ("", _UPPER, _CURRENCY + _OPENING + "°"),
    ("", _UPPER + _BOX, _NUMERIC + _LAW),
    (_LOWER + _UPPER + _BOX + _CURRENCY + _CLOSING, _OPENING, _NUMERIC),
    (_LOWER + _UPPER + _BOX + _CURRENCY + _NUMERIC + _LAW, _CLOSING, _OPENING),
    ("", _CURRENCY + _NUMERIC + _BOX, _OPENING),
    ("", _BOX, _FACES + _CLOSING),
    (_LOWER + _UPPER + _CURRENCY + _NUMERIC + _OPENING + _CLOSING + _LAW, _BOX, ""),
    (_LOWER + _UPPER, _OPENING + _CLOSING, r"\w"),
    ("", "Œœ", "^A-Za-z"),
    ("", "ÂÃÎÐ", "€œŠš¢£Ÿž\xa0\xad®©°·»–—´" + _OPENING + _CLOSING),
    ("", "ÂÃ", " "),
    ("", "×", "²³"),
    ("", "ØÙ", _COMMON + _CURRENCY + _BAD + _NUMERIC + _OPENING + "ŸŠ®°µ»"),
    ("à", "²µ¹¼½¾", ""),
    ("", "√", "±∂†≠®™´≤≥¥µø"),
    ("", "≈", "°¢"),
    ("", "‚", "Äâó"),
    ("вВ", "Ђ", ""),
    ("ВГРС", _BAD + _OPENING + _CLOSING + _CURRENCY + "°µ", "ВГРС"),
    ("ΒΓΞΟ", _BAD + _OPENING + _CLOSING + _CURRENCY + "°", "ΒΓΞΟ"),
    ("βā", "€", ""),
)


def _branch(before: str, anchor: str, after: str) -> str:
    """One row of the table as a regular expression that starts after the anchor."""
    seen_before = f"(?<=[{before}].)" if before else ""
    return f"(?<=[{anchor}]){seen_before}" + (f"[{after}]" if after else "")


# One leading set, so that the search skips clean characters in C; the branches look back at what it found.
# A set is fast while it names few characters beyond the BMP: a range stands in for the noncharacters there.
_SUSPECT_ALONE = _INVISIBLE + _ODD_BLANK + _JOINER + "ŒœÂÃ"
_LEADING = (_INVISIBLE + _ODD_BLANK + _JOINER + "".join(anchor for _, anchor, _ in _UNLIKELY)).replace(
    _ASTRAL_NONCHARACTER, "\U0001fffe-\U0010ffff"
)
_LOOSE_BLANK = f"(?<=[{_ODD_BLANK}])(?:[{_BLANK}\r\n]|\\Z|(?<=[{_BLANK}\n].)|(?<=\\A.))|(?<= [–—]\xa0)"
_DAMAGE = (
    f"(?<=[{_INVISIBLE}])"
    f"|(?<=[{_JOINER}])(?:(?<=[{_UNJOINED}{_JOINER}\n].)|(?<=\\A.))"
    f"|(?<=Â)(?:\\Z|[\r\n])"
    f"|{'|'.join(_branch(*row) for row in _UNLIKELY)}"
)
_AT = f"[{_LEADING}](?=[^\x00-\x7f]|(?<=[^\x00-\x7f].)|(?<=[{_SUSPECT_ALONE}]))"
_SUSPECT = re.compile(f"{_AT}(?:{_LOOSE_BLANK}|{_DAMAGE})", re.DOTALL)
_SUSPECT_BEYOND_BLANKS = re.compile(f"{_AT}(?:{_DAMAGE})", re.DOTALL)
_INVISIBLE_SIGN = re.compile(f"[\n\r{_INVISIBLE}{_JOINER}]".replace(_ASTRAL_NONCHARACTER, "\U0001fffe-\U0010ffff"))
_MARK_CANDIDATE = r"[^\w\s\x00-\x7f]"
_SAMPLED_MARKS = re.compile(_MARK_CANDIDATE + "{3}")
_MARK_RUN = re.compile(f"{_MARK_CANDIDATE}{{{MARKS_MAX + 1},}}")
_SAMPLE_STEP = 10  # characters; three samples in a row lie in any run of 31
_FOLDABLE_QUOTE = re.compile("[\u02bc\u2018-\u201f]")
_FOLDABLE_WIDTH = re.compile("[\u3000\uff01-\uffef]+")


def is_suspect(text: str, options: RepairOptions = DEFAULT) -> bool:
    """Whether some repair step could change some line of `text`, a whole page or one line.

    False is a promise: `repair_line` changes no line of it, lines being what `\\n` and `\\r\\n` part.
    True promises nothing. The empty text is not suspect. Costs a few nanoseconds a character.
    """
    if _has_loose_blanks(text):
        return True
    if text.isascii() and "\t" in text and _SUSPECT.search(text) is not None:
        return True
    return _is_damaged(text, options)


def _is_damaged(text: str, options: RepairOptions, signs: Pattern[str] = _SUSPECT) -> bool:
    """Whether `text` may need more than the folding of spaces, and in ASCII of tabs."""
    if text.isascii():
        return len(text.encode().translate(None, _ASCII_CONTROLS)) < len(text)
    return (
        signs.search(text) is not None
        or _may_have_mark_run(text)
        or not unicodedata.is_normalized("NFC", text)
        or (options.quotes == "straight" and _FOLDABLE_QUOTE.search(text) is not None)
        or (options.width == "fold" and _FOLDABLE_WIDTH.search(text) is not None)
    )


def suspect_lines(lines: Sequence[str], options: RepairOptions = DEFAULT) -> list[int]:
    """Return the indices of the lines that some repair step could change, none on most pages.

    `lines` have no space or tab at either end, and no line end in them. Lines in ASCII, nearly all on most
    pages, are quick to clear, so they are looked at apart.
    """
    plain = "\n".join([line for line in lines if line.isascii()])
    other = "\n".join([line for line in lines if not line.isascii()])
    if (
        "  " in plain
        or "  " in other
        or ("\t" in plain and _SUSPECT.search(plain) is not None)
        or _is_damaged(plain, options)
        or (other and _is_damaged(other, options))
    ):
        return [index for index, line in enumerate(lines) if not _is_plain(line) and may_change(line, options)]
    return []


def may_change(line: str, options: RepairOptions = DEFAULT) -> bool:
    """Whether some repair step could change `line`, one line without its line end."""
    return "\n" in line or "\r" in line or is_suspect(line, options)


def _has_loose_blanks(text: str) -> bool:
    """Whether spaces stand double or at the ends of a line, or a carriage return stands alone."""
    return (
        "  " in text
        or " \n" in text
        or "\n " in text
        or text[:1] == " "
        or text[-1:] == " "
        or ("\r" in text and (" \r" in text or text.count("\r") != text.count("\r\n")))
    )


def _may_have_mark_run(text: str) -> bool:
    """Whether `text` may hold more than `MARKS_MAX` combining marks in a row; samples before it looks."""
    return _SAMPLED_MARKS.search(text[::_SAMPLE_STEP]) is not None and _MARK_RUN.search(text) is not None


# --- edits ----------------------------------------------------------------------------------------


class _Change(NamedTuple):
    """`text[start:end]` becomes `after`, in the characters of the text a step was given."""

    start: int
    end: int
    after: str


class _Edit(NamedTuple):
    """`text[start:end]` of the draft stands for `source[source_start:source_end]`."""

    start: int
    end: int
    source_start: int
    source_end: int
    steps: tuple[str, ...]


class _Draft:
    """A line under repair: its text, and where every changed stretch came from."""

    __slots__ = ("edits", "source", "text")

    def __init__(self, source: str) -> None:
        self.source = source
        self.text = source
        self.edits: list[_Edit] = []

    def apply(self, step: str, changes: Iterable[_Change]) -> None:
        """Make `changes`, in order and without overlap, under the name `step`."""
        text = self.text
        real = [change for change in changes if text[change.start : change.end] != change.after]
        if len(real) > SPANS_MAX:
            real = [_covering(text, real)]
        if real:
            self.edits = _composed(self.edits, real, step)
            self.text = _replaced(self.text, real)

    def repairs(self, start: int) -> tuple[Repair, ...]:
        """What was done, in source characters counted from `start`."""
        found = (self._repair(edit, start) for edit in self.edits)
        return tuple(repair for repair in found if repair.before != repair.after)

    def _repair(self, edit: _Edit, start: int) -> Repair:
        before, after = self.source[edit.source_start : edit.source_end], self.text[edit.start : edit.end]
        return _tight("+".join(edit.steps), start + edit.source_start, before, after)


def _tight(step: str, start: int, before: str, after: str) -> Repair:
    """The repair of `before`, which stands at `start`, without what both have in common at the ends."""
    head, tail = _shared_ends(before, after)
    end = len(before) - tail
    return Repair(step, start + head, start + end, before[head:end], after[head : len(after) - tail])


def _covering(text: str, changes: Sequence[_Change]) -> _Change:
    """One change from the first to the last of `changes`."""
    start, end = changes[0].start, changes[-1].end
    inner = (_Change(change.start - start, change.end - start, change.after) for change in changes)
    return _Change(start, end, _replaced(text[start:end], inner))


def _replaced(text: str, changes: Iterable[_Change]) -> str:
    """`text` with all changes made."""
    pieces: list[str] = []
    position = 0
    for start, end, after in changes:
        pieces += (text[position:start], after)
        position = end
    pieces.append(text[position:])
    return "".join(pieces)


def _composed(edits: Sequence[_Edit], changes: Sequence[_Change], step: str) -> list[_Edit]:
    """The edits from the source to the text after `changes`; what overlaps is joined into one edit."""
    if not edits:
        return _first_edits(changes, step)
    composed: list[_Edit] = []
    to_source = to_after = 0
    for start, end, cluster in _clusters(edits, changes):
        source_start, after_start = start + to_source, start + to_after
        names: list[str] = []
        for item in cluster:
            if isinstance(item, _Edit):
                names += item.steps
                to_source += (item.source_end - item.source_start) - (item.end - item.start)
            else:
                to_after += len(item.after) - (item.end - item.start)
        touched = any(isinstance(item, _Change) for item in cluster)
        steps = tuple(dict.fromkeys([*names, step] if touched else names))
        composed.append(_Edit(after_start, end + to_after, source_start, end + to_source, steps))
    return composed


def _first_edits(changes: Sequence[_Change], step: str) -> list[_Edit]:
    """The changes of the first step that makes any, as edits."""
    edits: list[_Edit] = []
    to_after = 0
    for start, end, after in changes:
        after_start = start + to_after
        to_after += len(after) - (end - start)
        edits.append(_Edit(after_start, end + to_after, start, end, (step,)))
    return edits


def _clusters(edits: Sequence[_Edit], changes: Sequence[_Change]) -> Iterator[tuple[int, int, list[_Edit | _Change]]]:
    """What overlaps, gathered: start and end of each stretch, and the edits and changes in it, in order."""
    items: list[_Edit | _Change] = sorted((*edits, *changes), key=_beginning)
    start, end, cluster = 0, 0, items[:0]
    for item in items:
        if cluster and item.start < end:
            cluster.append(item)
            end = max(end, item.end)
            continue
        if cluster:
            yield start, end, cluster
        start, end, cluster = item.start, item.end, [item]
    if cluster:
        yield start, end, cluster


def _beginning(item: _Edit | _Change) -> tuple[int, bool]:
    """Where an item begins; an empty edit comes before what begins at the same place."""
    return item.start, item.end > item.start


def _shared_ends(before: str, after: str) -> tuple[int, int]:
    """How many characters both share at the beginning, and of the rest at the end."""
    if before[:1] != after[:1] and before[-1:] != after[-1:]:
        return 0, 0
    head = _common_prefix(before, after)
    return head, _common_suffix(before[head:], after[head:])


def _common_prefix(left: str, right: str) -> int:
    """Length of the common prefix, by halving, so that long texts are compared in C."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if left[low:middle] == right[low:middle] else (low, middle - 1)
    return low


def _common_suffix(left: str, right: str) -> int:
    """Length of the common suffix, by halving."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        same = left[len(left) - middle : len(left) - low] == right[len(right) - middle : len(right) - low]
        low, high = (middle, high) if same else (low, middle - 1)
    return low


def source_offset(steps: Sequence[Repair], start: int, position: int) -> int:
    """Where character `position` of a repaired line stands in the decoded source.

    `steps` and `start` are those of `repair_line`. A position inside a replaced stretch is the start of
    that stretch; one just after a removed stretch is the end of it. Grows with `position`; without steps
    it is `start + position`.
    """
    shift = start
    for step in steps:
        begin = step.start - shift
        if position < begin:
            break
        if position < begin + len(step.after):
            return step.start
        shift += len(step.before) - len(step.after)
    return position + shift


# --- steps that are one expression ----------------------------------------------------------------


def _sub(pattern: Pattern[str], after: str | Callable[[Match[str]], str]) -> Callable[[str], Iterator[_Change]]:
    """A step that replaces every match of `pattern`."""

    def changes(text: str) -> Iterator[_Change]:
        for match in pattern.finditer(text):
            yield _Change(match.start(), match.end(), after if isinstance(after, str) else after(match))

    return changes


def _cap_marks(match: Match[str]) -> str:
    """The run with no more than `MARKS_MAX` combining marks in a row."""
    kept, count = [], 0
    for character in match[0]:
        count = count + 1 if unicodedata.combining(character) else 0
        if count <= MARKS_MAX:
            kept.append(character)
    return "".join(kept)


def _join_surrogates(match: Match[str]) -> str:
    """Pairs joined, lone surrogates replaced."""
    return match[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_HAS_RTL = re.compile(f"[{_RTL}]")
_JOINERS_BESIDE = re.compile(f"(?:(?<=[{_UNJOINED}])|\\A)[{_JOINER}]+(?=[{_UNJOINED}]|\\Z)|([{_JOINER}])\\1+")
_STRAY_NEXT_LINE = re.compile("(?<![\x80-\u017f])\x85")
_OTHER_C1 = re.compile("[\x80-\x84\x86-\x9f]")


def _next_line_to_space(text: str) -> Iterator[_Change]:
    """U+0085, unless it follows a Latin letter or sign, or stands among other C1 codes: then it is damage."""
    if "\x85" in text and not _OTHER_C1.search(text):
        yield from _sub(_STRAY_NEXT_LINE, " ")(text)


def _drop_bidi(text: str) -> Iterator[_Change]:
    """Bidi controls without effect: all of them in a left-to-right line, those at the ends of another."""
    edge = _BIDI_SET + _BLANK_SET
    last = len(text.rstrip(edge)) if _HAS_RTL.search(text) else 0
    lead = _LEADING_RTL_MARKS.match(text)
    for match in _BIDI_RUN.finditer(text):
        if match.start() >= last or (lead and match.end() <= lead.end()):
            yield _Change(match.start(), match.end(), "")


def _trim(text: str) -> Iterator[_Change]:
    """Blanks at either end."""
    lead = len(text) - len(text.lstrip(_BLANK_SET))
    yield _Change(0, lead, "")
    if lead < len(text):
        yield _Change(len(text.rstrip(_BLANK_SET)), len(text), "")


def _compose(text: str) -> Iterator[_Change]:
    """Canonical composition, word by word: a space composes with nothing."""
    if unicodedata.is_normalized("NFC", text):
        return
    for match in _WORD.finditer(text):
        if not match[0].isascii():
            yield _Change(match.start(), match.end(), unicodedata.normalize("NFC", match[0]))


_BLANK_SET = " \t\xa0" + "".join(map(chr, range(0x2000, 0x200B))) + "\u202f\u205f\u3000"
_BIDI_SET = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_BIDI_RUN = re.compile(f"[{_BIDI}]+")
_LEADING_RTL_MARKS = re.compile(f"[\u061c\u200f]+(?=[{_RTL}])")
_WORD = re.compile("[^ ]+")
_NON_ASCII = re.compile("([^\x00-\x7f]+)")


# --- mojibake -------------------------------------------------------------------------------------


class _Ftfy(NamedTuple):
    """The pieces of ftfy that are used; its loops are not, as they have no bound."""

    is_bad: Callable[[str], bool]
    encodings: Sequence[str]
    embedded: Pattern[str]
    altered: Pattern[bytes]
    restore_byte_a0: Callable[[bytes], bytes]
    replace_lossy_sequences: Callable[[bytes], bytes]
    fix_c1_controls: Callable[[str], str]
    tidying: Sequence[Callable[[str], str]]


@cache
def _ftfy() -> _Ftfy:
    """Import ftfy when the first suspect line turns up; it takes about 60 ms."""
    from ftfy import chardata, fixes  # noqa: PLC0415
    from ftfy.badness import is_bad  # noqa: PLC0415

    return _Ftfy(
        is_bad,
        chardata.CHARMAP_ENCODINGS,
        chardata.UTF8_DETECTOR_RE,
        chardata.ALTERED_UTF8_RE,
        fixes.restore_byte_a0,
        fixes.replace_lossy_sequences,
        fixes.fix_c1_controls,
        (
            fixes.fix_c1_controls,
            fixes.fix_line_breaks,
            fixes.fix_surrogates,
            fixes.remove_terminal_escapes,
            fixes.remove_control_chars,
        ),
    )


def undo_mojibake(text: str) -> str:
    """`text`, one line, as ftfy repairs it with its encoding steps, C1, surrogates, controls and NFC on.

    Equal to `ftfy.fix_and_explain` with entities, ligatures, widths and quotes off, except that what
    takes more than `LAYERS_MAX` rounds is returned as it came, that no more than `MARKS_MAX` marks are left
    in a row, and that time is linear in the length.
    """
    result = text
    for _ in range(LAYERS_MAX if len(text) < LONG_LINE else LAYERS_MAX_LONG):
        before = result
        result = _tidied(_decoded(result))
        if result == before:
            return result
    return text


def _tidied(text: str) -> str:
    """What ftfy does to a text after its encoding is repaired."""
    if _INVISIBLE_SIGN.search(text):
        for fix in _ftfy().tidying:
            text = fix(text)
    if _may_have_mark_run(text):
        text = _MARK_RUN.sub(_cap_marks, text)
    return unicodedata.normalize("NFC", text)


def _decoded(text: str) -> str:
    """`text` with layer after layer of mojibake peeled off, unchanged where that does not end."""
    result = text
    for _ in range(LAYERS_MAX if len(text) < LONG_LINE else LAYERS_MAX_LONG):
        before = result
        result = _peeled(result)
        if result == before:
            return result
    return text


def _peeled(text: str) -> str:
    """`text` with one layer of mojibake peeled off; mirrors one step of `ftfy.fix_encoding_and_explain`."""
    if text.isascii() or not _SUSPECT.search(text) or not _ftfy().is_bad(text):
        return text
    reread = _reread_whole(text)
    if reread is not None:
        return reread
    embedded = _reread_embedded(text)
    if embedded != text:
        return embedded
    return _c1_as_windows_1252(text)


def _reread_whole(text: str) -> str | None:
    """The whole text encoded as it was wrongly decoded, and decoded as UTF-8; None where none fits."""
    for encoding in _ftfy().encodings:
        try:
            return _reread(text.encode(encoding), encoding)
        except UnicodeError:
            continue
    return None


def _reread(raw: bytes, encoding: str) -> str:
    """`raw` as UTF-8, after putting back what the wrong `encoding` commonly loses."""
    tools = _ftfy()
    if encoding != "macroman" and tools.altered.search(raw):
        raw = tools.restore_byte_a0(raw)
    if encoding.startswith("sloppy"):
        raw = tools.replace_lossy_sequences(raw)
    if b"\xed" not in raw and b"\xc0" not in raw:
        return raw.decode("utf-8")
    # CESU-8 and Java's zero; the codec of ftfy for it is quadratic.
    text = raw.replace(b"\xc0\x80", b"\x00").decode("utf-8", "surrogatepass")
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def _reread_embedded(text: str) -> str:
    """The stretches of `text` that look like UTF-8 read wrongly, each repaired by itself."""

    def repaired(match: Match[str]) -> str:
        piece = match[0]
        if len(piece) == len(text):
            return piece
        return _repaired_piece(piece) if len(piece) <= CACHED_LENGTH_MAX else _repaired_piece.__wrapped__(piece)

    return _ftfy().embedded.sub(repaired, text)


@lru_cache(maxsize=4096)
def _repaired_piece(piece: str) -> str:
    """An embedded piece repaired, if it looks bad by itself."""
    return _decoded(piece) if _ftfy().is_bad(piece) else piece


def _c1_as_windows_1252(text: str) -> str:
    """Latin-1 that was meant as Windows-1252: as a whole, or failing that each C1 code by itself."""
    try:
        return text.encode("latin-1").decode("windows-1252")
    except UnicodeError:
        return _ftfy().fix_c1_controls(text)


def _mojibake(text: str) -> Iterator[_Change]:
    """Mojibake undone, in as small stretches as the ASCII between them allows."""
    if not text.isascii() and _SUSPECT.search(text):
        undone = undo_mojibake(text)
        if undone != text or _ftfy().is_bad(undone):
            undone = _COMPANION.sub(_reread_companion, undone)
        yield from _aligned(text, undone)


# Pairs that ftfy leaves on a mixed line, as they alone are too weak a sign: accented Latin letters, U+00C0
# to U+023F, read as Windows-1252. Beside other mojibake and inside a word they are no accident.
_TRAILING_1252 = "\xa0-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_COMPANION = re.compile(f"(?<=[^\\W\\d_])[ÃÄÅÆÈ][{_TRAILING_1252}]|[ÃÄÅÆÈ][{_TRAILING_1252}](?=[^\\W\\d_])")


def _reread_companion(match: Match[str]) -> str:
    """One such pair as the letter it stands for."""
    letter = match[0].encode("cp1252").decode("utf-8")
    return letter if letter.isalpha() else match[0]


# A closing quote, U+201D, ends in a byte that Windows-1252 does not define, so it is the one that strict
# decoders lose. Where the byte left no trace, an opening quote earlier in the line is asked for.
_LOST_QUOTE_SIGN = "â€"
_LOST_QUOTE = re.compile("(?<=\\S)â€\ufffd")
_DROPPED_QUOTE = re.compile(f'(?<=\\S)â€(?!["{_TRAILING_1252}\x80-\x9f])')


def _lost_quotes(text: str) -> Iterator[_Change]:
    """Closing quotes of which the last byte was lost."""
    if _LOST_QUOTE_SIGN not in text:
        return
    yield from _sub(_LOST_QUOTE, "”")(text)


def _dropped_quotes(text: str) -> Iterator[_Change]:
    """Closing quotes of which the last byte was dropped, after an opening one on the same line."""
    opening = text.find("â€œ")
    if opening < 0:
        return
    for match in _DROPPED_QUOTE.finditer(text, opening + len("â€œ")):
        yield _Change(match.start(), match.end(), "”")


def _aligned(before: str, after: str) -> Iterator[_Change]:
    """What turns `before` into `after`, found by what both share: runs of ASCII, else spaces, else the ends."""
    if before == after:
        return
    for split in (_NON_ASCII.split, _SPACED.split):
        old, new = split(before), split(after)
        if old[::2] == new[::2]:
            yield from _pairwise(old, new)
            return
    yield _Change(0, len(before), after)


def _pairwise(old: list[str], new: list[str]) -> Iterator[_Change]:
    """The changes between two splits of the same shape."""
    position = 0
    for before, after in zip(old, new, strict=True):
        if before != after:
            yield _Change(position, position + len(before), after)
        position += len(before)


_SPACED = re.compile("([^ ]+)")


# --- the whole line -------------------------------------------------------------------------------

_SPACES = re.compile("[ \t]{2,}")
_DASH_NO_BREAK = re.compile("(?<= [–—])\xa0")
_DEBRIS = re.compile("(?<=[0-9a-z.,;:!?)\\]%\"'”’»])Â(?=[ ]|\\Z)")

_Step = tuple[str, Callable[[str], Iterable[_Change]]]

_FIRST: tuple[_Step, ...] = (
    ("surrogates", _sub(re.compile("[\ud800-\udfff]+"), _join_surrogates)),
    ("control-characters", _sub(re.compile(f"\x1b\\[[0-9;]*[a-zA-Z]|[{_CONTROL}]+"), "")),
    ("fold-spaces", _sub(re.compile(f"[{_HIDDEN_BREAK}]"), " ")),
    ("zero-width", _sub(re.compile(f"[{_ZERO_WIDTH}]+"), "")),
    ("fold-spaces", _next_line_to_space),
    ("combining-run", _sub(_MARK_RUN, _cap_marks)),
)
_ENCODING: tuple[_Step, ...] = (
    ("compose", _compose),
    ("mojibake", _lost_quotes),
    ("mojibake", _dropped_quotes),
    ("mojibake", _mojibake),
    ("mojibake", _sub(_DEBRIS, "")),
)
_INVISIBLES: tuple[_Step, ...] = (
    ("zero-width", _sub(re.compile(f"[\xad{_ZERO_WIDTH}]+"), "")),
    ("zero-width", _sub(_JOINERS_BESIDE, lambda match: match[1] or "")),
    ("bidi-controls", _drop_bidi),
)
_BLANKS: tuple[_Step, ...] = (
    ("fold-spaces", _trim),
    ("fold-spaces", _sub(re.compile(f"[{_BLANK}]{{2,}}"), " ")),
    ("fold-spaces", _sub(_DASH_NO_BREAK, " ")),
)
_QUOTES: _Step = ("quotes", _sub(_FOLDABLE_QUOTE, lambda match: '"' if match[0] >= "\u201c" else "'"))
_WIDTH: _Step = ("width", _sub(_FOLDABLE_WIDTH, lambda match: unicodedata.normalize("NFKC", match[0])))


def repair_line(text: str, start: int = 0, options: RepairOptions = DEFAULT) -> tuple[str, tuple[Repair, ...]]:
    r"""Repair one physical line, given without its line end, and explain what was done.

    `start` is the offset of the line in the decoded source, in characters. Returns the repaired line and
    the repairs in order, without overlap; putting each `after` in place of its span gives the repaired
    line. A clean line comes back as it is with no repairs, so does the empty one. Never raises, takes
    time linear in the length, and repairing the result again changes nothing.

    >>> repair_line("It\u00e2\u20ac\u2122s  here")[0]
    'It’s here'
    """
    if _is_plain(text) or not may_change(text, options):
        return text, ()
    if "\n" not in text and "\r" not in text and not _is_damaged(text, options, _SUSPECT_BEYOND_BLANKS):
        if text.isascii() and len(text) <= SPANS_MAX:
            return _spaces_folded(text, start)
        draft = _Draft(text)
        _run(draft, _BLANKS)
        if not may_change(draft.text, options):
            return draft.text, draft.repairs(start)
    draft = _settled(text, options)
    return draft.text, draft.repairs(start)


def _is_plain(text: str) -> bool:
    """Whether `text` is printable ASCII without a loose space: most lines are, and this is the quickest to ask."""
    return text.isascii() and text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " "


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
        repairs += (_tight("fold-spaces", start + match.start(), match[0], " ") for match in runs)
    if tail < len(text):
        repairs.append(Repair("fold-spaces", start + tail, start + len(text), text[tail:], ""))
    return folded, tuple(repairs)


def _settled(text: str, options: RepairOptions) -> _Draft:
    """The draft after as many passes as it takes until another changes nothing.

    Idempotent by construction: a settled text is one that a pass leaves alone. A text that does not
    settle within `PASSES_MAX` gets the first steps only. They are idempotent and every pass begins with
    them, so repairing that result runs through the same texts, does not settle either, and ends there.
    """
    draft = _Draft(text)
    for _ in range(PASSES_MAX):
        before = draft.text
        _run_first(draft)
        _run(draft, _later_steps(draft.text, options))
        if draft.text == before or not may_change(draft.text, options):
            return draft
    draft = _Draft(text)
    _run_first(draft)
    return draft


def _run_first(draft: _Draft) -> None:
    """The first steps, where the text shows any sign that one of them has work."""
    if _INVISIBLE_SIGN.search(draft.text) or _may_have_mark_run(draft.text):
        _run(draft, _FIRST)


def _later_steps(text: str, options: RepairOptions) -> Iterator[_Step]:
    """The steps after the first that have work on `text`. What these uncover is left to the next pass."""
    if not text.isascii():
        yield from _ENCODING
        if _INVISIBLE_SIGN.search(text):
            yield from _INVISIBLES
    if options.quotes == "straight":
        yield _QUOTES
    if options.width == "fold":
        yield _WIDTH
    yield from _BLANKS


def _run(draft: _Draft, steps: Iterable[_Step]) -> None:
    """Apply `steps` to `draft`, one after the other."""
    for name, changes in steps:
        draft.apply(name, changes(draft.text))
