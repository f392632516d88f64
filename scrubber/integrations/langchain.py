"""LangChain: a document transformer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_core.documents import BaseDocumentTransformer, Document

from scrubber.integrations.batch import Fields
from scrubber.integrations.documents import clean_documents, plain
from scrubber.pipeline import Cleaner

LANGCHAIN = Fields(url="source")
"""Loaders of LangChain put a page's address into `source`."""


class ScrubberTransformer(BaseDocumentTransformer):
    """Turns the pages that a loader gives into documents of clean text.

    Args:
        fields: where address and day are in the metadata, and which fields are written to it.
        cleaner: as for `clean_records`.
    """

    def __init__(self, fields: Fields = LANGCHAIN, *, cleaner: Cleaner | None = None) -> None:
        self.fields = fields
        self.cleaner = cleaner

    def transform_documents(self, documents: Sequence[Document], **kwargs: Any) -> list[Document]:
        """Return a new document for each one, in order.

        A document that can't be cleaned is returned as it came, with `error` in its metadata.
        """
        pages = ((document.page_content, document.metadata) for document in documents)
        cleaned = clean_documents(pages, self.fields, cleaner=self.cleaner)
        return [_with(document, text, plain(added)) for document, (text, added) in zip(documents, cleaned, strict=True)]


def _with(document: Document, text: str | None, added: dict[str, Any]) -> Document:
    content = document.page_content if text is None else text
    return document.model_copy(update={"page_content": content, "metadata": {**document.metadata, **added}})
