"""Floors of the accuracy: what a full run must not fall under, written down in `floors.toml`, raised by hand."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

FLOORS = Path(__file__).with_name("floors.toml")

Figures = Mapping[str, Mapping[str, float]]
"""By set and way ("wcxb, blocks") the scores by name: `f1`, and `stable`, the share of pages cleaned twice alike."""


def below(figures: Figures, path: Path = FLOORS) -> Iterator[str]:
    """Yield a line for each figure under its floor, and for each floor of a run that has no such figure.

    Raises:
        OSError: the file can't be read.
        KeyError: it has no floors for one of the runs.
    """
    floors = tomllib.loads(path.read_text(encoding="utf-8"))
    for run, scores in figures.items():
        for name, floor in floors[run].items():
            value = scores.get(name, float("nan"))
            if not value >= floor:
                yield f"{run}: {name} is {value:.4f}, its floor {floor:.4f}"
