"""What a run dropped, and of what kind its pages are: counted over its rows, for all and by host."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scrubber.corpus.duplicates import Duplicates
from scrubber.corpus.folder import RunFolder
from scrubber.corpus.output import read_rows
from scrubber.corpus.retry import rounds, settings_of
from scrubber.sites.matching import host_of

QUANTILES = (0.1, 0.5, 0.9)
NAMED = ("languages", "encodings", "repairs", "flags")
NO_HOST = ""
"""The host of pages without an address."""


@dataclass(slots=True)
class Group:
    """Counts of some pages.

    Attributes:
        pages: how many.
        chars: characters of the decoded pages.
        removed: characters that were removed, by label and rule; blanks behind a stretch count with it.
        flags, languages, encodings, repairs: pages by each; unknown languages and encodings are "".
        same, near: articles that are the same as an earlier one, word for word or nearly.
    """

    pages: int = 0
    chars: int = 0
    removed: Counter[tuple[str, str]] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    encodings: Counter[str] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)
    same: int = 0
    near: int = 0

    def add(self, report: Mapping[str, Any]) -> None:
        """Count a page by what its row says of it."""
        self.pages += 1
        self.chars += report["length"]
        for one in report["removed"]:
            self.removed[one["label"], one["rule"]] += one["end"] - one["start"]
        self.flags.update(flag.partition(":")[0] for flag in report["flags"])
        self.languages[report["language"] or ""] += 1
        self.encodings[report["encoding"] or ""] += 1
        self.repairs.update(report["repairs"])

    @property
    def dropped_share(self) -> float:
        """The share of characters that were removed, 0.0 to 1.0; 0.0 where there are none."""
        return self.removed.total() / self.chars if self.chars else 0.0

    @property
    def labels(self) -> Counter[str]:
        """Characters that were removed, by label."""
        found: Counter[str] = Counter()
        for (label, _), chars in self.removed.items():
            found[label] += chars
        return found

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as JSON holds them."""
        named = {name: dict(getattr(self, name).most_common()) for name in NAMED}
        removed = [{"label": label, "rule": rule, "chars": n} for (label, rule), n in self.removed.most_common()]
        counted = {"pages": self.pages, "chars": self.chars, "dropped_share": round(self.dropped_share, 4)}
        return {**counted, "same": self.same, "near": self.near, **named, "removed": removed}


@dataclass(slots=True)
class Stats:
    """Counts of a whole run.

    Attributes:
        whole: of all pages; `hosts`: by host.
        lengths: characters of each article; empty for a sidecar, which has none.
        twins: the first pairs of near duplicates: the row of each, from 0 on, and their likeness.
    """

    whole: Group = field(default_factory=Group)
    hosts: dict[str, Group] = field(default_factory=dict)
    lengths: array[int] = field(default_factory=lambda: array("L"))
    twins: list[tuple[int, int, float]] = field(default_factory=list)

    def quantiles(self) -> list[int]:
        """Return the lengths below which a tenth, a half and nine tenths of the articles are; none without articles."""
        ordered = sorted(self.lengths)
        return [ordered[int(share * (len(ordered) - 1))] for share in QUANTILES] if ordered else []

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as JSON holds them."""
        hosts = {host: group.to_dict() for host, group in sorted(self.hosts.items())}
        twins = [{"row": row, "like": like, "likeness": round(share, 3)} for row, like, share in self.twins]
        return {"whole": self.whole.to_dict(), "lengths": self.quantiles(), "near_duplicates": twins, "hosts": hosts}


def stats(folder: RunFolder, *, near: bool) -> Stats:
    """Count over the rows of a run, those of later rounds included.

    Memory grows with the number of hosts, and with `near`, which looks for near duplicates, by about a kilobyte a page.

    Raises:
        FolderError: no run was begun there, or it can't be read.
    """
    fields = settings_of(folder).fields
    found = Stats()
    duplicates = Duplicates(near=near)
    rows = (row for one in rounds(folder.path) for row in read_rows(one))
    for number, row in enumerate(rows):
        groups = (found.whole, found.hosts.setdefault(_host(row.get(fields.url)), Group()))
        for group in groups:
            group.add(row[fields.report])
        text = row.get(fields.text)
        if text is not None:
            found.lengths.append(len(text))
            _compare(found, groups, duplicates, number, text)
    return found


def _compare(found: Stats, groups: Iterable[Group], duplicates: Duplicates, number: int, text: str) -> None:
    like = duplicates.add(number, text)
    if like is None:
        return
    for group in groups:
        group.same += like.same
        group.near += not like.same
    if not like.same:
        found.twins.append((number, like.row, like.likeness))


def _host(url: Any) -> str:
    return (host_of(url) or NO_HOST).removeprefix("www.") if isinstance(url, str) else NO_HOST
