"""Why the tagger said so: traits of a line that a reader can see, weighed by a linear echo of the networks.

The networks' own sums mean nothing to a reader. In training, a linear model of a few plain traits is
fitted to the networks' answers; the traits that weigh most in it for a line are that line's reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scrubber.tagger.features import NAMES, TOP, Batch, Floats
from scrubber.tagger.tokens import Ints

AROUND = 3  # lines on either side that count as around a line
PARTS = 32  # steps of the lexicon to one of log-odds
MIDDLE = 64  # level of a line whose words tell nothing
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
    Trait("lexicon", "words that articles use", "words that menus and forms use"),
    Trait("markup", "markup that articles have", "markup that menus and forms have"),
)
"""Every trait: a column of `features.NAMES`, or one of four computed by `traits`."""

LEXICON, MARKUP = len(TRAITS) - 2, len(TRAITS) - 1

OWN = tuple(NAMES.index(trait.name) for trait in TRAITS if trait.name in NAMES)


class Weighing(NamedTuple):
    """The linear echo: `usual` value and `weight` of each trait, (traits,), in levels and log-odds a level.

    `lexicon`, (tokens known,): how much more an article uses a word than the rest of its page does, in log-odds,
    `PARTS` to one. `markup`, (marks known,): the same of marks.
    """

    usual: Floats
    weight: Floats
    lexicon: NDArray[np.int8]
    markup: NDArray[np.int8]


def traits(batch: Batch, ids: Ints, mark_ids: Ints, weighing: Weighing) -> Floats:
    """Return the traits of each line, (lines, traits), in levels of 0 to 127.

    Args:
        batch: the features.
        ids: each token's row in the lexicon, (tokens,).
        mark_ids: each mark's row in `Weighing.markup`, (marks,).
        weighing: what is known of words and marks. A line of flattened text has the usual markup.
    """
    size = batch.shape[:, NAMES.index("words")].astype(np.float32)
    closed = batch.shape[:, NAMES.index("closed")].astype(np.float32)
    page_of = np.repeat(np.arange(len(batch.pages) - 1), np.diff(batch.pages))
    words = tone(weighing.lexicon[ids], batch.line_of, batch.words)
    mark_line = np.repeat(np.arange(len(batch.marked)), batch.marked)
    marks = tone(weighing.markup[mark_ids], mark_line, batch.marked)
    marks = np.where(batch.marked > 0, marks, weighing.usual[MARKUP])
    columns: list[Any] = [batch.shape[:, OWN], around(size, page_of, AROUND), around(closed, page_of, 1), words, marks]
    levels: Floats = np.column_stack(columns).astype(np.float32)
    return levels


def tone(tones: NDArray[np.int8], line_of: Ints, counts: Ints) -> Floats:
    """The mean tone of what each line has, as a level around `MIDDLE`."""
    total = np.bincount(line_of, weights=tones, minlength=len(counts))
    levels: Floats = np.clip(np.rint(MIDDLE + total / np.maximum(counts, 1)), 0, TOP)
    return levels


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


def reason(line: str, levels: Floats, weighing: Weighing, kept: bool, telling: Mapping[int, Sequence[str]]) -> str:
    """Say the traits that weigh most for keeping the line, or for dropping it; never empty.

    A trait that is only more than usual does not read as high ("long"), and is passed over, for a reader would take
    its name for the other side's.

    Args:
        line: its text.
        levels: its traits.
        weighing: what they weigh.
        kept: what was decided.
        telling: by trait, the words and names of the line that say most about it.
    """
    contribution = contributions(levels, weighing)
    toward = contribution if kept else -contribution
    high = [is_high(index, float(level)) for index, level in enumerate(levels)]
    fitting = [index for index in range(len(TRAITS)) if high[index] == bool(levels[index] >= weighing.usual[index])]
    order = sorted(fitting or range(len(TRAITS)), key=lambda index: (-float(toward[index]), index))[:REASONS]
    said = [say(index, high[index], line, telling) for index in order if toward[index] >= LEAST]
    return ", ".join(said) or f"weakly: {say(order[0], high[order[0]], line, telling)}"


def is_high(index: int, level: float) -> bool:
    """Whether a trait reads as high at a level."""
    return level > TOP / 2 or level >= COUNTED.get(TRAITS[index].name, TOP)


def say(index: int, high: bool, line: str, telling: Mapping[int, Sequence[str]]) -> str:
    """One trait in words, with the count or the words that a reader would ask for."""
    trait = TRAITS[index]
    text = trait.high if high else trait.low
    if trait.name == "words":
        count = len(line.split())
        return f"{text} ({count} word{'' if count == 1 else 's'})"
    named = ", ".join(telling.get(index, ()))
    return f"{text} ({named})" if named else text


COUNTED = {"words": 12.0, "count COMMA": 1.0, "count BAR": 1.0, "repeats": 2.0, "numbers": 40.0, "around": 10.0}
"""Levels from which a counted trait reads as high: 12 words, one mark, two copies, a third numbers."""
