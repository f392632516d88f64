"""`scrubber drift`: tell whether a site's pages still look as they did, and since which page they do not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from scrubber.cli.many_pages import ManyPages
from scrubber.cli.messages import Failure, UsageError, complain, os_reason, tell
from scrubber.cli.options import CleanerOptions
from scrubber.cli.outputs import StandardOutput
from scrubber.cli.parser import Parser
from scrubber.drift import BadBaseline, Baseline, Watch, record
from scrubber.errors import ScrubberError
from scrubber.model import Page, Result
from scrubber.pipeline import Cleaner
from scrubber.report.safe import safe_row

NOTES = """\
BASELINE is a small file, to be committed: --record writes it from pages of the site as it is now, at least
30, better a hundred. Later pages are compared with it in the order they are named, or with --by-date in that
of their days. A PATH is a page, a folder of pages, or JSON Lines (see scrubber learn --help).

Give the same options for cleaning when recording and when comparing.

Examples:
  scrubber drift --record drift/paper.example.json pages/2021-04/
  scrubber drift drift/paper.example.json pages/2021-05/ --by-date

Exit codes: 0 no drift, 1 drift, or some page could not be read or cleaned, 2 wrong call, or a baseline
that is not there or not valid, or too few pages for one.
"""


def run(arguments: Sequence[str], *, debug: bool) -> bool:
    """Run the command; return whether nothing has changed and every page could be read."""
    options = _parser().read(arguments)
    if options is None:
        return True
    if not options.paths:
        raise UsageError("name the baseline: scrubber drift BASELINE PATH ...")
    file, paths = Path(options.paths[0]), options.paths[1:]
    if not paths:
        raise UsageError("name the pages too: scrubber drift BASELINE PATH ...")
    baseline = None if options.record else _read(file)
    cleaner = CleanerOptions.read(options).cleaner()
    pages = ManyPages(paths, options.field)
    answers = _answers(pages, cleaner, by_date=options.by_date)
    same = _compare(baseline, answers) if baseline else _record(file, answers)
    return same and not pages.failures


def _parser() -> Parser:
    summary = "Tell whether a site's pages still look as they did."
    parser = Parser("drift", summary, "BASELINE PATH [PATH ...] [OPTIONS]", NOTES)
    parser.add_argument("paths", nargs="*", metavar="BASELINE PATH", help="the baseline, then the pages")
    parser.add_argument("--record", action="store_true", help="write the baseline from the pages")
    parser.add_argument("--by-date", action="store_true", help="take the pages in the order of their days")
    parser.add_argument("--field", metavar="NAME", help="the field of JSON Lines that holds the page")
    CleanerOptions.add_to(parser)
    return parser


def _answers(pages: ManyPages, cleaner: Cleaner, *, by_date: bool) -> Iterator[tuple[str, Result]]:
    """Yield the name and the result of each page that can be cleaned; those without a day come first by date."""
    found: Iterable[Page] = sorted(pages, key=lambda page: str(page.date or "")) if by_date else pages
    for page in found:
        try:
            yield page.id or "", cleaner.clean_page(page)
        except ScrubberError as error:
            pages.failures += 1
            complain(str(error), page.id)


def _record(file: Path, answers: Iterable[tuple[str, Result]]) -> bool:
    try:
        baseline = record([result for _, result in answers])
    except BadBaseline as error:
        raise UsageError(str(error)) from error
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(baseline.to_json(), encoding="utf-8", newline="\n")
    except OSError as error:
        raise Failure(f"{file} can't be written ({os_reason(error)})") from error
    tell(f"written: {len(baseline.figures)} figures of {baseline.pages} pages", str(file))
    return True


def _compare(baseline: Baseline, answers: Iterable[tuple[str, Result]]) -> bool:
    watch, names = Watch(baseline), list[str]()
    for name, result in answers:
        names.append(name)
        watch.add(result)
    if not names:
        raise UsageError("there is no page to compare")
    StandardOutput().write(_report(watch, names))
    return not watch.changes()


def _report(watch: Watch, names: Sequence[str]) -> str:
    changes, since = watch.changes(), watch.began()
    if since is None:
        return f"no drift in {len(names):,} pages\n"
    found = min(change.found for change in changes)
    head = f"drift since page {since + 1}, {safe_row(names[since])}; clear at page {found + 1} of {len(names):,}"
    rows = [
        f"  {safe_row(change.figure)}: {change.before:.2f} -> {change.after:.2f}, since page {change.since + 1}"
        for change in changes
    ]
    return "\n".join([head, *rows, ""])


def _read(file: Path) -> Baseline:
    try:
        return Baseline.from_json(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{file}: can't be read ({os_reason(error)}). Write it with --record.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: is not UTF-8 at byte {error.start}. Record it again.") from error
    except BadBaseline as error:
        raise UsageError(f"{file}: {error}") from error
