"""Site files of FiveFilters and wallabag (`host.com.txt`), read and turned into a site file of ours.

They say where on a page title, author and body stand, and what is stripped from it, by XPath. Each directive becomes
a rule with a selector, or is reported with the reason why none can stand for it.
"""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from scrubber.errors import ScrubberError
from scrubber.model import Label
from scrubber.segment.selectors import BadSelector, read_selector
from scrubber.sites.schema import MAX_BYTES
from scrubber.sites.xpath import NoSelector, element_css, to_css

SUFFIX = ".txt"

_HOST = re.compile(r"\.?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+")
_DIRECTIVE = re.compile(r"([A-Za-z_-]+)\s*(?:\(.*\)\s*)?:\s*(.*)")

_REASONS = {
    "says how pages are fetched; scrubber fetches nothing": (
        "http_header next_page_link single_page_link single_page_link_in_feed login_uri login_username_field "
        "login_password_field login_extra_fields requires_login not_logged_in_xpath src_lazy_load_attr"
    ),
    "is about images; scrubber keeps text": "strip_image_src insert_detected_image",
    "changes the markup before it is read; rules here are about the lines that come of it": (
        "find_string replace_string wrap_in strip_attr convert_double_br_tags dissolve move_into strip_comments"
    ),
    "tunes another program's extraction; here each line is decided by evidence": (
        "tidy prune parser autodetect_on_failure autodetect_next_page skip_json_ld footnotes native_ad_clue "
        "skip_id_or_class"
    ),
    "no label is a date; scrubber reads it from the page's metadata": "date",
    "makes another directive conditional; rules here hold on every page of the site": "if_page_contains",
}
MEANINGLESS = {name: reason for reason, names in _REASONS.items() for name in names.split()}
"""Directives that no rule can stand for, each with the reason."""

TESTS = ("test_url", "test_contains")
"""Directives that are kept for cases."""

IMPORTED, NOTED, NOT_IMPORTED = "imported", "noted", "not imported"

ORDER = (Label.TITLE, Label.BYLINE, Label.NON_CONTENT)
"""The order of rules in a file: of two that match one line, the first names it."""

NOTES_FILE = "import.md"


class BadFtrFile(ScrubberError):
    """A file can't be imported as a whole; says why."""


class Told(NamedTuple):
    """What became of one line: `outcome` is `imported`, `noted` or `not imported`, `why` says the rest."""

    line: int
    text: str
    outcome: str
    why: str


class ImportedRule(NamedTuple):
    """A rule in the making: `key` is `css` or `outside`."""

    name: str
    label: Label
    key: str
    selector: str
    origin: str


@dataclass
class Imported:
    """A site in the making, and what became of each line of its file.

    Attributes:
        file: the file's name; `name` is the site's.
        host: the host that the file is for.
        rules: the rules, in the order of the file.
        tests: the addresses to test with, each with the snippets that its text should contain.
        told: the account, line by line; comments and blank lines have none.
    """

    file: str
    name: str
    host: str
    rules: list[ImportedRule] = field(default_factory=list)
    tests: list[tuple[str, list[str]]] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


def import_ftr(name: str, text: str) -> Imported:
    """Import a file; `name` is its name, which says the host: `paper.example.txt`, `.paper.example.txt`.

    Raises:
        BadFtrFile: the name is none of a host, or the file is over `MAX_BYTES`.
    """
    host = name.lower().removesuffix(SUFFIX)
    if not name.lower().endswith(SUFFIX) or not _HOST.fullmatch(host):
        raise BadFtrFile(f"{name}: is no name of a site file. It is the host's: paper.example{SUFFIX}")
    if len(text) > MAX_BYTES:
        raise BadFtrFile(f"{name}: has over {MAX_BYTES:,} characters, the limit of a site file.")
    bare = host.lstrip(".").removeprefix("www.")
    site = bare.replace(".", "-") + ("-subdomains" if host.startswith(".") else "")
    importer = _Importer(Imported(name, site, bare))
    for number, row in enumerate(text.splitlines(), start=1):
        line = row.strip()
        if line and not line.startswith("#"):
            importer.imported.told.append(Told(number, line, *importer.read(line)))
    return importer.imported


class _Importer:
    """Reads directives one by one."""

    def __init__(self, imported: Imported) -> None:
        self.imported = imported
        self.names: Counter[str] = Counter()
        self.tried: dict[str, list[str] | None] = {}
        self.handlers: dict[str, Callable[[str], str]] = {
            "title": lambda value: self.first_of("title", Label.TITLE, "css", value),
            "author": lambda value: self.first_of("author", Label.BYLINE, "css", value),
            "body": lambda value: self.first_of("outside-body", Label.NON_CONTENT, "outside", value),
            "strip": lambda value: self.rule("strip", Label.NON_CONTENT, "css", to_css(value), value),
            "strip_id_or_class": self.strip_word,
        }

    def read(self, line: str) -> tuple[str, str]:
        """Take a line, and return what became of it, and why."""
        found = _DIRECTIVE.fullmatch(line)
        if found is None:
            return NOT_IMPORTED, "is no directive; one is written “name: value”"
        name, value = found[1].lower(), found[2].strip()
        if name in MEANINGLESS:
            return NOT_IMPORTED, MEANINGLESS[name]
        try:
            if name in self.handlers:
                return IMPORTED, self.handlers[name](value)
            if name in TESTS:
                return NOTED, self.note(name, value)
        except NoSelector as error:
            return NOT_IMPORTED, str(error)
        return NOT_IMPORTED, f"is an unknown directive. {_nearest(name, [*self.handlers, *MEANINGLESS, *TESTS])}"

    def note(self, name: str, value: str) -> str:
        if name == "test_url":
            self.imported.tests.append((value, []))
            return "an address to test with"
        if not self.imported.tests:
            raise NoSelector("stands before any test_url")
        self.imported.tests[-1][1].append(value)
        return "a snippet that the text of the last test_url should contain"

    def first_of(self, kind: str, label: Label, key: str, value: str) -> str:
        """Take one of several directives of which the first that finds anything counts."""
        before = self.tried.setdefault(kind, [])
        if before is None:
            raise NoSelector("is for pages on which those before it find nothing, and one of them is not imported")
        try:
            found = to_css(value)
        except NoSelector:
            self.tried[kind] = None
            raise
        css = [f"html:not(:has({', '.join(before)})) {one}" for one in found] if before else found
        try:
            read_selector(", ".join(css))
        except BadSelector as error:
            raise NoSelector("is for pages on which those before it find nothing, which no selector says") from error
        before += found
        return self.rule(kind, label, key, css, value)

    def strip_word(self, value: str) -> str:
        word = value.replace("'", "").replace('"', "").strip()
        if len(word.split()) != 1:
            raise NoSelector("is not one word")
        return self.rule("strip", Label.NON_CONTENT, "css", element_css(word), value)

    def rule(self, kind: str, label: Label, key: str, css: Sequence[str], origin: str) -> str:
        selector = ", ".join(css)
        try:
            read_selector(selector)
        except BadSelector as error:
            raise NoSelector(f"has no selector that is known here: {error}") from error
        self.names[kind] += 1
        name = kind if self.names[kind] == 1 else f"{kind}-{self.names[kind]}"
        self.imported.rules.append(ImportedRule(name, label, key, selector, origin))
        return f"rule “{name}”, {key} = {selector}"


def _nearest(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, 1)
    return f"Did you mean “{close[0]}”?" if close else "It is not one of the format's."


def write_site(imported: Imported) -> str:
    """Return the site file: what names lines comes first, what takes all the rest comes last."""
    head = [
        f"# From {imported.file}; what was not imported is in {NOTES_FILE}.",
        f"site = {_toml(imported.name)}",
        f"hosts = [{_toml(imported.host)}]",
    ]
    ordered = sorted(imported.rules, key=lambda rule: ORDER.index(rule.label) + len(ORDER) * (rule.key == "outside"))
    return "\n".join([*head, *map(_rule, ordered)]) + "\n"


def _rule(rule: ImportedRule) -> str:
    label = "" if rule.label is Label.NON_CONTENT else f"label = {_toml(rule.label)}\n"
    origin = rule.origin if rule.origin.isprintable() else repr(rule.origin)
    return f"\n[[drop]]\nrule = {_toml(rule.name)}\n{label}{rule.key} = {_toml(rule.selector)}  # {origin}"


def _toml(text: str) -> str:
    """Return a text as TOML writes it: as it is where it may be, else as JSON does, but for one control character."""
    if '"' in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def write_notes(imported: Imported) -> str:
    """Return notes in Markdown: what became of each line."""
    rows = [f"- line {told.line}, {told.outcome}: `{told.text}`: {told.why}" for told in imported.told]
    return "\n".join([f"# {imported.file}, line by line", "", *rows, ""])
