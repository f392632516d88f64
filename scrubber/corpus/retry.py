"""Dead letters cleaned once more: each round is a run of its own, in a folder inside of the first one's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scrubber.corpus.fields import FieldNames
from scrubber.corpus.folder import PLAN, FolderError, RunFolder
from scrubber.corpus.settings import Cleaning, Settings
from scrubber.corpus.status import status
from scrubber.corpus.tally import Tally, total

ROUND = "retry-"


def rounds(path: Path) -> list[RunFolder]:
    """Return the folder of a run, and those of the rounds after it, in order."""
    return [RunFolder(path), *(RunFolder(path / f"{ROUND}{number}") for number in _numbers(path))]


def _numbers(path: Path) -> Iterator[int]:
    number = 1
    while (path / f"{ROUND}{number}").is_dir():
        yield number
        number += 1


def letters_of(folder: RunFolder) -> list[str]:
    """Return the files of dead letters that manifests name, in order."""
    return [str(folder.dead / part.dead) for part in folder.parts() if part.dead]


def next_round(path: Path, *, resume: bool) -> tuple[RunFolder, RunFolder]:
    """Return whose dead letters are to be cleaned, and the folder to do it in.

    Raises:
        FolderError: there is no run, it is not done, or it has no dead letters.
    """
    found = rounds(path)
    if resume:
        if len(found) == 1:
            raise FolderError(f"{path}: no round was begun that could be resumed")
        return found[-2], found[-1]
    last = found[-1]
    if not status(last).done:
        raise FolderError(f"{last.path}: the run is not done. Go on with it first, by --resume.")
    if not letters_of(last):
        raise FolderError(f"{last.path}: there are no dead letters")
    return last, RunFolder(path / f"{ROUND}{len(found)}")


def settings_of(folder: RunFolder) -> Settings:
    """Return the settings that a run was begun with. Raises FolderError where they are not those of a run."""
    try:
        return _settings(folder)
    except (AttributeError, KeyError, TypeError) as error:
        raise FolderError(f"{folder.path / PLAN}: the plan can't be read: its settings are those of no run") from error


def _settings(folder: RunFolder) -> Settings:
    known: dict[str, Any] = dict(folder.read_plan().settings)
    del known["versions"]
    cleaning: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in known["cleaning"].items()
    }
    return Settings(**{**known, "cleaning": Cleaning(**cleaning), "fields": FieldNames(**known["fields"])})


def tally_of_rounds(path: Path) -> Tally:
    """Return the counts of a run and its rounds together: a letter that was cleaned later is not dead any more."""
    tallies = [total(part.tally for part in folder.parts()) for folder in rounds(path)]
    whole = total(tallies)
    first = tallies[0]
    whole.records, whole.skipped = first.records, first.skipped
    whole.faults = tallies[-1].faults
    whole.dead = tallies[-1].dead
    return whole
