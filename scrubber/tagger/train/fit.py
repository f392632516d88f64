"""Fit the network: batches of varied pages, a loss that counts words, a fixed seed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from scrubber.tagger.features import Batch, extract
from scrubber.tagger.inference import GAP
from scrubber.tagger.marks import marks
from scrubber.tagger.tokens import FORMS, Characters
from scrubber.tagger.train.augment import KEPT, take, varied
from scrubber.tagger.train.data import HTML, Example, Sample
from scrubber.tagger.train.flatten import TRAINING_WAYS
from scrubber.tagger.train.network import Heads, Network, Rows
from scrubber.tagger.weights import LABELS, Vocabulary, vocabulary


@dataclass(frozen=True, slots=True)
class Recipe:
    """How networks are fitted. Rates are Adam's; losses are weights beside the line loss of 1."""

    seed: int = 7
    networks: int = 2  # each fitted from a seed of its own
    epochs: int = 16
    lines: int = 6000  # lines of a batch, about
    rate: float = 3e-3
    decay: float = 1e-4
    dropout: float = 0.2
    forgotten: float = 0.1  # share of tokens read as unknown
    unmarked: float = 0.2  # share of marks read as unknown
    nameless: float = 0.2  # share of pages with a DOM whose class and id names are taken away
    html: float = 0.5  # share of pages read with their DOM
    hosts: int = 5  # hosts that must use a word before it is known
    words: int = 8192  # words known at most
    longest: int = 2500  # lines of a page that are trained on
    plain: float = 0.4  # share of the others that are flattened the plain way
    page_f1: float = 0.5
    first: float = 0.3
    labels: float = 0.05
    named: float = 3.0  # weight of a label that a person gave, relative to one read off a tag
    hints: float = 0.15
    kinds: float = 0.02
    none: float = 0.05
    good: float = 0.05
    unlabelled: float = 0.5  # weight of a page with silver labels only


LABEL_WEIGHTS = [{"standfirst": 5.0, "subheading": 2.0}.get(label, 1.0) for label in LABELS]
"""Weights of the labels in the loss: rare ones, of which a page has one or a few, count more."""


class Known(NamedTuple):
    """What a network knows by heart."""

    words: Vocabulary
    marks: Vocabulary


class Targets(NamedTuple):
    """What the heads should say; see `Example`. By page: `page_weight`, `named`; `kinds` and `none`, -1 unknown."""

    keep: Tensor
    weight: Tensor
    labels: Tensor
    hints: Tensor
    page_weight: Tensor
    named: Tensor
    kinds: Tensor
    none: Tensor


def known_words(samples: Sequence[Sample], characters: Characters, recipe: Recipe) -> Vocabulary:
    """The words that occur on the most hosts, most frequent first."""
    hosts: Counter[int] = Counter()
    by_host: dict[str, set[int]] = {}
    for sample in samples:
        batch = extract([sample.examples["blocks"].lines], characters)
        by_host.setdefault(sample.host, set()).update(np.unique(batch.hashes).tolist())
    for found in by_host.values():
        hosts.update(found)
    ranked = sorted((-count, word) for word, count in hosts.items() if count >= recipe.hosts)
    return vocabulary(np.array([word for _, word in ranked[: recipe.words]], dtype=np.uint64))


def known_marks(samples: Sequence[Sample], recipe: Recipe) -> Vocabulary:
    """The marks that occur on enough hosts, most frequent first."""
    by_host: dict[str, set[int]] = {}
    for sample in samples:
        found = by_host.setdefault(sample.host, set())
        said = b"".join(marks(sample.examples[HTML].doms or ()))
        found.update(np.frombuffer(said, dtype="<u8").tolist())
    hosts = Counter(mark for found in by_host.values() for mark in found)
    ranked = sorted((-count, mark) for mark, count in hosts.items() if count >= recipe.hosts)
    return vocabulary(np.array([mark for _, mark in ranked[: recipe.words]], dtype=np.uint64))


def rows(batch: Batch, words: Vocabulary, known: Vocabulary) -> Rows:
    """Turn features into tensors."""
    lengths = np.diff(batch.pages)
    page_of = np.repeat(np.arange(len(lengths)), lengths)
    slots = np.arange(len(page_of)) + GAP * (page_of + 1)
    offsets = np.cumsum(batch.words) - batch.words
    return Rows(
        torch.from_numpy(batch.shape.astype(np.float32)),
        torch.from_numpy(words.ids(batch)),
        torch.from_numpy(offsets),
        torch.from_numpy(batch.words.astype(np.float32)),
        torch.from_numpy(known.mark_ids(batch)),
        torch.from_numpy(np.cumsum(batch.marked) - batch.marked),
        torch.from_numpy(page_of),
        torch.from_numpy(slots),
        len(page_of) + GAP * (len(lengths) + 1),
        len(lengths),
    )


def targets(samples: Sequence[Sample], examples: Sequence[Example], recipe: Recipe) -> Targets:
    """Collect the targets of a batch."""
    silver = [sample.reference is None for sample in samples]
    none = [-1.0 if flag else float(not (one.keep > KEPT).any()) for flag, one in zip(silver, examples, strict=True)]
    return Targets(
        torch.from_numpy(np.concatenate([example.keep for example in examples])),
        torch.from_numpy(np.concatenate([example.weight for example in examples])),
        torch.from_numpy(np.concatenate([example.labels for example in examples])),
        torch.from_numpy(np.concatenate([example.hints for example in examples])),
        torch.tensor([recipe.unlabelled if flag else 1.0 for flag in silver]),
        torch.tensor([recipe.named if sample.source == "news" else 1.0 for sample in samples]),
        torch.tensor([sample.page_type for sample in samples]),
        torch.tensor(none),
    )


def batches(
    samples: Sequence[Sample], known: Known, characters: Characters, recipe: Recipe, random: Random
) -> Iterator[tuple[Rows, Targets]]:
    """One epoch: every page once, with its DOM or in one way of flattening, and one variation."""
    order = list(samples)
    random.shuffle(order)
    chosen: list[Sample] = []
    examples: list[Example] = []

    def batch() -> tuple[Rows, Targets]:
        read = extract([one.lines for one in examples], characters, [one.doms for one in examples])
        return rows(read, *known), targets(chosen, examples, recipe)

    for sample in order:
        way = draw_way(recipe, random)
        other = random.choice(order).examples[way]
        example = varied(sample.examples[way], other, random)
        if not example.lines:
            continue
        if random.random() < recipe.nameless:
            example = nameless(example)
        chosen.append(sample)
        examples.append(take(example, range(min(len(example.lines), recipe.longest))))
        if sum(len(one.lines) for one in examples) >= recipe.lines:
            yield batch()
            chosen, examples = [], []
    if examples:
        yield batch()


def draw_way(recipe: Recipe, random: Random) -> str:
    """Draw how a page is read: with its DOM, flattened the plain way, or in any of the ways of training."""
    if random.random() < recipe.html:
        return HTML
    return "blocks" if random.random() < recipe.plain else random.choice(TRAINING_WAYS)


def nameless(example: Example) -> Example:
    """The example without class and id names, as pages with generated names are."""
    return replace(example, doms=example.doms and [dom._replace(names=()) for dom in example.doms])


def line_weights(batch: Rows, wanted: Targets) -> tuple[Tensor, Tensor]:
    """Weight of each line in the loss, in shares of its page's article words, and the words that count."""
    words = (batch.words + 1) * (wanted.weight > 0)
    kept = sum_by_page(words * wanted.keep, batch)
    every = sum_by_page(words, batch)
    return wanted.weight * words / (kept + 0.25 * every + 30)[batch.page_of], words


def sum_by_page(values: Tensor, batch: Rows) -> Tensor:
    """Sum over the lines of each page."""
    return values.new_zeros(batch.pages).index_add(0, batch.page_of, values)


def loss_of(heads: Heads, batch: Rows, wanted: Targets, recipe: Recipe) -> Tensor:
    """The loss of a batch: each page counts once, each line by its words."""
    bce = nn.functional.binary_cross_entropy_with_logits
    weight, words = line_weights(batch, wanted)
    weight = weight * wanted.page_weight[batch.page_of]
    lines = (weight * bce(heads.keep, wanted.keep, reduction="none")).sum()
    first = (weight * bce(heads.first, wanted.keep, reduction="none")).sum()
    f1 = page_f1(torch.sigmoid(heads.keep), words, wanted.keep, batch)
    labelled = wanted.labels >= 0
    named = nn.functional.cross_entropy(
        heads.labels[labelled], wanted.labels[labelled], weight=torch.tensor(LABEL_WEIGHTS), reduction="none"
    )
    labels = (named * wanted.named[batch.page_of][labelled]).sum()
    seen = wanted.hints >= 0
    hints = bce(heads.hints[seen], wanted.hints[seen], reduction="sum") / 4
    per_line = batch.pages / max(len(batch.words), 1)
    return (
        lines
        + recipe.first * first
        + recipe.page_f1 * (wanted.page_weight * (1 - f1)).sum()
        + (recipe.labels * labels + recipe.hints * hints) * per_line * 5
        + page_loss(heads, wanted, f1.detach(), recipe)
    ) / batch.pages


def page_f1(chance: Tensor, words: Tensor, keep: Tensor, batch: Rows) -> Tensor:
    """Soft word F1 of each page; 0.5 for a page without any article, which only the line loss then teaches."""
    hit = sum_by_page(chance * words * keep, batch)
    total = sum_by_page(words * (chance + keep), batch)
    wanted = sum_by_page(words * keep, batch)
    return torch.where(wanted > 0, 2 * hit / total.clamp(min=1), torch.full_like(total, 0.5))


def page_loss(heads: Heads, wanted: Targets, f1: Tensor, recipe: Recipe) -> Tensor:
    """Loss of the page heads: kind of page, no article, and how good the answer is."""
    bce = nn.functional.binary_cross_entropy_with_logits
    typed, known = wanted.kinds >= 0, wanted.none >= 0
    kinds = nn.functional.cross_entropy(heads.kinds[typed], wanted.kinds[typed], reduction="sum")
    none = bce(heads.none[known], wanted.none[known], reduction="sum")
    some = wanted.none == 0
    good = bce(heads.good[some], f1[some].clamp(0, 1), reduction="sum")
    return recipe.kinds * kinds + recipe.none * none + recipe.good * good


def fit(samples: Sequence[Sample], known: Known, characters: Characters, recipe: Recipe) -> Network:
    """Train a network on the samples; the same seed, samples and machine give the same weights."""
    torch.manual_seed(recipe.seed)
    random = Random(recipe.seed)
    network = Network(len(known.words.hashes), len(known.marks.hashes), recipe.dropout)
    network.train()
    optimiser = torch.optim.AdamW(network.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
    done = 0
    for epoch in range(recipe.epochs):
        losses = []
        for batch, wanted in batches(samples, known, characters, recipe, random):
            set_rate(optimiser, recipe.rate * pace(done / (recipe.epochs * len(samples))))
            optimiser.zero_grad()
            loss = loss_of(network(forget(batch, recipe)), batch, wanted, recipe)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            losses.append(float(loss.detach()))
            done += batch.pages
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}", flush=True)
    network.eval()
    return network


def pace(progress: float) -> float:
    """Share of the full rate: a short climb, then a half cosine down to nothing."""
    return min(progress / 0.05, 0.5 * (1 + math.cos(math.pi * progress)) + 0.002)


def set_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    """Set the optimiser's rate."""
    for group in optimiser.param_groups:
        group["lr"] = rate


def forget(batch: Rows, recipe: Recipe) -> Rows:
    """Read some tokens and marks as unknown, so that none decides alone."""
    gone = torch.rand(len(batch.tokens)) < recipe.forgotten
    unmarked = torch.rand(len(batch.marks)) < recipe.unmarked
    return batch._replace(
        tokens=torch.where(gone & (batch.tokens >= FORMS), 0, batch.tokens),
        marks=torch.where(unmarked, 0, batch.marks),
    )
