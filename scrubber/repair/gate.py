"""Whether text may need repair at all: a few looks at a whole page clear nearly all of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from re import Pattern

from scrubber.repair.characters import (
    ANY,
    ASTRAL_NONCHARACTER,
    BAD,
    BLANK,
    BOX,
    C1,
    CLOSING,
    COMMON,
    CURRENCY,
    FACES,
    INVISIBLE,
    JOINER,
    LAW,
    LOWER,
    NUMERIC,
    ODD_BLANK,
    OPENING,
    UNJOINED,
    UPPER,
    WIDER_LOWER,
    WIDER_UPPER,
)
from scrubber.repair.marks import may_have_mark_run
from scrubber.repair.options import DEFAULT, RepairOptions

_ASCII_CONTROLS = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])

# (before, anchor, after): the anchor is suspect between these neighbours; "" is any or none. Of each
# alternative in ftfy.badness.BADNESS_RE the rarest character in clean text is the anchor, and wider
# context is left out, so the table finds all that ftfy finds and little more.
_UNLIKELY: tuple[tuple[str, str, str], ...] = (
    ("", C1, ""),
    (ANY + WIDER_LOWER + WIDER_UPPER, BAD, ""),
    ("", BAD, ANY),
    (LOWER + WIDER_LOWER + BOX + CLOSING + CURRENCY + NUMERIC, UPPER, ""),
    ("", BOX + CLOSING + CURRENCY + NUMERIC, LOWER),
    (LOWER + BOX + CLOSING, CURRENCY, ""),
    ("", UPPER, CURRENCY + OPENING + "°"),
    ("", UPPER + BOX, NUMERIC + LAW),
    (LOWER + UPPER + BOX + CURRENCY + CLOSING, OPENING, NUMERIC),
    (LOWER + UPPER + BOX + CURRENCY + NUMERIC + LAW, CLOSING, OPENING),
    ("", CURRENCY + NUMERIC + BOX, OPENING),
    ("", BOX, FACES + CLOSING),
    (LOWER + UPPER + CURRENCY + NUMERIC + OPENING + CLOSING + LAW, BOX, ""),
    (LOWER + UPPER, OPENING + CLOSING, r"\w"),
    ("", "Œœ", "^A-Za-z"),
    ("", "ÂÃÎÐ", "€œŠš¢£Ÿž\xa0\xad®©°·»–—´" + OPENING + CLOSING),
    ("", "ÂÃ", " "),
    ("", "×", "²³"),
    ("", "ØÙ", COMMON + CURRENCY + BAD + NUMERIC + OPENING + "ŸŠ®°µ»"),
    ("à", "²µ¹¼½¾", ""),
    ("", "√", "±∂†≠®™´≤≥¥µø"),
    ("", "≈", "°¢"),
    ("", "‚", "Äâó"),
    ("вВ", "Ђ", ""),
    ("ВГРС", BAD + OPENING + CLOSING + CURRENCY + "°µ", "ВГРС"),
    ("ΒΓΞΟ", BAD + OPENING + CLOSING + CURRENCY + "°", "ΒΓΞΟ"),
    ("βā", "€", ""),
)


def _branch(before: str, anchor: str, after: str) -> str:
    """One row of the table as a regular expression that starts after the anchor."""
    seen_before = f"(?<=[{before}].)" if before else ""
    return f"(?<=[{anchor}]){seen_before}" + (f"[{after}]" if after else "")


# One leading set, so that the search skips clean characters in C; the branches look back at what it found.
# A set is fast while it names few characters beyond the BMP: a range stands in for the noncharacters there.
_SUSPECT_ALONE = INVISIBLE + ODD_BLANK + JOINER + "ŒœÂÃ"
_LEADING = (INVISIBLE + ODD_BLANK + JOINER + "".join(anchor for _, anchor, _ in _UNLIKELY)).replace(
    ASTRAL_NONCHARACTER, "\U0001fffe-\U0010ffff"
)
_LOOSE_BLANK = f"(?<=[{ODD_BLANK}])(?:[{BLANK}\r\n]|\\Z|(?<=[{BLANK}\n].)|(?<=\\A.))|(?<= [–—]\xa0)"
_DAMAGE = (
    f"(?<=[{INVISIBLE}])"
    f"|(?<=[{JOINER}])(?:(?<=[{UNJOINED}{JOINER}\n].)|(?<=\\A.))"
    f"|(?<=Â)(?:\\Z|[\r\n])"
    f"|{'|'.join(_branch(*row) for row in _UNLIKELY)}"
)
_AT = f"[{_LEADING}](?=[^\x00-\x7f]|(?<=[^\x00-\x7f].)|(?<=[{_SUSPECT_ALONE}]))"
SUSPECT = re.compile(f"{_AT}(?:{_LOOSE_BLANK}|{_DAMAGE})", re.DOTALL)
SUSPECT_BEYOND_BLANKS = re.compile(f"{_AT}(?:{_DAMAGE})", re.DOTALL)
INVISIBLE_SIGN = re.compile(f"[\n\r{INVISIBLE}{JOINER}]".replace(ASTRAL_NONCHARACTER, "\U0001fffe-\U0010ffff"))
FOLDABLE_QUOTE = re.compile("[\u02bc\u2018-\u201f]")
FOLDABLE_WIDTH = re.compile("[\u3000\uff01-\uffef]+")


def is_suspect(text: str, options: RepairOptions = DEFAULT) -> bool:
    """Whether some repair step could change some line of `text`, a whole page or one line.

    False is a promise: `repair_line` changes no line of it, lines being what `\\n` and `\\r\\n` part.
    True promises nothing. The empty text is not suspect. Costs a few nanoseconds a character.
    """
    if _has_loose_blanks(text):
        return True
    if text.isascii() and "\t" in text and SUSPECT.search(text) is not None:
        return True
    return is_damaged(text, options)


def is_damaged(text: str, options: RepairOptions, signs: Pattern[str] = SUSPECT) -> bool:
    """Whether `text` may need more than the folding of spaces, and in ASCII of tabs.

    With `SUSPECT_BEYOND_BLANKS` for `signs`: more than the folding of blanks of any kind.
    """
    if text.isascii():
        return len(text.encode().translate(None, _ASCII_CONTROLS)) < len(text)
    return (
        signs.search(text) is not None
        or may_have_mark_run(text)
        or not unicodedata.is_normalized("NFC", text)
        or (options.quotes == "straight" and FOLDABLE_QUOTE.search(text) is not None)
        or (options.width == "fold" and FOLDABLE_WIDTH.search(text) is not None)
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
        or ("\t" in plain and SUSPECT.search(plain) is not None)
        or is_damaged(plain, options)
        or (other and is_damaged(other, options))
    ):
        return [index for index, line in enumerate(lines) if not is_plain(line) and may_change(line, options)]
    return []


def may_change(line: str, options: RepairOptions = DEFAULT) -> bool:
    """Whether some repair step could change `line`, one line without its line end."""
    return "\n" in line or "\r" in line or is_suspect(line, options)


def is_plain(text: str) -> bool:
    """Whether `text` is printable ASCII without a loose space: most lines are, and this is the quickest to ask."""
    return text.isascii() and text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " "


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
