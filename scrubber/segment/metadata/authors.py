"""The author: persons that JSON-LD and meta elements name, then what the markup marks as one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from scrubber.segment.metadata.head import Head
from scrubber.segment.metadata.statements import Statements, clean, is_a

AUTHOR_META = (
    "author",
    "article:author",
    "article:author_name",
    "citation_author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
    "og:article:author",
)

PERSON = frozenset({"Person"})

MAX_NESTING = 4
"""Lists and objects around an author's name."""

MAX_NAMES = 50
"""Authors of one page, and objects of JSON-LD that are asked for them."""

MAX_MARKED = 20
"""Elements marked as author that are looked at; pages with comments have one for each."""

NAME_CHARS = 80
"""Characters. The longest that is taken for the names of authors where only the markup speaks for it."""

MARKED_CHARS = 300
"""Characters, blanks of the markup included. An element with more is a box about the author, or the page."""

LINE_CHARS = 200
"""Characters of a line that a name is looked for in: a date and an office may stand behind it."""

NAME_WORDS = 8
"""Words of such names, with a degree or an office."""

MARKED = (
    '[rel~="author"], [itemprop~="author"] [itemprop="name"]',
    "[itemprop~='author'], address.author",
    '[class*="author-name" i], [class*="author__name" i], [class*="authorname" i], [class*="author_name" i]',
    '[class~="author" i], [class*="byline" i], [class*="username" i], [data-testid*="author" i], [data-author]',
    '[class*="author" i], [id*="author" i], [class*="posted-by" i], [class*="poster" i]',
)
"""How pages mark the author, the surest first."""

COMMENTS = ("comment", "sidebar", "related", "widget")
"""What the class or id of elements holds that name people who did not write the page."""

MAX_ABOVE = 12
"""Elements above a mark whose class and id are looked at."""

_BEFORE = re.compile(
    r"(?:(?:this\s+\w+\s+was\s+)?(?:written|posted|published|words|text|story|article|started|submitted|authored)?"
    r"\s*\bby\b|thread\s+starter\b|(?:the\s+)?authors?\b\s*:?)[\s:]*",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"\s*(?:[|•·⋅●»–—]|\s-\s|[.,]?\s(?:on|in|at|updated|published|posted|reviewed|last)\b).*$"
    r"|(?:^\d+\b|^\S+\s+\d|\s+(?:[^\s,]+\s+(?!\d\d?\.?\s+[^\W\d]|\d+[-./:]\d))?\S*\d).*$",
    re.IGNORECASE,
)
"""What follows a name on its line: a date with its month, before the day or behind it, a place, a section."""

_AND = re.compile(r"\s*(?:,\s*)?(?:and|&|und|et|y|e|en|och)\s")
"""What stands between two names."""

_COUNT = re.compile(r"\s\d+[\s-]*(?:comment|min|repl|view)\w*.*$", re.IGNORECASE)
"""What follows too: how many wrote back, how long it takes to read."""

_BEHIND_DATE = re.compile(r".{0,40}\d.{0,20}?\b(by\s+\S.{0,40}[^.])", re.IGNORECASE)
"""A line that gives the date first, and then who wrote the page."""

_OTHER = re.compile(
    r"(?:updated|published|posted|last|edited|reviewed|follow|about|share|view|more|read)\b", re.IGNORECASE
)
_KIND = re.compile(r"(?:an?|our)\s")
"""How a text begins that says what an author is, not who."""

_BY = re.compile(r"^by\s+", re.IGNORECASE)
_ADDRESS = re.compile(r"//|@")
_LOGIN = re.compile(r"\S+[._:]\S+")
"""A name that only a program gives: of a user, or of what a template would have filled in."""

_WORD = re.compile(r"\w{2,}")
_NO_NAME = re.compile(r"//|[@{}<>…?!=]")


def find_author(said: Statements, marked: Callable[[], str | None], head: Head) -> str | None:
    """Return the authors' names, "; " between them; None where none is named.

    Persons first, wherever they are named; an organisation, or the site itself, where no person is. Persons that are
    only stated give way to one who the lines near the heading say has written the page: whose account it was published
    from is not always who wrote it.
    """
    stated = next(filter(None, (_names(said, thing.get("author")) for thing in said.things[:MAX_NAMES])), [])
    metas = list(_named_in_metas(said))
    persons = [name for name in stated if _is_person(name, said)]
    persons = persons or [name for name in metas if _is_person(name, said)][:1]
    told = _told(head.near)
    writer = told if told and not _is_firm(told, said) else None
    if persons and (writer is None or _mentions(head.near, persons)):
        return "; ".join(dict.fromkeys(persons))
    shown = _either(writer or _told(head.signed), marked()) or told
    return shown or _only_person(said) or next(iter([*stated, *metas]), None)


def _either(written: str | None, marked: str | None) -> str | None:
    """Return the names that a line gives, or that the markup marks; where they are the same, without an office.

    >>> _either("Ada Orlen, reporter", "Ada Orlen"), _either("Ada Orlen and Bo Lind", "Ada Orlen")
    ('Ada Orlen', 'Ada Orlen and Bo Lind')
    >>> _either("Ada Orlen and Bo Lind, staff", "Ada Orlen; Bo Lind"), _either("Ada Orlen", "A reader")
    ('Ada Orlen; Bo Lind', 'Ada Orlen')
    """
    if not written or not marked:
        return written or marked
    names = marked.split("; ")
    same = written.startswith(names[0]) and all(name in written for name in names)
    others = len(names) == 1 and _AND.match(written[len(marked) :])
    return marked if same and not others else written


def _named_in_metas(said: Statements) -> Iterator[str]:
    """Yield the names in meta elements; those of scholarly ones are written family name first."""
    for key in AUTHOR_META:
        text = clean(said.metas.get(key))
        if text and not _ADDRESS.search(text):
            family, _, given = text.partition(", ")
            yield f"{given} {family}" if key == "citation_author" and given else _BY.sub("", text)


def _is_person(name: str, said: Statements) -> bool:
    """Tell whether a name may be a person's: not that of a firm, and none that only a program uses."""
    return not _is_firm(name, said) and not _LOGIN.fullmatch(name)


def _mentions(lines: Sequence[str], names: Sequence[str]) -> bool:
    """Tell whether lines mention one of some persons, by any of the names."""
    words = {word for line in lines for word in _WORD.findall(line.casefold())}
    return any(word in words for name in names for word in _WORD.findall(name.casefold()))


def _only_person(said: Statements) -> str | None:
    """Return the one person that JSON-LD describes, where it names no author."""
    people = {name for thing in said.things[:MAX_NAMES] if is_a(thing, PERSON) for name in _names(said, thing)}
    return people.pop() if len(people) == 1 else None


def _told(lines: Sequence[str]) -> str | None:
    """Return the name in the first of some lines that says who wrote the page, before or behind a date."""
    for line in lines:
        behind = _BEHIND_DATE.fullmatch(line)
        signed = line if len(line) <= MARKED_CHARS and _BEFORE.match(line) else behind[1] if behind else ""
        if name := _name_of(signed):
            return name
    return None


def _names(said: Statements, author: Any, depth: int = MAX_NESTING) -> list[str]:
    """Return the names in an `author` of JSON-LD: a text, an object, a reference to one, or a list of these."""
    if depth and isinstance(author, list):
        return [name for one in author[:MAX_NAMES] for name in _names(said, one, depth - 1)]
    author = said.resolved(author)
    if depth and isinstance(author, dict):
        return _names(said, author.get("name"), depth - 1)
    name = clean(author)
    return [_BY.sub("", name).strip('"')] if name and not _ADDRESS.search(name) else []


def _is_firm(name: str, said: Statements) -> bool:
    """Tell whether a name is that of the site, or of an organisation that JSON-LD knows."""
    return name.casefold() in said.firms


def marked_author(parser: Any, said: Statements) -> str | None:
    """Return the first name in an element that is marked as the author's, with those beside it."""
    for selector in MARKED:
        names: dict[str, None] = {}
        place = None
        for element in parser.css(selector)[:MAX_MARKED]:
            parent = element.parent.mem_id if element.parent is not None else None
            if names and parent != place:
                break
            found = [] if _is_aside(element) else [name for name in _names_in(element) if not _is_firm(name, said)]
            if found:
                names.update(dict.fromkeys(found))
                place = parent
        if names:
            return "; ".join(names)
    return None


def _names_in(element: Any) -> list[str]:
    """Return the names that an element holds: those of its links where it has some, else its own text's."""
    stated = element.attributes.get("data-author") or element.attributes.get("content")
    if stated:
        return list(filter(None, [_name_of(stated)]))
    text = element.text(separator=" ")
    if len(text) > MARKED_CHARS:
        return []
    links = [] if element.tag == "a" else element.css("a")[:MAX_NAMES]
    names = [name for name in (_name_of(link.text(separator=" ")) for link in links) if name]
    return names or list(filter(None, [_name_of(text)]))


def _name_of(written: str) -> str | None:
    """Return the name in a text, without "by" before and a date behind it; None where it is no name."""
    text = clean(written) or ""
    if len(text) > LINE_CHARS:
        return None
    text = _BEFORE.sub("", text, count=1) if _BEFORE.match(text) else text
    text = _BEHIND.sub("", _COUNT.sub("", text)).strip(" ,:;-")
    if not text or len(text) > NAME_CHARS or len(text.split()) > NAME_WORDS:
        return None
    named = any(map(str.isalpha, text)) and not (_NO_NAME.search(text) or _OTHER.match(text) or _KIND.match(text))
    return text if named else None


def _is_aside(element: Any) -> bool:
    """Tell whether an element stands among comments or beside the article."""
    for _ in range(MAX_ABOVE):
        if element is None or element.tag in {"body", "html", "article", "main"}:
            return False
        marks = f"{element.attributes.get('class')} {element.attributes.get('id')}".lower()
        if element.tag == "aside" or any(word in marks for word in COMMENTS):
            return True
        element = element.parent
    return False
