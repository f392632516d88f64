"""The pytest plugin: collects case folders and runs every aspect of each as a test of its own.

    [tool.pytest.ini_options]
    scrubber_cases = ["fixtures", "plugins/*/cases"]

A run without arguments takes all of them, so no case is left unused. It comes in by the entry point
`pytest11`; in a project without cases it does nothing and imports next to nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from scrubber.testing.accept import Accepted
    from scrubber.testing.checks import Aspect, Run

ROOTS = pytest.StashKey[tuple[Path, ...]]()
ACCEPTED: pytest.StashKey[list[Accepted]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("scrubber", "cases of scrubber")
    group.addoption("--scrubber-cases", action="append", default=[], metavar="DIR", help="a folder of cases to collect")
    group.addoption(
        "--scrubber-accept",
        action="append",
        default=[],
        metavar="PATH",
        help="write what cleaning gives into the cases at PATH, unless a law is broken",
    )
    parser.addini("scrubber_cases", "folders of cases to collect; * stands for any name", type="linelist", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """Find the folders of cases; a run without arguments collects all of them."""
    standing, named = tuple(_standing_roots(config)), tuple(_named_roots(config))
    config.stash[ROOTS] = standing + named + tuple(_accepted_roots(config))
    given = [Path(config.invocation_params.dir, argument.split("::")[0]).resolve() for argument in config.args]
    wanted = named if config.args_source is config.ArgsSource.ARGS else standing + named
    config.args += [str(root) for root in wanted if not any(root.is_relative_to(path) for path in given)]


def _standing_roots(config: pytest.Config) -> Iterator[Path]:
    for pattern in config.getini("scrubber_cases"):
        found = sorted(path for path in config.rootpath.glob(pattern) if path.is_dir())
        if not found:
            raise pytest.UsageError(f"scrubber_cases: no folder matches “{pattern}” in {config.rootpath}.")
        yield from (path.resolve() for path in found)


def _named_roots(config: pytest.Config) -> Iterator[Path]:
    for given in config.getoption("scrubber_cases"):
        folder = Path(config.invocation_params.dir, given).resolve()
        if not folder.is_dir():
            raise pytest.UsageError(f"--scrubber-cases: {folder} is no folder.")
        yield folder


def _accepted_roots(config: pytest.Config) -> Iterator[Path]:
    """Yield what is to be accepted: those are folders of cases wherever they lie, and are run where they are named."""
    for given in config.getoption("scrubber_accept"):
        yield Path(config.invocation_params.dir, given).resolve()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Accept what is to be accepted, before anything is collected; workers of xdist find it done."""
    config = session.config
    paths = list(_accepted_roots(config))
    config.stash[ACCEPTED] = []
    if not paths or hasattr(config, "workerinput"):
        return
    from scrubber.errors import ScrubberError  # noqa: PLC0415 - other projects' runs should not wait for it
    from scrubber.testing.accept import accept  # noqa: PLC0415

    try:
        config.stash[ACCEPTED] = accept(paths)
    except ScrubberError as error:
        raise pytest.UsageError(_from_here(config, str(error))) from error


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a folder of cases, or a folder in one."""
    folder = path.resolve()
    if any(folder.is_relative_to(root) for root in parent.config.stash[ROOTS]):
        return CaseFolder.from_parent(parent, path=path)
    return None


class CaseFolder(pytest.Directory):
    """A case, or a group of cases."""

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """Yield the aspects of a case, or the folders of a group; an invalid case is an error."""
        from scrubber.testing.cases import inner_folders, is_case, load_case  # noqa: PLC0415
        from scrubber.testing.checks import Run, aspects  # noqa: PLC0415
        from scrubber.testing.reading import CaseError  # noqa: PLC0415

        try:
            if not is_case(self.path):
                inner = [CaseFolder.from_parent(self, path=folder) for folder in inner_folders(self.path)]
                return [*inner, *self._floors()]
            run = Run(load_case(self.path))
            return [
                CaseItem.from_parent(self, name=aspect.name, run=run, aspect=aspect) for aspect in aspects(run.case)
            ]
        except CaseError as error:
            raise self.CollectError(_from_here(self.config, str(error))) from error

    def _floors(self) -> Iterator[pytest.Item]:
        from scrubber.testing.cases import FLOORS_FILE  # noqa: PLC0415

        if (self.path / FLOORS_FILE).is_file():
            yield FloorsItem.from_parent(self, name=FLOORS_FILE)


class FloorsItem(pytest.Item):
    """The floors of all cases in a folder."""

    def runtest(self) -> None:
        """Measure them."""
        from scrubber.testing.floors import check_pins, runs_in  # noqa: PLC0415

        check_pins(self.path, runs_in(self.path))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        """Show what fell, not where in the kit that was noticed."""
        return _told(self, excinfo)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Name the file."""
        return self.path, None, f"{self.path.name}/{self.name}"


class CaseItem(pytest.Item):
    """One aspect of one case."""

    def __init__(self, *, run: Run, aspect: Aspect, **rest: object) -> None:
        """Take the run that all aspects of the case share."""
        super().__init__(**rest)  # type: ignore[arg-type]
        self.run = run
        self.aspect = aspect
        self.user_properties.append(("provenance", run.case.provenance))
        if aspect.name in run.case.xfail:
            self.add_marker(_known_failure(run.case.xfail[aspect.name]))

    def runtest(self) -> None:
        """Check the aspect."""
        self.aspect.check(self.run)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        """Show what differs, not where in the kit that was noticed."""
        return _told(self, excinfo)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Name the case and the aspect."""
        return self.path, None, f"{self.run.case.name}: {self.aspect.name}"


def _known_failure(reason: str) -> pytest.MarkDecorator:
    """Return the mark of what must fail, and by what the kit raises: a crash is no failure that is known."""
    from scrubber.errors import ScrubberError  # noqa: PLC0415

    return pytest.mark.xfail(reason=reason, strict=True, raises=(AssertionError, ScrubberError))


def _told(item: pytest.Item, excinfo: pytest.ExceptionInfo[BaseException]) -> str:
    from scrubber.errors import ScrubberError  # noqa: PLC0415

    if isinstance(excinfo.value, AssertionError | ScrubberError):
        return _from_here(item.config, f"{item.path}\n{excinfo.value}")
    return str(pytest.Item.repr_failure(item, excinfo))


def _from_here(config: pytest.Config, text: str) -> str:
    """Return a text with the paths in it as one would write them in the folder that pytest was called in."""
    return text.replace(f"{config.invocation_params.dir}{os.sep}", "")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was written, and what a person should look at now."""
    done = config.stash.get(ACCEPTED, [])
    if not done:
        return
    from scrubber.testing.accept import MARK_CHECKED  # noqa: PLC0415

    for accepted in done:
        terminalreporter.section(f"accepted: {_from_here(config, str(accepted.case.folder))}", sep="-")
        if not accepted.written:
            terminalreporter.line("nothing has changed")
            continue
        terminalreporter.line(f"wrote {', '.join(accepted.written)}; recorded, not checked. Look at:")
        for line in accepted.look_at:
            terminalreporter.line(f"  {line}")
        terminalreporter.line(MARK_CHECKED)
