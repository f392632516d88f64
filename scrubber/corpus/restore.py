"""What was kept of the pages of a corpus, and the sidecar of a run, made into the corpus again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from scrubber.corpus.entries import Entry
from scrubber.corpus.fields import FieldNames
from scrubber.corpus.folder import FolderError, RunFolder
from scrubber.corpus.formats import format_of
from scrubber.corpus.output import read_rows
from scrubber.corpus.pieces import digest, restore
from scrubber.corpus.plan import make_plan
from scrubber.corpus.retry import settings_of
from scrubber.corpus.settings import Settings


class DoesNotFit(ValueError):
    """A text is not what is left of the page that a sidecar speaks of."""


def restored(folder: RunFolder, inputs: Sequence[str], fields: FieldNames) -> Iterator[dict[str, Any]]:
    """Yield the records of inputs that hold what was kept, each with its page as it was in `text`.

    Raises:
        DoesNotFit: a record is not what is left of the page in its place, or there are more or fewer of them.
        FolderError, PlanError: the sidecar or an input can't be read.
    """
    settings = settings_of(folder)
    if not settings.sidecar:
        raise FolderError(f"{folder.path}: is a run without --sidecar; what it removed is not there to be put back")
    report = settings.fields.report
    for number, (row, entry) in enumerate(zip_longest(read_rows(folder), _entries(inputs, fields))):
        if row is None or entry is None:
            raise DoesNotFit(f"record {number:,}: {'nothing is known of it' if row is None else 'it is missing'}")
        if entry.page is None or not isinstance(entry.page.content, str):
            raise DoesNotFit(f"record {number:,}: holds no text {entry.detail}".rstrip())
        whole = restore(entry.page.content, row[report]["removed"])
        if digest(whole) != row[report]["digest"]:
            raise DoesNotFit(f"record {number:,}: is not what was kept of {row[report]['source']}")
        yield {**entry.page.meta, "text": whole}


def _entries(inputs: Sequence[str], fields: FieldNames) -> Iterator[Entry]:
    for shard in make_plan(inputs, Settings(fields=fields)).shards:
        yield from format_of(shard.kind).read(shard, fields)
