"""Lines of pages -> arrays that the tagger's network reads: the text of each, and where there is one, its DOM.

The lines of a batch are laid end to end, and every feature is counted over many of them in whole-array steps. A page's
features depend on that page alone, so a batch gives what its pages give one by one. All features are whole numbers or
rounded to 1/127, so no platform differs. What is told of each line by itself is told of some at a time, and kept in
bytes: a page may have a hundred thousand lines, or one of a million characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scrubber.model import Dom
from scrubber.tagger.marks import MARK, marks
from scrubber.tagger.slots import first_seen, occurrences, page_slots
from scrubber.tagger.tokens import (
    KINDS,
    Bytes,
    Characters,
    Hashes,
    Ints,
    Kind,
    Places,
    Text,
    Tokens,
    blocks,
    forms,
    hash_lines,
    read,
    tokenise,
)

TOP = 127  # highest level of a feature: one signed byte
PROSE = 15  # tokens from which a line counts as prose for the page's vocabulary
OFTEN = 3  # times a word stands in other prose lines from which it counts as often
TOPICAL = 5  # letters from which a word is likely to be about something, in spaced scripts
LINES = 4096  # lines that are read at once: more than most batches have
CHARACTERS = 2**17  # characters that are read at once, unless one line has more; each takes up to 60 bytes

Floats = NDArray[np.float32]
Levels = NDArray[np.int8]

EDGES = np.array(sorted({round(1.075**step) for step in range(128)}), dtype=np.int64)
"""Borders of the levels of `grown`: each about 7.5 % above the last, up to 9,700."""

LEVELS = np.searchsorted(EDGES, np.arange(int(EDGES[-1]) + 1), side="right").astype(np.int8)


class Marks(NamedTuple):
    """What the DOM says of the lines of a batch.

    `hashes` (marks,) hold the marks of each thing that is said, in order; `sizes` (things,) counts them, 0 for the
    first, which is said of the lines of flattened text. `which` (lines,) is the thing said of each line: the lines of
    a page share a few dozen.
    """

    hashes: Hashes
    sizes: Ints
    which: Places


class Batch(NamedTuple):
    """Features of a batch of pages.

    `shape` (lines, `WIDTH`), levels 0 to 127. `hashes` and `forms` (0 to `FORMS` - 1), both (tokens,), hold each line's
    tokens in order. `words` (lines,) counts tokens. `pages` (pages + 1,) holds the first line of each page and the end.
    """

    shape: Levels
    hashes: Hashes
    forms: Bytes
    words: Ints
    pages: Ints
    said: Marks

    @property
    def line_of(self) -> Ints:
        """The line of each token, (tokens,)."""
        return np.repeat(np.arange(len(self.words)), self.words)

    @property
    def marked(self) -> Ints:
        """How many marks each line has, (lines,): none those of flattened text."""
        return self.said.sizes[self.said.which]

    @property
    def marks(self) -> Hashes:
        """The marks of each line, one line after the other."""
        sizes, marked = self.said.sizes, self.marked
        shift = (np.cumsum(sizes) - sizes)[self.said.which] - (np.cumsum(marked) - marked)
        found: Hashes = self.said.hashes[np.repeat(shift, marked) + np.arange(marked.sum())]
        return found


class Words(NamedTuple):
    """The tokens of a batch: `hashes`, `forms` and `topical`, likely to be about something, all (tokens,)."""

    hashes: Hashes
    forms: Bytes
    topical: NDArray[np.bool_]


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
    borders = np.cumsum([0, *map(len, pages)], dtype=np.int64)
    shape = np.zeros((len(lines), WIDTH), dtype=np.int8)
    words, copies = np.zeros(len(lines), dtype=np.int64), np.zeros(len(lines), dtype=np.uint64)
    found = [read_words(lines[at], characters, shape[at], words[at], copies[at]) for at in stretches(lines)] or [
        Words(copies, copies.astype(np.uint8), copies > 0)
    ]
    known = Words(*map(np.concatenate, zip(*found, strict=True)))
    del found
    if lines:
        page_of = np.repeat(np.arange(len(pages), dtype=np.int32), np.diff(borders))
        rest = chain(placed(words, borders, page_of), shared(known, words, copies, borders, page_of))
        fill(shape[:, len(NAMES_OF_OWN) :], rest)
    return Batch(shape, known.hashes, known.forms, words, borders, mark_lines(pages, doms))


def stretches(lines: Sequence[str]) -> Iterator[slice]:
    """Group lines: at most `LINES`, and `CHARACTERS` unless one has more."""
    start = size = 0
    for index, line in enumerate(lines):
        if index > start and (size + len(line) > CHARACTERS or index - start == LINES):
            yield slice(start, index)
            start, size = index, 0
        size += len(line)
    if start < len(lines):
        yield slice(start, len(lines))


def read_words(lines: Sequence[str], characters: Characters, shape: Levels, words: Ints, copies: Hashes) -> Words:
    """Read some lines: write what each is by itself, its number of tokens and their hash; return the tokens."""
    text = read(lines, characters)
    tokens = tokenise(text)
    words[:] = count(tokens.line_of, len(lines))
    fill(shape, own(text, tokens, words))
    copies[:] = hash_lines(tokens, words)
    topical = (tokens.sizes >= TOPICAL) | (tokens.first == Kind.UNSPACED)
    return Words(tokens.hashes, forms(tokens), topical)


def fill(shape: Levels, columns: Iterable[Any]) -> None:
    """Write columns of levels from the left."""
    for place, column in enumerate(columns):
        shape[:, place] = column


def mark_lines(pages: Sequence[Sequence[str]], doms: Sequence[Sequence[Dom] | None] | None) -> Marks:
    """Return what the DOM says of all lines."""
    things = {b"": 0}
    which = np.zeros(sum(map(len, pages)), dtype=np.int32)
    at = 0
    for page, seen in zip(pages, doms or (), strict=False):
        if seen is not None and len(page):
            which[at : at + len(page)] = [things.setdefault(said, len(things)) for said in marks(seen)]
        at += len(page)
    sizes = np.array([len(said) // MARK for said in things], dtype=np.int64)
    return Marks(np.frombuffer(b"".join(things), dtype="<u8").astype(np.uint64, copy=False), sizes, which)


def own(text: Text, tokens: Tokens, words: Ints) -> Iterator[Any]:
    """Features of the line by itself: size, kinds of characters, how it begins and ends."""
    total = len(words)
    sizes = text.ends - text.starts
    kinds = count_kinds(text, total)
    kinds[:, Kind.BLANK] -= 1
    last = text.kinds[np.maximum(text.ends - 1, text.starts)]
    before = text.kinds[np.maximum(text.ends - 2, text.starts)]
    first = text.kinds[text.starts]
    ends = text.kinds == Kind.END
    ends[:-1] &= (text.kinds[1:] == Kind.BLANK) | (text.kinds[1:] == Kind.UNSPACED) | (text.kinds[1:] == Kind.QUOTE)
    sentences = count(text.line_of[ends], total)
    yield from (grown(sizes), grown(words), grown(sentences))
    yield flag((last == Kind.END) | ((before == Kind.END) & ((last == Kind.QUOTE) | (last == Kind.BRACKET))))
    for some in (tokens.first == Kind.UPPER, tokens.first == Kind.DIGIT, tokens.sizes >= TOPICAL):
        yield share(count(tokens.line_of[some], total), words)
    yield share(sentences * 8, words)
    yield from grown(kinds[:, COUNTED]).T
    yield from share(kinds[:, SHARED], sizes[:, None]).T
    yield from flag(first[:, None] == np.array(FIRST, dtype=np.uint8)).T
    yield from flag(last[:, None] == np.array(LAST, dtype=np.uint8)).T


def count_kinds(text: Text, total: int) -> Ints:
    """How many characters of each kind each line has, and the blank behind it, (lines, kinds)."""
    counted = np.zeros(total * KINDS, dtype=np.int64)
    for at in blocks(len(text.kinds), 2 * CHARACTERS):
        counted += count(text.line_of[at] * KINDS + text.kinds[at], len(counted))
    return counted.reshape(total, KINDS)


FIRST = (Kind.LOWER, Kind.UPPER, Kind.UNSPACED, Kind.DIGIT, Kind.QUOTE, Kind.BRACKET, Kind.DASH, Kind.BAR, Kind.SYMBOL)
LAST = (*FIRST, Kind.END, Kind.ELLIPSIS, Kind.COMMA, Kind.COLON, Kind.CURRENCY)
SHARED = tuple(kind for kind in Kind if kind not in (Kind.CONTROL, Kind.ELLIPSIS))
COUNTED = (Kind.DIGIT, Kind.COMMA, Kind.BAR, Kind.SYMBOL, Kind.QUOTE)


def placed(words: Ints, borders: Ints, page_of: Places) -> Iterator[Any]:
    """Features of the line's place in its page, in lines and in words."""
    lengths = np.diff(borders)
    index = np.arange(len(words)) - borders[page_of]
    yield share(index, lengths[page_of])
    yield grown(index)
    yield grown((lengths - 1)[page_of] - index)
    yield grown(lengths[page_of])
    del index
    whole = in_pages(words, borders)
    yield share(before(words, whole, page_of), whole[page_of])
    yield grown(whole[page_of])
    prose = words * (words >= PROSE)
    all_prose = in_pages(prose, borders)
    yield share(before(prose, all_prose, page_of), all_prose[page_of])
    yield share(all_prose, whole)[page_of]
    del prose
    longest = np.zeros(len(lengths), dtype=np.int64)
    longest[lengths > 0] = np.maximum.reduceat(words, borders[:-1][lengths > 0])
    yield share(words, longest[page_of])
    yield grown(longest[page_of])


def in_pages(words: Ints, borders: Ints) -> Ints:
    """How many words each page has."""
    return np.diff(np.concatenate([[0], np.cumsum(words)])[borders])


def before(words: Ints, whole: Ints, page_of: Places) -> Ints:
    """How many words stand before each line in its page, whose words are `whole`."""
    return np.cumsum(words) - words - (np.cumsum(whole) - whole)[page_of]


def shared(known: Words, words: Ints, copies: Hashes, borders: Ints, page_of: Places) -> Iterator[Any]:
    """Features of what the line shares with the rest of its page: words, and whole lines."""
    total = len(words)
    line_of = np.repeat(np.arange(total, dtype=np.int32), words)
    slots, size = page_slots(known.hashes, page_of[line_of], in_pages(words, borders))
    in_prose = (words >= PROSE)[line_of]
    prose = occurrences(slots, size, in_prose)
    prose -= in_prose
    about = count(line_of[known.topical], total)
    yield share(count(line_of[known.topical & (prose > 0)], total), about)
    yield share(count(line_of[known.topical & (prose >= OFTEN)], total), about)
    del prose
    yield share(count(line_of[occurrences(slots, size) > 1], total), words)
    yield grown(about)
    del slots, line_of
    slots, size = page_slots(copies, page_of, np.diff(borders))
    yield grown(occurrences(slots, size))
    yield flag(first_seen(slots, size))


def count(index: Any, size: int) -> Ints:
    """How often each of 0 to `size` - 1 occurs."""
    return np.bincount(index, minlength=size)


def share(part: Any, whole: Any) -> Any:
    """A ratio as a level: 0 for none (or an empty whole), 127 for all or more."""
    return np.minimum(np.rint(part * float(TOP) / np.maximum(whole, 1)), TOP)


def grown(number: Any) -> Levels:
    """A count as a level that grows by one for each 7.5 % (0 stays 0)."""
    levels: Levels = LEVELS[np.minimum(number, len(LEVELS) - 1)]
    return levels


def flag(condition: NDArray[np.bool_]) -> Levels:
    """A condition as a level: 0 or 127."""
    return condition * np.int8(TOP)


NAMES_OF_OWN = (
    *("characters", "words", "sentences", "closed", "titled", "numbers", "long words", "sentence share"),
    *(f"count {kind.name}" for kind in COUNTED),
    *(f"share {kind.name}" for kind in SHARED),
    *(f"first {kind.name}" for kind in FIRST),
    *(f"last {kind.name}" for kind in LAST),
)
NAMES = (
    *NAMES_OF_OWN,
    *("place", "lines before", "lines after", "lines in page", "words before", "words in page", "prose before"),
    *("prose share", "share of longest", "longest"),
    *("echoed", "often echoed", "repeated words", "topical words", "repeats", "seen before"),
)
"""The columns of `Batch.shape`, in order."""

WIDTH = len(NAMES)
