"""How far scrubber's own word on a page can be trusted: calibration, and finding the bad pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np
from _data import Cleaned
from _stats import Bin, auc, calibration_error, reliability
from _tables import table

from scrubber.tagger import Tagged

EXPECTED = "Tagged.expected_f1"
NO_ARTICLE = "1 - Tagged.no_article"
BOUNDS = (0.5, 0.7)
"""Word F1 under which a page is bad."""


def signals(cleaned: Sequence[Cleaned]) -> dict[str, list[float]]:
    """Return every number between 0 and 1 that scrubber gives out for a page, by name."""
    found: dict[str, list[float]] = {}
    for one in cleaned:
        quality = one.result.quality
        for column in fields(quality):
            value = getattr(quality, column.name)
            if isinstance(value, float):
                found.setdefault(f"quality.{column.name}", []).append(value)
        if (tagged := tag(one)) is not None:
            found.setdefault(EXPECTED, []).append(tagged.expected_f1)
            found.setdefault(NO_ARTICLE, []).append(1.0 - tagged.no_article)
    return {name: values for name, values in found.items() if len(values) == len(cleaned)}


def tag(one: Cleaned) -> Tagged | None:
    """Return what the held-out tagger says of a page, whether or not the pipeline listened; None without a tagger."""
    judged, tagger = one.result.judged, getattr(one.cleaner, "_tagger", None)
    heard: Tagged | None = getattr(judged, "tagged", None)
    if heard is not None or isinstance(tagger, bool) or tagger is None:
        return heard
    document = getattr(judged, "document", None)
    answer: Tagged = tagger.tag([document.texts if document is not None else one.source.split("\n")])[0]
    return answer


def reliability_table(bins: Sequence[Bin]) -> str:
    """Return the bins as a table."""
    rows = [(f"{one.low:.1f} to {one.high:.1f}", one.pages, one.said, one.true, one.true - one.said) for one in bins]
    return table(["said", "pages", "mean said", "mean word F1", "difference"], rows)


def auc_table(found: dict[str, list[float]], f1: Sequence[float]) -> str:
    """Return how well each signal finds pages under each of the `BOUNDS`, and its calibration error."""
    true = np.asarray(f1)
    bad = [int((true < bound).sum()) for bound in BOUNDS]
    header = ["signal", *(f"AUC, F1 < {bound} ({n} pages)" for bound, n in zip(BOUNDS, bad, strict=True)), "error"]
    rows = [
        (name, *(auc(values, (true < bound).tolist()) for bound in BOUNDS), calibration_error(reliability(values, f1)))
        for name, values in found.items()
    ]
    return table(header, rows)


def plot_reliability(found: dict[str, Sequence[Bin]], path: Path) -> None:
    """Draw mean word F1 over what was said, one line a signal, a point's area by its pages."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(5, 5))
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    for name, bins in found.items():
        said, true = [one.said for one in bins], [one.true for one in bins]
        axes.plot(said, true, label=f"{name} (error {calibration_error(bins):.3f})")
        axes.scatter(said, true, s=[4 * one.pages**0.5 for one in bins])
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="said", ylabel="mean word F1", title="Reliability on held-out pages")
    axes.legend(loc="upper left", frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=150, bbox_inches="tight")
    pyplot.close(figure)
