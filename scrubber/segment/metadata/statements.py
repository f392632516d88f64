"""JSON-LD, meta elements and the title element of a page, read once."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import Any
from urllib.parse import urlsplit

ARTICLE_TYPES = (
    "Article",
    "NewsArticle",
    "ReportageNewsArticle",
    "AnalysisNewsArticle",
    "OpinionNewsArticle",
    "LiveBlogPosting",
    "ScholarlyArticle",
    "BlogPosting",
    "Report",
    "TechArticle",
    "Recipe",
    "QAPage",
    "Question",
    "DiscussionForumPosting",
    "WebPage",
)
"""Types of schema.org that describe the page's own text, the most telling first."""

BODY_TYPES = frozenset(name for name in ARTICLE_TYPES if name.endswith(("Article", "Report", "BlogPosting")))
"""Types whose `articleBody` is the whole text of the page; that of a forum's is its first post alone."""

SITE_TYPES = frozenset({"WebSite", "Organization", "NewsMediaOrganization", "Corporation"})
"""Types whose name is that of the site."""

FIRM_TYPES = SITE_TYPES | {"LocalBusiness", "NGO", "CollegeOrUniversity", "EducationalOrganization", "Store"}

MAX_JSON = 1_000_000
"""Characters of one JSON-LD block; real ones have a few thousand."""

MAX_BODY = 500_000
"""Characters of the stated articles of a page. The longest real ones have some ten thousand words."""

MAX_THINGS = 1_000
"""JSON-LD objects that are looked at on one page."""

MAX_METAS = 1_000
"""Meta elements that are looked at; real pages have a few dozen."""

MAX_VALUE = 1_000
"""Characters of a value. A longer one is no title and no name."""

LANGUAGE_META = ("content-language", "language", "og:locale", "dc.language")
SITE_META = ("og:site_name", "application-name", "parsely-site")

_TAG = re.compile(r"<[^<>]*>")

Thing = Mapping[str, Any]


@dataclass(frozen=True)
class Statements:
    """What a page states: its JSON-LD objects, the most telling first, its meta elements, its title element."""

    things: Sequence[Thing]
    metas: Mapping[str, str]
    name: str | None
    host: str = ""
    path: str = ""
    language: str | None = None

    def meta(self, *names: str) -> str | None:
        """Return the first meta element that has one of the names, in the order of the names."""
        return next((text for text in (clean(self.metas.get(name)) for name in names) if text), None)

    @cached_property
    def by_id(self) -> Mapping[str, Thing]:
        """JSON-LD objects by what others refer to them by; one that only refers is left out."""
        named = [thing for thing in self.things if isinstance(thing.get("@id"), str) and "name" in thing]
        return {thing["@id"]: thing for thing in reversed(named)}

    @cached_property
    def site_name(self) -> str | None:
        """The name of the site; None where it is not stated."""
        publishers = (thing.get("publisher") for thing in self.things)
        names = [self._name_of(publisher) for publisher in publishers]
        sites = [clean(thing.get("name")) for thing in self.things if is_a(thing, SITE_TYPES)]
        return self.meta(*SITE_META) or next(filter(None, [*sites, *names]), None)

    @property
    def body(self) -> str | None:
        """The text of the article as JSON-LD states it, in one line; None where it does not, or in over `MAX_BODY`.

        A page of several posts may state each: together they are its text.
        """
        bodies = [thing.get("articleBody") for thing in self.things if is_a(thing, BODY_TYPES)]
        text = " ".join(dict.fromkeys(body for body in bodies if isinstance(body, str)))
        return fold(_TAG.sub(" ", text)) if len(text) <= MAX_BODY else None

    @cached_property
    def firms(self) -> frozenset[str]:
        """Names of the site and of every organisation, case folded: no persons."""
        firms = [clean(thing.get("name")) for thing in self.by_kind(FIRM_TYPES)]
        return frozenset(name.casefold() for name in [*firms, self.site_name, self.host] if name)

    def by_kind(self, kinds: frozenset[str]) -> list[Thing]:
        """Return the JSON-LD objects of some types, those named as author or publisher too."""
        nested = (self.resolved(thing.get(key)) for thing in self.things for key in ("author", "publisher"))
        people = (one for value in nested for one in (value if isinstance(value, list) else [value]))
        return [thing for thing in (*self.things, *people) if isinstance(thing, dict) and is_a(thing, kinds)]

    def _name_of(self, thing: Any) -> str | None:
        found = self.resolved(thing)
        return clean(found.get("name")) if isinstance(found, dict) else None

    def resolved(self, value: Any) -> Any:
        """Return the object that a value refers to by its `@id`, or the value itself."""
        if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
            return self.by_id.get(value["@id"], value)
        return value


def read_statements(parser: Any, url: str | None = None) -> Statements:
    """Read what a parsed page states of itself."""
    element = parser.css_first("title")
    host, path = _address(url)
    metas = _metas(parser)
    return Statements(
        things=sorted(_things(parser), key=_rank),
        metas=metas,
        name=clean(element.text()) if element is not None else None,
        host=host,
        path=path,
        language=_language(parser, metas),
    )


def is_a(thing: Thing, kinds: frozenset[str]) -> bool:
    """Tell whether a JSON-LD object is of one of some types."""
    return any(isinstance(kind, str) and kind in kinds for kind in _kinds(thing))


def clean(value: Any) -> str | None:
    """Return a text without entities and with its blanks folded; None for what is blank, too long or no text."""
    return fold(value) if isinstance(value, str) and len(value) <= MAX_VALUE else None


def fold(value: str) -> str | None:
    """Return a text without entities and with its blanks folded; None for a blank one."""
    text = unescape(value) if "&" in value else value
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split()) or None


def _language(parser: Any, metas: Mapping[str, str]) -> str | None:
    declared = parser.root.attributes.get("lang") if parser.root is not None else None
    return next(filter(None, map(clean, [declared, *map(metas.get, LANGUAGE_META)])), None)


def _address(url: str | None) -> tuple[str, str]:
    """Return host and path of an address; blank where it has none."""
    try:
        parts = urlsplit(url or "")
        return (parts.hostname or "").removeprefix("www."), parts.path
    except ValueError:
        return "", ""


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


def _rank(thing: Thing) -> int:
    ranks = [ARTICLE_TYPES.index(name) for name in _kinds(thing) if name in ARTICLE_TYPES]
    return min(ranks, default=len(ARTICLE_TYPES))


def _kinds(thing: Thing) -> list[Any]:
    kinds = thing.get("@type")
    return kinds if isinstance(kinds, list) else [kinds]


def _metas(parser: Any) -> dict[str, str]:
    metas: dict[str, str] = {}
    for meta in parser.css("meta[content]")[:MAX_METAS]:
        attributes = meta.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        if not name and attributes.get("http-equiv"):
            name = attributes["http-equiv"]
        if name and attributes.get("content"):
            metas.setdefault(name.casefold(), attributes["content"])
    return metas
