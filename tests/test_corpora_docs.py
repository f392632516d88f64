"""docs/corpora.md: its commands give what it says, its rows look as it shows them, its programs run."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from corpora import rows

from scrubber.cli import main

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "corpora.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(console|python|json)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def steps(block: str) -> list[tuple[str, str]]:
    """Return each command of a block with what it prints."""
    found = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    return [(command, printed) for command, _, printed in (one.partition("\n") for one in found)]


def test_the_walk_through_gives_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every command, program and row, one after the other in one folder."""
    monkeypatch.chdir(tmp_path)
    page = "Log in\nThe museum is open until six."
    pq.write_table(pa.table({"body": [page], "link": ["https://paper.example/"]}), "crawl.parquet")
    for kind, block in BLOCKS:
        if kind == "json":
            shown, row = json.loads(block), rows(Path("out"))[0]
            assert {**row, "scrubber": {key: row["scrubber"][key] for key in shown["scrubber"]}} == shown
        elif kind == "python":
            run_program(block)
        else:
            for command, printed in steps(block):
                assert run_command(command, capsys) == printed
    assert pq.read_table("table/part-00000-0000.parquet")["id"].to_pylist() == ["a", "b"]


def run_program(program: str) -> None:
    Path("program.py").write_text(program)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "program.py"], env=environment, check=True, timeout=100)


def run_command(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    if not command.startswith("scrubber"):
        subprocess.run(["bash", "-c", command], check=True)
        return ""
    assert main(shlex.split(command)[1:]) == 0
    return capsys.readouterr().out
