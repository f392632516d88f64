"""The HTML versions of the seeds are what `scrubber.testing.designs` writes, and hold every line of the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrubber.segment.html import flatten_html
from scrubber.testing import Case, find_cases, load_case
from scrubber.testing.cases import META_FILE
from scrubber.testing.designs import DESIGNS, INPUT, all_files, files, main

FIXTURES = Path(__file__).parents[1] / "fixtures"
SEEDS = [load_case(folder) for folder in find_cases(FIXTURES / "seeds")]


def files_in(folder: Path) -> dict[Path, bytes]:
    """Return the files under a folder, by their paths in it."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_writing_again_changes_nothing(tmp_path: Path) -> None:
    """What lies there is what is written, but for failures that were noted by hand."""
    main([str(FIXTURES / "seeds"), str(tmp_path)])
    written, there = files_in(tmp_path), files_in(FIXTURES / "seeds-html")
    assert set(written) == set(there)
    changed = {path for path in written if written[path] != there[path]}
    assert {path.name for path in changed} <= {META_FILE}
    assert all(there[path].startswith(written[path]) for path in changed)


def test_known_failures_survive_writing(tmp_path: Path) -> None:
    """A meta.toml that is there stays as it is; the page is written anew."""
    folder = tmp_path / f"{SEEDS[0].folder.name}-soup"
    folder.mkdir()
    (folder / META_FILE).write_text("by hand")
    (folder / INPUT).write_text("old")
    main([str(FIXTURES / "seeds"), str(tmp_path)])
    assert (folder / META_FILE).read_text() == "by hand"
    assert (folder / INPUT).read_bytes() == all_files(FIXTURES / "seeds")[Path(folder.name, INPUT)]


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("case", SEEDS, ids=lambda case: case.folder.name)
def test_a_design_holds_every_line_of_its_page(case: Case, design: str) -> None:
    """All text nodes are the seed's lines, menus and forms included, in their order."""
    lines = [" ".join(line.split()) for line in case.content.decode().splitlines()]
    assert flatten_html(files(case, design)[INPUT].decode()).split("\n") == [line for line in lines if line]
