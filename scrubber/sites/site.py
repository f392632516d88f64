"""The base of every site."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import date

from scrubber.document import Document
from scrubber.model import Evidence


class Site(ABC):
    """One site: how its pages are known, and what is said of their lines.

    Attributes:
        name: the site's one name, as in reports.
        hosts: host names, sub-domains included: "paper.example" also matches "www.paper.example".
        fingerprints: whole lines, compared without case and outer punctuation; a page without a URL that
            shows two different ones is the site's.
        signatures: the same, but rare enough that one is proof.
        valid_from, valid_until: the first and the last day of the pages that it is for, both included; None for
            an open end. A page whose day is not known is for what has no `valid_until`.
    """

    name: str
    hosts: tuple[str, ...] = ()
    fingerprints: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None

    @abstractmethod
    def find(self, document: Document) -> Iterable[Evidence]:
        """Give evidence on a page of this site: a kept label keeps a line, any other drops it."""
