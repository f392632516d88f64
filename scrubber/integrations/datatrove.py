"""datatrove: a step that cleans documents, and keeps those that it can't."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from datatrove.data import Document
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.writers.disk_base import DiskWriter
from datatrove.utils.typeshelper import StatHints

from scrubber.integrations.batch import Fields
from scrubber.integrations.documents import clean_documents
from scrubber.pipeline import BATCH, Cleaner


class ScrubberExtractor(PipelineStep):
    """Cleans the text of documents, in batches, and adds the written fields to their metadata.

    It takes HTML and flattened text alike, in place of an extractor. Documents without an article go on with an empty
    text and their flags; a filter may take them out. What can't be cleaned goes to `dead_letters` as it came, with
    `error` in its metadata. in = out + dead.

    Args:
        dead_letters: where documents go that can't be cleaned; a folder of its own, which no other step writes to.
        fields: where the address is in the metadata, and which fields are written to it.
        cleaner: as for `clean_records`; sent to the workers as how it was made.
    """

    name = "Scrubber"
    type = "🛢 - EXTRAC"

    def __init__(
        self, dead_letters: DiskWriter, fields: Fields | None = None, *, cleaner: Cleaner | None = None
    ) -> None:
        super().__init__()
        self.dead_letters = dead_letters
        self.fields = fields or Fields()
        self.cleaner = cleaner

    def run(self, data: Iterable[Document], rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """Clean the documents of one task."""
        documents = iter(data)
        with self.dead_letters as dead_letters:
            while batch := list(islice(documents, BATCH)):
                for document, alive in self._clean(batch):
                    if alive:
                        yield document
                    else:
                        dead_letters.write(document, rank)

    def _clean(self, batch: list[Document]) -> Iterator[tuple[Document, bool]]:
        with self.track_time("batch"):
            pages = ((document.text, document.metadata) for document in batch)
            cleaned = list(clean_documents(pages, self.fields, cleaner=self.cleaner))
        for document, (text, added) in zip(batch, cleaned, strict=True):
            self.stat_update(StatHints.total)
            document.metadata |= added
            if text is None:
                self.stat_update("dead", StatHints.dropped)
            else:
                document.text = text
                self.stat_update(StatHints.forwarded)
                self.update_doc_stats(document)
            yield document, text is not None
