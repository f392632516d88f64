"""Families of hostile text: each makes a page of about `size` characters that has broken some tool.

Time must grow with the size and no faster. `growth_exponent` measures it; `benchmarks/hostile_text.py`
prints a table of all families.
"""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeVar

ARTICLE = "The council of Vellmar closed the old bridge over the Irre on Monday after divers had found cracks in it."
"""A sentence that stands below the hostile part of some families, and must still be there."""

MEASURE_SECONDS = 0.01
"""Seconds of processor time under which one run is repeated: shorter ones measure the clock."""

ENOUGH_SECONDS = 1.0
"""Seconds from which a run is not repeated: noise no longer matters, waiting does."""

T = TypeVar("T")
Family = Callable[[int], str]


def repeated(unit: str) -> Family:
    """Return the family of one unit over and over, without a line end of its own."""
    return lambda size: (unit * (size // len(unit) + 1))[:size]


def rows(*lines: str) -> Family:
    """Return the family of some lines over and over."""
    return repeated("".join(f"{line}\n" for line in lines))


def numbered(line: str) -> Family:
    """Return the family of one line that differs by a number each time it stands there."""
    return lambda size: "".join(line.format(number) + "\n" for number in range(size // len(line) + 1))


def _wrapped(size: int) -> str:
    words = ["valley", "bridge", "of", "the", "old", "council", "a", "divers"]
    row = " ".join(words[number % 8] for number in range(12))[:78].rstrip()
    return f"{row}\n" * (size // (len(row) + 1) + 1)


def _copies_of_the_title(size: int) -> str:
    title = "Vellmar closes its old bridge until the spring"
    copies = (f"{title}\n" for _ in range(size // (len(title) + 1)))
    return f"{title}\n\n{ARTICLE}\n\n" + "".join(copies)


FAMILIES: Mapping[str, Family] = MappingProxyType(
    {
        "one-line": repeated("word "),
        "one-word": repeated("word"),
        "sentences-on-one-line": repeated(f"{ARTICLE} "),
        "blank-lines": repeated("\n"),
        "crlf-lines": repeated("\r\n"),
        "next-lines": repeated("row\u0085"),
        "line-separators": repeated("row\u2028"),
        "form-feeds": repeated("\x0c"),
        "identical-lines": rows("word"),
        "identical-sentences": rows(ARTICLE),
        "shortest-sentences": rows("A b c d e f g h."),
        "distinct-lines": numbered("line number {} of the page"),
        "distinct-sentences": numbered("The council of Vellmar met for the {}th time to speak about the bridge."),
        "wrapped-rows": _wrapped,
        "title-copies": _copies_of_the_title,
        "twin-lines": lambda size: "".join(f"The old mill {n}\nThe old mill {n}\n" for n in range(size // 34 + 1)),
        "form-fields": rows("Name", "E-mail", "Comment"),
        "stamps": rows("14:34 Sunday 18 September", "Ferry company orders three new boats"),
        "related-headings": rows("Related articles"),
        "related-headlines": lambda size: "Related articles\n" + rows("Ferry company orders three new boats")(size),
        "menu-entries": rows("Home", "Sport", "Contact us"),
        "networks": repeated("Facebook Twitter Rss "),
        "separators": repeated("Home | Sport > News \u00bb "),
        "agencies": rows("Reuters", "AFP"),
        "spaces": repeated(" "),
        "spaces-then-letter": lambda size: " " * size + "a",
        "no-break-spaces": repeated("\u00a0"),
        "tabs": repeated("\t"),
        "mixed-blanks": repeated("a \u00a0\t"),
        "dashes": repeated("-"),
        "dots": repeated("."),
        "exclamations": lambda size: "a" * size + "!",
        "quotes": repeated("\u201d"),
        "less-than": repeated("<"),
        "at-signs": repeated("a@"),
        "digits": repeated("0"),
        "telephones": repeated("555 0199 / "),
        "entities": repeated("&amp;"),
        "nul-characters": repeated("a\0"),
        "lone-surrogates": repeated("\ud83d"),
        "surrogate-pairs": repeated("\ud83d\ude00"),
        "byte-order-marks": repeated("a\ufeff"),
        "zero-width": repeated("\u200b"),
        "joiners": repeated("\u200d"),
        "soft-hyphens": repeated("a\u00ad"),
        "bidi-controls": repeated("\u202e\u2066"),
        "combining-marks": repeated("\u0301"),
        "unsorted-marks": repeated("\u0301\u0323"),
        "marked-letters": repeated("e\u0301"),
        "escape-codes": repeated("\x1b[31m"),
        "mojibake": repeated("\u00e2\u20ac\u2122s "),
        "mojibake-run": repeated("\u00c3"),
        "mojibake-layers": repeated("\u00c3\u0192\u00c2\u00a9"),
        "mojibake-lines": rows("It\u00e2\u20ac\u2122s the mayor\u00e2\u20ac\u2122s bridge"),
        "c1-controls": repeated("\x85\x93"),
        "chinese": repeated("\u6f5c\u6c34\u5458\u5728\u65e7\u6865"),
        "arabic": rows("\u0623\u063a\u0644\u0642 \u0645\u062c\u0644\u0633 \u0628\u0644\u062f\u0629"),
        "replacement": repeated("\ufffd"),
    }
)
"""Every family by its name."""


def growth_exponent(
    run: Callable[[T], object], family: Callable[[int], T], sizes: Sequence[int], *, repeat: int = 3, floor: float = 0.0
) -> float:
    """Return the exponent with which time grows over the sizes: 1.0 is linear, 2.0 quadratic.

    The best of some runs in processor time is taken for each size, so that a busy machine does not
    count, and the slope is that between the smallest and the largest size. Where the largest takes no
    longer than `floor` seconds, it is 0.0: what is over at once can't be measured, and need not be.
    """
    pages = [family(size) for size in sizes]
    run(pages[0])  # what is loaded once does not count
    if floor and _quick(run, pages[-1], floor):
        return 0.0
    times = [best_time(run, page, repeat) for page in pages]
    return math.log(times[-1] / times[0]) / math.log(sizes[-1] / sizes[0])


def best_time(run: Callable[[T], object], page: T, repeat: int = 3) -> float:
    """Return the least processor time of some runs, in seconds, the collector of garbage at rest."""
    best = _time(run, page)
    for _ in range(repeat - 1 if best < ENOUGH_SECONDS else 0):
        best = min(best, _time(run, page))
    return best


def _quick(run: Callable[[T], object], page: T, limit: float) -> bool:
    start = time.process_time()
    run(page)
    return time.process_time() - start <= limit


def _time(run: Callable[[T], object], page: T) -> float:
    gc.disable()
    try:
        rounds, start = 0, time.process_time()
        while not rounds or time.process_time() - start < MEASURE_SECONDS:
            run(page)
            rounds += 1
        return (time.process_time() - start) / rounds
    finally:
        gc.enable()
