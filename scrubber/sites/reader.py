"""Reads site files, and says of each that is not right in which line and what to do."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from scrubber.document import EDGES
from scrubber.errors import PluginError
from scrubber.model import KEPT, Label
from scrubber.segment.selectors import BadSelector, read_selector
from scrubber.sites.matching import host_of, is_host
from scrubber.sites.rules import Rule, RuleSite
from scrubber.sites.schema import (
    KINDS,
    MAX_ALSO,
    MAX_BYTES,
    MAX_DOTS,
    MAX_MATCH,
    MAX_RULES,
    MAX_SELECTORS,
    RULE_KEYS,
    SITE_KEYS,
    Key,
)

DEFAULT_LABELS = {"keep": Label.PARAGRAPH, "drop": Label.NON_CONTENT}
LABELS = {verb: [label for label in Label if (label in KEPT) == (verb == "keep")] for verb in DEFAULT_LABELS}

_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'[^']*'""")


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
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise PluginError(f"{path}, line {line}: is not UTF-8 at byte {error.start}. Save it as UTF-8.") from error
    return _Reader(path, text).site(_parse(path, text))


def _parse(path: Path, text: str) -> dict[str, Any]:
    """Return the tables of a file, once it has nothing in it on which a reader of TOML takes long."""
    if text.count("\n[[") > MAX_RULES:
        raise _too_many_rules(path)
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(".") > MAX_DOTS and _QUOTED.sub("", line).count(".") > MAX_DOTS:
            raise PluginError(f"{path}, line {number}: has a key of more than {MAX_DOTS} parts. No key needs any.")
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # tomllib raises more than its own error for numbers of many digits
        raise PluginError(f"{path}: is not valid TOML: {error}") from error


def _too_many_rules(path: Path) -> PluginError:
    return PluginError(f"{path}: has more than {MAX_RULES:,} rules. Split the site or merge rules.")


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
            raise _too_many_rules(self.path)
        first, last = self.period(data, "", 0)
        hosts, fingerprints, signatures = (self.texts(data, key) for key in ("hosts", "fingerprints", "signatures"))
        for host in hosts:
            self.check_host(host)
        return RuleSite(
            data["site"],
            self.rules(data),
            hosts=hosts,
            fingerprints=fingerprints,
            signatures=signatures,
            valid_from=first,
            valid_until=last,
        )

    def rules(self, data: Mapping[str, Any]) -> list[Rule]:
        found: dict[str, Rule] = {}
        for verb in DEFAULT_LABELS:
            for nth, table in enumerate(data.get(verb, ())):
                rule = self.rule(verb, nth, table)
                if rule.name in found:
                    place = self.where(verb, nth, "rule")
                    raise PluginError(f"{place}: two rules are named “{rule.name}”. Rename one.")
                found[rule.name] = rule
        if sum(bool(rule.css or rule.outside) for rule in found.values()) > MAX_SELECTORS:
            raise PluginError(f"{self.path}: has more than {MAX_SELECTORS:,} rules with selectors. Merge some: `a, b`.")
        return list(found.values())

    def texts(self, data: Mapping[str, Any], key: str) -> list[str]:
        values: list[str] = data.get(key, [])
        if not all(isinstance(value, str) and value.strip(EDGES) for value in values):
            raise PluginError(f"{self.where('', 0, key)}: “{key}” must be a list of texts that are not empty.")
        return values

    def check_host(self, host: str) -> None:
        if not is_host(host):
            close = host_of(host).lstrip("*.")
            hint = f"Did you mean “{close}”?" if is_host(close) else "Write it like “paper.example”."
            raise PluginError(f"{self.where('', 0, 'hosts')}: “{host}” is no host name. {hint}")

    def rule(self, verb: str, nth: int, table: object) -> Rule:
        if not isinstance(table, dict):
            raise PluginError(f"{self.where('', 0, verb)}: {self.as_tables(verb)}")
        self.check(table, RULE_KEYS, verb, nth)
        name = table.get("rule")
        if not name:
            raise PluginError(f'{self.where(verb, nth)}: the rule has no name. Add: rule = "what-it-matches"')
        self.check_what_it_finds(table, verb, nth)
        first, last = self.period(table, verb, nth)
        rule = Rule(
            name,
            self.label(verb, nth, table.get("label", DEFAULT_LABELS[verb])),
            table.get("line"),
            table.get("match"),
            table.get("from"),
            table.get("until"),
            self.also(verb, nth, table.get("also", 0)),
            table.get("css"),
            table.get("outside"),
            valid_from=first,
            valid_until=last,
        )
        self.compile(rule, verb, nth)
        return rule

    def check_what_it_finds(self, table: Mapping[str, Any], verb: str, nth: int) -> None:
        name = table["rule"]
        text = [key for key in ("line", "match", "from") if key in table]
        html = [key for key in ("css", "outside") if key in table]
        if len(text) > 1 or len(html) > 1 or not text + html or ("from" in table) != ("until" in table):
            raise PluginError(
                f"{self.where(verb, nth)}: “{name}” needs one of `line`, `match`, or `from` with `until` for text, "
                "or one of `css` or `outside` for HTML, or one of each."
            )
        if "also" in table and text not in (["line"], ["match"]):
            place = self.where(verb, nth, "also")
            raise PluginError(f"{place}: `also` goes with `line` or `match`; other rules say where they end.")
        if "outside" in table and verb == "keep":
            place = self.where(verb, nth, "outside")
            raise PluginError(f"{place}: `outside` goes under [[drop]]; to keep what stands in an element, use `css`.")

    def label(self, verb: str, nth: int, value: str) -> Label:
        allowed = LABELS[verb]
        if value not in allowed:
            place = self.where(verb, nth, "label")
            raise PluginError(f"{place}: “{value}” is no label for [[{verb}]]. {_nearest(value, allowed)}")
        return Label(value)

    def also(self, verb: str, nth: int, value: int) -> int:
        if not 0 <= value <= MAX_ALSO:
            raise PluginError(f"{self.where(verb, nth, 'also')}: `also` must be from 0 to {MAX_ALSO}.")
        return value

    def period(self, table: Mapping[str, Any], verb: str, nth: int) -> tuple[date | None, date | None]:
        first, last = table.get("valid_from"), table.get("valid_until")
        if first and last and last < first:
            raise PluginError(f"{self.where(verb, nth, 'valid_until')}: `valid_until` is before `valid_from`.")
        return first, last

    def compile(self, rule: Rule, verb: str, nth: int) -> None:
        for key, selector in (("css", rule.css), ("outside", rule.outside)):
            try:
                _ = selector and read_selector(selector)
            except BadSelector as error:
                raise PluginError(f"{self.where(verb, nth, key)}: `{key}` can't be used: {error}.") from error
        if rule.match is None:
            return
        if len(rule.match) > MAX_MATCH:
            place = self.where(verb, nth, "match")
            raise PluginError(f"{place}: has {len(rule.match):,} characters; an expression may have {MAX_MATCH:,}.")
        try:
            _ = rule.pattern
        except Exception as error:
            place = self.where(verb, nth, "match")
            hint = "RE2 has no look-around and no back-references; see https://github.com/google/re2/wiki/Syntax"
            why = error.args[0] if error.args else error
            said = why.decode("utf-8", "replace") if isinstance(why, bytes) else why
            raise PluginError(f"{place}: “{rule.match}” can't be compiled ({said}). {hint}") from error

    def check(self, table: Mapping[str, Any], keys: Mapping[str, Key], verb: str, nth: int) -> None:
        for key, value in table.items():
            if key not in keys:
                raise PluginError(f"{self.where(verb, nth, key)}: unknown key “{key}”. {_nearest(key, keys)}")
            if type(value) is not keys[key].kind:
                must = self.as_tables(key) if key in DEFAULT_LABELS else f"“{key}” must be {KINDS[keys[key].kind]}."
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
