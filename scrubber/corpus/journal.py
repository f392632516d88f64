"""Where a worker is, in a file: read to show progress, and after its death to find the record that killed it."""

from __future__ import annotations

import faulthandler
import json
import os
from pathlib import Path
from types import TracebackType
from typing import IO, NamedTuple

from scrubber.corpus.tally import Tally

WIDTH = 120
"""Bytes of the journal; it is written anew each time, in one go."""


class Position(NamedTuple):
    """Records `first` to `last` of a shard are at work, none where they are equal; `place` is that of the last one
    done; and the counts since the shard's begin."""

    first: int
    last: int
    place: int
    taken: int
    dead: int
    chars: int
    kept: int


class Journal:
    """The journal of one attempt at a shard."""

    def __init__(self, path: Path, trace: Path) -> None:
        """Name the files; what is in them is of an earlier attempt."""
        self.path = path
        self.trace_path = trace
        self.tally = Tally()
        self.place = 0
        self.trace: IO[str]

    def __enter__(self) -> Journal:
        """Begin: from here on the interpreter leaves a trace if it dies."""
        self.descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        self.trace = self.trace_path.open("w")
        faulthandler.enable(self.trace)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the attempt."""
        faulthandler.disable()
        self.trace.close()
        os.close(self.descriptor)

    def at_work(self, first: int, last: int) -> None:
        """Say which records are being cleaned: `first` up to, and without, `last`."""
        tally = self.tally
        position = Position(first, last, self.place, tally.taken, tally.dead, tally.chars, tally.kept)
        os.pwrite(self.descriptor, json.dumps(position).encode().ljust(WIDTH), 0)

    def idle(self) -> None:
        """Say that no record is."""
        self.at_work(0, 0)


def read_position(path: Path) -> Position | None:
    """Return where a worker is, or was when it died; None where that is not known."""
    try:
        return Position(*json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def read_trace(path: Path) -> str | None:
    """Return the first line of what the interpreter wrote when it died, None where it had no time to."""
    try:
        with path.open(errors="replace") as file:
            return file.readline().strip() or None
    except OSError:
        return None
