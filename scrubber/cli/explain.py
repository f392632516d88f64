"""`scrubber explain`: say for every line of a page what became of it, and why."""

from __future__ import annotations

from collections.abc import Sequence

from scrubber.cli.inputs import Input, collect, default_paths
from scrubber.cli.messages import Failure, UsageError, complain, trace
from scrubber.cli.options import CleaningOptions
from scrubber.cli.outputs import StandardOutput, terminal_width, wants_colour, wants_layout
from scrubber.cli.parser import Parser
from scrubber.cli.paths import is_folder
from scrubber.days import as_day, read_day
from scrubber.decode import decode
from scrubber.document import Document
from scrubber.errors import ScrubberError
from scrubber.model import BLANK, Page
from scrubber.pipeline import Cleaner
from scrubber.report.explain import Account, plain_account, terminal_account
from scrubber.report.rules import HEADINGS, Fate, rule_fates
from scrubber.report.table import plain_table, terminal_table
from scrubber.sites import SiteIndex

LAID_OUT_LINES = 10_000
"""Stretches above which a page is listed plainly on terminals too: laying out more takes over five seconds."""

VERDICTS = ("kept", "field", "dropped")

NOTES = """\
Each line shows its number, what became of it (kept in the text, told apart as a field, or dropped),
its label, the confidence, and who spoke for it and against it, with the weight in log-odds.
A line that holds stretches of its own is shown as 7.1, 7.2 ...

On a terminal long lines are cut and colours are used; NO_COLOR=1 turns them off, FORCE_COLOR=1 on.
Elsewhere every stretch is one row, for grep:

  scrubber explain page.txt
  scrubber explain page.txt --dropped | grep navigation
  scrubber explain page.txt --rules --plugins sites/
  FORCE_COLOR=1 scrubber explain page.txt | less -R
"""


def run(arguments: Sequence[str], *, debug: bool) -> bool:
    """Run the command; return whether the page could be read and cleaned."""
    options = _parser().read(arguments)
    if options is None:
        return True
    cleaning = CleaningOptions.read(options)
    cleaner = cleaning.cleaner()
    page = _page(options.paths)
    try:
        opened = cleaning.page(page.read())
        account = _account(page, opened, cleaner)
    except (Failure, ScrubberError) as error:
        if debug:
            trace(error)
        complain(str(error), page.name)
        return False
    StandardOutput().write(_rendered(account, () if options.rules else options.only or VERDICTS))
    if options.rules:
        StandardOutput().write(_rendered_rules(_fates(account, opened, cleaner)))
    return True


def _parser() -> Parser:
    parser = Parser("explain", "Show for every line of a page what became of it, and why.", "FILE [OPTIONS]", NOTES)
    parser.add_argument("paths", nargs="*", metavar="FILE", help="the page, or - for standard input")
    only = parser.add_mutually_exclusive_group()
    for verdict in ("kept", "dropped"):
        text = f"show only what was {verdict}"
        only.add_argument(f"--{verdict}", dest="only", action="store_const", const=(verdict,), help=text)
    text = "show the sites' rules in place of the lines: which fired, lost, were shadowed or never asked, and why"
    only.add_argument("--rules", action="store_true", help=text)
    CleaningOptions.add_to(parser)
    return parser


def _page(paths: Sequence[str]) -> Input:
    given = default_paths(paths)
    if len(given) > 1:
        raise UsageError(f"explain takes one page, not {len(given)}")
    if is_folder(given[0]):
        raise UsageError(f"{given[0]}: is a folder; explain takes one page")
    return collect(given).pages[0]


def _account(page: Input, opened: Page, cleaner: Cleaner) -> Account:
    result = cleaner.clean_page(opened)
    return Account(
        page.name,
        result.page_text,
        _how_decoded(opened),
        result,
        [site.name for site in cleaner.plugins.sites],
        [detector.name for detector in cleaner.plugins.detectors],
    )


def _how_decoded(page: Page) -> str:
    if isinstance(page.content, str):
        return "text"
    decoded = decode(page.content, page.content_type)
    return f"{decoded.encoding}: {decoded.reason}"


def _rendered(account: Account, shown: Sequence[str]) -> str:
    if wants_layout() and len(account.result.lines) <= LAID_OUT_LINES:
        return terminal_account(account, shown, width=terminal_width(), colour=wants_colour())
    return plain_account(account, shown)


def _fates(account: Account, page: Page, cleaner: Cleaner) -> list[Fate]:
    """Return what became of the rules of the sites that a page belongs to, those for another time too."""
    result = account.result
    stretches = [decision for decision in result.lines if decision.label != BLANK]
    spans = [(decision.start, decision.end) for decision in stretches]
    document = Document(result.page_text, [decision.text for decision in stretches], spans, url=page.url)
    matches = SiteIndex(cleaner.plugins.sites).of_any_time(document)
    day = as_day(page.date) or read_day(result.date)
    return rule_fates(result, [match.site for match in matches], day)


def _rendered_rules(fates: Sequence[Fate]) -> str:
    if not fates:
        return "no rule of a site could speak\n"
    if wants_layout():
        return terminal_table(HEADINGS, fates, width=terminal_width(), colour=wants_colour())
    return plain_table(HEADINGS, fates)
