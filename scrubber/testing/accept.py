"""Taking what cleaning gives as what a case expects: `recorded`, until somebody has checked it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrubber.errors import ScrubberError
from scrubber.testing.cases import (
    EXPECTED_FILE,
    LABELS_FILE,
    META_FILE,
    Case,
    find_cases,
    load_case,
)
from scrubber.testing.checks import WHOLE, CaseFailed, Run, changed_lines, check_snippets, label_differences, quoted
from scrubber.testing.laws import CASE_LAWS, LawBroken
from scrubber.testing.meta import COMPOSED
from scrubber.testing.reading import CaseError, read_text
from scrubber.testing.rows import write_rows

UNSURE = 0.9
"""Confidence below which a decision is worth a look: about nine in ten such lines are right."""

SHOWN = 12
"""Lines of each kind that are listed for a person to look at."""

CHECKED_KEYS = ("checked_by", "checked_on")
"""What meta.toml says of who read an expectation, which is no longer true of another one."""

_PROVENANCE = re.compile(r"^([ \t]*provenance\s*=).*$", re.MULTILINE)
_CHECKED = re.compile(rf"^[ \t]*(?:{'|'.join(CHECKED_KEYS)})\s*=.*(?:\n|\Z)", re.MULTILINE)


MARK_CHECKED = 'When it is right, write into meta.toml: provenance = "checked", with checked_by and checked_on.'
"""What is left to a person."""


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
        CaseError: a path holds no case, one can't be cleaned, a law or a snippet of one is broken, or its meta.toml
            can't be rewritten; nothing is written then.
    """
    runs = [Run(load_case(folder, new=True)) for path in paths for folder in find_cases(path)]
    for run in runs:
        _refuse_broken(run)
    planned = [(run, _changed_files(run)) for run in runs]
    return [_write(run, changed) for run, changed in planned]


def _refuse_broken(run: Run) -> None:
    case = run.case
    if case.raises:
        raise CaseError(f"{case.folder}: expects {case.raises}; there is nothing to record.")
    if case.provenance == COMPOSED:
        raise CaseError(f"{case.folder}: was composed with its true text, which no run can better. Pin its scores.")
    try:
        for law in CASE_LAWS:
            law.check(run.cleaner, case.page)
        if not {"snippets", WHOLE} & case.xfail.keys():
            check_snippets(run)
        run.result  # noqa: B018 - where there are no snippets, nothing has cleaned it yet
    except (LawBroken, CaseFailed) as error:
        raise CaseError(f"{case.folder}: is not accepted, and nothing was written: {error}") from error
    except ScrubberError as error:
        hint = f"Where that is right, say raises = “{type(error).__name__}”."
        raise CaseError(f"{case.folder}: can't be cleaned, and nothing was written: {error}. {hint}") from error


def _changed_files(run: Run) -> dict[str, str]:
    """Return the files of a case that are to be written, with what they are to hold."""
    case = run.case
    is_new = not (case.folder / EXPECTED_FILE).exists()
    contents = {EXPECTED_FILE: run.result.text}
    if case.rows is not None or is_new:
        contents[LABELS_FILE] = write_rows(row for row, _ in run.rows)
    changed = {name: text for name, text in contents.items() if _differs(case.folder / name, text)}
    if changed:
        changed[META_FILE] = _as_recorded(case.folder / META_FILE)
    return changed


def _write(run: Run, changed: dict[str, str]) -> Accepted:
    look_at = tuple(_look_at(run))
    for name, text in reversed(changed.items()):  # meta.toml first: nothing new passes for checked, whatever breaks off
        (run.case.folder / name).write_bytes(text.encode("utf-8"))
    return Accepted(run.case, tuple(changed), look_at)


def _differs(path: Path, text: str) -> bool:
    return not path.exists() or path.read_bytes() != text.encode("utf-8")


def _as_recorded(path: Path) -> str:
    """Return a meta.toml with another provenance, and all else in it as somebody wrote it."""
    before = read_text(path)
    after = _CHECKED.sub("", _PROVENANCE.sub(r'\1 "recorded"', before))
    wanted = {key: value for key, value in tomllib.loads(before).items() if key not in CHECKED_KEYS}
    if _read(after) != wanted | {"provenance": "recorded"}:
        keys = ", ".join(f"`{key}`" for key in ("provenance", *CHECKED_KEYS))
        raise CaseError(f"{path}: can't be rewritten, and nothing was written. Put {keys} on a line each.")
    return after


def _read(meta: str) -> Mapping[str, Any] | None:
    try:
        return tomllib.loads(meta)
    except tomllib.TOMLDecodeError:
        return None


def _look_at(run: Run) -> Iterator[str]:
    """Yield what changed in the text and in the labels, and the decisions that cleaning is least sure of."""
    changed = changed_lines(run.case.expected.split("\n"), run.result.text.split("\n"))
    yield from _bounded(map(str, changed))
    yield from _bounded(label_differences(run) if run.case.rows is not None else ())
    unsure = sorted((decision.confidence, row) for row, decision in run.rows if decision.confidence < UNSURE)
    for confidence, row in unsure[:SHOWN]:
        yield f"line {row.line}: {row.label}, sure to {confidence:.0%}: {quoted(row.text)}"
    yield from (f"flag: {flag}" for flag in run.result.flags)


def _bounded(lines: Iterable[str]) -> list[str]:
    found = list(lines)
    return found if len(found) <= SHOWN else [*found[:SHOWN], f"… and {len(found) - SHOWN} more"]
