"""What each detector says of its own cases, word for word and to the weight: a change shows in the diff of a file.

`tests/cases/detectors` says which lines a detector finds. How loudly it speaks of each decides whether another voice
outweighs it; that, the stretch that it means and the reason that users read stand in `tests/cases/weights.tsv`. After
a change that is meant, write it anew and read its diff:

    python tests/test_weights.py
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

from scrubber.detectors import register_detectors
from scrubber.document import Document
from scrubber.repair import RepairOptions
from scrubber.segment.html import segment_html
from scrubber.segment.text import segment_text

HERE = Path(__file__).parent / "cases"
RECORD = HERE / "weights.tsv"
HEAD = "detector\tcase\tline\tstretch\tlabel\tweight\treason"

LANDMARKS = ("nav", "aside", "footer", "form", "article", "main", "header")
BLOCKS = ("figcaption", "fieldset", "legend", "button", "address", "h1", "h2", "h3", "h4", "h5", "li", "blockquote")
BLOCKS += ("pre", "p", "div")
PROSE = "<div>The bridge was closed by the flood on Monday, the mayor of the town said.</div>\n"
ROW = "<td>A ferry</td>"

ELEMENTS = {
    **{f"in_{name}": f"{PROSE * 3}<{name}><div>A short line</div></{name}>" for name in LANDMARKS},
    **{f"as_{name}": f"{PROSE * 3}<{name}>A short line</{name}>" for name in BLOCKS},
    "a_row_of_data": f"{PROSE * 3}<table><caption>Boats</caption><tr><th>Name</th>{ROW}</tr></table>",
    "a_page_in_a_table": f"<table><tr><td>{PROSE * 3}</td>{ROW}</tr></table>",
    "links_alone": f'{PROSE * 3}<div><a href="/a">A short line</a></div><div><a href="/b">A</a> line of words</div>',
}
"""Pages for what detectors say of elements, each with one beside an article."""


def pages() -> Iterator[tuple[str, str, str]]:
    """Yield detector, name and text of every case, and of the pages above for every detector."""
    for path in sorted((HERE / "detectors").glob("*.yml")):
        for sentence, case in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            yield path.stem, sentence, case["text"]
    for detector in register_detectors():
        yield from ((detector.name, name, page) for name, page in ELEMENTS.items())


@cache
def document_of(text: str) -> Document:
    segment = segment_html if text.startswith("<") else segment_text
    return segment(text, RepairOptions())[0]


def rows() -> Iterator[str]:
    """Yield a row for each thing that a detector says."""
    find = {detector.name: detector.find for detector in register_detectors()}
    for name, sentence, text in pages():
        for one in find[name](document_of(text)):
            stretch = f"{one.span[0]}-{one.span[1]}" if one.span else "all"
            yield f"{name}\t{sentence}\t{one.line}\t{stretch}\t{one.label}\t{one.weight:.2f}\t{one.reason}"


def case_of(row: str) -> tuple[str, ...]:
    return tuple(row.split("\t")[:2])


def test_detectors_speak_as_loudly_as_was_recorded() -> None:
    """Neither louder nor lower, of the same lines; what differs is listed. A new case counts once it is recorded."""
    recorded = RECORD.read_text(encoding="utf-8").splitlines()[1:]
    known = set(map(case_of, recorded))
    got = [row for row in rows() if case_of(row) in known]
    assert sorted(set(got) - set(recorded)) == [], "new; if it is meant: python tests/test_weights.py"
    assert sorted(set(recorded) - set(got)) == [], "gone; if it is meant: python tests/test_weights.py"


if __name__ == "__main__":
    RECORD.write_text("\n".join([HEAD, *rows()]) + "\n", encoding="utf-8")
