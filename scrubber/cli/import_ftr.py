"""`scrubber import-ftr`: turn site files of FiveFilters and wallabag into site files, and say what can't be turned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from scrubber.cli.messages import Failure, UsageError, complain, os_reason
from scrubber.cli.outputs import StandardOutput
from scrubber.cli.parser import Parser
from scrubber.cli.paths import is_folder
from scrubber.plugins import SITE_FILE
from scrubber.report.safe import safe_row
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

NOTES = """\
A file is named for its host: paper.example.txt. Of each, title, author, body, strip and strip_id_or_class
become rules with selectors; test_url and test_contains become notes to make cases of; all else is told line
by line, with the reason. Without -o nothing is written.

Examples:
  scrubber import-ftr paper.example.txt
  scrubber import-ftr site_config/ -o my-sites/

Exit codes:
  0  every file was read; lines that can't be imported are no error
  1  a file could not be read, or its site not be written, the others were
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
    output = StandardOutput()
    counts: Counter[str] = Counter()
    for path in _files(options.paths):
        try:
            imported = _imported(path)
            _tell(path, imported, output, counts)
            if options.output:
                _write(imported, Path(options.output))
        except (BadFtrFile, Failure) as error:
            complain(str(error))
            counts["failed"] += 1
    output.write(f"{_summary(counts)}\n")
    return not counts["failed"]


def _parser() -> Parser:
    text = "Turn FiveFilters and wallabag site files into site files."
    parser = Parser("import-ftr", text, "PATH ... [-o DIR]", NOTES)
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="a file such as paper.example.txt, or a folder of them"
    )
    parser.add_argument("-o", "--output", metavar="DIR", help=f"write DIR/SITE/{SITE_FILE} and DIR/SITE/{NOTES_FILE}")
    return parser


def _files(paths: Sequence[str]) -> Iterator[Path]:
    for path in map(Path, paths):
        yield from sorted(path.glob(f"*{SUFFIX}")) if is_folder(path) else [path]


def _imported(path: Path) -> Imported:
    try:
        return import_ftr(path.name, path.read_text(encoding="utf-8-sig"))
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


def _write(imported: Imported, folder: Path) -> None:
    home = folder / imported.name
    if not imported.rules:
        raise Failure(f"{imported.file}: holds nothing that can be imported, so no site was written")
    try:
        home.mkdir(parents=True)
        (home / SITE_FILE).write_text(write_site(imported), encoding="utf-8", newline="\n")
        (home / NOTES_FILE).write_text(write_notes(imported), encoding="utf-8", newline="\n")
    except FileExistsError as error:
        raise Failure(f"{home}: is there already, and is not overwritten") from error
    except OSError as error:
        raise Failure(f"{home}: can't be written ({os_reason(error)})") from error


def _summary(counts: Counter[str]) -> str:
    lines = ", ".join(f"{counts[outcome]} {outcome}" for outcome in (IMPORTED, NOTED, NOT_IMPORTED))
    return f"{counts['files']} file{'' if counts['files'] == 1 else 's'}: {lines}"
