"""`scrubber import-ftr`: turn site files of FiveFilters and wallabag into site files, and say what can't be turned."""

from __future__ import annotations

import shlex
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from scrubber.cli.many_pages import ManyPages, add_options, day_of
from scrubber.cli.messages import Failure, UsageError, complain, os_reason
from scrubber.cli.outputs import StandardOutput
from scrubber.cli.parser import Parser
from scrubber.cli.paths import is_folder
from scrubber.plugins import SITE_FILE
from scrubber.report.safe import safe_row, safe_text
from scrubber.sites.ftr import (
    IMPORTED,
    NOT_IMPORTED,
    NOTED,
    NOTES_FILE,
    SUFFIX,
    BadFtrFile,
    Imported,
    import_ftr,
    write_notes,
    write_site,
)
from scrubber.sites.schema import MAX_BYTES
from scrubber.testing.reading import CaseError
from scrubber.testing.wanted_cases import (
    WANTED_FILE,
    Filled,
    Wanted,
    address,
    fill,
    read_wanted,
    wanted_cases,
    write_wanted,
)

NOTES = """\
A file is named for its host: paper.example.txt. Of each, title, author, body, strip and strip_id_or_class
become rules with selectors; all else is told line by line, with the reason. Without -o nothing is written.

Each test_url becomes a case, with its test_contains as what the text must hold, once its page is among those
of --pages: pages with a URL as scrubber learn reads them (WARC, MHTML, JSON Lines, folders of these). Until
then it stands in cases-wanted.toml. The same call with --pages makes the cases of sites that are there already.

Examples:
  scrubber import-ftr paper.example.txt
  scrubber import-ftr site_config/ -o my-sites/
  scrubber import-ftr site_config/ -o my-sites/ --pages crawl.warc.gz
  scrubber check my-sites/

Exit codes:
  0  every file was read; lines that can't be imported, and pages that are not there, are no error
  1  a file or a page could not be read, or a site or a case not be written, the others were
  2  wrong call
"""


def run(arguments: Sequence[str], *, debug: bool) -> bool:
    """Run the command; return whether every file was imported."""
    options = _parser().read(arguments)
    if options is None:
        return True
    if not options.paths:
        raise UsageError("nothing to import. Name a file such as paper.example.txt, or a folder of them.")
    if find_spec("elementpath") is None:
        raise UsageError('import-ftr reads XPath with elementpath: pip install "scrubber-toolkit[ftr]"')
    if options.pages and not options.output:
        raise UsageError("--pages needs the folder to write to: -o DIR")
    on = day_of(options)
    output = StandardOutput()
    counts: Counter[str] = Counter()
    asked: dict[Path, tuple[list[Wanted], str]] = {}
    for path in _files(options.paths):
        try:
            imported = _imported(path)
            _tell(path, imported, output, counts)
            if options.output:
                home = Path(options.output, imported.name)
                again = f"scrubber import-ftr {shlex.quote(str(path))} -o {shlex.quote(options.output)} --pages PAGES"
                _write(imported, home, again, stays=bool(options.pages))
                asked[home] = read_wanted(home), again
        except (BadFtrFile, CaseError, Failure) as error:
            complain(str(error))
            counts["failed"] += 1
    output.write(f"{_summary(counts)}\n")
    pages = ManyPages(options.pages, options.field)
    if options.pages:
        _fill(asked, pages, on, output, counts)
    if lacking := sum(len(wanted) for wanted, _ in asked.values()):
        again = " ".join(["scrubber import-ftr", *map(shlex.quote, options.paths), "-o", shlex.quote(options.output)])
        output.write(
            safe_text(f"{_number(lacking, 'case')} without a page. Once you have some: {again} --pages PAGES\n")
        )
    return not counts["failed"] and not pages.failures


def _parser() -> Parser:
    text = "Turn FiveFilters and wallabag site files into site files."
    parser = Parser("import-ftr", text, "PATH ... [-o DIR] [--pages PATH ...]", NOTES)
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="a file such as paper.example.txt, or a folder of them"
    )
    text = f"write DIR/SITE/{SITE_FILE}, {NOTES_FILE} and {WANTED_FILE}"
    parser.add_argument("-o", "--output", metavar="DIR", help=text)
    text = "pages with a URL, to make cases of those that are wanted; may be repeated"
    parser.add_argument("--pages", nargs="+", action="extend", default=[], metavar="PATH", help=text)
    add_options(parser)
    return parser


def _files(paths: Sequence[str]) -> Iterator[Path]:
    for path in map(Path, paths):
        yield from sorted(path.glob(f"*{SUFFIX}")) if is_folder(path) else [path]


def _imported(path: Path) -> Imported:
    try:
        with path.open(encoding="utf-8-sig") as file:
            return import_ftr(path.name, file.read(MAX_BYTES + 1))
    except OSError as error:
        raise Failure(f"{path}: can't be read ({os_reason(error)})") from error
    except UnicodeDecodeError as error:
        raise Failure(f"{path}: is not UTF-8 at byte {error.start}") from error


def _tell(path: Path, imported: Imported, output: StandardOutput, counts: Counter[str]) -> None:
    """Print what became of each line."""
    counts["files"] += 1
    for told in imported.told:
        counts[told.outcome] += 1
        output.write(f"{safe_row(str(path))}:{told.line}: {told.outcome}: {safe_row(f'{told.text}: {told.why}')}\n")


def _write(imported: Imported, home: Path, again: str, *, stays: bool) -> None:
    """Write a site; one that is there already is an error, unless it `stays` to have its cases made."""
    if stays and (home / SITE_FILE).exists():
        return
    if not imported.rules:
        raise Failure(f"{imported.file}: holds nothing that can be imported, so no site was written")
    try:
        home.mkdir(parents=True)
        (home / SITE_FILE).write_text(write_site(imported), encoding="utf-8", newline="\n")
        (home / NOTES_FILE).write_text(write_notes(imported), encoding="utf-8", newline="\n")
        write_wanted(home, wanted_cases(imported.tests), again)
    except FileExistsError as error:
        raise Failure(f"{home}: is there already, and is not overwritten") from error
    except OSError as error:
        raise Failure(f"{home}: can't be written ({os_reason(error)})") from error


def _fill(
    asked: dict[Path, tuple[list[Wanted], str]],
    pages: ManyPages,
    on: date,
    output: StandardOutput,
    counts: Counter[str],
) -> None:
    """Make the cases whose pages are there, and take them off what is asked for."""
    homes: defaultdict[str, list[tuple[Path, Wanted]]] = defaultdict(list)
    for home, (wanted, _) in asked.items():
        for one in wanted:
            homes[address(one.url)].append((home, one))
    for page in pages:
        for home, one in homes.pop(address(page.url), ()) if page.url else ():
            try:
                output.write(safe_text(_told(fill(home, one, page, on), one)))
                asked[home][0].remove(one)
            except (CaseError, OSError) as error:
                complain(str(error))
                counts["failed"] += 1
    for home, (wanted, again) in asked.items():
        write_wanted(home, wanted, again)


def _told(made: Filled, wanted: Wanted) -> str:
    unmet = "".join(f"; known to fail: its text lacks “{snippet}”" for snippet in made.unmet)
    return f"{made.folder}: made of {wanted.url}{unmet}\n"


def _summary(counts: Counter[str]) -> str:
    lines = ", ".join(f"{counts[outcome]} {outcome}" for outcome in (IMPORTED, NOTED, NOT_IMPORTED))
    return f"{_number(counts['files'], 'file')}: {lines}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
