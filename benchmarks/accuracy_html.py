"""Word F1 and segment F1 on HTML, cross-validated by host, beside peers that read HTML, in one table.

    python benchmarks/accuracy_html.py [--sample N] [--folds DIR]

A page is cleaned by the tagger of its host's fold, which saw no page of that host, without site plugins or URL. The
weights of the evidence that the DOM gives were fitted on two of the folds, so that part is not wholly held out.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from _data import FOLDS, NoFolds, TuningPage, explain_no_folds, held_out_cleaners, load
from _peers import PEERS, answers
from _scoring import news_scores, segment_scores, wcxb_scores
from _stats import Ratio

from scrubber import Cleaner, Page

SETS: tuple[tuple[str, Callable[..., dict[str, Ratio]]], ...] = (
    ("wcxb", wcxb_scores),
    ("news", news_scores),
    ("segments", segment_scores),
)
BADLY_WRONG = 0.7  # word F1 under which a page went badly wrong


def clean_html(pages: Sequence[TuningPage], cleaners: Sequence[Cleaner]) -> list[str]:
    """Return the text of each page, cleaned by the cleaner of its host's fold."""
    from scrubber.tagger.train.folds import fold_of

    texts = [""] * len(pages)
    for fold, cleaner in enumerate(cleaners):
        mine = [index for index, page in enumerate(pages) if fold_of(page.host, len(cleaners)) == fold]
        results = cleaner.clean_many(Page(pages[index].html, content_type="text/html") for index in mine)
        for index, result in zip(mine, results, strict=True):
            texts[index] = result.text
    return texts


def rows(pages: Sequence[TuningPage], cleaners: Sequence[Cleaner]) -> dict[str, list[str]]:
    """Return the texts of scrubber and of each peer that reads HTML."""
    peers = {peer.full_name(): answers(peer, pages, "blocks") for peer in PEERS if peer.reads == "html"}
    return {"scrubber": clean_html(pages, cleaners), **peers}


def report(data: str, score: Callable[..., dict[str, Ratio]], sample: int | None, cleaners: Sequence[Cleaner]) -> None:
    """Print one set's table, and for WCXB the articles' too."""
    pages = load(data, sample)
    texts = rows(pages, cleaners)
    groups = {"all": range(len(pages))}
    if data == "wcxb":
        groups["article"] = [index for index, page in enumerate(pages) if page.group == "article"]
    for name, chosen in groups.items():
        print(f"\n## {data}-tune, {name}: {len(chosen)} pages\n\n| | F1 | under {BADLY_WRONG} |\n|---|---|---|")
        for row, found in texts.items():
            scores = score([pages[index] for index in chosen], [found[index] for index in chosen])
            bad = f"{scores['bad'].value:.1%}" if "bad" in scores else ""
            print(f"| {row} | {scores['f1'].value:.3f} | {bad} |")


def main() -> None:
    """Print a table for each set."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--sample", type=int, metavar="N", help="pages of each set (all)")
    parser.add_argument("--folds", type=Path, default=FOLDS, metavar="DIR", help="weights of the folds (%(default)s)")
    options = parser.parse_args()
    try:
        cleaners = held_out_cleaners(options.folds)
    except NoFolds as error:
        explain_no_folds(error)
    for data, score in SETS:
        report(data, score, options.sample, cleaners)


if __name__ == "__main__":
    main()
