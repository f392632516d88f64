"""Taking what cleaning gives as what a case expects: `recorded`, until somebody has checked it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from scrubber.testing.cases import (
    COMPOSED,
    EXPECTED_FILE,
    LABELS_FILE,
    META_FILE,
    Case,
    find_cases,
    load_case,
)
from scrubber.testing.checks import CaseFailed, Run, changed_lines, check_snippets, quoted
from scrubber.testing.laws import CASE_LAWS, LawBroken
from scrubber.testing.reading import CaseError
from scrubber.testing.rows import write_rows

UNSURE = 0.9
"""Confidence below which a decision is worth a look: about nine in ten such lines are right."""

SHOWN = 12
"""Lines of each kind that are listed for a person to look at."""

_PROVENANCE = re.compile(r"^provenance\s*=.*$", re.MULTILINE)
_CHECKED = re.compile(r"^checked_(?:by|on)\s*=.*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What was written for one case, and what a person should look at now."""

    case: Case
    written: tuple[str, ...]
    look_at: tuple[str, ...]


def accept(paths: Iterable[Path]) -> list[Accepted]:
    """Write what cleaning gives into every case under some paths.

    All cases are cleaned and checked before the first file is written.

    Raises:
        CaseError: a path holds no case, or a law or a snippet of one is broken; nothing is written then.
    """
    runs = [Run(load_case(folder, new=True)) for path in paths for folder in find_cases(path)]
    for run in runs:
        _refuse_broken(run)
    return [_write(run) for run in runs]


def _refuse_broken(run: Run) -> None:
    case = run.case
    if case.raises:
        raise CaseError(f"{case.folder}: expects {case.raises}; there is nothing to record.")
    if case.provenance == COMPOSED:
        raise CaseError(f"{case.folder}: was composed with its true text, which no run can better. Pin its scores.")
    try:
        for law in CASE_LAWS:
            law.check(run.cleaner, case.page)
        check_snippets(run)
    except (LawBroken, CaseFailed) as error:
        raise CaseError(f"{case.folder}: is not accepted, and nothing was written: {error}") from error


def _write(run: Run) -> Accepted:
    case = run.case
    is_new = not (case.folder / EXPECTED_FILE).exists()
    contents = {EXPECTED_FILE: run.result.text}
    if case.rows is not None or is_new:
        contents[LABELS_FILE] = write_rows(row for row, _ in run.rows)
    changed = {name: text for name, text in contents.items() if _differs(case.folder / name, text)}
    if changed:
        changed[META_FILE] = _as_recorded((case.folder / META_FILE).read_text(encoding="utf-8"))
    look_at = tuple(_look_at(run))
    for name, text in changed.items():
        (case.folder / name).write_bytes(text.encode("utf-8"))
    return Accepted(case, tuple(changed), look_at)


def _differs(path: Path, text: str) -> bool:
    return not path.exists() or path.read_bytes() != text.encode("utf-8")


def _as_recorded(meta: str) -> str:
    return _CHECKED.sub("", _PROVENANCE.sub('provenance = "recorded"', meta))


def _look_at(run: Run) -> Iterator[str]:
    """Yield what changed in the text, and the decisions that cleaning is least sure of."""
    changed = (
        f"{sign} {quoted(line)}"
        for sign, line in changed_lines(run.case.expected.split("\n"), run.result.text.split("\n"))
    )
    yield from islice(changed, SHOWN)
    unsure = sorted((decision.confidence, row) for row, decision in run.rows if decision.confidence < UNSURE)
    for confidence, row in unsure[:SHOWN]:
        yield f"line {row.line}: {row.label}, sure to {confidence:.0%}: {quoted(row.text)}"
    yield from (f"flag: {flag}" for flag in run.result.flags)
