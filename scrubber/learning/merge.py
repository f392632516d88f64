"""Learning a site again: what a person wrote stays, what was learned is replaced.

A file is read as paragraphs. Those that learning wrote and nobody changed are known by their mark and its
checksum; all others are hand-made and stay as they are, in their order, before what is learned now.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from scrubber.errors import ScrubberError
from scrubber.learning.naming import Names
from scrubber.learning.site_file import (
    FROM_MARK,
    REVIEW_MARK,
    RULE_MARK,
    checksum,
    fingerprints_lines,
    from_paragraph,
    hosts_line,
    join,
    learned_paragraphs,
)
from scrubber.learning.template import LearnedRule, Template
from scrubber.sites import Rule

VERBS = ("keep", "drop")
UNUSUAL = (
    "it is written in a way that learning can't add to without a loss. Write each rule as a table of its own, "
    "[[drop]] or [[keep]], with a blank line between two of them."
)

SELECTORS = ("line", "match", "from", "until", "css")

_TABLE = re.compile(r"^\s*\[\[?\s*\w", re.MULTILINE)
_MARKED = re.compile(rf"{re.escape(RULE_MARK)}(?P<sum>[0-9a-f]{{8}}):.*?(?P<day>\d{{4}}-\d\d-\d\d)?$", re.MULTILINE)


_HOSTS = re.compile(rf"^(?P<table>hosts = \[.*\])  {RULE_MARK}(?P<sum>[0-9a-f]{{8}})$", re.MULTILINE)
_FINGERPRINTS = re.compile(
    rf"^{RULE_MARK}(?P<sum>[0-9a-f]{{8}}):.*\n(?P<table>fingerprints = \[\n(?:    .*\n)*\])$", re.MULTILINE
)


class CannotMerge(ScrubberError):
    """A site file is not valid, or is written in a way that learning can't add to; says what to do."""


def merge(text: str, template: Template, on: date) -> str:
    """Return a site file with what was learned now in place of what was learned before.

    Raises:
        CannotMerge: the file is no valid TOML, or something written by hand would not stay as it is.
    """
    _tables(text, "it is not valid TOML: {error}. Mend it, or learn into another folder.")
    text = _with_new_head(text, template)
    before = _tables(text, UNUSUAL)
    parts = [part for paragraph in _paragraphs(text) for part in _parts(paragraph)]
    own = [part for part in parts if not _is_learned(part)]
    rules = _rules(_tables(join(own), UNUSUAL))
    learned = learned_paragraphs(_beside(template, rules), on, _days(parts))
    first = next((index for index, part in enumerate(own) if _TABLE.search(part)), len(own))
    merged = join([*own[:first], from_paragraph(template, on), *own[first:], *learned])
    after = _tables(merged, UNUSUAL)
    if _head(before) != _head(after) or any(rule not in _rules(after) for rule in rules):
        raise CannotMerge(UNUSUAL)
    return merged


def _with_new_head(text: str, template: Template) -> str:
    """Return a site file with the hosts and fingerprints that are known now, where learning wrote those that it has."""
    if template.host:
        text = _replaced(_HOSTS, text, hosts_line(template.host))
    if template.fingerprints:
        text = _replaced(_FINGERPRINTS, text, fingerprints_lines(template.fingerprints))
    return text


def _replaced(pattern: re.Pattern[str], text: str, new: str) -> str:
    """Replace what learning wrote and nobody has changed."""
    return pattern.sub(lambda old: new if checksum(old["table"]) == old["sum"] else old[0], text)


def _paragraphs(text: str) -> Iterator[str]:
    return (paragraph.strip("\n") for paragraph in re.split(r"\n[ \t]*\n", text) if paragraph.strip())


def _parts(paragraph: str) -> Iterator[str]:
    """Yield a paragraph, or, where a rule was written right below a learned one, each of them."""
    starts = [found.start() for found in _TABLE.finditer(paragraph)]
    if not paragraph.startswith(RULE_MARK) or len(starts) < 2:  # noqa: PLR2004 - one table and another
        yield paragraph
        return
    rows = paragraph[: starts[1]].rstrip("\n").split("\n")
    while rows[-1].startswith("#"):
        rows.pop()
    first = "\n".join(rows)
    yield first
    yield from _parts(paragraph[len(first) :].lstrip("\n"))


def _is_learned(part: str) -> bool:
    """Tell whether learning wrote a paragraph and nobody has changed it."""
    if part.startswith(FROM_MARK):
        return not _TABLE.search(part)
    if part.startswith(REVIEW_MARK):
        return all(line.startswith("#") for line in part.split("\n"))
    mark, table = _MARKED.match(part), _TABLE.search(part)
    return mark is not None and table is not None and checksum(part[table.start() :].strip()) == mark["sum"]


def _days(parts: Iterable[str]) -> dict[str, str]:
    """Return the days on which rules were first learned, by their checksums."""
    found = (_MARKED.match(part) for part in parts)
    return {mark["sum"]: mark["day"] for mark in found if mark and mark["day"]}


def _beside(template: Template, own: list[tuple[str, dict[str, Any]]]) -> Template:
    """Return a template without what rules made by hand say already, its names unlike theirs."""
    said = {_selected(rule) for _, rule in own}
    names = Names(rule["rule"] for _, rule in own if isinstance(rule.get("rule"), str))

    def renamed(rules: Iterable[LearnedRule]) -> tuple[LearnedRule, ...]:
        new = [one for one in rules if _selects(one.rule) not in said]
        return tuple(replace(one, rule=replace(one.rule, name=names.new(one.rule.name))) for one in new)

    return replace(template, rules=renamed(template.rules), review=renamed(template.review))


def _selects(rule: Rule) -> tuple[str | None, ...]:
    return rule.line, rule.match, rule.first, rule.last, rule.css


def _selected(rule: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(rule.get(key) for key in SELECTORS)


def _tables(text: str, problem: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise CannotMerge(problem.format(error=error)) from error


def _rules(tables: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    found = [(verb, rule) for verb in VERBS for rule in tables.get(verb, ())]
    if not all(isinstance(rule, dict) for _, rule in found):
        raise CannotMerge(UNUSUAL)
    return found


def _head(tables: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in tables.items() if key not in VERBS}
