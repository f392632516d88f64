"""Cases that are wanted but lack their page: kept beside a site, and made once the page is there.

my-sites/paper/cases-wanted.toml

[[case]]
name = "test-1"
url = "https://paper.example/bridge"
must = ["the mayor said"]
"""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from scrubber.model import Page
from scrubber.testing.accept import accept
from scrubber.testing.cases import EXPECTED_FILE, META_FILE, SITE_CASES
from scrubber.testing.new_cases import case_meta, quoted_toml, write_page
from scrubber.testing.reading import CaseError, read_text

WANTED_FILE = "cases-wanted.toml"

COMMENT = "# Pages that are wanted as cases, with what their text must hold. Once you have them:\n# {command}\n"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A case that lacks its page: the name of its folder, the page's address, and snippets that its text holds."""

    name: str
    url: str
    must: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """A case that was made: its folder, and the snippets that do not stand in its text."""

    folder: Path
    unmet: tuple[str, ...]


def wanted_cases(tests: Iterable[tuple[str, Sequence[str]]]) -> list[Wanted]:
    """Return the cases that addresses and their snippets ask for, each address once.

    >>> wanted_cases([("https://paper.example/a", ["one"]), ("http://paper.example/a/", ["two"])])
    [Wanted(name='test-1', url='https://paper.example/a', must=('one', 'two'))]
    """
    found: dict[str, Wanted] = {}
    for url, snippets in tests:
        before = found.setdefault(address(url), Wanted(f"test-{len(found) + 1}", url, ()))
        must = dict.fromkeys([*before.must, *(" ".join(snippet.split()) for snippet in snippets)])
        found[address(url)] = Wanted(before.name, before.url, tuple(filter(None, must)))
    return list(found.values())


def address(url: str) -> str:
    """Return what an address says apart from its scheme, `www.`, fragment and a slash at its end.

    >>> address("http://www.Paper.example/a/#top"), address("https://paper.example/a?page=2")
    ('paper.example/a', 'paper.example/a?page=2')
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return url
    return f"{host}{parts.path.rstrip('/')}{'?' * bool(parts.query)}{parts.query}"


def read_wanted(site: Path) -> list[Wanted]:
    """Return the cases that a site's folder asks for, none where it has no such file.

    Raises:
        CaseError: the file can't be read, or is not as `write_wanted` writes it.
    """
    file = site / WANTED_FILE
    if not file.exists():
        return []
    try:
        cases = tomllib.loads(read_text(file)).get("case", [])
        found = [Wanted(case["name"], case["url"], tuple(case.get("must", ()))) for case in cases]
    except (tomllib.TOMLDecodeError, AttributeError, KeyError, TypeError, RecursionError) as error:
        raise CaseError(f"{file}: can't be read ({error}). Each [[case]] has a name, a url and must.") from error
    for one in found:
        texts = (one.name, one.url, *one.must)
        if not all(isinstance(text, str) and text for text in texts) or Path(one.name).name != one.name:
            raise CaseError(f"{file}: name and url of a [[case]] are texts, must is a list of them; name is no path.")
    return found


def write_wanted(site: Path, wanted: Iterable[Wanted], command: str) -> None:
    """Write what a site's folder asks for; the file goes when that is nothing. `command` makes the cases."""
    cases = [
        f"\n[[case]]\nname = {quoted_toml(one.name)}\nurl = {quoted_toml(one.url)}\n"
        f"must = [{', '.join(map(quoted_toml, one.must))}]\n"
        for one in wanted
    ]
    file = site / WANTED_FILE
    if cases:
        file.write_bytes((COMMENT.format(command=command) + "".join(cases)).encode("utf-8"))
    else:
        file.unlink(missing_ok=True)


def fill(site: Path, wanted: Wanted, page: Page, on: date) -> Filled:
    """Make the case of a page, with what cleaning gives as what it expects, `recorded`.

    Snippets that do not stand in the text are demanded all the same, as a known failure.

    Raises:
        CaseError: the case is there already, or its page breaks a law; nothing is written then.
    """
    folder = site / SITE_CASES / f"{page.date or on:%Y-%m}" / wanted.name
    if folder.exists():
        raise CaseError(f"{folder}: is there already.")
    meta = case_meta(page, on, "scrubber import-ftr")
    write_page(folder, page, meta)
    try:
        accept([folder])
    except BaseException:
        shutil.rmtree(folder)
        raise
    text = read_text(folder / EXPECTED_FILE)
    unmet = tuple(snippet for snippet in wanted.must if snippet not in text)
    (folder / META_FILE).write_bytes((meta + _demands(wanted.must, unmet)).encode("utf-8"))
    return Filled(folder, unmet)


def _demands(must: Sequence[str], unmet: Sequence[str]) -> str:
    """Return the lines of a meta.toml that demand snippets, and say which are known to fail."""
    lines = f"must = [{', '.join(map(quoted_toml, must))}]\n" if must else ""
    reason = f"{' and '.join(f'“{snippet}”' for snippet in unmet)} did not stand in the text when it was recorded"
    return f"{lines}\n[xfail]\nsnippets = {quoted_toml(reason)}\n" if unmet else lines
