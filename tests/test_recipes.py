"""docs/recipes.md: what people copy is valid, and names commands, options and extras that exist."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import scrubber
from scrubber.cli import COMMANDS, main

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RECIPES = [yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)]
OTHER_PROGRAMS = {"pip", "pytest"}


def steps(recipe: dict[str, Any]) -> Iterator[str]:
    """Yield every command of a workflow."""
    for job in recipe.get("jobs", {}).values():
        yield from (step["run"] for step in job["steps"] if "run" in step)


def hooks(recipe: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every hook of a configuration of pre-commit."""
    for repository in recipe.get("repos", ()):
        yield from repository["hooks"]


CALLS = [*(step for recipe in RECIPES for step in steps(recipe))]
CALLS += [hook["entry"] for recipe in RECIPES for hook in hooks(recipe)]


def test_there_are_workflows_and_hooks() -> None:
    """Two of each, and nothing else."""
    assert [sorted({"jobs", "repos"} & recipe.keys()) for recipe in RECIPES] == [
        ["jobs"],
        ["jobs"],
        ["repos"],
        ["repos"],
    ]


@pytest.mark.parametrize("call", sorted(set(CALLS)))
def test_a_command_exists(call: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With every option that it is given."""
    program, *arguments = shlex.split(call)
    assert program in {"scrubber", *OTHER_PROGRAMS}
    if program == "scrubber":
        assert arguments[0] in COMMANDS
        assert main([arguments[0], "--help"]) == 0
        printed = capsys.readouterr().out
        assert all(option in printed for option in arguments if option.startswith("--"))


def test_what_is_installed_is_this_project() -> None:
    """By its own name and version, with extras that it has."""
    named = re.findall(r"scrubber-toolkit(?:\[(\w+)\])?(?:==([\d.]+))?", PAGE)
    assert named
    assert PROJECT["name"] == "scrubber-toolkit"
    assert {extra for extra, _ in named} - {""} <= PROJECT["optional-dependencies"].keys()
    assert {version for _, version in named} - {""} == {scrubber.__version__}
    assert not re.search(r"pip install .*\bscrubber(?!-toolkit)\b", PAGE)


def test_workflows_run_on_every_python_that_is_supported() -> None:
    """The matrix is the list of classifiers."""
    supported = re.findall(r"Python :: (3\.\d+)", " ".join(PROJECT["classifiers"]))
    assert RECIPES[0]["jobs"]["cases"]["strategy"]["matrix"]["python"] == supported


def test_hooks_have_what_pre_commit_asks_for() -> None:
    """An id, a name, an entry, a language, and an expression for files that compiles."""
    for hook in (hook for recipe in RECIPES for hook in hooks(recipe)):
        assert {"id", "name", "entry", "language"} <= hook.keys()
        assert hook["pass_filenames"] is False
        re.compile(hook["files"])


def test_checking_needs_no_test_library() -> None:
    """A hook's environment holds scrubber alone."""
    code = "import sys, scrubber.cli.check; sys.exit(bool({'pytest', 'hypothesis', 'yaml'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
