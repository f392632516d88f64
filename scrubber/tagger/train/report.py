"""Figures of the folds: `python -m scrubber.tagger.train.report DIR` prints them as Markdown.

Every page is tagged by the networks of the fold that did not see its host. The figures are of the tagger
alone, without detectors and sites.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from scrubber.tagger.tagger import Tagged, Tagger
from scrubber.tagger.train import data, scores
from scrubber.tagger.train.align import HALF
from scrubber.tagger.train.data import Sample
from scrubber.tagger.train.folds import FOLDS, fold_of
from scrubber.tagger.weights import LABELS, PAGE_TYPES

FEW = 10  # pages of a country under which it has no row of its own
BAD = 0.6  # word F1 under which a page went badly wrong
BINS = 5  # rows of the reliability table
NAMED = ("standfirst", "subheading", "paragraph")
GERMAN = frozenset({"de", "at", "ch", "li"})
ENGLISH = frozenset({"uk", "ca", "za", "au", "us", "ind", "na", "ls", "tz"})
NO_BLANKS = frozenset({"jp", "cn", "tw"})


class Judged(NamedTuple):
    """One page's answer and its scores; `f1` and `recall` are 0.0 for pages without a reference."""

    sample: Sample
    tagged: Tagged
    text: str
    f1: float
    recall: float
    stable: bool


def judge(samples: Sequence[Sample], folder: Path, way: str, count: int = FOLDS) -> Iterator[Judged]:
    """Tag every page by its fold's networks, and once more what was kept."""
    for fold in range(count):
        tagger = Tagger.load(folder / f"fold{fold}.npz")
        part = [sample for sample in samples if sample.source != "unlabelled" and fold_of(sample.host, count) == fold]
        examples = [sample.examples[way] for sample in part]
        answers = tagger.tag([example.lines for example in examples], [example.doms for example in examples])
        kept = [kept_lines(tagged) for tagged in answers]
        for sample, tagged, lines, again in zip(part, answers, kept, tagger.tag(kept), strict=True):
            yield score(sample, tagged, lines, kept_lines(again) == lines)


def kept_lines(tagged: Tagged) -> list[str]:
    """The lines that the page's threshold keeps."""
    return [line for line, chance in zip(tagged.lines, tagged.keep, strict=True) if chance >= tagged.threshold]


def score(sample: Sample, tagged: Tagged, lines: list[str], stable: bool) -> Judged:
    """Score one answer; in Japanese and Chinese each character counts as a word."""
    text = "\n".join(lines)
    unspaced = sample.language in NO_BLANKS
    wanted = sample.reference
    f1 = 0.0 if wanted is None else scores.word_f1(text, wanted, unspaced)
    recall = 0.0 if wanted is None else scores.word_recall(text, wanted)
    return Judged(sample, tagged, text, f1, recall, stable)


def groups(judged: Iterable[Judged]) -> dict[str, list[Judged]]:
    """The pages of each row of the table of word F1."""
    rows: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        if one.sample.source == "wcxb":
            rows["wcxb-tune"].append(one)
            rows[f"wcxb-tune, {PAGE_TYPES[one.sample.page_type]}"].append(one)
        elif one.sample.source == "news":
            rows["news-tune"].append(one)
            rows[f"news-tune, {language(one.sample.language)}"].append(one)
    return {name: pages for name, pages in rows.items() if len(pages) >= FEW or "," not in name}


def language(country: str) -> str:
    """The language of a country's folder; the country itself where it is the only one of its language."""
    return "German" if country in GERMAN else "English" if country in ENGLISH else country


def tables(judged: Sequence[Judged]) -> Iterator[str]:
    """Yield the lines of the report on one way of flattening."""
    yield "| pages | number | word F1 | words kept |"
    yield "|---|---|---|---|"
    for name, pages in sorted(groups(judged).items()):
        yield f"| {name} | {len(pages)} | {fmean(p.f1 for p in pages):.4f} | {fmean(p.recall for p in pages):.4f} |"
    found = [scores.segments(p.text, p.sample.wanted, p.sample.unwanted) for p in judged if is_segments(p)]
    yield f"\nsegments-tune: segment F1 {scores.total(found).f1:.4f} ({len(found)} pages)"
    yield f"Tagging twice changes nothing on {fmean(p.stable for p in judged):.2%} of {len(judged)} pages."


def is_segments(one: Judged) -> bool:
    """Whether the page is one of segments-tune."""
    return one.sample.source == "segments"


def confidence(judged: Sequence[Judged]) -> Iterator[str]:
    """Yield the lines on page confidence: reliability of the expected F1, and how well it finds bad pages."""
    pages = sorted((p for p in judged if p.sample.reference is not None), key=lambda p: p.tagged.expected_f1)
    yield "| expected F1 | true F1 | pages |"
    yield "|---|---|---|"
    for index in range(BINS):
        part = pages[index * len(pages) // BINS : (index + 1) * len(pages) // BINS]
        yield f"| {fmean(p.tagged.expected_f1 for p in part):.3f} | {fmean(p.f1 for p in part):.3f} | {len(part)} |"
    bad = area([-p.tagged.expected_f1 for p in pages], [p.f1 < BAD for p in pages])
    none = area([p.tagged.no_article for p in pages], [not (p.sample.reference or "").strip() for p in pages])
    yield f"\nAUC of the expected F1 for pages under {BAD}: {bad:.3f}"
    yield f"AUC of `no_article` for pages without one: {none:.3f}"


def area(values: Sequence[float], wanted: Sequence[bool]) -> float:
    """Area under the ROC curve, 0 to 1: how often a wanted page has the higher value; 0.5 when one kind is missing."""
    yes = [value for value, hit in zip(values, wanted, strict=True) if hit]
    no = [value for value, hit in zip(values, wanted, strict=True) if not hit]
    if not yes or not no:
        return 0.5
    return sum((a > b) + (a == b) / 2 for a in yes for b in no) / (len(yes) * len(no))


def label_f1(judged: Iterable[Judged], way: str) -> dict[str, float]:
    """F1 of each of `NAMED` over the article lines of news-tune; a line that was dropped is a miss."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for one in judged:
        if one.sample.source != "news":
            continue
        example = one.sample.examples[way]
        for label, share, guess in zip(example.labels.tolist(), example.keep, one.tagged.labels, strict=True):
            if share > HALF and label >= 0 and LABELS[label] in NAMED:
                total.update([LABELS[label], guess])
                right[guess] += guess == LABELS[label]
    return {name: 2 * right[name] / max(total[name], 1) for name in NAMED}


def main() -> None:
    """Print the report on the fold weights in the folder that the command line names."""
    report(data.load(), Path(sys.argv[1]))


def report(samples: Sequence[Sample], folder: Path) -> None:
    """Print the figures, first of the plain flattening, then of those of other tools."""
    for way in ("blocks", data.HTML, "get_text", "resiliparse"):
        judged = list(judge(samples, folder, way))
        print(f"\n## {way}\n\n" + "\n".join(tables(judged)))
        if way in ("blocks", data.HTML):
            named = label_f1(judged, way)
            print("Labels, F1:", ", ".join(f"{name} {value:.3f}" for name, value in named.items()), end="; ")
            print(f"macro {fmean(named.values()):.3f}\n")
            print("\n".join(confidence(judged)))


if __name__ == "__main__":
    main()
