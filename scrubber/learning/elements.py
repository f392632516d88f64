"""Classes and ids of HTML pages that stand around the same kind of lines on every page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from scrubber.errors import ScrubberError
from scrubber.learning.sample import Place, Sample

MOST_NAME_CHARS = 60
"""Characters of a class or id; longer ones are made by programs and change with each release."""

_NAME = re.compile(rf"[a-z_-][a-z0-9_-]{{0,{MOST_NAME_CHARS - 1}}}")


def elements(sample: Sample, fewest: int) -> Iterator[tuple[str, Sequence[Place]]]:
    """Yield each class or id with the lines it stands around, those with most lines first; nothing for flattened text.

    Left out are those of fewer than `fewest` pages, and those around running text that one page has alone.
    """
    found: dict[str, list[Place]] = defaultdict(list)
    for number, page in enumerate(sample.pages):
        for line, dom in enumerate(page.document.doms or ()):
            for name in dict.fromkeys(dom.names):
                found[name].append(Place(number, line))
    for name in sorted(found, key=lambda name: (-len(found[name]), name)):
        places = found[name]
        if (
            _NAME.fullmatch(name)
            and len({place.page for place in places}) >= fewest
            and not _around_articles(sample, places)
        ):
            yield name, places


def css_for(sample: Sample, name: str, places: Sequence[Place]) -> tuple[str, list[Place]]:
    """Return a selector for a name, and the lines that it finds; "" where it finds others than it should.

    Names are known in lower case, so a selector that does not heed case comes last.
    """
    for selector in (f".{name}", f"#{name}", f'[class~="{name}" i]', f'[id="{name}" i]'):
        found = _found(sample, selector)
        if set(places) <= set(found) and not _around_articles(sample, found):
            return selector, found
    return "", []


def _found(sample: Sample, selector: str) -> list[Place]:
    found: list[Place] = []
    for number, page in enumerate(sample.pages):
        try:
            lines = page.document.lines_matching(selector)
        except ScrubberError:  # the page is too large for selectors: it can't speak for this one
            return []
        found += [Place(number, line) for line in lines]
    return found


def _around_articles(sample: Sample, places: Sequence[Place]) -> bool:
    pages = sample.pages
    return any(pages[page].own[line] or line in pages[page].zone for page, line in places)
