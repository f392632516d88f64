"""docs/learning.md, word for word: its commands print what it says, its edits are made, in the order of the page.

Its figures may move by little: what is learned leans on generic cleaning, which goes on getting better.
"""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "learning.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(console|toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"`(plugins/[^`]+)`")
REPLACED = re.compile(r"in place of\s+`([^`]+)`, write:\s*$")


class Step(NamedTuple):
    """A command with what it prints, or an edit with the prose that says where."""

    kind: str
    before: str
    body: str


def steps() -> Iterator[Step]:
    """Yield every block of the page with the paragraph above it."""
    for found in BLOCK.finditer(PAGE):
        prose = PAGE[: found.start()].rstrip().rpartition("\n\n")[2]
        yield Step(found[1], " ".join(prose.split()), found[2])


def commands(body: str) -> Iterator[tuple[str, str]]:
    """Yield every command of a block with what it prints."""
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, _, printed = part.partition("\n")
        yield command, printed


def expression(printed: str) -> str:
    """Return an expression for what the page shows, in which any number stands for any.

    `...` alone is any lines, at the end of a line the rest of it.
    """
    rows = []
    for row in printed.splitlines():
        if row == "...":
            rows.append(r"(?:[^\n]*\n)*?")
        else:
            shown = re.sub(r"\d+", r"\\d+", re.escape(row.removesuffix("...")))
            rows.append(shown + ("[^\n]*" if row.endswith("...") else "") + "\n")
    return "".join(rows)


def edit(step: Step, home: Path) -> None:
    """Make an edit: add to the end of a file, or replace a line of it."""
    path = home / FILE.findall(step.before)[-1]
    text = path.read_text(encoding="utf-8")
    if replaced := REPLACED.search(step.before):
        assert text.count(replaced[1]) == 1
        path.write_text(text.replace(replaced[1], step.body.rstrip("\n")), encoding="utf-8")
    else:
        assert "at the end of" in step.before
        path.write_text(f"{text}\n{step.body}", encoding="utf-8")


def environment(home: Path) -> dict[str, str]:
    """Return an environment in which `scrubber` and `python` are those of this project."""
    binaries = home / "bin"
    binaries.mkdir()
    for name, call in {"scrubber": f'"{sys.executable}" -m scrubber', "python": f'"{sys.executable}"'}.items():
        script = binaries / name
        script.write_text(f'#!/bin/sh\nexec {call} "$@"\n', encoding="utf-8")
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
    path = f"{binaries}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}


def test_the_page_works_word_for_word(tmp_path: Path) -> None:
    """Whoever types it sees what it shows."""
    home = tmp_path / "work"
    home.mkdir()
    known = environment(tmp_path)
    done = 0
    for step in steps():
        if step.kind == "toml":
            edit(step, home)
            continue
        for command, printed in commands(step.body):
            shown = output(command, home, known)
            assert re.fullmatch(expression(printed), shown), f"{command}\n{shown}"
            done += 1
    assert done >= 12


def output(command: str, home: Path, known: dict[str, str]) -> str:
    """Return what a command prints, messages included."""
    call = ["/bin/sh", "-c", f"( {command} ) 2>&1"]
    run = subprocess.run(call, cwd=home, env=known, capture_output=True, encoding="utf-8", check=False)
    return run.stdout
