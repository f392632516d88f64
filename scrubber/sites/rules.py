"""The rules of a site file: what its pages show, matched in linear time.

site = "example"
hosts = ["paper.example"]
fingerprints = ["The Daily Example", "Example of the day"]

[[drop]]
rule = "tag-line"
label = "repeated_header"
line = "The Daily Example*"
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from scrubber.detectors import CERTAIN
from scrubber.document import Document
from scrubber.model import KEPT, Evidence, Label
from scrubber.sites.site import Site
from scrubber.sites.validity import is_valid


@dataclass(frozen=True)
class Rule:
    """One rule of a site file.

    What it finds in flattened text is said by `line`, by `match`, or by `first` and `last`; what it finds in HTML by
    `css` or `outside`, and where it has neither, as in text.

    Attributes:
        name: the rule's name, unique in its site.
        label: what the matched lines are.
        line: a whole line; `*` stands for any characters.
        match: a regular expression (RE2 syntax), found anywhere in the line.
        first: the first line of a block, written like `line`; `last`: its last, included.
        also: how many of the following lines are taken along.
        css: a selector; it matches the lines that stand in what it finds.
        outside: a selector; it matches the lines that do not, where it finds any.
        valid_from, valid_until: the first and the last day of the pages that it is for; None for an open end.
    """

    name: str
    label: Label
    line: str | None = None
    match: str | None = None
    first: str | None = None
    last: str | None = None
    also: int = 0
    css: str | None = None
    outside: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None

    @cached_property
    def pattern(self) -> Any:
        """`match` compiled by RE2 over UTF-8, which runs in linear time whatever the expression."""
        import re2  # noqa: PLC0415 - a compiled library that import scrubber should not wait for

        options = re2.Options()
        options.log_errors = False
        return re2.compile((self.match or "").encode(), options)

    def lines(self, document: Document) -> Iterator[int]:
        """Yield the indices of the lines that the rule matches, in order."""
        if document.doms is not None and (selector := self.css or self.outside):
            found = document.lines_matching(selector)
            yield from found if self.css else _others(found, len(document))
        elif self.reads_text:
            yield from self._text_lines(document)

    @property
    def reads_text(self) -> bool:
        """Whether the rule says what it finds in flattened text."""
        return not (self.line is None and self.match is None and self.first is None)

    def _text_lines(self, document: Document) -> Iterator[int]:
        if self.first is not None and self.last is not None:
            yield from _blocks(document.texts, self.first, self.last)
            return
        done = 0
        for index in self._matches(document.texts):
            stop = min(index + self.also + 1, len(document))
            yield from range(max(index, done), stop)
            done = stop

    def _matches(self, texts: Iterable[str]) -> Iterator[int]:
        if (line := self.line) is not None:
            head = line.partition("*")[0]  # dismisses nearly every line before the pattern is taken apart
            return (index for index, text in enumerate(texts) if text.startswith(head) and glob(line, text))
        search = self.pattern.search
        return (index for index, text in enumerate(texts) if search(text.encode("utf-8", "replace")))


def glob(pattern: str, text: str) -> bool:
    """Tell whether a text is a pattern in which `*` stands for any characters, in linear time.

    >>> glob("Name *", "Name *"), glob("*today*", "Arab Today, arab today"), glob("Home", "Homes")
    (True, True, False)
    """
    first, *rest = pattern.split("*")
    if not rest:
        return pattern == text
    if not text.startswith(first):
        return False
    position = len(first)
    for part in rest[:-1]:
        found = text.find(part, position)
        if found < 0:
            return False
        position = found + len(part)
    return text.endswith(rest[-1]) and len(text) - len(rest[-1]) >= position


def _blocks(texts: Iterable[str], first: str, last: str) -> Iterator[int]:
    """Yield the lines of every block that is closed; one that is never closed is none."""
    block: list[int] = []
    for index, text in enumerate(texts):
        if block or glob(first, text):
            block.append(index)
            if glob(last, text):
                yield from block
                block = []


def _others(found: Iterable[int], count: int) -> Iterator[int]:
    """Yield the lines that were not found, where any was."""
    known = set(found)
    return (index for index in range(count) if index not in known) if known else iter(())


class RuleSite(Site):
    """A site made of rules."""

    def __init__(
        self,
        name: str,
        rules: Iterable[Rule],
        *,
        hosts: Iterable[str] = (),
        fingerprints: Iterable[str] = (),
        signatures: Iterable[str] = (),
        valid_from: date | None = None,
        valid_until: date | None = None,
    ) -> None:
        """Make a site of rules; the other arguments are the attributes of `Site`."""
        self.name = name
        self.rules = tuple(rules)
        self.hosts = tuple(hosts)
        self.fingerprints = tuple(fingerprints)
        self.signatures = tuple(signatures)
        self.valid_from = valid_from
        self.valid_until = valid_until

    def find(self, document: Document) -> Iterator[Evidence]:
        """Yield evidence for every line that a rule matches, rule by rule."""
        for rule in self.rules:
            if not is_valid(rule, document.date):
                continue
            verb = "keeps it" if rule.label in KEPT else "takes it out"
            name, reason = f"{self.name}/{rule.name}", f"the rule “{rule.name}” of {self.name} {verb}"
            for index in rule.lines(document):
                yield Evidence(index, rule.label, CERTAIN, name, reason)
