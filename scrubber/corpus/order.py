"""What a worker is told to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scrubber.corpus.cleaning import Careful
from scrubber.corpus.plan import Shard
from scrubber.corpus.settings import Settings
from scrubber.corpus.sources import Source


@dataclass(frozen=True, slots=True)
class Order:
    """A shard to do: where its parts go, what its sources were, and what is known of records that kill.

    `mark` is how the folder is known again, `versions` are those of the plan.
    """

    shard: Shard
    sources: tuple[Source, ...]
    settings: Settings
    folder: Path
    mark: str
    versions: Mapping[str, str]
    careful: Careful = field(default_factory=Careful)
