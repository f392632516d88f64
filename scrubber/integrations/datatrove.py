"""datatrove: a step that cleans documents, and a reader of files; neither loses anything."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from datatrove.data import Document
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.readers.base import BaseDiskReader
from datatrove.pipeline.writers.disk_base import DiskWriter
from datatrove.utils.typeshelper import StatHints

from scrubber.corpus.entries import SKIPPED, Entry
from scrubber.corpus.fields import FieldNames
from scrubber.corpus.formats import SUFFIXES, format_of, kind_of
from scrubber.corpus.sources import look_at
from scrubber.decode import decode
from scrubber.errors import ScrubberError
from scrubber.integrations.batch import ERROR, Fields
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
        fields: where address and day are in the metadata, and which fields are written to it.
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


class WholeFile(NamedTuple):
    """All of one file, as the readers of formats want it."""

    paths: tuple[str, ...]
    start: int
    stop: int


class ScrubberReader(BaseDiskReader):
    """Reads files of any format that `scrubber run` reads; what can't be read does not end a file.

    A broken line, a damaged or cut member of a compressed file, a record that is cut, a page that is no text or is
    empty: each goes to `exclusion_writer` as it is, with `error` in its metadata, and reading goes on behind it.
    records = documents + excluded.

    Args:
        data_folder: the files; those whose names end in another way than the formats do are refused.
        exclusion_writer: where records go that can't be read; a folder of its own, which no other step writes to.
        options: of datatrove's readers, such as `text_key`, `id_key`, `adapter`, `limit`, `glob_pattern`.
    """

    name = "Scrubber"

    def __init__(self, data_folder: Any, exclusion_writer: DiskWriter, **options: Any) -> None:
        super().__init__(data_folder, **options)
        self.exclusion_writer = exclusion_writer
        self.rank = 0

    def run(self, data: Iterable[Document] | None = None, rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """Read the files of one task."""
        self.rank = rank
        with self.exclusion_writer:
            yield from super().run(data, rank, world_size)

    def read_file(self, filepath: str) -> Iterator[Document]:
        """Read one file; datatrove calls this.

        Raises:
            ValueError: the name does not tell the format.
        """
        path = self.data_folder.resolve_paths(filepath)
        kind = kind_of(filepath)
        if kind is None:
            raise ValueError(f"{path}: the format is not known; names end in {', '.join(SUFFIXES)}")
        key = self.text_key  # nothing is written here, so the two names for that can't be taken
        fields = FieldNames(content=key, text=key, report=key, id=self.id_key)
        for entry in format_of(kind).read(WholeFile((path,), 0, look_at(path).size), fields):
            if entry.fault == SKIPPED:
                self.stat_update("skipped")
                continue
            with self.track_time():
                document, error = self._document(entry, filepath)
            if document is not None:
                yield document
            else:
                self._bury(entry, filepath, error)

    def _document(self, entry: Entry, filepath: str) -> tuple[Document | None, str]:
        page = entry.page
        if page is None:
            return None, f"{entry.fault}: {entry.detail}"
        try:
            text = page.content if isinstance(page.content, str) else decode(page.content, page.content_type).text
        except ScrubberError as error:
            return None, f"{type(error).__name__}: {error}"
        header = {"content_type": page.content_type} if page.content_type else {}
        record = {**page.meta, **header, self.text_key: text}
        return self.get_document_from_dict(record, filepath, entry.place), "the record has no text"

    def _bury(self, entry: Entry, filepath: str, error: str) -> None:
        metadata = {"file_path": self.data_folder.resolve_paths(filepath), ERROR: error}
        letter = Document(_text(entry.raw), f"{filepath}/{entry.place}", metadata=metadata)
        self.exclusion_writer.write(letter, self.rank)
        self.stat_update("unread")


def _text(raw: object) -> str:
    """Return a raw record as text; bytes that are no UTF-8 become escapes such as `\\xff`."""
    return raw.decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else json.dumps(raw, default=str)
