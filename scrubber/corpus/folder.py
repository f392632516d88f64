"""The folder of a run: names of files, and the protocol by which a part is committed.

A part is written under `_tmp`, brought to the disk, checked, given its name, and then named by a manifest, which
is made all at once or not at all. What no manifest names does not exist.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrubber.corpus.plan import Plan, PlanError, Shard
from scrubber.corpus.tally import Tally

PLAN = "plan.json"
LOCK = ".lock"


class FolderError(Exception):
    """The folder can't be used as it was asked for; says why and what to do."""


def part_name(shard: int, part: int) -> str:
    """Return what the files of a part are called; in the order of these names they are the whole output."""
    return f"part-{shard:05}-{part:04}"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known of one part of a shard: its number, its files (None: empty), whether it is the last, and counts."""

    shard: int
    part: int
    data: str | None
    dead: str | None
    last: bool
    tally: Tally

    @property
    def name(self) -> str:
        """What its files are called, without their suffixes."""
        return part_name(self.shard, self.part)

    def to_json(self) -> str:
        """Return the manifest as JSON."""
        known = {name: getattr(self, name) for name in ("shard", "part", "data", "dead", "last")}
        return json.dumps({**known, "tally": self.tally.to_dict()}, indent=1) + "\n"

    @classmethod
    def read(cls, path: Path) -> Manifest:
        """Read a manifest. Raises FolderError where the file is none."""
        try:
            read: dict[str, Any] = json.loads(path.read_bytes())
            manifest = cls(**{**read, "tally": Tally.from_dict(read["tally"])})
            if any(name and Path(name).name != name for name in (manifest.data, manifest.dead)):
                raise ValueError("it names a file that lies elsewhere")
            return manifest
        except (ValueError, KeyError, TypeError) as error:
            raise FolderError(f"{path}: is no manifest ({error}). Begin again in another folder.") from error


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Where a run writes."""

    path: Path

    @property
    def manifests(self) -> Path:
        """The folder of manifests."""
        return self.path / "manifest"

    @property
    def dead(self) -> Path:
        """The folder of dead letters."""
        return self.path / "dead"

    @property
    def temporary(self) -> Path:
        """The folder of what is being written."""
        return self.path / "_tmp"

    def journal(self, shard: Shard) -> Path:
        """Return the file in which the worker of a shard says where it is."""
        return self.temporary / f"{shard.name}.at"

    def trace(self, shard: Shard) -> Path:
        """Return the file in which the interpreter says what killed it."""
        return self.temporary / f"{shard.name}.fault"

    def forget(self, shard: Shard) -> None:
        """Remove what a worker has left that died: the next may die before it says anything."""
        self.journal(shard).unlink(missing_ok=True)
        self.trace(shard).unlink(missing_ok=True)

    def prepare(self) -> None:
        """Make the folders."""
        for folder in (self.path, self.manifests, self.dead, self.temporary):
            folder.mkdir(parents=True, exist_ok=True)

    def has_plan(self) -> bool:
        """Tell whether a run was begun here."""
        return (self.path / PLAN).is_file()

    def read_plan(self) -> Plan:
        """Return the plan of the run.

        Raises:
            FolderError: there is none, or it can't be read.
        """
        try:
            return Plan.from_json((self.path / PLAN).read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise FolderError(f"{self.path}: no run was begun here: there is no {PLAN}") from error
        except PlanError as error:
            raise FolderError(f"{self.path / PLAN}: {error}") from error

    def write_plan(self, plan: Plan) -> None:
        """Write the plan, once."""
        create(self.path / PLAN, plan.to_json(), self.temporary / f"{PLAN}.{os.getpid()}")

    def parts(self) -> list[Manifest]:
        """Return the manifests, in the order of the output."""
        return [Manifest.read(path) for path in sorted(self.manifests.glob("part-*.json"))]

    def parts_of(self, shard: Shard) -> list[Manifest]:
        """Return the manifests of one shard, in order; found by name, as listing a folder of 100,000 takes long."""
        found: list[Manifest] = []
        while not (found and found[-1].last):
            path = self.manifests / f"{part_name(shard.number, len(found))}.json"
            if not path.is_file():
                break
            found.append(Manifest.read(path))
        return found

    def mark(self) -> str:
        """Leave a mark by which a worker on another machine knows that it sees this folder; return it."""
        mark = f"{uuid.uuid4().hex}.run"
        (self.temporary / mark).touch()
        return mark

    def is_marked(self, mark: str) -> bool:
        """Tell whether this is the folder where a mark was left."""
        return (self.temporary / mark).is_file()

    def clear(self) -> None:
        """Remove what was being written."""
        shutil.rmtree(self.temporary, ignore_errors=True)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder against other runs.

        Raises:
            FolderError: another run works in it.
        """
        with (self.path / LOCK).open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise FolderError(f"{self.path}: another run works in this folder; wait for it") from error
            yield


def commit(folder: RunFolder, manifest: Manifest, data: Path, dead: Path) -> None:
    """Give a part that was written its name, and make it count.

    Two workers may do the same part, where one was taken for lost; what they write is the same, and the first
    manifest stays.
    """
    for draft, home, name in ((data, folder.path, manifest.data), (dead, folder.dead, manifest.dead)):
        if name is None:
            draft.unlink(missing_ok=True)
        else:
            sync(draft)
            draft.rename(home / name)
            sync(home)
    with contextlib.suppress(FileExistsError):
        create(folder.manifests / f"{manifest.name}.json", manifest.to_json(), data.with_suffix(".manifest"))


def create(path: Path, text: str, draft: Path) -> None:
    """Make a file with all of its text, at once and only where there is none.

    Raises:
        FileExistsError: there is one.
    """
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    finally:
        draft.unlink()
    sync(path.parent)


def sync(path: Path) -> None:
    """Bring a file that was written, or the names in a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
