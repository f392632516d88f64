"""What the commands for corpora share: the extra they need, their errors, and how counts and progress are told."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from scrubber.cli.messages import Failure, UsageError, nearest, os_reason
from scrubber.cli.parser import Parser

if TYPE_CHECKING:
    from scrubber.corpus.fields import FieldNames
    from scrubber.corpus.progress import Progress
    from scrubber.corpus.tally import Tally

FAULTS_SHOWN = 5
FIELDS = ("content", "url", "id", "content_type", "date", "text", "report")


@contextmanager
def told() -> Iterator[None]:
    """Turn what goes wrong with corpora into the errors that `main` prints.

    Raises:
        UsageError: the call is wrong, or a library is missing, and nothing was done.
        Failure: the run stopped, or a file could not be read or written.
    """
    try:
        from scrubber.corpus.drive import RunError
        from scrubber.corpus.engines import EngineError
        from scrubber.corpus.folder import FolderError
        from scrubber.corpus.plan import PlanError
    except ModuleNotFoundError as error:
        raise missing(error) from error
    try:
        yield
    except ModuleNotFoundError as error:
        raise missing(error) from error
    except (PlanError, FolderError, EngineError) as error:
        raise UsageError(str(error)) from error
    except RunError as error:
        raise Failure(str(error)) from error
    except OSError as error:
        raise Failure(f"{error.filename or 'a file'}: {os_reason(error)}") from error


def missing(error: ModuleNotFoundError) -> UsageError:
    """Return what to do where a library of an extra is not installed."""
    extra = "corpus,ray" if error.name == "ray" else "corpus"
    return UsageError(f'this needs {error.name}, which is not installed: pip install "scrubber-toolkit[{extra}]"')


def in_words(tally: Tally) -> str:
    """Return the counts of a run as one line.

    >>> from scrubber.corpus.tally import Tally
    >>> in_words(Tally(records=3, out=2, dead=1, chars=10, kept=5))
    '3 in = 2 out + 1 dead; 50.0% of the text dropped'
    """
    faults = ", ".join(f"{word} {count:,}" for word, count in tally.faults.most_common(FAULTS_SHOWN))
    why = f" ({faults})" if faults else ""
    skipped = f"; {tally.skipped:,} records were no pages" if tally.skipped else ""
    dropped = f"{tally.dropped_share:.1%} of the text dropped"
    return f"{tally.taken:,} in = {tally.out:,} out + {tally.dead:,} dead{why}; {dropped}{skipped}"


@contextmanager
def progress_bar() -> Iterator[Callable[[Progress], None]]:
    """Show a bar on standard error, where that is a terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TextColumn("{task.description}"))
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda progress: bar.update(task, completed=progress.share, description=state(progress))


def state(progress: Progress) -> str:
    """Return how far a run is, as one short line."""
    tally = progress.tally
    speed = f"{progress.pages_a_second:,.0f} pages/s, " if progress.seconds else ""
    left = f", {clock(progress.left)} left" if progress.left is not None else ""
    return f"{tally.taken:,} pages, {speed}{tally.dropped_share:.0%} dropped, {tally.dead:,} dead letters{left}"


def clock(seconds: float) -> str:
    """Return a time as hours, minutes and seconds.

    >>> clock(3725.0), clock(59.2)
    ('1:02:05', '0:59')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def one_folder(paths: Sequence[str], command: str) -> str:
    """Return the one folder that a command was given."""
    if len(paths) != 1:
        raise UsageError(f"name one folder of a run: scrubber {command} OUT")
    return paths[0]


def add_limits(parser: Parser, *, max_dead_ratio: float) -> None:
    """Declare the options for workers and limits."""
    group = parser.add_argument_group("limits")
    text = "processes; as many as there are processors by default"
    group.add_argument("--workers", type=_at_least_one, metavar="N", help=text)
    group.add_argument("--page-seconds", type=_positive, default=30.0, metavar="S", help="time for one page; 30")
    group.add_argument("--page-memory", type=_at_least_one, default=2048, metavar="MIB", help="for one page; 2048")
    text = f"share of dead letters, 0 to 1, above which the run stops; {max_dead_ratio:g}"
    group.add_argument("--max-dead-ratio", type=_share, default=max_dead_ratio, metavar="R", help=text)


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError
    return number


def _share(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 1:
        raise ValueError
    return number


def add_fields(parser: Parser, which: str) -> None:
    """Declare the option that names fields."""
    text = f"name a field: {which}; may be repeated"
    parser.add_argument("--field", action="append", default=[], metavar="NAME=FIELD", help=text)


def read_fields(given: Iterable[str]) -> FieldNames:
    """Return the fields. Raises UsageError where one is not known, or has no name."""
    from scrubber.corpus.fields import FieldNames

    named: dict[str, Any] = {}
    for one in given:
        name, equals, field = one.partition("=")
        if name not in FIELDS:
            raise UsageError(f"--field: “{name}” is none of ours. {nearest(name, FIELDS)}")
        if not equals or not field:
            raise UsageError(f"--field {one}: write --field {name}=FIELD")
        named[name] = field
    return FieldNames(**named)
