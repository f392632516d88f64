"""The lines that were kept, as one text."""

from __future__ import annotations

from collections.abc import Iterator

from scrubber.judgement import Judgement

GOES_ON = "line"
"""What `Dom.follows` says of a line that only a line break sets apart from the one above: verse, an address, code."""

LAYOUT = " \t"
"""Blanks that indent a row of code."""


def compose(judgement: Judgement) -> str:
    """Return the text: parts with a blank line between them, verse and code row by row, one line feed at the end.

    Code keeps its indentation and its blank rows. A page of which nothing is kept gives "".
    """
    doms, wanted = judgement.document.doms, judgement.policy.kept
    if doms and any(dom.follows == GOES_ON for dom in doms):
        kept = "".join(_rows(judgement))
    else:
        kept = "\n\n".join([text for text, label in judgement.pieces() if label in wanted])
    return kept + "\n" if kept else ""


def _rows(judgement: Judgement) -> Iterator[str]:
    """Yield every kept piece, and what stands between it and the one before."""
    document, doms = judgement.document, judgement.document.doms or ()
    previous, before = None, 0
    for index, (dom, (start, end)) in enumerate(zip(doms, document.each_span(), strict=True)):
        for text, label in judgement.texts(index):
            if not text or not judgement.kept(label):
                continue
            if previous is not None:
                near = dom.follows == GOES_ON and previous == index - 1
                yield "\n" * document.source.count("\n", before, start) if near else "\n\n"
            if dom.block == "pre" and previous != index:
                yield indentation(document.source, start)
            yield text
            previous, before = index, end


def indentation(source: str, start: int) -> str:
    """Return the blanks that a row begins with.

    >>> indentation("if load:\\n    close()", 9)
    '    '
    """
    end = start
    while source[end : end + 1] in LAYOUT and end < len(source):
        end += 1
    return source[start:end]
