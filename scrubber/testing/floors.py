"""Floors of a corpus: measuring all cases of a folder, holding them against what is pinned, and pinning anew."""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from scrubber.errors import ScrubberError
from scrubber.testing.cases import FLOORS_FILE, find_cases, is_case, load_case
from scrubber.testing.checks import CaseFailed, Run, listed, scores
from scrubber.testing.meta import COMPOSED, LABEL_SCORES, SCORES
from scrubber.testing.pins import EVERYTHING, Group, Lowering, Pins, Scores, changes, falls, read_pins, write_pins
from scrubber.testing.reading import CaseError

PLACES = 10_000
"""Scores are pinned in steps of one in so many, rounded down."""


class FloorsFall(CaseError):
    """Pinning would lower floors, and no reason was given; `falls` says which."""

    def __init__(self, path: Path, falls: Sequence[str]) -> None:
        """Say of which file, and what to do."""
        what = falls[0] if len(falls) == 1 else f"{falls[0]}, and {len(falls) - 1} more"
        super().__init__(f"{path}: is not written, as floors would fall ({what}). Give the reason: --lower REASON")
        self.falls = tuple(falls)


def runs_in(root: Path) -> list[Run]:
    """Return every case under a folder, to be cleaned when it is looked at."""
    return [Run(load_case(folder)) for folder in find_cases(root)]


def measure(root: Path, runs: Iterable[Run]) -> Pins:
    """Return what cases reach: the mean scores of each folder, and the composed cases that fall short."""
    groups: dict[str, list[Run]] = defaultdict(list)
    for run in runs:
        groups[run.case.folder.parent.relative_to(root).as_posix()].append(run)
    short = {
        run.case.folder.relative_to(root).as_posix(): missed
        for run in (run for group in groups.values() for run in group if run.case.provenance == COMPOSED)
        if (missed := {name: _rounded(value) for name, value in _scores(run).items() if value < EVERYTHING})
    }
    return Pins({name: Group(len(group), digest(group), _means(group)) for name, group in groups.items()}, short)


def _scores(run: Run) -> Scores:
    try:
        return scores(run.case, run.result, run.rows)
    except ScrubberError:
        return dict.fromkeys(SCORES, 0.0)


def _means(runs: Sequence[Run]) -> Scores:
    """Return the mean of each score over the cases that have it: all that clean, and the labelled ones."""
    found: dict[str, list[float]] = {name: [] for name in SCORES}
    for run in runs:
        for name, value in _scores(run).items() if not run.case.raises else ():
            if run.case.rows is not None or name not in LABEL_SCORES:
                found[name].append(value)
    return {name: _rounded(math.fsum(values) / len(values)) for name, values in found.items() if values}


def _rounded(value: float) -> float:
    return math.floor(value * PLACES + 1e-6) / PLACES  # what floats lose in adding up ones is no fall


def digest(runs: Iterable[Run]) -> str:
    """Return a digest of all files of some cases, in hexadecimal; input that is kept elsewhere counts."""
    total = hashlib.sha256()
    for case in (run.case for run in runs):
        files = {path.name: path.read_bytes() for path in sorted(case.folder.iterdir()) if path.is_file()}
        for name, content in {**files, "": case.content}.items():
            total.update(f"{case.folder.name}/{name} {len(content)}\n".encode())
            total.update(content)
    return total.hexdigest()[:32]


def check_pins(root: Path, runs: Iterable[Run]) -> None:
    """The corpus is the pinned one, and no score is under its floor.

    Raises:
        CaseFailed: lists what has changed or is lower.
        CaseError: floors.toml is not valid.
    """
    old, new = read_pins(root / FLOORS_FILE), measure(root, runs)
    if problems := [*falls(old, new), *changes(old, new)]:
        hint = f"pin what is right: scrubber check --pin {root}"
        raise CaseFailed(listed("cases or scores are not as pinned", [*problems, hint]))


def pin(root: Path, runs: Iterable[Run], reason: str = "") -> bool:
    """Write what cases reach into the floors.toml of their folder; tell whether that changed it.

    Raises:
        FloorsFall: something is lower than it was and no reason is given; nothing is written then.
        CaseError: a case or floors.toml is not valid.
    """
    if is_case(root):
        raise CaseError(f"{root}: is a case. Floors are pinned for a folder of cases.")
    path, new = root / FLOORS_FILE, measure(root, runs)
    old = read_pins(path) if path.exists() else None
    lower = falls(old, new) if old else []
    if lower and not reason:
        raise FloorsFall(path, lower)
    lowered = (*(old.lowered if old else ()), *([Lowering(reason, tuple(lower))] if lower else []))
    text = write_pins(Pins(new.groups, new.cases, lowered))
    before = path.read_text(encoding="utf-8") if old else ""
    path.write_text(text, encoding="utf-8", newline="\n")
    return text != before
