"""Entries to answers, under limits: a row for each page that could be cleaned, a fault for each that could not."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from scrubber.corpus.answers import Answer, Cleaned, Fault
from scrubber.corpus.entries import Entry
from scrubber.corpus.journal import Journal
from scrubber.corpus.limits import OutOfTime, limits
from scrubber.corpus.settings import Settings, shared_cleaner
from scrubber.errors import ScrubberError
from scrubber.model import Page, Result
from scrubber.pipeline import collector_paused


class Numbered(NamedTuple):
    """An entry with a page, and its number in the shard."""

    number: int
    entry: Entry
    page: Page


@dataclass(frozen=True, slots=True)
class Careful:
    """What is known of records that killed a worker: `suspects` are cleaned one by one, `condemned` not at all."""

    suspects: frozenset[int] = frozenset()
    condemned: tuple[tuple[int, Fault], ...] = ()

    def concerns(self, numbers: Sequence[int]) -> bool:
        """Tell whether some records must be cleaned one by one."""
        known = {number for number, _ in self.condemned}
        return any(number in self.suspects or number in known for number in numbers)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where pages are cleaned: with what settings, how results become rows, and where it is said which are at work."""

    settings: Settings
    encode: Callable[[Entry, Result], Any]
    journal: Journal
    careful: Careful

    def answer(self, pages: Sequence[Numbered]) -> list[Answer]:
        """Return an answer for each page.

        They are cleaned together; where that fails one by one, so that each gets what it would have got alone.
        """
        if not self.careful.concerns([page.number for page in pages]):
            try:
                return self._clean(pages)
            except KeyboardInterrupt:
                raise
            except BaseException:  # noqa: S110 - which page it was shows when each is alone
                pass
        return [self._alone(page) for page in pages]

    def _alone(self, page: Numbered) -> Answer:
        condemned = dict(self.careful.condemned).get(page.number)
        if condemned:
            return condemned
        try:
            return self._clean([page])[0]
        except KeyboardInterrupt:
            raise
        except OutOfTime:
            return hung(self.settings)
        except MemoryError:
            return Fault("memory", f"needed more than {self.settings.page_memory:,} MiB")
        except BaseException as error:
            return Fault("raised", f"{type(error).__name__}: {error}")

    def _clean(self, pages: Sequence[Numbered]) -> list[Answer]:
        settings = self.settings
        cleaner = shared_cleaner(settings.cleaning)
        self.journal.at_work(pages[0].number, pages[-1].number + 1)
        with limits(settings.page_seconds, settings.page_memory, self.journal.trace), collector_paused():
            answers = cleaner.try_many((page.page for page in pages), batch=len(pages))
            return [self._answer(page, answer) for page, answer in zip(pages, answers, strict=True)]

    def _answer(self, page: Numbered, answer: Result | ScrubberError) -> Answer:
        if isinstance(answer, ScrubberError):
            return refused(answer)
        chars = len(answer.page_text)
        kept = chars - sum(one.end - one.start for one in answer.removed)
        return Cleaned(self.encode(page.entry, answer), chars, kept, answer.flags)


def hung(settings: Settings) -> Fault:
    """Return the fault of a page that took too long."""
    return Fault("hung", f"took over {settings.page_seconds:g} seconds")


def refused(error: ScrubberError) -> Fault:
    """Return the fault of a page that the cleaner refuses: `binary_input`, `input_too_large`.

    >>> from scrubber.errors import BinaryInput
    >>> refused(BinaryInput("a PDF")).word
    'binary_input'
    """
    return Fault(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(error).__name__).lower(), str(error))
