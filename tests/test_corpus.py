"""Runs over corpora: every kind of input, whole or damaged, comes out page by page or as a dead letter."""

from __future__ import annotations

import base64
import gc
import gzip
import json
import weakref
from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from corpora import PROSE, jsonl, letters, page, record, rows, warc_record, write

from scrubber.cli import main
from scrubber.corpus.engines import Ended
from scrubber.corpus.entries import CHUNK
from scrubber.corpus.fields import FieldNames
from scrubber.corpus.folder import FolderError, RunFolder
from scrubber.corpus.order import Order
from scrubber.corpus.output import read_rows
from scrubber.corpus.part import Part
from scrubber.corpus.pieces import cut
from scrubber.corpus.plan import PlanError
from scrubber.corpus.runs import run
from scrubber.corpus.settings import Cleaning, Settings
from scrubber.corpus.tally import Tally
from scrubber.corpus.task import run_shard
from scrubber.pipeline import Cleaner

PLAIN = Cleaning(sites=False)


class Here:
    """Runs shards in this process."""

    room = 1

    def __init__(self) -> None:
        self.waiting: list[Order] = []

    def submit(self, order: Order) -> None:
        self.waiting.append(order)

    def ended(self, _seconds: float) -> list[Ended]:
        order = self.waiting.pop(0)
        try:
            return [Ended(order, tally=run_shard(order))]
        except Exception as error:
            return [Ended(order, error)]

    def close(self) -> None:
        pass


def clean(
    *inputs: Path | str, out: Path, fields: FieldNames | None = None, kind: str | None = None, **settings: Any
) -> Tally:
    made = Settings(cleaning=PLAIN, fields=fields or FieldNames(), **settings)
    return run(list(map(str, inputs)), out, made, kind=kind, engine=Here, max_dead_ratio=1.0)


def text_of(content: str | bytes, **known: str) -> str:
    return Cleaner(bundled=False, installed=False).clean(content, **known).text


RECORDS = [record(number, note={"deep": [1, None, "ü"]}) for number in range(150)]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.jsonl.zst"])
def test_records_come_out_cleaned_with_their_own_fields_untouched(tmp_path: Path, name: str) -> None:
    source = write(tmp_path / name, jsonl(RECORDS))
    tally = clean(source, out=tmp_path / "out")
    found = rows(tmp_path / "out")
    assert (tally.taken, tally.out, tally.dead) == (150, 150, 0)
    for row, own in zip(found, RECORDS, strict=True):
        assert {key: row[key] for key in own if key != "text"} == {key: own[key] for key in own if key != "text"}
        assert row["text"] == text_of(own["text"], url=own["url"])
        assert row["scrubber"]["source"] == str(source)
    first = found[0]["scrubber"]
    assert {one["label"] for one in first["removed"]} == {"navigation", "non_content"}
    assert page(0)[first["removed"][0]["start"] : first["removed"][0]["end"]].startswith("Home\nLog in")


def test_the_output_is_the_same_however_finely_the_input_is_cut(tmp_path: Path) -> None:
    """Shards begin anywhere in a file; no line is lost or doubled."""
    source = write(tmp_path / "a.jsonl", jsonl(RECORDS))
    for size in (1_000_000, 5_000, 700):
        clean(source, out=tmp_path / str(size), shard_bytes=size)
    whole, cut, finely = (rows(tmp_path / size) for size in ("1000000", "5000", "700"))
    assert whole == cut == finely
    assert len(list((tmp_path / "700").glob("part-*"))) > 50


def test_parts_hold_as_many_records_as_asked_and_together_all(tmp_path: Path) -> None:
    records = [record(number) for number in range(2 * CHUNK + 22)]
    source = write(tmp_path / "a.jsonl.gz", jsonl(records))
    clean(source, out=tmp_path / "out", part_records=CHUNK)
    manifests = [json.loads(path.read_bytes()) for path in sorted((tmp_path / "out/manifest").iterdir())]
    assert [manifest["last"] for manifest in manifests] == [False, False, True]
    assert [manifest["tally"]["records"] for manifest in manifests] == [CHUNK, CHUNK, 22]
    assert [row["rank"] for row in rows(tmp_path / "out")] == list(range(len(records)))


BAD_LINES = {
    b'{"text": "broken': "bad_json",
    b'{"text": "\xff\xfe"}': "bad_json",
    b"[1, 2]": "bad_json",
    b'{"title": "no page"}': "no_content",
    b'{"text": 7}': "no_content",
    b"[" * 100_000: "bad_json",
    b'{"html": "<p>a</p>", "text": "b"}': "field_taken",
}


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.zst"])
def test_a_line_that_is_no_page_becomes_a_dead_letter_with_its_raw_input(tmp_path: Path, name: str) -> None:
    lines = jsonl(RECORDS[:3]) + b"\n".join(BAD_LINES) + b"\n\n  \n" + jsonl(RECORDS[3:5])
    source = write(tmp_path / name, lines)
    tally = clean(source, out=tmp_path / "out")
    dead = letters(tmp_path / "out")
    assert [letter["fault"] for letter in dead] == [*BAD_LINES.values()]
    assert [raw_of(letter) for letter in dead] == [*BAD_LINES]
    assert all(letter["detail"] and letter["source"] == str(source) for letter in dead)
    assert [row["rank"] for row in rows(tmp_path / "out")] == [0, 1, 2, 3, 4]
    assert tally.taken == 12 == tally.out + tally.dead


def raw_of(letter: dict[str, Any]) -> bytes:
    return base64.b64decode(letter["raw_base64"]) if "raw_base64" in letter else letter["raw"].encode()


def test_json_that_python_writes_is_read(tmp_path: Path) -> None:
    """Not a number, and half of a surrogate pair, as crawlers store them."""
    source = write(tmp_path / "a.jsonl", jsonl([record(1, score=float("nan")), record(2, name="\ud800")]))
    clean(source, out=tmp_path / "out")
    assert [row.get("name") for row in rows(tmp_path / "out")] == [None, "\ud800"]


def test_fields_have_the_names_that_they_are_given(tmp_path: Path) -> None:
    source = write(
        tmp_path / "a.jsonl", jsonl([{"body": page(1), "link": "https://a.example/", "text": "own", "key": "k"}])
    )
    fields = FieldNames(content="body", url="link", id="key", text="article", report="cleaning")
    clean(source, out=tmp_path / "out", fields=fields)
    [row] = rows(tmp_path / "out")
    assert list(row) == ["link", "text", "key", "article", "cleaning"]
    assert row["text"] == "own"
    assert row["article"] == text_of(page(1))


# --- damage ---------------------------------------------------------------------------------------


def test_a_damaged_gzip_member_costs_its_own_lines_only(tmp_path: Path) -> None:
    members = [gzip.compress(jsonl(RECORDS[start : start + 10]), mtime=0) for start in range(0, 50, 10)]
    members[2] = members[2][:40] + bytes(100) + members[2][140:]
    source = tmp_path / "a.jsonl.gz"
    source.write_bytes(b"".join(members))
    tally = clean(source, out=tmp_path / "out")
    kept = [row["rank"] for row in rows(tmp_path / "out")]
    assert [rank for rank in kept if not 20 <= rank < 30] == [*range(20), *range(30, 50)]
    [letter] = letters(tmp_path / "out")
    assert (letter["fault"], raw_of(letter)) == ("damaged", members[2])
    assert tally.taken == tally.out + 1


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.jsonl.zst"])
def test_a_file_that_ends_too_early_gives_what_it_has_and_one_dead_letter(tmp_path: Path, name: str) -> None:
    lines = b"".join(
        jsonl([record(number, noise=base64.b64encode(bytes(range(number, 200))).decode())]) for number in range(99)
    )
    source = write(tmp_path / name, lines)
    source.write_bytes(source.read_bytes()[:-300])
    clean(source, out=tmp_path / "out")
    [letter] = letters(tmp_path / "out")
    assert letter["fault"] == "damaged"
    assert "the file ends inside" in letter["detail"]
    ranks = [row["rank"] for row in rows(tmp_path / "out")]
    assert ranks == list(range(len(ranks)))


# --- WARC -----------------------------------------------------------------------------------------

WARC = [warc_record(number) for number in range(40)]


@pytest.mark.parametrize("size", [1_000_000, 3_000, 400])
def test_warc_records_come_out_wherever_shards_begin(tmp_path: Path, size: int) -> None:
    source = tmp_path / "a.warc.gz"
    source.write_bytes(b"".join(gzip.compress(one, mtime=0) for one in WARC))
    clean(source, out=tmp_path / "out", shard_bytes=size)
    found = rows(tmp_path / "out")
    assert [row["url"] for row in found] == [f"https://paper.example/{number}" for number in range(40)]
    assert found[3]["id"] == f"urn:uuid:{3:032}"
    assert found[3]["text"] == f"{PROSE} Number 3.\n"


@pytest.mark.parametrize("packed", [True, False])
def test_only_pages_are_taken_from_a_warc_file(tmp_path: Path, packed: bool) -> None:
    parts = [
        warc_record(1, "warcinfo", "application/warc-fields", b"software: x"),
        warc_record(2, "request", "application/http", b"GET / HTTP/1.1\r\n\r\n"),
        warc_record(3),
        warc_record(4, media="image/png", body=b"\x89PNG\r\n\x1a\n"),
        warc_record(5, "conversion", "text/plain", page(5).encode()),
    ]
    source = tmp_path / ("a.warc.gz" if packed else "a.warc")
    source.write_bytes(b"".join(gzip.compress(one, mtime=0) for one in parts) if packed else b"".join(parts))
    tally = clean(source, out=tmp_path / "out")
    assert [row["url"][-1] for row in rows(tmp_path / "out")] == ["3", "5"]
    assert (tally.records, tally.skipped, tally.out, tally.dead) == (5, 3, 2, 0)


def test_a_damaged_record_costs_itself_only(tmp_path: Path) -> None:
    packed = [gzip.compress(one, mtime=0) for one in WARC]
    packed[7] = packed[7][:50] + b"\0\0\0\0" + packed[7][54:]
    source = tmp_path / "a.warc.gz"
    source.write_bytes(b"".join(packed)[:-20])
    clean(source, out=tmp_path / "out")
    assert len(rows(tmp_path / "out")) == 38
    assert [raw_of(letter) for letter in letters(tmp_path / "out")] == [packed[7], packed[-1][:-20]]


def test_a_record_cut_short_in_a_plain_file_does_not_swallow_the_next(tmp_path: Path) -> None:
    parts = [*WARC[:3], WARC[3][:-60], *WARC[4:6], b"noise\r\n", WARC[6], WARC[7][:-30]]
    source = tmp_path / "a.warc"
    source.write_bytes(b"".join(parts))
    clean(source, out=tmp_path / "out")
    assert [row["url"][-1] for row in rows(tmp_path / "out")] == ["0", "1", "2", "4", "5", "6"]
    assert [raw_of(letter) for letter in letters(tmp_path / "out")] == [parts[3], parts[6], parts[8]]


# --- folders, Parquet -----------------------------------------------------------------------------


def test_a_folder_gives_its_pages_and_data_files(tmp_path: Path) -> None:
    write(tmp_path / "in/b/page.html", b"<html><body><p>" + PROSE.encode() + b"</p></body></html>")
    write(tmp_path / "in/a.txt", page(2).encode())
    write(tmp_path / "in/more.jsonl", jsonl(RECORDS[:2]))
    write(tmp_path / "in/notes.md", b"not a page")
    write(tmp_path / "in/.hidden.txt", b"hidden")
    clean(tmp_path / "in", out=tmp_path / "out")
    assert [Path(row["id"]).name for row in rows(tmp_path / "out")] == ["a.txt", "page.html", "0", "1"]


def test_columns_of_parquet_keep_their_types(tmp_path: Path) -> None:
    own = {
        "html": [page(n).encode() for n in range(100)],
        "n": list(range(100)),
        "blob": [bytes([n, 255]) for n in range(100)],
    }
    table = pa.table(
        {**own, "small": pa.array(range(100), pa.int8()), "when": pa.array(range(100), pa.timestamp("ms"))}
    )
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=30)
    tally = clean(tmp_path / "a.parquet", out=tmp_path / "out", form="parquet", shard_bytes=1)
    files = sorted((tmp_path / "out").glob("part-*.parquet"))
    assert len(files) == 4
    found = pa.concat_tables(map(pq.read_table, files))
    assert found.select(["n", "blob", "small", "when"]) == table.select(["n", "blob", "small", "when"])
    assert found["text"].to_pylist() == [text_of(content) for content in own["html"]]
    assert found["scrubber"][0].as_py()["removed"][0]["label"] == "navigation"
    assert tally.out == 100


def test_records_go_to_parquet_of_one_schema(tmp_path: Path) -> None:
    """Whatever fields they have: those stand in one column, as JSON."""
    source = write(
        tmp_path / "a.jsonl", jsonl([record(1), {"text": page(2), "score": 0.5}, {"text": PROSE, "id": "\ud800 half"}])
    )
    clean(source, out=tmp_path / "out", form="parquet", shard_bytes=300)
    tables = [pq.read_table(file) for file in sorted((tmp_path / "out").glob("part-*.parquet"))]
    assert len({str(table.schema) for table in tables}) == 1
    found = pa.concat_tables(tables).to_pylist()
    assert [row["id"] for row in found] == ["1", None, "\\ud800 half"]
    assert json.loads(found[0]["fields"]) == {"id": "1", "url": "https://paper.example/1", "rank": 1}


def test_parquet_becomes_json_lines_with_what_json_can_hold(tmp_path: Path) -> None:
    table = pa.table({"text": [page(1)], "day": pa.array([1], pa.date32()), "blob": [b"\xff"]})
    pq.write_table(table, tmp_path / "a.parquet")
    clean(tmp_path / "a.parquet", out=tmp_path / "out")
    [row] = rows(tmp_path / "out")
    assert (row["day"], row["blob"]) == ("1970-01-02", "/w==")


def test_addresses_are_read_by_fsspec(tmp_path: Path) -> None:
    with fsspec.open("memory://corpus/a.jsonl.gz", "wb") as file:
        file.write(gzip.compress(jsonl(RECORDS[:5])))
    with fsspec.open("memory://corpus/b.jsonl", "wb") as file:
        file.write(jsonl(RECORDS[5:9]))
    clean("memory://corpus/", out=tmp_path / "out")
    assert [row["rank"] for row in rows(tmp_path / "out")] == list(range(9))


# --- what can't be run ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.jsonl", None, "can't be read"),
        ("notes.md", b"x", "of what kind it is"),
        ("bad.parquet", b"no parquet", "is no Parquet file"),
    ],
)
def test_an_input_that_can_not_be_read_is_said_before_anything_is_done(
    tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    if content:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(PlanError, match=message):
        clean(tmp_path / name, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_was_used_is_refused(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", jsonl(RECORDS[:1]))
    write(tmp_path / "full/file", b"")
    with pytest.raises(FolderError, match="is not empty"):
        clean(source, out=tmp_path / "full")
    clean(source, out=tmp_path / "out")
    with pytest.raises(FolderError, match="--resume"):
        clean(source, out=tmp_path / "out")


# --- the sidecar ----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_a_corpus_is_restored_from_what_was_kept_and_the_sidecar(
    tmp_path: Path, form: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = [*(record["text"] for record in RECORDS[:70]), "", "\n\n", PROSE, "Home\r\n\r\nLog in \u00e2\u20ac\u2122s"]
    source = write(tmp_path / "a.jsonl", jsonl({"text": text} for text in pages))
    clean(source, out=tmp_path / "out", sidecar=True, form=form)
    sidecar = list(read_rows(RunFolder(tmp_path / "out")))
    assert all("text" not in row for row in sidecar)
    kept = [cut(text, row["scrubber"]["removed"]) for text, row in zip(pages, sidecar, strict=True)]
    assert "Share on Facebook" not in kept[0]
    write(tmp_path / "kept.jsonl", jsonl({"text": text, "n": n} for n, text in enumerate(kept)))
    assert main(["restore", str(tmp_path / "out"), str(tmp_path / "kept.jsonl")]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.split("\n")[:-1]]
    assert [one["text"] for one in found] == pages
    assert [one["n"] for one in found] == list(range(len(pages)))


def test_a_binary_file_is_a_dead_letter(tmp_path: Path) -> None:
    write(tmp_path / "in/a.html", b"%PDF-1.7\n\xff")
    clean(tmp_path / "in", out=tmp_path / "out")
    [letter] = letters(tmp_path / "out")
    assert (letter["fault"], raw_of(letter)) == ("binary_input", b"%PDF-1.7\n\xff")


def test_a_text_that_was_changed_is_not_restored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(tmp_path / "a.jsonl", jsonl(RECORDS[:2]))
    clean(source, out=tmp_path / "out", sidecar=True)
    write(tmp_path / "kept.jsonl", jsonl([{"text": "something else"}]))
    assert main(["restore", str(tmp_path / "out"), str(tmp_path / "kept.jsonl")]) == 1
    assert "record 0: is not what was kept of" in capsys.readouterr().err


def test_a_run_that_kept_no_sidecar_is_not_restored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(tmp_path / "a.jsonl", jsonl(RECORDS[:2]))
    clean(source, out=tmp_path / "out")
    assert main(["restore", str(tmp_path / "out"), str(source)]) == 2
    assert "is a run without --sidecar" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_a_damaged_part_is_named(tmp_path: Path, form: Any, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(tmp_path / "a.jsonl", jsonl(RECORDS[:2]))
    clean(source, out=tmp_path / "out", sidecar=True, form=form)
    [part] = (tmp_path / "out").glob("part-*")
    part.write_bytes(b"no data of any kind")
    assert main(["restore", str(tmp_path / "out"), str(source)]) == 2
    assert f"{part}: is damaged" in capsys.readouterr().err


def test_a_manifest_names_no_file_outside_of_its_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Sidecars are handed on, so a manifest may be a stranger's."""
    source = write(tmp_path / "a.jsonl", jsonl(RECORDS[:2]))
    clean(source, out=tmp_path / "out", sidecar=True)
    [manifest] = (tmp_path / "out/manifest").iterdir()
    known = json.loads(manifest.read_bytes())
    manifest.write_text(json.dumps({**known, "data": f"../{source.name}"}), encoding="utf-8")
    assert main(["restore", str(tmp_path / "out"), str(source)]) == 2
    assert "it names a file that lies elsewhere" in capsys.readouterr().err


@pytest.mark.parametrize("settings", ["{}", "5", '{"cleaning": {}, "fields": {}, "versions": {}, "more": 1}'])
def test_a_plan_of_no_run_is_said_to_be_one(tmp_path: Path, settings: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "out/plan.json", f'{{"settings": {settings}, "sources": [], "shards": []}}'.encode())
    write(tmp_path / "kept.jsonl", b"")
    assert main(["restore", str(tmp_path / "out"), str(tmp_path / "kept.jsonl")]) == 2
    assert "plan.json: the plan can't be read" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_a_part_that_is_done_is_not_kept_until_cycles_are_collected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """Each holds megabytes of a compressor, and a worker makes thousands."""
    made: list[weakref.ref[Part]] = []

    def begin(*arguments: Any) -> Part:
        part = Part(*arguments)
        made.append(weakref.ref(part))
        return part

    monkeypatch.setattr("scrubber.corpus.task.Part", begin)
    source = write(tmp_path / "a.jsonl", jsonl(record(number) for number in range(300)))
    gc.disable()
    try:
        clean(source, out=tmp_path / "out", part_records=128, form=form)
        assert [part() for part in made] == [None, None, None]
    finally:
        gc.enable()
