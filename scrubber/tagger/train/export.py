"""Round trained networks to the arrays that ship, and write them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import nn

from scrubber.tagger.features import TOP, WIDTH
from scrubber.tagger.inference import DERIVED, DILATIONS, EMBEDDED, HIDDEN, MARKED
from scrubber.tagger.reasons import TRAITS, Weighing
from scrubber.tagger.tokens import FORMS, Characters
from scrubber.tagger.train.fit import Known
from scrubber.tagger.train.network import Network
from scrubber.tagger.weights import SCALE, Calibration


def arrays(networks: Sequence[Network], known: Known, characters: Characters) -> dict[str, Any]:
    """Return everything `weights.read` needs, by name, in the smallest types that hold it."""
    own = [arrays_of(network) for network in networks]
    return {
        **{name: np.stack([one[name] for one in own]) for name in own[0]},
        "words": known.words.hashes,
        "marks": known.marks.hashes,
        **runs("kinds", characters.kinds),
        **lowered(characters),
    }


def arrays_of(network: Network) -> dict[str, Any]:
    """The tables and layers of one network."""
    out: dict[str, Any] = {"table": levels(network.table), "mark_table": levels(network.marks)}
    named = {
        "entry": network.entry,
        "first": network.first,
        "middle": network.middle,
        "lines": network.lines,
        "summary": network.summary,
        "page": network.page,
    }
    for stage in range(2):
        named[f"context{stage}"] = network.context[stage]  # type: ignore[assignment]
        named[f"spread{stage}"] = network.spread[stage]  # type: ignore[assignment]
        for dilation, layer in zip(DILATIONS, network.stages[stage].layers, strict=True):  # type: ignore[arg-type]
            named[f"stage{stage}.{dilation}"] = layer
    for name, layer in named.items():
        out.update(layer_arrays(name, layer))
    return out


def levels(table: nn.Parameter) -> NDArray[np.int8]:
    """A table of vectors in levels."""
    whole: NDArray[np.int8] = np.clip(np.rint(table.detach().numpy() * SCALE), -TOP, TOP).astype(np.int8)
    return whole


def layer_arrays(name: str, layer: nn.Linear) -> dict[str, Any]:
    """A layer's weights as signed bytes (inputs, outputs), their steps, and its bias in levels."""
    weight = layer.weight.detach().numpy()
    step = np.maximum(np.abs(weight).max(axis=1), 1e-6) / TOP
    whole = np.rint(weight / step[:, None]).astype(np.int8)
    return {
        f"{name}.weight": np.ascontiguousarray(whole.T),
        f"{name}.scale": step.astype(np.float32),
        f"{name}.bias": (layer.bias.detach().numpy() * SCALE).astype(np.float32),
    }


def runs(name: str, values: Any) -> dict[str, Any]:
    """A long table with few changes, as the places where it changes and the values from there on."""
    starts = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]])).astype(np.uint32)
    return {f"{name}.starts": starts, f"{name}.values": values[starts]}


def lowered(characters: Characters) -> dict[str, Any]:
    """The code points that fold to another, and to which."""
    codes = np.flatnonzero(characters.lower != np.arange(len(characters.lower))).astype(np.uint32)
    return {"lower.from": codes, "lower.to": characters.lower[codes]}


def write(path: Path, content: dict[str, Any]) -> None:
    """Write the arrays to one compressed file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **content)


def fitted(text: Calibration, html: Calibration, weighing: Weighing) -> dict[str, Any]:
    """The few numbers that are fitted after the network."""
    numbers = {
        f"calibration.{kind}.{name}": np.array(value)
        for kind, calibration in (("text", text), ("html", html))
        for name, value in calibration._asdict().items()
    }
    return {**numbers, **{f"traits.{name}": value for name, value in weighing._asdict().items()}}


def recalibrate(path: Path, text: Calibration, html: Calibration) -> None:
    """Write other calibrations into weights already on disk."""
    with np.load(path, allow_pickle=False) as stored:
        content = {name: stored[name] for name in stored.files}
    weighing = Weighing(*(content[f"traits.{name}"] for name in Weighing._fields))
    write(path, {**content, **fitted(text, html, weighing)})


MOST_WORDS = 2**14  # room for any vocabulary; see `weights.SLOTS`
ZEROS = np.zeros(len(TRAITS), np.float32)
NO_TONES = np.zeros(FORMS + MOST_WORDS, np.int8)
NO_WEIGHING = Weighing(ZEROS, ZEROS, NO_TONES, NO_TONES)
"""Stands in until a network is there to be echoed."""

INPUTS = WIDTH + 4 * EMBEDDED + 2 * MARKED
LARGEST = max(INPUTS, 3 * HIDDEN, HIDDEN + DERIVED)
if LARGEST * TOP * TOP >= 2**24:
    raise AssertionError("sums of products would not be exact in float32: make the layers narrower")
