"""`scrubber stats`: what a run dropped, by label, rule and host, and which articles are like each other."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scrubber.cli.corpora import one_folder, told
from scrubber.cli.outputs import StandardOutput
from scrubber.cli.parser import Parser
from scrubber.report.safe import safe_text
from scrubber.report.table import plain_table

if TYPE_CHECKING:
    from scrubber.corpus.stats import Group, Stats

RULES_SHOWN = 25
HOSTS_SHOWN = 20
NAMES_SHOWN = 8
TWINS_SHOWN = 10

NOTES = """\
Shares are of the characters of the decoded pages. The labels are those of scrubber clean; the rule is the one that
weighed most. Rows are counted from 0, in the order of the output.

Examples:
  scrubber stats out/
  scrubber stats out/ --near-duplicates
  scrubber stats out/ --json | jq '.hosts["paper.example"]'
"""


def run(arguments: Sequence[str], *, debug: bool) -> bool:
    """Run the command; always done when it returns."""
    parser = Parser("stats", "Show what a run dropped, and what its pages are like.", "OUT [OPTIONS]", NOTES)
    parser.add_argument("paths", nargs="*", metavar="OUT", help="the folder of a run")
    text = "look for articles that are nearly the same (MinHash); takes about a kilobyte of memory a page"
    parser.add_argument("--near-duplicates", action="store_true", help=text)
    parser.add_argument("--json", action="store_true", help="print one JSON object, with every host and rule")
    options = parser.read(arguments)
    if options is None:
        return True
    with told():
        from scrubber.corpus.folder import RunFolder
        from scrubber.corpus.stats import stats

        found = stats(RunFolder(Path(one_folder(options.paths, "stats"))), near=options.near_duplicates)
    page = json.dumps(found.to_dict()) if options.json else safe_text("\n".join(_lines(found, options.near_duplicates)))
    StandardOutput().write(f"{page}\n")
    return True


def _lines(found: Stats, near: bool) -> Iterator[str]:
    from scrubber.corpus.stats import NAMED

    whole = found.whole
    yield f"{whole.pages:,} pages, {whole.chars:,} characters, {whole.dropped_share:.1%} dropped"
    if found.lengths:
        low, middle, high = found.quantiles()
        empty = sum(not length for length in found.lengths)
        yield f"articles: {middle:,} characters (median; {low:,} to {high:,} for eight in ten), {empty:,} empty"
    for name in NAMED:
        yield f"{name}: {_named(getattr(whole, name))}"
    yield f"duplicates: {whole.same:,} the same as an earlier article" + (f", {whole.near:,} nearly" if near else "")
    yield from (f"  row {row:,} is like row {like:,} ({share:.0%})" for row, like, share in found.twins[:TWINS_SHOWN])
    yield ""
    yield plain_table(("LABEL", "RULE", "CHARACTERS", "SHARE"), list(_rules(whole)))
    head = ("HOST", "PAGES", "DROPPED", "MOSTLY", "SAME", "NEAR")
    yield plain_table(head, list(_hosts(found.hosts.items()))).rstrip()


def _named(counter: Counter[str]) -> str:
    shown = [f"{name or 'unknown'} {count:,}" for name, count in counter.most_common(NAMES_SHOWN)]
    return ", ".join(shown) or "none"


def _rules(group: Group) -> Iterator[tuple[str, ...]]:
    for (label, rule), chars in group.removed.most_common(RULES_SHOWN):
        yield label, rule or "-", f"{chars:,}", f"{chars / group.chars:.1%}"


def _hosts(hosts: Iterable[tuple[str, Group]]) -> Iterator[tuple[str, ...]]:
    for host, group in sorted(hosts, key=lambda one: (-one[1].pages, one[0]))[:HOSTS_SHOWN]:
        mostly = next((label for label, _ in group.labels.most_common(1)), "-")
        counts = (f"{group.same:,}", f"{group.near:,}")
        yield host or "(no address)", f"{group.pages:,}", f"{group.dropped_share:.1%}", mostly, *counts
