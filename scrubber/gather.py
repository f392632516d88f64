"""What plugins say of a page, checked before anyone believes it: they are strangers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice

from scrubber.document import Document
from scrubber.evidence import Alike
from scrubber.model import Evidence, Label

Find = Callable[[Document], Iterable[Evidence]]
"""Takes a page, and says of its lines what it knows."""

EVIDENCE_A_LINE = 100
"""Pieces of evidence for a line, from one plugin. More is a plugin that does not end."""

MUCH = 10_000
"""Pieces of evidence from one plugin, from which those that are alike are kept once: more than real pages have."""

MOST_WEIGHT = 1e6
"""Log-odds, far beyond certainty. A greater weight, or one that is no number, is a fault of its plugin."""


def gather(askers: Iterable[tuple[str, Find]], document: Document, flags: list[str]) -> list[Evidence] | Alike:
    """Gather what plugins say of a page.

    One that raises, or speaks of lines that do not exist, is named in `flags` and left out; the page is
    still cleaned.
    """
    answers = [(name, *_answer(find, document)) for name, find in askers]
    few = [found for _, found, _ in answers if isinstance(found, list)]
    all_sound = _fault([one for found in few for one in found], len(document)) is None
    gathered: list[Evidence] | Alike = [] if len(few) == len(answers) else Alike()
    for name, found, failure in answers:
        fault = failure or (None if all_sound or isinstance(found, Alike) else _fault(found, len(document)))
        if fault:
            flags.append(f"plugin_failed:{name}:{fault}")
        else:
            gathered.extend(found)
    return gathered


def _answer(find: Find, document: Document) -> tuple[list[Evidence] | Alike, str | None]:
    """Return what a plugin says of a page, and why it says nothing where it failed. `Alike` is checked already."""
    most = EVIDENCE_A_LINE * (len(document) + 1)
    try:
        rest = iter(find(document))
        found = list(islice(rest, min(most + 1, MUCH)))
        if len(found) == MUCH:
            return _alike(chain(found, rest), document, most)
    except MemoryError:  # says nothing of the plugin, and the next one would fail too
        raise
    except (Exception, SystemExit) as error:  # a plugin may raise anything
        return [], type(error).__name__
    return ([], "too_much_evidence") if len(found) > most else (found, None)


def _alike(found: Iterator[Evidence], document: Document, most: int) -> tuple[list[Evidence] | Alike, str | None]:
    """Return what a plugin says that says much, as `_answer` does, checked."""
    alike = Alike()
    while some := list(islice(found, MUCH)):
        if fault := _fault(some, len(document)):
            return [], fault
        alike.extend(some)
        if len(alike) > most:
            return [], "too_much_evidence"
    return alike, None


def _fault(found: Sequence[object], lines: int) -> str | None:
    """Return what is wrong with the evidence of a plugin, or of all; None where all of it is sound."""
    if not found:
        return None
    if set(map(type, found)) != {Evidence}:
        return "no_evidence"
    indices, labels, weights, rules, reasons, spans = zip(*found, strict=True)
    if set(map(type, rules)) | set(map(type, reasons)) != {str}:
        return "no_reason"
    if set(map(type, indices)) != {int} or min(indices) < 0 or max(indices) >= lines:
        return "no_such_line"
    if not set(map(type, labels)) <= {Label}:
        return "no_such_label"
    if not set(map(type, weights)) <= {int, float} or not all(abs(weight) <= MOST_WEIGHT for weight in weights):
        return "no_weight"
    return None if all(span is None or _is_span(span) for span in spans) else "no_such_span"


def _is_span(span: object) -> bool:
    return isinstance(span, tuple) and len(span) == 2 and all(type(end) is int for end in span)  # noqa: PLR2004
