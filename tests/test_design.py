"""The order of imports in docs/design.md is the order of the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LISTED = re.search(r"```text imports\n(.*?)```", (ROOT / "docs/design.md").read_text(encoding="utf-8"), re.DOTALL)
FLOORS = [line.split() for line in reversed(LISTED[1].splitlines())] if LISTED else []
HEIGHT = {room: height for height, rooms in enumerate(FLOORS) for room in rooms}


def room_of(path: Path) -> str:
    """Return the room of a module: the folder or the file right below the package."""
    return path.relative_to(ROOT / "scrubber").parts[0].removesuffix(".py")


MODULES: dict[str, list[Path]] = {}
for module in sorted((ROOT / "scrubber").rglob("*.py")):
    MODULES.setdefault(room_of(module), []).append(module)
del MODULES["__main__"]


def imported(path: Path) -> Iterator[str]:
    """Yield the rooms that a module imports from, also where it does so late or for its types alone."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module == "scrubber":
            names = [f"scrubber.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for package, _, rest in (name.partition(".") for name in names):
            if package == "scrubber":
                room = rest.partition(".")[0]
                yield room if room in MODULES else "__init__"


def test_every_room_has_its_place() -> None:
    """And none is listed that is not there."""
    assert sorted(HEIGHT) == sorted(MODULES)


@pytest.mark.parametrize("room", MODULES)
def test_a_room_imports_what_lies_below_it(room: str) -> None:
    """Nothing above it, and nothing beside it."""
    below = {other for other, height in HEIGHT.items() if height < HEIGHT[room]}
    found = {other for path in MODULES[room] for other in imported(path)} - {room}
    assert found <= below, f"{room} imports {sorted(found - below)}"
