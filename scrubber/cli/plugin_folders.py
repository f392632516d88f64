"""Where folders of plugins are named: on the command line, in the environment, in a project's settings."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from scrubber.cli.messages import UsageError, nearest, os_reason
from scrubber.cli.paths import is_file, is_folder
from scrubber.plugins import bundled_folder

VARIABLE = "SCRUBBER_PLUGINS"
SETTINGS_FILE = "pyproject.toml"
SETTINGS_KEYS = ("plugins",)


def plugin_folders(given: Sequence[str]) -> tuple[Path, ...]:
    """Return the folders of plugins from all three places, each once, those of the command line first.

    Folders of the bundled sites are left out: those are loaded anyway.

    Raises:
        UsageError: a folder does not exist, or the settings are not valid; the message says where it is named.
    """
    folders: dict[Path, Path] = {}
    for folder, place in [*_given(given), *_environment(), *_settings()]:
        if not is_folder(folder):
            raise UsageError(f"{folder}: no such folder; it is named in {place}")
        folders.setdefault(folder.resolve(), folder)
    bundled = bundled_folder().resolve()
    return tuple(folder for real, folder in folders.items() if not real.is_relative_to(bundled))


def _given(given: Sequence[str]) -> Iterator[tuple[Path, str]]:
    return ((Path(folder), "--plugins") for folder in given)


def _environment() -> Iterator[tuple[Path, str]]:
    named = os.environ.get(VARIABLE, "").split(os.pathsep)
    return ((Path(folder).expanduser(), f"the variable {VARIABLE}") for folder in named if folder.strip())


def _settings() -> Iterator[tuple[Path, str]]:
    """Yield the folders that the nearest settings name, up from the current folder; they start at their file."""
    for path in _settings_files():
        table = _table(path)
        if table is not None:
            yield from ((path.parent / Path(folder).expanduser(), str(path)) for folder in _folders(path, table))
            return


def _settings_files() -> Iterator[Path]:
    try:
        here = Path.cwd()
    except OSError:  # the current folder was removed
        return
    yield from (folder / SETTINGS_FILE for folder in (here, *here.parents) if is_file(folder / SETTINGS_FILE))


def _table(path: Path) -> dict[str, Any] | None:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: can't be read ({os_reason(error)}); --no-plugins does without it") from error
    if b"scrubber" not in raw:
        return None
    import tomllib  # most projects have no settings of ours, and need not wait for it

    try:
        table = tomllib.loads(raw.decode("utf-8")).get("tool", {}).get("scrubber")
    except (ValueError, AttributeError, RecursionError) as error:
        raise UsageError(f"{path}: is not valid TOML: {error}; --no-plugins does without it") from error
    if table is not None and not isinstance(table, dict):
        raise UsageError(f"{path}: write the settings as a table under [tool.scrubber]")
    return table


def _folders(path: Path, table: dict[str, Any]) -> list[str]:
    for key in table:
        if key not in SETTINGS_KEYS:
            raise UsageError(f"{path}: unknown key “{key}” in [tool.scrubber]. {nearest(key, SETTINGS_KEYS)}")
    folders = table.get("plugins", [])
    if not isinstance(folders, list) or not all(isinstance(folder, str) and folder for folder in folders):
        raise UsageError(f'{path}: “plugins” in [tool.scrubber] must be a list of folders, such as ["sites"]')
    return folders
