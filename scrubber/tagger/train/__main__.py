"""Rebuild the tagger's weights: `python -m scrubber.tagger.train`.

Fits `Recipe.networks` networks per fold, calibrates on the pages they did not see, then fits the shipped
ones on all pages. With `--folds-only --out DIR` it stops after the folds. Fixed seeds throughout.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess
from pathlib import Path

import torch

from scrubber.tagger.tagger import SHIPPED, blas_threads
from scrubber.tagger.tokens import Characters
from scrubber.tagger.train import characters as character_table
from scrubber.tagger.train import data, export
from scrubber.tagger.train.calibrate import Answer, answers, calibrate, weigh
from scrubber.tagger.train.data import HTML, Sample
from scrubber.tagger.train.fit import Known, Recipe, fit, known_marks, known_words
from scrubber.tagger.train.folds import FOLDS, fold_of
from scrubber.tagger.weights import Calibration, read

WORKERS = 2  # folds fitted side by side, each on one core: two cores on one network mostly wait for each other


def main() -> None:
    """Read the arguments, train, write."""
    parser = argparse.ArgumentParser(description="Rebuild the tagger's weights from the tuning data.")
    parser.add_argument("--folds", type=int, default=FOLDS, help="folds by host (default %(default)s)")
    parser.add_argument("--folds-only", action="store_true", help="stop before the shipped weights")
    parser.add_argument("--out", type=Path, default=Path("build/tagger"), help="folder of the folds' weights")
    parser.add_argument("--weights", type=Path, default=SHIPPED, help="where the shipped weights go")
    parser.add_argument("--epochs", type=int, default=Recipe().epochs)
    asked = parser.parse_args()
    begun = time.monotonic()
    blas_threads().limit(limits=1, user_api="blas")
    samples = data.load(WORKERS)
    print(f"{len(samples)} pages read in {time.monotonic() - begun:.0f} s", flush=True)
    recipe = replace(Recipe(), epochs=asked.epochs)
    rebuild(samples, recipe, asked.folds, asked.out, None if asked.folds_only else asked.weights)
    print(f"done in {time.monotonic() - begun:.0f} s")


def rebuild(samples: Sequence[Sample], recipe: Recipe, count: int, out: Path, shipped: Path | None) -> None:
    """Fit the folds' networks and the shipped ones, then calibrate all on pages that no fold's networks saw."""
    table = character_table.build()
    jobs: list[tuple[int | None, Path]] = [(fold, out / f"fold{fold}.npz") for fold in range(count)]
    if shipped is not None:
        jobs.append((None, shipped))
    gc.freeze()  # spares the workers' copies of the pages
    side_by_side([partial(fit_one, samples, table, recipe, count, job) for job in jobs])
    folds = [(held_out(samples, fold, count), *read(path)) for fold, path in jobs if fold is not None]
    found = {way: [list(answers(*fold, way)) for fold in folds] for way in ("blocks", HTML)}
    for fold, path in jobs:
        text, html = (calibrate(others(found[way], fold)) for way in ("blocks", HTML))
        export.recalibrate(path, text, html)


def others(found: Sequence[Sequence[Answer]], fold: int | None) -> list[Answer]:
    """The answers of all folds but one."""
    return [answer for index, part in enumerate(found) if index != fold for answer in part]


def side_by_side(works: Sequence[Callable[[], Path]]) -> None:
    """Run each work in a process of its own, `WORKERS` at a time; processes inherit the pages, nothing is copied.

    Raises:
        RuntimeError: a process failed; its own error is on standard error.
    """
    waiting = list(works)
    running: list[ForkProcess] = []
    while waiting or running:
        while waiting and len(running) < WORKERS:
            process = get_context("fork").Process(target=waiting.pop(0))
            process.start()
            running.append(process)
        wait([process.sentinel for process in running])
        for process in [process for process in running if not process.is_alive()]:
            process.join()
            running.remove(process)
            if process.exitcode:
                raise RuntimeError("fitting networks failed; see the error above")


def held_out(samples: Sequence[Sample], fold: int, count: int) -> list[Sample]:
    """The pages with a reference that a fold's network did not see."""
    return [sample for sample in samples if sample.reference is not None and fold_of(sample.host, count) == fold]


def fit_one(
    samples: Sequence[Sample], table: Characters, recipe: Recipe, count: int, job: tuple[int | None, Path]
) -> Path:
    """Fit networks, on all pages or on those outside their fold, and write their weights, not yet calibrated."""
    fold, path = job
    torch.set_num_threads(1)
    kept = [sample for sample in samples if fold is None or fold_of(sample.host, count) != fold]
    return train(kept, table, recipe, path)


def train(samples: Sequence[Sample], table: Characters, recipe: Recipe, path: Path) -> Path:
    """Fit networks, each from a seed of its own; write their weights and what is read off them, not yet calibrated."""
    known = Known(known_words(samples, table, recipe), known_marks(samples, recipe))
    seeds = range(recipe.seed, recipe.seed + recipe.networks)
    networks = [fit(samples, known, table, replace(recipe, seed=seed)) for seed in seeds]
    content = export.arrays(networks, known, table)
    plain = Calibration()
    export.write(path, {**content, **export.fitted(plain, plain, export.NO_WEIGHING)})
    weights, _ = read(path)
    export.write(path, {**content, **export.fitted(plain, plain, weigh(samples, weights, table))})
    print(f"wrote {path}, {path.stat().st_size:,} bytes", flush=True)
    return path


if __name__ == "__main__":
    main()
