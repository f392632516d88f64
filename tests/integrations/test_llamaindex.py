"""LlamaIndex, with the library itself."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from scrubber.integrations.batch import Fields

pytest.importorskip("llama_index.core")
from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.schema import Document, MetadataMode

from scrubber.integrations.llamaindex import ScrubberTransformer


@pytest.fixture
def pages(rows: list[dict[str, Any]]) -> list[Any]:
    """Return both pages as a reader gives them."""
    html = rows[0]["html"].decode()
    return [
        Document(text=html, id_="a", metadata={"url": rows[0]["url"], "n": 1}),
        Document(text=rows[1]["text"], id_="b", metadata={}),
    ]


def test_documents_are_cleaned_in_a_pipeline(pages: list[Any]) -> None:
    html, flat = IngestionPipeline(transformations=[ScrubberTransformer()]).run(documents=pages)
    assert html.get_content() == flat.get_content()
    assert html.get_content().startswith("The old bridge was closed")
    assert (html.id_, html.metadata["n"], html.metadata["byline"]) == ("a", 1, "Ada Example")


def test_figures_for_machines_are_not_embedded(pages: list[Any]) -> None:
    [html, _] = ScrubberTransformer()(pages)
    for mode in (MetadataMode.EMBED, MetadataMode.LLM):
        assert "Ada Example" in html.get_content(metadata_mode=mode)
        assert "expected_f1" not in html.get_content(metadata_mode=mode)
    assert html.metadata["expected_f1"] > 0.5


def test_what_it_gets_stays_as_it_was(pages: list[Any]) -> None:
    before = [page.model_copy(deep=True) for page in pages]
    ScrubberTransformer()(pages)
    assert pages == before


def test_chunks_come_from_the_clean_text(pages: list[Any]) -> None:
    splitter = SentenceSplitter(chunk_size=512, chunk_overlap=0)
    nodes = IngestionPipeline(transformations=[ScrubberTransformer(), splitter]).run(documents=pages)
    assert [node.ref_doc_id for node in nodes] == ["a", "b"]
    assert not any("Facebook" in node.get_content() for node in nodes)


def test_it_can_be_saved_and_sent_to_a_worker() -> None:
    transformer = ScrubberTransformer(fields=Fields(out=("title",)), cleaner_options={"keep": ["navigation"]})
    for copy in (ScrubberTransformer.from_dict(transformer.to_dict()), pickle.loads(pickle.dumps(transformer))):  # noqa: S301
        assert copy.fields == transformer.fields
        [page] = copy([Document(text="Share on Facebook\n\nThe bridge stays closed until Friday, the mayor said.\n")])
        assert page.get_content().startswith("Share on Facebook")
