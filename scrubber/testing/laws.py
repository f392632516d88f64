"""The laws that every configuration of scrubber keeps, as functions that raise `LawBroken`.

A plugin author runs them on his own pages with one line:

    for law in LAWS: law.check(Cleaner(plugins=[mine]), Page(text))

Laws that need more than a page (an article that is known to be one, a family of growing pages, threads,
other processes) stand below as functions of their own.
"""

from __future__ import annotations

import subprocess
import sys
from bisect import bisect_left
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from scrubber.decode import decode
from scrubber.errors import ScrubberError
from scrubber.model import BLANK, Page, Repair, Result
from scrubber.pipeline import Cleaner
from scrubber.repair import repair_line
from scrubber.segment.html import is_html
from scrubber.testing.words import first_difference, words_of

SHOWN = 60
"""Characters of a page that a message quotes."""

THREADS = 4
"""Threads that share one cleaner: enough to interleave, few enough for a small machine."""

OTHER_PAGE = "Menu\nHome\nContact us\nThe bridge stays closed until Friday, the mayor of the town said.\n"
"""A page cleaned in between, so that what a cleaner remembers of it would show."""

_BY_ITSELF = """
import sys
from scrubber import Cleaner
cleaner = Cleaner(bundled=True, installed=False)
pages = sys.stdin.buffer.read().split(b"\\0")
print("\\n".join(cleaner.clean(page).to_json() for page in pages))
"""


class LawBroken(AssertionError):
    """A law does not hold; the message names the law, the page and what is wrong."""

    def __init__(self, law: str, problem: str) -> None:
        """Say which law is broken, and how."""
        super().__init__(f"law “{law}” is broken: {problem}")
        self.law = law


@dataclass(frozen=True, slots=True)
class Law:
    """A law of a single page: its name, and a function that raises `LawBroken`."""

    name: str
    check: Callable[[Cleaner, Page], None]

    @property
    def summary(self) -> str:
        """The first line of the docstring of `check`."""
        return (self.check.__doc__ or "").strip().split("\n", 1)[0]


def clean_or_refuse(cleaner: Cleaner, page: Page) -> Result | None:
    """Clean a page; None where that is refused with a documented error.

    Raises:
        LawBroken: anything else was raised, or a plugin failed on the page.
    """
    try:
        result = cleaner.clean_page(page)
        result.to_json()
    except ScrubberError:
        return None
    except Exception as error:
        raise LawBroken("total", f"{type(error).__name__}: {error} on {_quoted(page.content)}") from error
    failed = [flag for flag in result.flags if flag.startswith("plugin_failed:")]
    if failed:
        raise LawBroken("total", f"{', '.join(failed)} on {_quoted(page.content)}")
    return result


def total(cleaner: Cleaner, page: Page) -> None:
    """Any page gives a result or a documented error, and no plugin fails on it."""
    clean_or_refuse(cleaner, page)


def nothing_lost(cleaner: Cleaner, page: Page) -> None:
    """The stretches tile the source, and hold every character of its repaired text."""
    result = clean_or_refuse(cleaner, page)
    if result is None:
        return
    source, position = source_of(page, result), 0
    for decision in result.lines:
        if decision.start != position or decision.end <= decision.start:
            place = f"{decision.start}-{decision.end} follows one that ends at {position}"
            raise LawBroken("nothing-lost", f"a stretch {place}, on {_quoted(source)}")
        position = decision.end
    if position != len(source):
        raise LawBroken("nothing-lost", f"the stretches end at {position}, the source at {len(source)}")
    wanted = squeezed(replay(source, result.repairs))
    got = squeezed("".join(decision.text for decision in result.lines if decision.label != BLANK))
    if wanted != got:
        raise LawBroken("nothing-lost", "the stretches do not hold the repaired text: " + first_difference(wanted, got))


def stretches_in_place(cleaner: Cleaner, page: Page) -> None:
    """Every stretch holds what its own piece of the source says once it is repaired, blanks aside."""
    result = clean_or_refuse(cleaner, page)
    if result is None:
        return
    source, steps = source_of(page, result), result.repairs
    for decision in result.lines:
        start, end = decision.start, decision.end
        inside = steps[bisect_left(steps, start, key=_start) : bisect_left(steps, end, key=_start)]
        moved = [step._replace(start=step.start - start, end=step.end - start) for step in inside]
        wanted, got = squeezed(replay(source[start:end], moved)), squeezed(decision.text)
        if decision.label != BLANK and wanted != got:
            raise LawBroken("stretches-in-place", f"{start}-{end}: " + first_difference(wanted, got))


def _start(step: Repair) -> int:
    return step.start


def nothing_invented(cleaner: Cleaner, page: Page) -> None:
    """Every line of the text stands in the repaired source, in order, blanks aside."""
    result = clean_or_refuse(cleaner, page)
    if result is None:
        return
    repaired, position = squeezed(replay(source_of(page, result), result.repairs)), 0
    for line in filter(None, map(squeezed, result.text.split("\n"))):
        found = repaired.find(line, position)
        if found < 0:
            raise LawBroken("nothing-invented", f"{_quoted(line)} is not in the source, or not at its place")
        position = found + len(line)
    kept, text = squeezed("".join(decision.text for decision in result.lines if decision.kept)), squeezed(result.text)
    if kept != text:
        raise LawBroken("nothing-invented", "the kept stretches are not the text: " + first_difference(kept, text))


def repairs_explained(cleaner: Cleaner, page: Page) -> None:
    """Every repair names what stood at its place, and repairs do not overlap."""
    result = clean_or_refuse(cleaner, page)
    source, position = source_of(page, result) if result else "", 0
    for repair in result.repairs if result else ():
        if repair.start < position or source[repair.start : repair.end] != repair.before:
            raise LawBroken("repairs-explained", f"{repair} does not fit {_quoted(source)}")
        position = repair.end


def repair_idempotent(_: Cleaner, page: Page) -> None:
    """Repairing a repaired line changes nothing, and its explained steps lead to it."""
    try:
        source = source_of(page)
    except ScrubberError:
        return
    for row in source.split("\n"):
        once, steps = repair_line(row)
        again = repair_line(once)[0]
        if again != once:
            raise LawBroken("repair-idempotent", f"{row!r} becomes {once!r}, and that {again!r}")
        replayed = replay(row, steps)
        if replayed != once:
            raise LawBroken("repair-idempotent", f"{row!r} becomes {once!r}; its steps lead to {replayed!r}")


def deterministic(cleaner: Cleaner, page: Page) -> None:
    """The same page gives the same bytes again, also after another page."""
    first = clean_or_refuse(cleaner, page)
    cleaner.clean(OTHER_PAGE)
    second = clean_or_refuse(cleaner, page)
    if (first and first.to_json()) != (second and second.to_json()):
        raise LawBroken("deterministic", f"a second run differs on {_quoted(page.content)}")


LAWS = (
    Law("total", total),
    Law("nothing-lost", nothing_lost),
    Law("stretches-in-place", stretches_in_place),
    Law("nothing-invented", nothing_invented),
    Law("repairs-explained", repairs_explained),
    Law("repair-idempotent", repair_idempotent),
    Law("deterministic", deterministic),
)
"""The laws of any page whatever."""


def cleaning_idempotent(cleaner: Cleaner, page: Page) -> None:
    """Cleaning a cleaned text changes nothing more, but that flattened text has no indentation and no verse."""
    result = clean_or_refuse(cleaner, page)
    if result is None:
        return
    again = cleaner.clean(result.text, url=page.url, date=page.date).text
    if _lines(again) != _lines(result.text):
        raise LawBroken("cleaning-idempotent", first_difference(result.text, again))


def _lines(text: str) -> list[str]:
    """Return the lines of a text that are not blank, without indentation."""
    return [line.strip() for line in text.split("\n") if line.strip()]


CASE_LAWS = (*LAWS, Law("cleaning-idempotent", cleaning_idempotent))
"""The laws of a page that is a case: on arbitrary text cleaning twice may find more than once does."""


def article_untouched(cleaner: Cleaner, article: str) -> None:
    """An article without anything around it keeps every word, in order."""
    text = cleaner.clean(article).text
    if words_of(text) != words_of(article):
        raise LawBroken("article-untouched", first_difference(" ".join(words_of(article)), " ".join(words_of(text))))


def same_in_threads(cleaner: Cleaner, pages: Sequence[Page]) -> None:
    """Threads that share a cleaner get what each page gives by itself, whatever the order."""
    alone = [cleaner.clean_page(page).to_json() for page in pages]
    jobs = [*range(len(pages)), *reversed(range(len(pages)))] * THREADS
    with ThreadPoolExecutor(THREADS) as pool:
        shared = list(pool.map(lambda job: cleaner.clean_page(pages[job]).to_json(), jobs))
    for job, got in zip(jobs, shared, strict=True):
        if got != alone[job]:
            raise LawBroken("deterministic", f"page {job} differs when threads share the cleaner")


def same_in_processes(pages: Sequence[bytes], hash_seeds: Sequence[int]) -> None:
    """Processes with different hash seeds print the same bytes. Pages must not hold NUL bytes."""
    outputs = {seed: _run_by_itself(pages, seed) for seed in hash_seeds}
    first, *others = outputs.values()
    if any(other != first for other in others):
        raise LawBroken("deterministic", f"processes with PYTHONHASHSEED {list(outputs)} differ")


def _run_by_itself(pages: Sequence[bytes], hash_seed: int) -> bytes:
    environment = {"PYTHONHASHSEED": str(hash_seed), "PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(_import_root())}
    command = [sys.executable, "-c", _BY_ITSELF]
    done = subprocess.run(command, input=b"\0".join(pages), env=environment, capture_output=True, check=True)  # noqa: S603
    return done.stdout


def _import_root() -> Path:
    return Path(__file__).parents[2]


def source_of(page: Page, result: Result | None = None) -> str:
    """Return a page as text; with its result, the text that the stretches point into, which for HTML is another."""
    text = page.content if isinstance(page.content, str) else decode(page.content, page.content_type).text
    return result.page_text if result is not None and is_html(text, page.content_type) else text


def replay(source: str, steps: Sequence[Repair]) -> str:
    """Return a source with the repairs that were explained made one after the other."""
    pieces: list[str] = []
    position = 0
    for step in steps:
        pieces += (source[position : step.start], step.after)
        position = step.end
    return "".join([*pieces, source[position:]])


def squeezed(text: str) -> str:
    """Return a text without its blanks and line ends."""
    return "".join(text.split())


def _quoted(content: str | bytes) -> str:
    return repr(content) if len(content) <= SHOWN else f"{content[:SHOWN]!r}... ({len(content):,} in all)"
