"""The pages of one site, for commands that learn from many: files, folders, and JSON Lines with a page a line."""

from __future__ import annotations

import datetime
import json
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from scrubber.cli.inputs import PAGE_SUFFIXES, Input, collect
from scrubber.cli.messages import Failure, UsageError, complain, os_reason
from scrubber.cli.options import read_date
from scrubber.cli.parser import Parser
from scrubber.containers import read_page
from scrubber.days import read_day
from scrubber.errors import ScrubberError
from scrubber.learning import CannotLearn, Learner, Template
from scrubber.model import Page
from scrubber.pipeline import MAX_INPUT
from scrubber.sites.matching import host_of

LINES_SUFFIXES = (".jsonl", ".ndjson")

CONTENT_FIELDS = ("html", "text", "content")
"""Fields of a record that may hold its page, the first that is there."""

MOST_LISTED = 5
"""Lines of a file that are complained of one by one."""


@dataclass(slots=True)
class ManyPages:
    """The pages of a call; `failures` counts those that could not be read, which is said when they are come to.

    `named` is the field of JSON Lines that holds the page, None for the usual ones.
    """

    paths: Sequence[str]
    named: str | None
    failures: int = field(default=0, init=False)

    def __iter__(self) -> Iterator[Page]:
        """Yield every page that can be read, one at a time."""
        found = collect(self.paths, suffixes=(*PAGE_SUFFIXES, *LINES_SUFFIXES))
        for path, message in found.failures:
            self._fail(message, path)
        for one in found.pages:
            try:
                yield from self._records(one) if _holds_lines(one) else [_page(one)]
            except (Failure, ScrubberError) as error:
                self._fail(str(error), one.name)
            except OSError as error:
                self._fail(f"can't be read ({os_reason(error)})", one.name)

    def learn(self, host: str) -> Template:
        """Return what the pages have in common. Raises UsageError where they do not tell."""
        learner = Learner(host=host)
        for page in self:
            try:
                learner.add(page)
            except ScrubberError as error:
                self._fail(str(error), page.id)
        try:
            return learner.template()
        except CannotLearn as error:
            raise UsageError(str(error)) from error

    def _records(self, file: Input) -> Iterator[Page]:
        with _open(file) as lines:
            number, wrong = 0, 0
            while line := lines.readline(MAX_INPUT + 1):
                number += 1
                if len(line) > MAX_INPUT:
                    raise Failure(f"line {number} has over {MAX_INPUT:,} bytes, the limit of one page.")
                try:
                    if line.strip():
                        yield self._record(line, f"{file.name}, line {number}")
                except Failure as error:
                    wrong += 1
                    if wrong <= MOST_LISTED:
                        self._fail(str(error), f"{file.name}, line {number}")
            if wrong > MOST_LISTED:
                self._fail(f"{wrong - MOST_LISTED} more lines hold no page", file.name)

    def _record(self, line: bytes, name: str) -> Page:
        try:
            record: Any = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise Failure(f"is no JSON: {error}") from error
        names = (self.named,) if self.named else CONTENT_FIELDS
        key = next((key for key in names if isinstance(record, dict) and isinstance(record.get(key), str)), None)
        if key is None:
            raise Failure(f"has no text in a field named {' or '.join(names)}. Name its field with --field.")
        url, day = (value if isinstance(value := record.get(known), str) else None for known in ("url", "date"))
        markup = "text/html" if key == "html" else None
        return Page(record[key], url, markup, id=name, date=read_day(day))

    def _fail(self, message: str, about: str | None) -> None:
        self.failures += 1
        complain(message, about)


def add_options(parser: Parser) -> None:
    """Declare the options of the pages."""
    text = "the field of JSON Lines that holds the page; html, text or content by default"
    parser.add_argument("--field", metavar="NAME", help=text)
    parser.add_argument("--date", metavar="YYYY-MM-DD", help="the day to write into the files; today by default")


def read_host(value: str | None) -> str:
    """Return the host of an option, "" without one. Raises UsageError where it is none."""
    if not value:
        return ""
    host = host_of(value).removeprefix("www.")
    if not host or not all(part and part.replace("-", "").isalnum() for part in host.split(".")):
        raise UsageError(f"“{value}” is no host. Write it like paper.example.")
    return host


def day_of(options: Namespace) -> datetime.date:
    """Return the day of the option, or today. Raises UsageError where it is none."""
    return read_date(options.date) or datetime.datetime.now(tz=datetime.UTC).date()


def _holds_lines(file: Input) -> bool:
    """Tell whether an input holds a page a line: what comes through standard input does too."""
    return file.path is None or file.name.lower().endswith(LINES_SUFFIXES)


def _page(file: Input) -> Page:
    page = read_page(file.read())
    return Page(page.content, page.url, page.content_type, id=file.name, meta=page.meta, date=page.date)


def _open(file: Input) -> BinaryIO:
    return file.path.open("rb") if file.path is not None else sys.stdin.buffer
