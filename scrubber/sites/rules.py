"""Site files: what a site's pages show, written as TOML and matched in linear time.

site = "example"
hosts = ["paper.example"]
fingerprints = ["The Daily Example", "Example of the day"]

[[drop]]
rule = "tag-line"
label = "repeated_header"
line = "The Daily Example*"
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from scrubber.detectors import CERTAIN
from scrubber.document import EDGES, Document
from scrubber.errors import PluginError
from scrubber.model import KEPT, Evidence, Label
from scrubber.sites.matching import host_of
from scrubber.sites.site import Site

MAX_BYTES = 4 * 1024 * 1024
"""Bytes of a site file. The largest hand-made ones have a few thousand; a larger one is a mistake."""

MAX_RULES = 10_000
"""Rules of one site, far above what a person can review."""

MAX_ALSO = 20
"""Lines that one match may take along."""

SITE_KEYS = {"site": str, "hosts": list, "fingerprints": list, "signatures": list, "keep": list, "drop": list}
RULE_KEYS = {"rule": str, "label": str, "line": str, "match": str, "from": str, "until": str, "also": int}
DEFAULT_LABELS = {"keep": Label.PARAGRAPH, "drop": Label.NON_CONTENT}

_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*")


@dataclass(frozen=True)
class Rule:
    """One rule of a site file. Either `line`, `match`, or `first` and `last` is set.

    Attributes:
        name: the rule's name, unique in its site.
        label: what the matched lines are.
        line: a whole line; `*` stands for any characters.
        match: a regular expression (RE2 syntax), found anywhere in the line.
        first: the first line of a block, written like `line`; `last`: its last, included.
        also: how many of the following lines are taken along.
    """

    name: str
    label: Label
    line: str | None = None
    match: str | None = None
    first: str | None = None
    last: str | None = None
    also: int = 0

    @cached_property
    def pattern(self) -> Any:
        """`match` compiled by RE2 over UTF-8, which runs in linear time whatever the expression."""
        import re2  # noqa: PLC0415 - a compiled library that import scrubber should not wait for

        options = re2.Options()
        options.log_errors = False
        return re2.compile((self.match or "").encode(), options)

    def lines(self, document: Document) -> Iterator[int]:
        """Yield the indices of the lines that the rule matches, in order."""
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


class RuleSite(Site):
    """A site made of rules."""

    def __init__(self, name: str, rules: Iterable[Rule], **matching: Iterable[str]) -> None:
        """Make a site of rules; `matching` are its `hosts`, `fingerprints` and `signatures`."""
        self.name = name
        self.rules = tuple(rules)
        self.hosts = tuple(matching.get("hosts", ()))
        self.fingerprints = tuple(matching.get("fingerprints", ()))
        self.signatures = tuple(matching.get("signatures", ()))

    def find(self, document: Document) -> Iterator[Evidence]:
        """Yield evidence for every line that a rule matches, rule by rule."""
        for rule in self.rules:
            verb = "keeps it" if rule.label in KEPT else "takes it out"
            name, reason = f"{self.name}/{rule.name}", f"the rule “{rule.name}” of {self.name} {verb}"
            for index in rule.lines(document):
                yield Evidence(index, rule.label, CERTAIN, name, reason)


def load_site(path: Path) -> RuleSite:
    """Read a site file.

    Raises:
        PluginError: the file can't be read, is no TOML, or holds a key, label or expression that is not
            valid; the message names the file, the line and the nearest valid name.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise PluginError(f"{path}: {size:,} bytes; a site file may have {MAX_BYTES:,}. Split it.")
        raw = path.read_bytes()
    except OSError as error:
        raise PluginError(f"{path}: can't be read ({error.strerror}). Check the path and its permissions.") from error
    try:
        text = raw.decode("utf-8-sig")
        data = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise PluginError(f"{path}, line {line}: is not UTF-8 at byte {error.start}. Save it as UTF-8.") from error
    except (ValueError, RecursionError) as error:  # tomllib raises more than its own error for numbers of many digits
        raise PluginError(f"{path}: is not valid TOML: {error}") from error
    return _Reader(path, text).site(data)


class _Reader:
    """Turns the tables of one file into a site; knows the file, so that every message can name the line."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text

    def site(self, data: Mapping[str, Any]) -> RuleSite:
        self.check(data, SITE_KEYS, "", 0)
        if not data.get("site"):
            raise PluginError(f'{self.path}: has no name. Add a line such as: site = "example"')
        if sum(len(data.get(verb, ())) for verb in DEFAULT_LABELS) > MAX_RULES:
            raise PluginError(f"{self.path}: has more than {MAX_RULES:,} rules. Split the site or merge rules.")
        return RuleSite(data["site"], self.rules(data), **self.matching(data))

    def rules(self, data: Mapping[str, Any]) -> list[Rule]:
        found: dict[str, Rule] = {}
        for verb in DEFAULT_LABELS:
            for nth, table in enumerate(data.get(verb, ())):
                rule = self.rule(verb, nth, table)
                if rule.name in found:
                    place = self.where(verb, nth, "rule")
                    raise PluginError(f"{place}: two rules are named “{rule.name}”. Rename one.")
                found[rule.name] = rule
        return list(found.values())

    def matching(self, data: Mapping[str, Any]) -> dict[str, list[str]]:
        matching = {key: data.get(key, []) for key in ("hosts", "fingerprints", "signatures")}
        for key, values in matching.items():
            if not all(isinstance(value, str) and value.strip(EDGES) for value in values):
                raise PluginError(f"{self.where('', 0, key)}: “{key}” must be a list of texts that are not empty.")
        for host in matching["hosts"]:
            if not _HOST.fullmatch(host):
                close = host_of(host).lstrip("*.")
                hint = f"Did you mean “{close}”?" if _HOST.fullmatch(close) else "Write it like “paper.example”."
                raise PluginError(f"{self.where('', 0, 'hosts')}: “{host}” is no host name. {hint}")
        return matching

    def rule(self, verb: str, nth: int, table: object) -> Rule:
        if not isinstance(table, dict):
            raise PluginError(f"{self.where('', 0, verb)}: {self.as_tables(verb)}")
        self.check(table, RULE_KEYS, verb, nth)
        name = table.get("rule")
        if not name:
            raise PluginError(f'{self.where(verb, nth)}: the rule has no name. Add: rule = "what-it-matches"')
        selectors = [key for key in ("line", "match", "from") if key in table]
        if len(selectors) != 1 or ("from" in table) != ("until" in table):
            raise PluginError(
                f"{self.where(verb, nth)}: “{name}” needs exactly one of `line`, `match`, or `from` with `until`."
            )
        if "from" in table and "also" in table:
            place = self.where(verb, nth, "also")
            raise PluginError(f"{place}: `also` goes with `line` or `match`; a block has an end of its own.")
        rule = Rule(
            name,
            self.label(verb, nth, table.get("label", DEFAULT_LABELS[verb])),
            table.get("line"),
            table.get("match"),
            table.get("from"),
            table.get("until"),
            self.also(verb, nth, table.get("also", 0)),
        )
        self.compile(rule, verb, nth)
        return rule

    def label(self, verb: str, nth: int, value: str) -> Label:
        allowed = [label for label in Label if (label in KEPT) == (verb == "keep")]
        if value not in allowed:
            place = self.where(verb, nth, "label")
            raise PluginError(f"{place}: “{value}” is no label for [[{verb}]]. {_nearest(value, allowed)}")
        return Label(value)

    def also(self, verb: str, nth: int, value: int) -> int:
        if not 0 <= value <= MAX_ALSO:
            raise PluginError(f"{self.where(verb, nth, 'also')}: `also` must be from 0 to {MAX_ALSO}.")
        return value

    def compile(self, rule: Rule, verb: str, nth: int) -> None:
        if rule.match is None:
            return
        try:
            _ = rule.pattern
        except Exception as error:
            place = self.where(verb, nth, "match")
            hint = "RE2 has no look-around and no back-references; see https://github.com/google/re2/wiki/Syntax"
            raise PluginError(f"{place}: “{rule.match}” can't be compiled ({error}). {hint}") from error

    def check(self, table: Mapping[str, Any], keys: Mapping[str, type], verb: str, nth: int) -> None:
        for key, value in table.items():
            if key not in keys:
                raise PluginError(f"{self.where(verb, nth, key)}: unknown key “{key}”. {_nearest(key, keys)}")
            if type(value) is not keys[key]:
                kind = {str: "a text", list: "a list", int: "a whole number"}[keys[key]]
                must = self.as_tables(key) if key in DEFAULT_LABELS else f"“{key}” must be {kind}."
                raise PluginError(f"{self.where(verb, nth, key)}: {must}")
            if isinstance(value, str) and not value.strip():
                raise PluginError(f"{self.where(verb, nth, key)}: “{key}” must not be empty.")

    @staticmethod
    def as_tables(verb: str) -> str:
        return f"write each rule as a table under [[{verb}]]."

    def where(self, verb: str, nth: int, key: str = "") -> str:
        """Name the file and the line of a key: of the nth table `[[verb]]`, or of the file's head."""
        current, seen = "", -1
        for number, line in enumerate(self.text.split("\n"), start=1):
            header = re.match(r"\s*\[\[?\s*([\w-]+)", line)
            if header:
                current = header[1]
                seen += current == verb
            here = (current, seen) == (verb, nth) if verb else not current or bool(header and header[1] == key)
            if here and (not key or (header and not verb) or re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line)):
                return f"{self.path}, line {number}"
        return str(self.path)


def _nearest(name: str, known: Iterable[str]) -> str:
    names = [str(key) for key in known]
    close = difflib.get_close_matches(name, names, 1)
    return f"Did you mean “{close[0]}”?" if close else "Valid are: " + ", ".join(sorted(names)) + "."
