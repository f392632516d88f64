"""What a page says of itself: title, author, date, site and language.

Each has a module that weighs JSON-LD, meta elements, the markup and what the page shows. Nothing is guessed from
the text of the article, and nothing fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, NamedTuple

from scrubber.repair import RepairOptions, repair_line
from scrubber.segment.metadata.authors import find_author, marked_author
from scrubber.segment.metadata.dates import find_date, marked_days
from scrubber.segment.metadata.head import Head, read_head
from scrubber.segment.metadata.statements import Statements, read_statements
from scrubber.segment.metadata.titles import choose_title

__all__ = ["Head", "Marked", "Metadata", "Statements", "choose_metadata", "read_head", "read_statements"]


class Metadata(NamedTuple):
    """What was found; None where the page does not say.

    `author` may be several names, with "; " between them. `date` is the day of publication, YYYY-MM-DD. `language`
    is as declared, such as `en-GB`.
    """

    title: str | None = None
    author: str | None = None
    date: str | None = None
    language: str | None = None
    site_name: str | None = None


class Marked(NamedTuple):
    """What the elements of a parsed page are marked as, looked for when it is asked: the `author`, and the `days`."""

    author: Callable[[], str | None]
    days: Iterable[str]

    @classmethod
    def of(cls, parser: Any, said: Statements) -> Marked:
        """Remember the page."""
        return cls(partial(marked_author, parser, said), marked_days(parser))

    def settled(self) -> Marked:
        """Return the same without the page."""
        author = self.author()
        return Marked(lambda: author, list(self.days))


def choose_metadata(said: Statements, marked: Marked, head: Head, repair: RepairOptions) -> Metadata:
    """Weigh what a page states and what it shows; what is chosen is repaired as its lines are."""
    found = Metadata(
        title=choose_title(said, head),
        author=find_author(said, marked.author, head),
        date=find_date(said, marked.days, head.near),
        language=said.language,
        site_name=said.site_name,
    )
    return Metadata(*(repair_line(value, 0, repair)[0].strip() or None if value else None for value in found))
