"""What two lines of a site can have in common: the whole text, or its shape with some of it varying.

A shape is what stays of a line when numbers, dates, names or all behind a separator are taken for a slot. Lines
of one shape are one rule: `selector` turns them into what a site file says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from hashlib import blake2b
from typing import NamedTuple

MOST_CHARS = 1_000
"""Characters. A longer line is running text or data; as a rule nobody could review it."""

MOST_SHAPED_CHARS = 200
"""Characters. In a longer line nothing varies that a stamp, a counter or a prompt has."""

MOST_WORDS = 10
"""Words, numbers included, of a line that may be a stamp or a name: dates with a time have up to eight."""

MOST_NAMES = 4
"""Capitalised words that may be one name, or two with a word between them."""

MOST_PREFIX = 40
"""Characters that may stand before a separator: a prompt or a site's name, not a clause."""

LEAST_LETTERS = 3
"""Letters of a fixed part: less is no more than punctuation."""

MOST_DOTS = 20
"""Full stops of a line: rows of them are leaders of a table, and site files allow few on a line."""

SLOT = "\0"
"""What stands for a number in the rest of a shape; a line that holds it has no shape."""

NUMBER = re.compile(r"\d[\d.,:]*")
_TOKEN = re.compile(r"\d[\d.,:]*|[^\W\d_]+")
_SEPARATOR = re.compile(r"[:：] ?| [|>»›/·•–—-] ")
_SPECIAL = re.compile(r"[\\.+*?()|\[\]{}^$]")


class Kind(StrEnum):
    """What varies in a line; in the order in which they are tried, the surest first."""

    NOTHING = "nothing"
    NUMBERS = "numbers"
    BEHIND = "behind"  # what follows the first separator
    BEFORE = "before"  # what stands before the last separator
    NAMES = "names"
    STAMP = "stamp"  # numbers and the words between them, such as months


class Shape(NamedTuple):
    """What varies in a line, and what is left of it."""

    kind: Kind
    rest: str


class Selector(NamedTuple):
    """What a rule says of a line: either `line` or `match` of a site file."""

    line: str | None = None
    match: str | None = None


def shapes(text: str) -> Iterator[Shape]:
    """Yield every shape of a line, the whole text first; nothing for one that no rule could show to a person."""
    if len(text) > MOST_CHARS or not _can_be_written(text):
        return
    yield Shape(Kind.NOTHING, text)
    for kind, reduce in _REDUCED.items() if len(text) <= MOST_SHAPED_CHARS else ():
        if rest := reduce(text):
            yield Shape(kind, rest)


def hash_of(shape: Shape) -> int:
    """Return 64 bits that are the same on every platform and in every run."""
    packed = f"{shape.kind}\0{shape.rest}".encode()
    return int.from_bytes(blake2b(packed, digest_size=8).digest(), "little")


def selector(shape: Shape, texts: Sequence[str]) -> Selector:
    """Return what a rule says to match lines of a shape; `texts` are some of them, at least one."""
    return _SELECTORS[shape.kind](shape.rest, texts)


def quote(text: str) -> str:
    r"""Return a regular expression for a text: what RE2 has a meaning for gets a backslash, nothing else.

    >>> quote("Name (first) *")
    'Name \\(first\\) \\*'
    """
    return _SPECIAL.sub(r"\\\g<0>", text)


def _can_be_written(text: str) -> bool:
    """Tell whether a text can be written into a site file: lone surrogates and rows of full stops can't."""
    if SLOT in text or text.count(".") > MOST_DOTS:
        return False
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)


# --- what is left of a line ------------------------------------------------------------------------


def _numbers(text: str) -> str:
    rest, count = NUMBER.subn(SLOT, text)
    return rest if count > 1 or (count and _letters(rest)) else ""


def _behind(text: str) -> str:
    found = _SEPARATOR.search(text, 0, MOST_PREFIX)
    if found is None or found.end() == len(text) or found[0] == ":":
        return ""
    return text[: found.end()] if _letters(text[: found.start()]) >= LEAST_LETTERS else ""


def _before(text: str) -> str:
    found = list(_SEPARATOR.finditer(text, max(len(text) - MOST_PREFIX, 1)))
    if not found or found[-1][0].strip() in {":", "："}:
        return ""
    last = found[-1]
    return text[last.start() :] if _letters(text[last.end() :]) >= LEAST_LETTERS else ""


def _names(text: str) -> str:
    first, *rest = text.split(" ")
    named = 1 <= len(rest) <= MOST_NAMES and all(word[:1].isupper() and word[-1].isalpha() for word in rest)
    return first if named and first[:1].isalpha() else ""


def _stamp(text: str) -> str:
    tokens = _TOKEN.findall(text)
    numbers = sum(token[0].isdigit() for token in tokens)
    if numbers < 2 or len(tokens) > MOST_WORDS or numbers == len(tokens):  # noqa: PLR2004 - a day and a year
        return ""
    return _TOKEN.sub(lambda found: SLOT if found[0][0].isdigit() else "W", text)


_REDUCED: dict[Kind, Callable[[str], str]] = {
    Kind.NUMBERS: _numbers,
    Kind.BEHIND: _behind,
    Kind.BEFORE: _before,
    Kind.NAMES: _names,
    Kind.STAMP: _stamp,
}


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


# --- what a rule says of it ------------------------------------------------------------------------


def _whole(rest: str, _: Sequence[str]) -> Selector:
    return Selector(line=rest) if "*" not in rest else Selector(match=f"^{quote(rest)}$")


def _with_numbers(rest: str, texts: Sequence[str]) -> Selector:
    return Selector(match=f"^{_digits(texts).join(map(quote, rest.split(SLOT)))}$")


def _with_end(rest: str, _: Sequence[str]) -> Selector:
    return Selector(line=f"{rest}*") if "*" not in rest else Selector(match=f"^{quote(rest)}")


def _with_beginning(rest: str, _: Sequence[str]) -> Selector:
    return Selector(line=f"*{rest}") if "*" not in rest else Selector(match=f"{quote(rest)}$")


def _with_names(rest: str, _: Sequence[str]) -> Selector:
    return Selector(match=rf"^{quote(rest)}( \p{{Lu}}\S*){{1,{MOST_NAMES}}}$")


def _with_words(_: str, texts: Sequence[str]) -> Selector:
    """Return an expression in which each word stands as it is if it always does, else any word does."""
    number, rows = _digits(texts), [_TOKEN.findall(text) for text in texts]
    columns = [sorted(set(column)) for column in zip(*rows, strict=True)]
    tokens = iter(
        number if column[0][0].isdigit() else quote(column[0]) if len(column) == 1 else r"[\pL\pM]+"
        for column in columns
    )
    between = _TOKEN.split(texts[0])
    return Selector(match="^" + "".join(quote(gap) + next(tokens, "") for gap in between) + "$")


def _digits(texts: Sequence[str]) -> str:
    """Return an expression for a number in the digits that some texts use."""
    digits = (character for text in texts for character in text if character.isdigit())
    return r"\d[\d.,:]*" if all(map(str.isascii, digits)) else r"\p{Nd}[\p{Nd}.,:]*"


_SELECTORS: dict[Kind, Callable[[str, Sequence[str]], Selector]] = {
    Kind.NOTHING: _whole,
    Kind.NUMBERS: _with_numbers,
    Kind.BEHIND: _with_end,
    Kind.BEFORE: _with_beginning,
    Kind.NAMES: _with_names,
    Kind.STAMP: _with_words,
}
