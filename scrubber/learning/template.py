"""What was learned of a site: the rules that take something out, and those that a person has to judge."""

from __future__ import annotations

from dataclasses import dataclass

from scrubber.sites import Rule


@dataclass(frozen=True, slots=True)
class LearnedRule:
    """A rule, and what it was learned from.

    Attributes:
        rule: the rule, as site files have it.
        pages: the pages that show what it matches, of all that were learned from.
        share: the same as a share, 0.0 to 1.0.
        weight: words that it takes out of a page, on average over all pages.
        where: where on the page that stands.
        example: a line that it matches.
        note: what a reviewer should know; "" where there is nothing.
    """

    rule: Rule
    pages: int
    share: float
    weight: float
    where: str
    example: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """What a site's pages have in common.

    Attributes:
        host: their host, "" where no page has a URL.
        pages: the different pages that were learned from.
        repeated: pages that were one of those again; `too_large`: pages that were left out for their size.
        fingerprints: lines that nearly every page shows, and that no other site should.
        rules: what takes something out, the weightiest first, blocks and selectors last.
        review: what recurs and looks like part of the articles; it takes effect only once a person says so.
    """

    host: str
    pages: int
    repeated: int
    too_large: int
    fingerprints: tuple[str, ...]
    rules: tuple[LearnedRule, ...]
    review: tuple[LearnedRule, ...]
