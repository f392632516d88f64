"""The five seeds against their goldens, with and without site plugins, and the wire test.

    python benchmarks/seeds.py

The wire test: two of the seeds are one agency story as two papers printed it. How alike are the two texts,
quotes folded, before and after cleaning, and how alike are the two goldens?
"""

from __future__ import annotations

import csv
import difflib
import re
from pathlib import Path

from scrubber import Cleaner, Result
from scrubber.model import KEPT

ROOT = Path(__file__).resolve().parent.parent
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
WIRE = ("001_41a8fdfbb5ce15d5", "002_628c3bb2abd4e9ed")
QUOTES = str.maketrans("‘’“”", "''\"\"")


def _read(name: str, part: str) -> str:
    """Return one file of a seed's case."""
    homes = [*ROOT.glob("fixtures/seeds/*"), *ROOT.glob("plugins/*/cases/*")]
    return next(home / part for home in homes if home.name.startswith(name)).read_text(encoding="utf-8")


def wanted(name: str, source: str) -> dict[tuple[int, int], str]:
    """Return the labelled stretches of a seed: start and end in the source, and the label."""
    starts = [0]
    for line in source.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    rows = csv.DictReader(_read(name, "labels.tsv").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {
        (starts[int(row["line"]) - 1] + int(row["start"]), starts[int(row["line"]) - 1] + int(row["end"])): row["label"]
        for row in rows
    }


def judge(result: Result, labels: dict[tuple[int, int], str]) -> tuple[int, int, int]:
    """Count stretches with the right label, stretches rightly kept or dropped, and article stretches lost."""
    got = {(line.start, line.end): line for line in result.lines}
    same = sum(stretch in got and got[stretch].label == label for stretch, label in labels.items())
    right = sum(stretch in got and got[stretch].kept == (label in KEPT) for stretch, label in labels.items())
    lost = sum(label in KEPT and not (stretch in got and got[stretch].kept) for stretch, label in labels.items())
    return same, right, lost


def likeness(first: str, second: str) -> float:
    """Return how alike two texts are, quotes folded, by their words: 0.0 to 1.0."""
    words = [re.findall(r"\w+|[^\w\s]", text.translate(QUOTES)) for text in (first, second)]
    return difflib.SequenceMatcher(None, *words, autojunk=False).ratio()


def main() -> None:
    """Print both tables."""
    print("| | exact texts | stretches | right label | rightly kept or dropped | article stretches lost |")
    print("|---|---|---|---|---|---|")
    for name, cleaner in (("with plugins", Cleaner()), ("without", Cleaner(bundled=False, installed=False))):
        results = {seed.stem: cleaner.clean(seed.read_bytes()) for seed in SEEDS}
        exact = sum(result.text == _read(stem, "expected.txt") for stem, result in results.items())
        labels = {seed.stem: wanted(seed.stem, seed.read_bytes().decode()) for seed in SEEDS}
        counts = [judge(results[stem], labels[stem]) for stem in results]
        total = sum(map(len, labels.values()))
        same, right, lost = map(sum, zip(*counts, strict=True))
        print(f"| {name} | {exact} of {len(SEEDS)} | {total} | {same / total:.1%} | {right / total:.1%} | {lost} |")
    cleaner = Cleaner()
    raw = [(ROOT / "seeds" / f"{name}.txt").read_text(encoding="utf-8") for name in WIRE]
    before, after = likeness(*raw), likeness(*(cleaner.clean(text).text for text in raw))
    goldens = likeness(*(_read(name, "expected.txt") for name in WIRE))
    print(f"\nWire test: {before:.4f} before, {after:.4f} after, goldens {goldens:.4f}, ratio {after / goldens:.4f}")


if __name__ == "__main__":
    main()
