"""Why the tagger said so: traits of a line that a reader can see, weighed by a linear echo of the network.

The network's own sums mean nothing to a reader. In training, a linear model of a few plain traits is
fitted to the network's answers; the traits that weigh most in it for a line are that line's reason.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from scrubber.tagger.features import NAMES, TOP, Batch, Floats, Ints

AROUND = 3  # lines on either side that count as around a line
REASONS = 3  # traits that a reason names
LEAST = 0.15  # log-odds under which a trait is not worth naming


class Trait(NamedTuple):
    """A trait and how it reads at its high end and at its low end."""

    name: str
    high: str
    low: str


TRAITS = (
    Trait("words", "long", "short"),
    Trait("closed", "ends as a sentence does", "no end punctuation"),
    Trait("titled", "most words begin with a capital", "running text in lower case"),
    Trait("numbers", "mostly numbers", "hardly any numbers"),
    Trait("count COMMA", "has commas", "no commas"),
    Trait("count BAR", "separators between its words", "no separators"),
    Trait("repeats", "repeated on the page", "occurs once"),
    Trait("echoed", "shares words with the page's prose", "shares no words with the page's prose"),
    Trait("prose before", "most of the prose comes before it", "most of the prose comes after it"),
    Trait("place", "late in the page", "early in the page"),
    Trait("share of longest", "among the longest lines", "far shorter than the longest line"),
    Trait("around", "prose around it", "short lines around it"),
    Trait("nearby", "sentences beside it", "no sentences beside it"),
)
"""Every trait: a column of `features.NAMES`, or one of two taken from the lines around."""

OWN = tuple(NAMES.index(trait.name) for trait in TRAITS if trait.name in NAMES)


class Weighing(NamedTuple):
    """The linear echo: `usual` value and `weight` of each trait, (traits,), in levels and log-odds a level."""

    usual: Floats
    weight: Floats


def traits(batch: Batch) -> Floats:
    """Return the traits of each line, (lines, traits), in levels of 0 to 127."""
    size = batch.shape[:, NAMES.index("words")]
    closed = batch.shape[:, NAMES.index("closed")]
    page_of = np.repeat(np.arange(len(batch.pages) - 1), np.diff(batch.pages))
    return np.column_stack([batch.shape[:, OWN], around(size, page_of, AROUND), around(closed, page_of, 1)])


def around(values: Floats, page_of: Ints, reach: int) -> Floats:
    """Mean of a value over the lines at most `reach` away in the same page, the line itself left out."""
    total = np.zeros_like(values)
    found = np.zeros_like(values)
    for step in range(1, min(reach, len(values) - 1) + 1):
        same = (page_of[step:] == page_of[:-step]).astype(np.float32)
        total[step:] += values[:-step] * same
        total[:-step] += values[step:] * same
        found[step:] += same
        found[:-step] += same
    mean: Floats = np.rint(total / np.maximum(found, 1))
    return mean


def contributions(levels: Floats, weighing: Weighing) -> Floats:
    """How much each trait speaks for keeping its line, (lines, traits), in log-odds."""
    product: Floats = (levels - weighing.usual) * weighing.weight
    return product


def reason(line: str, levels: Floats, contribution: Floats, kept: bool) -> str:
    """Say the traits that weigh most for keeping the line, or for dropping it."""
    toward = contribution if kept else -contribution
    order = sorted(range(len(TRAITS)), key=lambda index: (-float(toward[index]), index))
    said = [say(index, float(levels[index]), contribution, line) for index in order[:REASONS] if toward[index] >= LEAST]
    return ", ".join(said)


def say(index: int, level: float, contribution: Floats, line: str) -> str:
    """One trait in words, with the count where a reader would ask for it."""
    trait = TRAITS[index]
    text = trait.high if level > TOP / 2 or is_high(trait, level) else trait.low
    if trait.name == "words":
        count = len(line.split())
        return f"{text} ({count} word{'' if count == 1 else 's'})"
    return text


COUNTED = {"words": 12.0, "count COMMA": 1.0, "count BAR": 1.0, "repeats": 2.0, "numbers": 40.0, "around": 10.0}
"""Levels from which a counted trait reads as high: 12 words, one mark, two copies, a third numbers."""


def is_high(trait: Trait, level: float) -> bool:
    """Whether a counted trait reads as high at a level."""
    return level >= COUNTED.get(trait.name, TOP)
