"""The keys of a site file: what each is for, and an example. The reader and docs/rule-reference.md are made from it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

MAX_BYTES = 4 * 1024 * 1024
"""Bytes of a site file. The largest hand-made ones have a few thousand; a larger one is a mistake."""

MAX_RULES = 10_000
"""Rules of one site, far above what a person can review."""

MAX_ALSO = 20
"""Lines that one match may take along."""

MAX_SELECTORS = 1_000
"""Rules of one site with selectors: on a page of 2,000 elements all of them take a second."""

MAX_MATCH = 2_000
"""Characters of a regular expression: RE2 takes long to compile what is far longer, and says much of it."""

MAX_DOTS = 20
"""Full stops on a line outside of quotes. Reading a dotted key takes time quadratic in its parts."""

KINDS = {str: "a text", list: "a list", int: "a whole number", date: "a date without quotes, such as 2021-03-01"}
"""The types of values, in words."""


class Key(NamedTuple):
    """One key of a site file.

    Attributes:
        kind: the type of its value.
        need: when it is needed.
        meaning: what it says, as a clause in Markdown.
        example: a line of TOML.
        beside: what else the example needs to be a whole site or rule, as lines of TOML.
    """

    kind: type
    need: str
    meaning: str
    example: str
    beside: str = ""


SITE_KEYS = {
    "site": Key(
        str, "required", "the site's one name, in lower case, its words joined by hyphens", 'site = "valley"', ""
    ),
    "hosts": Key(list, "optional", "its host names; sub-domains are included", 'hosts = ["valley.example"]'),
    "fingerprints": Key(
        list,
        "optional",
        "whole lines that its pages show; two different ones are a match",
        'fingerprints = ["The Valley Post", "Printed in the valley since 1890"]',
    ),
    "signatures": Key(
        list,
        "optional",
        "whole lines so rare that one is a match",
        'signatures = ["© The Valley Post, printed in the valley since 1890"]',
    ),
    "valid_from": Key(date, "optional", "the first day of the pages that the file is for", "valid_from = 2021-03-01"),
    "valid_until": Key(date, "optional", "the last day of those pages, included", "valid_until = 2024-12-31"),
    "keep": Key(
        list,
        "optional",
        "rules for lines that stay: tables under `[[keep]]`",
        'keep = [{rule = "death-notices", line = "† *"}]',
    ),
    "drop": Key(
        list,
        "optional",
        "rules for lines that go: tables under `[[drop]]`",
        'drop = [{rule = "tag-line", line = "Printed in *"}]',
    ),
}
"""The keys of the head of a file."""

RULE_KEYS = {
    "rule": Key(
        str, "required", "its name, unique in the site; reports call it `SITE/RULE`", 'rule = "tag-line"', 'line = "a"'
    ),
    "label": Key(
        str,
        "optional",
        "what the lines are; without it `paragraph` under `[[keep]]`, `non_content` under `[[drop]]`",
        'label = "caption"',
        'line = "a"',
    ),
    "line": Key(
        str, "for text", "a whole line; `*` stands for any characters, also none", 'line = "Printed in the valley *"'
    ),
    "match": Key(
        str,
        "for text",
        "a regular expression found anywhere in the line, in [RE2 syntax](https://github.com/google/re2/wiki/Syntax)",
        r"match = '^\d+ readers? like this$'",
    ),
    "from": Key(
        str,
        "for text",
        "the first line of a block, written like `line`",
        'from = "The weather in the valley"',
        'until = "Full forecast"',
    ),
    "until": Key(
        str,
        "with `from`",
        "the last line of the block, written like `line` and included",
        'until = "Full forecast"',
        'from = "The weather in the valley"',
    ),
    "also": Key(
        int,
        "optional",
        f"how many lines below are taken along, up to {MAX_ALSO}; with `line` or `match`",
        "also = 1",
        'line = "a"',
    ),
    "css": Key(
        str,
        "for HTML",
        "a CSS selector: the lines all of whose text stands in elements that it finds",
        'css = ".latest-news li"',
    ),
    "outside": Key(
        str,
        "for HTML",
        "a CSS selector: the lines that do not stand in what it finds; none where it finds nothing; under `[[drop]]`",
        'outside = "div.story-body"',
    ),
    "valid_from": Key(
        date, "optional", "the first day of the pages that the rule is for", "valid_from = 2021-03-01", 'line = "a"'
    ),
    "valid_until": Key(
        date, "optional", "the last day of those pages, included", "valid_until = 2024-12-31", 'line = "a"'
    ),
}
"""The keys of a rule."""
