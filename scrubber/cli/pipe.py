"""`scrubber pipe`: JSON Lines in, JSON Lines out."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from scrubber.cli.messages import UsageError, complain
from scrubber.cli.options import CleanerOptions
from scrubber.cli.outputs import StandardOutput, is_terminal
from scrubber.cli.parser import Parser
from scrubber.integrations.batch import DEFAULT_OUTPUTS, ERROR, OUTPUTS, Fields, clean_records
from scrubber.pipeline import Cleaner
from scrubber.report.safe import safe_json

CHUNK = 1024 * 1024
"""Bytes of one read; a pipe gives what it holds, mostly 64 KiB."""

MAX_LINE = 256 * 1024 * 1024
"""Bytes of one line: a page of the size that is allowed, with most of its characters escaped."""

SHOWN = 1000
"""Bytes of a longer line that come out."""

NOTES = f"""\
Each line of standard input is a JSON object that holds a page; each line of standard output is that object
with what cleaning found, in the same order, written before more input is waited for. A record that can't be
cleaned comes out as it came, with the reason in "error", which is null in all others. A line that is no JSON
object comes out as {{"error": ..., "line": ...}}. Blank lines are left out.

Fields that can be written: {", ".join(OUTPUTS)}.

Examples:
  scrubber pipe < pages.jsonl > clean.jsonl
  scrubber pipe --html body --url link --out text,title < pages.jsonl
  zstdcat pages.jsonl.zst | scrubber pipe | jq -c 'select(.error == null)' > clean.jsonl

Exit codes: 0 all cleaned, 1 some records have an error or the output could not be written, 2 wrong call,
130 interrupted, 141 the reader of the output went away.
"""


class BadLine(NamedTuple):
    """A line that is no JSON object, and what is written in its place."""

    record: dict[str, Any]


def run(arguments: Sequence[str], *, debug: bool) -> bool:
    """Run the command; return whether every record was cleaned."""
    options = _parser().read(arguments)
    if options is None:
        return True
    fields, cleaner = _fields(options), CleanerOptions.read(options).cleaner()
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError("nothing to read. Pipe JSON Lines in: scrubber pipe < pages.jsonl")
    output, safe = StandardOutput(), is_terminal()
    read = written = failed = 0
    for lines in lines_at_hand(partial(os.read, sys.stdin.fileno())):
        cleaned = list(clean_lines(lines, fields, cleaner, first=read + 1))
        text = "".join(map(to_line, cleaned))
        output.write(safe_json(text) if safe else text)
        read += len(lines)
        written += len(cleaned)
        failed += sum(record[fields.prefix + ERROR] is not None for record in cleaned)
    if failed:
        complain(
            f"{failed:,} of {written:,} records could not be cleaned: see “{fields.prefix + ERROR}” in each of them"
        )
    return not failed


def _parser() -> Parser:
    parser = Parser("pipe", "Clean JSON Lines: a record in, a record out.", "[OPTIONS] < IN > OUT", NOTES)
    group = parser.add_argument_group("fields")
    for name, what in (
        ("text", "flattened text, or of any page; read where there is no HTML"),
        ("html", "HTML"),
        ("url", "the page's address, which chooses the site by host"),
        ("date", "the day the page is from, for rules of sites that are for some time only"),
    ):
        group.add_argument(
            f"--{name}", default=name, metavar="FIELD", help=f"the field of {what}; “{name}” is the default"
        )
    group.add_argument(
        "--out", default=",".join(DEFAULT_OUTPUTS), metavar="FIELDS", help="what to write, separated by commas"
    )
    group.add_argument(
        "--prefix", default="", help="put before the name of each written field, to keep those of that name"
    )
    CleanerOptions.add_to(parser)
    return parser


def _fields(options: Namespace) -> Fields:
    out = tuple(name.strip() for name in options.out.split(","))
    try:
        return Fields(
            text=options.text, html=options.html, url=options.url, date=options.date, out=out, prefix=options.prefix
        )
    except ValueError as error:
        raise UsageError(f"--{error}") from error


def lines_at_hand(read: Callable[[int], bytes]) -> Iterator[list[bytes]]:
    """Yield the lines that each read completes, so that none of them waits for what is not there yet.

    Args:
        read: returns some bytes, as soon as there are any, and none at the end.

    Yields:
        Lines without their line ends; of one over `MAX_LINE` the first `MAX_LINE + 1` bytes.
    """
    begun: list[bytes] = []
    room = MAX_LINE + 1
    while chunk := read(CHUNK):
        first, *others = chunk.split(b"\n")
        begun.append(first[:room])
        room -= len(begun[-1])
        if others:
            yield [b"".join(begun), *others[:-1]]
            begun = [others[-1]]
            room = MAX_LINE + 1 - len(others[-1])
    if any(begun):
        yield [b"".join(begun)]


def clean_lines(lines: Iterable[bytes], fields: Fields, cleaner: Cleaner, *, first: int) -> Iterator[dict[str, Any]]:
    """Yield a record for each line that is not blank; `first` is the number of the first line."""
    parsed = [_parse(line, number, fields) for number, line in enumerate(lines, start=first) if line.strip()]
    cleaned = clean_records((one for one in parsed if isinstance(one, dict)), fields, cleaner=cleaner)
    for one in parsed:
        yield next(cleaned) if isinstance(one, dict) else one.record


def _parse(line: bytes, number: int, fields: Fields) -> dict[str, Any] | BadLine:
    if len(line) > MAX_LINE:
        return _bad(line[:SHOWN], f"line {number:,} has over {MAX_LINE:,} bytes; “line” holds its beginning", fields)
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        return _bad(line, f"line {number:,} is not JSON: {error.msg}, column {error.colno:,}", fields)
    except (ValueError, RecursionError) as error:  # not UTF-8, a number of thousands of digits, nested too deep
        return _bad(line, f"line {number:,} is not JSON that can be read: {error}", fields)
    if not isinstance(record, dict):
        return _bad(line, f"line {number:,} is not a JSON object", fields)
    return record


def _bad(line: bytes, reason: str, fields: Fields) -> BadLine:
    return BadLine({fields.prefix + ERROR: reason, "line": line.decode("utf-8", "backslashreplace")})


def to_line(record: dict[str, Any]) -> str:
    """Return a record as JSON; lone surrogates become escapes."""
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace").decode("utf-8") + "\n"
