"""A run that is hurt in every way: planted faults of eight kinds, and kill -9 at random moments.

    python benchmarks/fault_drill.py                          # 20,000 pages, 40 faults, 5 kills
    python benchmarks/fault_drill.py --pages 2000 --kills 2

The corpus (JSON Lines, plain and compressed, and WARC) is cleaned once undisturbed, and once while the run is killed
again and again, each time to go on with `--resume`. What both have written must be the same, byte for byte, each fault
must be one dead letter with its reason, and no process may be left. The exit code is 1 where anything of that fails.
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from _root import ROOT
from _tables import say, table

sys.path.append(str(ROOT / "tests"))

from corpora import FAULTY_SITE, children, jsonl, letters, output, record, rows, warc_record, write

PLANTED = {
    "RAISE": "raised",
    "HANG": "hung",
    "STUCK": "hung",
    "MEMORY": "memory",
    "CRASH": "crashed",
    "EXIT": "killed",
    "broken line": "bad_json",
    "damaged member": "damaged",
}
"""Kinds of faults, each with the reason that its dead letters must give."""

FILES = 4
"""Files of JSON Lines, in turn plain and compressed; a fifth file is WARC."""

LIMITS = ("--page-seconds", "5", "--page-memory", "400", "--max-dead-ratio", "1")


@dataclass(frozen=True)
class Drill:
    """What came of a drill.

    Attributes:
        expected, found: dead letters by their reason.
        lost: pages that are neither in the output nor among the dead letters.
        same: whether both runs have written the same bytes.
        orphans: processes that were left behind by a run that was killed.
        kills: how often the run was killed while it was at work.
    """

    expected: Counter[str]
    found: Counter[str]
    lost: int
    same: bool
    orphans: int
    kills: int
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether all is as it must be."""
        return self.expected == self.found and not self.lost and self.same and not self.orphans


def drill(folder: Path, *, pages: int, each: int, kills: int, seed: int, workers: int = 2) -> Drill:
    """Write a corpus with `each` faults of each kind, and run it undisturbed and disturbed."""
    chance = random.Random(seed)
    sources = folder / "in"
    plant(sources, pages, each, chance)
    write(folder / "sites/faulty/site.py", FAULTY_SITE.encode())
    call = [sys.executable, "-m", "scrubber", "run", str(sources), "--plugins", str(folder / "sites")]
    call += [*LIMITS, "--workers", str(workers)]
    started = time.monotonic()
    finish([*call, "-o", str(folder / "whole")])
    undisturbed = time.monotonic() - started
    say(f"undisturbed: {undisturbed:.0f} s")
    hurt = [*call, "-o", str(folder / "hurt")]
    killed = orphans = 0
    for moment in [chance.uniform(0.2, 1.0) * undisturbed / (kills + 1) for _ in range(kills)]:
        left = interrupt(hurt, moment)
        if left is None:
            break
        killed, orphans = killed + 1, orphans + left
        begun = (folder / "hurt/plan.json").is_file()  # a kill may come before
        hurt = [*call, "-o", str(folder / "hurt"), *(["--resume"] if begun else [])]
        say(f"killed after {moment:.0f} s")
    finish(hurt)
    whole = folder / "whole"
    found = Counter(letter["fault"] for letter in letters(folder / "hurt"))
    expected = Counter({reason: each * list(PLANTED.values()).count(reason) for reason in PLANTED.values()})
    lost = pages - len(rows(folder / "hurt")) - found.total()
    same = output(whole) == output(folder / "hurt")
    return Drill(expected, found, lost, same, orphans, killed, time.monotonic() - started)


def plant(folder: Path, pages: int, each: int, chance: random.Random) -> None:
    """Write the corpus; pages and faults are spread over its files."""
    archived = pages // 10
    kinds = [kind for kind in PLANTED if kind != "damaged member" for _ in range(each)]
    places = dict(zip(chance.sample(range(pages - archived), len(kinds)), kinds, strict=True))
    for number in range(FILES):
        mine = range(number, pages - archived, FILES)
        lines = b"".join(line(place, places.get(place)) for place in mine)
        write(folder / f"{number}.jsonl{('', '.gz', '', '.zst')[number]}", lines)
    members = [gzip.compress(warc_record(number), mtime=0) for number in range(archived)]
    for place in chance.sample(range(archived), each):
        members[place] = members[place][:30] + bytes(8) + members[place][38:]
    (folder / "archive.warc.gz").write_bytes(b"".join(members))


def line(number: int, fault: str | None) -> bytes:
    """Return a line of the corpus, whole or with a fault."""
    if fault == "broken line":
        return f'{{"id": "{number}", "text": "and here it\n'.encode()
    return jsonl([record(number, fault or "Home")])


def finish(call: list[str]) -> None:
    """Run a call to its end."""
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(call)}\n{done.stderr}")


def interrupt(call: list[str], seconds: float) -> int | None:
    """Kill a call after some seconds; return how many of its processes live on, None where it was done before."""
    with subprocess.Popen(call, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            below = children(process.pid)
            process.send_signal(signal.SIGKILL)
            return len(list(survivors(below)))
        finally:
            process.kill()
    return None


def survivors(processes: set[int], patience: float = 20.0) -> Iterator[int]:
    """Yield those of some processes that are still there after a while."""
    end = time.monotonic() + patience
    while processes and time.monotonic() < end:
        processes = {one for one in processes if Path(f"/proc/{one}").exists() and not is_zombie(one)}
        time.sleep(0.1)
    yield from processes


def is_zombie(process: int) -> bool:
    """Tell whether a process has ended and waits to be asked for."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--each", type=int, default=5, help="faults of each of the eight kinds")
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # as Ctrl-C: the run and the folder go with the drill
    folder = Path(tempfile.mkdtemp(prefix="drill-"))
    try:
        done = drill(folder, pages=options.pages, each=options.each, kills=options.kills, seed=options.seed)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{options.pages:,} pages, {done.kills} kills, seed {options.seed}, {done.seconds:.0f} s\n")
    print(
        table(["dead letters", "planted", "found"], [[name, n, done.found[name]] for name, n in done.expected.items()])
    )
    unplanned = done.found - done.expected
    print(f"\n- unplanned dead letters: {dict(unplanned) or 'none'}\n- pages lost: {done.lost}")
    print(f"- same bytes as undisturbed: {'yes' if done.same else 'NO'}\n- processes left behind: {done.orphans}")
    return 0 if done.passed else 1


if __name__ == "__main__":
    os.environ["PYTHONPATH"] = str(ROOT)
    sys.exit(main())
