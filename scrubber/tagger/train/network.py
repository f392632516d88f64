"""The tagger's network in torch, rounding as `inference` does, so that what is trained is what is shipped.

Activations are whole levels (value times `SCALE`), weights are rounded to one signed byte per output.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from scrubber.tagger.features import TOP, WIDTH
from scrubber.tagger.inference import DERIVED, DILATIONS, EMBEDDED, HIDDEN, MARKED, PAGE_HIDDEN
from scrubber.tagger.tokens import FORMS
from scrubber.tagger.train.data import HINTS
from scrubber.tagger.weights import LABELS, PAGE_TYPES, SCALE

ABOUT = 1e-6  # keeps a division by nothing defined


class Rows(NamedTuple):
    """A batch for the network: features, tokens and where pages lie in the padded layout.

    `shape` (lines, `WIDTH`) levels, `tokens` (tokens,) ids, `offsets` (lines,), `words` (lines,), `marks` (marks,) ids,
    `mark_offsets` (lines,), `page_of` (lines,), `slots` (lines,): row of each line in a layout with `GAP` empty rows
    around each page, `size` rows in all.
    """

    shape: Tensor
    tokens: Tensor
    offsets: Tensor
    words: Tensor
    marks: Tensor
    mark_offsets: Tensor
    page_of: Tensor
    slots: Tensor
    size: int
    pages: int


class Heads(NamedTuple):
    """The logits: per line `keep`, `first`, `labels`, `hints`; per page `kinds`, `none`, `good`."""

    keep: Tensor
    first: Tensor
    labels: Tensor
    hints: Tensor
    kinds: Tensor
    none: Tensor
    good: Tensor


def rounded(value: Tensor, low: int = 0) -> Tensor:
    """Round to levels within one byte; the gradient passes straight through inside the range."""
    clipped = value.clamp(low / SCALE, TOP / SCALE)
    return clipped + (torch.round(clipped * SCALE) / SCALE - clipped).detach()


class Linear(nn.Linear):
    """A linear layer whose weights are rounded to 127 steps of each output's largest one."""

    def forward(self, rows: Tensor) -> Tensor:
        """Apply the rounded weights."""
        return nn.functional.linear(rows, quantised(self.weight), self.bias)


def quantised(weight: Tensor) -> Tensor:
    """Round a weight matrix per output row; the gradient passes straight through."""
    step = weight.detach().abs().amax(dim=1, keepdim=True).clamp(min=ABOUT) / TOP
    return weight + (torch.round(weight / step) * step - weight).detach()


class Dilated(nn.Module):
    """Residual dilated convolutions over the lines of a page."""

    def __init__(self) -> None:
        """Make one three-tap layer per dilation."""
        super().__init__()
        self.layers = nn.ModuleList(Linear(3 * HIDDEN, HIDDEN) for _ in DILATIONS)

    def forward(self, rows: Tensor, slots: Tensor, size: int) -> Tensor:
        """Read (lines, `HIDDEN`), give the same."""
        for dilation, layer in zip(DILATIONS, self.layers, strict=True):
            padded = rows.new_zeros(size, HIDDEN).index_copy(0, slots, rows)
            taps = [padded.index_select(0, slots - dilation), rows, padded.index_select(0, slots + dilation)]
            rows = rounded(rows + rounded(torch.relu(layer(torch.cat(taps, dim=1)))))
        return rows


class Network(nn.Module):
    """Token embeddings and shape features, two stages of dilated convolutions, heads for lines and pages."""

    def __init__(self, vocabulary: int, known_marks: int, dropout: float = 0.1) -> None:
        """Make an untrained network for that many words and marks (unknown ones come on top)."""
        super().__init__()
        self.marks = nn.Parameter(torch.randn(1 + known_marks, MARKED) * 0.5)
        self.table = nn.Parameter(torch.randn(FORMS + vocabulary, EMBEDDED) * 0.5)
        self.entry = Linear(WIDTH + 4 * EMBEDDED + 2 * MARKED, HIDDEN)
        self.stages = nn.ModuleList([Dilated(), Dilated()])
        self.context = nn.ModuleList([Linear(2 * HIDDEN, HIDDEN), Linear(3 * HIDDEN, HIDDEN)])
        self.spread = nn.ModuleList([Linear(HIDDEN, HIDDEN), Linear(HIDDEN, HIDDEN)])
        self.middle = Linear(HIDDEN + DERIVED, HIDDEN)
        self.first = Linear(HIDDEN, 1)
        self.lines = Linear(HIDDEN, 1 + len(LABELS))
        self.hints = nn.Linear(HIDDEN, HINTS)
        self.summary = Linear(3 * HIDDEN, PAGE_HIDDEN)
        self.page = Linear(PAGE_HIDDEN, len(PAGE_TYPES) + 2)
        self.dropout = dropout

    def forward(self, batch: Rows) -> Heads:
        """Read a batch, give all heads' logits."""
        rows = self.enter(batch)
        rows = self.stages[0](rows, batch.slots, batch.size)
        rows = self.widen(rows, 0, torch.cat([mean(rows, batch), peak(rows, batch)], dim=1), batch)
        first = self.first(rows)[:, 0]
        derived, mass = derive(first.detach(), batch)
        rows = rounded(torch.relu(self.middle(torch.cat([rows, derived], dim=1))))
        rows = self.widen(rows, 1, self.centres(rows, mass, batch), batch)
        rows = self.drop(self.stages[1](rows, batch.slots, batch.size))
        lines = self.lines(rows)
        summary = rounded(torch.relu(self.summary(self.centres(rows, mass, batch))))
        page = self.page(summary)
        kinds = len(PAGE_TYPES)
        return Heads(lines[:, 0], first, lines[:, 1:], self.hints(rows), page[:, :kinds], page[:, kinds], page[:, -1])

    def enter(self, batch: Rows) -> Tensor:
        """Embed the lines: shape, and the mean, peak, first and last of their tokens."""
        table = rounded(self.table, -TOP)
        bag = nn.functional.embedding_bag
        middle = rounded(bag(batch.tokens, table, batch.offsets, mode="mean"), -TOP)
        top = bag(batch.tokens, table, batch.offsets, mode="max")
        ends = torch.cat([batch.offsets[1:], batch.offsets.new_tensor([len(batch.tokens)])])
        some = (ends > batch.offsets)[:, None]
        last = max(len(batch.tokens) - 1, 0)
        first_token = table.index_select(0, batch.tokens[batch.offsets.clamp(max=last)]) * some
        last_token = table.index_select(0, batch.tokens[(ends - 1).clamp(min=0)]) * some
        bags = [middle, top, first_token, last_token, *self.enter_marks(batch)]
        parts = [batch.shape / SCALE, self.drop(torch.cat(bags, dim=1))]
        return rounded(torch.relu(self.entry(torch.cat(parts, dim=1))))

    def enter_marks(self, batch: Rows) -> tuple[Tensor, Tensor]:
        """Embed what the DOM says: the mean and the peak of each line's marks, zeros without any."""
        table = rounded(self.marks, -TOP)
        bag = nn.functional.embedding_bag
        middle = rounded(bag(batch.marks, table, batch.mark_offsets, mode="mean"), -TOP)
        return middle, bag(batch.marks, table, batch.mark_offsets, mode="max")

    def widen(self, rows: Tensor, stage: int, pooled: Tensor, batch: Rows) -> Tensor:
        """Tell every line what the page as a whole looks like."""
        context = rounded(torch.relu(self.context[stage](pooled)))
        return rounded(torch.relu(rows + rounded(self.spread[stage](context), -TOP).index_select(0, batch.page_of)))

    def centres(self, rows: Tensor, mass: Tensor, batch: Rows) -> Tensor:
        """The mean line of the likely article, the mean line of the rest, and the plain mean."""
        rest = batch.words.clamp(max=TOP) * TOP - mass
        return torch.cat([mean(rows, batch, mass), mean(rows, batch, rest), mean(rows, batch)], dim=1)

    def drop(self, rows: Tensor) -> Tensor:
        """Dropout while training."""
        return nn.functional.dropout(rows, self.dropout, self.training)


def mean(rows: Tensor, batch: Rows, mass: Tensor | None = None) -> Tensor:
    """Mean row of each page, weighted by `mass` when given; zeros for a page without any."""
    weight = torch.ones_like(batch.words) if mass is None else mass
    total = rows.new_zeros(batch.pages, rows.shape[1]).index_add(0, batch.page_of, rows * weight[:, None])
    return rounded(total / page_sum(weight, batch)[:, None].clamp(min=1))


def peak(rows: Tensor, batch: Rows) -> Tensor:
    """Largest value of each column in each page."""
    index = batch.page_of[:, None].expand_as(rows)
    return rows.new_zeros(batch.pages, rows.shape[1]).scatter_reduce(0, index, rows, "amax")


def page_sum(values: Tensor, batch: Rows) -> Tensor:
    """Sum of a value over the lines of each page."""
    return values.new_zeros(batch.pages).index_add(0, batch.page_of, values)


def derive(logit: Tensor, batch: Rows) -> tuple[Tensor, Tensor]:
    """What a first guess of the article says of each line: see `inference.derive`, which this repeats."""
    chance = torch.round(torch.sigmoid(rounded(logit, -TOP)) * TOP)
    mass = chance * batch.words.clamp(max=TOP)
    total = page_sum(mass, batch)
    whole = total[batch.page_of]
    running = torch.cumsum(mass.double(), 0)
    start = torch.cumsum(total.double(), 0) - total
    before = (running - mass - start[batch.page_of]).float()
    words = page_sum(batch.words.clamp(max=TOP), batch)[batch.page_of]
    levels = [chance, ratio(before, whole), ratio(whole - before - mass, whole), ratio(whole, words * TOP)]
    return torch.stack(levels, dim=1) / SCALE, mass


def ratio(part: Tensor, whole: Tensor) -> Tensor:
    """A ratio as a level, 0 to 127."""
    return torch.round(part * TOP / whole.clamp(min=1)).clamp(0, TOP)
