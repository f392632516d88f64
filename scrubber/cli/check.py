"""`scrubber check`: run case folders without pytest, with the same report."""

from __future__ import annotations

import configparser
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from scrubber.cli.floors import broken_floors, pin_floors
from scrubber.cli.messages import UsageError, complain
from scrubber.cli.outputs import StandardOutput
from scrubber.cli.parser import Parser
from scrubber.errors import PluginError, ScrubberError
from scrubber.plugins import site_files
from scrubber.report.safe import safe_text
from scrubber.testing.accept import MARK_CHECKED, Accepted, accept
from scrubber.testing.cases import FLOORS_FILE, SITE_CASES, find_cases, load_case
from scrubber.testing.checks import Aspect, Run, aspects
from scrubber.testing.reading import CaseError
from scrubber.testing.verdicts import WORSE, SiteVerdict, judge_sites

if TYPE_CHECKING:
    from argparse import Namespace

RIGHT, KNOWN, FAILED = "right", "known failure", "failed"

SETTINGS_FILES = ("pytest.ini", "pyproject.toml")
"""Where pytest's settings are looked for; the first that names folders of cases counts."""

NOTES = """\
Without PATH, the folders that scrubber_cases names in ./pytest.ini, or under [tool.pytest.ini_options] or
[tool.pytest] of ./pyproject.toml, are checked, or the folder cases. A floors.toml in such a folder holds the
least scores of its cases.

Examples:
  scrubber check
  scrubber check my-sites/
  scrubber check --accept my-sites/valley/cases/2021-05
  scrubber check --pin cases
  scrubber check --pin cases --lower "the new design hides its captions"

Of each site with cases it is told whether it is better than generic cleaning on them, which of its rules
decide nothing or only repeat what generic cleaning does, and which expectations nobody has checked.

Exit codes:
  0  every aspect of every case is right, or known to fail, and no floor is broken
  1  an aspect of a case failed, a score is under its floor, or a site is worse than generic cleaning, or does not
     know its own cases
  2  a case is incomplete or not valid, there is none, or a plugin can't be loaded
"""


class Verdict(NamedTuple):
    """What became of one aspect of a case: right, known failure or failed, and what there is to say of it."""

    outcome: str
    details: str = ""


def run(arguments: Sequence[str], *, debug: bool) -> bool:
    """Run the command and tell whether no case failed. Raises UsageError where a case can't be run."""
    options = _options(arguments)
    if options is None:
        return True
    if options.accept and not options.paths:
        raise UsageError("--accept needs the cases to write: scrubber check --accept PATH")
    if options.lower is not None and not (options.pin and options.lower.strip()):
        raise UsageError("--lower needs a reason, and goes with --pin: scrubber check --pin PATH --lower REASON")
    roots = [root for path in options.paths for root in case_roots(Path(path))] or standing_roots(Path())
    output = StandardOutput()
    if options.accept:
        _accept(roots, output)
    if options.pin:
        pin_floors(roots, options.lower or "", output)
    counts: Counter[str] = Counter()
    folders = _folders(roots)
    runs = [run for folder in folders if (run := _check(folder, output, counts))]
    if len(runs) == len(folders):
        counts.update(FAILED if failed else RIGHT for failed in _floors(roots, runs, output))
    verdicts = judge_sites(runs)
    for verdict in verdicts:
        output.write(safe_text("\n".join(told_site(verdict)) + "\n"))
    if runs:
        output.write(f"{_summary(counts)}\n")
    if len(runs) < len(folders):
        raise UsageError(f"{_number(len(folders) - len(runs), 'case')} can't be run; see above")
    return not counts[FAILED] and not any(map(fails, verdicts))


def _options(arguments: Sequence[str]) -> Namespace | None:
    parser = Parser("check", "Check cases: whether pages come out as their folders say.", "[PATH ...] [OPTIONS]", NOTES)
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="a case, a folder of cases, a site or a folder of sites"
    )
    text = "first write what cleaning gives into the cases at PATH, unless a law is broken"
    parser.add_argument("--accept", action="store_true", help=text)
    parser.add_argument("--pin", action="store_true", help="write what the cases reach into floors.toml at PATH")
    text = "let --pin lower floors, for a reason that is written into the file"
    parser.add_argument("--lower", metavar="REASON", help=text)
    return parser.read(arguments)


# --- which cases ----------------------------------------------------------------------------------


def case_roots(path: Path) -> list[Path]:
    """Return the folders of cases that a path means: those of a site, of a folder of sites, or itself."""
    sites = [home for home in (path, *_inner(path)) if site_files(home)]
    found = [home / SITE_CASES for home in sites if (home / SITE_CASES).is_dir()]
    if sites and not found:
        raise UsageError(f"{path}: has no cases. Put a page into {sites[0] / SITE_CASES}/YYYY-MM/input.txt.")
    return found or [path]


def _inner(path: Path) -> list[Path]:
    return sorted(inner for inner in path.iterdir() if inner.is_dir()) if path.is_dir() else []


def standing_roots(project: Path) -> list[Path]:
    """Return the folders of cases that pytest would take in a project, or its folder `cases`.

    Raises:
        UsageError: the settings can't be read, a folder of theirs does not exist, or there is no folder to take.
    """
    settings = ((name, _patterns(project / name)) for name in SETTINGS_FILES)
    file, patterns = next(((name, found) for name, found in settings if found), ("", []))
    for pattern in patterns:
        if not any(project.glob(pattern)):
            raise UsageError(f"{file}: scrubber_cases: no folder matches “{pattern}”")
    found = [folder for pattern in patterns for folder in sorted(project.glob(pattern)) if folder.is_dir()]
    if not found and (project / SITE_CASES).is_dir():
        return [project / SITE_CASES]
    if not found:
        raise UsageError("there is no folder of cases here. Name one: scrubber check PATH")
    return found


def _patterns(path: Path) -> list[str]:
    if not path.is_file():
        return []
    try:
        text = path.read_text(encoding="utf-8")
        named = _in_ini(text) if path.suffix == ".ini" else _in_toml(text)
    except (OSError, ValueError, AttributeError, configparser.Error) as error:
        raise UsageError(f"{path}: can't be read: {error}. Name the cases: scrubber check PATH") from error
    return named.split() if isinstance(named, str) else [str(pattern) for pattern in named]


def _in_ini(text: str) -> str:
    settings = configparser.ConfigParser(interpolation=None)
    settings.read_string(text)
    return settings.get("pytest", "scrubber_cases", fallback="")


def _in_toml(text: str) -> str | list[object]:
    table = tomllib.loads(text).get("tool", {}).get("pytest", {})
    named: str | list[object] = {**table, **table.get("ini_options", {})}.get("scrubber_cases", [])
    return named


def _folders(roots: Iterable[Path]) -> list[Path]:
    """Return every case under some folders, each once."""
    try:
        return list({folder.resolve(): folder for folder in find_cases(*roots)}.values())
    except CaseError as error:
        raise UsageError(str(error)) from error


# --- checking and accepting -----------------------------------------------------------------------


def _check(folder: Path, output: StandardOutput, counts: Counter[str]) -> Run | None:
    """Check a case and print what is not right; None for one that can't be run."""
    try:
        run = Run(load_case(folder))
        demanded = list(aspects(run.case))
    except CaseError as error:
        for problem in str(error).split("\n"):
            complain(problem)
        return None
    counts["cases"] += 1
    for aspect in demanded:
        verdict = judge(run, aspect)
        counts[verdict.outcome] += 1
        if verdict.outcome != RIGHT:
            output.write(
                safe_text(f"{verdict.outcome}: {run.case.folder}: {aspect.name}\n{_indented(verdict.details)}\n")
            )
    return run


def _floors(roots: Sequence[Path], runs: Sequence[Run], output: StandardOutput) -> Iterator[bool]:
    """Hold the cases of each folder that has floors against them, and tell whether any is broken."""
    groups = {*roots, *(group for run in runs for group in run.case.folder.parents)}
    inside = (group for group in groups if any(group.is_relative_to(root) for root in roots))
    for group in sorted(group for group in inside if (group / FLOORS_FILE).exists()):
        broken = broken_floors(group, [run for run in runs if run.case.folder.is_relative_to(group)])
        if broken:
            output.write(safe_text(f"{FAILED}: {group / FLOORS_FILE}\n{_indented(broken)}\n"))
        yield bool(broken)


def judge(run: Run, aspect: Aspect) -> Verdict:
    """Check one aspect. A known failure must fail: one that holds after all is a failure."""
    reason = run.case.xfail.get(aspect.name)
    try:
        aspect.check(run)
    except PluginError:  # nothing can be said of any case
        raise
    except (AssertionError, ScrubberError) as error:
        if reason:
            return Verdict(KNOWN, reason)
        kind = "" if isinstance(error, AssertionError) else f"{type(error).__name__}: "
        return Verdict(FAILED, f"{kind}{error}")
    return (
        Verdict(FAILED, f"holds, though it is known to fail: {reason}. Remove it from xfail.")
        if reason
        else Verdict(RIGHT)
    )


def _accept(roots: Sequence[Path], output: StandardOutput) -> None:
    try:
        accepted = accept(roots)
    except CaseError as error:
        first, *rest = str(error).split("\n")
        for problem in [first, *rest] if rest else ():
            complain(problem)
        raise UsageError("nothing was accepted; see above" if rest else first) from error
    for one in accepted:
        output.write(safe_text("\n".join(_told(one)) + "\n"))


def _told(accepted: Accepted) -> Iterator[str]:
    if not accepted.written:
        yield f"accepted: {accepted.case.folder}: nothing has changed"
        return
    written = ", ".join(accepted.written)
    yield f"accepted: {accepted.case.folder}: wrote {written}; recorded, not checked. Look at:"
    yield from (f"  {line}" for line in accepted.look_at)
    yield f"  {MARK_CHECKED}"


# --- sites ----------------------------------------------------------------------------------------


def fails(verdict: SiteVerdict) -> bool:
    """Tell whether a site's plugin does harm: it is worse than none on its cases, or does not know them."""
    return verdict.verdict == WORSE or bool(verdict.unmatched)


def told_site(verdict: SiteVerdict) -> Iterator[str]:
    """Yield the lines on a site: how it compares with generic cleaning, and what of it is idle or not checked."""
    own, generic = verdict.own, verdict.generic
    if verdict.cases:
        kept, lost = (
            f"{_number(before, 'word')} wrongly {what}, with it {after}"
            for what, before, after in (("kept", generic.kept, own.kept), ("lost", generic.lost, own.lost))
        )
        cases = _number(verdict.cases, "case")
        yield f"site {verdict.site}: {verdict.verdict} generic cleaning on {cases}: {kept}; {lost}"
    else:
        yield f"site {verdict.site}: knows none of its cases"
    for what, names in (
        ("is not known to be its page (see hosts, fingerprints)", verdict.unmatched),
        ("decides no line of its cases", verdict.idle),
        ("only repeats what generic cleaning does", verdict.repeating),
        ("was recorded, and nobody has checked it", verdict.unchecked),
    ):
        yield from (f"  {what}: {name}" for name in names)


# --- words ----------------------------------------------------------------------------------------


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))


def _summary(counts: Counter[str]) -> str:
    known = f", {counts[KNOWN]} known to fail" if counts[KNOWN] else ""
    total = counts[RIGHT] + counts[KNOWN] + counts[FAILED]
    aspects_of_cases = f"{_number(total, 'aspect')} of {_number(counts['cases'], 'case')}"
    return f"{aspects_of_cases}: {counts[RIGHT]} right{known}, {counts[FAILED]} failed"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
