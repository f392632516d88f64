"""docs/integrations.md: every example is run as it stands and prints what the page says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

from scrubber.integrations.batch import DEFAULT_OUTPUTS, ERROR, OUTPUTS, Fields

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "integrations.md").read_text(encoding="utf-8")
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
SECTIONS = dict(re.findall(r"^## (.+)\n((?:(?!^## ).*\n)*)", PAGE, re.MULTILINE))
EXAMPLE = re.compile(r"^```(sh|python)\n(.*?)^```\n\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = {name: EXAMPLE.findall(text) for name, text in SECTIONS.items()}
NEEDS = {
    "pandas": "pandas",
    "Polars": "polars",
    "Hugging Face datasets": "datasets",
    "Spark": "pyspark",
    "Ray Data": "ray",
    "datatrove": "datatrove",
    "Scrapy": "scrapy",
    "LangChain": "langchain_core",
    "LlamaIndex": "llama_index",
}
"""The library that an example needs."""

LONGEST = 15
"""Lines of an example that are not blank."""


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a process that finds this checkout, and in it a command `scrubber`."""
    command = folder / "bin" / "scrubber"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m scrubber "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    local = {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1", "RAY_USAGE_STATS_ENABLED": "0"}
    path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, **local, "PATH": path, "PYTHONPATH": str(ROOT), "SCRUBBER_PLUGINS": ""}


@pytest.mark.parametrize("name", [name for name, found in EXAMPLES.items() if found])
def test_the_example_prints_what_the_page_says(name: str, tmp_path: Path) -> None:
    if name in NEEDS and find_spec(NEEDS[name]) is None:
        pytest.skip(f"{NEEDS[name]} is not installed")
    [(language, code, printed)] = EXAMPLES[name]
    (tmp_path / "example").write_text(code, encoding="utf-8")
    call = ["sh", "example"] if language == "sh" else [sys.executable, "example"]
    done = subprocess.run(
        call, cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, timeout=180, check=False
    )
    assert done.stdout == printed, done.stderr


def test_every_integration_has_an_example_of_a_few_lines() -> None:
    modules = {path.stem for path in ROOT.glob("scrubber/integrations/*.py")}
    shared = {"__init__", "arrow", "columns", "documents"}
    named = set(re.findall(r"`scrubber\.integrations\.(\w+)`", PAGE))
    assert named == modules - shared
    assert {name for name, found in EXAMPLES.items() if len(found) == 1} == {*NEEDS, "A shell pipe", "Records"}
    assert all(sum(map(bool, code.splitlines())) <= LONGEST for found in EXAMPLES.values() for _, code, _ in found)


def test_every_extra_exists_and_no_library_is_without_one() -> None:
    named = set(re.findall(r"scrubber-toolkit\[(\w+)\]", PAGE))
    assert named == {"datatrove", "scrapy", "datasets", "spark", "ray", "polars", "pandas", "langchain", "llamaindex"}
    assert named <= set(EXTRAS)


def test_the_tables_list_every_argument_and_every_field() -> None:
    text = SECTIONS["What goes in, what comes out"]
    first, _, second = text.partition("| written field |")
    assert set(re.findall(r"^\| `(\w+)` \|", first, re.MULTILINE)) == set(Fields.__dataclass_fields__)
    rows = re.findall(r"^\| (`.+?) \|(.*)$", second, re.MULTILINE)
    fields = {name: "on request" in rest for names, rest in rows for name in re.findall(r"`(\w+)`", names)}
    assert set(fields) == {*OUTPUTS, ERROR}
    assert {name for name, asked in fields.items() if not asked} == {*DEFAULT_OUTPUTS, ERROR}
