"""Many pages, for commands that learn from them: files, folders, JSON Lines, WARC, and the output of a run."""

from __future__ import annotations

import datetime
import json
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from scrubber.cli.corpora import told
from scrubber.cli.inputs import PAGE_SUFFIXES, Input, collect
from scrubber.cli.messages import Failure, UsageError, complain, os_reason
from scrubber.cli.options import read_date
from scrubber.cli.parser import Parser
from scrubber.containers import read_page
from scrubber.days import day_from
from scrubber.errors import ScrubberError
from scrubber.learning import CannotLearn, Learner, Template
from scrubber.model import Page
from scrubber.pipeline import MAX_INPUT
from scrubber.sites.matching import host_of

LINES_SUFFIXES = (".jsonl", ".ndjson")

RECORDS_SUFFIXES = (".jsonl.gz", ".json.gz", ".jsonl.zst", ".parquet", ".warc", ".warc.gz", ".wet", ".wet.gz")
"""Files of many pages that are read as `scrubber run` reads them, and as it writes them."""

DEAD, MANIFEST = "dead", "manifest"
"""Folders of a run: the first holds records that gave no article, the second is in no other folder."""

CONTENT_FIELDS = ("html", "text", "content")
"""Fields of a record that may hold its page, the first that is there."""

MOST_LISTED = 5
"""Records of a file that are complained of one by one."""


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
        found = collect(self.paths, suffixes=(*PAGE_SUFFIXES, *LINES_SUFFIXES, *RECORDS_SUFFIXES))
        for path, message in found.failures:
            self._fail(message, path)
        for one in found.pages:
            if _is_dead_letters(one.path):
                continue
            try:
                yield from self._of(one)
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

    def _of(self, file: Input) -> Iterator[Page]:
        """Yield the pages of one input; what comes through standard input is JSON Lines."""
        name = file.name.lower()
        if file.path is None or name.endswith(LINES_SUFFIXES):
            yield from self._lines(file)
        elif name.endswith(RECORDS_SUFFIXES):
            yield from self._records(file.name)
        else:
            yield _page(file)

    def _records(self, path: str) -> Iterator[Page]:
        """Yield the pages of a file that corpora are kept in."""
        with told():
            from scrubber.corpus.entries import SKIPPED
            from scrubber.corpus.fields import FieldNames
            from scrubber.corpus.formats import format_of
            from scrubber.corpus.plan import make_plan
            from scrubber.corpus.settings import Settings

            # the output of a run has an article and a report already, under the names that would be ours
            fields = FieldNames(content=self.named, text="", report="")
            wrong = 0
            for shard in make_plan([path], Settings(fields=fields)).shards:
                for entry in format_of(shard.kind).read(shard, fields):
                    name = f"{path}, record {entry.place}"
                    if entry.page is not None:
                        yield replace(entry.page, id=name)
                    elif entry.fault != SKIPPED:
                        wrong += 1
                        self._fail_once_more(wrong, entry.detail, name)
            self._fail_rest(wrong, path)

    def _lines(self, file: Input) -> Iterator[Page]:
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
                    self._fail_once_more(wrong, str(error), f"{file.name}, line {number}")
            self._fail_rest(wrong, file.name)

    def _record(self, line: bytes, name: str) -> Page:
        try:
            record: Any = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise Failure(f"is no JSON: {error}") from error
        names = (self.named,) if self.named else CONTENT_FIELDS
        key = next((key for key in names if isinstance(record, dict) and isinstance(record.get(key), str)), None)
        if key is None:
            raise Failure(f"has no text in a field named {' or '.join(names)}. Name its field with --field.")
        url = value if isinstance(value := record.get("url"), str) else None
        markup = "text/html" if key == "html" else None
        return Page(record[key], url, markup, id=name, date=day_from(record.get("date")))

    def _fail_once_more(self, wrong: int, message: str, about: str) -> None:
        if wrong <= MOST_LISTED:
            self._fail(message, about)

    def _fail_rest(self, wrong: int, file: str) -> None:
        if wrong > MOST_LISTED:
            self._fail(f"{wrong - MOST_LISTED} more records hold no page", file)

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


def _is_dead_letters(path: Path | None) -> bool:
    """Tell whether a file holds what a run could not clean."""
    return path is not None and path.parent.name == DEAD and (path.parent.parent / MANIFEST).is_dir()


def _page(file: Input) -> Page:
    page = read_page(file.read())
    return Page(page.content, page.url, page.content_type, id=file.name, meta=page.meta, date=page.date)


def _open(file: Input) -> BinaryIO:
    return file.path.open("rb") if file.path is not None else sys.stdin.buffer
