"""The plan of a run: its inputs as they were, cut into shards, and its settings. Written once, then compared."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from scrubber.corpus.formats import KINDS, format_of, kind_of
from scrubber.corpus.settings import Settings
from scrubber.corpus.sources import Source, is_folder, list_folder, look_at

PAGES_A_SHARD = 1_000
"""Files of a folder of pages that one task reads: seconds of work."""

VERSION = 1
"""Of the layout of plans and manifests."""


class PlanError(Exception):
    """There is nothing that can be run as it was asked for; says why."""


@dataclass(frozen=True, slots=True)
class Shard:
    """What one task reads: files, and from where to where in the one that there is."""

    number: int
    kind: str
    paths: tuple[str, ...]
    start: int
    stop: int

    @property
    def name(self) -> str:
        """What its parts are called after."""
        return f"{self.number:05}"


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a run does, decided before it begins."""

    settings: dict[str, Any]
    sources: tuple[Source, ...]
    shards: tuple[Shard, ...]

    def to_json(self) -> str:
        """Return the plan as one JSON document."""
        shards = [asdict(shard) for shard in self.shards]
        sources = [source._asdict() for source in self.sources]
        whole = {"version": VERSION, "settings": self.settings, "sources": sources, "shards": shards}
        return json.dumps(whole, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """Read a plan. Raises PlanError where it is none."""
        try:
            read = json.loads(text)
            sources = tuple(Source(**source) for source in read["sources"])
            shards = tuple(Shard(**{**shard, "paths": tuple(shard["paths"])}) for shard in read["shards"])
            return cls(read["settings"], sources, shards)
        except (ValueError, KeyError, TypeError) as error:
            raise PlanError(f"the plan can't be read: {error}") from error

    def weights(self) -> list[float]:
        """Return for each shard the bytes that it reads, about."""
        sizes = {source.path: source.size for source in self.sources}
        shared = Counter(shard.paths for shard in self.shards)
        return [sum(sizes[path] for path in shard.paths) / shared[shard.paths] for shard in self.shards]


def make_plan(inputs: Sequence[str], settings: Settings, *, kind: str | None = None) -> Plan:
    """Look at the inputs and cut them into shards.

    Args:
        inputs: files, folders and addresses, in the order in which the output has them.
        settings: what is to be done.
        kind: what all inputs are, where their names do not tell.

    Raises:
        PlanError: an input does not exist, is of no known kind, or can't be read.
    """
    if kind is not None and kind not in KINDS:
        raise PlanError(f"“{kind}” is no kind of input. Valid are: {', '.join(KINDS)}.")
    files = [file for path in inputs for file in _files(path, kind)]
    if not files:
        raise PlanError("there is nothing to read in these inputs")
    sources = [(source_kind, _source(path)) for source_kind, path in dict.fromkeys(files)]
    shards = [Shard(number, *shard) for number, shard in enumerate(_shards(sources, settings.shard_bytes))]
    return Plan(json.loads(json.dumps(settings.describe())), tuple(source for _, source in sources), tuple(shards))


def differences(old: Plan, new: Plan) -> list[str]:
    """Return in words what differs between two plans, nothing where they are the same."""
    found = list(_differing("", old.settings, new.settings))
    before, after = ({source.path: source for source in plan.sources} for plan in (old, new))
    found += [f"{path}: is not read any more" for path in before.keys() - after.keys()]
    found += [f"{path}: was not read before" for path in after.keys() - before.keys()]
    found += [f"{path}: has changed" for path in before.keys() & after.keys() if before[path] != after[path]]
    if not found and old != new:
        found.append("the inputs are given in another order, or as another kind")
    return sorted(found)


def _differing(name: str, old: Any, new: Any) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            yield from _differing(f"{name}.{key}".strip("."), old.get(key), new.get(key))
    elif old != new:
        yield f"{name}: was {json.dumps(old)}, is now {json.dumps(new)}"


def _files(path: str, kind: str | None) -> Iterator[tuple[str, str]]:
    """Yield kind and path of each file that an input names."""
    try:
        if is_folder(path):
            inside = [(kind or kind_of(name), name) for name in list_folder(path)]
            yield from ((known, name) for known, name in inside if known)
            return
    except OSError as error:
        raise PlanError(f"{path}: can't be read ({error})") from error
    known = kind or kind_of(path)
    if known is None:
        raise PlanError(f"{path}: of what kind it is can't be told from its name. Say so: --input-format jsonl")
    yield known, path


def _source(path: str) -> Source:
    try:
        return look_at(path)
    except OSError as error:
        raise PlanError(f"{path}: can't be read ({error.strerror or error})") from error


def _shards(sources: Iterable[tuple[str, Source]], most: int) -> Iterator[tuple[str, tuple[str, ...], int, int]]:
    for kind, group in groupby(sources, key=lambda source: source[0]):
        members = [source for _, source in group]
        if kind == "pages":
            for start in range(0, len(members), PAGES_A_SHARD):
                yield kind, tuple(source.path for source in members[start : start + PAGES_A_SHARD]), 0, 0
        else:
            for source in members:
                yield from ((kind, (source.path,), *region) for region in _regions(kind, source, most))


def _regions(kind: str, source: Source, most: int) -> list[tuple[int, int]]:
    try:
        return format_of(kind).split(source, most)
    except (OSError, ValueError) as error:
        raise PlanError(f"{source.path}: can't be read: {error}") from error
