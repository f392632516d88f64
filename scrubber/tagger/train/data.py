"""Read the tuning data and turn every page into training examples: one for each way of flattening, one with its DOM."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from scrubber.model import HEADING_RANKS, Dom
from scrubber.repair import RepairOptions
from scrubber.segment.html import segment_html
from scrubber.tagger.train.align import HALF, Floats, block_labels, shares
from scrubber.tagger.train.evidence import Evidence, evidence, look_up
from scrubber.tagger.train.flatten import WAYS, decode, flatten
from scrubber.tagger.train.silver import Silver, mark
from scrubber.tagger.weights import LABELS, PAGE_TYPES

DEFAULT_DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
FILES = {
    "wcxb": "wcxb-tune.parquet",
    "news": "news-tune.parquet",
    "segments": "segments-tune.parquet",
    "unlabelled": "pages-unlabelled.parquet",
}
MOST_LINES = 4000  # lines of one page that are read; two pages in a thousand are longer
HINTS = 4  # columns of `Example.hints`
HTML = "html"  # the way of reading a page with its DOM, beside the ways of flattening it
UNKNOWN = -1
SHORTEST_NAME = 4  # characters of an author's name that can be looked for
BYLINE = 80  # characters from which a line that names an author is more than a byline
LINKED = 0.8  # share of a line in links from which it is navigation


@dataclass(frozen=True, slots=True)
class Example:
    """One page, flattened one way.

    `keep` (lines,): share of the line that is the article's. `weight` (lines,): trust in that, 0 for none.
    `labels` (lines,): index into `LABELS`, -1 unknown. `hints` (lines, `HINTS`): what the HTML said (link share,
    region, heading, list item), -1 unknown. `doms`: what the DOM says of each line, None for flattened text.
    """

    lines: list[str]
    keep: Floats
    weight: Floats
    labels: NDArray[np.int64]
    hints: Floats
    doms: list[Dom] | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """One page of the data with all its flattenings.

    `reference` is None for pages without one. `page_type` indexes `PAGE_TYPES`, -1 unknown.
    """

    source: str
    host: str
    page_type: int
    language: str
    reference: str | None
    wanted: list[str]
    unwanted: list[str]
    examples: dict[str, Example] = field(default_factory=dict)


def folder() -> Path:
    """The folder of the tuning data: `SCRUBBER_DATA`, or `../shared/data` beside the checkout."""
    return Path(os.environ.get("SCRUBBER_DATA", DEFAULT_DATA))


def load(workers: int = 2) -> list[Sample]:
    """Read all four files and prepare every page; about two minutes on two cores."""
    rows = [(source, row) for source, name in FILES.items() for row in pq.read_table(folder() / name).to_pylist()]
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(prepare, rows, chunksize=8))


def prepare(job: tuple[str, dict[str, Any]]) -> Sample:
    """Turn one row into a sample."""
    source, row = job
    html = decode(row["html"])
    page_type = row.get("page_type") or ("article" if source == "news" else None)
    sample = Sample(
        source=source,
        host=row["host"],
        page_type=PAGE_TYPES.index(page_type) if page_type in PAGE_TYPES else UNKNOWN,
        language=row.get("language") or row.get("language_folder") or "",
        reference=row.get("main_content") if source in ("wcxb", "news") else None,
        wanted=list(row.get("with_snippets") or ()),
        unwanted=list(row.get("without_snippets") or ()),
    )
    seen = evidence(html)
    silver = Silver(html) if sample.reference is None else None
    for way in WAYS:
        lines = flatten(html, way)[:MOST_LINES]
        sample.examples[way] = example(lines, sample, row, silver, seen)
    lines, doms = read_html(html)
    sample.examples[HTML] = replace(example(lines, sample, row, silver, seen), doms=doms)
    return sample


def read_html(html: str) -> tuple[list[str], list[Dom]]:
    """The lines of a page as the cleaner itself reads them from HTML, and what the DOM says of each."""
    document = segment_html(html, RepairOptions())[0]
    return list(document.texts[:MOST_LINES]), list((document.doms or ())[:MOST_LINES])


def example(
    lines: list[str], sample: Sample, row: dict[str, Any], silver: Silver | None, seen: dict[str, Evidence]
) -> Example:
    """Label one flattening of a page."""
    if silver is None:
        keep = shares(lines, sample.reference or "")
        weight = np.ones(len(lines), dtype=np.float32)
    else:
        keep, weight = silver.targets(lines)
        mark(lines, keep, weight, sample.wanted, sample.unwanted)
    found = [look_up(seen, line) for line in lines]
    labels = np.array(list(name_lines(lines, keep, row, found)), dtype=np.int64)
    if not row.get("blocks"):
        labels[np.flatnonzero(keep > HALF)[:1]] = UNKNOWN  # perhaps a standfirst, which no tag tells
    hints = np.array([hint(one) for one in found], dtype=np.float32).reshape(-1, HINTS)
    return Example(lines, keep, weight, labels, hints)


def hint(found: Evidence | None) -> tuple[float, ...]:
    """The evidence of one line as `HINTS` numbers."""
    if found is None:
        return (UNKNOWN,) * HINTS
    return (found.linked, found.region, found.tag in HEADING_RANKS, found.tag == "li")


def name_lines(
    lines: Sequence[str], keep: Floats, row: dict[str, Any], found: Sequence[Evidence | None]
) -> Iterator[int]:
    """Yield each line's label: that of its block where blocks are labelled, else what title, author and tag tell."""
    blocks = block_labels(lines, row["blocks"], row["labels"]) if row.get("blocks") else [None] * len(lines)
    title = " ".join((row.get("title") or "").split()).lower()
    authors = row.get("authors") or ([row["author"]] if row.get("author") else [])
    names = [name.lower() for name in authors if len(name) >= SHORTEST_NAME]
    for line, kept, block, seen in zip(lines, keep, blocks, found, strict=True):
        label = block or kept_label(seen) if kept > HALF else dropped_label(line.lower(), title, names, seen)
        yield LABELS.index(label) if label else UNKNOWN


def kept_label(seen: Evidence | None) -> str | None:
    """The label of a line of the article by its tag; None for what tags do not tell."""
    tag = seen.tag if seen else ""
    if tag in HEADING_RANKS:
        return "subheading"
    return {"li": "list_item", "p": "paragraph", "td": "table", "th": "table"}.get(tag)


def dropped_label(line: str, title: str, names: Sequence[str], seen: Evidence | None) -> str:
    """The label of a line that is not the article's."""
    if title and line == title:
        return "title"
    if len(line) < BYLINE and any(name in line for name in names):
        return "byline"
    if seen and seen.tag == "figcaption":
        return "caption"
    return "navigation" if seen and seen.linked > LINKED else "non_content"
