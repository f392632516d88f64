"""The composed corpus: invented articles with what sites put around them, as cases with their true labels.

    python -m scrubber.testing.compose fixtures/composed

writes a case for every language and every kind of chrome, and some for whole pages and bare articles, in
the encodings and the ways of flattening in turn. The same bytes come out each time: what varies from case to case
is drawn from its name. No expectation comes from cleaning: text and labels are those that the page was composed of.
"""

from __future__ import annotations

import codecs
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from scrubber.model import BLANK, KEPT, Decision, Label
from scrubber.testing.cases import EXPECTED_FILE, LABELS_FILE, META_FILE
from scrubber.testing.composed import (
    ABOVE,
    BELOW,
    CHROME,
    HEAD,
    INSIDE,
    Block,
    ComposedPage,
    Flattening,
    Span,
    Story,
    Written,
    stories,
)
from scrubber.testing.damage import mojibake
from scrubber.testing.rows import rows_of, write_rows

INPUT = "input.txt"

COMPANY = ("menu", "share", "legal")
"""Kinds that stand on every page beside the one it is about: a page with one foreign line may well keep it."""

CHANCE = 0.3
"""Chance of every other kind to stand on a page, of a lead, of a sub-heading, and of a short last sentence."""

PARAGRAPHS = 5
"""Paragraphs of the longest article; three is the least."""

PARAGRAPH_SENTENCES = 3
"""Sentences of the longest paragraph."""

PAGES = MappingProxyType({"article": (), "everything": tuple(CHROME)})
"""Pages that are about no single kind: what stands on them."""

ARTICLE_FLATTENINGS = (Flattening.SPACED, Flattening.WRAPPED)
"""How bare articles are flattened; between paragraphs alone the others are like the first."""

OWN_ENCODINGS = MappingProxyType({"ar": "windows-1256", "ru": "windows-1251", "zh": "gb18030"})
"""The encoding that a language had before Unicode; windows-1252 where it is not named."""

STRIDE = 9
"""From one kind of chrome to the next, so many of the twenty ways to save a page are passed over: both the encoding and
the flattening change, and no way comes twice for a language."""

T = TypeVar("T")


class Saved(NamedTuple):
    """How a page becomes bytes, behind a mark; `misread` is what reading them gives in place of the page."""

    codec: str
    mark: bytes = b""
    misread: Callable[[str], str] = str


UNICODE = MappingProxyType(
    {
        "utf-8": Saved("utf-8"),
        "utf-8-mark": Saved("utf-8", codecs.BOM_UTF8),
        "utf-16": Saved("utf-16-le", codecs.BOM_UTF16_LE),
        "mojibake": Saved("utf-8", misread=mojibake),
    }
)


class Recipe(NamedTuple):
    """What a case is composed of; `about` is a kind of chrome or a key of `PAGES`."""

    language: str
    about: str
    encoding: str
    flattening: Flattening

    @property
    def name(self) -> str:
        """The name of the case."""
        return "-".join(self).replace("_", "-")

    @property
    def saved(self) -> Saved:
        """How it becomes bytes."""
        return UNICODE.get(self.encoding, Saved(self.encoding))


def recipes() -> Iterator[Recipe]:
    """Yield the recipe of every case."""
    for start, language in enumerate(sorted(stories())):
        encodings = (*UNICODE, OWN_ENCODINGS.get(language, "windows-1252"))
        ways = list(product(encodings, Flattening))
        for nth, kind in enumerate(CHROME):
            yield Recipe(language, kind, *ways[(start + nth * STRIDE) % len(ways)])
        for flattening in Flattening:
            yield Recipe(language, "everything", "utf-8", flattening)
        for flattening in ARTICLE_FLATTENINGS:
            yield Recipe(language, "article", encodings[-1], flattening)


# --- a page -----------------------------------------------------------------------------------------


def compose(recipe: Recipe) -> ComposedPage:
    """Return the page of a recipe."""
    story, chance = stories()[recipe.language], Random(recipe.name)

    def chrome_at(place: Sequence[str]) -> list[Block]:
        shown = [kind for kind in place if _shown(kind, recipe.about, chance)]
        return [story.chrome_block(kind, lambda *wanted: _some(chance, *wanted)) for kind in shown]

    parts = [*chrome_at(ABOVE)]
    if recipe.about != "article":
        parts.append((Written(story.title, Label.TITLE),))
        parts += [(Written(story.lead, Label.STANDFIRST),)] if chance.random() < CHANCE else []
    parts += chrome_at(HEAD)
    body = _body(story, chance)
    parts += [*body[:2], *chrome_at(INSIDE), *body[2:], *chrome_at(BELOW)]
    return ComposedPage(tuple(parts), recipe.flattening)


def _shown(kind: str, about: str, chance: Random) -> bool:
    if about in PAGES:
        return kind in PAGES[about]
    return kind in {about, *COMPANY} or chance.random() < CHANCE


def _body(story: Story, chance: Random) -> list[Block]:
    blocks: list[Block] = []
    headings, sentences = iter(story.subheadings), list(story.sentences)
    for _ in range(_whole(chance, 3, PARAGRAPHS)):
        size = _whole(chance, 1, PARAGRAPH_SENTENCES)
        taken, sentences = sentences[:size], sentences[size:]
        if not taken:
            break
        if blocks and chance.random() < CHANCE and (heading := next(headings, None)):
            blocks.append((Written(heading, Label.SUBHEADING),))
        blocks.append(story.paragraph(taken))
    if chance.random() < CHANCE:
        blocks.append(story.paragraph(story.short[:1]))
    return blocks


def _whole(chance: Random, least: int, most: int) -> int:
    """Return a whole number; of all methods only `random` gives the same in every version of Python."""
    return least + int(chance.random() * (most - least + 1))


def _some(chance: Random, lines: Sequence[T], least: int, most: int) -> list[T]:
    left = list(lines)
    count = _whole(chance, min(least, len(left)), min(most, len(left)))
    return [left.pop(_whole(chance, 0, len(left) - 1)) for _ in range(count)]


# --- its files --------------------------------------------------------------------------------------


def case_files(recipe: Recipe) -> Mapping[str, bytes]:
    """Return the files of a case by their names."""
    page, saved = compose(recipe), recipe.saved
    source = saved.misread(page.source)
    truth = _tiled(_moved(span, page.source, saved) for span in page.spans)
    article = [line.text for line in page.lines if line.label in KEPT]
    contents = {
        EXPECTED_FILE: "\n\n".join(article) + "\n",
        LABELS_FILE: write_rows(rows_of(source, truth)),
        META_FILE: _meta(recipe),
    }
    return {INPUT: saved.mark + source.encode(saved.codec), **{name: text.encode() for name, text in contents.items()}}


def _moved(span: Span, source: str, saved: Saved) -> Span:
    """Return where a span of the page lies in what is read of it."""
    return Span(len(saved.misread(source[: span.start])), len(saved.misread(source[: span.end])), span.label)


def _tiled(spans: Iterable[Span]) -> Iterator[Decision]:
    """Yield the spans of a page as decisions, with blank ones between them."""
    position = 0
    for start, end, label in spans:
        if start > position:
            yield Decision(position, start, "", BLANK, False, 1.0)
        yield Decision(start, end, "", label, label in KEPT, 1.0)
        position = end


def _meta(recipe: Recipe) -> str:
    what = recipe.about.replace("_", " ")
    lines = [
        "format = 1",
        f'source = "composed by scrubber.testing.compose: {what}, in {recipe.language}"',
        "date = 2021-05-12",
        'provenance = "composed"',
    ]
    return "\n".join(lines) + "\n"


def all_files() -> dict[Path, bytes]:
    """Return every file of the corpus by its path in it."""
    return {Path(recipe.name, name): content for recipe in recipes() for name, content in case_files(recipe).items()}


def main(arguments: Sequence[str]) -> int:
    """Write the corpus into a folder; exit code 2 for a wrong call.

    What was noted at the end of a `meta.toml`, a known failure, stays there.
    """
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m scrubber.testing.compose FOLDER\n")
        return 2
    for name, content in all_files().items():
        path = Path(arguments[0], name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not (path.exists() and path.name == META_FILE and path.read_bytes().startswith(content)):
            path.write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
