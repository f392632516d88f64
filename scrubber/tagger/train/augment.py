"""Variations of a page that its labels follow: other line breaks, less chrome, none, or another site's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

import numpy as np

from scrubber.tagger.train.data import Example

KEPT = 0.5  # share of a line from which it is the article's
LONG = 12  # words from which a line may be split
SPLITS = 0.3  # share of long lines that are split in a page chosen for splitting
JOINS = 0.2  # share of neighbours that are joined in a page chosen for joining
TRIMMED = 0.7  # share of the ends of cropped pages that lose something


def take(example: Example, order: Sequence[int]) -> Example:
    """The example with only these lines, in this order."""
    index = np.asarray(order, dtype=np.int64)
    return Example(
        [example.lines[i] for i in order],
        example.keep[index],
        example.weight[index],
        example.labels[index],
        example.hints[index],
        example.doms and [example.doms[i] for i in order],
    )


def join(first: Example, second: Example) -> Example:
    """The lines of two examples, one after the other."""
    return Example(
        first.lines + second.lines,
        np.concatenate([first.keep, second.keep]),
        np.concatenate([first.weight, second.weight]),
        np.concatenate([first.labels, second.labels]),
        np.concatenate([first.hints, second.hints]),
        (first.doms or []) + (second.doms or []) or None,
    )


def article_only(example: Example, _: Random) -> Example:
    """The article with nothing around it: what is clean must stay whole."""
    kept = [i for i in range(len(example.lines)) if example.keep[i] > KEPT]
    return take(example, kept) if kept else example


def cropped(example: Example, random: Random) -> Example:
    """The page without some of the chrome before or after its article."""
    kept = np.flatnonzero(example.keep > KEPT)
    if not len(kept):
        return example
    start = random.randint(0, int(kept[0])) if random.random() < TRIMMED else 0
    stop = random.randint(int(kept[-1]) + 1, len(example.lines)) if random.random() < TRIMMED else len(example.lines)
    return take(example, range(start, stop))


def thinned(example: Example, random: Random) -> Example:
    """The article with only a few of the lines that are not its own."""
    share = random.random() * 0.3
    order = [i for i in range(len(example.lines)) if example.keep[i] > KEPT or random.random() < share]
    return take(example, order) if order else example


def split(example: Example, random: Random) -> Example:
    """Lines broken between words, as flatteners that break at inline tags do."""
    lines: list[str] = []
    order: list[int] = []
    for index, line in enumerate(example.lines):
        words = line.split(" ")
        if len(words) < LONG or random.random() > SPLITS:
            pieces = [line]
        else:
            cuts = sorted(random.sample(range(1, len(words)), min(random.choice((1, 2, 2, 4)), len(words) - 1)))
            pieces = [" ".join(words[a:b]) for a, b in zip([0, *cuts], [*cuts, len(words)], strict=True)]
        lines += pieces
        order += [index] * len(pieces)
    return replace(take(example, order), lines=lines)


def joined(example: Example, random: Random) -> Example:
    """Neighbours run together, as flatteners that know no block elements do."""
    lines: list[str] = []
    order: list[int] = []
    for index, line in enumerate(example.lines):
        alike = order and (example.keep[index] > KEPT) == (example.keep[order[-1]] > KEPT)
        if alike and random.random() < JOINS:
            lines[-1] += " " + line
        else:
            lines.append(line)
            order.append(index)
    return replace(take(example, order), lines=lines)


def borrowed(example: Example, other: Example, random: Random) -> Example:
    """The article in the chrome of another site's page."""
    own = article_only(example, random)
    kept = np.flatnonzero(other.keep > KEPT)
    if own is example or not len(kept):
        return example
    head = take(other, range(int(kept[0])))
    tail = take(other, range(int(kept[-1]) + 1, len(other.lines)))
    return join(join(head, own), tail)


Variation = Callable[[Example, Random], Example]
VARIATIONS: tuple[tuple[float, Variation], ...] = (
    (0.08, article_only),
    (0.10, cropped),
    (0.06, thinned),
    (0.20, split),
    (0.08, joined),
)
"""How often each is drawn; the rest of the pages stay as they are, or borrow another's chrome."""

BORROWED = 0.08  # share of pages that get another page's chrome


def varied(example: Example, other: Example, random: Random) -> Example:
    """Draw a variation of the example; `other` lends its chrome."""
    draw = random.random()
    if draw < BORROWED:
        return borrowed(example, other, random)
    draw -= BORROWED
    for chance, variation in VARIATIONS:
        if draw < chance:
            return variation(example, random)
        draw -= chance
    return example
