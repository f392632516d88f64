"""Case folders: one page, what cleaning it must give, and where that expectation comes from.

    fixtures/example/
        input.txt       the page as bytes (or `input = "PATH"` in meta.toml, so that bytes are kept once)
        expected.txt    `Result.text`, byte for byte, UTF-8
        labels.tsv      optional: line, start, end, label and text of every stretch that is not blank
        meta.toml       format, source, date, provenance, and what else the page must satisfy

A folder that lacks one of these, or holds anything else, is an error and never skipped: a case that is
silently not run protects nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from scrubber.containers import CONTAINER_SUFFIXES, open_container, read_page
from scrubber.errors import ScrubberError
from scrubber.model import Page, Result
from scrubber.pipeline import Cleaner
from scrubber.plugins import bundled_folder, site_files
from scrubber.testing.meta import COMPOSED, LABEL_SCORES, read_meta
from scrubber.testing.reading import CaseError, nearest, read_bytes, read_text
from scrubber.testing.rows import Row, read_rows

META_FILE = "meta.toml"
EXPECTED_FILE = "expected.txt"
LABELS_FILE = "labels.tsv"
CONTAINER_FILES = tuple(f"input{suffix}" for suffix in CONTAINER_SUFFIXES)
"""Inputs that hold one page and what is known of it."""

INPUT_FILES = ("input.txt", "input.html", *CONTAINER_FILES)
README_FILE = "README.md"
"""What may stand in a case or in a group of cases."""

FLOORS_FILE = "floors.toml"
"""The least scores of all cases in a folder; see `scrubber.testing.pins`."""

GROUP_FILES = frozenset({README_FILE, FLOORS_FILE})
"""What may stand beside case folders, and the files of a site: a folder of sites is a group of cases too."""

SITE_CASES = "cases"
"""The folder of a site that holds its cases."""


@dataclass(frozen=True)
class Case:
    """One case, read and checked for completeness.

    Attributes:
        folder: where it lies.
        content: the bytes of its page, or of the container that holds it where it is `contained`.
        expected: the text that must come out; "" for a case that `raises`.
        rows: every labelled stretch, None for a case without labels.
        url, content_type: what the cleaner is told of the page; a container's word counts where they are None.
        provenance: `recorded` from a run, `checked` line by line, or `composed` together with the page.
        must, must_not: snippets that the text holds or lacks.
        fields: exact values of other fields of the result.
        floors: least scores, see `scrubber.testing.checks.scores`.
        raises: the name of the error that cleaning must end in, None for a page that cleans.
        sites: whether sites take part; False pins what cleaning does without any.
        xfail: aspect to reason, for aspects that are known to fail; `*` stands for the case as a whole.
    """

    folder: Path
    content: bytes
    expected: str
    rows: tuple[Row, ...] | None
    source: str
    date: date
    provenance: str
    url: str | None = None
    content_type: str | None = None
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    floors: Mapping[str, float] = field(default_factory=dict)
    raises: str | None = None
    sites: bool = True
    contained: bool = False
    xfail: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The folder's name with the group or site it belongs to: `seeds/002_628c3bb2abd4e9ed`, `rappler/2016-10`."""
        group = self.folder.parent
        return f"{group.parent.name if group.name == SITE_CASES else group.name}/{self.folder.name}"

    def clean(self, cleaner: Cleaner) -> Result:
        """Clean the page as the case says."""
        return cleaner.clean_page(self.page)

    @property
    def page(self) -> Page:
        """The page, with what the cleaner is told of it; its day is the case's date.

        Raises:
            BadContainer, InputTooLarge: it can't be taken out of its container.
        """
        page = Page(self.content, url=self.url, content_type=self.content_type)
        if self.contained:
            page = read_page(self.content, url=self.url, content_type=self.content_type)
        return replace(page, date=self.date)


def cleaner_for(case: Case) -> Cleaner:
    """Return the cleaner that a case is meant for.

    A case in the `cases` folder of a site runs with that site; every case runs with the bundled and
    installed ones, unless it says `sites = false`.
    """
    return _cleaner(_site_folder(case.folder), case.sites)


@cache
def _cleaner(site: Path | None, sites: bool) -> Cleaner:
    if not sites:
        return Cleaner(bundled=False, installed=False)
    return Cleaner(plugin_folders=[site] if site else [])


def _site_folder(folder: Path) -> Path | None:
    """Return the folder of the site that a case belongs to, where it is not loaded anyway."""
    for parent in folder.resolve().parents:
        if parent.name == SITE_CASES and site_files(parent.parent):
            return None if parent.parent.parent == bundled_folder().resolve() else parent.parent
    return None


def find_cases(*roots: Path) -> Iterator[Path]:
    """Yield every case folder under some folders, in the order of their names.

    A folder is a case once it holds a file other than a README; what only holds folders is a group.

    Raises:
        CaseError: a root is missing.
    """
    for root in roots:
        if not root.is_dir():
            raise CaseError(f"{root}: is no folder. Name a folder of cases.")
        yield from _cases_in(root)


def _cases_in(folder: Path) -> Iterator[Path]:
    if is_case(folder):
        yield folder
    else:
        for inner in inner_folders(folder):
            yield from _cases_in(inner)


def is_case(folder: Path) -> bool:
    """Tell whether a folder is a case rather than a group of cases; what is neither is a case that can't be read."""
    return bool(_own_files(folder)) or not inner_folders(folder)


def _own_files(folder: Path) -> list[Path]:
    """Return the files that only a case holds."""
    beside = {*GROUP_FILES, *(path.name for path in site_files(folder))}
    return [path for path in sorted(folder.iterdir()) if not path.is_dir() and path.name not in beside]


def inner_folders(folder: Path) -> list[Path]:
    """Return the folders in a folder, by name; hidden ones and what Python leaves behind are none."""
    found = (path for path in folder.iterdir() if path.is_dir() and path.name != "__pycache__")
    return sorted(path for path in found if not path.name.startswith("."))


def load_case(folder: Path, *, new: bool = False) -> Case:
    """Read a case folder; one that is `new` may lack what it expects.

    Raises:
        CaseError: a file is missing, unknown or unreadable, meta.toml is not valid, or the folder is none of a case.
    """
    _refuse_group(folder)
    meta = read_meta(folder / META_FILE) if (folder / META_FILE).exists() else {}
    has_text = "raises" not in meta
    inputs = _inputs(folder, meta)
    wanted = [META_FILE, *(_expectations(meta) if has_text and not new else ())]
    if problems := [*_missing(folder, inputs, wanted), *_unknown(folder, text=has_text)]:
        raise CaseError("\n".join(problems))
    content, contained = read_bytes(inputs[0]), inputs[0].name.endswith(CONTAINER_SUFFIXES)
    if contained and has_text:
        _refuse_unreadable(inputs[0], content)
    xfail = meta.get("xfail", {})
    return Case(
        folder=folder,
        content=content,
        contained=contained,
        expected=_read_expected(folder / EXPECTED_FILE, optional=new or not has_text),
        rows=read_rows(folder / LABELS_FILE) if (folder / LABELS_FILE).exists() else None,
        must=tuple(meta.get("must", ())),
        must_not=tuple(meta.get("must_not", ())),
        xfail={"*": xfail} if isinstance(xfail, str) else xfail,
        **{key: meta[key] for key in _PLAIN if key in meta},
    )


def _refuse_group(folder: Path) -> None:
    files, folders = _own_files(folder), inner_folders(folder)
    if files and folders:
        raise CaseError(f"{files[0]}: lies beside folders. A case holds files only, a group of cases folders only.")
    if not files and not folders:
        raise CaseError(f"{folder}: is empty. Put a case into it, or remove it.")


def _refuse_unreadable(path: Path, content: bytes) -> None:
    try:
        page = open_container(content)
    except ScrubberError as error:
        raise CaseError(f"{path}: can't be read: {error}") from error
    if page is None:
        raise CaseError(
            f"{path}: holds no page. Write the page into a WARC or MHTML file, or name it {INPUT_FILES[0]}."
        )


def _read_expected(path: Path, optional: bool) -> str:
    return "" if optional and not path.exists() else read_text(path)


_PLAIN = ("source", "date", "provenance", "url", "content_type", "fields", "floors", "raises", "sites")


def _inputs(folder: Path, meta: Mapping[str, Any]) -> list[Path]:
    found = [folder / name for name in INPUT_FILES if (folder / name).exists()]
    return [*found, folder / meta["input"]] if "input" in meta else found


def _expectations(meta: Mapping[str, Any]) -> Iterator[str]:
    """Yield the files that say what must come out; labels only where something is demanded of them."""
    yield EXPECTED_FILE
    if meta.get("provenance") == COMPOSED or LABEL_SCORES & meta.get("floors", {}).keys():
        yield LABELS_FILE


def _missing(folder: Path, inputs: Sequence[Path], wanted: Sequence[str]) -> Iterator[str]:
    """Say what a case lacks, all of it at once, and that it has more than one input."""
    any_input = f"{INPUT_FILES[0]} (or {', '.join(INPUT_FILES[1:])}, or `input` in {META_FILE})"
    lacking = [name for name in wanted if not (folder / name).exists()] + ([] if inputs else [any_input])
    if lacking:
        yield f"{folder}: lacks {', '.join(lacking)}. A case needs {'them' if len(lacking) > 1 else 'it'}."
    if len(inputs) > 1:
        yield f"{folder}: needs exactly one input and has {' and '.join(_told(folder, path) for path in inputs)}."


def _told(folder: Path, path: Path) -> str:
    return path.name if path.parent == folder else f"`input` in {META_FILE}"


def _unknown(folder: Path, *, text: bool) -> Iterator[str]:
    known = {META_FILE, README_FILE, *INPUT_FILES, *((EXPECTED_FILE, LABELS_FILE) if text else ())}
    for path in sorted(folder.iterdir()):
        if path.name not in known:
            yield f"{path}: is no file of a case. {nearest(path.name, known)}"
