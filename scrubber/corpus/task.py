"""The one task: a shard is read, cleaned and written, part by part. Any engine may run it, in any process."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from scrubber.corpus.entries import CHUNK, Entry
from scrubber.corpus.folder import RunFolder
from scrubber.corpus.formats import format_of
from scrubber.corpus.journal import Journal
from scrubber.corpus.machines import check_machine
from scrubber.corpus.order import Order
from scrubber.corpus.part import Part
from scrubber.corpus.tally import Tally, total

CHUNK_SIZE = 8 * 1024 * 1024
"""Bytes or characters of the pages that are cleaned together, beside the one that goes over it."""

Chunk = list[tuple[int, Entry]]


def run_shard(order: Order) -> Tally:
    """Do what is left to do of a shard; parts that were committed stay.

    Returns:
        The counts of the whole shard.

    Raises:
        WrongMachine, SourceChanged: this machine does not have, or see, what the run began with.
        OSError: something can't be read or written.
    """
    folder, shard = RunFolder(order.folder), order.shard
    check_machine(order)
    done = folder.parts_of(shard)
    if done and done[-1].last:
        return total(manifest.tally for manifest in done)
    with Journal(folder.journal(shard), folder.trace(shard)) as journal:
        journal.tally = total(manifest.tally for manifest in done)
        entries = enumerate(format_of(shard.kind).read(shard, order.settings.fields))
        _write_parts(order, journal, _chunks(islice(entries, journal.tally.records, None)), len(done))
    return total(manifest.tally for manifest in folder.parts_of(shard))


def _write_parts(order: Order, journal: Journal, chunks: Iterator[Chunk], number: int) -> None:
    """Write parts from a number on, each of whole chunks, the last one perhaps empty."""
    chunk = next(chunks, None)
    while True:
        part = Part(order, journal, number)
        while chunk is not None and part.tally.records < order.settings.part_records:
            part.take(chunk)
            chunk = next(chunks, None)
        part.commit(last=chunk is None)
        if chunk is None:
            return
        number += 1


def _chunks(entries: Iterator[tuple[int, Entry]]) -> Iterator[Chunk]:
    """Yield entries as they are cleaned: `CHUNK` at a time, fewer where they are large."""
    chunk: Chunk = []
    size = 0
    for numbered in entries:
        chunk.append(numbered)
        size += numbered[1].size
        if len(chunk) == CHUNK or size >= CHUNK_SIZE:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
