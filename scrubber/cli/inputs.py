"""Paths to pages: files, the pages in folders, standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from scrubber.cli.messages import Failure, UsageError, os_reason
from scrubber.cli.paths import is_file, is_folder
from scrubber.containers import CONTAINER_SUFFIXES
from scrubber.pipeline import MAX_INPUT

PAGE_SUFFIXES = (".txt", ".text", ".html", ".htm", *CONTAINER_SUFFIXES)
"""What is taken from a folder. Markdown is not: that is what `clean` writes, and what people keep notes in."""

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Input:
    """One page to clean: `name` as reports show it, `inside` where it belongs in a folder of outputs."""

    name: str
    path: Path | None
    inside: PurePath

    def read(self) -> bytes:
        """Return the page.

        Raises:
            Failure: it can't be read, or is over the limit of one page.
        """
        try:
            content = self._bytes()
        except OSError as error:
            raise Failure(f"can't be read ({os_reason(error)})") from error
        if len(content) > MAX_INPUT:
            raise Failure(f"has over {MAX_INPUT:,} bytes, the limit of one page. Split it first.")
        return content

    def _bytes(self) -> bytes:
        if self.path is not None:
            with self.path.open("rb") as file:
                return file.read(MAX_INPUT + 1)
        if sys.stdin is None:
            raise OSError(0, "standard input is closed")
        return sys.stdin.buffer.read(MAX_INPUT + 1)


@dataclass(slots=True)
class Inputs:
    """All pages of a call, in order, each once; `failures` are folders that gave none, with the reason."""

    pages: list[Input] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)


def default_paths(paths: Sequence[str]) -> list[str]:
    """Return the paths, or standard input where there is none and something is piped in.

    Raises:
        UsageError: there is no path, and standard input is a terminal.
    """
    if paths:
        return list(paths)
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError("nothing to read. Give a file, a folder, or - for standard input.")
    return [STANDARD_INPUT]


def collect(paths: Iterable[str], *, but: Path | None = None, suffixes: tuple[str, ...] = PAGE_SUFFIXES) -> Inputs:
    """Find the pages that paths name. `but` is a folder to leave out: that of the outputs.

    `suffixes` are those of the files that are taken from a folder.

    A file that is missing is still a page, which then can't be read; so each input fails in one place.
    """
    found = Inputs()
    seen: set[str] = set()
    for path in paths:
        for page in _pages(path, but, suffixes, found.failures):
            key = os.path.realpath(page.path) if page.path else STANDARD_INPUT
            if key not in seen:
                seen.add(key)
                found.pages.append(page)
    return found


def _pages(path: str, but: Path | None, suffixes: tuple[str, ...], failures: list[tuple[str, str]]) -> Iterator[Input]:
    if path == STANDARD_INPUT:
        yield Input("standard input", None, PurePath("stdin"))
    elif is_folder(path):
        before = len(failures)
        count = 0
        for page in _folder(Path(path), but, suffixes, failures):
            count += 1
            yield page
        if not count and len(failures) == before:
            failures.append((path, f"holds no pages ({', '.join(f'*{suffix}' for suffix in suffixes)})"))
    else:
        yield Input(path, Path(path), PurePath(Path(path).name))


def _folder(
    folder: Path, but: Path | None, suffixes: tuple[str, ...], failures: list[tuple[str, str]]
) -> Iterator[Input]:
    """Yield the pages under a folder, sorted; hidden ones are left out and links to folders not followed."""

    def refused(error: OSError) -> None:
        failures.append((str(error.filename), f"can't be read ({os_reason(error)})"))

    left_out = os.path.realpath(but) if but else None
    for place, folders, files in os.walk(folder, onerror=refused):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if place != str(folder) and os.path.realpath(place) == left_out:
            folders.clear()
            continue
        for name in sorted(files):
            path = Path(place, name)
            if name.lower().endswith(suffixes) and not name.startswith(".") and is_file(path):
                yield Input(str(path), path, path.relative_to(folder))
