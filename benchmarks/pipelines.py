"""Whole jobs, from file to file: scrubber beside datatrove with trafilatura, in one run.

    python benchmarks/pipelines.py [--pages N] [--rounds N] [--made-up]

Two jobs: JSON Lines of flattened text to Parquet, and a WARC file of HTML to Parquet. Each way of doing one runs in a
process of its own, on one core; what counts is the CPU time of that process and all that it started, less what the
same way takes for one page. Pages: those of `SCRUBBER_DATA`, or made-up ones. Needs `pip install ".[bench]"`.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import gzip
import html
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from _root import ROOT
from _tables import say, table

PAGES = 400
ROUNDS = 3
PATIENCE = 30
"""Seconds that datatrove gives a page. Its own default of 1 drops pages on a busy machine, which would be quicker."""


class Page(NamedTuple):
    """One page to clean: its address, HTML, and lines."""

    url: str
    html: str
    text: str


# --- what is cleaned ------------------------------------------------------------------------------


def tuning_pages(count: int) -> list[Page]:
    """Return pages of `SCRUBBER_DATA`, those that are UTF-8; none without the data."""
    from _data import DATA, load

    from scrubber.tagger.train.flatten import flatten

    if not (DATA / "wcxb-tune.parquet").exists():
        return []
    pages = load("wcxb", count)
    return [Page(page.url, page.html.decode(errors="replace"), "\n".join(flatten(page.html))) for page in pages]


def made_up_pages(count: int) -> list[Page]:
    """Return pages of sites that do not exist."""
    from scrubber.testing.made_up_sites import made_up_site

    return [
        Page(page.url, page.html, page.text) for seed in range(count // 20) for page in made_up_site(seed).pages(20)
    ]


def write_inputs(folder: Path, pages: Sequence[Page]) -> None:
    """Write the pages as JSON Lines of text, and as WARC."""
    for kind in ("text", "html"):
        (folder / kind).mkdir(parents=True)
    rows = ({"id": str(number), "url": page.url, "text": page.text} for number, page in enumerate(pages))
    (folder / "text" / "pages.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    with (folder / "html" / "pages.warc.gz").open("wb") as file:
        for number, page in enumerate(pages):
            file.write(gzip.compress(warc_record(number, page)))


def warc_record(number: int, page: Page) -> bytes:
    """Return a page as a record of a crawl."""
    body = page.html.encode()
    response = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\n"
        f"WARC-Target-URI: {page.url}\r\nWARC-Date: 2024-05-12T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>\r\n"
        "WARC-Identified-Payload-Type: text/html\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(response)}\r\n\r\n"
    )
    return head.encode() + response + b"\r\n\r\n"


# --- ways of doing it -----------------------------------------------------------------------------


def bare_loop(source: Path, out: Path) -> None:
    """Read lines, clean, write Parquet: nothing around it."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from scrubber.integrations.batch import Fields, clean_records

    with (source / "pages.jsonl").open("rb") as lines:
        cleaned = list(clean_records(map(json.loads, lines), Fields(out=("text", "title", "flags"))))
    pq.write_table(pa.Table.from_pylist(cleaned), out / "pages.parquet")


def scrubber_run(source: Path, out: Path) -> None:
    """Do it with `scrubber run`, one worker."""
    [pages] = source.iterdir()
    command = [
        sys.executable,
        "-m",
        "scrubber",
        "run",
        pages,
        "-o",
        out / "run",
        "--format",
        "parquet",
        "--workers",
        "1",
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def datatrove(reader: str, extractor: str) -> Callable[[Path, Path], None]:
    """Return a pipeline of datatrove with one of its readers, and scrubber's step or its own extractor."""

    def run(source: Path, out: Path) -> None:
        from datatrove.executor import LocalPipelineExecutor
        from datatrove.pipeline.extractors import Trafilatura
        from datatrove.pipeline.readers import JsonlReader, WarcReader
        from datatrove.pipeline.writers import JsonlWriter, ParquetWriter

        from scrubber.integrations.batch import Fields
        from scrubber.integrations.datatrove import ScrubberExtractor

        readers = {
            "jsonl": lambda: JsonlReader(str(source)),
            "paragraphs": lambda: JsonlReader(str(source), adapter=as_paragraphs),
            "warc": lambda: WarcReader(str(source)),
        }
        extractors = {
            "scrubber": lambda: ScrubberExtractor(
                JsonlWriter(str(out / "excluded")), Fields(out=("text", "title", "flags"))
            ),
            "trafilatura": lambda: Trafilatura(timeout=PATIENCE),
        }
        steps = [readers[reader](), extractors[extractor](), ParquetWriter(str(out / "clean"))]
        LocalPipelineExecutor(steps, logging_dir=str(out / "logs")).run()

    return run


def as_paragraphs(self: object, row: dict[str, Any], path: str, number: int) -> dict[str, Any]:
    """Put each line into `<p>`, as trafilatura needs it; datatrove calls this as a method."""
    lines = (line for line in row["text"].split("\n") if line.strip())
    body = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    return {"text": f"<html><body>{body}</body></html>", "id": row["id"], "metadata": {"url": row["url"]}}


WAYS: Mapping[str, Mapping[str, Callable[[Path, Path], None]]] = {
    "text": {
        "datatrove with trafilatura on lines": datatrove("paragraphs", "trafilatura"),
        "datatrove with scrubber": datatrove("jsonl", "scrubber"),
        "a bare loop of scrubber": bare_loop,
        "scrubber run": scrubber_run,
    },
    "html": {
        "datatrove: WarcReader, Trafilatura": datatrove("warc", "trafilatura"),
        "datatrove: WarcReader, scrubber": datatrove("warc", "scrubber"),
        "scrubber run": scrubber_run,
    },
}
"""For each kind of input the ways to Parquet; the first is the peer that the others are measured by."""

PR_SET_CHILD_SUBREAPER = 36
"""Of Linux, `man 2 prctl`."""

JOBS = {"text": "JSON Lines of flattened text to Parquet", "html": "WARC of HTML to Parquet"}


# --- measuring ------------------------------------------------------------------------------------


def cpu_seconds(kind: str, way: str, folder: Path) -> float:
    """Run one way in a process of its own; return the CPU seconds of it and of all that it started."""
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, __file__, "--do", kind, way, str(folder / kind), out]
        single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        environment = {**os.environ, **single, "PYTHONPATH": str(ROOT)}
        log = Path(out, "stderr")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        with log.open("wb") as errors:
            failed = subprocess.run(command, env=environment, stdout=errors, stderr=errors, check=False).returncode
        reap()
        if failed:
            sys.exit(f"{way} failed:\n{log.read_text(errors='replace')[-2000:]}")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def adopt_orphans() -> None:
    """Have processes whose parent ended without waiting for them become ours: their time counts too."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def reap() -> None:
    """Wait for all of them."""
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()


def compare(kind: str, count: int, pages: Path, one: Path, rounds: int) -> str:
    """Return the table of one job."""
    times: dict[str, list[float]] = {way: [] for way in available(kind)}
    for number in range(rounds):
        for way, found in times.items():
            say(f"round {number + 1}: {JOBS[kind]}, {way}")
            found.append(cpu_seconds(kind, way, pages) - cpu_seconds(kind, way, one))
    peer, *_ = times.values()
    rows = [
        (
            way,
            f"{statistics.median(found):.1f}",
            f"{(count - 1) / statistics.median(found):,.0f}",
            f"{statistics.median(b / a for a, b in zip(found, peer, strict=True)):.1f}",
        )
        for way, found in times.items()
    ]
    return table(["way", "CPU s", "pages a CPU second", "ratio"], rows)


def available(kind: str) -> Iterator[str]:
    """Yield the ways that this checkout has."""
    from scrubber.cli import COMMANDS

    return (way for way in WAYS[kind] if way != "scrubber run" or "run" in COMMANDS)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--made-up", action="store_true", help="use made-up pages, whatever data there is")
    parser.add_argument("--job", choices=list(JOBS), action="append", help="only this one")
    parser.add_argument("--do", nargs=4, metavar=("JOB", "WAY", "IN", "OUT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.do:
        kind, way, source, out = options.do
        WAYS[kind][way](Path(source), Path(out))
        return
    pages = ([] if options.made_up else tuning_pages(options.pages)) or made_up_pages(options.pages)
    size = statistics.mean(len(page.html) for page in pages), statistics.mean(len(page.text) for page in pages)
    adopt_orphans()
    print(f"{len(pages)} pages; mean {size[0]:,.0f} characters of HTML, {size[1]:,.0f} of flattened text")
    with tempfile.TemporaryDirectory() as folder:
        several, one = Path(folder, "several"), Path(folder, "one")
        write_inputs(several, pages)
        write_inputs(one, pages[:1])
        for kind in options.job or JOBS:
            print(f"\n## {JOBS[kind]}\n\n{compare(kind, len(pages), several, one, options.rounds)}", flush=True)


if __name__ == "__main__":
    main()
