"""The same shards on Ray give the same bytes, and a page that crashes a worker there is one dead letter."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from corpora import FAULTY_SITE, jsonl, letters, output, record, write

pytest.importorskip("ray")

ROOT = Path(__file__).parents[1]
PATIENCE = {"RAY_agent_register_timeout_ms": "150000", "RAY_raylet_start_wait_time_s": "180"}
"""Ray gives up on a machine that is busy with other tests."""


def test_ray_gives_the_same_bytes_as_worker_processes(tmp_path: Path) -> None:
    write(tmp_path / "sites/faulty/site.py", FAULTY_SITE.encode())
    for name, fault in (("a", "CRASH"), ("b", "RAISE")):
        lines = jsonl(record(number, fault if number == 40 else "Home") for number in range(80))
        write(tmp_path / f"in/{name}.jsonl", lines)
    for engine in ("pool", "ray"):
        call = [sys.executable, "-m", "scrubber", "run", str(tmp_path / "in"), "-o", str(tmp_path / engine)]
        call += ["--plugins", str(tmp_path / "sites"), "--workers", "2", "--engine", engine]
        environment = {**os.environ, **PATIENCE, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(call, env=environment, capture_output=True, text=True, timeout=300, check=False)
        assert "160 in = 158 out + 2 dead" in done.stdout, done.stderr
    assert [letter["fault"] for letter in letters(tmp_path / "ray")] == ["crashed", "raised"]
    assert output(tmp_path / "ray") == output(tmp_path / "pool")
