"""The tagger's network in numpy: features in, probabilities out, the same bits on every platform.

Activations and weights are whole numbers of one signed byte. Matrix products are worked out in float32, which
is fast: every sum stays under 2**24, where float32 is exact, so no order of summing differs. Between the layers the
lines are bytes, and each layer takes `BLOCK` of them at a time, so that a page of very many lines needs little memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from scrubber.tagger.features import TOP, Batch, Floats, Ints
from scrubber.tagger.weights import LABELS, Layer, Levels, Weights

HIDDEN = 64  # channels of the network
EMBEDDED = 32  # channels of a token
MARKED = 16  # channels of a mark
PAGE_HIDDEN = 32  # channels of the page's summary
DERIVED = 4  # columns of `derive`
DILATIONS = (1, 2, 4, 8)  # lines between the taps of each convolution
BLOCK = 4096  # lines that a layer works on at once: more than most batches have, about 4 MB of features
GAP = max(DILATIONS)  # empty rows between pages, so that no page sees another


class Outputs(NamedTuple):
    """Levels of all heads: `keep` and `labels` by line, `page` by page."""

    keep: Floats
    labels: Floats
    page: Floats


def run(batch: Batch, weights: Weights) -> Outputs:
    """Run the network over a batch of features; empty pages are allowed, a batch without lines gives no rows."""
    layout = Layout.of(batch)
    layers = weights.layers
    rows = by_blocks(lambda at: rounded(layers["entry"](embed(part(batch, layout, at), weights))), len(batch.words))
    rows = convolve(rows, 0, layout, layers)
    rows = widen(rows, 0, np.hstack([mean(rows, layout), peak(rows, layout)]), layout, layers)
    guess = by_blocks(lambda at: rounded(layers["first"](rows[at]), -TOP), len(rows), 1)[:, 0]
    derived, mass = derive(guess, layout, weights.sigmoid)
    rows = by_blocks(lambda at: rounded(layers["middle"](np.hstack([rows[at], derived[at]]))), len(rows))
    rows = widen(rows, 1, centres(rows, mass, layout), layout, layers)
    rows = convolve(rows, 1, layout, layers)
    lines = np.empty((len(rows), 1 + len(LABELS)), dtype=np.float32)
    for at in blocks(len(rows)):
        lines[at] = layers["lines"](rows[at])
    page = layers["page"](rounded(layers["summary"](centres(rows, mass, layout))))
    return Outputs(lines[:, 0], lines[:, 1:], page)


def blocks(rows: int) -> Iterator[slice]:
    """Cut a number of rows into stretches of `BLOCK`."""
    for start in range(0, rows, BLOCK):
        yield slice(start, min(start + BLOCK, rows))


def by_blocks(work: Callable[[slice], Floats], rows: int, width: int = HIDDEN) -> Levels:
    """Work out whole levels block by block: only a block at a time is held in more than bytes."""
    out = np.empty((rows, width), dtype=np.int8)
    for at in blocks(rows):
        out[at] = work(at)
    return out


class Layout(NamedTuple):
    """Where lines lie: `words`, `page_of` and `slots` (lines,), the last in a layout of `size` rows.

    `empty`: rows of that layout, less the first and last gap, that hold no line. `filled`, `starts` and `stops`: the
    pages that have lines, their first lines and their ends. `tokens` and `marks` (lines + 1,): where those of each line
    begin, and the end.
    """

    words: Floats
    page_of: Ints
    slots: Ints
    size: int
    empty: Ints
    filled: Ints
    starts: Ints
    stops: Ints
    pages: int
    tokens: Ints
    marks: Ints

    @classmethod
    def of(cls, batch: Batch) -> Layout:
        """Lay out a batch with `GAP` rows around each page."""
        lengths = np.diff(batch.pages)
        page_of = np.repeat(np.arange(len(lengths)), lengths)
        slots = np.arange(len(page_of)) + GAP * (page_of + 1)
        size = len(page_of) + GAP * (len(lengths) + 1)
        free = np.ones(size, dtype=np.bool_)
        free[slots] = False
        return cls(
            words=np.minimum(batch.words, TOP).astype(np.float32),
            page_of=page_of,
            slots=slots,
            size=size,
            empty=np.flatnonzero(free[GAP : size - GAP]),
            filled=np.flatnonzero(lengths),
            starts=batch.pages[:-1][lengths > 0],
            stops=batch.pages[1:][lengths > 0],
            pages=len(lengths),
            tokens=np.concatenate([[0], np.cumsum(batch.words)]),
            marks=np.concatenate([[0], np.cumsum(batch.marked)]),
        )


def part(batch: Batch, layout: Layout, lines: slice) -> Batch:
    """Some lines of a batch, with all that `embed` reads of them; its pages stay those of the batch."""
    tokens = slice(layout.tokens[lines.start], layout.tokens[lines.stop])
    marks = slice(layout.marks[lines.start], layout.marks[lines.stop])
    return batch._replace(
        shape=batch.shape[lines],
        words=batch.words[lines],
        hashes=batch.hashes[tokens],
        forms=batch.forms[tokens],
        marked=batch.marked[lines],
        marks=batch.marks[marks],
    )


def embed(batch: Batch, weights: Weights) -> Floats:
    """Shape features beside the mean, peak, first and last of each line's tokens, and what its marks say."""
    width = batch.shape.shape[1]
    out = np.zeros((len(batch.words), width + 4 * EMBEDDED + 2 * MARKED), dtype=np.float32)
    out[:, :width] = batch.shape
    embed_marks(batch, weights, out[:, width + 4 * EMBEDDED :])
    some = np.flatnonzero(batch.words)
    if not len(some):
        return out
    sizes = batch.words[some]
    ends = np.cumsum(sizes)
    starts = ends - sizes
    vectors = weights.table.take(weights.words.ids(batch), axis=0)
    total = np.add.reduceat(vectors, starts, axis=0, dtype=np.int32)
    out[some, width : width + EMBEDDED] = np.rint(total / sizes[:, None])
    out[some, width + EMBEDDED : width + 2 * EMBEDDED] = np.maximum.reduceat(vectors, starts, axis=0)
    out[some, width + 2 * EMBEDDED : width + 3 * EMBEDDED] = vectors[starts]
    out[some, width + 3 * EMBEDDED : width + 4 * EMBEDDED] = vectors[ends - 1]
    return out


def embed_marks(batch: Batch, weights: Weights, out: Floats) -> None:
    """Write the mean and the peak of each line's mark vectors; lines without marks stay zero."""
    some = np.flatnonzero(batch.marked)
    if not len(some):
        return
    sizes = batch.marked[some]
    starts = np.cumsum(sizes) - sizes
    vectors = weights.mark_table.take(weights.marks.mark_ids(batch), axis=0)
    total = np.add.reduceat(vectors, starts, axis=0, dtype=np.int32)
    out[some, :MARKED] = np.rint(total / sizes[:, None])
    out[some, MARKED:] = np.maximum.reduceat(vectors, starts, axis=0)


def rounded(rows: Floats, low: int = 0) -> Floats:
    """Round to whole levels between `low` and 127, in place."""
    np.rint(rows, out=rows)
    return np.clip(rows, low, TOP, out=rows)


def convolve(rows: Levels, stage: int, layout: Layout, layers: dict[str, Layer]) -> Levels:
    """Residual dilated convolutions over the lines of each page.

    All pages lie in one array with empty rows between them; the three taps are that array shifted.
    """
    padded = np.zeros((layout.size, HIDDEN), dtype=np.int8)
    padded[layout.slots] = rows
    inner = padded[GAP : layout.size - GAP]
    for dilation in DILATIONS:
        layer = layers[f"stage{stage}.{dilation}"]
        inner[:] = by_blocks(partial(tap, padded, layout, layer, dilation), len(inner))
    return padded[layout.slots]


def tap(padded: Levels, layout: Layout, layer: Layer, dilation: int, at: slice) -> Floats:
    """One convolution of some rows behind the first gap, added to them; rows without a line stay empty."""
    near = padded[GAP + at.start - dilation : GAP + at.stop + dilation].astype(np.float32)
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


def widen(rows: Levels, stage: int, pooled: Floats, layout: Layout, layers: dict[str, Layer]) -> Levels:
    """Tell every line what the page as a whole looks like."""
    context = rounded(layers[f"context{stage}"](pooled))
    spread = rounded(layers[f"spread{stage}"](context), -TOP)
    return by_blocks(lambda at: rounded(rows[at] + spread[layout.page_of[at]]), len(rows))


def centres(rows: Levels, mass: Ints, layout: Layout) -> Floats:
    """The mean line of the likely article, the mean line of the rest, and the plain mean, (pages, 3 x channels)."""
    rest = layout.words.astype(np.int64) * TOP - mass
    return means(rows, np.stack([mass, rest, np.ones_like(mass)]), layout)


def mean(rows: Levels, layout: Layout) -> Floats:
    """Mean row of each page; zeros for a page without lines."""
    return means(rows, np.ones((1, len(rows)), dtype=np.int64), layout)


def means(rows: Levels, weights: Ints, layout: Layout) -> Floats:
    """Weighted mean rows of each page, side by side; zeros where a page has no weight.

    Exact: whole numbers are multiplied and added in float64, far below 2**53.
    """
    out = np.zeros((layout.pages, len(weights), rows.shape[1]), dtype=np.float32)
    for page, start, stop in zip(layout.filled, layout.starts, layout.stops, strict=True):
        heavy, lines = weights[:, start:stop], rows[start:stop]
        total = sum(heavy[:, at].astype(np.float64) @ lines[at].astype(np.float64) for at in blocks(len(lines)))
        out[page] = total / np.maximum(heavy.sum(axis=1, keepdims=True), 1)
    return rounded(out.reshape(layout.pages, -1))


def peak(rows: Levels, layout: Layout) -> Floats:
    """Largest value of each column in each page."""
    out = np.zeros((layout.pages, rows.shape[1]), dtype=np.float32)
    if len(rows):
        out[layout.filled] = np.maximum.reduceat(rows, layout.starts, axis=0)
    return out


def page_sums(rows: Any, layout: Layout) -> Any:
    """Column sums of each page; exact, for whole numbers are added below 2**53."""
    out = np.zeros((layout.pages, rows.shape[1]), dtype=np.float64)
    if len(rows):
        out[layout.filled] = np.add.reduceat(rows, layout.starts, axis=0, dtype=np.float64)
    return out


def derive(logit: Levels, layout: Layout, sigmoid: Floats) -> tuple[Floats, Ints]:
    """What a first guess of the article says of each line.

    Returns:
        Levels (lines, `DERIVED`): the guess itself, the share of the likely article before the line and after it, and
        the page's share of likely article; and the line's likely words (lines,), in 127ths.
    """
    chance = sigmoid[logit.astype(np.int64) + TOP]
    mass = (chance * layout.words).astype(np.int64)
    total = page_sums(mass[:, None], layout)[:, 0]
    whole = total[layout.page_of]
    before = np.cumsum(mass) - mass - (np.cumsum(total) - total)[layout.page_of]
    words = page_sums(layout.words[:, None], layout)[:, 0][layout.page_of]
    levels = [chance, level(before, whole), level(whole - before - mass, whole), level(whole, words * TOP)]
    return np.stack(levels, axis=1).astype(np.float32), mass


def level(part: Any, whole: Any) -> Any:
    """A ratio as a level, 0 to 127."""
    return np.clip(np.rint(part * TOP / np.maximum(whole, 1)), 0, TOP)
