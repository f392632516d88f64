"""The rule catalogue, docs/rules.md: what each detector says of itself in its docstring.

python -m scrubber.testing.catalogue > docs/rules.md

A plugin's authors get the same page of their own detectors from `catalogue(detectors)`.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Iterator

from scrubber.detectors import Detector, register_detectors

HEAD = """\
# The rules

What scrubber's own detectors find, on any page and in any language that its phrase packs know. `scrubber explain`
names them in its reasons. *Bad* is text that the rule speaks of, *Good* is text that it leaves alone; ` / ` stands for
the end of a line. This page is written by `python -m scrubber.testing.catalogue` from the docstrings, and a test fails
when it is stale. Rules of sites are in their files; see [plugins.md](plugins.md).
"""


def catalogue(detectors: Iterable[Detector]) -> str:
    """Return the catalogue of some detectors as Markdown, in the order of their names."""
    ordered = sorted(detectors, key=lambda detector: detector.name)
    links = "\n".join(f"- [{detector.name}](#{detector.name}): {detector.summary}" for detector in ordered)
    return "\n".join([HEAD, links, "", *map(entry, ordered)])


def entry(detector: Detector) -> str:
    """Return one detector's part: its name, its sentence, what is bad and what is good."""
    doc = inspect.cleandoc(detector.find.__doc__ or "")
    pieces = [f"## {detector.name}\n", *(piece + "\n" for piece in _pieces(doc))]
    return "\n".join(pieces)


def _pieces(doc: str) -> Iterator[str]:
    """Yield paragraphs as they are, and those that hold examples as blocks that keep their lines."""
    for paragraph in doc.split("\n\n"):
        if paragraph.startswith(("Bad:", "Good:")):
            yield f"```text\n{paragraph}\n```"
        else:
            yield paragraph


def main() -> None:
    """Print the catalogue of scrubber's own detectors, in UTF-8 whatever the locale."""
    sys.stdout.buffer.write(catalogue(register_detectors()).encode("utf-8"))


if __name__ == "__main__":
    main()
