"""`scrubber learn`: write what the pages of a site have in common as a site file."""

from __future__ import annotations

import difflib
from argparse import Namespace
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from scrubber.cli.inputs import default_paths
from scrubber.cli.many_pages import ManyPages, add_options, day_of, read_host
from scrubber.cli.messages import UsageError, os_reason, tell
from scrubber.cli.outputs import StandardOutput
from scrubber.cli.parser import Parser
from scrubber.cli.paths import is_file
from scrubber.learning import CannotMerge, Template, merge, new_file, site_name
from scrubber.plugins import SITE_FILE
from scrubber.report.safe import safe_text

NOTES = """\
A PATH is a page, a folder of pages, or JSON Lines: an object a line with the page in a field html, text
or content, and its url and date where they are known; also WARC, Parquet, packed JSON Lines and the folder
of a run, with the extra corpus. Standard input (-) is read as JSON Lines. At least five
pages that differ are needed; twenty are good, ten thousand take less than a minute.

Without -o, the site file goes to standard output. With it, it is written to DIR/site.toml. Where that file
is there already, what would change is shown, and --write changes it: what was learned before is replaced,
what was written or changed by hand stays.

Examples:
  scrubber learn pages/ --host paper.example > site.toml
  scrubber learn pages.jsonl -o plugins/paper.example
  scrubber learn pages.jsonl -o plugins/paper.example --write

Exit codes: 0 learned, 1 learned without some pages that could not be read, 2 wrong call, too few pages,
pages of several hosts, or a site file that can't be added to.
"""


def run(arguments: Sequence[str], *, debug: bool) -> bool:
    """Run the command; return whether every page could be read."""
    options = _parser().read(arguments)
    if options is None:
        return True
    if options.write and not options.output:
        raise UsageError("--write needs the folder to write to: -o DIR")
    pages = ManyPages(default_paths(options.paths), options.field)
    on = day_of(options)
    template = pages.learn(read_host(options.host))
    if options.output:
        _into_folder(Path(options.output), template, on, options)
    else:
        StandardOutput().write(new_file(template, options.name or site_name(template.host), on))
    return not pages.failures


def _parser() -> Parser:
    parser = Parser("learn", "Learn the rules of a site from its pages.", "PATH [PATH ...] [OPTIONS]", NOTES)
    parser.add_argument("paths", nargs="*", metavar="PATH", help="pages, folders of pages, or JSON Lines")
    parser.add_argument("--host", help="the site's host; pages whose URL is of another are left out")
    parser.add_argument("-o", "--output", metavar="DIR", help="the folder of the site, such as plugins/paper.example")
    parser.add_argument("--write", action="store_true", help="change the site file that is there")
    parser.add_argument("--name", help="the site's name; that of its folder or host by default")
    add_options(parser)
    return parser


def _into_folder(folder: Path, template: Template, on: date, options: Namespace) -> None:
    """Write a new site file, or show what would change in the one that is there, and write that if asked."""
    file = folder / SITE_FILE
    try:
        before = file.read_bytes().decode("utf-8-sig") if is_file(file) else ""
        name = options.name or site_name(folder.resolve().name)
        after = merge(before, template, on) if before.strip() else new_file(template, name, on)
    except CannotMerge as error:
        raise UsageError(f"{file}: {error}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: is not UTF-8 at byte {error.start}. Save it as UTF-8.") from error
    except OSError as error:
        raise UsageError(f"{file}: can't be read ({os_reason(error)})") from error
    counts = f"{len(template.rules)} rules from {template.pages} pages, {len(template.review)} for review"
    if before == after:
        tell(f"nothing has changed: {counts}", str(file))
        return
    if before:
        StandardOutput().write(safe_text(_difference(before, after, str(file))))
    if before and not options.write:
        tell(f"not written: {counts}. To write it, add --write", str(file))
        return
    _write(file, after)
    tell(f"written: {counts}", str(file))


def _write(file: Path, text: str) -> None:
    """Write a site file as a whole or not at all. Raises UsageError where that can't be done."""
    draft = file.with_name(f".{file.name}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(text.encode("utf-8"))
        draft.replace(file)
    except OSError as error:
        raise UsageError(f"{file}: can't be written ({os_reason(error)})") from error


def _difference(before: str, after: str, name: str) -> str:
    rows = difflib.unified_diff(before.splitlines(), after.splitlines(), name, f"{name} (learned)", lineterm="")
    return "".join(f"{row}\n" for row in rows)
