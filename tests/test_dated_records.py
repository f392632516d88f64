"""The day of a page as a field of its record: for runs, for `scrubber pipe`, and for all integrations."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from corpora import jsonl, rows, warc_record, write

from scrubber import Cleaner
from scrubber.cli import main
from scrubber.corpus.folder import RunFolder
from scrubber.corpus.output import read_rows
from scrubber.integrations.batch import Fields, clean_records
from scrubber.integrations.columns import clean_columns
from scrubber.integrations.documents import clean_documents

PROSE = "The old bridge was closed by the flood of the river on Monday, the mayor of the valley said."
OLD_LINE = "Old line of words that reads as prose does, for it is long and has a full stop."
PAGE = f"{PROSE}\n\n{OLD_LINE}\n"
URL = "https://valley.example/1"
RULE = """
site = "valley"
hosts = ["valley.example"]

[[drop]]
rule = "old-line"
line = "Old line *"
valid_until = 2021-02-28
"""
LAST, NEXT = "2021-02-28", "2021-03-01"
"""The last day on which the rule holds, and the one after it."""


@pytest.fixture
def sites(tmp_path: Path) -> Path:
    """Return a folder with the site of the valley."""
    folder = tmp_path / "sites" / "valley"
    folder.mkdir(parents=True)
    (folder / "site.toml").write_text(RULE, encoding="utf-8")
    return folder.parent


@pytest.fixture
def cleaner(sites: Path) -> Cleaner:
    """Return a cleaner with that site alone."""
    return Cleaner(plugin_folders=[sites], bundled=False, installed=False, tagger=False)


def kept(*texts: str | None) -> list[bool]:
    """Tell for each text whether the old line is in it."""
    return [OLD_LINE in (text or "") for text in texts]


@pytest.mark.parametrize(
    "value",
    [
        LAST,
        f"{LAST}T23:59:59+01:00",
        "Sun, 28 Feb 2021 08:00:00 GMT",
        date(2021, 2, 28),
        datetime(2021, 2, 28, 8, tzinfo=UTC),
    ],
    ids=str,
)
def test_a_field_names_the_day_as_text_as_a_date_or_as_a_point_in_time(cleaner: Cleaner, value: Any) -> None:
    for name, fields in (("date", Fields()), ("day", Fields(date="day"))):
        [cleaned] = clean_records([{"text": PAGE, "url": URL, name: value}], fields, cleaner=cleaner)
        assert kept(cleaned["text"]) == [False]


@pytest.mark.parametrize("value", [None, "", "yesterday", "2021-02-30", 1614470400, 3.5, float("nan"), [LAST]], ids=str)
def test_a_field_that_names_no_day_leaves_it_unknown(cleaner: Cleaner, value: Any) -> None:
    [cleaned] = clean_records([{"text": PAGE, "url": URL, "date": value}], cleaner=cleaner)
    assert (cleaned["error"], kept(cleaned["text"])) == (None, [True])


def test_points_in_time_of_pandas_count_and_missing_ones_do_not(cleaner: Cleaner) -> None:
    pandas = pytest.importorskip("pandas")
    records = [{"text": PAGE, "url": URL, "date": day} for day in (pandas.Timestamp(LAST), pandas.NaT)]
    assert kept(*(one["text"] for one in clean_records(records, cleaner=cleaner))) == [False, True]


def test_tables_and_documents_hand_the_field_on(cleaner: Cleaner) -> None:
    fields = Fields(date="day", out=("text",))
    columns = {"text": [PAGE] * 2, "url": [URL] * 2, "day": [LAST, NEXT]}
    assert kept(*clean_columns(columns, fields, cleaner=cleaner)["text"]) == [False, True]
    documents = [(PAGE, {"url": URL, "day": day}) for day in (LAST, NEXT)]
    assert kept(*(text for text, _ in clean_documents(documents, fields, cleaner=cleaner))) == [False, True]


@pytest.mark.parametrize("options", [[], ["--date", "day"]], ids=["date", "named"])
def test_pipe_reads_the_day_from_a_field(sites: Path, options: list[str]) -> None:
    name = options[1] if options else "date"
    records = [{"text": PAGE, "url": URL, name: day} for day in (LAST, NEXT)]
    call = [sys.executable, "-m", "scrubber", "pipe", "--out", "text", "--plugins", str(sites), *options]
    done = subprocess.run(call, input=jsonl(records), capture_output=True, timeout=60, check=True)
    assert kept(*(json.loads(line)["text"] for line in done.stdout.splitlines())) == [False, True]


def run(sites: Path, source: Path, *options: str) -> Path:
    """Run over a source, and return the folder."""
    out = source.parent / "out"
    call = ["run", str(source), "-o", str(out), "--workers", "1", "--plugins", str(sites), *options]
    assert main(call) == 0
    return out


@pytest.mark.parametrize("options", [[], ["--field", "date=day"]], ids=["date", "named"])
def test_a_run_reads_the_day_from_a_field_and_passes_it_through(
    tmp_path: Path, sites: Path, options: list[str]
) -> None:
    name = "day" if options else "date"
    records = [{"html": f"<p>{PROSE}<p>{OLD_LINE}", "url": URL, name: day} for day in (LAST, NEXT, "soon")]
    out = run(sites, write(tmp_path / "a.jsonl", jsonl(records)), *options)
    assert kept(*(row["text"] for row in rows(out))) == [False, True, True]
    assert [row[name] for row in rows(out)] == [LAST, NEXT, "soon"]


@pytest.mark.parametrize("kind", [pa.date32(), pa.timestamp("ms", "UTC"), pa.string()], ids=str)
def test_a_run_takes_columns_of_days_as_they_are(tmp_path: Path, sites: Path, kind: pa.DataType) -> None:
    days = pa.array([date(2021, 2, 28), date(2021, 3, 1)]).cast(kind)
    table = pa.table({"text": [PAGE] * 2, "url": [URL] * 2, "date": days})
    pq.write_table(table, tmp_path / "a.parquet")
    out = run(sites, tmp_path / "a.parquet", "--format", "parquet", "--field", "text=article")
    found = list(read_rows(RunFolder(out)))
    assert kept(*(row["article"] for row in found)) == [False, True]
    assert [row["date"] for row in found] == table.column("date").to_pylist()


def test_a_record_of_a_crawl_is_of_the_day_of_its_capture(tmp_path: Path, sites: Path) -> None:
    body = f"<p>{PROSE}<p>{OLD_LINE}".encode()
    record = (
        warc_record(0, body=body).replace(b"paper.example", b"valley.example").replace(b"2021-05-01", LAST.encode())
    )
    late = record.replace(LAST.encode(), NEXT.encode())
    out = run(sites, write(tmp_path / "a.warc.gz", record + late))
    assert kept(*(row["text"] for row in rows(out))) == [False, True]
