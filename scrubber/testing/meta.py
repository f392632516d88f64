"""meta.toml: what is known of a case's page, how its expectation came to be, and further demands."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path, PurePosixPath, PureWindowsPath
from types import UnionType
from typing import Any

from scrubber.sites.matching import names_host
from scrubber.testing.reading import CaseError, nearest, read_text

FORMAT = 1
"""The version of the folder's layout. A change of meaning raises it, so that old cases fail by name."""

COMPOSED = "composed"
"""The provenance of a page that was composed together with its true text and labels."""

PROVENANCES = ("recorded", "checked", COMPOSED)
FIELDS = ("title", "byline", "date", "source", "captions", "language", "site_name", "flags", "encoding")
"""The fields of a result that a case may pin."""

SCORES = ("exact", "kept", "words", "stretches", "labels")
"""What a floor can be set on; see `scrubber.testing.checks.scores`."""

LABEL_SCORES = frozenset({"stretches", "labels"})
"""Scores that only a labelled case has."""

ERRORS = ("BadContainer", "BinaryInput", "InputTooLarge")
"""The errors that cleaning a page may end in."""

OF_TEXTS = ("must", "must_not", "fields", "floors")
"""Demands on a result, of which a page that can't be cleaned has none."""

KEYS: Mapping[str, type | UnionType] = {
    "format": int,
    "input": str,
    "url": str,
    "content_type": str,
    "source": str,
    "date": date,
    "provenance": str,
    "checked_by": str,
    "checked_on": date,
    "must": list,
    "must_not": list,
    "fields": dict,
    "floors": dict,
    "raises": str,
    "sites": bool,
    "xfail": str | dict,
}
REQUIRED = ("format", "source", "date", "provenance")


def read_meta(path: Path) -> dict[str, Any]:
    """Read meta.toml.

    Raises:
        CaseError: it is not valid, or demands what can't be checked; the message names the key.
    """
    try:
        meta = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise CaseError(f"{path}: is not valid TOML: {error}") from error
    for key, value in meta.items():
        if key not in KEYS:
            raise CaseError(f"{path}: unknown key “{key}”. {nearest(key, KEYS)}")
        if not _is_of(KEYS[key], value):
            raise CaseError(f"{path}: “{key}” has the wrong type ({type(value).__name__}).")
        if isinstance(value, str) and not value.strip():
            raise CaseError(f"{path}: “{key}” is empty.")
    for problem in _problems(meta):
        raise CaseError(f"{path}: {problem}")
    return meta


def _is_of(kind: type | UnionType, value: object) -> bool:
    """Tell whether a value is of a kind; to Python, a time is a date too, and `true` a number."""
    return isinstance(value, kind) and not isinstance(value, datetime) and (kind is bool) == isinstance(value, bool)


def _problems(meta: Mapping[str, Any]) -> Iterator[str]:
    for key in REQUIRED:
        if key not in meta:
            yield f"has no `{key}`. Every case says its {', '.join(REQUIRED)}."
    if meta["format"] != FORMAT:
        yield f"has format {meta['format']}; this version reads format {FORMAT}."
    if meta["provenance"] not in PROVENANCES:
        yield f"provenance is one of {' or '.join(PROVENANCES)}, not “{meta['provenance']}”."
    yield from _problems_of_checks(meta)
    yield from _problems_of_page(meta)
    yield from _problems_of_demands(meta)
    xfail = meta.get("xfail", "-")
    reasons = xfail.values() if isinstance(xfail, dict) else [xfail]
    if not all(isinstance(reason, str) and reason for reason in reasons):
        yield "`xfail` gives the reason of a known failure, or a table of reasons by aspect."


def _problems_of_checks(meta: Mapping[str, Any]) -> Iterator[str]:
    given = [key for key in ("checked_by", "checked_on") if key in meta]
    if meta["provenance"] != "checked":
        yield from (f"`{key}` goes with provenance “checked”, and only with it." for key in given)
    elif len(given) != 2:  # noqa: PLR2004 - both
        yield "provenance “checked” needs `checked_by` and `checked_on`: who or how, and the day."
    elif meta["checked_on"] < meta["date"]:
        yield f"was checked on {meta['checked_on']}, before the day that the page is from ({meta['date']})."


def _problems_of_page(meta: Mapping[str, Any]) -> Iterator[str]:
    if "url" in meta and not names_host(meta["url"]):
        yield f"`url`: “{meta['url']}” names no host. Write it like https://paper.example/news/1"
    if any(path(meta.get("input", "")).is_absolute() for path in (PurePosixPath, PureWindowsPath)):
        yield f"`input` is a path that begins at the folder of the case, not “{meta['input']}”."
    if "raises" in meta and meta["raises"] not in ERRORS:
        yield f"`raises`: “{meta['raises']}” is no error of cleaning. {nearest(meta['raises'], ERRORS)}"


def _problems_of_demands(meta: Mapping[str, Any]) -> Iterator[str]:
    """Yield demands that nothing can meet, and those that would be met by anything."""
    for key in OF_TEXTS if "raises" in meta else ():
        if key in meta:
            yield f"`{key}` speaks of a text, and a page that `raises` has none."
    for table, known in (("fields", FIELDS), ("floors", SCORES)):
        for key in meta.get(table, {}):
            if key not in known:
                yield f"unknown key “{key}” in [{table}]. {nearest(key, known)}"
    for key in ("must", "must_not"):
        if not all(isinstance(snippet, str) and snippet for snippet in meta.get(key, ())):
            yield f"`{key}` is a list of texts that are not empty."
    for name, floor in meta.get("floors", {}).items():
        if type(floor) not in {int, float} or not 0 <= floor <= 1:
            yield f"the floor of `{name}` is no number from 0.0 to 1.0."
