"""The argument parser of every command: argparse, with errors as exceptions and options anywhere on the line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NoReturn

from scrubber.cli.messages import UsageError, nearest


def split_at_dashes(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return what stands before `--` and, all of it names of files, what stands behind."""
    place = arguments.index("--") if "--" in arguments else len(arguments)
    return list(arguments[:place]), list(arguments[place + 1 :])


class Parser(argparse.ArgumentParser):
    """An argument parser that names the nearest option and never exits by itself.

    The names of files are in `paths`; argparse loses those behind `--` when options may stand anywhere.
    """

    def __init__(self, command: str, summary: str, usage: str, notes: str) -> None:
        """Make a parser; `notes` is shown below the options, line by line as it is."""
        super().__init__(
            prog=f"scrubber {command}",
            usage=f"scrubber {command} {usage}",
            description=summary,
            epilog=notes,
            formatter_class=_Formatter,
            allow_abbrev=False,
            add_help=False,
        )
        self.add_argument("-h", "--help", action="store_true", help="show this help")

    def read(self, arguments: Sequence[str]) -> argparse.Namespace | None:
        """Return the options, or None when help was asked for and has been printed.

        Raises:
            UsageError: an option is unknown, or its value is not valid.
        """
        named, names = split_at_dashes(arguments)
        if "-h" in named or "--help" in named:
            self.print_help()
            return None
        options, unknown = self.parse_known_intermixed_args(named)
        if unknown:
            raise UsageError(self._unknown(unknown[0].partition("=")[0]))
        options.paths = [*getattr(options, "paths", []), *names]
        return options

    def error(self, message: str) -> NoReturn:
        """Raise instead of exiting, so that `main` prints every message in one form."""
        raise UsageError(f"{message.removeprefix('argument ')} (see {self.prog} --help)")

    def _unknown(self, name: str) -> str:
        if not name.startswith("-"):
            return f"“{name}” is one argument too many (see {self.prog} --help)"
        known = [option for option in self._option_string_actions if option.startswith("--")]
        return f"unknown option “{name}”. {nearest(name, known)}"


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Keeps the line ends of the notes; leaves more room for long options than argparse does."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28, width=100)
