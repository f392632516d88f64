"""One part of a shard on its way: rows and dead letters under `_tmp`, counted, checked, committed."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from functools import partial

from scrubber.corpus.answers import Answer, Cleaned, Fault
from scrubber.corpus.cleaning import Desk, Numbered
from scrubber.corpus.entries import SKIPPED, Entry
from scrubber.corpus.folder import Manifest, RunFolder, commit, part_name
from scrubber.corpus.journal import Journal
from scrubber.corpus.letters import letter
from scrubber.corpus.order import Order
from scrubber.corpus.rows import row_of
from scrubber.corpus.tally import Tally
from scrubber.corpus.writers import Writer, open_writer
from scrubber.model import Result


class Part:
    """A part that is being written; nothing of it counts before `commit`.

    Nothing in it refers back to it, so that it goes, and the megabytes of its compressor with it, when it is done:
    the collector of cycles comes by after hundreds of parts.
    """

    def __init__(self, order: Order, journal: Journal, number: int) -> None:
        """Begin the files, under names that no other attempt has."""
        self.order, self.journal, self.number = order, journal, number
        self.name = part_name(order.shard.number, number)
        self.folder = RunFolder(order.folder)
        self.tally = Tally()
        self.started = time.process_time()
        draft = self.folder.temporary / f"{self.name}.{os.getpid()}-{time.time_ns()}"
        self.data, self.dead = draft.with_suffix(".data"), draft.with_suffix(".dead")
        self.writer = open_writer(self.data, order.settings)
        self.letters = self.dead.open("wb")
        self.desk = Desk(order.settings, partial(_encode, self.writer, order), journal, order.careful)

    def take(self, chunk: Sequence[tuple[int, Entry]]) -> None:
        """Clean records and write what comes out, in their order."""
        pages = [Numbered(number, entry, entry.page) for number, entry in chunk if entry.page is not None]
        answered = iter(self.desk.answer(pages))
        answers = [next(answered) if entry.page else Fault(entry.fault, entry.detail) for _, entry in chunk]
        self.journal.place = chunk[-1][1].place
        self.journal.idle()
        self.writer.write([answer.encoded for answer in answers if isinstance(answer, Cleaned)])
        for (_, entry), answer in zip(chunk, answers, strict=True):
            self._count(entry, answer)

    def _count(self, entry: Entry, answer: Answer) -> None:
        if isinstance(answer, Fault) and answer.word != SKIPPED:
            self.letters.write(letter(entry, answer, entry.kind or self.order.shard.kind, _source(entry, self.order)))
        self.tally.add(answer)
        self.journal.tally.add(answer)

    def commit(self, *, last: bool) -> None:
        """Bring the part to the disk, check that nothing is missing, and make it count.

        Raises:
            AssertionError: a record is missing; nothing was committed.
        """
        self.writer.close()
        self.letters.close()
        self.tally.seconds = time.process_time() - self.started
        if not self.tally.adds_up:
            raise AssertionError(f"{self.name}: in is not out + dead: {self.tally}")
        data = self.name + self.writer.suffix if self.tally.out else None
        dead = f"{self.name}.jsonl" if self.tally.dead else None
        manifest = Manifest(self.order.shard.number, self.number, data, dead, last, self.tally)
        commit(self.folder, manifest, self.data, self.dead)


def _encode(writer: Writer, order: Order, entry: Entry, result: Result) -> object:
    return writer.encode(entry, row_of(entry, result, _source(entry, order), order.settings))


def _source(entry: Entry, order: Order) -> str:
    return entry.source or order.shard.paths[0]
