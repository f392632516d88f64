"""What is counted of a part, a shard and a run; tallies add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from scrubber.corpus.answers import Answer, Cleaned
from scrubber.corpus.entries import SKIPPED


@dataclass(slots=True)
class Tally:
    """Counts of pages and characters.

    Attributes:
        records: records read, `skipped` ones included; `out` of them were cleaned and `dead` became dead letters.
        chars: characters of the decoded pages; `kept`: those that were not removed, with the blanks behind them. An
            article may have more or fewer, for its parts have a blank line between them, whatever the page has.
        faults: dead letters by their reason.
        flags: pages by flag.
        seconds: seconds of CPU that the work took.
    """

    records: int = 0
    skipped: int = 0
    out: int = 0
    dead: int = 0
    chars: int = 0
    kept: int = 0
    seconds: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)

    @property
    def taken(self) -> int:
        """How many records were to be cleaned."""
        return self.records - self.skipped

    @property
    def adds_up(self) -> bool:
        """Whether each record that was to be cleaned is in the output or a dead letter."""
        return self.taken == self.out + self.dead == self.out + self.faults.total()

    @property
    def dead_ratio(self) -> float:
        """The share of dead letters, 0.0 to 1.0; 0.0 where nothing was read."""
        return self.dead / self.taken if self.taken else 0.0

    @property
    def dropped_share(self) -> float:
        """The share of characters that were removed, 0.0 to 1.0; 0.0 where there are none."""
        return 1.0 - self.kept / self.chars if self.chars else 0.0

    def add(self, answer: Answer) -> None:
        """Count what became of a record."""
        self.records += 1
        if isinstance(answer, Cleaned):
            self.out += 1
            self.chars += answer.chars
            self.kept += answer.kept
            self.flags.update(flag.partition(":")[0] for flag in answer.flags)
        elif answer.word == SKIPPED:
            self.skipped += 1
        else:
            self.dead += 1
            self.faults[answer.word] += 1

    def to_dict(self) -> dict[str, Any]:
        """Return the counts as JSON holds them, names in order."""
        counted = {name: getattr(self, name) for name in NUMBERS}
        named = {name: dict(sorted(getattr(self, name).items())) for name in NAMED}
        return {**counted, "seconds": round(self.seconds, 3), **named}

    @classmethod
    def from_dict(cls, read: Mapping[str, Any]) -> Tally:
        """Read what `to_dict` gave."""
        return cls(**{**read, **{name: Counter(read[name]) for name in NAMED}})


NUMBERS = ("records", "skipped", "out", "dead", "chars", "kept")
NAMED = ("faults", "flags")


def total(tallies: Iterable[Tally]) -> Tally:
    """Return the sum of tallies."""
    whole = Tally()
    for one in tallies:
        for name in (*NUMBERS, "seconds"):
            setattr(whole, name, getattr(whole, name) + getattr(one, name))
        whole.faults.update(one.faults)
        whole.flags.update(one.flags)
    return whole
