"""One cleaned page as a row of the output, and what is counted of it."""

from __future__ import annotations

from typing import Any

from scrubber.corpus.entries import Entry
from scrubber.corpus.pieces import digest
from scrubber.corpus.settings import Settings
from scrubber.model import Result


def row_of(entry: Entry, result: Result, source: str, settings: Settings) -> dict[str, Any]:
    """Return what is written of a page: its own fields untouched, the article, and under one name all else."""
    fields = settings.fields
    report = {"source": source, "place": entry.place, **report_of(result)}
    if settings.sidecar:
        page = {"digest": digest(result.page_text), "removed": removed_with_text(result)}
        return {**_names(entry, settings), fields.report: {**report, **page}}
    own = entry.page.meta if entry.page else {}
    return {**own, fields.text: result.text, fields.report: {**report, "removed": removed(result)}}


def _names(entry: Entry, settings: Settings) -> dict[str, Any]:
    own = entry.page.meta if entry.page else {}
    return {name: own[name] for name in (settings.fields.id, settings.fields.url) if name in own}


def report_of(result: Result) -> dict[str, Any]:
    """Return what a result says of a page beside the text and what was removed."""
    quality = result.quality
    return {
        "title": result.title,
        "byline": result.byline,
        "date": result.date,
        "origin": result.source,
        "captions": list(result.captions),
        "language": result.language,
        "encoding": result.encoding,
        "flags": list(result.flags),
        "sites": [site for site, _ in result.sites],
        "repairs": sorted({repair.step for repair in result.repairs}),
        "kept_share": round(quality.kept_share, 4),
        "confidence": round(quality.confidence, 4),
        "expected_f1": quality.expected_f1,
        "length": len(result.page_text),
    }


def removed(result: Result) -> list[dict[str, Any]]:
    """Return the stretches of the decoded page that are not in the text."""
    return [{"start": one.start, "end": one.end, "label": str(one.label), "rule": one.rule} for one in result.removed]


def removed_with_text(result: Result) -> list[dict[str, Any]]:
    """Return the same with the text of each, from which the page can be put together again."""
    text = result.page_text
    return [{**one, "text": text[one["start"] : one["end"]]} for one in removed(result)]
