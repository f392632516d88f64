"""Which sites a page belongs to: by host where the URL is known, by fingerprint lines where it is not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from scrubber.document import EDGES, Document
from scrubber.sites.site import Site
from scrubber.sites.validity import is_valid

_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*")

NEEDED = 2
"""Different fingerprint lines that make a match; a signature counts as that many."""


class SiteMatch(NamedTuple):
    """A site that a page belongs to, and a clause on why."""

    site: Site
    reason: str


class SiteIndex:
    """Looks up the sites of a page in time that does not grow with the number of sites.

    Sites are told apart by their number, so that an author's class need not be hashable.
    """

    def __init__(self, sites: Sequence[Site]) -> None:
        """Index the hosts and the lines of sites."""
        self.sites = tuple(sites)
        self._hosts: dict[str, list[int]] = defaultdict(list)
        self._lines: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, site in enumerate(sites):
            for host in {host.casefold() for host in site.hosts}:
                self._hosts[host].append(number)
            signatures = _keys(site.signatures)
            for key in _keys(site.fingerprints) | signatures:
                self._lines[key].append((number, NEEDED if key in signatures else 1))

    def match(self, document: Document) -> list[SiteMatch]:
        """Return the sites of a page, in the order they were registered; most pages have none.

        A site that is for pages of another time than the document's date is not among them.
        """
        return [match for match in self.of_any_time(document) if is_valid(match.site, document.date)]

    def of_any_time(self, document: Document) -> list[SiteMatch]:
        """Return the sites of a page, those for pages of another time too."""
        host = host_of(document.url) if document.url else ""
        if host:
            return self._match_host(host)
        return self._match_lines(document) if self._lines else []

    def _match_host(self, host: str) -> list[SiteMatch]:
        # the longest suffix comes last, and is the reason that is given
        named = {number: suffix for suffix in _suffixes(host) for number in self._hosts.get(suffix, ())}
        return [SiteMatch(self.sites[number], f"its URL is of {named[number]}") for number in sorted(named)]

    def _match_lines(self, document: Document) -> list[SiteMatch]:
        shown: dict[int, list[str]] = defaultdict(list)
        score: dict[int, int] = defaultdict(int)
        for key in sorted(self._lines.keys() & document.counts.keys()):
            for number, worth in self._lines[key]:
                shown[number].append(key)
                score[number] += worth
        return [
            SiteMatch(self.sites[number], "it shows " + " and ".join(f"“{key}”" for key in shown[number][:NEEDED]))
            for number in sorted(score)
            if score[number] >= NEEDED
        ]


def _keys(lines: Iterable[str]) -> set[str]:
    """Fold fingerprints as `Document.keys` folds lines; one that is nothing but punctuation is none."""
    return {" ".join(line.split()).casefold().strip(EDGES) for line in lines} - {""}


def is_host(text: str) -> bool:
    """Tell whether a site file may name a text as a host.

    >>> is_host("paper.example"), is_host("*.paper.example"), is_host("..")
    (True, False, False)
    """
    return _HOST.fullmatch(text) is not None


def names_host(url: str) -> bool:
    """Tell whether a text can be the address of a page: `paper.example/news` or `https://paper/news`, not `paper`."""
    host = host_of(url)
    return bool(host) and ("." in host or "://" in url)


def host_of(url: str) -> str:
    """Return the host of a URL in lower case, "" where it has none or can't be read.

    >>> host_of("https://www.Paper.example:8080/a"), host_of("paper.example/a"), host_of("file:///tmp/a.txt")
    ('www.paper.example', 'paper.example', '')
    """
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""
    return host.rstrip(".")


def _suffixes(host: str) -> Iterator[str]:
    """Yield a host and the domains it lies in, the shortest first."""
    labels = host.split(".")
    for count in range(1, len(labels) + 1):
        yield ".".join(labels[-count:])
