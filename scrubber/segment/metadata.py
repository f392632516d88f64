"""What a page says of itself: JSON-LD first, then meta elements, then its heading."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from typing import Any, NamedTuple

ARTICLE_TYPES = ("Article", "NewsArticle", "BlogPosting", "Report", "TechArticle", "WebPage", "DiscussionForumPosting")
"""Types of schema.org that describe the page's own text, the most telling first."""

MAX_JSON = 1_000_000
"""Characters of one JSON-LD block; real ones have a few thousand."""

MAX_NESTING = 4
"""Lists and objects around an author's name."""

MAX_NAMES = 50
"""Authors of one page."""

MAX_THINGS = 1_000
"""JSON-LD objects that are looked at on one page."""

_ISO_DAY = re.compile(r"(\d{4}-\d\d-\d\d)[T ]")

TITLE_META = ("og:title", "twitter:title", "dc.title", "parsely-title")
AUTHOR_META = ("author", "article:author", "dc.creator", "parsely-author", "sailthru.author", "byl")
DATE_META = (
    "article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "parsely-pub-date",
    "pubdate",
    "sailthru.date",
)


class Metadata(NamedTuple):
    """What was found; None where the page does not say. `date` is as written, cut to the day where it is ISO 8601."""

    title: str | None = None
    author: str | None = None
    date: str | None = None
    language: str | None = None


def read_metadata(parser: Any, heading: str | None = None) -> Metadata:
    """Read a parsed page's own statements. Broken JSON is passed over; nothing is fetched.

    `heading` is the page's visible heading: the title of a page that names none.
    """
    things = sorted(_things(parser), key=_rank)
    metas = _metas(parser)
    title = _first(thing.get("headline") for thing in things) or _first(metas.get(name) for name in TITLE_META)
    root = parser.root
    return Metadata(
        title=title or _clean(heading),
        author=_first(_name(thing.get("author")) for thing in things) or _author(metas),
        date=_day(
            _first(thing.get("datePublished") for thing in things) or _first(metas.get(name) for name in DATE_META)
        ),
        language=_clean((root.attributes.get("lang") if root is not None else None) or metas.get("language")),
    )


def _things(parser: Any) -> Iterator[dict[str, Any]]:
    """Yield every JSON-LD object of the page, nested ones too, up to `MAX_THINGS`."""
    waiting: deque[Any] = deque()
    for script in parser.css('script[type="application/ld+json"]'):
        text = script.text()
        if len(text) <= MAX_JSON:
            try:
                waiting.append(json.loads(text, strict=False))
            except (ValueError, RecursionError):
                continue
    for _ in range(MAX_THINGS):
        if not waiting:
            return
        thing = waiting.popleft()
        if isinstance(thing, list):
            waiting.extend(thing)
        elif isinstance(thing, dict):
            waiting.extend(value for value in (thing.get("@graph"), thing.get("mainEntity")) if value)
            yield thing


def _rank(thing: dict[str, Any]) -> int:
    kinds = thing.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return min((ARTICLE_TYPES.index(name) for name in names if name in ARTICLE_TYPES), default=len(ARTICLE_TYPES))


def _metas(parser: Any) -> dict[str, str]:
    metas: dict[str, str] = {}
    for meta in parser.css("meta[content]"):
        attributes = meta.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        if name and attributes.get("content"):
            metas.setdefault(name.casefold(), attributes["content"])
    return metas


def _author(metas: dict[str, str]) -> str | None:
    """Return the first author named in a meta element; an address of a profile is no name."""
    return _first(value for value in map(metas.get, AUTHOR_META) if value and "//" not in value)


def _name(author: Any, depth: int = MAX_NESTING) -> str | None:
    if depth and isinstance(author, list):
        return "; ".join(filter(None, (_name(one, depth - 1) for one in author[:MAX_NAMES]))) or None
    if depth and isinstance(author, dict):
        return _name(author.get("name"), depth - 1)
    return author if isinstance(author, str) and "//" not in author else None


def _first(values: Any) -> str | None:
    return next((text for text in map(_clean, values) if text), None)


def _clean(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    return " ".join(value.encode("utf-8", "replace").decode("utf-8").split()) or None


def _day(date: str | None) -> str | None:
    found = _ISO_DAY.match(date) if date else None
    return found[1] if found else date
