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

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from scrubber.errors import ScrubberError
from scrubber.model import BLANK, Decision, Label, Page, Result
from scrubber.pipeline import Cleaner
from scrubber.plugins import bundled_folder, site_files

FORMAT = 1
"""The version of the folder's layout. A change of meaning raises it, so that old cases fail by name."""

META_FILE = "meta.toml"
EXPECTED_FILE = "expected.txt"
LABELS_FILE = "labels.tsv"
INPUT_FILES = ("input.txt", "input.html")
GROUP_FILES = frozenset({"README.md"})
"""What may stand beside case folders."""

SITE_CASES = "cases"
"""The folder of a site that holds its cases."""

COLUMNS = ("line", "start", "end", "label", "text")
PROVENANCES = ("recorded", "checked")
FIELDS = ("title", "byline", "date", "source", "captions", "language", "flags", "encoding")
"""The fields of a result that a case may pin."""

SHARES = ("stretches", "words")
"""What a floor can be set on; see `scrubber.testing.checks.scores`."""

META_KEYS: Mapping[str, type | tuple[type, ...]] = {
    "format": int,
    "input": str,
    "url": str,
    "content_type": str,
    "source": str,
    "date": date,
    "provenance": str,
    "checked_by": str,
    "checked_on": date,
    "must": list,
    "must_not": list,
    "fields": dict,
    "floors": dict,
    "raises": str,
    "sites": bool,
    "xfail": (str, dict),
}
REQUIRED = ("format", "source", "date", "provenance")

_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\r": "\\r", "\n": "\\n", "\x0b": "\\v", "\x0c": "\\f"}
_UNESCAPES = {escape[1]: character for character, escape in _ESCAPES.items()}


class CaseError(ScrubberError):
    """A case folder is incomplete or invalid; names the file and says what to do."""


class Row(NamedTuple):
    """One labelled stretch: its line (from 1, lines end at LF), characters within that line, label, text."""

    line: int
    start: int
    end: int
    label: str
    text: str


@dataclass(frozen=True)
class Case:
    """One case, read and checked for completeness.

    Attributes:
        folder: where it lies.
        content: the bytes of its page.
        expected: the text that must come out; "" for a case that `raises`.
        rows: every labelled stretch, None for a case without labels.
        url, content_type: what the cleaner is told of the page.
        provenance: `recorded` from a run, or `checked` line by line.
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
        """The page, with what the cleaner is told of it; its day is the case's date."""
        return Page(self.content, url=self.url, content_type=self.content_type, date=self.date)


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
        CaseError: a root is missing or holds no case, a case folder holds folders, or a folder is empty.
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
    """Tell whether a folder is a case rather than a group of cases.

    Raises:
        CaseError: it holds both files and folders, or neither.
    """
    files = [path for path in sorted(folder.iterdir()) if path.is_file() and path.name not in GROUP_FILES]
    folders = inner_folders(folder)
    if files and folders:
        raise CaseError(f"{files[0]}: lies beside folders. A case holds files only, a group of cases folders only.")
    if not files and not folders:
        raise CaseError(f"{folder}: is empty. Put a case into it, or remove it.")
    return bool(files)


def inner_folders(folder: Path) -> list[Path]:
    """Return the folders in a folder, by name; hidden ones and what Python leaves behind are none."""
    return sorted(path for path in folder.iterdir() if path.is_dir() and path.name[0] not in "._")


def load_case(folder: Path, *, new: bool = False) -> Case:
    """Read a case folder; one that is `new` may lack what it expects.

    Raises:
        CaseError: a file is missing, unknown or unreadable, or meta.toml is not valid.
    """
    meta = _read_meta(folder / META_FILE)
    inputs = _inputs(folder, meta)
    has_text = "raises" not in meta
    _refuse_unknown_files(folder, {META_FILE, *INPUT_FILES, *((EXPECTED_FILE, LABELS_FILE) if has_text else ())})
    xfail = meta.get("xfail", {})
    return Case(
        folder=folder,
        content=_read(inputs),
        expected=_read_expected(folder / EXPECTED_FILE, optional=new or not has_text),
        rows=read_rows(folder / LABELS_FILE) if (folder / LABELS_FILE).exists() else None,
        must=tuple(meta.get("must", ())),
        must_not=tuple(meta.get("must_not", ())),
        xfail={"*": xfail} if isinstance(xfail, str) else xfail,
        **{key: meta[key] for key in _PLAIN if key in meta},
    )


def _read_expected(path: Path, optional: bool) -> str:
    return "" if optional and not path.exists() else _read_text(path)


_PLAIN = ("source", "date", "provenance", "url", "content_type", "fields", "floors", "raises", "sites")


def _inputs(folder: Path, meta: Mapping[str, Any]) -> Path:
    found = [folder / name for name in INPUT_FILES if (folder / name).exists()]
    if "input" in meta:
        found.append(folder / meta["input"])
    if len(found) != 1:
        have = " and ".join(path.name for path in found) or "none"
        raise CaseError(
            f"{folder}: needs exactly one input and has {have}. Add {INPUT_FILES[0]}, or `input` in {META_FILE}."
        )
    return found[0]


def _refuse_unknown_files(folder: Path, known: Iterable[str]) -> None:
    for path in sorted(folder.iterdir()):
        if path.name not in known and path.name not in GROUP_FILES:
            raise CaseError(f"{path}: is no file of a case. {_nearest(path.name, known)}")


def _read_meta(path: Path) -> dict[str, Any]:
    try:
        meta = tomllib.loads(_read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise CaseError(f"{path}: is not valid TOML: {error}") from error
    for key, value in meta.items():
        if key not in META_KEYS:
            raise CaseError(f"{path}: unknown key “{key}”. {_nearest(key, META_KEYS)}")
        if not isinstance(value, META_KEYS[key]):
            raise CaseError(f"{path}: “{key}” has the wrong type ({type(value).__name__}).")
    for problem in _problems(meta):
        raise CaseError(f"{path}: {problem}")
    return meta


def _problems(meta: Mapping[str, Any]) -> Iterator[str]:
    for key in REQUIRED:
        if key not in meta:
            yield f"has no `{key}`. Every case says its {', '.join(REQUIRED)}."
    if meta["format"] != FORMAT:
        yield f"has format {meta['format']}; this version reads format {FORMAT}."
    if meta["provenance"] not in PROVENANCES:
        yield f"provenance is one of {' or '.join(PROVENANCES)}, not “{meta['provenance']}”."
    checks = [key for key in ("checked_by", "checked_on") if key in meta]
    if len(checks) != (2 if meta["provenance"] == "checked" else 0):
        yield "`checked_by` and `checked_on` go with provenance “checked”, and only with it."
    for table, known in (("fields", FIELDS), ("floors", SHARES)):
        for key in meta.get(table, {}):
            if key not in known:
                yield f"unknown key “{key}” in [{table}]. {_nearest(key, known)}"
    for key in ("must", "must_not"):
        if not all(isinstance(snippet, str) and snippet for snippet in meta.get(key, ())):
            yield f"`{key}` is a list of texts that are not empty."
    xfail = meta.get("xfail", "-")
    reasons = xfail.values() if isinstance(xfail, dict) else [xfail]
    if not all(isinstance(reason, str) and reason for reason in reasons):
        yield "`xfail` gives the reason of a known failure, or a table of reasons by aspect."


def read_rows(path: Path) -> tuple[Row, ...]:
    """Read labels.tsv.

    Raises:
        CaseError: the head, a number or a label is not valid; the message names the line.
    """
    head, *lines = _read_text(path).split("\n")
    if tuple(head.split("\t")) != COLUMNS or lines[-1:] != [""]:
        raise CaseError(f"{path}: begins with the columns {', '.join(COLUMNS)} and ends with a line feed.")
    return tuple(_row(path, number, line) for number, line in enumerate(lines[:-1], start=2))


def _row(path: Path, number: int, line: str) -> Row:
    cells = line.split("\t")
    if len(cells) != len(COLUMNS) or not all(cell.isdecimal() for cell in cells[:3]):
        raise CaseError(f"{path}, line {number}: needs three numbers, a label and a text, separated by tabs.")
    if cells[3] not in list(Label):
        raise CaseError(f"{path}, line {number}: “{cells[3]}” is no label. {_nearest(cells[3], list(Label))}")
    return Row(int(cells[0]), int(cells[1]), int(cells[2]), cells[3], _unescaped(cells[4]))


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: _UNESCAPES.get(found[1], found[0]), text)


def write_rows(rows: Iterable[Row]) -> str:
    """Return rows as the text of labels.tsv."""
    table = str.maketrans(_ESCAPES)
    lines = ["\t".join([*map(str, row[:4]), row.text.translate(table)]) for row in rows]
    return "\n".join(["\t".join(COLUMNS), *lines, ""])


def rows_of(source: str, decisions: Iterable[Decision]) -> tuple[Row, ...]:
    """Return the labelled stretches of a result as rows; one that spans several lines is a row for each."""
    return tuple(row for row, _ in rows_with_decisions(source, decisions))


def rows_with_decisions(source: str, decisions: Iterable[Decision]) -> Iterator[tuple[Row, Decision]]:
    """Yield each row of a result with the decision it comes from."""
    line, begin = 1, 0
    for decision in decisions:
        position = decision.start
        pieces = source[decision.start : decision.end].split("\n")
        for nth, piece in enumerate(pieces):
            if nth:
                line, begin = line + 1, position
            if decision.label != BLANK and piece.strip():
                text = piece if len(pieces) == 1 else piece.strip()
                start = position - begin + piece.index(text)
                yield Row(line, start, start + len(text), str(decision.label), text), decision
            position += len(piece) + 1


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CaseError(f"{path}: can't be read ({error.strerror}). A case needs it.") from error


def _read_text(path: Path) -> str:
    try:
        return _read(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise CaseError(f"{path}: is not UTF-8 at byte {error.start}. Save it as UTF-8.") from error


def _nearest(name: str, known: Iterable[str]) -> str:
    names = [str(key) for key in known]
    close = difflib.get_close_matches(name, names, 1)
    return f"Did you mean “{close[0]}”?" if close else "Valid are: " + ", ".join(sorted(names)) + "."
