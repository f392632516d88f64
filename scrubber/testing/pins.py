"""floors.toml: how many cases there are, a digest of what they hold, and the least scores that they may have.

The file lies in a folder of cases and speaks of all cases under it, group by group. What a single composed case
reaches is pinned where that is less than everything. Scores have four places, rounded down.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from scrubber.testing.cases import FLOORS_FILE
from scrubber.testing.meta import SCORES
from scrubber.testing.reading import CaseError, nearest, read_text

FORMAT = 1
"""The version of the file's layout."""

EVERYTHING = 1.0
"""The floor of a score that is not pinned."""

HEAD = f"""\
# The least scores of the cases in this folder, and what they were measured on. `scrubber check --pin` writes this
# file: it raises floors by itself, and lowers them only for a reason, which stays in the list below.
format = {FORMAT}
"""

TABLES = ("format", "groups", "cases", "lowered")

Scores = Mapping[str, float]


class Group(NamedTuple):
    """The cases of one folder: how many, a digest of all their files, and the mean of each score."""

    size: int
    digest: str
    scores: Scores


class Lowering(NamedTuple):
    """Floors that were lowered: why, and each with its old and its new value."""

    reason: str
    what: tuple[str, ...]


@dataclass(frozen=True)
class Pins:
    """What floors.toml holds: groups by their folder, scores of cases by their folder, what was ever lowered."""

    groups: Mapping[str, Group] = field(default_factory=dict)
    cases: Mapping[str, Scores] = field(default_factory=dict)
    lowered: tuple[Lowering, ...] = ()


def pinned_scores(folder: Path) -> Scores:
    """Return what is pinned of a case, by the nearest floors.toml above it; nothing where there is none."""
    folder = folder.resolve()
    for root in folder.parents:
        path = root / FLOORS_FILE
        if path.is_file():
            return read_pins(path).cases.get(folder.relative_to(root).as_posix(), {})
    return {}


# --- comparing --------------------------------------------------------------------------------------


def falls(old: Pins, new: Pins) -> list[str]:
    """Return what is less than it was: cases of a group, scores of a group, scores of a case."""
    return [
        *(fall for name, group in old.groups.items() for fall in _group_falls(name, group, new.groups.get(name))),
        *(f"{name}: {fall}" for name in new.cases for fall in _score_falls(old.cases.get(name, {}), new.cases[name])),
    ]


def _group_falls(name: str, old: Group, new: Group | None) -> Iterator[str]:
    if new is None:
        yield f"{name}: {old.size} cases, now none"
        return
    if new.size < old.size:
        yield f"{name}: {old.size} cases, now {new.size}"
    yield from (f"{name}: {fall}" for fall in _score_falls(old.scores, new.scores))


def _score_falls(old: Scores, new: Scores) -> Iterator[str]:
    for score in SCORES:
        was, now = old.get(score, EVERYTHING), new.get(score, EVERYTHING)
        if now < was:
            yield f"{score} {was:.4f}, now {now:.4f}"


def changes(old: Pins, new: Pins) -> list[str]:
    """Return what was not pinned, or was pinned when the cases held something else."""
    return [
        *(f"{name}: is not pinned" for name in new.groups if name not in old.groups),
        *(
            f"{name}: its cases have changed since they were pinned"
            for name, group in new.groups.items()
            if name in old.groups and old.groups[name].digest != group.digest
        ),
    ]


# --- reading and writing ----------------------------------------------------------------------------


def read_pins(path: Path) -> Pins:
    """Read floors.toml.

    Raises:
        CaseError: it is not valid, of another format, or names a score that does not exist.
    """
    try:
        data = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise CaseError(f"{path}: is not valid TOML: {error}") from error
    for name in data:
        if name not in TABLES:
            raise CaseError(f"{path}: unknown key “{name}”. {nearest(name, TABLES)}")
    if data.get("format") != FORMAT:
        raise CaseError(f"{path}: has format {data.get('format')}; this version reads format {FORMAT}.")
    try:
        return Pins(
            {name: _group(dict(group)) for name, group in data.get("groups", {}).items()},
            {name: _scores(case) for name, case in data.get("cases", {}).items()},
            tuple(Lowering(entry["reason"], tuple(entry["what"])) for entry in data.get("lowered", ())),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CaseError(f"{path}: is not as it was written ({error}). Write it anew: scrubber check --pin") from error


def _group(table: dict[str, Any]) -> Group:
    return Group(int(table.pop("cases")), str(table.pop("digest")), _scores(table))


def _scores(table: Mapping[str, Any]) -> Scores:
    for name in table:
        if name not in SCORES:
            raise ValueError(f"unknown score “{name}”. {nearest(name, SCORES)}")
        if not 0 <= table[name] <= 1:
            raise ValueError(f"{name} is no number from 0.0 to 1.0")
    return {name: float(value) for name, value in table.items()}


def write_pins(pins: Pins) -> str:
    """Return pins as the text of floors.toml: the same ones give the same text."""
    blocks = [HEAD, *_lowered_text(pins.lowered)]
    for name, group in sorted(pins.groups.items()):
        head = [f"[groups.{_quoted(name)}]", f"cases = {group.size}", f"digest = {_quoted(group.digest)}"]
        blocks.append("\n".join([*head, *_score_texts(group.scores)]) + "\n")
    short = [f"{_quoted(name)} = {{ {', '.join(_score_texts(case))} }}" for name, case in sorted(pins.cases.items())]
    blocks += ["\n".join(["[cases]", *short]) + "\n"] if short else []
    return "\n".join(blocks)


def _lowered_text(lowered: Iterable[Lowering]) -> Iterator[str]:
    for entry in lowered:
        what = "".join(f"    {_quoted(fall)},\n" for fall in entry.what)
        yield f"[[lowered]]\nreason = {_quoted(entry.reason)}\nwhat = [\n{what}]\n"


def _score_texts(scores: Scores) -> list[str]:
    return [f"{score} = {scores[score]:.4f}" for score in SCORES if score in scores]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # JSON's texts are TOML's too
