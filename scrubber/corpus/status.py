"""How far a run is, for who looks on."""

from __future__ import annotations

import fcntl
from dataclasses import dataclass
from typing import Any

from scrubber.corpus.folder import LOCK, RunFolder
from scrubber.corpus.progress import Progress, look
from scrubber.corpus.tally import Tally, total


@dataclass(frozen=True, slots=True)
class Status:
    """Where a run is; `running` tells whether somebody works on it."""

    progress: Progress
    running: bool

    @property
    def done(self) -> bool:
        """Whether every shard is done."""
        return self.progress.shards == self.progress.of

    def to_dict(self) -> dict[str, Any]:
        """Return the status as JSON holds it."""
        progress = self.progress
        state = "done" if self.done else "running" if self.running else "stopped"
        shards = {"shards_done": progress.shards, "shards": progress.of, "share_read": round(progress.share, 4)}
        return {"state": state, **shards, **progress.tally.to_dict()}


def status(folder: RunFolder) -> Status:
    """Return how far the run in a folder is.

    Raises:
        FolderError: no run was begun there.
    """
    plan = folder.read_plan()
    parts: dict[int, list[Tally]] = {}
    done: set[int] = set()
    for part in folder.parts():
        parts.setdefault(part.shard, []).append(part.tally)
        if part.last:
            done.add(part.shard)
    running = _is_running(folder)
    counted = {number: total(tallies) for number, tallies in parts.items()}
    finished = {number: tally for number, tally in counted.items() if number in done}
    progress = look(folder, plan, finished, [shard for shard in plan.shards if shard.number not in done])
    return Status(progress, running)


def _is_running(folder: RunFolder) -> bool:
    with (folder.path / LOCK).open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
