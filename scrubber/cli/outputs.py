"""Where results go: standard output, one file, or a folder with a file for each input."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import Protocol

from scrubber.cli.inputs import PAGE_SUFFIXES, Input
from scrubber.cli.messages import Failure, OutputError, UsageError, os_reason, warn
from scrubber.cli.paths import is_folder
from scrubber.report.safe import safe_json, safe_text

SUFFIXES = {"text": ".txt", "json": ".json", "markdown": ".md", "html": ".html"}
REPLACED = frozenset({*PAGE_SUFFIXES, *SUFFIXES.values()})
"""Suffixes of inputs that give way to that of the output; anything else is part of the name."""


class Destination(Protocol):
    """Takes the results one by one."""

    def put(self, page: Input, text: str) -> None:
        """Write one result. Raises Failure where it can't be written."""


# --- standard output ------------------------------------------------------------------------------


def is_terminal() -> bool:
    """Tell whether standard output is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def wants_colour() -> bool:
    """Tell whether output may be coloured: NO_COLOR and FORCE_COLOR win over what standard output is."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (is_terminal() and os.environ.get("TERM") != "dumb")


def wants_layout() -> bool:
    """Tell whether output is for reading on a terminal rather than for a program."""
    return is_terminal() or bool(os.environ.get("FORCE_COLOR"))


def terminal_width() -> int:
    """Return the columns of the terminal, 80 where that is not known."""
    return shutil.get_terminal_size().columns


class StandardOutput:
    """Standard output: UTF-8 and line feeds on every platform, unless it is a terminal of another encoding.

    What the encoding can't hold is written as an escape, and said once on standard error.
    """

    def __init__(self) -> None:
        """Choose the encoding; PYTHONIOENCODING is obeyed."""
        if sys.stdout is None:
            raise UsageError("standard output is closed. Give a file or folder with -o.")
        asked = is_terminal() or bool(os.environ.get("PYTHONIOENCODING"))
        self.encoding = (sys.stdout.encoding if asked else None) or "utf-8"
        self.warned = False

    def write(self, text: str) -> None:
        """Write a text and pass it on at once.

        Raises:
            BrokenPipeError: whoever read the output went away.
            OutputError: it can't be written for another reason, such as a full disk.
        """
        buffer = getattr(sys.stdout, "buffer", None)
        try:
            if buffer is None:  # a stand-in that takes text only
                sys.stdout.write(text)
                return
            sys.stdout.flush()
            buffer.write(self._encoded(text))
            buffer.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputError(f"standard output can't be written ({os_reason(error)})") from error

    def _encoded(self, text: str) -> bytes:
        try:
            return text.encode(self.encoding)
        except UnicodeEncodeError as error:
            if not self.warned:
                character = f"U+{ord(text[error.start]):04X}"
                warn(f"standard output is {self.encoding}, which lacks {character}: such characters become escapes")
            self.warned = True
            return text.encode(self.encoding, "backslashreplace")


class ToStandardOutput:
    """Writes results one after the other, two blank lines between texts: no article holds two in a row."""

    def __init__(self, form: str) -> None:
        """Take results of a format: text, json, markdown or html."""
        self.output = StandardOutput()
        self.between = "" if form == "json" else "\n\n"
        self.safe = safe_json if form == "json" else safe_text
        self.empty = True

    def put(self, page: Input, text: str) -> None:
        """Write one result; on a terminal, no control character of the page reaches it."""
        if not text:
            return
        shown = self.safe(text) if is_terminal() else text
        self.output.write(shown if self.empty else self.between + shown)
        self.empty = False


# --- files ----------------------------------------------------------------------------------------


class ToFile:
    """Writes the one result to a file."""

    def __init__(self, path: Path) -> None:
        """Take the file; it is made or replaced when the result is there."""
        self.path = path

    def put(self, page: Input, text: str) -> None:
        """Write the result."""
        _write(self.path, text)


class ToFolder:
    """Writes each result to a file of the input's name, in the sub-folder it came from."""

    def __init__(self, folder: Path, suffix: str) -> None:
        """Take a folder that exists, and the suffix of its files."""
        self.folder = folder
        self.suffix = suffix
        self.written: dict[Path, str] = {}

    def path_of(self, page: Input) -> Path:
        """Return the file that a page is written to."""
        return self.folder / renamed(page.inside, self.suffix)

    def put(self, page: Input, text: str) -> None:
        """Write one result, unless another input of this call has the same name."""
        path = self.path_of(page)
        if path in self.written:
            raise Failure(f"would be written to {path}, as {self.written[path]} was. Clean it into another folder.")
        self.written[path] = page.name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Failure(f"{path.parent} can't be made ({os_reason(error)})") from error
        _write(path, text)


def renamed(name: PurePath, suffix: str) -> PurePath:
    """Return a name with the suffix of the output.

    >>> renamed(PurePath("a/page.warc.gz"), ".md").as_posix(), renamed(PurePath("story.2016"), ".txt").as_posix()
    ('a/page.md', 'story.2016.txt')
    """
    ending = max((one for one in REPLACED if name.name.lower().endswith(one)), key=len, default="")
    stem = name.name[: len(name.name) - len(ending)]
    return name.with_name((stem or name.name) + suffix)


def open_destination(output: str | None, pages: Iterable[Input], *, several: bool, form: str) -> Destination:
    """Return where results go, and make the folder that they go to.

    Raises:
        UsageError: an input would be overwritten, or several inputs are to go to one file, or the folder
            can't be made.
    """
    if output is None or output == "-":
        return ToStandardOutput(form)
    path = Path(output)
    inputs = [page for page in pages if page.path]
    if not names_folder(output, several=several):
        _refuse_overwriting(inputs, [path])
        return ToFile(path)
    if several and not is_folder(path) and path.suffix.lower() in {*REPLACED, ".jsonl"}:
        raise UsageError(f"-o {output}: several inputs need a folder. Name one, or redirect: > {output}")
    destination = ToFolder(path, SUFFIXES[form])
    _refuse_overwriting(inputs, map(destination.path_of, inputs))
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"-o {output}: the folder can't be made ({os_reason(error)})") from error
    return destination


def names_folder(output: str, *, several: bool) -> bool:
    """Tell whether `-o` names a folder: there are several inputs, or it is one, or it ends as one."""
    return several or output.endswith(("/", os.sep)) or is_folder(output)


def _refuse_overwriting(inputs: Iterable[Input], outputs: Iterable[Path]) -> None:
    read = {_identity(page.path) for page in inputs if page.path} - {None}
    for path in outputs:
        if _identity(path) in read:
            raise UsageError(f"-o: {path} is an input and would be overwritten. Give another file or folder.")


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what two names of one file share, links of both kinds included; None for a file that is not there."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def _write(path: Path, text: str) -> None:
    try:
        path.write_bytes(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise Failure(f"{path} can't be written ({os_reason(error)})") from error
