"""`scrubber new-site`: make the folder of a site from its pages, with rules, cases and notes."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from scrubber.cli.many_pages import ManyPages, add_options, day_of, read_host
from scrubber.cli.messages import UsageError, os_reason
from scrubber.cli.outputs import StandardOutput
from scrubber.cli.parser import Parser
from scrubber.learning import new_file, site_name
from scrubber.plugins import SITE_FILE
from scrubber.report.safe import safe_text
from scrubber.testing.new_cases import NewCase, add_cases
from scrubber.testing.site_notes import NOTES_FILE, notes

FOLDER = "plugins"
"""The folder of sites that a new one goes to."""

NOTES = """\
The pages are given as to scrubber learn. What is made in plugins/HOST (or the folder of -o):

  site.toml          the learned rules
  cases/YYYY-MM/...  three of the pages, a short, a middling and a long one, with what comes out of them
  NOTES.md           what to look at before the rules are trusted

Examples:
  scrubber new-site paper.example --from pages/
  scrubber new-site paper.example --from pages.jsonl -o my-sites/paper
  scrubber check plugins/paper.example

Exit codes: 0 made, 1 made without some pages that could not be read, 2 wrong call, too few pages, or
the folder is there already.
"""


def run(arguments: Sequence[str], *, debug: bool) -> bool:
    """Run the command; return whether every page could be read."""
    options = _parser().read(arguments)
    if options is None:
        return True
    if len(options.paths) != 1 or not options.pages:
        raise UsageError("name the host and its pages: scrubber new-site paper.example --from PAGE [PAGE ...]")
    host = read_host(options.paths[0])
    folder = Path(options.output or Path(FOLDER, host))
    if os.path.lexists(folder):
        raise UsageError(f"{folder}: is there already. To learn it again: scrubber learn PAGES -o {folder}")
    pages = ManyPages(options.pages, options.field)
    _make(folder, host, pages, day_of(options))
    return not pages.failures


def _parser() -> Parser:
    parser = Parser("new-site", "Make the folder of a site from its pages.", "HOST --from PATH [PATH ...]", NOTES)
    parser.add_argument("paths", nargs="*", metavar="HOST", help="the site's host, such as paper.example")
    text = "pages, folders of pages, or JSON Lines; may be repeated"
    parser.add_argument("--from", dest="pages", nargs="+", action="extend", default=[], metavar="PATH", help=text)
    parser.add_argument("-o", "--output", metavar="DIR", help=f"the folder to make; {FOLDER}/HOST by default")
    add_options(parser)
    return parser


def _make(folder: Path, host: str, pages: ManyPages, on: date) -> None:
    """Make the folder as a whole or not at all."""
    template = pages.learn(host)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".new-site-", dir=folder.parent))
        try:
            (draft / SITE_FILE).write_bytes(new_file(template, site_name(host), on).encode("utf-8"))
            cases = add_cases(draft, pages, host, on)
            (draft / NOTES_FILE).write_bytes(notes(host, template, cases).encode("utf-8"))
            draft.chmod(0o755)
            draft.rename(folder)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
    except OSError as error:
        raise UsageError(f"{folder}: can't be made ({os_reason(error)})") from error
    StandardOutput().write(safe_text(_told(folder, len(template.rules), len(template.review), cases)))


def _told(folder: Path, rules: int, review: int, cases: Sequence[NewCase]) -> str:
    named = "".join(f"  {folder / case.place}: {case.source}\n" for case in cases)
    return (
        f"{folder}: made\n"
        f"  {folder / SITE_FILE}: {rules} rules, {review} more for review\n{named}"
        f"  {folder / NOTES_FILE}: what to look at\n"
        f"Then: scrubber check {folder}\n"
    )
