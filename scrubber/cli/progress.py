"""A progress bar for long calls, on standard error, where somebody is there to see it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from scrubber.cli.inputs import Input

MANY = 20
"""Inputs above which a call takes long enough for a bar."""


def with_progress(pages: Sequence[Input], *, quiet: bool) -> Iterator[Input]:
    """Yield the pages, under a progress bar if there are many and standard error is a terminal.

    `quiet` is set where results go to the same terminal: they would be written into the bar.
    """
    if quiet or len(pages) <= MANY or sys.stderr is None or not sys.stderr.isatty():
        yield from pages
        return
    from rich.console import Console  # half as slow to import as all of scrubber
    from rich.progress import track

    yield from track(pages, "Cleaning", console=Console(stderr=True), transient=True)
