"""Pages composed from an article and what sites put around it, with the true label of every line.

The stories in `stories/` are invented, one a language, each with the chrome of a site in that language.
Nothing here needs hypothesis: `strategies` draws from it, and a script may compose cases with it.
"""

from __future__ import annotations

import textwrap
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType
from typing import Any, NamedTuple

from scrubber.model import KEPT, Label, Result

WRAP_WIDTH = 80
"""Columns at which the `wrapped` flattening breaks lines."""

CHROME = MappingProxyType(
    {
        "menu": Label.NAVIGATION,
        "share": Label.NAVIGATION,
        "read_more": Label.NAVIGATION,
        "comment_form": Label.COMMENT_FORM,
        "comment_prompt": Label.COMMENT_FORM,
        "related": Label.HEADLINE_LIST,
        "stamped": Label.HEADLINE_LIST,
        "legal": Label.NON_CONTENT,
        "consent": Label.NON_CONTENT,
        "newsletter": Label.NON_CONTENT,
        "updated": Label.REPEATED_HEADER,
        "header": Label.REPEATED_HEADER,
        "captions": Label.CAPTION,
        "credits": Label.CAPTION,
        "bylines": Label.BYLINE,
        "sources": Label.SOURCE,
    }
)
"""Every kind of chrome, and the label of its lines."""

ABOVE = ("menu", "header", "consent")
"""Kinds that stand above the title."""

HEAD = ("bylines", "updated", "captions", "credits")
"""Kinds that stand between the title and the article."""

INSIDE = ("read_more",)
"""Kinds that interrupt the article."""

BELOW = ("sources", "share", "comment_prompt", "comment_form", "related", "stamped", "newsletter", "legal")
"""Kinds that stand below the article."""

WHOLE = ("comment_form",)
"""Kinds whose lines only make sense together."""

COUNTS = MappingProxyType(
    {"menu": (3, 8), "share": (2, 5), "legal": (1, 4), "consent": (1, 3), "comment_prompt": (1, 2)}
)
"""Least and greatest number of lines of a kind; one where it is not named."""

HEADLINES = (2, 6)
"""Least and greatest number of headlines in a list."""


class Flattening(StrEnum):
    """How a page was turned into lines."""

    SPACED = "spaced"  # a blank line after every line
    PACKED = "packed"  # no blank line at all
    BLOCKS = "blocks"  # a blank line after every block, such as a menu or a paragraph
    WRAPPED = "wrapped"  # spaced, and every line wrapped


class Written(NamedTuple):
    """One line of a page, as whoever composed it means it."""

    text: str
    label: Label


Block = tuple[Written, ...]
"""Lines that belong together: a paragraph, a menu, a form."""

Choose = Callable[[Sequence[str], int, int], Sequence[str]]
"""Some of the lines, each once: at least and at most so many, as far as there are."""


class Span(NamedTuple):
    """`source[start:end]` is one line of the page, rows that it was wrapped into included."""

    start: int
    end: int
    label: Label


@dataclass(frozen=True)
class ComposedPage:
    """A page with the truth about it.

    Attributes:
        blocks: its lines, in order, block by block.
        flattening: how they become one text.
    """

    blocks: tuple[Block, ...]
    flattening: Flattening = Flattening.SPACED

    @property
    def lines(self) -> tuple[Written, ...]:
        """Every line, in order."""
        return tuple(line for block in self.blocks for line in block)

    @cached_property
    def _laid_out(self) -> tuple[str, tuple[Span, ...]]:
        pieces: list[str] = []
        spans: list[Span] = []
        position = 0
        for block in self.blocks:
            for nth, line in enumerate(block, start=1):
                text = "\n".join(textwrap.wrap(line.text, WRAP_WIDTH)) if self._wrapped else line.text
                spans.append(Span(position, position + len(text), line.label))
                pieces.append(text + ("\n\n" if self._blank_after(nth == len(block)) else "\n"))
                position += len(pieces[-1])
        return "".join(pieces), tuple(spans)

    @property
    def _wrapped(self) -> bool:
        return self.flattening is Flattening.WRAPPED

    def _blank_after(self, last_of_block: bool) -> bool:
        spaced = self.flattening in {Flattening.SPACED, Flattening.WRAPPED}
        return spaced or (self.flattening is Flattening.BLOCKS and last_of_block)

    @property
    def source(self) -> str:
        """The page as text."""
        return self._laid_out[0]

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where each line stands in the source, with its label."""
        return self._laid_out[1]

    @property
    def article(self) -> str:
        """The lines that belong to the article, a blank line between them."""
        return "".join(f"{line.text}\n\n" for line in self.lines if line.label in KEPT)

    def verdicts(self, result: Result) -> list[tuple[Written, bool]]:
        """Return every line with whether most of its characters were kept."""
        kept = bytearray(len(self.source))
        for decision in result.lines:
            if decision.kept:
                kept[decision.start : decision.end] = b"\1" * (decision.end - decision.start)
        shares = [2 * kept.count(1, span.start, span.end) > span.end - span.start for span in self.spans]
        return list(zip(self.lines, shares, strict=True))

    def __repr__(self) -> str:
        """Show the page as a table of labels and lines, which is how a failure is read."""
        rows = [f"    {line.label:<16}{line.text}" for line in self.lines]
        return "\n".join([f"a page, {self.flattening}:", *rows])

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Let hypothesis print the same; by itself it spells out every field of a dataclass."""
        printer.text(repr(self))


@dataclass(frozen=True, eq=False)
class Story:
    """An invented article in one language, and the chrome of a site in it.

    Attributes:
        language: its code, such as `en`.
        title, lead, subheadings, sentences, short: the article; `sentences` in their order.
        chrome: for each kind of chrome the lines to choose from.
        headlines, stamps: of other articles.
    """

    language: str
    title: str
    lead: str
    subheadings: tuple[str, ...]
    sentences: tuple[str, ...]
    short: tuple[str, ...]
    headlines: tuple[str, ...]
    stamps: tuple[str, ...]
    chrome: Mapping[str, tuple[str, ...]]

    @property
    def separator(self) -> str:
        """What stands between two sentences of a paragraph."""
        return "" if self.language == "zh" else " "

    def paragraph(self, sentences: Iterable[str]) -> Block:
        """Return sentences as one paragraph."""
        return (Written(self.separator.join(sentences), Label.PARAGRAPH),)

    def block(self, kind: str, lines: Sequence[str]) -> Block:
        """Return lines as chrome of one kind: captions stand there twice, as an image's text and below it."""
        label = CHROME[kind]
        return tuple(Written(line, label) for line in lines for _ in range(2 if kind == "captions" else 1))

    def chrome_block(self, kind: str, choose: Choose) -> Block:
        """Return a block of chrome of one kind, of lines that `choose` takes."""
        lines = self.chrome[kind]
        if kind == "related":
            return self.block(kind, (*choose(lines, 1, 1), *choose(self.headlines, *HEADLINES)))
        if kind == "stamped":
            pairs = zip(lines, self.headlines, strict=False)
            return self.block(kind, [line for pair in pairs for line in pair])
        return self.block(kind, lines if kind in WHOLE else choose(lines, *COUNTS.get(kind, (1, 1))))


@cache
def stories() -> Mapping[str, Story]:
    """Return every story by its language."""
    found = sorted(
        path.name for path in files(__package__).joinpath("stories").iterdir() if path.name.endswith(".toml")
    )
    return MappingProxyType({name.removesuffix(".toml"): _read_story(name) for name in found})


def _read_story(name: str) -> Story:
    data = tomllib.loads(files(__package__).joinpath("stories", name).read_text(encoding="utf-8"))
    lists = {key: tuple(value) for key, value in data.items() if isinstance(value, list)}
    own = ("subheadings", "sentences", "short", "headlines", "stamps")
    chrome = {kind: lists[kind] for kind in CHROME if kind in lists}
    return Story(
        language=name.removesuffix(".toml"),
        title=data["title"],
        lead=data["lead"],
        chrome=MappingProxyType({**chrome, "stamped": lists["stamps"]}),
        **{key: lists[key] for key in own},
    )
