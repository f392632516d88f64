"""Build the table of character classes that ships with the weights.

It is made once, here, and not from `unicodedata` at run time: another Python brings another version
of Unicode, and the same page must give the same features everywhere.
"""

from __future__ import annotations

import unicodedata

import numpy as np

from scrubber.tagger.tokens import HIGHEST, Characters, Kind

UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3040, 0x30FF),  # kana
    (0x3400, 0x4DBF),  # han
    (0x4E00, 0x9FFF),  # han
    (0xF900, 0xFAFF),  # han
    (0xFF66, 0xFF9F),  # half-width kana
    (0x20000, HIGHEST),  # han
)
"""Letters of scripts that put no blank between words, first and last code point."""

# Written as escapes: many of these look alike.
ENDS = ".!?\u3002\uff01\uff1f\uff0e\uff61\u061f\u06d4\u0589\u0964\u0965\u1362\u17d6\u203c\u2047\u2048\u2049\u10fb"
COMMAS = ",;\u060c\u061b\u3001\uff0c\uff1b\uff64\u00b7"
COLONS = ":\uff1a"
QUOTES = (
    "\"'\u00ab\u00bb\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2039\u203a\u300c\u300d\u300e\u300f"
    "\u301d\u301e\uff02\uff07"
)
BARS = (
    "|/\\\u2022\u2023\u25e6\u25aa\u25ab\u25a0\u25a1\u25cf\u25cb\u25ba\u25b6\u25b8\u2192\u2190\u203a\u00bb"
    ">*~^\u2502\uff5c\u30fb+="
)
KINDS = {
    **dict.fromkeys(COMMAS, Kind.COMMA),
    **dict.fromkeys(COLONS, Kind.COLON),
    **dict.fromkeys(BARS, Kind.BAR),
    **dict.fromkeys(QUOTES, Kind.QUOTE),
    **dict.fromkeys(ENDS, Kind.END),
    "…": Kind.ELLIPSIS,
    "_": Kind.LETTER,
}
BY_CATEGORY = {
    "Ll": Kind.LOWER,
    "Lu": Kind.UPPER,
    "Lt": Kind.UPPER,
    "Lo": Kind.LETTER,
    "Lm": Kind.LETTER,
    "Mn": Kind.LETTER,
    "Mc": Kind.LETTER,
    "Nd": Kind.DIGIT,
    "Nl": Kind.DIGIT,
    "No": Kind.DIGIT,
    "Pd": Kind.DASH,
    "Ps": Kind.BRACKET,
    "Pe": Kind.BRACKET,
    "Pi": Kind.QUOTE,
    "Pf": Kind.QUOTE,
    "Sc": Kind.CURRENCY,
    "So": Kind.SYMBOL,
    "Sm": Kind.SYMBOL,
    "Sk": Kind.SYMBOL,
    "Po": Kind.OTHER_MARK,
    "Pc": Kind.OTHER_MARK,
}


def kind_of(code: int) -> Kind:
    """The class of one code point."""
    character = chr(code)
    if character in KINDS:
        return KINDS[character]
    if character.isspace():
        return Kind.BLANK
    category = unicodedata.category(character)
    if category[0] in "LM" and any(first <= code <= last for first, last in UNSPACED):
        return Kind.UNSPACED
    return BY_CATEGORY.get(category, Kind.CONTROL)


def folded(code: int) -> int:
    """The code point a token is hashed with: lower case, every digit as "0"."""
    character = chr(code)
    if unicodedata.category(character) == "Nd":
        return ord("0")
    lower = character.lower()
    return ord(lower) if len(lower) == 1 else code


def build() -> Characters:
    """Build the table for this Python's version of Unicode."""
    codes = range(HIGHEST + 1)
    kinds = np.fromiter((kind_of(code) for code in codes), dtype=np.uint8)
    lower = np.fromiter((folded(code) for code in codes), dtype=np.uint32)
    return Characters(kinds, lower)
