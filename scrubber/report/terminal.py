"""A rich console that writes into a string, so that what is shown can be tested and sent anywhere."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def make_console(page: StringIO, *, width: int, colour: bool) -> Console:
    """Return a console of so many columns, with the terminal's own eight colours or without any."""
    from rich.console import Console  # noqa: PLC0415 - half as slow to import as all of scrubber

    return Console(
        file=page,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
        legacy_windows=False,
    )
