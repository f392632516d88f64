"""Silver labels: what two extractors that see the HTML agree on, for pages without a reference."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import trafilatura
from resiliparse.extract.html2text import extract_plain_text

from scrubber.tagger.train import scores
from scrubber.tagger.train.align import HALF, Floats, shares

TRUSTED = 0.6  # word F1 of the two extractors below which a page teaches nothing
DOUBTED = 0.3  # weight of a line on which they differ, relative to one on which they agree
SNIPPET_WEIGHT = 3.0  # weight of a line that a person marked, relative to one that extractors agree on


class Silver:
    """The two extractors' texts of one page and how much they agree."""

    def __init__(self, html: str) -> None:
        """Extract a page's text both ways."""
        self.first = trafilatura.extract(html, include_comments=False, include_tables=True) or ""
        self.second = str(extract_plain_text(html, main_content=True))
        self.agreement = scores.word_f1(self.first, self.second)

    def targets(self, lines: Sequence[str]) -> tuple[Floats, Floats]:
        """Return for each line how much of it is the article's, 0 to 1, and the weight of that judgement."""
        first, second = shares(lines, self.first), shares(lines, self.second)
        agreed = (first > HALF) == (second > HALF)
        weights = np.where(agreed, 1.0, DOUBTED) * (self.agreement >= TRUSTED)
        return first, weights.astype(np.float32)


def mark(lines: Sequence[str], keep: Floats, weights: Floats, wanted: Sequence[str], unwanted: Sequence[str]) -> None:
    """Write what a person marked over the silver labels: lines that hold a wanted or an unwanted snippet."""
    for target, snippets in ((0.0, unwanted), (1.0, wanted)):
        for snippet in (" ".join(snippet.split()) for snippet in snippets):
            for index, line in enumerate(lines):
                if snippet and snippet in line:
                    keep[index] = target
                    weights[index] = SNIPPET_WEIGHT
