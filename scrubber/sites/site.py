"""The base of every site."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable

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
    """

    name: str
    hosts: tuple[str, ...] = ()
    fingerprints: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()

    @abstractmethod
    def find(self, document: Document) -> Iterable[Evidence]:
        """Give evidence on a page of this site: a kept label keeps a line, any other drops it."""
