"""datatrove, with the library itself: a whole pipeline on this machine."""

from __future__ import annotations

import gzip
import json
import random
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

from scrubber.integrations.datatrove import ScrubberExtractor, ScrubberReader


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


def read(folder: Path, **options: Any) -> tuple[list[str], list[str]]:
    """Read a folder; return the names of its documents, and what is said of the records that are none."""
    excluded = folder.parent / "excluded"
    documents = list(ScrubberReader(str(folder), JsonlWriter(str(excluded)), **options).run())
    errors = [line["metadata"]["error"] for line in lines(excluded)] if excluded.exists() else []
    return [document.id for document in documents], errors


def gzipped(*members: bytes, damaged: int | None = None) -> bytes:
    """Return members compressed one by one, one of them with its bytes overwritten in the middle."""
    packed = [bytearray(gzip.compress(member)) for member in members]
    if damaged is not None:
        middle = len(packed[damaged]) // 2
        packed[damaged][middle : middle + 8] = b"\xff" * 8
    return b"".join(packed)


def line_of(number: int) -> bytes:
    """Return a line of JSON that does not compress to nothing."""
    page = f"{number}: " + "".join(random.Random(number).choices("abcdefgh ", k=400))
    return json.dumps({"id": str(number), "text": page}).encode() + b"\n"


def warc_record(number: int, page: str) -> bytes:
    """Return a page as a record of a crawl."""
    response = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=koi8-r\r\n\r\n" + page.encode("koi8-r")
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:{number}>\r\nContent-Type: application/http\r\n"
        f"WARC-Target-URI: https://valley.example/{number}\r\nContent-Length: {len(response)}\r\n\r\n"
    )
    return head.encode() + response + b"\r\n\r\n"


def test_a_broken_line_costs_that_line_only(tmp_path: Path) -> None:
    content = [line_of(0), b"{broken\n", line_of(1), b'{"text": "\xff"}\n', b'{"text": ""}\n', line_of(2)]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "pages.jsonl").write_bytes(b"".join(content))
    names, errors = read(tmp_path / "in")
    assert names == ["0", "1", "2"]
    assert [error.split(":")[0] for error in errors] == ["bad_json", "bad_json", "the record has no text"]


def test_a_damaged_member_costs_that_member_only(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "pages.jsonl.gz").write_bytes(gzipped(*map(line_of, range(5)), damaged=2))
    names, errors = read(tmp_path / "in")
    assert names == ["0", "1", "3", "4"]
    assert len(errors) == 1
    assert errors[0].startswith("damaged: a compressed member is damaged: bytes ")


def test_pages_of_a_damaged_crawl_are_read_and_cleaned(tmp_path: Path) -> None:
    page = "<title>Мост</title><p>Старый мост закрыт до весны, сказал мэр долины в понедельник, номер {}.</p>"
    records = [warc_record(number, page.format(number) + "<!-- " + "padding " * 40 + "-->") for number in range(4)]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "pages.warc.gz").write_bytes(gzipped(*records, damaged=1)[:-40])
    reader = ScrubberReader(str(tmp_path / "in"), JsonlWriter(str(tmp_path / "unread")))
    step = ScrubberExtractor(JsonlWriter(str(tmp_path / "excluded")))
    documents = list(step.run(reader.run()))
    assert [document.metadata["url"] for document in documents] == [f"https://valley.example/{n}" for n in (0, 2)]
    for document in documents:
        assert "Старый мост закрыт" in document.text
    assert [line["metadata"]["error"].split(":")[0] for line in lines(tmp_path / "unread")] == ["damaged", "damaged"]


def test_the_options_of_readers_hold(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "pages.jsonl").write_text('{"body": "Page", "key": 7, "own": 1}\n' * 5)
    (tmp_path / "in" / "notes.md").write_text("# Notes")
    options = {"text_key": "body", "id_key": "key", "limit": 2, "glob_pattern": "*.jsonl"}
    assert read(tmp_path / "in", **options) == ([7, 7], [])
    with pytest.raises(ValueError, match=r"notes.md: the format is not known; names end in .jsonl"):
        read(tmp_path / "in")
