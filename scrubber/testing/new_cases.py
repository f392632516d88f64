"""Cases for a new site: a short, a middling and a long page of it, with what cleaning makes of them, as recorded."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from scrubber.errors import ScrubberError
from scrubber.model import Page
from scrubber.pipeline import Cleaner
from scrubber.segment.html import is_html
from scrubber.sites.matching import host_of
from scrubber.testing.accept import accept
from scrubber.testing.cases import META_FILE, SITE_CASES
from scrubber.testing.meta import FORMAT
from scrubber.testing.reading import CaseError

SIZES = ("short", "middling", "long")
"""What the cases are called; one is made of a page at each of the quarters of all pages by length."""

MOST_PAGES = 60
"""Pages that cases are chosen from, the first ones."""

MOST_CHARS = 200_000
"""Bytes or characters of a page that makes a case: cases are read by people."""


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case that was made: its place in the site's folder, where its page is from, and what to look at in it."""

    place: Path
    source: str
    look_at: tuple[str, ...]


class _Candidate(NamedTuple):
    size: int
    number: int
    page: Page


def add_cases(site: Path, pages: Iterable[Page], host: str, on: date) -> list[NewCase]:
    """Write cases into the folder of a site, and what cleaning with the site gives as what they expect.

    A page that breaks a law is passed over for one of like length. There are fewer than three cases where
    there are not enough pages that break none.
    """
    candidates = sorted(_candidates(pages, host))
    made: list[NewCase] = []
    used: set[int] = set()
    for nth, size in enumerate(SIZES):
        middle = (2 * nth + 1) * len(candidates) // (2 * len(SIZES))
        for candidate in sorted(candidates, key=lambda one: (abs(candidates.index(one) - middle), one)):
            if candidate.number not in used and (case := _add_case(site, size, candidate.page, on)):
                used.add(candidate.number)
                made.append(case)
                break
    return made


def _candidates(pages: Iterable[Page], host: str) -> Iterator[_Candidate]:
    """Yield the first pages of the host that have an article, with its length."""
    cleaner = Cleaner(bundled=False, installed=False)
    seen: set[str] = set()
    for page in pages:
        if len(seen) >= MOST_PAGES:
            return
        elsewhere = page.url and not f".{host_of(page.url)}".endswith(f".{host}")
        if elsewhere or len(page.content) > MOST_CHARS:
            continue
        try:
            text = cleaner.clean_page(page).text
        except ScrubberError:  # it was complained of when the site was learned
            continue
        if text and text not in seen:
            seen.add(text)
            yield _Candidate(len(text), len(seen), page)


def _add_case(site: Path, size: str, page: Page, on: date) -> NewCase | None:
    place = Path(SITE_CASES, f"{page.date or on:%Y-%m}", size)
    folder = site / place
    write_page(folder, page, case_meta(page, on, "scrubber new-site"))
    try:
        accepted = accept([folder])
    except CaseError:
        shutil.rmtree(folder)
        return None
    look_at = tuple(line for line in accepted[0].look_at if not line.startswith("+"))  # all of a new text is new
    return NewCase(place, _source(page), look_at)


def write_page(folder: Path, page: Page, meta: str) -> None:
    """Make the folder of a case with its input and its meta.toml; what it expects is still to be accepted."""
    folder.mkdir(parents=True)
    content = page.content if isinstance(page.content, bytes) else page.content.encode("utf-8", "replace")
    text = content.decode("latin-1") if isinstance(page.content, bytes) else page.content
    name = "input.html" if is_html(text, page.content_type) else "input.txt"
    (folder / name).write_bytes(content)
    (folder / META_FILE).write_bytes(meta.encode("utf-8"))


def _source(page: Page) -> str:
    return page.url or Path(page.id or "a page").name


def case_meta(page: Page, on: date, command: str) -> str:
    """Return the meta.toml of a case that a command made of a page; a page without a date is one of the day `on`."""
    lines = [
        f"format = {FORMAT}",
        f"source = {quoted_toml(f'{_source(page)}, given to {command}')}",
        f"date = {(page.date or on).isoformat()}",
        'provenance = "recorded"',
    ]
    if page.url:
        lines.append(f"url = {quoted_toml(page.url)}")
    kind = page.content_type
    if isinstance(page.content, str):
        kind = f"{(kind or 'text/plain').partition(';')[0]}; charset=utf-8"
    if kind:
        lines.append(f"content_type = {quoted_toml(kind)}")
    return "\n".join(lines) + "\n"


def quoted_toml(text: str) -> str:
    """Return a text as a TOML string."""
    return json.dumps(text.encode("utf-8", "replace").decode("utf-8"), ensure_ascii=False).replace("\x7f", "\\u007f")
