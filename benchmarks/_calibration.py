"""How far scrubber's own word on a page can be trusted: calibration, and finding the bad pages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields

import numpy as np
from _data import Cleaned, tag
from _stats import Bin, auc, calibration_error, reliability
from _tables import table

EXPECTED = "Tagged.expected_f1"
NO_ARTICLE = "1 - Tagged.no_article"
BOUNDS = (0.5, 0.7)
"""Word F1 under which a page is bad."""


def signals(cleaned: Sequence[Cleaned]) -> dict[str, list[float]]:
    """Return every number between 0 and 1 that scrubber gives out for a page, by name; NaN where it gives none."""
    found: dict[str, list[float]] = {}
    for one in cleaned:
        quality = one.result.quality
        for column in fields(quality):
            value = getattr(quality, column.name)
            found.setdefault(f"quality.{column.name}", []).append(float("nan") if value is None else float(value))
        if (tagged := tag(one)) is not None:
            found.setdefault(EXPECTED, []).append(tagged.expected_f1)
            found.setdefault(NO_ARTICLE, []).append(1.0 - tagged.no_article)
    return {name: values for name, values in found.items() if len(values) == len(cleaned)}


def reliability_table(bins: Sequence[Bin]) -> str:
    """Return the bins as a table."""
    rows = [(f"{one.low:.1f} to {one.high:.1f}", one.pages, one.said, one.true, one.true - one.said) for one in bins]
    return table(["said", "pages", "mean said", "mean word F1", "difference"], rows)


def auc_table(found: dict[str, list[float]], f1: Sequence[float]) -> str:
    """Return how well each signal finds pages under each of the `BOUNDS`, and its calibration error."""
    bad = [sum(one < bound for one in f1) for bound in BOUNDS]
    bounds = [f"AUC, F1 < {bound} ({count} pages)" for bound, count in zip(BOUNDS, bad, strict=True)]
    rows = []
    for name, values in found.items():
        said, true = given(values, f1)
        areas = [auc(said, [one < bound for one in true]) for bound in BOUNDS]
        rows.append((name, len(said), *areas, calibration_error(reliability(said, true))))
    return table(["signal", "pages", *bounds, "error"], rows)


def given(said: Sequence[float], true: Sequence[float]) -> tuple[list[float], list[float]]:
    """Return both numbers of the pages for which the first was given."""
    pairs = [pair for pair in zip(said, true, strict=True) if not math.isnan(pair[0])]
    return [said for said, _ in pairs], [true for _, true in pairs]


def kind_table(cleaned: Sequence[Cleaned], said: Sequence[float], f1: Sequence[float]) -> str:
    """Return what was said and what was true on average, by set and kind of page."""
    pages = [one.page for one in cleaned]
    kinds = np.array([page.data + (f", {page.group}" if page.data == "wcxb" else "") for page in pages])
    promised, true = np.asarray(said), np.asarray(f1)
    rows = [
        (kind, int(held.sum()), promised[held].mean(), true[held].mean(), (true[held] - promised[held]).mean())
        for kind in sorted(set(kinds.tolist()))
        for held in [kinds == kind]
    ]
    return table(["kind", "pages", "mean said", "mean word F1", "difference"], rows)
