"""The tuning pages as the benchmarks read them, flattened and cached, and the cleaners of the folds.

Pages come from the folder `SCRUBBER_DATA` (default `../shared/data` beside the checkout). What takes long and
changes little (flattened lines, peers' answers) is kept in `SCRUBBER_CACHE` (default `benchmarks/out`).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from _root import ROOT
from _stats import SEED
from _tables import follow, say

from scrubber import Cleaner
from scrubber.model import Page, Result
from scrubber.tagger import Tagged

DATA = Path(os.environ.get("SCRUBBER_DATA", ROOT.parent / "shared" / "data"))
OUT = ROOT / "benchmarks" / "out"
CACHE = Path(os.environ.get("SCRUBBER_CACHE", OUT))
FOLDS = ROOT / "build" / "tagger"

SETS = ("wcxb", "news", "segments")
SAVE_EVERY = 100
"""New answers after which a cache is written."""

HTML_LANGUAGE = re.compile(rb"<html[^>]{0,400}?\blang\s*=\s*[\"']?([A-Za-z]{2,3})", re.IGNORECASE)
HTML_REACH = 20_000
"""Bytes from the start in which the root element is looked for."""

SAME_LANGUAGE = {"nb": "no", "nn": "no", "iw": "he", "in": "id"}
"""Codes of one language for the purposes of a table."""


@dataclass(frozen=True, slots=True)
class TuningPage:
    """One page of a tuning set.

    `group` is what its set is broken down by: page type, country folder, declared language. `reference` is
    None in `segments`. `language` is what the set or the HTML declares, two or three letters, "" where neither does.
    """

    data: str
    key: str
    url: str
    host: str
    group: str
    language: str
    html: bytes = field(repr=False)
    reference: str | None = field(repr=False)
    wanted: tuple[str, ...] = field(repr=False)
    unwanted: tuple[str, ...] = field(repr=False)
    blocks: tuple[str, ...] = field(repr=False)
    labels: tuple[str, ...] = field(repr=False)


def load(data: str, sample: int | None = None) -> list[TuningPage]:
    """Read one tuning set, or a sample of it that is the same in every run."""
    import pyarrow.parquet as pq

    path = DATA / f"{data}-tune.parquet"
    if not path.exists():
        sys.exit(f"{path} is not there: set SCRUBBER_DATA to the folder of the tuning data.")
    pages = [read_row(data, number, row) for number, row in enumerate(pq.read_table(path).to_pylist())]
    if sample is None or sample >= len(pages):
        return pages
    chosen = sorted(Random(SEED).sample(range(len(pages)), sample))
    return [pages[index] for index in chosen]


def read_row(data: str, number: int, row: dict[str, Any]) -> TuningPage:
    """Turn one row into a page."""
    declared = HTML_LANGUAGE.search(row["html"][:HTML_REACH])
    language = row.get("language") or (declared.group(1).decode().lower() if declared else "")
    if data == "wcxb":
        language = "en"
    group = {"wcxb": "page_type", "news": "language_folder", "segments": "language"}[data]
    return TuningPage(
        data=data,
        key=str(number),
        url=row["url"],
        host=row["host"],
        group=row[group] or "undeclared",
        language=SAME_LANGUAGE.get(language, language),
        html=row["html"],
        reference=row.get("main_content"),
        wanted=tuple(row.get("with_snippets") or ()),
        unwanted=tuple(row.get("without_snippets") or ()),
        blocks=tuple(row.get("blocks") or ()),
        labels=tuple(row.get("labels") or ()),
    )


def cached(name: str, version: str, pages: Sequence[TuningPage], make: Callable[[TuningPage], Any]) -> list[Any]:
    """Return `make(page)` for pages of one set, from the cache where it is there.

    Args:
        name: what is made; part of the file's name.
        version: whatever changes what is made; another version is another file.
        pages: pages of one set.
        make: gives something that JSON can hold.
    """
    data = pages[0].data
    size = (DATA / f"{data}-tune.parquet").stat().st_size
    path = CACHE / "cache" / f"{data}-{name}-{fingerprint(version, str(size))}.json"
    known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    missing = [page for page in pages if page.key not in known]
    for count, page in enumerate(follow(missing, f"{data}: {name}") if missing else (), start=1):
        known[page.key] = make(page)
        if count % SAVE_EVERY == 0 or count == len(missing):
            save(path, known)
    return [known[page.key] for page in pages]


def save(path: Path, known: dict[str, Any]) -> None:
    """Write a cache in one step, so that an interrupted run leaves the old one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}")
    partial.write_text(json.dumps(known), encoding="utf-8")
    partial.replace(path)


def fingerprint(*parts: str) -> str:
    """Return a short name for some texts together."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def flatten_version() -> str:
    """Return what changes when the code that flattens does."""
    from scrubber.tagger.train import flatten

    return Path(flatten.__file__).read_text(encoding="utf-8")


def flattened(pages: Sequence[TuningPage], way: str) -> list[list[str]]:
    """Return the lines of each page of one set, flattened one way."""
    from scrubber.tagger.train.flatten import flatten

    return cached(f"lines-{way}", flatten_version(), pages, lambda page: flatten(page.html, way))


def article_lines(pages: Sequence[TuningPage], way: str, lines: Sequence[list[str]]) -> list[list[bool]]:
    """Return for each line of each page with a reference whether most of it is the article's, by alignment."""
    from scrubber.tagger.train import align

    of = {page.key: found for page, found in zip(pages, lines, strict=True)}
    version = flatten_version() + Path(align.__file__).read_text(encoding="utf-8")

    def make(page: TuningPage) -> list[bool]:
        return [bool(share > align.HALF) for share in align.shares(of[page.key], page.reference or "")]

    return cached(f"aligned-{way}", version, pages, make)


class Cleaned(NamedTuple):
    """A page, its flattened or visible text and the result, with the cleaner that made it."""

    page: TuningPage
    source: str
    result: Result
    cleaner: Cleaner


def tag(one: Cleaned) -> Tagged | None:
    """Return what the held-out tagger says of a page, whether or not the pipeline listened; None without a tagger."""
    judged, tagger = one.result.judged, getattr(one.cleaner, "_tagger", None)
    heard: Tagged | None = getattr(judged, "tagged", None)
    if heard is not None or isinstance(tagger, bool) or tagger is None:
        return heard
    document = getattr(judged, "document", None)
    lines = document.texts if document is not None else one.source.split("\n")
    answer: Tagged = tagger.tag([lines], [getattr(document, "doms", None)])[0]
    return answer


class NoFolds(Exception):
    """There are no weights of folds to cross-validate with."""


def fold_files(folder: Path) -> list[Path]:
    """Return the weights of each fold, in order, as `python -m scrubber.tagger.train` wrote them.

    Raises:
        NoFolds: the folder has none, or not all of them.
    """
    found = {int(match[0]): path for path in folder.glob("fold*.npz") if (match := re.search(r"\d+", path.stem))}
    if len(found) < 2 or sorted(found) != list(range(len(found))):
        raise NoFolds(
            f"no complete set of fold weights (fold0.npz, fold1.npz, ...) in {folder}. "
            f"Make it: python -m scrubber.tagger.train --folds-only --out {folder}"
        )
    return [found[fold] for fold in range(len(found))]


def rules_cleaners() -> list[Cleaner]:
    """Return one cleaner without a tagger, for every page."""
    return [Cleaner(bundled=False, installed=False, tagger=False)]


def held_out_cleaners(folder: Path) -> list[Cleaner]:
    """Return for each fold a cleaner whose tagger has not seen the fold's hosts.

    Raises:
        NoFolds: see `fold_files`.
    """
    from scrubber.tagger import Tagger

    return [Cleaner(bundled=False, installed=False, tagger=Tagger.load(path)) for path in fold_files(folder)]


def clean_held_out(
    pages: Sequence[TuningPage], inputs: Sequence[Page], cleaners: Sequence[Cleaner]
) -> Iterator[tuple[int, Cleaned]]:
    """Clean each page with the cleaner of its host's fold; yields the page's index too, fold after fold.

    The cleaners get what `inputs` hold, flattened text or HTML: no URL, no title.
    """
    from scrubber.tagger.train.folds import fold_of

    parts = [fold_of(page.host, len(cleaners)) for page in pages]
    for fold, cleaner in enumerate(cleaners):
        mine = [index for index, part in enumerate(parts) if part == fold]
        results = cleaner.clean_many(inputs[index] for index in mine)
        for index, result in zip(mine, results, strict=True):
            yield index, Cleaned(pages[index], result.page_text, result, cleaner)


def explain_no_folds(error: NoFolds) -> None:
    """Say what to do where there are no folds, and end with exit code 2."""
    say(f"{error}\nOr measure without the tagger: --no-tagger.")
    raise SystemExit(2) from error
