"""Begin a run, or go on with one."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from scrubber.corpus.drive import Drive, RunError
from scrubber.corpus.engines import Engine, EngineError
from scrubber.corpus.engines.pool import PoolEngine
from scrubber.corpus.folder import LOCK, FolderError, RunFolder
from scrubber.corpus.learn_sites import learn_sites
from scrubber.corpus.plan import Plan, differences, make_plan
from scrubber.corpus.progress import Progress
from scrubber.corpus.settings import Settings, shared_cleaner
from scrubber.corpus.sources import is_address
from scrubber.corpus.tally import Tally

MAX_DEAD_RATIO = 0.1
"""Share of dead letters above which something is wrong with the call rather than with pages."""

DIFFERENCES_SHOWN = 5

BEFORE_PLAN = frozenset({LOCK, "_tmp", "manifest", "dead", "sites"})
"""What a run leaves that ended before it had a plan: another one may begin there."""


def default_workers() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(
    inputs: Sequence[str],
    output: str | Path,
    settings: Settings | None = None,
    *,
    kind: str | None = None,
    workers: int | None = None,
    resume: bool = False,
    learn: bool = False,
    max_dead_ratio: float = MAX_DEAD_RATIO,
    show: Callable[[Progress], None] = lambda _: None,
    engine: Callable[[], Engine] | None = None,
) -> Tally:
    """Clean a corpus into a folder.

    Args:
        inputs: files, folders and addresses; see `formats`.
        output: the folder; parts, dead letters and manifests go into it.
        settings: what is done with each page.
        kind: what all inputs are, where their names do not tell.
        workers: processes; by default as many as there are processors. The output is the same for any number.
        resume: go on with the run that was begun in the folder.
        learn: first learn the sites that have enough pages, into `sites` in the folder, and clean with them.
        max_dead_ratio: share of dead letters, 0.0 to 1.0, above which the run stops.
        show: called twice a second with how far the run is.
        engine: makes the engine that runs the shards, in place of worker processes.

    Returns:
        The counts of the whole run.

    Raises:
        PlanError: an input can't be read.
        FolderError: the folder can't be used as asked.
        EngineError: the engine can't be started.
        RunError: the run stopped before its end, and can be resumed.
        PluginError, ValueError: the cleaner can't be made.
    """
    settings = settings or Settings()
    shared_cleaner(settings.cleaning)  # what is wrong with it shows here rather than in every worker
    folder = RunFolder(Path(output))
    if is_address(str(output)):
        raise FolderError(f"{output}: is an address. Name a folder, local or shared, and copy it when the run is done.")
    _check_free(folder, resume=resume)
    plan = make_plan(inputs, settings, kind=kind)
    folder.prepare()
    with (
        folder.locked(),
        contextlib.closing(engine() if engine else PoolEngine(workers or default_workers())) as running,
    ):
        folder.clear()
        folder.prepare()
        if learn:
            settings = _with_learned(folder, plan, settings)
            shared_cleaner(settings.cleaning)  # sites that were reviewed by hand since may not load
            plan = make_plan(inputs, settings, kind=kind)
        _settle_plan(folder, plan, resume=resume)
        try:
            return Drive(folder, plan, settings, running, max_dead_ratio, show).run()
        except EngineError as error:
            raise RunError(f"{error} Go on with --resume.") from error


def _check_free(folder: RunFolder, *, resume: bool) -> None:
    if resume:
        folder.read_plan()
    elif folder.has_plan():
        raise FolderError(f"{folder.path}: a run was begun here. Go on with it by --resume, or name another folder.")
    elif folder.path.is_dir() and any(path.name not in BEFORE_PLAN for path in folder.path.iterdir()):
        raise FolderError(f"{folder.path}: is not empty. Name a folder that is not there yet.")


def _with_learned(folder: RunFolder, plan: Plan, settings: Settings) -> Settings:
    """Return settings with the sites that are learned from the inputs, or were when the run began."""
    sites = folder.path / "sites"
    if not sites.is_dir():
        learn_sites(plan, settings, sites, folder.temporary / "learning")
    if not any(sites.iterdir()):
        return settings
    return replace(settings, cleaning=replace(settings.cleaning, folders=(*settings.cleaning.folders, str(sites))))


def _settle_plan(folder: RunFolder, plan: Plan, *, resume: bool) -> None:
    if not resume:
        folder.write_plan(plan)
        return
    found = differences(folder.read_plan(), plan)
    if found:
        more = f"; and {len(found) - DIFFERENCES_SHOWN} more" if len(found) > DIFFERENCES_SHOWN else ""
        what = "; ".join(found[:DIFFERENCES_SHOWN])
        raise FolderError(f"{folder.path}: can't go on with another plan than the run began with. {what}{more}")
