"""The tagger's networks in numpy: features in, logits out, the same bits on every platform.

Networks that differ by the chance of their training alone answer one after the other, and the mean of what they say
counts: they err in different places.

Activations and weights are whole numbers of one signed byte. Matrix products are worked out in float32, which
is fast: every sum stays under 2**24, where float32 is exact, so no order of summing differs. The lines are one array
of bytes, which each layer rewrites `BLOCK` lines at a time, so that a page of very many lines needs little memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scrubber.tagger.features import TOP, Batch, Floats, Levels
from scrubber.tagger.tokens import FORMS, TOKENS, Ints, Places, blocks, within
from scrubber.tagger.weights import LABELS, Layer, Network, Weights

HIDDEN = 64  # channels of the network
EMBEDDED = 32  # channels of a token
MARKED = 16  # channels of a mark
PAGE_HIDDEN = 32  # channels of the page's summary
DERIVED = 4  # columns of `derive`
DILATIONS = (1, 2, 4, 8)  # lines between the taps of each convolution
BLOCK = 2048  # lines that a layer works on at once: as many as most batches have, about 2 MB of features
GAP = max(DILATIONS)  # empty rows between pages, so that no page sees another


class Outputs(NamedTuple):
    """Levels of all heads: `keep` and `labels` by line, `page` by page."""

    keep: Floats
    labels: Floats
    page: Floats


class Known(NamedTuple):
    """What of a batch the networks know: rows of their tables, (tokens,) and (marks,), and where its lines lie."""

    tokens: NDArray[np.uint16]
    marks: Ints
    layout: Layout


def run(batch: Batch, weights: Weights) -> Outputs:
    """Run the networks over a batch of features; empty pages are allowed, a batch without lines gives no rows."""
    known = Known(known_tokens(batch, weights), weights.marks.rows(batch.said.hashes, 0, 1), Layout.of(batch))
    heads = np.zeros((len(batch.words), 1 + len(LABELS)), dtype=np.float32)
    pages = [answer(batch, known, network, weights.sigmoid, heads) for network in weights.networks]
    count = np.float32(len(pages))
    heads /= count
    return Outputs(heads[:, 0], heads[:, 1:], reduce(np.add, pages) / count)


def answer(batch: Batch, known: Known, network: Network, sigmoid: Floats, heads: Floats) -> Floats:
    """Add what one network says of a batch's lines to `heads`, and return what it says of its pages.

    Two numbers are added at a time, the same on every platform.
    """
    layers, layout = network.layers, known.layout
    rows = enter(batch, known, network)
    convolve(rows, 0, layout, layers)
    widen(rows, 0, np.hstack([mean(rows, layout), peak(rows, layout)]), layout, layers)
    guess = np.empty(len(batch.words), dtype=np.int8)
    for at, lines in by_blocks(rows, layout):
        guess[at] = rounded(layers["first"](lines), -TOP)[:, 0]
    derived, mass = derive(guess, layout, sigmoid)
    rewrite(rows, layout, lambda lines, at: layers["middle"](np.hstack([lines, derived[at]])))
    widen(rows, 1, centres(rows, mass, layout), layout, layers)
    convolve(rows, 1, layout, layers)
    for at, lines in by_blocks(rows, layout):
        heads[at] += layers["lines"](lines)
    page: Floats = layers["page"](rounded(layers["summary"](centres(rows, mass, layout))))
    return page


def enter(batch: Batch, known: Known, network: Network) -> Levels:
    """The lines as a network's first layer gives them, in their layout."""
    rows = np.zeros((known.layout.size, HIDDEN), dtype=np.int8)
    for at, features in embed(batch, known, network):
        rows[known.layout.slots[at]] = rounded(network.layers["entry"](features))
    return rows


def by_blocks(rows: Levels, layout: Layout) -> Iterator[tuple[slice, Levels]]:
    """Yield `BLOCK` lines at a time, and which they are."""
    for at in blocks(len(layout.slots), BLOCK):
        yield at, rows[layout.slots[at]]


def rewrite(rows: Levels, layout: Layout, work: Callable[[Levels, slice], Floats]) -> None:
    """Put what is made of the lines in their place, block by block, in whole levels."""
    for at, lines in by_blocks(rows, layout):
        rows[layout.slots[at]] = rounded(work(lines, at))


class Layout(NamedTuple):
    """Where lines lie: `words`, `page_of` and `slots` (lines,), the last in a layout of `size` rows.

    `empty`: rows of that layout, less the first and last gap, that hold no line. `filled`, `starts` and `stops`: the
    pages that have lines, their first lines and their ends.
    """

    words: Places
    page_of: Places
    slots: Places
    size: int
    empty: Ints
    filled: Ints
    starts: Ints
    stops: Ints
    pages: int

    @classmethod
    def of(cls, batch: Batch) -> Layout:
        """Lay out a batch with `GAP` rows around each page."""
        lengths = np.diff(batch.pages)
        page_of = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
        slots = np.arange(len(page_of), dtype=np.int32) + GAP * (page_of + 1)
        size = len(page_of) + GAP * (len(lengths) + 1)
        free = np.ones(size, dtype=np.bool_)
        free[slots] = False
        return cls(
            words=np.minimum(batch.words, TOP).astype(np.int32),
            page_of=page_of,
            slots=slots,
            size=size,
            empty=np.flatnonzero(free[GAP : size - GAP]),
            filled=np.flatnonzero(lengths),
            starts=batch.pages[:-1][lengths > 0],
            stops=batch.pages[1:][lengths > 0],
            pages=len(lengths),
        )


def embed(batch: Batch, known: Known, network: Network) -> Iterator[tuple[slice, Floats]]:
    """Yield `BLOCK` lines at a time, and which they are: their shape beside the mean, peak, first and last of each
    line's tokens, and what the DOM says of it."""
    told = np.hstack(pool(network.mark_table, known.marks, batch.said.sizes))
    begins = np.concatenate([[0], np.cumsum(batch.words)])
    for at in blocks(len(batch.words), BLOCK):
        words = embed_words(known.tokens[begins[at.start] : begins[at.stop]], batch.words[at], network.table)
        yield at, np.hstack([batch.shape[at], *words, told[batch.said.which[at]]], dtype=np.float32)


def known_tokens(batch: Batch, weights: Weights) -> NDArray[np.uint16]:
    """Row of each token in the table."""
    tokens = np.empty(len(batch.hashes), dtype=np.uint16)
    for at in blocks(len(tokens), TOKENS):
        tokens[at] = weights.words.rows(batch.hashes[at], batch.forms[at], FORMS)
    return tokens


def embed_words(tokens: NDArray[np.uint16], words: Ints, table: Levels) -> tuple[Levels, ...]:
    """Mean, peak, first and last vector of each line's tokens; lines without tokens stay zero."""
    some = np.flatnonzero(words)
    ends = np.cumsum(words[some])
    first, last = (np.zeros((len(words), EMBEDDED), dtype=np.int8) for _ in range(2))
    first[some] = table.take(tokens[ends - words[some]], axis=0)
    last[some] = table.take(tokens[ends - 1], axis=0)
    return *pool(table, tokens, words), first, last


def pool(table: Levels, chosen: NDArray[Any], sizes: Ints) -> tuple[Levels, Levels]:
    """Mean and peak of stretches of rows of a table, chosen one after the other; zeros for an empty stretch."""
    mean, peak = (np.zeros((len(sizes), table.shape[1]), dtype=np.int8) for _ in range(2))
    some = np.flatnonzero(sizes)
    if not len(some):
        return mean, peak
    starts = np.cumsum(sizes[some]) - sizes[some]
    total = np.zeros((len(some), table.shape[1]), dtype=np.int32)
    most = np.full(total.shape, -TOP, dtype=np.int8)
    for at in blocks(len(chosen), TOKENS):
        here, begins = within(starts, at)
        vectors = table.take(chosen[at], axis=0)
        total[here] += np.add.reduceat(vectors, begins, axis=0, dtype=np.int32)
        most[here] = np.maximum(most[here], np.maximum.reduceat(vectors, begins, axis=0))
    shares = total / sizes[some, None]
    mean[some], peak[some] = np.rint(shares, out=shares), most
    return mean, peak


def rounded(rows: Floats, low: int = 0) -> Floats:
    """Round to whole levels between `low` and 127, in place."""
    np.rint(rows, out=rows)
    return np.clip(rows, low, TOP, out=rows)


def convolve(rows: Levels, stage: int, layout: Layout, layers: dict[str, Layer]) -> None:
    """Residual dilated convolutions over the lines of each page, in place.

    All pages lie in one array with empty rows between them; the three taps are that array shifted.
    """
    for dilation in DILATIONS:
        layer = layers[f"stage{stage}.{dilation}"]
        above = rows[GAP - dilation : GAP]
        for at in blocks(layout.size - 2 * GAP, BLOCK):
            here = slice(GAP + at.start, GAP + at.stop)
            near = np.concatenate([above, rows[here.start : here.stop + dilation]])
            above = near[-2 * dilation : -dilation]  # as they were: the next block needs them
            rows[here] = tap(near.astype(np.float32), layout, layer, dilation, at)


def tap(near: Floats, layout: Layout, layer: Layer, dilation: int, at: slice) -> Floats:
    """One convolution of some rows behind the first gap, added to them; rows without a line stay empty.

    `near` holds these rows, and as many as the dilation before and behind them.
    """
    here = near[dilation:-dilation]
    added: Floats = near[: len(here)] @ layer.weight[:HIDDEN]
    added += here @ layer.weight[HIDDEN : 2 * HIDDEN]
    added += near[2 * dilation :] @ layer.weight[2 * HIDDEN :]
    added *= layer.scale
    added += layer.bias
    rounded(added)
    first, behind = np.searchsorted(layout.empty, [at.start, at.stop])
    added[layout.empty[first:behind] - at.start] = 0
    added += here
    return np.minimum(added, TOP, out=added)


def widen(rows: Levels, stage: int, pooled: Floats, layout: Layout, layers: dict[str, Layer]) -> None:
    """Tell every line what the page as a whole looks like, in place."""
    context = rounded(layers[f"context{stage}"](pooled))
    spread = rounded(layers[f"spread{stage}"](context), -TOP)
    rewrite(rows, layout, lambda lines, at: lines + spread[layout.page_of[at]])


def centres(rows: Levels, mass: Places, layout: Layout) -> Floats:
    """The mean line of the likely article, the mean line of the rest, and the plain mean, (pages, 3 x channels)."""
    return means(rows, np.stack([mass, layout.words * TOP - mass, np.ones_like(mass)]), layout)


def mean(rows: Levels, layout: Layout) -> Floats:
    """Mean row of each page; zeros for a page without lines."""
    return means(rows, np.ones((1, len(layout.words)), dtype=np.int32), layout)


def means(rows: Levels, weights: Places, layout: Layout) -> Floats:
    """Weighted mean rows of each page, side by side; zeros where a page has no weight.

    Exact: whole numbers are multiplied and added in float64, far below 2**53.
    """
    out = np.zeros((layout.pages, len(weights), rows.shape[1]), dtype=np.float32)
    for page, start, stop in zip(layout.filled, layout.starts, layout.stops, strict=True):
        heavy, lines = weights[:, start:stop], rows[layout.slots[start] :]
        some = blocks(stop - start, BLOCK)
        total = sum(heavy[:, at].astype(np.float64) @ lines[at].astype(np.float64) for at in some)
        out[page] = total / np.maximum(heavy.sum(axis=1, keepdims=True), 1)
    return rounded(out.reshape(layout.pages, -1))


def peak(rows: Levels, layout: Layout) -> Floats:
    """Largest value of each column in each page; none is below that of the empty rows behind it."""
    out = np.zeros((layout.pages, rows.shape[1]), dtype=np.float32)
    if len(layout.filled):
        out[layout.filled] = np.maximum.reduceat(rows, layout.slots[layout.starts], axis=0)
    return out


def page_sums(values: Places, layout: Layout) -> Ints:
    """Sum of each page."""
    out = np.zeros(layout.pages, dtype=np.int64)
    if len(layout.filled):
        out[layout.filled] = np.add.reduceat(values, layout.starts, dtype=np.int64)
    return out


def derive(logit: Levels, layout: Layout, sigmoid: Floats) -> tuple[Levels, Places]:
    """What a first guess of the article says of each line.

    Returns:
        Levels (lines, `DERIVED`): the guess itself, the share of the likely article before the line and after it, and
        the page's share of likely article; and the line's likely words (lines,), in 127ths.
    """
    chance = sigmoid.astype(np.int8)[logit.astype(np.int16) + TOP]
    mass = chance * layout.words
    total = page_sums(mass, layout)
    share = level(total, page_sums(layout.words, layout) * TOP)
    running = np.cumsum(mass) - mass
    derived = np.empty((len(mass), DERIVED), dtype=np.int8)
    for at in blocks(len(mass), BLOCK):
        page = layout.page_of[at]
        whole, before = total[page], running[at] - (np.cumsum(total) - total)[page]
        levels = [chance[at], level(before, whole), level(whole - before - mass[at], whole), share[page]]
        derived[at] = np.stack(levels, axis=1)
    return derived, mass


def level(part: Any, whole: Any) -> Any:
    """A ratio as a level, 0 to 127."""
    return np.clip(np.rint(part * TOP / np.maximum(whole, 1)), 0, TOP)
