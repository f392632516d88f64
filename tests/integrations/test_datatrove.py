"""datatrove, with the library itself: a whole pipeline on this machine."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from scrubber import Cleaner
from scrubber.integrations.batch import Fields

pytest.importorskip("datatrove")
pytest.importorskip("orjson")
pytestmark = pytest.mark.filterwarnings("ignore")
from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter, ParquetWriter

from scrubber.integrations.datatrove import ScrubberExtractor


def lines(folder: Path) -> list[dict[str, Any]]:
    """Return what a writer wrote, in the order of the files' names."""
    return [json.loads(line) for file in sorted(folder.iterdir()) for line in gzip.open(file)]


def test_documents_are_cleaned_in_a_pipeline(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    (tmp_path / "in").mkdir()
    for shard in range(2):
        page = {"text": rows[0]["html"].decode(), "id": f"{shard}", "url": "https://valley.example/1", "n": shard}
        (tmp_path / "in" / f"{shard}.jsonl").write_text(json.dumps(page) + "\n" + json.dumps({"text": rows[1]["text"]}))
    LocalPipelineExecutor(
        [
            JsonlReader(str(tmp_path / "in")),
            ScrubberExtractor(JsonlWriter(str(tmp_path / "excluded")), cleaner=Cleaner(keep=["navigation"])),
            JsonlWriter(str(tmp_path / "out")),
        ],
        tasks=2,
        workers=2,
        logging_dir=str(tmp_path / "logs"),
    ).run()
    html, flat, *others = lines(tmp_path / "out")
    assert len(others) == 2
    assert (html["id"], html["metadata"]["n"], html["metadata"]["byline"]) == ("0", 0, "Ada Example")
    assert html["metadata"]["title"] == "Old bridge closed by flood"
    assert flat["text"].startswith("Share on Facebook")
    stats = json.loads((tmp_path / "logs" / "stats.json").read_text())
    assert stats[1]["stats"]["forwarded"] == 4


def test_what_has_no_article_or_fails_is_excluded_as_it_came(
    tmp_path: Path, rows: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scrubber.pipeline.MAX_INPUT", 1_000)
    documents = [
        Document(text=rows[1]["text"], id="good", metadata={}),
        Document(text="a" * 1_001, id="bad", metadata={"n": 1}),
        Document(text=rows[1]["text"], id="also good", metadata={}),
        Document(text="Share on Facebook\n", id="chrome", metadata={}),
    ]
    step = ScrubberExtractor(JsonlWriter(str(tmp_path)), Fields(out=("flags",), prefix="page_"))
    assert [document.id for document in step.run(iter(documents))] == ["good", "also good"]
    dead, chrome = lines(tmp_path)
    assert (chrome["text"], chrome["metadata"]) == ("Share on Facebook\n", {"page_flags": "no_article"})
    assert (dead["id"], dead["text"]) == ("bad", "a" * 1_001)
    assert dead["metadata"]["page_error"].startswith("InputTooLarge: ")
    assert dead["metadata"]["n"] == 1
    assert step.stats["dropped_failed"].total == 1


def test_parquet_is_written_though_pages_differ(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    """Its writer takes the schema from the first documents; the first here has neither title nor byline."""
    pq = pytest.importorskip("pyarrow.parquet")
    html = rows[0]["html"].decode()
    pages = [Document(text=text, id=text[:5], metadata={}) for text in (rows[1]["text"], html)]
    step = ScrubberExtractor(JsonlWriter(str(tmp_path / "excluded")))
    list(ParquetWriter(str(tmp_path / "out"), batch_size=1, expand_metadata=True).run(step.run(iter(pages))))
    flat, full = pq.read_table(tmp_path / "out").to_pylist()
    assert (flat["byline"], full["byline"]) == ("", "Ada Example")
