"""Which sites a page belongs to: by host where the URL is known, by fingerprint lines where it is not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from scrubber.document import EDGES, Document
from scrubber.sites.site import Site

NEEDED = 2
"""Different fingerprint lines that make a match; a signature counts as that many."""


class SiteMatch(NamedTuple):
    """A site that a page belongs to, and a clause on why."""

    site: Site
    reason: str


class SiteIndex:
    """Looks up the sites of a page in time that does not grow with the number of sites."""

    def __init__(self, sites: Sequence[Site]) -> None:
        self.sites = tuple(sites)
        self._hosts: dict[str, list[Site]] = defaultdict(list)
        self._lines: dict[str, list[tuple[Site, int]]] = defaultdict(list)
        for site in sites:
            for host in site.hosts:
                self._hosts[host.casefold()].append(site)
            for lines, worth in ((site.fingerprints, 1), (site.signatures, NEEDED)):
                for line in lines:
                    self._lines[line.casefold().strip(EDGES)].append((site, worth))

    def match(self, document: Document) -> list[SiteMatch]:
        """Return the sites of a page, in the order they were registered; most pages have none."""
        if document.url:
            return self._match_host(document.url)
        return self._match_lines(document) if self._lines else []

    def _match_host(self, url: str) -> list[SiteMatch]:
        hosts = set(_suffixes(host_of(url)))
        named = [(site, host) for host in hosts for site in self._hosts.get(host, ())]
        matched = [SiteMatch(site, f"its URL is of {host}") for site, host in named]
        return sorted(matched, key=lambda match: self.sites.index(match.site))

    def _match_lines(self, document: Document) -> list[SiteMatch]:
        shown: dict[Site, list[str]] = defaultdict(list)
        score: dict[Site, int] = defaultdict(int)
        for key in sorted(self._lines.keys() & document.counts.keys()):
            for site, worth in self._lines[key]:
                shown[site].append(key)
                score[site] += worth
        return [
            SiteMatch(site, "it shows " + " and ".join(f"“{key}”" for key in shown[site][:NEEDED]))
            for site in self.sites
            if score[site] >= NEEDED
        ]


def host_of(url: str) -> str:
    """Return the host of a URL in lower case, "" where it has none or can't be read."""
    try:
        return urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""


def _suffixes(host: str) -> Iterator[str]:
    while host:
        yield host
        host = host.partition(".")[2]
