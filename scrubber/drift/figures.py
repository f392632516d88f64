"""What is counted on a page: a few numbers that stay near their mean while a site keeps its design."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Set as AbstractSet

from scrubber.model import BLANK, Decision, Result

RECURRING = "recurring lines"
LINE_CHARS = 80
"""Characters of a line that it is recognised by."""

_DIGITS = re.compile(r"\d+")


def figures_of(result: Result) -> dict[str, float]:
    """Return the figures of a page by name; one that is not there is 0.

    Shares are from 0 to 1: the part of the page's characters that is kept, its confidence, for each label the part of
    its lines. `kept length` and `lines` are in doublings (log2 of one more). A rule is 1 where it has a say in a line.
    """
    lines = [decision for decision in result.lines if decision.label != BLANK]
    quality = result.quality
    figures = {
        "kept share": quality.kept_share,
        "confidence": quality.confidence,
        "kept length": math.log2(1 + len(result.text)),
        "lines": math.log2(1 + len(lines)),
    }
    labels = Counter(str(decision.label) for decision in lines)
    figures |= {f"label {label}": count / len(lines) for label, count in labels.items()}
    return figures | {f"rule {rule}": 1.0 for rule in _rules(lines)}


def recurring_share(shapes: AbstractSet[str], recurring: AbstractSet[str]) -> dict[str, float]:
    """Return the figure of how many of the lines that recur on a site a page shows; none where none recurs."""
    return {RECURRING: len(recurring & shapes) / len(recurring)} if recurring else {}


def shapes_of(result: Result) -> frozenset[str]:
    """Return the lines of a page by which a site is recognised: cut, folded, each number a 0."""
    texts = (decision.text for decision in result.lines if decision.label != BLANK)
    return frozenset(_DIGITS.sub("0", " ".join(text.casefold().split()))[:LINE_CHARS] for text in texts)


def _rules(lines: list[Decision]) -> set[str]:
    return {one.rule for decision in lines for one in (*decision.evidence, *decision.overruled)}
