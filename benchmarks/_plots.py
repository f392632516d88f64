"""The plots of the accuracy report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from _stats import Bin, calibration_error

DOTS = 150
"""Dots an inch."""


def drawing(width: float, height: float) -> tuple[Any, Any]:
    """Return an empty figure of a size in inches, and its axes; no display is needed."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure, figure.subplots()


def save(figure: Any, path: Path) -> None:
    """Write a figure."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=DOTS, bbox_inches="tight")


def plot_f1(rows: dict[str, dict[str, float]], title: str, path: Path) -> None:
    """Draw word F1 as bars: a group for each system, a bar for each series, the first system on top."""
    figure, axes = drawing(7, 0.3 + 0.5 * len(rows))
    series = list(next(iter(rows.values())))
    height = 0.8 / len(series)
    for number, one in enumerate(series):
        places = [place + number * height for place in range(len(rows))]
        bars = axes.barh(places, [found[one] for found in rows.values()], height=height, label=one)
        axes.bar_label(bars, fmt="%.3f", fontsize=6, padding=2)
    axes.set_yticks([place + 0.4 - height / 2 for place in range(len(rows))], list(rows), fontsize=8)
    axes.invert_yaxis()
    axes.set(xlim=(0.4, 1.02), xlabel="word F1", title=title)
    axes.legend(loc="lower left", bbox_to_anchor=(1.0, 0.0), frameon=False, fontsize=7)
    save(figure, path)


def plot_reliability(found: Mapping[str, Sequence[Bin]], path: Path) -> None:
    """Draw mean word F1 over what was said, one line a signal, a point's area by its pages."""
    figure, axes = drawing(5, 5)
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    for name, bins in found.items():
        said, true = [one.said for one in bins], [one.true for one in bins]
        axes.plot(said, true, label=f"{name} (error {calibration_error(bins):.3f})")
        axes.scatter(said, true, s=[4 * one.pages**0.5 for one in bins])
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="said", ylabel="mean word F1", title="Reliability on held-out pages")
    axes.legend(loc="upper left", frameon=False)
    save(figure, path)
