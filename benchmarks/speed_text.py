"""Documents a second on flattened text, beside trafilatura given the same lines in `<p>`, in one run.

    python benchmarks/speed_text.py

Pages: the seeds, and the pages of `SCRUBBER_DATA` flattened, where that folder is there. Each tool cleans all
of them `ROUNDS` times in turn, in CPU time; the median counts. Cleaning is by rules alone, without the tagger,
from `str`, to `Result.text`.
"""

from __future__ import annotations

import html
import os
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import trafilatura

from scrubber import Cleaner

ROUNDS = 5
SAMPLE = 60  # pages of SCRUBBER_DATA
ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("SCRUBBER_DATA", ROOT.parent / "shared" / "data"))


def seeds() -> list[str]:
    """Return the five seed pages."""
    return [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]


def tuning_pages() -> list[str]:
    """Return the first `SAMPLE` tuning pages, flattened; none without the data."""
    path = DATA / "wcxb-tune.parquet"
    if not path.exists():
        return []
    import pyarrow.parquet as pq

    from scrubber.tagger.train.flatten import flatten

    pages = pq.read_table(path, columns=["html"]).slice(0, SAMPLE).column("html").to_pylist()
    return ["\n".join(flatten(page)) for page in pages]


def as_paragraphs(text: str) -> str:
    """Put each line of a text into `<p>`, as trafilatura needs it."""
    lines = (line for line in text.split("\n") if line.strip())
    return "<html><body>" + "".join(f"<p>{html.escape(line)}</p>" for line in lines) + "</body></html>"


def per_second(clean: Callable[[str], object], pages: Sequence[str]) -> float:
    """Return documents per second of CPU time over one round."""
    start = time.process_time()
    for page in pages:
        clean(page)
    return len(pages) / (time.process_time() - start)


def compare(name: str, pages: Sequence[str]) -> None:
    """Print one row: both tools on the same pages, and the ratio."""
    cleaner = Cleaner(tagger=False)
    wrapped = [as_paragraphs(page) for page in pages]
    rounds = [
        (per_second(lambda page: cleaner.clean(page).text, pages), per_second(trafilatura.extract, wrapped))
        for _ in range(ROUNDS)
    ]
    ours, theirs = (statistics.median(column) for column in zip(*rounds, strict=True))
    ratio = statistics.median(a / b for a, b in rounds)
    lines = statistics.mean(page.count("\n") + 1 for page in pages)
    print(f"| {name} | {len(pages)} | {lines:.0f} | {ours:,.0f} | {theirs:,.0f} | {ratio:.1f} |")


def main() -> None:
    """Print the table."""
    print("| pages | count | lines each | scrubber docs/s | trafilatura docs/s | ratio |\n|---|---|---|---|---|---|")
    compare("seeds", seeds() * 4)
    if pages := tuning_pages():
        compare("tuning pages, flattened", pages)


if __name__ == "__main__":
    main()
