"""Text to characters and tokens: what of a line the features are counted from.

Lines are laid end to end as one array of code points, and every step goes over all of it at once. A line may have a
million tokens: what takes many bytes for each of its characters is worked out for `TOKENS` of them at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

HIGHEST = 0x20000
"""Code points above this one count as this one: rarer han, where no class changes."""

POWERS = np.array([pow(0x9E3779B97F4A7C15, i + 1, 2**64) | 1 for i in range(64)], dtype=np.uint64)
"""One odd multiplier per place in a word; words longer than 64 letters reuse them in turn."""

TOKENS = 2**15
"""Tokens that are worked on at once: more than most batches of pages have, one or two megabytes of numbers."""

Ints = NDArray[np.int64]
Places = NDArray[np.int32]
Bytes = NDArray[np.uint8]
Hashes = NDArray[np.uint64]


class Kind(IntEnum):
    """Classes of characters, the same for every script."""

    CONTROL = 0
    BLANK = 1
    LOWER = 2
    UPPER = 3
    LETTER = 4
    UNSPACED = 5
    DIGIT = 6
    END = 7
    ELLIPSIS = 8
    COMMA = 9
    COLON = 10
    QUOTE = 11
    BRACKET = 12
    DASH = 13
    BAR = 14
    CURRENCY = 15
    SYMBOL = 16
    OTHER_MARK = 17


KINDS = len(Kind)
WORD, ALONE = 1, 2
ROLE = np.zeros(KINDS, dtype=np.uint8)
ROLE[[Kind.LOWER, Kind.UPPER, Kind.LETTER, Kind.DIGIT]] = WORD
ROLE[[Kind.UNSPACED, Kind.DASH, Kind.BAR, Kind.CURRENCY, Kind.SYMBOL, Kind.OTHER_MARK, Kind.ELLIPSIS]] = ALONE
"""What a kind does in a token: part of a word, or a token by itself (letters of unspaced scripts, telling marks)."""


class Characters(NamedTuple):
    """What the features know of each code point up to `HIGHEST`: its `Kind`, and its folded form."""

    kinds: Bytes
    lower: NDArray[np.uint32]


class Text(NamedTuple):
    """Some lines as one array of characters; every line is followed by one blank.

    `kinds`, `folded` and `line_of` (characters,), `starts` and `ends` (lines,).
    """

    kinds: Bytes
    folded: NDArray[np.uint32]
    line_of: Places
    starts: Ints
    ends: Ints


class Tokens(NamedTuple):
    """The tokens of some lines: `hashes`, `line_of`, `sizes` in characters, `first` kinds, all (tokens,)."""

    hashes: Hashes
    line_of: Places
    sizes: Places
    first: Bytes


def read(lines: Sequence[str], characters: Characters) -> Text:
    """Lay the lines end to end as code points, one blank after each."""
    joined = " ".join(lines) + " "
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    codes = np.minimum(codes, HIGHEST)
    sizes = np.fromiter(map(len, lines), dtype=np.int64, count=len(lines))
    stops = np.cumsum(sizes + 1)
    line_of = np.repeat(np.arange(len(lines), dtype=np.int32), sizes + 1)
    return Text(characters.kinds.take(codes), characters.lower.take(codes), line_of, stops - sizes - 1, stops - 1)


def tokenise(text: Text) -> Tokens:
    """Find the tokens: runs of word characters, and single characters that stand alone.

    A character of an unspaced script is hashed together with the next one of its kind.
    """
    role = ROLE.take(text.kinds)
    begins = role == WORD
    begins[1:] &= role[:-1] != WORD
    begins |= role == ALONE
    starts = np.flatnonzero(begins)
    hashes = np.empty(len(starts), dtype=np.uint64)
    sizes = np.empty(len(starts), dtype=np.int32)
    for at in blocks(len(starts), TOKENS):
        end = starts[at.stop] if at.stop < len(starts) else len(role)
        hashes[at], sizes[at] = hash_tokens(text, role, starts[at], end)
    return Tokens(hashes, text.line_of.take(starts), sizes, text.kinds.take(starts))


def hash_tokens(text: Text, role: Bytes, starts: Ints, end: int) -> tuple[Hashes, Ints]:
    """Return hashes and sizes of the tokens that begin at some places, the last before `end`."""
    whole = slice(starts[0], end)
    begins = starts - starts[0]
    inside = role[whole] > 0
    places = np.arange(len(inside), dtype=np.int32)
    places -= np.repeat(begins.astype(np.int32), np.diff(begins, append=len(places)))
    mixed = POWERS.take(places & (len(POWERS) - 1))
    mixed *= text.folded[whole] * inside
    hashes = sums(mixed, begins)
    following = np.minimum(starts + 1, len(role) - 1)
    paired = (text.kinds.take(starts) == Kind.UNSPACED) & (text.kinds.take(following) == Kind.UNSPACED)
    hashes += paired * text.folded.take(following).astype(np.uint64) * POWERS[1]
    hashes ^= hashes >> np.uint64(29)
    return hashes * POWERS[2], sums(inside, begins, np.int64)


def sums(values: Any, starts: Ints, kind: type | None = None) -> Any:
    """The sum of each stretch from one start to the next; twice as quick as `np.add.reduceat`.

    Whole numbers wrap around, so that differences of running sums are exact. Nothing but zeros may stand before
    the first start.
    """
    running = np.cumsum(values, dtype=kind)
    return np.diff(running.take(starts[1:] - 1), prepend=running.dtype.type(0), append=running[-1:])


def hash_lines(tokens: Tokens, words: Ints) -> Hashes:
    """Return a hash of the tokens of each line, in order; 0 for a line without tokens."""
    lines = np.zeros(len(words), dtype=np.uint64)
    some = np.flatnonzero(words)
    starts = np.cumsum(words[some]) - words[some]
    for at in blocks(len(tokens.hashes), TOKENS):
        here, begins = within(starts, at)
        places = np.arange(at.start, at.stop)
        places -= np.repeat(starts[here], np.diff(begins, append=len(places)))
        powers = POWERS.take(places & (len(POWERS) - 1))
        lines[some[here]] += np.add.reduceat(tokens.hashes[at] * powers, begins)
    return lines


FORM_SIZES = np.array([3, 6, 9])
"""Characters at which a token counts as the next size."""
FORMS = KINDS * (len(FORM_SIZES) + 1)


def forms(tokens: Tokens) -> Bytes:
    """The outward form of each token, by its first character's kind and its size: what an unknown word still tells."""
    sizes = np.searchsorted(FORM_SIZES, tokens.sizes, side="right").astype(np.uint8)
    found: Bytes = sizes + tokens.first * np.uint8(len(FORM_SIZES) + 1)
    return found


def blocks(count: int, size: int) -> Iterator[slice]:
    """Cut a number of rows into stretches of at most some size."""
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))


def within(starts: Ints, at: slice) -> tuple[slice, Ints]:
    """Which of some stretches lie in a block of rows, wholly or in part, and where each begins there."""
    here = slice(np.searchsorted(starts, at.start, side="right") - 1, np.searchsorted(starts, at.stop))
    return here, np.maximum(starts[here] - at.start, 0)
