"""datatrove: a step that cleans documents, and keeps those that it can't."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from datatrove.data import Document
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.writers.disk_base import DiskWriter
from datatrove.utils.typeshelper import StatHints

from scrubber.integrations.batch import Fields
from scrubber.integrations.documents import clean_documents, joined
from scrubber.pipeline import BATCH, Cleaner


class ScrubberExtractor(PipelineStep):
    """Cleans the text of documents, in batches, and adds the written fields to their metadata.

    It takes HTML and flattened text alike, in place of an extractor. What it does not pass on goes to the writer
    as it came: pages that can't be cleaned, with `error` in their metadata, and pages without an article, with their
    flags; extractors of datatrove drop both. in = out + excluded.

    Every document gets every written field, "" where the page has none, and lists as one string: writers of Parquet
    take their schema from the first documents and fail at one that differs.

    Args:
        exclusion_writer: where all else goes; a folder of its own, which no other step writes to.
        fields: where the address is in the metadata, and which fields are written to it.
        cleaner: as for `clean_records`; sent to the workers as how it was made.
    """

    name = "Scrubber"
    type = "🛢 - EXTRAC"

    def __init__(
        self, exclusion_writer: DiskWriter, fields: Fields | None = None, *, cleaner: Cleaner | None = None
    ) -> None:
        super().__init__()
        self.exclusion_writer = exclusion_writer
        self.fields = fields or Fields()
        self.cleaner = cleaner

    def run(self, data: Iterable[Document], rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """Clean the documents of one task."""
        documents = iter(data)
        with self.exclusion_writer as excluded:
            while batch := list(islice(documents, BATCH)):
                for document, text in self._clean(batch):
                    if text:
                        document.text = text
                        self.update_doc_stats(document)
                        yield document
                    else:
                        excluded.write(document, rank)

    def _clean(self, batch: list[Document]) -> Iterator[tuple[Document, str | None]]:
        with self.track_time("batch"):
            pages = ((document.text, document.metadata) for document in batch)
            cleaned = list(clean_documents(pages, self.fields, cleaner=self.cleaner))
        for document, (text, added) in zip(batch, cleaned, strict=True):
            document.metadata |= {name: _steady(value) for name, value in added.items()}
            self.stat_update(StatHints.total, StatHints.forwarded if text else StatHints.dropped)
            if not text:
                self.stat_update("dropped_failed" if text is None else "dropped_no_article")
            yield document, text


def _steady(value: Any) -> Any:
    return "" if value is None else joined(value)
