"""What the HTML says of each line of its flattened text: targets for training, never an input.

A network that reads only text learns more about lines when it must also guess from the text how
much of a line was a link, and whether it stood in a menu, a heading or a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from scrubber.model import HEADING_RANKS
from scrubber.tagger.train.flatten import BLOCKS, INVISIBLE, decode, visible, walk

REGIONS = frozenset({"nav", "header", "footer", "aside", "form"})
NAMED = HEADING_RANKS.keys() | {"li", "p", "figcaption", "blockquote", "pre", "td", "th"}
BULLETS = re.compile(r"^(?:[•◦▪*-]|\d{1,3}\.)\s+")


class Evidence(NamedTuple):
    """`tag`: nearest telling element. `linked`: share of characters in links. `region`: whether it is in `REGIONS`."""

    tag: str
    linked: float
    region: bool


def evidence(html: bytes | str) -> dict[str, Evidence]:
    """Return the evidence of each distinct line of the page's block-wise flattening; its first occurrence counts."""
    text = decode(html) if isinstance(html, bytes) else html
    found: dict[str, Evidence] = {}
    for line, seen in annotated(text):
        found.setdefault(line, seen)
    return found


def look_up(found: dict[str, Evidence], line: str) -> Evidence | None:
    """The evidence of a line however it was flattened, its bullet left aside; None when the line is another's cut."""
    return found.get(line) or found.get(BULLETS.sub("", line))


def annotated(html: str) -> Iterator[tuple[str, Evidence]]:
    """Yield each line of the block-wise flattening with its evidence."""
    stack: list[str] = []
    parts: list[str] = []
    linked = 0
    for kind, value in visible(walk(html), INVISIBLE):
        if kind == "text":
            parts.append(value)
            linked += len(value.strip()) if "a" in stack else 0
            continue
        if value in BLOCKS:
            line = " ".join("".join(parts).split())
            if line:
                yield line, describe(stack, linked / len(line))
            parts, linked = [], 0
        if kind == "open":
            stack.append(value)
        elif value in stack:
            while stack.pop() != value:
                pass


def describe(stack: list[str], linked: float) -> Evidence:
    """The evidence of a line that ends below the open elements in `stack`."""
    tag = next((name for name in reversed(stack) if name in NAMED), "")
    return Evidence(tag, min(linked, 1.0), not REGIONS.isdisjoint(stack))
