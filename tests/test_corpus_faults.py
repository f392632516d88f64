"""Runs that are hurt: by pages, by signals, by a full disk. Nothing is lost, and going on gives the same bytes."""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from corpora import FAULTY_SITE, children, jsonl, letters, output, record, rows, write

from scrubber.cli import main

ROOT = Path(__file__).parents[1]
FAULTS = {
    "RAISE": "raised",
    "HANG": "hung",
    "STUCK": "hung",
    "MEMORY": "memory",
    "CRASH": "crashed",
    "EXIT": "killed",
}
LIMITS = ("--page-seconds", "1", "--page-memory", "300")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are those of Linux")


def scrubber(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "scrubber", *map(str, arguments)]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def call(
    *arguments: object, code: int = 0, before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    done = subprocess.run(
        scrubber(*arguments),
        capture_output=True,
        text=True,
        timeout=200,
        env=environment(),
        check=False,
        preexec_fn=before,
    )
    assert done.returncode == code, done.stderr + done.stdout
    return done


@pytest.fixture
def sites(tmp_path: Path) -> Path:
    write(tmp_path / "sites/faulty/site.py", FAULTY_SITE.encode())
    return tmp_path / "sites"


def planted(faults: dict[int, str], count: int) -> bytes:
    return jsonl(record(number, faults.get(number, "Home")) for number in range(count))


def test_each_page_that_fails_is_one_dead_letter_and_all_others_come_out(tmp_path: Path, sites: Path) -> None:
    faults = {20 + 30 * place: word for place, word in enumerate(FAULTS)}
    source, out = write(tmp_path / "a.jsonl", planted(faults, 250)), tmp_path / "out"
    done = call("run", source, "-o", out, "--plugins", sites, "--workers", 2, *LIMITS)
    assert "250 in = 244 out + 6 dead" in done.stdout
    assert [letter["fault"] for letter in letters(out)] == [*FAULTS.values()]
    for letter, (number, word) in zip(letters(out), faults.items(), strict=True):
        assert json.loads(letter["raw"]) == record(number, word)
    assert [row["rank"] for row in rows(out)] == [n for n in range(250) if n not in faults]


def test_the_output_is_the_same_for_any_number_of_workers(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl.gz", "c.jsonl"):
        write(tmp_path / "in" / name, jsonl(record(number) for number in range(70)) + b"bad\n")
    for workers in (1, 3):
        call("run", tmp_path / "in", "-o", tmp_path / str(workers), "--workers", workers)
    assert output(tmp_path / "1") == output(tmp_path / "3")
    assert len(output(tmp_path / "1")) == 6


def test_dead_letters_are_cleaned_once_more(tmp_path: Path, sites: Path) -> None:
    source = write(tmp_path / "a.jsonl", planted({3: "RAISE", 5: "RAISE"}, 20) + b"no json\n")
    out = tmp_path / "out"
    call("run", source, "-o", out, "--plugins", sites, "--max-dead-ratio", 0.5)
    call("retry-dead", out)
    assert [letter["fault"] for letter in letters(out / "retry-1")] == ["raised", "raised", "bad_json"]
    (sites / "faulty/site.py").write_text(FAULTY_SITE.replace('raise Stop("told to")', "return []"))
    done = call("retry-dead", out)
    assert "21 in = 20 out + 1 dead (bad_json 1)" in done.stdout
    assert [(row["rank"], row["scrubber"]["source"]) for row in rows(out / "retry-2")] == [
        (3, str(source)),
        (5, str(source)),
    ]
    assert [letter["raw"] for letter in letters(out / "retry-2")] == ["no json"]
    assert "there are no dead letters" not in call("retry-dead", out).stderr


def test_too_many_dead_letters_stop_a_run(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", jsonl(record(number) for number in range(8)) + b"bad\n" * 2)
    done = call("run", source, "-o", tmp_path / "out", "--max-dead-ratio", 0.1, code=1)
    assert "2 of 10 records became dead letters (bad_json 2), over the limit of 10.0%" in done.stderr
    done = call("run", source, "-o", tmp_path / "out", "--max-dead-ratio", 0.2, "--resume")
    assert "10 in = 8 out + 2 dead" in done.stdout


# --- killed ---------------------------------------------------------------------------------------


def wait_for(condition: Callable[[], object], seconds: float = 100) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def start(*arguments: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(scrubber(*arguments), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_a_run_that_was_killed_leaves_no_worker_and_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl.gz", jsonl(record(number) for number in range(1_500)))
    arguments = ("run", source, "-o")
    call(*arguments, tmp_path / "whole", "--workers", 2)
    out = tmp_path / "out"
    with start(*arguments, out, "--workers", 2) as process:
        wait_for(lambda: any((out / "_tmp").glob("*.at")) and (out / "_tmp/00000.at").read_bytes())
        workers = children(process.pid)
        assert len(workers) >= 2
        process.send_signal(signal.SIGKILL)
    wait_for(lambda: not any(map(alive, workers)))
    assert not list(out.glob("part-*"))
    assert "stopped" in call("status", out).stdout
    assert "a run was begun here" in call(*arguments, out, code=2).stderr
    done = call(*arguments, out, "--resume")
    assert "1,500 in = 1,500 out + 0 dead" in done.stdout
    assert output(out) == output(tmp_path / "whole")
    assert not (out / "_tmp").exists()


def test_a_worker_that_was_killed_is_replaced_and_costs_no_page(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", jsonl(record(number) for number in range(800)))
    out = tmp_path / "out"
    with start("run", source, "-o", out, "--workers", 1) as process:
        wait_for(lambda: (out / "_tmp/00000.at").exists() and (out / "_tmp/00000.at").read_bytes())
        busiest = max(children(process.pid), key=cpu_of)
        os.kill(busiest, signal.SIGKILL)
        printed, _ = process.communicate(timeout=200)
    assert b"800 in = 800 out + 0 dead" in printed
    assert [row["rank"] for row in rows(out)] == list(range(800))


def cpu_of(process: int) -> int:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def test_two_runs_in_one_folder_are_refused(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl.gz", jsonl(record(number) for number in range(1_500)))
    out = tmp_path / "out"
    with start("run", source, "-o", out, "--workers", 1) as process:
        wait_for(lambda: any((out / "_tmp").glob("*.at")))
        assert "another run works in this folder" in call("run", source, "-o", out, "--resume", code=2).stderr
        process.kill()


def test_another_plan_is_refused_with_what_differs(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", jsonl([record(1)]))
    out = tmp_path / "out"
    call("run", source, "-o", out)
    assert (
        'cleaning.keep: was [], is now ["title"]'
        in call("run", source, "-o", out, "--resume", "--keep", "title", code=2).stderr
    )
    write(source, jsonl([record(2), record(3)]))
    assert f"{source}: has changed" in call("run", source, "-o", out, "--resume", code=2).stderr


def test_a_disk_without_room_ends_in_a_message_and_the_run_goes_on_later(tmp_path: Path) -> None:
    """No file may grow over 20 kB, which to a program looks like a full disk."""
    source = write(tmp_path / "a.jsonl", jsonl(record(number, noise=os.urandom(60).hex()) for number in range(800)))
    out = tmp_path / "out"
    done = call(
        "run", source, "-o", out, code=1, before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    )
    assert "Make room, then go on with --resume" in done.stderr
    assert "800 in = 800 out + 0 dead" in call("run", source, "-o", out, "--resume").stdout
    assert len(rows(out)) == 800


def test_an_input_that_goes_away_fails_its_own_shards(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a", "b"):
        write(tmp_path / f"{name}.jsonl", jsonl([record(1)]))
    arguments = ["run", str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl"), "-o", str(tmp_path / "out")]
    assert main(arguments) == 0
    for manifest in (tmp_path / "out/manifest").iterdir():
        manifest.unlink()
    os.utime(tmp_path / "b.jsonl", ns=(1, 1))
    assert main([*arguments, "--resume"]) == 2
    assert "b.jsonl: has changed" in capsys.readouterr().err


def test_counts_are_shown_as_json(tmp_path: Path) -> None:
    source = write(tmp_path / "a.jsonl", jsonl([record(1), record(2)]) + b"bad\n")
    call("run", source, "-o", tmp_path / "out", "--max-dead-ratio", 1)
    found = json.loads(call("status", tmp_path / "out", "--json").stdout)
    assert found["state"] == "done"
    assert (found["out"], found["dead"], found["faults"]) == (2, 1, {"bad_json": 1})
    assert "done; 1 of 1 shards" in call("status", tmp_path / "out").stdout


# --- the drill ------------------------------------------------------------------------------------


def test_a_small_drill_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As benchmarks/fault_drill.py, with fewer pages and kills."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    fault_drill = importlib.import_module("fault_drill")
    done = fault_drill.drill(tmp_path, pages=300, each=1, kills=2, seed=3)
    assert done.found == done.expected
    assert done.passed, done
