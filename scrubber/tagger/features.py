"""Lines of pages -> arrays that the tagger's network reads: the text of each, and where there is one, its DOM.

All pages of a batch are laid end to end as one array of code points, and every feature is counted
over it in whole-array steps. A page's features depend on that page alone, so a batch gives what its
pages give one by one. All features are whole numbers or rounded to 1/127, so no platform differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scrubber.model import Dom
from scrubber.tagger.marks import MARK, marks

HIGHEST = 0x20000
"""Code points above this one count as this one: rarer han, where no class changes."""

TOP = 127  # highest level of a feature: one signed byte
PROSE = 15  # tokens from which a line counts as prose for the page's vocabulary
OFTEN = 3  # times a word stands in other prose lines from which it counts as often
TOPICAL = 5  # letters from which a word is likely to be about something, in spaced scripts
POWERS = np.array([pow(0x9E3779B97F4A7C15, i + 1, 2**64) | 1 for i in range(64)], dtype=np.uint64)
"""One odd multiplier per place in a word; words longer than 64 letters reuse them in turn."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
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

EDGES = np.array(sorted({round(1.075**step) for step in range(128)}), dtype=np.int64)
"""Borders of the levels of `grown`: each about 7.5 % above the last, up to 9,700."""

LEVELS = np.searchsorted(EDGES, np.arange(int(EDGES[-1]) + 1), side="right").astype(np.float32)


class Characters(NamedTuple):
    """What the features know of each code point up to `HIGHEST`: its `Kind`, and its folded form."""

    kinds: NDArray[np.uint8]
    lower: NDArray[np.uint32]


class Text(NamedTuple):
    """A batch as one array of characters; every line is followed by one blank.

    `kinds`, `folded` and `line_of` (characters,), `starts` and `ends` (lines,).
    """

    kinds: NDArray[np.uint8]
    folded: NDArray[np.uint32]
    line_of: Ints
    starts: Ints
    ends: Ints


class Tokens(NamedTuple):
    """The tokens of a batch: `hashes`, `line_of`, `sizes` in characters, `first` kinds, all (tokens,)."""

    hashes: Hashes
    line_of: Ints
    sizes: Ints
    first: NDArray[np.uint8]


class Batch(NamedTuple):
    """Features of a batch of pages.

    `shape` (lines, `WIDTH`), levels 0 to 127. `hashes`, `forms` (0 to `FORMS` - 1) and `line_of`, all (tokens,), hold
    each line's tokens in order. `words` (lines,) counts tokens. `pages` (pages + 1,) holds the first line of each page
    and the end. `marks` (marks,) hold what the DOM says of each line, in order, and `marked` (lines,) counts them: none
    for the lines of flattened text.
    """

    shape: Floats
    hashes: Hashes
    forms: Ints
    line_of: Ints
    words: Ints
    pages: Ints
    marks: Hashes
    marked: Ints


def extract(
    pages: Sequence[Sequence[str]], characters: Characters, doms: Sequence[Sequence[Dom] | None] | None = None
) -> Batch:
    """Return the features of a batch of pages.

    Args:
        pages: each a list of lines, stripped; blank lines and empty pages are allowed and harmless.
        characters: the table that ships with the weights.
        doms: for each page what the DOM says of its lines, None for flattened text.

    Returns:
        A `Batch`; arrays of no rows when there is no line at all.
    """
    lines = [line for page in pages for line in page]
    borders = np.cumsum([0, *(len(page) for page in pages)], dtype=np.int64)
    if not lines:
        none = np.zeros(0, dtype=np.int64)
        hashes = none.astype(np.uint64)
        return Batch(np.zeros((0, WIDTH), np.float32), hashes, none, none, none, borders, hashes, none)
    text = read(lines, characters)
    tokens = tokenise(text)
    page_of = np.repeat(np.arange(len(pages)), np.diff(borders))
    words = count(tokens.line_of, len(lines))
    columns = [*own(text, tokens, words), *placed(words, borders, page_of), *shared(tokens, words, borders, page_of)]
    shape = np.stack(columns, axis=1, dtype=np.float32)
    return Batch(shape, tokens.hashes, forms(tokens), tokens.line_of, words, borders, *mark_lines(pages, doms))


def mark_lines(pages: Sequence[Sequence[str]], doms: Sequence[Sequence[Dom] | None] | None) -> tuple[Hashes, Ints]:
    """Return the marks of all lines, one after the other, and how many each line has."""
    found: list[bytes] = []
    marked = np.zeros(sum(map(len, pages)), dtype=np.int64)
    at = 0
    for page, seen in zip(pages, doms or (), strict=False):
        if seen is not None and len(page):
            said = marks(seen)
            marked[at : at + len(page)] = [len(one) // MARK for one in said]
            found += said
        at += len(page)
    return np.frombuffer(b"".join(found), dtype="<u8").astype(np.uint64, copy=False), marked


def read(lines: Sequence[str], characters: Characters) -> Text:
    """Lay the lines end to end as code points, one blank after each."""
    joined = " ".join(lines) + " "
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    codes = np.minimum(codes, HIGHEST)
    sizes = np.fromiter(map(len, lines), dtype=np.int64, count=len(lines))
    stops = np.cumsum(sizes + 1)
    line_of = np.repeat(np.arange(len(lines)), sizes + 1)
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
    if not len(starts):
        return Tokens(np.zeros(0, np.uint64), starts, starts, np.zeros(0, np.uint8))
    places = np.arange(len(role), dtype=np.int32)
    places[starts[0] :] -= np.repeat(starts.astype(np.int32), np.diff(starts, append=len(role)))
    inside = role > 0
    mixed = POWERS.take(places & (len(POWERS) - 1))
    mixed *= text.folded * inside
    hashes = sums(mixed, starts)
    sizes = sums(inside, starts, np.int64)
    first = text.kinds.take(starts)
    following = np.minimum(starts + 1, len(role) - 1)
    paired = (first == Kind.UNSPACED) & (text.kinds.take(following) == Kind.UNSPACED)
    hashes += paired * text.folded.take(following).astype(np.uint64) * POWERS[1]
    hashes ^= hashes >> np.uint64(29)
    return Tokens(hashes * POWERS[2], text.line_of.take(starts), sizes, first)


def sums(values: Any, starts: Ints, kind: type | None = None) -> Any:
    """The sum of each stretch from one start to the next; twice as quick as `np.add.reduceat`.

    Whole numbers wrap around, so that differences of running sums are exact. Nothing but zeros may stand before
    the first start.
    """
    running = np.cumsum(values, dtype=kind)
    return np.diff(running.take(starts[1:] - 1), prepend=running.dtype.type(0), append=running[-1:])


def forms(tokens: Tokens) -> Ints:
    """The outward form of each token, by its first character's kind and its size: what an unknown word still tells."""
    sizes: Ints = np.searchsorted(FORM_SIZES, tokens.sizes, side="right")
    return sizes + tokens.first.astype(np.int64) * (len(FORM_SIZES) + 1)


FORM_SIZES = np.array([3, 6, 9])
"""Characters at which a token counts as the next size."""
FORMS = KINDS * (len(FORM_SIZES) + 1)


def own(text: Text, tokens: Tokens, words: Ints) -> list[Any]:
    """Features of the line by itself: size, kinds of characters, how it begins and ends."""
    total = len(words)
    sizes = text.ends - text.starts
    kinds = np.bincount(text.line_of * KINDS + text.kinds, minlength=total * KINDS).reshape(total, KINDS)
    kinds[:, Kind.BLANK] -= 1
    last = text.kinds[np.maximum(text.ends - 1, text.starts)]
    before = text.kinds[np.maximum(text.ends - 2, text.starts)]
    first = text.kinds[text.starts]
    ends = text.kinds == Kind.END
    ends[:-1] &= (text.kinds[1:] == Kind.BLANK) | (text.kinds[1:] == Kind.UNSPACED) | (text.kinds[1:] == Kind.QUOTE)
    sentences = count(text.line_of[ends], total)
    titled = count(tokens.line_of[tokens.first == Kind.UPPER], total)
    numbers = count(tokens.line_of[tokens.first == Kind.DIGIT], total)
    long = count(tokens.line_of[tokens.sizes >= TOPICAL], total)
    shares = [share(kinds[:, kind], sizes) for kind in Kind if kind not in (Kind.CONTROL, Kind.ELLIPSIS)]
    edges = [flag(first == kind) for kind in FIRST] + [flag(last == kind) for kind in LAST]
    closed = flag((last == Kind.END) | ((before == Kind.END) & ((last == Kind.QUOTE) | (last == Kind.BRACKET))))
    counts = [grown(kinds[:, kind]) for kind in COUNTED]
    ratios = [share(titled, words), share(numbers, words), share(long, words), share(sentences * 8, words)]
    return [grown(sizes), grown(words), grown(sentences), closed, *ratios, *counts, *shares, *edges]


FIRST = (Kind.LOWER, Kind.UPPER, Kind.UNSPACED, Kind.DIGIT, Kind.QUOTE, Kind.BRACKET, Kind.DASH, Kind.BAR, Kind.SYMBOL)
LAST = (*FIRST, Kind.END, Kind.ELLIPSIS, Kind.COMMA, Kind.COLON, Kind.CURRENCY)
COUNTED = (Kind.DIGIT, Kind.COMMA, Kind.BAR, Kind.SYMBOL, Kind.QUOTE)


def placed(words: Ints, borders: Ints, page_of: Ints) -> list[Any]:
    """Features of the line's place in its page, in lines and in words."""
    lengths = np.diff(borders)[page_of]
    index = np.arange(len(words)) - borders[page_of]
    behind = lengths - 1 - index
    running = np.cumsum(np.concatenate([[0], words]))
    whole = (running[borders[1:]] - running[borders[:-1]])[page_of]
    before = running[:-1] - running[borders[page_of]]
    prose = np.cumsum(np.concatenate([[0], words * (words >= PROSE)]))
    all_prose = (prose[borders[1:]] - prose[borders[:-1]])[page_of]
    prose_before = prose[:-1] - prose[borders[page_of]]
    longest = np.maximum.reduceat(words, borders[:-1][np.diff(borders) > 0])
    longest = np.repeat(longest, np.diff(borders)[np.diff(borders) > 0])
    return [
        share(index, lengths),
        grown(index),
        grown(behind),
        grown(lengths),
        share(before, whole),
        grown(whole),
        share(prose_before, all_prose),
        share(all_prose, whole),
        share(words, longest),
        grown(longest),
    ]


def shared(tokens: Tokens, words: Ints, borders: Ints, page_of: Ints) -> list[Any]:
    """Features of what the line shares with the rest of its page: words, and whole lines."""
    total = len(words)
    token_page = page_of[tokens.line_of]
    slots, size = page_slots(tokens.hashes, token_page, borders, count(token_page, len(borders) - 1))
    topical = (tokens.sizes >= TOPICAL) | (tokens.first == Kind.UNSPACED)
    in_prose = words[tokens.line_of] >= PROSE
    everywhere = count(slots, size)[slots]
    prose = count(slots[in_prose], size)[slots] - in_prose
    about = count(tokens.line_of[topical], total)
    echoed = count(tokens.line_of[topical & (prose > 0)], total)
    often = count(tokens.line_of[topical & (prose >= OFTEN)], total)
    again = count(tokens.line_of[everywhere > 1], total)
    places = np.arange(len(slots)) - np.concatenate([[0], np.cumsum(words)[:-1]])[tokens.line_of]
    lines = np.zeros(total, dtype=np.uint64)
    present = words > 0
    if present.any():
        begins = (np.cumsum(words) - words)[present]
        lines[present] = np.add.reduceat(tokens.hashes * POWERS[places & 63], begins)
    line_slots, line_size = page_slots(lines, page_of, borders, np.diff(borders))
    repeats = count(line_slots, line_size)[line_slots]
    seen = first_seen(line_slots, line_size)
    return [share(echoed, about), share(often, about), share(again, words), grown(about), grown(repeats), flag(seen)]


def page_slots(hashes: Hashes, page_of: Ints, borders: Ints, counts: Ints) -> tuple[Ints, int]:
    """Give each hash a slot in a table of its own page, four to eight slots a hash, and the size of all tables.

    Two hashes of one page rarely share a slot; those of two pages never do, so pages stay independent.
    """
    bits = np.array([max(int(n), 1).bit_length() + 2 for n in counts], dtype=np.int64)
    sizes = np.left_shift(1, bits)
    offsets = np.cumsum(sizes) - sizes
    low = (hashes >> np.uint64(20)).astype(np.int64) & (sizes[page_of] - 1)
    return low + offsets[page_of], int(sizes.sum())


def first_seen(slots: Ints, size: int) -> NDArray[np.bool_]:
    """Whether each entry's slot occurred before it."""
    first = np.full(size, len(slots), dtype=np.int64)
    first[slots[::-1]] = np.arange(len(slots))[::-1]
    return first[slots] < np.arange(len(slots))


def count(index: Ints, size: int) -> Ints:
    """How often each of 0 to `size` - 1 occurs."""
    return np.bincount(index, minlength=size)


def share(part: Any, whole: Any) -> Floats:
    """A ratio as a level: 0 for none (or an empty whole), 127 for all or more."""
    ratio = np.asarray(part, dtype=np.float64) * TOP / np.maximum(whole, 1)
    levels: Floats = np.minimum(np.rint(ratio), TOP).astype(np.float32)
    return levels


def grown(number: Any) -> Floats:
    """A count as a level that grows by one for each 7.5 % (0 stays 0)."""
    levels: Floats = LEVELS[np.minimum(number, len(LEVELS) - 1)]
    return levels


def flag(condition: Any) -> Floats:
    """A condition as a level: 0 or 127."""
    levels: Floats = np.asarray(condition, dtype=np.float32) * np.float32(TOP)
    return levels


NAMES = (
    *("characters", "words", "sentences", "closed", "titled", "numbers", "long words", "sentence share"),
    *(f"count {kind.name}" for kind in COUNTED),
    *(f"share {kind.name}" for kind in Kind if kind not in (Kind.CONTROL, Kind.ELLIPSIS)),
    *(f"first {kind.name}" for kind in FIRST),
    *(f"last {kind.name}" for kind in LAST),
    *("place", "lines before", "lines after", "lines in page", "words before", "words in page", "prose before"),
    *("prose share", "share of longest", "longest"),
    *("echoed", "often echoed", "repeated words", "topical words", "repeats", "seen before"),
)
"""The columns of `Batch.shape`, in order."""

WIDTH = len(NAMES)
