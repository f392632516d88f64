"""`scrubber retry-dead`: clean the dead letters of a run once more, with other limits or after a mend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from scrubber.cli.corpora import add_limits, in_words, one_folder, progress_bar, told
from scrubber.cli.parser import Parser

NOTES = """\
The records are read from the letters themselves, and cleaned as the run did it; only limits can be other ones.
What comes out goes to OUT/retry-1 (then retry-2 ...), which is laid out as OUT is; what fails again is in its
dead/. The counts that are printed are those of the run and all its rounds together.

Examples:
  scrubber retry-dead out/ --page-seconds 300
  scrubber retry-dead out/ --page-seconds 300 --resume
"""


def run(arguments: Sequence[str], *, debug: bool) -> bool:
    """Run the command; always done when it returns."""
    parser = Parser("retry-dead", "Clean the dead letters of a run once more.", "OUT [OPTIONS]", NOTES)
    parser.add_argument("paths", nargs="*", metavar="OUT", help="the folder of a run that is done")
    parser.add_argument("--resume", action="store_true", help="go on with the last round")
    add_limits(parser, max_dead_ratio=1.0)
    options = parser.read(arguments)
    if options is None:
        return True
    with told(), progress_bar() as show:
        from scrubber.corpus import retry, runs

        path = Path(one_folder(options.paths, "retry-dead"))
        before, folder = retry.next_round(path, resume=options.resume)
        limits = {"page_seconds": options.page_seconds, "page_memory": options.page_memory}
        runs.run(
            retry.letters_of(before),
            folder.path,
            replace(retry.settings_of(before), **limits),
            kind="dead",
            workers=options.workers,
            resume=options.resume,
            max_dead_ratio=options.max_dead_ratio,
            show=show,
        )
        tally = retry.tally_of_rounds(path)
    print(in_words(tally))
    return True
