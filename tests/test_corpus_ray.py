"""The same shards on Ray give the same bytes, whatever becomes of pages, workers and machines."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from corpora import FAULTY_SITE, children, jsonl, letters, output, record, write

pytest.importorskip("ray")

ROOT = Path(__file__).parents[1]
PATIENCE = {"RAY_agent_register_timeout_ms": "150000", "RAY_raylet_start_wait_time_s": "180"}
"""Ray gives up on a machine that is busy with other tests."""

ENVIRONMENT = {**os.environ, **PATIENCE, "PYTHONPATH": str(ROOT), "RAY_USAGE_STATS_ENABLED": "0"}


def scrubber(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "scrubber", *map(str, arguments)]


def call(*arguments: object, place: Path) -> str:
    """Return what a run prints."""
    done = subprocess.run(
        scrubber("run", *arguments),
        cwd=place,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert not done.returncode, done.stderr
    return done.stdout


@contextmanager
def cluster(nodes: int) -> Iterator[dict[str, Any]]:
    """Yield the address and the raylets of a cluster, whose nodes have one processor each."""
    start = [sys.executable, str(ROOT / "tests/ray_cluster.py"), str(nodes)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(start, env=ENVIRONMENT, text=True, **pipes) as process:
        try:
            yield next(json.loads(line) for line in process.stdout if line.startswith("{"))
        finally:
            process.stdin.close()
            process.wait(60)


def wait_for(condition: Callable[[], object], seconds: float = 100) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)


def at_work(raylet: int) -> list[int]:
    """Return the workers of a node that do a shard."""
    found = []
    for process in children(raylet):
        with suppress(OSError):
            if b"run_shard" in Path(f"/proc/{process}/cmdline").read_bytes():
                found.append(process)
    return found


def position(out: Path, shard: str) -> list[int]:
    """Return which records of a shard are at work: from, and up to; none where that is not known."""
    with suppress(OSError, ValueError):
        return list(json.loads((out / f"_tmp/{shard}.at").read_bytes())[:2])
    return []


def test_ray_gives_the_same_bytes_as_worker_processes(tmp_path: Path) -> None:
    write(tmp_path / "sites/faulty/site.py", FAULTY_SITE.encode())
    for name, fault in (("a", "CRASH"), ("b", "RAISE")):
        lines = jsonl(record(number, fault if number == 40 else "Home") for number in range(80))
        write(tmp_path / f"in/{name}.jsonl", lines)
    for engine in ("pool", "ray"):
        printed = call("in", "-o", engine, "--plugins", "sites", "--workers", 2, "--engine", engine, place=tmp_path)
        assert "160 in = 158 out + 2 dead" in printed
    assert [letter["fault"] for letter in letters(tmp_path / "ray")] == ["crashed", "raised"]
    assert output(tmp_path / "ray") == output(tmp_path / "pool")


@pytest.mark.skipif(sys.platform != "linux", reason="nodes are known by /proc")
def test_a_node_that_is_killed_costs_no_page_and_a_worker_told_to_go_none_either(tmp_path: Path) -> None:
    """A page hangs alone, on one of two nodes, when first its worker gets SIGTERM and then its node is killed."""
    write(tmp_path / "sites/faulty/site.py", FAULTY_SITE.encode())
    for name in range(6):
        fault = {(1, 7): "HANG"}
        write(tmp_path / f"in/{name}.jsonl", jsonl(record(n, fault.get((name, n), "Home")) for n in range(600)))
    arguments = ("in", "--plugins", "sites", "--page-seconds", 3)
    call(*arguments, "-o", "whole", place=tmp_path)
    out = tmp_path / "out"
    with cluster(2) as ray:
        run = scrubber("run", *arguments, "-o", "out", "--engine", "ray", "--ray-address", ray["address"])
        with subprocess.Popen(run, cwd=tmp_path, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as process:
            wait_for(lambda: position(out, "00001") == [7, 8])
            (busy,) = {worker for raylet in ray["raylets"] for worker in at_work(raylet) if hangs(worker, out)}
            os.kill(busy, signal.SIGTERM)
            wait_for(lambda: position(out, "00001") != [7, 8])
            wait_for(lambda: position(out, "00001") == [7, 8])
            raylet = next(raylet for raylet in ray["raylets"] if any(hangs(one, out) for one in at_work(raylet)))
            for one in (raylet, *children(raylet)):
                with suppress(ProcessLookupError):
                    os.kill(one, signal.SIGKILL)
            printed, _ = process.communicate(timeout=300)
    assert printed.startswith("3,600 in = 3,599 out + 1 dead (hung 1)")
    assert [(letter["fault"], json.loads(letter["raw"])["rank"]) for letter in letters(out)] == [("hung", 7)]
    assert output(out) == output(tmp_path / "whole")


def hangs(worker: int, out: Path) -> bool:
    """Tell whether a worker has the journal of the second shard open."""
    with suppress(OSError):
        return any(one.readlink() == out / "_tmp/00001.at" for one in Path(f"/proc/{worker}/fd").iterdir())
    return False


def test_a_cluster_that_is_not_there_is_said_and_nothing_is_begun(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", jsonl([record(1)]))
    run = scrubber("run", "a.jsonl", "-o", "out", "--engine", "ray", "--ray-address", "no address")
    done = subprocess.run(run, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 2
    assert "There is no Ray cluster at no address" in done.stderr
    assert not (tmp_path / "out/plan.json").exists()
