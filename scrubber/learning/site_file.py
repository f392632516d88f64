"""A template as a site file: rules with what they were learned from, and lines for review that have no effect yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from zlib import crc32

from scrubber.learning.template import LearnedRule, Template
from scrubber.model import KEPT, Label
from scrubber.sites import Rule

FROM_MARK = "# learned from "
RULE_MARK = "# learned "
REVIEW_MARK = "# review"
"""How the paragraphs begin that learning writes anew; all others are hand-made."""

EXAMPLE_CHARS = 100
"""Characters of an example that is shown."""

FINGERPRINTS_COMMENT = "two of these lines on a page without a URL make it the site's"

REVIEW_HEAD = (
    f"{REVIEW_MARK}: what follows recurs too, but may be the articles' own, and has no effect. To use a rule,",
    "# take the “# ” off its lines from [[ on; the next run leaves it as it is then.",
)


def learned_paragraphs(template: Template, on: date, since: Mapping[str, str] = MappingProxyType({})) -> list[str]:
    """Return the learned rules and what is for review, each a paragraph of a site file.

    Args:
        template: what was learned.
        on: the day on which it was.
        since: for the checksum of a rule the day on which it was first learned.
    """
    rules = [rule_paragraph(rule, template, on.isoformat(), since) for rule in template.rules]
    review = [review_paragraph(rule, template) for rule in template.review]
    return [*rules, *(["\n".join(REVIEW_HEAD), *review] if review else [])]


def head(template: Template, name: str) -> str:
    """Return the first paragraph of a new site file: its name and how its pages are known."""
    hosts = [hosts_line(template.host)] if template.host else []
    fingerprints = [fingerprints_lines(template.fingerprints)] if template.fingerprints else []
    return "\n".join([f"site = {toml(name)}", *hosts, *fingerprints])


def hosts_line(host: str) -> str:
    """Return the hosts of a site file, with a mark by which a change by hand is known."""
    line = f"hosts = [{toml(host)}]"
    return f"{line}  {RULE_MARK}{checksum(line)}"


def fingerprints_lines(fingerprints: Iterable[str]) -> str:
    """Return the fingerprints of a site file below their mark."""
    table = "fingerprints = [\n" + "".join(f"    {toml(line)},\n" for line in fingerprints) + "]"
    return f"{RULE_MARK}{checksum(table)}: {FINGERPRINTS_COMMENT}\n{table}"


def from_paragraph(template: Template, on: date) -> str:
    """Return what the file was learned from, and what becomes of it when it is learned again."""
    again = f", {template.repeated} more that say the same again" if template.repeated else ""
    large = f", {template.too_large} too large to be an article left out" if template.too_large else ""
    return "\n".join(
        [
            f"{FROM_MARK}{template.pages} pages{again}{large}, on {on.isoformat()}",
            "# Paragraphs that begin with “# learned” or “# review” are written anew when the site is learned again,",
            "# unless they were changed; all else stays. Rules come by the words they take out, blocks and css last.",
        ]
    )


def rule_paragraph(learned: LearnedRule, template: Template, on: str, since: Mapping[str, str]) -> str:
    """Return a rule with its comment; its mark holds a checksum by which a change by hand is known."""
    table = "\n".join(["[[drop]]", *rule_lines(learned.rule)])
    words, mark = f"{learned.weight:.1f} words a page", checksum(table)
    lines = [
        f"{RULE_MARK}{mark}: {_shown(learned, template)}, {learned.where}, {words}, {since.get(mark, on)}",
        f"#   for example: {comment(learned.example)}",
        *([f"#   {comment(learned.note)}"] if learned.note else []),
        table,
    ]
    return "\n".join(lines)


def review_paragraph(learned: LearnedRule, template: Template) -> str:
    """Return a rule that has no effect yet, with the reason; it keeps what generic cleaning would take out."""
    verb = "keep" if learned.rule.label in KEPT else "drop"
    lines = [
        f"{REVIEW_MARK}: {_shown(learned, template)}, {learned.where}: {comment(learned.note)}",
        f"#   for example: {comment(learned.example)}",
        *(f"# {line}" for line in [f"[[{verb}]]", *rule_lines(learned.rule)]),
    ]
    return "\n".join(lines)


def rule_lines(rule: Rule) -> Iterator[str]:
    """Yield the keys of a rule, a line each."""
    label = rule.label if rule.label is not Label.NON_CONTENT else None
    keys = {"rule": rule.name, "label": label, "line": rule.line, "match": rule.match}
    keys |= {"from": rule.first, "until": rule.last, "css": rule.css}
    yield from (f"{key} = {toml(value)}" for key, value in keys.items() if value is not None)
    if rule.also:
        yield f"also = {rule.also}"


def checksum(table: str) -> str:
    """Return eight digits that change with any change of a table's text."""
    return f"{crc32(table.encode('utf-8')):08x}"


def toml(value: str) -> str:
    r"""Return a text as a TOML string; what can't be seen is written as an escape.

    >>> print(toml("Name *"), toml('say "a"'), toml("^\\d+$"), toml("a\u202eb"))
    "Name *" 'say "a"' '^\d+$' "a\u202eb"
    """
    if ("\\" in value or '"' in value) and "'" not in value and value.isprintable():
        return f"'{value}'"
    return '"' + "".join(map(_escaped, value)) + '"'


def _escaped(character: str) -> str:
    if character in {'"', "\\"}:
        return f"\\{character}"
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - the last one of four digits


def comment(text: str) -> str:
    """Return a text as part of a comment: on one line, what can't be seen as escapes, cut where it is long."""
    cut = text if len(text) <= EXAMPLE_CHARS else text[:EXAMPLE_CHARS] + "…"
    return "".join(character if character.isprintable() else _escaped(character) for character in cut)


def _shown(learned: LearnedRule, template: Template) -> str:
    return f"{learned.pages} of {template.pages} pages ({learned.share:.0%})"


def new_file(template: Template, name: str, on: date) -> str:
    """Return a site file that is learned for the first time."""
    return join([head(template, name), from_paragraph(template, on), *learned_paragraphs(template, on)])


def join(paragraphs: Iterable[str]) -> str:
    """Return paragraphs as a file."""
    return "\n\n".join(paragraphs) + "\n"
