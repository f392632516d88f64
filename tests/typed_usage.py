"""How the public names are used, checked by mypy and never run: what does not type here breaks somebody's code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import scrubber
from scrubber import (
    Cleaner,
    Detector,
    Document,
    Evidence,
    Label,
    Page,
    Result,
    ScrubberError,
    Site,
    clean,
    detector,
    hookimpl,
)
from scrubber.errors import BinaryInput, InputTooLarge, PluginError
from scrubber.integrations.batch import Fields, clean_records
from scrubber.model import Decision, Line


@detector("shouting")
def shouting(document: Document) -> Iterator[Evidence]:
    """A line in capitals."""
    for index, text in enumerate(document.texts):
        if text.isupper():
            yield Evidence(index, Label.NAVIGATION, 4.0, "shouting", "in capitals")


class Paper(Site):
    """One paper."""

    name = "paper"
    hosts = ("paper.example",)

    def find(self, document: Document) -> Iterable[Evidence]:
        """Drop the first line."""
        return [Evidence(0, Label.REPEATED_HEADER, 8.0, "paper/name", "the paper's name")]


class Plugin:
    """Offers both."""

    @hookimpl
    def register_detectors(self) -> list[Detector]:
        """Offer the detector."""
        return [shouting]

    @hookimpl
    def register_sites(self) -> list[Site]:
        """Offer the site."""
        return [Paper()]


def use(cleaner: Cleaner) -> str:
    """Read every part of a result."""
    result: Result = cleaner.clean(b"bytes", url="https://paper.example/1", content_type="text/plain")
    pages: Iterator[Result] = cleaner.clean_many([Page("text"), Page(b"bytes", url=None, id="1", meta={"a": 1})])
    answers: Iterator[Result | ScrubberError] = cleaner.try_many(["text", b"bytes"])
    first: Result | ScrubberError = next(answers)
    text: str = str(first) if isinstance(first, ScrubberError) else first.text
    decision: Decision = next(pages).lines[0]
    kept: bool = decision.kept
    evidence: tuple[Evidence, ...] = decision.evidence
    title: str | None = result.title
    captions: tuple[str, ...] = result.captions
    line: Line = Line("text", 0, 4)
    share: float = result.quality.kept_share
    fields: dict[str, object] = result.to_dict()
    lists = f"{evidence}{captions}{result.flags}{fields}"
    return f"{text}{kept}{title}{line.text}{share}{lists}{result.to_json(indent=1)}"


def batch(records: list[dict[str, object]]) -> list[str | None]:
    """Clean records with fields of their own."""
    fields = Fields(html="body", url="link", out=("text", "flags"), prefix="clean_")
    cleaned: Iterator[dict[str, Any]] = clean_records(records, fields, cleaner=Cleaner())
    return [record["clean_error"] for record in cleaned]


def fail(content: bytes | str) -> str:
    """Catch what cleaning raises."""
    try:
        return clean(content, url=None, content_type=None).text
    except (BinaryInput, InputTooLarge, PluginError) as error:
        problem: ScrubberError = error
        return f"{problem} in {scrubber.__version__}"


use(Cleaner(plugins=[Plugin()], plugin_folders=["sites"], bundled=False, installed=False, keep=["byline"], drop=[]))
