"""Made-up pages as HTML: every line in an element of its own, named as the site's design names such blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from random import Random

from scrubber.testing.composed import Block

ARTICLE = frozenset({"paragraph", "subheading"})
"""Kinds that stand in the article's element, with all that stands between them."""

LINKS = frozenset({"menu", "footer", "related", "popular", "stamped", "share", "tags", "trail"})
"""Kinds whose lines are links."""


@dataclass(frozen=True)
class Skin:
    """How a design writes its blocks: `semantic` elements or none but div, and what its class names begin with."""

    prefix: str
    semantic: bool

    @classmethod
    def draw(cls, random: Random) -> Skin:
        """Draw a skin."""
        letters = "".join(random.choice("abcdefghkmnpqrstuvwxyz") for _ in range(3))
        return cls(letters, random.choice([True, False]))

    def block(self, kind: str, lines: Sequence[str]) -> str:
        """Return a block of lines as an element."""
        name = f"{self.prefix}-{kind.replace('_', '-')}"
        if kind == "title":
            return f'<h1 class="{name}">{escape(lines[0])}</h1>'
        if kind in ARTICLE:
            tag = ("h2" if kind == "subheading" else "p") if self.semantic else "div"
            return "\n".join(f'<{tag} class="{name}">{escape(line)}</{tag}>' for line in lines)
        inner = "\n".join(self._line(kind, line) for line in lines)
        outer = "ul" if self.semantic and kind in LINKS else "div"
        return f'<{outer} class="{name}">\n{inner}\n</{outer}>'

    def _line(self, kind: str, line: str) -> str:
        text = f'<a href="/{len(line)}">{escape(line)}</a>' if kind in LINKS else escape(line)
        if not self.semantic:
            return f"<div>{text}</div>"
        return f"<li>{text}</li>" if kind in LINKS else f"<p>{text}</p>"


def to_html(blocks: Sequence[tuple[str, Block]], title: str, language: str, skin: Skin) -> str:
    """Return blocks as a page: those from the first of the article to the last in one element."""
    places = [index for index, (kind, _) in enumerate(blocks) if kind in ARTICLE]
    first, last = (places[0], places[-1]) if places else (0, -1)
    tag = "article" if skin.semantic else "div"
    rows = [
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head><meta charset="utf-8"><title>{escape(title)}</title></head>',
        "<body>",
    ]
    for index, (kind, block) in enumerate(blocks):
        if index == first and places:
            rows.append(f'<{tag} class="{skin.prefix}-body">')
        rows.append(skin.block(kind, [line.text for line in block]))
        if index == last:
            rows.append(f"</{tag}>")
    return "\n".join([*rows, "</body>", "</html>", ""])
