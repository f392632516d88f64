"""Names for learned rules: the first words of a line, as reports and reviewers know it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain, count

NAME_WORDS = 4
"""Words of a line that its rule is named by."""

NAME_CHARS = 40
"""Characters of a rule's name."""

SITE_CHARS = 80
"""Characters of a site's name."""

_WORD = re.compile(r"[^\W_]+")


class Names:
    """Gives every rule a name of its own."""

    def __init__(self, given: Iterable[str] = ()) -> None:
        """Start with names that are taken already."""
        self._given = set(given)

    def new(self, text: str) -> str:
        """Return a name for a rule that matches a text.

        >>> names = Names()
        >>> names.new("Home | News | Sport"), names.new("Home, News, Sport!"), names.new("***")
        ('home-news-sport', 'home-news-sport-2', 'line')
        """
        return self.free(slug(text))

    def free(self, name: str) -> str:
        """Return a name, with a number where it is taken.

        >>> names = Names(["valley"])
        >>> names.free("valley"), names.free("hill")
        ('valley-2', 'hill')
        """
        free = next(
            free for free in chain([name], (f"{name}-{number}" for number in count(2))) if free not in self._given
        )
        self._given.add(free)
        return free


def slug(text: str) -> str:
    """Return the first words of a text in lower case, joined by hyphens; "line" where it has none."""
    words = _WORD.findall(text.casefold()[: 4 * NAME_CHARS])[:NAME_WORDS]
    return "-".join(words)[:NAME_CHARS].strip("-") or "line"


def site_name(text: str) -> str:
    """Return a site's name for its host or its folder: lower case, words joined by hyphens.

    >>> site_name("www.Valley-Post.example"), site_name("...")
    ('valley-post-example', 'site')
    """
    words = _WORD.findall(text.casefold().removeprefix("www."))
    return "-".join(words)[:SITE_CHARS].strip("-") or "site"
