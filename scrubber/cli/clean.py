"""`scrubber clean`: print or write the article of pages."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scrubber.cli.inputs import Input, collect, default_paths
from scrubber.cli.messages import Failure, OutputError, UsageError, complain, trace, warn
from scrubber.cli.options import CleaningOptions
from scrubber.cli.outputs import SUFFIXES, Destination, ToStandardOutput, is_terminal, names_folder, open_destination
from scrubber.cli.parser import Parser
from scrubber.cli.paths import is_folder
from scrubber.cli.progress import with_progress
from scrubber.errors import ScrubberError
from scrubber.model import Result
from scrubber.pipeline import Cleaner
from scrubber.report.flags import explain_flag
from scrubber.report.html import to_html
from scrubber.report.markdown import to_markdown

NOTES = """\
Of a folder, the files *.txt, *.text, *.html, *.htm, *.warc, *.warc.gz, *.mhtml and *.mht are cleaned, in its
sub-folders too, in the order of their names. WARC and MHTML hold one page, with its address and type.
Several inputs in JSON come out as JSON Lines, each with the path as "id".

Labels: standfirst, subheading, paragraph, list_item, quote, code, table, comment (kept);
title, byline, caption, source (fields); navigation, repeated_header, comment_form, headline_list,
non_content (dropped).

Examples:
  scrubber clean page.txt --url https://paper.example/news/1
  scrubber clean pages/ more/page.txt -o articles/ --format markdown
  scrubber clean page.txt --keep title,byline --drop quote
  scrubber clean - --content-type "text/plain; charset=windows-1251" < page

Exit codes: 0 all done (a page without an article is a warning), 1 some input could not be cleaned
or written, 2 wrong call, 130 interrupted, 141 the reader of the output went away.
"""


@dataclass(frozen=True, slots=True)
class Job:
    """All that stays the same from input to input."""

    cleaner: Cleaner
    options: CleaningOptions
    form: str
    several: bool
    destination: Destination
    debug: bool


def run(arguments: Sequence[str], *, debug: bool) -> bool:
    """Run the command; return whether every input was cleaned."""
    options = _parser().read(arguments)
    if options is None:
        return True
    cleaning = CleaningOptions.read(options)
    if options.links and options.format == "text":
        raise UsageError("--links is for --format markdown, html or json: text has no links")
    cleaner = cleaning.cleaner(links=options.links)
    paths = default_paths(options.paths)
    several = len(paths) > 1 or any(map(is_folder, paths))
    found = collect(paths, but=_folder_of_outputs(options, several))
    destination = open_destination(options.output, found.pages, several=several, form=options.format)
    job = Job(cleaner, cleaning, options.format, several, destination, debug)
    for path, message in found.failures:
        complain(message, path)
    shown = isinstance(destination, ToStandardOutput) and is_terminal()
    cleaned = [_clean(job, page) for page in with_progress(found.pages, quiet=shown)]
    return all(cleaned) and not found.failures


def _parser() -> Parser:
    parser = Parser("clean", "Print the article of each page.", "[PATH ...] [OPTIONS]", NOTES)
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="a file, a folder, or - for standard input (the default in a pipe)"
    )
    parser.add_argument("--format", choices=list(SUFFIXES), default="text", help="text is the default")
    parser.add_argument(
        "-o", "--output", metavar="PATH", help="write to a file; for several inputs to a folder, which is made"
    )
    parser.add_argument(
        "--links",
        action="store_true",
        help="keep the links of HTML, in every format but text; relative ones need --url",
    )
    CleaningOptions.add_to(parser)
    return parser


def _folder_of_outputs(options: Namespace, several: bool) -> Path | None:
    output: str | None = options.output
    return Path(output) if output and output != "-" and names_folder(output, several=several) else None


def _clean(job: Job, page: Input) -> bool:
    """Clean one page; whatever goes wrong with it is said and does not touch the others."""
    try:
        result = job.cleaner.clean_page(job.options.page(page.read()))
        job.destination.put(page, _written(job, page, result))
    except (BrokenPipeError, OutputError):  # nothing more can be written
        raise
    except (Failure, ScrubberError) as error:
        return _failed(job, page, error, str(error))
    except Exception as error:
        hint = "This is a bug: run it again with --debug and report what it shows."
        return _failed(job, page, error, f"{type(error).__name__}: {error}. {hint}")
    for flag in result.flags:
        warn(explain_flag(flag), page.name)
    return True


def _failed(job: Job, page: Input, error: Exception, message: str) -> bool:
    if job.debug:
        trace(error)
    complain(message, page.name)
    return False


def _written(job: Job, page: Input, result: Result) -> str:
    if job.form == "markdown":
        return to_markdown(result)
    if job.form == "html":
        return to_html(result)
    if job.form == "text":
        return result.text
    document = result.to_json()
    if job.several and isinstance(job.destination, ToStandardOutput):
        document = f'{{"id": {json.dumps(page.name)}, {document[1:]}'
    return document + "\n"
