"""LlamaIndex: a transformation for ingestion pipelines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llama_index.core.schema import BaseNode, TransformComponent
from pydantic import Field, PrivateAttr

from scrubber.integrations.batch import ERROR, Fields
from scrubber.integrations.documents import clean_documents, plain
from scrubber.pipeline import Cleaner

FOR_MACHINES = ("flags", "expected_f1", "removed", ERROR)
"""Fields that are kept out of what is embedded and of what a language model reads."""


class ScrubberTransformer(TransformComponent):
    """Turns the pages that a reader gives into documents of clean text.

    Attributes:
        fields: where address and day are in the metadata, and which fields are written to it.
        cleaner_options: the arguments of `Cleaner`. A pipeline saves and compares them when it caches results.
    """

    fields: Fields = Field(default_factory=Fields)
    cleaner_options: dict[str, Any] = Field(default_factory=dict)
    _cleaner: Cleaner = PrivateAttr()

    def model_post_init(self, context: Any) -> None:
        """Make the cleaner."""
        self._cleaner = Cleaner(**self.cleaner_options)

    @classmethod
    def class_name(cls) -> str:
        """Return the name under which a pipeline saves it."""
        return "ScrubberTransformer"

    def __call__(self, nodes: Sequence[BaseNode], **kwargs: Any) -> list[BaseNode]:
        """Return a new node for each one, in order.

        A node that can't be cleaned is returned as it came, with `error` in its metadata.
        """
        pages = ((node.get_content(), node.metadata) for node in nodes)
        cleaned = clean_documents(pages, self.fields, cleaner=self._cleaner)
        return [self._with(node, text, plain(added)) for node, (text, added) in zip(nodes, cleaned, strict=True)]

    def _with(self, node: BaseNode, text: str | None, added: dict[str, Any]) -> BaseNode:
        copy = node.model_copy(deep=True)
        if text is not None:
            copy.set_content(text)
        copy.metadata.update(added)
        hidden = [self.fields.prefix + name for name in FOR_MACHINES]
        for keys in (copy.excluded_embed_metadata_keys, copy.excluded_llm_metadata_keys):
            keys.extend(name for name in hidden if name in added and name not in keys)
        return copy
