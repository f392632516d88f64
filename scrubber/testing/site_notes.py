"""What a person should look at before the rules of a new site are trusted, as a page of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from scrubber.learning import LearnedRule, Template
from scrubber.learning.site_file import comment
from scrubber.testing.new_cases import NewCase

NOTES_FILE = "NOTES.md"

MOST_LISTED = 10
"""Rules and lines that are listed of each kind; the site file and the cases have all."""


def notes(host: str, template: Template, cases: Sequence[NewCase]) -> str:
    """Return the page."""
    return "\n".join(_lines(host, template, cases)) + "\n"


def _lines(host: str, template: Template, cases: Sequence[NewCase]) -> Iterator[str]:
    yield f"# {host}\n"
    again = f" {template.repeated} more said the same again." if template.repeated else ""
    yield f"Made by `scrubber new-site` from {template.pages} pages.{again}\n"
    firm = [rule for rule in template.rules if rule.note]
    yield "## Rules to look at\n"
    yield f"`site.toml` has {len(template.rules)} rules. {_kept(len(firm))}\n"
    yield from _listed(firm)
    yield f"## For review\n\n{_review(len(template.review))}\n"
    yield from _listed(template.review)
    yield "## Cases\n"
    yield "What they expect was recorded and read by nobody. Read each against its page; then set its provenance to"
    yield "`checked`, with `checked_by` and `checked_on`. Cleaning was least sure of:\n"
    for case in cases:
        yield f"- `{case.place}` ({comment(case.source)})"
        yield from (f"    - {line}" for line in case.look_at[:MOST_LISTED])
    if not cases:
        yield "- there is none: no page could be cleaned without breaking a law; run `scrubber explain` on one"


def _kept(count: int) -> str:
    if not count:
        return "Generic cleaning takes out most of what they match; they make sure of it."
    named = "One of them takes" if count == 1 else f"{count} of them take"
    return f"{named} out lines that would stay without it. None of them should ever be part of an article:"


def _review(count: int) -> str:
    if not count:
        return "Nothing recurs that looks like part of the articles."
    named = "One line recurs and looks" if count == 1 else f"{count} lines recur and look"
    return f"{named} like part of the articles. They are commented out at the end of `site.toml`:"


def _listed(rules: Iterable[LearnedRule]) -> Iterator[str]:
    shown = list(rules)
    for rule in shown[:MOST_LISTED]:
        yield f"- `{rule.rule.name}`, on {rule.share:.0%} of the pages, {rule.where}: {comment(rule.example)}"
    if len(shown) > MOST_LISTED:
        yield f"- {len(shown) - MOST_LISTED} more"
    if shown:
        yield ""
