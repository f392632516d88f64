"""What training ships, and how it is read: layers, vocabularies, calibrations, the table of characters."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scrubber.tagger.features import TOP, Batch, Floats, Levels
from scrubber.tagger.reasons import Weighing
from scrubber.tagger.tokens import FORMS, HIGHEST, Bytes, Characters, Hashes, Ints

SCALE = 16  # levels in 1.0 of an activation
STEPS = 64  # a line's logit is rounded to this part of one before it becomes a chance
FAR = 12 * STEPS  # logits beyond this count as this

LABELS = (
    "standfirst",
    "subheading",
    "paragraph",
    "list_item",
    "table",
    "title",
    "byline",
    "caption",
    "navigation",
    "non_content",
)
"""Labels that the data can teach, in the order of the label head."""

PAGE_TYPES = ("article", "service", "forum", "product", "collection", "listing", "documentation")
"""Kinds of pages, in the order of the page head."""


class Layer(NamedTuple):
    """A linear layer: `weight` (inputs, outputs) whole numbers, `scale` (outputs,) and `bias` (outputs,) in levels."""

    weight: Floats
    scale: Floats
    bias: Floats

    def __call__(self, rows: Floats | Levels) -> Floats:
        """Rows of levels in, levels out, not yet rounded."""
        product: Floats = rows.astype(np.float32, copy=False) @ self.weight
        product *= self.scale
        product += self.bias
        return product


class Calibration(NamedTuple):
    """Fitted on folds, so that chances are true: slopes and offsets, in log-odds, of what they are named for.

    `keep`: of the line's logit. `page_f1` and `none`: of the page head's logit and of the log-odds of the expected F1.
    """

    keep: tuple[float, float] = (1.0, 0.0)
    page_f1: tuple[float, float, float] = (0.0, 1.0, 0.0)
    none: tuple[float, float, float] = (1.0, 0.0, 0.0)

    def table(self) -> NDArray[np.float64]:
        """Chances of line logits from `-FAR` to `FAR`, `STEPS` to one."""
        slope, offset = self.keep
        return np.array([chance(slope * step / STEPS + offset) for step in range(-FAR, FAR + 1)], dtype=np.float64)

    def good(self, head: float, expected: float) -> float:
        """Word F1 to expect of a page, 0 to 1."""
        return chance(self.page_f1[0] * head + self.page_f1[1] * log_odds(expected) + self.page_f1[2])

    def no_article(self, head: float, expected: float) -> float:
        """Chance that a page has no article, 0 to 1."""
        return chance(self.none[0] * head + self.none[1] * log_odds(expected) + self.none[2])


def chance(logit: float) -> float:
    """A logit as a chance, to four places, from 0.0001 to 0.9999."""
    exact = 1 / (1 + math.exp(-min(max(logit, -30.0), 30.0)))
    return min(max(round(exact, 4), 0.0001), 0.9999)


def log_odds(share: float) -> float:
    """The logit of a share, kept within 0.005 and 0.995."""
    inside = min(max(share, 0.005), 0.995)
    return math.log(inside / (1 - inside))


class Network(NamedTuple):
    """One network: its layers by name, and the vectors of tokens and of marks."""

    layers: dict[str, Layer]
    table: NDArray[np.int8]
    mark_table: NDArray[np.int8]


class Weights(NamedTuple):
    """Everything that training ships: networks that differ by chance alone, what they know, how answers are read."""

    networks: tuple[Network, ...]
    words: Vocabulary
    marks: Vocabulary
    sigmoid: Floats
    text: Reading
    html: Reading
    traits: Weighing


class Reading(NamedTuple):
    """How the answers to one kind of page are read: `chances` is the calibration's table."""

    calibration: Calibration
    chances: NDArray[np.float64]

    @classmethod
    def of(cls, calibration: Calibration) -> Reading:
        """Work out the table."""
        return cls(calibration, calibration.table())


class Vocabulary(NamedTuple):
    """Known words or marks: `slots` (2**n,) gives a number from a hash, `hashes` (known,) says if it is that one."""

    slots: NDArray[np.uint16]
    hashes: Hashes

    def ids(self, batch: Batch) -> Ints:
        """Row of each token in the table: its form for an unknown word, else `FORMS` and on."""
        return self.rows(batch.hashes, batch.forms, FORMS)

    def mark_ids(self, batch: Batch) -> Ints:
        """Row of each mark in its table: 0 for an unknown one."""
        return self.rows(batch.marks, 0, 1)

    def rows(self, hashes: Hashes, unknown: Bytes | int, first: int) -> Ints:
        """Row of each hash in a table that has what is known from row `first` on."""
        number, known = self.find(hashes)
        return np.where(known, first + number, unknown)

    def find(self, hashes: Hashes) -> tuple[Ints, NDArray[np.bool_]]:
        """Number of each hash, and whether it is known at all."""
        number = self.slots[(hashes >> np.uint64(32)).astype(np.int64) & (len(self.slots) - 1)].astype(np.int64)
        return number, self.hashes[number] == hashes


def vocabulary(hashes: Hashes) -> Vocabulary:
    """Lay out known words, most frequent first; of two that share a slot the more frequent stays."""
    slots = np.zeros(SLOTS, dtype=np.uint16)
    where = (hashes >> np.uint64(32)).astype(np.int64) & (SLOTS - 1)
    slots[where[::-1]] = np.arange(len(hashes))[::-1]
    return Vocabulary(slots, hashes)


SLOTS = 2**17  # slots for at most 2**14 words: one word in fifteen or fewer is lost to another


def read(path: Path) -> tuple[Weights, Characters]:
    """Read shipped weights.

    Raises:
        OSError: the file cannot be read.
        KeyError: the file is not one that `train.export` wrote.
    """
    with np.load(path, allow_pickle=False) as stored:
        content = {name: stored[name] for name in stored.files}
    networks = tuple(network(content, place) for place in range(len(content["table"])))
    steps = np.arange(-TOP, TOP + 1) / SCALE
    sigmoid = np.rint(TOP / (1 + np.exp(-steps))).astype(np.float32)
    text, html = (Reading.of(calibration(content, kind)) for kind in ("text", "html"))
    traits = Weighing(*(content[f"traits.{name}"] for name in Weighing._fields))
    words, marks = vocabulary(content["words"]), vocabulary(content["marks"])
    return Weights(networks, words, marks, sigmoid, text, html, traits), characters(content)


def network(content: dict[str, Any], place: int) -> Network:
    """One of the networks: the first axis of all that is theirs tells them apart."""
    names = {name.removesuffix(".bias") for name in content if name.endswith(".bias")}
    layers = {
        name: Layer(
            content[f"{name}.weight"][place].astype(np.float32),
            content[f"{name}.scale"][place],
            content[f"{name}.bias"][place],
        )
        for name in names
    }
    return Network(layers, content["table"][place], content["mark_table"][place])


def calibration(content: dict[str, Any], kind: str) -> Calibration:
    """The calibration of the answers to one kind of page, "text" or "html"."""
    return Calibration(*(tuple(content[f"calibration.{kind}.{name}"].tolist()) for name in Calibration._fields))


def characters(content: dict[str, Any]) -> Characters:
    """Unfold the table of characters."""
    sizes = np.diff(np.append(content["kinds.starts"], HIGHEST + 1))
    lower = np.arange(HIGHEST + 1, dtype=np.uint32)
    lower[content["lower.from"]] = content["lower.to"]
    return Characters(np.repeat(content["kinds.values"], sizes), lower)
