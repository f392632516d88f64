"""The elements around a line of a page: what their tags say, kept as cheaply as a page of thousands needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_BLOCK_NAMES = (
    "address article aside blockquote body br button caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html iframe legend li listing main menu "
    "nav ol optgroup option p pre search section select summary table tbody td textarea tfoot th thead tr ul"
)
BLOCKS = frozenset(_BLOCK_NAMES.split())
"""Elements that begin and end a line: what the HTML standard displays as a block, and form controls."""

_INVISIBLE_NAMES = (
    "audio canvas datalist head iframe math noembed noframes noscript rp script style svg template textarea title video"
)
INVISIBLE = frozenset(_INVISIBLE_NAMES.split())
"""Elements whose text a browser does not show as part of the page."""

JUDGED = frozenset({"noscript", "template"})
"""Those of them that may hold the page all the same."""

PREFORMATTED = frozenset({"pre", "listing"})
"""Elements in which blanks and line ends are shown as they are."""

LANDMARKS = frozenset({"nav", "header", "footer", "aside", "form", "main", "article"})
"""Elements that say what part of a page they are."""

ROLES = {
    "navigation": "nav",
    "banner": "header",
    "contentinfo": "footer",
    "complementary": "aside",
    "search": "form",
    "main": "main",
    "article": "article",
}
"""What other elements say with `role`, as the landmark that means the same."""

MAX_PATH = 12
"""Steps of a line's path that are kept, the innermost: enough to find it again, a bound on deep nesting."""

NAMING_LEVELS = 4
"""Blocks around a line whose class and id count as its names, its own included."""

MAX_NAMES = 16
"""Names of a line; frameworks of utility classes give a hundred."""

MAX_NAME = 40
"""Characters of a name. Longer ones are made up by build tools."""

MAX_ATTRIBUTE = 1_000
"""Characters of an attribute that are looked at."""

SIBLING_LEVELS = 6
"""Blocks upwards among which the one that repeats is looked for: a teaser's text is seldom deeper in its card."""

_ATTRIBUTE = re.compile(r' (class|id|role|hidden|style|open|aria-hidden|shadowrootmode)="([^"]*)"')
"""The attributes that are read. The parser writes no quote inside a value, so that none of them stands in another."""

_UNDISPLAYED = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


@dataclass(slots=True, eq=False)  # not frozen: a page has hundreds, and each would take three times as long to make
class Tag:
    """What a tag says; one object for all that are written alike."""

    name: str
    look: str
    block: str
    names: tuple[str, ...]
    hidden: bool
    landmark: str
    layout: bool
    muted: bool


Described = tuple[str, tuple[str, ...], int]
"""What an element says of its lines beside what it holds itself: path, names and siblings; see `Dom`."""


class Lines:
    """How many lines a list item or `pre` has. An element that named itself would wait for the collector of cycles."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0


class Element:
    """An open element and what is around it.

    Attributes:
        tag, parent: as they stand in the page.
        block: the name of the innermost block.
        landmark: the innermost landmark, "" outside of any.
        hidden: the part of the page that browsers do not show and it is in, by its innermost; None where all is shown.
        muted: whether it is shown to eyes alone (`aria-hidden`), which is mostly said of what is no text.
        pre: the outermost element around it in which line ends are shown, by its lines; None where none is.
        item: the innermost list item, by its lines; None outside of lists.
        aside: what was read of a line that a hidden element interrupts.
    """

    __slots__ = (
        *("aside", "block", "hidden", "item", "landmark", "muted", "parent", "pre", "tag"),
        *("_described", "_looks"),
    )

    block: str
    landmark: str
    hidden: Part | None
    muted: bool
    pre: Lines | None
    item: Lines | None
    aside: tuple[list[str], int, list[Any]] | None

    def __init__(self, tag: Tag, parent: Element | None) -> None:
        self.tag = tag
        self.parent = parent
        self.aside = None
        self._looks: dict[str, int] | None = None
        self._described: dict[Tag, Described] | None = None
        if parent is None:
            self.block, self.landmark, self.muted = tag.name, tag.landmark, tag.muted
            self.hidden = self.pre = self.item = None
            return
        looks, look = parent._looks, tag.look
        if looks is None:
            looks = parent._looks = {}
        looks[look] = looks.get(look, 0) + 1
        self.block = tag.block or parent.block
        self.landmark = tag.landmark or parent.landmark
        self.hidden = (parent, look) if tag.hidden else parent.hidden
        self.muted = tag.muted or parent.muted
        self.pre = parent.pre or (Lines() if tag.name in PREFORMATTED else None)
        self.item = Lines() if tag.name == "li" else parent.item

    def describe(self) -> Described:
        """Return what the element says of its lines. Only after the whole page was read.

        Children of one parent that are written alike share it: a page has thousands of the same paragraphs.
        """
        holder = self.parent or self
        if holder._described is None:
            holder._described = {}
        described = holder._described.get(self.tag)
        if described is None:
            around = self._around()
            path = "/".join([one.tag.name for one in reversed(around)])
            names = tuple([name for one in around[:NAMING_LEVELS] for name in one.tag.names][:MAX_NAMES])
            described = holder._described[self.tag] = (path, names, _repeated(around[:SIBLING_LEVELS]))
        return described

    def alike(self) -> int:
        """Return how many children of its parent look alike, the element itself included."""
        looks = self.parent._looks if self.parent is not None else None
        return looks[self.tag.look] if looks else 1

    def _around(self) -> list[Element]:
        """Return the element and those around it, innermost first, as many as a path has."""
        around, outer = [self], self.parent
        while outer is not None and len(around) < MAX_PATH:
            around.append(outer)
            outer = outer.parent
        return around


def _repeated(around: list[Element]) -> int:
    """Return how many look like the innermost element that is not the only one of its look; 0 where each is."""
    for one in around:
        if (alike := one.alike()) > 1:
            return alike
    return 0


Part = tuple[Element, str]
"""Where elements stand that are not shown, and how they look."""


def read_tag(written: str) -> Tag:
    """Read a tag as the parser writes it, without its brackets: `div class="a b" hidden=""`."""
    name, blank, _ = written.partition(" ")
    attributes = dict(_ATTRIBUTE.findall(written)) if blank else {}
    classes, role = attributes.get("class", ""), attributes.get("role", "")
    return Tag(
        name,
        look=f"{name} {classes}" if blank else name,
        block=name if name in BLOCKS else "",
        names=_names(classes, attributes.get("id", "")),
        hidden=_is_hidden(name, attributes),
        landmark=name if name in LANDMARKS else ROLES.get(role, ""),
        layout=role in _LAYOUT,
        muted=attributes.get("aria-hidden") == "true",
    )


_LAYOUT = ("presentation", "none")


def _names(classes: str, number: str) -> tuple[str, ...]:
    named = f"{classes[:MAX_ATTRIBUTE]} {number[:MAX_ATTRIBUTE]}".lower().split()
    return tuple([name[:MAX_NAME] for name in named[:MAX_NAMES]])


def _is_hidden(name: str, attributes: dict[str, str]) -> bool:
    """Tell whether browsers do not show an element."""
    if name == "template":
        return "shadowrootmode" not in attributes
    return (
        name == "noscript"
        or attributes.get("hidden", "until-found") != "until-found"
        or (name == "dialog" and "open" not in attributes)
        or ("style" in attributes and _UNDISPLAYED.search(attributes["style"][:MAX_ATTRIBUTE]) is not None)
    )
