"""The reference of site files, docs/rule-reference.md: their keys, as the schema has them.

python -m scrubber.testing.rule_reference > docs/rule-reference.md
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from scrubber.model import DROPPED, FIELDS, KEPT, Label
from scrubber.sites.schema import KINDS, MAX_BYTES, MAX_RULES, RULE_KEYS, SITE_KEYS, Key

HEAD = f"""\
# The keys of a site file

Every key that a `site.toml` may have, with an example of each that a test loads. How to write one, and which pages are
a site's, is in [plugins.md](plugins.md). This page is written by `python -m scrubber.testing.rule_reference` from the
schema that files are checked against, and a test fails when it is stale.

A file is UTF-8, has at most {MAX_BYTES // 1024**2} MiB and {MAX_RULES:,} rules, and holds no other keys than these.
An unknown key, a label that does not exist, an expression or a selector that can't be compiled, two rules of one name:
each is refused when the file is loaded, with the file, the line and the nearest name that is valid.
"""

TABLE = "| key | value | | what it says | example |\n|---|---|---|---|---|"


def rule_reference() -> str:
    """Return the page."""
    return "\n".join(
        [
            HEAD,
            "## The head of the file\n",
            _table(SITE_KEYS),
            "## A rule\n",
            "A table under `[[keep]]` or `[[drop]]`.\n",
            _table(RULE_KEYS),
            "## Labels\n",
            f"- Under `[[keep]]`: {_labels(KEPT)}.",
            f"- Under `[[drop]]`, fields of the result: {_labels(FIELDS)}.",
            f"- Under `[[drop]]`, what goes: {_labels(DROPPED)}.\n",
        ]
    )


def _table(keys: Mapping[str, Key]) -> str:
    rows = (
        f"| `{name}` | {KINDS[key.kind].partition(' without')[0]} | {key.need} | {key.meaning} | `{key.example}` |"
        for name, key in keys.items()
    )
    return "\n".join([TABLE, *rows, ""])


def _labels(labels: frozenset[Label]) -> str:
    return ", ".join(f"`{label}`" for label in Label if label in labels)


def main() -> None:
    """Print the page, in UTF-8 whatever the locale."""
    sys.stdout.buffer.write(rule_reference().encode("utf-8"))


if __name__ == "__main__":
    main()
