"""LangChain, with the library itself."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from scrubber import Cleaner
from scrubber.integrations.batch import Fields

documents = pytest.importorskip("langchain_core.documents")
from scrubber.integrations.langchain import ScrubberTransformer

VALLEY = 'site = "valley"\nhosts = ["valley.example"]\n[[drop]]\nrule = "spring"\nline = "Nobody may*"\n'


def pages(rows: list[dict[str, Any]]) -> list[Any]:
    """Return both pages as a loader gives them."""
    html = rows[0]["html"].decode()
    return [
        documents.Document(html, id="a", metadata={"source": rows[0]["url"], "title": "Loaded", "n": 1}),
        documents.Document(rows[1]["text"], metadata={"source": "flat.txt"}),
    ]


def test_documents_are_cleaned_and_their_metadata_kept(rows: list[dict[str, Any]]) -> None:
    before = pages(rows)
    html, flat = ScrubberTransformer().transform_documents(before)
    assert html.page_content == flat.page_content
    assert html.page_content.startswith("The old bridge was closed")
    assert html.id == "a"
    assert html.metadata["n"] == 1
    assert (html.metadata["title"], html.metadata["byline"]) == ("Old bridge closed by flood", "Ada Example")
    assert before == pages(rows)


def test_metadata_holds_plain_values_only(rows: list[dict[str, Any]]) -> None:
    cleaned = ScrubberTransformer().transform_documents([*pages(rows), documents.Document(" \n", metadata={})])
    assert all(isinstance(value, str | int | float) for one in cleaned for value in one.metadata.values())
    assert cleaned[2].metadata["flags"] == "empty"


def test_the_address_chooses_the_site(rows: list[dict[str, Any]], tmp_path: Any) -> None:
    (tmp_path / "valley").mkdir()
    (tmp_path / "valley" / "site.toml").write_text(VALLEY, encoding="utf-8")
    transformer = ScrubberTransformer(cleaner=Cleaner(plugin_folders=[tmp_path]))
    html, flat = transformer.transform_documents(pages(rows))
    assert "Nobody may" not in html.page_content
    assert "Nobody may" in flat.page_content


def test_it_works_async(rows: list[dict[str, Any]]) -> None:
    transformer = ScrubberTransformer(Fields(url="source", out=("flags",), prefix="page_"))
    cleaned = asyncio.run(transformer.atransform_documents(pages(rows)))
    assert cleaned[0].page_content.startswith("The old bridge was closed")
    assert cleaned[0].metadata["title"] == "Loaded"
