"""Numbers of lines as an editor counts them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import groupby

from scrubber.model import Decision

LINE_END = re.compile("\r\n|[\n\r]")


def line_numbers(source: str, decisions: Iterable[Decision]) -> list[int]:
    """Return for each decision the number of the line that it begins on, from 1."""
    starts = [match.end() for match in LINE_END.finditer(source)]
    return [bisect_right(starts, decision.start) + 1 for decision in decisions]


def name_lines(numbers: Sequence[int]) -> str:
    """Return numbers of lines in words, runs of them as ranges.

    >>> name_lines([3]), name_lines([3, 4, 5, 9])
    ('line 3', 'lines 3-5, 9')
    """
    found = sorted(set(numbers))
    runs = [list(run) for _, run in groupby(enumerate(found), lambda pair: pair[1] - pair[0])]
    ranges = [f"{run[0][1]}-{run[-1][1]}" if len(run) > 1 else str(run[0][1]) for run in runs]
    return f"line{'s' if len(found) > 1 else ''} {', '.join(ranges)}"
