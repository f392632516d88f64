"""A run that learns sites first: hosts with enough pages get a rule file, which the second pass uses."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpora import PROSE, jsonl, rows, write

from scrubber.cli import main

WORDS = ("river", "bridge", "mayor", "flood", "winter", "school", "music", "garden", "market", "train", "harbour")
FIRST, LAST = "Valley since 1887 and still here", "Written where the old mill stands"


def page(number: int) -> str:
    """Return a page of a paper: its own story between two lines that no phrase pack knows."""
    story = " ".join(WORDS[(number * place) % len(WORDS)] for place in range(1, 30))
    return f"{FIRST}\n\nThe {story}. {PROSE} Story {number}.\n\n{LAST}\n"


def test_what_the_pages_of_a_host_share_is_learned_and_taken_out(tmp_path: Path) -> None:
    records = [{"url": f"https://www.valley.example/{number}", "text": page(number)} for number in range(30)]
    records += [{"url": f"https://small.example/{number}", "text": page(number)} for number in range(10)]
    source = write(tmp_path / "a.jsonl", jsonl(records))
    assert main(["run", str(source), "-o", str(tmp_path / "out"), "--learn-sites", "--workers", "1"]) == 0
    assert [folder.name for folder in (tmp_path / "out/sites").iterdir()] == ["valley.example"]
    assert 'hosts = ["valley.example"]' in (tmp_path / "out/sites/valley.example/site.toml").read_text()
    found = rows(tmp_path / "out")
    assert all(row["scrubber"]["sites"] == ["valley-example"] for row in found[:30])
    assert not any(LAST in row["text"] for row in found[:30])
    assert all(row["scrubber"]["sites"] == [] for row in found[30:])


def test_a_run_that_learned_goes_on_with_what_it_learned(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records = [{"url": f"https://valley.example/{number}", "text": page(number)} for number in range(25)]
    source, out = write(tmp_path / "a.jsonl", jsonl(records)), tmp_path / "out"
    assert main(["run", str(source), "-o", str(out), "--learn-sites", "--workers", "1"]) == 0
    before = rows(out)
    for manifest in (out / "manifest").iterdir():
        manifest.unlink()
    assert main(["run", str(source), "-o", str(out), "--workers", "1", "--resume"]) == 2
    assert "cleaning.folders" in capsys.readouterr().err
    assert main(["run", str(source), "-o", str(out), "--learn-sites", "--workers", "1", "--resume"]) == 0
    assert rows(out) == before


def test_a_run_that_ended_while_it_learned_begins_again(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", jsonl([{"text": page(1)}]))
    write(tmp_path / "out/_tmp/learning/pages.duckdb", b"half of it")
    write(tmp_path / "out/.lock", b"")
    assert main(["run", str(source), "-o", str(tmp_path / "out"), "--learn-sites", "--workers", "1"]) == 0
    assert len(rows(tmp_path / "out")) == 1


def test_a_corpus_without_addresses_is_cleaned_all_the_same(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", jsonl({"text": page(number)} for number in range(3)))
    assert main(["run", str(source), "-o", str(tmp_path / "out"), "--learn-sites", "--workers", "1"]) == 0
    assert not any((tmp_path / "out/sites").iterdir())
    assert len(rows(tmp_path / "out")) == 3


def test_hosts_that_would_have_one_name_are_two_sites(tmp_path: Path) -> None:
    records = [
        {"url": f"https://{host}/{number}", "text": page(number)}
        for host in ("hill-valley.example", "hill.valley.example")
        for number in range(25)
    ]
    source = write(tmp_path / "a.jsonl", jsonl(records))
    assert main(["run", str(source), "-o", str(tmp_path / "out"), "--learn-sites", "--workers", "1"]) == 0
    sites = [row["scrubber"]["sites"] for row in rows(tmp_path / "out")]
    assert (sites[:25], sites[25:]) == ([["hill-valley-example"]] * 25, [["hill-valley-example-2"]] * 25)


@pytest.mark.parametrize("host", ["a..b", "[::1]", "*.valley.example", 'x"y.example', "x\0y.example", "v" * 300])
def test_a_host_that_no_site_file_may_name_costs_no_page(tmp_path: Path, host: str) -> None:
    """It comes from a stranger's address, and would be a folder's name too."""
    records = [{"url": f"https://{host}/{number}", "text": page(number)} for number in range(25)]
    source = write(tmp_path / "a.jsonl", jsonl(records))
    assert main(["run", str(source), "-o", str(tmp_path / "out"), "--learn-sites", "--workers", "1"]) == 0
    assert not any((tmp_path / "out/sites").iterdir())
    assert len(rows(tmp_path / "out")) == 25


def test_a_learned_site_that_was_edited_until_it_does_not_load_stops_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before it makes a dead letter of every page."""
    source = write(tmp_path / "a.jsonl", jsonl([{"text": page(1)}]))
    write(tmp_path / "out/sites/valley.example/site.toml", b"site = 5")
    assert main(["run", str(source), "-o", str(tmp_path / "out"), "--learn-sites", "--workers", "1"]) == 2
    assert "site.toml" in capsys.readouterr().err
    assert not any((tmp_path / "out/dead").iterdir())
