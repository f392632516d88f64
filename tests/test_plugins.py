"""Plugins: three ways in that lead to the same, and a message for everything that can be wrong with one."""

from __future__ import annotations

import errno
import importlib
import re
import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from scrubber import Cleaner, Document, Evidence, Label, Site, detector, hookimpl
from scrubber.errors import PluginError
from scrubber.plugins import load_plugins

PAGE = "A bridge for sale\n\nThe old bridge was closed by the flood of the river on Monday, the mayor said.\n"

SITE_PY = '''
from scrubber import Evidence, Label, Site, hookimpl


class Paper(Site):
    """The paper of the valley."""

    name = "paper"
    signatures = ("A bridge for sale",)

    def find(self, document):
        yield Evidence(0, Label.SOURCE, 4.0, "paper/sale", "the paper's own words")


@hookimpl
def register_sites():
    return [Paper()]
'''

SITE_TOML = """
site = "paper"
signatures = ["A bridge for sale"]

[[drop]]
rule = "sale"
label = "source"
line = "A bridge for sale"
"""


def site_folder(tmp_path: Path, text: str | bytes, name: str = "site.toml") -> Path:
    """Write a site's file into a folder of its own, and return the folder that holds it."""
    home = tmp_path / "paper"
    home.mkdir(parents=True, exist_ok=True)
    (home / name).write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return home


def load(*objects: object, folders: tuple[Path, ...] = ()) -> Any:
    """Load plugins and nothing that comes with scrubber or is installed."""
    return load_plugins(objects, folders, bundled=False, installed=False)


def refusal(*objects: object, folders: tuple[Path, ...] = ()) -> str:
    """Return the message with which plugins are refused."""
    with pytest.raises(PluginError) as caught:
        load(*objects, folders=folders)
    return str(caught.value)


def line_of(text: str, part: str) -> int:
    """Return the number of the first line that holds something."""
    return next(number for number, line in enumerate(text.split("\n"), start=1) if part in line)


HEAD = 'site = "paper"\n'
RULE = '[[drop]]\nrule = "menu"\n'

BAD_FILES: dict[str, tuple[str, str, str]] = {
    "unknown_key_of_a_site": (
        HEAD + 'host = ["paper.example"]\n',
        "host =",
        "unknown key “host”. Did you mean “hosts”?",
    ),
    "unknown_key_far_from_any": (
        HEAD + "qqqq = 1\n",
        "qqqq",
        "unknown key “qqqq”. Valid are: drop, fingerprints, hosts",
    ),
    "unknown_table": (HEAD + '[[dorp]]\nrule = "menu"\n', "dorp", "unknown key “dorp”. Did you mean “drop”?"),
    "unknown_key_of_a_rule": (HEAD + RULE + 'lines = "x"\n', "lines =", "unknown key “lines”. Did you mean “line”?"),
    "unknown_key_of_the_second_rule": (
        HEAD + RULE + 'line = "x"\n[[drop]]\nrule = "form"\nform = "x"\n',
        "form = ",
        "unknown key “form”. Did you mean “from”?",
    ),
    "unknown_label": (
        HEAD + RULE + 'line = "x"\nlabel = "navigatoin"\n',
        "label",
        "“navigatoin” is no label for [[drop]]. Did you mean “navigation”?",
    ),
    "kept_label_to_drop": (
        HEAD + RULE + 'line = "x"\nlabel = "paragraph"\n',
        "label",
        "“paragraph” is no label for [[drop]]. ",
    ),
    "dropped_label_to_keep": (
        HEAD + '[[keep]]\nrule = "menu"\nline = "x"\nlabel = "byline"\n',
        "label",
        "“byline” is no label for [[keep]]. ",
    ),
    "name_that_is_no_text": ("site = 5\n", "site", "“site” must be a text."),
    "name_that_is_empty": ('site = " "\n', "site", "“site” must not be empty."),
    "hosts_that_are_one_text": (HEAD + 'hosts = "paper.example"\n', "hosts", "“hosts” must be a list."),
    "hosts_that_are_numbers": (HEAD + "hosts = [5]\n", "hosts", "“hosts” must be a list of texts that are not empty."),
    "host_that_is_an_address": (
        HEAD + 'hosts = ["https://paper.example/news"]\n',
        "hosts",
        "“https://paper.example/news” is no host name. Did you mean “paper.example”?",
    ),
    "host_with_a_star": (
        HEAD + 'hosts = ["*.paper.example"]\n',
        "hosts",
        "“*.paper.example” is no host name. Did you mean “paper.example”?",
    ),
    "host_of_two_words": (HEAD + 'hosts = ["the paper"]\n', "hosts", "is no host name. Write it like “paper.example”."),
    "fingerprint_of_nothing": (
        HEAD + 'fingerprints = ["Daily", "***"]\n',
        "fingerprints",
        "“fingerprints” must be a list of texts that are not empty.",
    ),
    "one_table_for_rules": (HEAD + '[drop]\nrule = "menu"\n', "drop", "write each rule as a table under [[drop]]."),
    "rules_that_are_no_tables": (HEAD + "drop = [1]\n", "drop", "write each rule as a table under [[drop]]."),
    "rule_without_a_name": (HEAD + '[[drop]]\nline = "x"\n', "[[drop]]", "the rule has no name. Add: rule = "),
    "rule_without_a_pattern": (HEAD + RULE, "[[drop]]", "“menu” needs one of `line`, `match`, or `from`"),
    "rule_with_two_patterns": (HEAD + RULE + 'line = "x"\nmatch = "x"\n', "[[drop]]", "“menu” needs one of"),
    "block_without_an_end": (HEAD + RULE + 'from = "x"\n', "[[drop]]", "`from` with `until` for text"),
    "end_without_a_block": (HEAD + RULE + 'line = "y"\nuntil = "x"\n', "[[drop]]", "`from` with `until` for text"),
    "empty_pattern": (HEAD + RULE + 'match = ""\n', "match", "“match” must not be empty."),
    "also_that_is_no_number": (HEAD + RULE + 'line = "x"\nalso = true\n', "also", "“also” must be a whole number."),
    "also_too_far": (HEAD + RULE + 'line = "x"\nalso = 21\n', "also", "`also` must be from 0 to 20."),
    "also_behind_a_block": (
        HEAD + RULE + 'from = "x"\nuntil = "y"\nalso = 1\n',
        "also",
        "`also` goes with `line` or `match`",
    ),
    "also_with_a_selector": (HEAD + RULE + 'css = "p"\nalso = 1\n', "also", "`also` goes with `line` or `match`"),
    "two_selectors": (HEAD + RULE + 'css = "p"\noutside = "p"\n', "[[drop]]", "or one of `css` or `outside` for HTML"),
    "outside_to_keep": (
        HEAD + '[[keep]]\nrule = "story"\noutside = ".story"\n',
        "outside",
        "`outside` goes under [[drop]]; to keep what stands in an element, use `css`.",
    ),
    "expression_that_explodes": (
        HEAD + RULE + "match = '(((a{1,30}){1,30}){1,30}){1,30}'\n",
        "match",
        "can't be compiled (invalid repetition size",
    ),
    "expression_without_end": (
        HEAD + RULE + f"match = '{'(a|b)*' * 400}'\n",
        "match",
        "has 2,400 characters; an expression may have 2,000.",
    ),
    "selector_without_end": (HEAD + RULE + f"css = '{'a ' * 400}'\n", "css", "it has 800 characters; a selector may"),
    "selector_that_is_none": (HEAD + RULE + 'css = "p["\n', "css", "`css` can't be used: “p[” is no CSS that is known"),
    "selector_with_a_combinator_within": (
        HEAD + RULE + 'line = "x"\noutside = ".a:not(.b p)"\n',
        "outside",
        "`outside` can't be used: :not() may hold simple selectors only",
    ),
    "expression_that_does_not_compile": (HEAD + RULE + 'match = "(a"\n', "match", "“(a” can't be compiled"),
    "expression_with_a_back_reference": (
        HEAD + RULE + "match = '(a)\\1'\n",
        "match",
        "RE2 has no look-around and no back-references",
    ),
    "two_rules_of_one_name": (
        HEAD + RULE + 'line = "x"\n[[drop]]\nline = "y"\n\nrule   = "menu"\n',
        "rule   =",
        "two rules are named “menu”. Rename one.",
    ),
    "line_separator_in_a_text": (
        HEAD + 'fingerprints = ["a\u2028b"]\nhost = []\n',
        "host =",
        "unknown key “host”. Did you mean “hosts”?",
    ),
    "period_that_is_a_text": (
        HEAD + 'valid_from = "2021-03-01"\n',
        "valid_from",
        "“valid_from” must be a date without quotes, such as 2021-03-01.",
    ),
    "period_with_a_time": (HEAD + "valid_until = 2021-03-01T08:00:00\n", "valid_until", "must be a date without"),
    "period_that_ends_before_it_begins": (
        HEAD + RULE + 'line = "x"\nvalid_from = 2021-03-02\nvalid_until = 2021-03-01\n',
        "valid_until",
        "`valid_until` is before `valid_from`.",
    ),
    "no_toml": (HEAD + "drop = = 1\n", "= =", "is not valid TOML"),
}


@pytest.mark.parametrize(("text", "place", "message"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_site_file_is_refused_with_its_line(tmp_path: Path, text: str, place: str, message: str) -> None:
    """The message names the file, the line, and what would be right."""
    folder = site_folder(tmp_path, text)
    said = refusal(folders=(folder,))
    assert said.startswith(f"{folder / 'site.toml'}")
    assert re.search(rf"line {line_of(text, place)}\b", said)
    assert message in said


def test_a_site_file_without_a_name_is_refused(tmp_path: Path) -> None:
    """There is no line to name; the message shows the one to add."""
    folder = site_folder(tmp_path, 'hosts = ["paper.example"]\n')
    assert refusal(folders=(folder,)) == (f'{folder / "site.toml"}: has no name. Add a line such as: site = "example"')


def test_a_site_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    """The line of the first byte that is not UTF-8 is named."""
    folder = site_folder(tmp_path, b'site = "paper"\nsignatures = ["Caf\xe9"]\n')
    assert refusal(folders=(folder,)) == (f"{folder / 'site.toml'}, line 2: is not UTF-8 at byte 33. Save it as UTF-8.")


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    """Some editors write one in front of UTF-8."""
    folder = site_folder(tmp_path, b"\xef\xbb\xbf" + SITE_TOML.encode())
    assert [site.name for site in load(folders=(folder,)).sites] == ["paper"]


def test_a_site_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    """A file of more than four megabytes was not written by hand."""
    folder = site_folder(tmp_path, HEAD + "#" * 4 * 1024 * 1024)
    assert refusal(folders=(folder,)) == (
        f"{folder / 'site.toml'}: 4,194,319 bytes; a site file may have 4,194,304. Split it."
    )


def test_too_many_rules_are_refused(tmp_path: Path) -> None:
    """Nobody reviews more than ten thousand rules of one site."""
    folder = site_folder(tmp_path, HEAD + "drop = [" + '{rule = "a", line = "b"},' * 10_001 + "]\n")
    assert refusal(folders=(folder,)).endswith("site.toml: has more than 10,000 rules. Split the site or merge rules.")


def test_a_key_of_many_parts_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """Reading a dotted key takes time quadratic in its parts."""
    folder = site_folder(tmp_path, HEAD + ".".join("a" * 1_000_000) + " = 1\n")
    assert refusal(folders=(folder,)) == (
        f"{folder / 'site.toml'}, line 2: has a key of more than 20 parts. No key needs any."
    )


@pytest.mark.parametrize("rule", ["[[drop]]\n", "[[keep]]\n[[drop]]\n"])
def test_a_flood_of_rules_is_refused_before_it_is_read(tmp_path: Path, rule: str) -> None:
    """As many tables as fit into a file."""
    folder = site_folder(tmp_path, HEAD + rule * (4_000_000 // len(rule)))
    assert "has more than 10,000 rules" in refusal(folders=(folder,))


@pytest.mark.parametrize("value", ["[" * 5000 + "]" * 5000, "1" * 5000], ids=["deep", "long_number"])
def test_values_that_break_a_reader_are_refused(tmp_path: Path, value: str) -> None:
    """Nesting beyond the stack and numbers beyond the limit are not valid, and nothing worse."""
    folder = site_folder(tmp_path, f"{HEAD}hosts = {value}\n")
    assert f"{folder / 'site.toml'}: is not valid TOML" in refusal(folders=(folder,))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message gives the system's reason."""
    folder = site_folder(tmp_path, SITE_TOML)

    def refuse(_: Path) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert refusal(folders=(folder,)) == (
        f"{folder / 'site.toml'}: can't be read (Permission denied). Check the path and its permissions."
    )


def test_a_folder_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So does that of a folder."""

    def refuse(_: Path) -> Iterator[Path]:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    assert refusal(folders=(tmp_path,)) == f"{tmp_path}: can't be read (Permission denied). Check its permissions."


@pytest.mark.parametrize("name", ["site.toml", "site.py"])
def test_a_link_that_leads_out_of_its_folder_is_refused(tmp_path: Path, name: str) -> None:
    """A folder from elsewhere must not make files of this machine its own."""
    outside, inside = site_folder(tmp_path / "a", SITE_TOML) / "site.toml", tmp_path / "sites"
    (inside / "paper").mkdir(parents=True)
    (inside / "paper" / name).symlink_to(outside)
    assert refusal(folders=(inside,)) == (
        f"{inside / 'paper' / name}: is a link that leads out of {inside}. Copy it, or give the folder it leads to."
    )


def test_a_linked_folder_may_be_given(tmp_path: Path) -> None:
    """What counts is whether a file lies in the folder that was named, whatever leads there."""
    (tmp_path / "link").symlink_to(site_folder(tmp_path / "a", SITE_TOML))
    assert [site.name for site in load(folders=(tmp_path / "link",)).sites] == ["paper"]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """A folder that is not there, or is a file, is none."""
    missing, file = tmp_path / "missing", tmp_path / "file"
    file.write_text("", encoding="utf-8")
    for path in (missing, file):
        assert refusal(folders=(path,)) == f"{path}: is no folder. Give the folder that holds your sites."


def test_a_folder_without_sites_is_named(tmp_path: Path) -> None:
    """An empty folder is most often the wrong one."""
    (tmp_path / "notes").mkdir()
    assert refusal(folders=(tmp_path,)) == f"{tmp_path}: holds no site.toml and no site.py, nor do the folders in it."


def test_a_folder_given_twice_is_refused(tmp_path: Path) -> None:
    """Both times its site has the same name."""
    folder = site_folder(tmp_path, SITE_TOML)
    assert "“paper” is offered by" in refusal(folders=(folder, folder))


def test_two_sites_of_one_name_are_refused_with_both_places(tmp_path: Path) -> None:
    """One of the two has to be renamed, so both are named."""
    first, second = site_folder(tmp_path / "a", SITE_TOML), site_folder(tmp_path / "b", SITE_TOML)
    assert refusal(folders=(first, second)) == (
        f"{second / 'site.toml'}: “paper” is offered by {first / 'site.toml'} already. Rename one, or where they are "
        "two designs of one site, give them a `valid_from` and a `valid_until` that do not overlap."
    )


BAD_MODULES: dict[str, tuple[str, str, str]] = {
    "raises_at_import": ("import sys\n\nraise ValueError('no water')\n", "raise", "ValueError: no water"),
    "leaves_at_import": ("import sys\nsys.exit(3)\n", "sys.exit", "SystemExit: 3"),
    "imports_what_is_not_there": ("\n\nimport no_such_module\n", "import", "ModuleNotFoundError: No module named"),
    "is_no_python": ("def register_sites(:\n", "def", "SyntaxError: "),
    "misspelt_hook": (
        "from scrubber import hookimpl\n\n\n@hookimpl\ndef register_site():\n    return []\n",
        "@hookimpl",
        "unknown hook “register_site”. Did you mean “register_sites”?",
    ),
    "hook_unlike_any": (
        "from scrubber import hookimpl\n\n\n@hookimpl\ndef qqq():\n    return []\n",
        "@hookimpl",
        "unknown hook “qqq”. Valid are: register_detectors or register_sites.",
    ),
    "hook_with_arguments": (
        "from scrubber import hookimpl\n\n\n@hookimpl\ndef register_sites(page):\n    return []\n",
        "@hookimpl",
        "hook “register_sites” takes no arguments.",
    ),
    "raises_in_its_hook": (
        "from scrubber import hookimpl\n\n\n@hookimpl\ndef register_sites():\n    raise KeyError('water')\n",
        "raise",
        "KeyError while it was loaded: 'water'",
    ),
    "leaves_in_its_hook": (
        "import sys\nfrom scrubber import hookimpl\n\n\n@hookimpl\ndef register_sites():\n    sys.exit(3)\n",
        "sys.exit",
        "SystemExit while it was loaded: 3",
    ),
    "wraps_a_hook": (
        "from scrubber import hookimpl\n\n\n@hookimpl(wrapper=True)\ndef register_sites():\n    return (yield)\n",
        "@hookimpl",
        "hook “register_sites” is marked as a wrapper, and there is nothing to wrap. Mark it with a bare @hookimpl.",
    ),
    "wraps_a_hook_the_old_way": (
        "from scrubber import hookimpl\n\n\n@hookimpl(hookwrapper=True)\ndef register_sites():\n    yield\n",
        "@hookimpl",
        "is marked as a wrapper",
    ),
    "wraps_without_a_yield": (
        "from scrubber import hookimpl\n\n\n@hookimpl(hookwrapper=True)\ndef register_sites():\n    return []\n",
        "@hookimpl",
        "is marked as a wrapper",
    ),
}


@pytest.mark.parametrize(("text", "place", "message"), BAD_MODULES.values(), ids=BAD_MODULES)
def test_a_bad_module_is_refused_with_its_line(tmp_path: Path, text: str, place: str, message: str) -> None:
    """A Python file is named with the line that is at fault."""
    folder = site_folder(tmp_path, text, "site.py")
    said = refusal(folders=(folder,))
    assert said.startswith(f"{folder / 'site.py'}, line {line_of(text, place)}: ")
    assert message in said


def test_a_module_that_offers_nothing_is_refused(tmp_path: Path) -> None:
    """A file without hooks is a mistake: the mark was forgotten."""
    folder = site_folder(tmp_path, "def register_sites():\n    return []\n", "site.py")
    assert refusal(folders=(folder,)) == (
        f"{folder / 'site.py'}: offers nothing. "
        "Mark a function named register_detectors or register_sites with @hookimpl."
    )


def test_a_module_may_define_dataclasses(tmp_path: Path) -> None:
    """Dataclasses look their module up by name while it is imported."""
    text = (
        "from __future__ import annotations\n"
        "from dataclasses import dataclass\n"
        "from scrubber import Site, hookimpl\n"
        "@dataclass\n"
        "class Paper(Site):\n"
        "    name: str = 'paper'\n"
        "    signatures: tuple[str, ...] = ('A bridge for sale',)\n"
        "    def find(self, document):\n"
        "        return []\n"
        "@hookimpl\n"
        "def register_sites():\n"
        "    return [Paper()]\n"
    )
    folder = site_folder(tmp_path, text, "site.py")
    cleaner = Cleaner(plugin_folders=[folder], bundled=False, installed=False)
    assert cleaner.clean(PAGE).sites == (("paper", "it shows “a bridge for sale”"),)


class Offering:
    """A plugin that offers what it is given."""

    def __init__(self, *, detectors: Any = (), sites: Any = ()) -> None:
        """Remember what to offer."""
        self.detectors = detectors
        self.sites = sites

    @hookimpl
    def register_detectors(self) -> Any:
        """Offer the detectors."""
        return self.detectors

    @hookimpl
    def register_sites(self) -> Any:
        """Offer the sites."""
        return self.sites


class Paper(Site):
    """The paper of the valley."""

    name = "paper"
    signatures = ("A bridge for sale",)

    def find(self, document: Document) -> Iterator[Evidence]:
        """Drop the offer above the article."""
        yield Evidence(0, Label.SOURCE, 4.0, "paper/sale", "the paper's own words")


class Misspelt:
    """A plugin whose hook does not exist, and with a property that is not read for that."""

    @property
    def trouble(self) -> str:
        """Fail."""
        raise RuntimeError("no water")

    @hookimpl
    def register_detector(self) -> list[Any]:
        """Offer nothing."""
        return []


class Raising:
    """A plugin whose attributes can't be listed."""

    def __dir__(self) -> list[str]:
        """Fail."""
        raise RuntimeError("no water")


def test_a_misspelt_hook_of_an_object_is_named_with_its_file_and_line() -> None:
    """An object has no file of its own, so the message gives that of its hook."""
    said = refusal(Misspelt())
    line = line_of(Path(__file__).read_text(encoding="utf-8"), "def register_detector(self)") - 1
    assert said == (
        f"Misspelt ({__file__}, line {line}): unknown hook “register_detector”. Did you mean “register_detectors”?"
    )


def test_a_class_is_refused_with_what_to_give() -> None:
    """Hooks of a class have nobody to be called on."""
    assert refusal(Offering) == "Offering: is a class; give an instance of it, Offering()."


@pytest.mark.parametrize(
    "thing", [object(), "rappler", 5, types.ModuleType("empty")], ids=lambda thing: type(thing).__name__
)
def test_an_object_that_offers_nothing_is_refused(thing: object) -> None:
    """What has no hooks is no plugin."""
    assert "offers nothing. Mark a function named register_detectors or register_sites" in refusal(thing)


def test_a_site_or_a_detector_by_itself_is_refused_with_the_hook_to_use() -> None:
    """Both are what plugins offer, not plugins."""
    assert refusal(Paper()) == "Paper: is no plugin yet; return it from a hook named register_sites."
    assert refusal(quiet) == "Detector: is no plugin yet; return it from a hook named register_detectors."


def test_an_object_that_fails_while_it_is_looked_at_is_named() -> None:
    """Looking for hooks reads every attribute."""
    assert refusal(Raising()) == "Raising: RuntimeError while its hooks were looked for: no water"


def test_the_same_object_twice_is_refused() -> None:
    """It would be heard twice."""
    plugin = Offering()
    assert refusal(plugin, plugin) == "Offering: is loaded already. Give each plugin once."


def test_two_objects_of_one_class_are_two_plugins() -> None:
    """A class may be written for many sites."""
    other = Paper()
    other.name = "other"
    loaded = load(Offering(sites=[Paper()]), Offering(sites=[other]))
    assert loaded.origins["paper"] == "Offering"
    assert loaded.origins["other"] == "Offering-2"


@pytest.mark.parametrize(
    ("plugin", "message"),
    [
        (Offering(sites=["paper"]), "Offering: register_sites offers 'paper', which is no Site."),
        (Offering(detectors=[Paper()]), "which is no Detector."),
        (Offering(sites=None), "Offering: TypeError while it was loaded: "),
    ],
    ids=["text", "site_as_detector", "none"],
)
def test_a_hook_that_offers_something_else_is_refused(plugin: Offering, message: str) -> None:
    """Each hook offers one kind of thing, in a list."""
    assert message in refusal(plugin)


def paper_with(**attributes: Any) -> Offering:
    """Return a plugin with a site that has other attributes."""
    return Offering(sites=[type("Paper", (Paper,), attributes)()])


@pytest.mark.parametrize("name", [None, "", "  ", 5], ids=repr)
def test_an_offer_without_a_name_is_refused(name: Any) -> None:
    """Reports, flags and lists call it by its name."""
    said = refusal(paper_with(name=name))
    assert said == "Offering: a Paper has no name. Give it a `name` that users can read."


@pytest.mark.parametrize("key", ["hosts", "fingerprints", "signatures"])
@pytest.mark.parametrize("value", ["paper.example", (5,), None, 5], ids=repr)
def test_a_site_whose_lists_are_none_is_refused(key: str, value: Any) -> None:
    """One text instead of a tuple would be taken for its letters."""
    said = refusal(paper_with(**{key: value}))
    assert said == f"Offering: `{key}` of “paper” must be a tuple of texts, such as (“a”, “b”)."


@pytest.mark.parametrize("value", ["2021-03-01", datetime(2021, 3, 1), 2021], ids=repr)
def test_a_site_whose_period_is_no_date_is_refused(value: Any) -> None:
    """A point in time is none either: days are compared."""
    said = refusal(paper_with(valid_from=value))
    assert said == "Offering: `valid_from` of “paper” must be a datetime.date, or None."


def test_two_detectors_of_one_name_are_refused() -> None:
    """A name of scrubber's own is taken, too."""

    @detector("bylines")
    def bylines(_: Document) -> list[Evidence]:
        """Find nothing."""
        return []

    assert refusal(Offering(detectors=[bylines])) == ("Offering: “bylines” is offered by scrubber already. Rename one.")


@detector("quiet")
def quiet(_: Document) -> list[Evidence]:
    """Find nothing."""
    return []


@detector("sales")
def sales(_: Document) -> list[Evidence]:
    """Find the offer above the article."""
    return [Evidence(0, Label.NAVIGATION, 4.0, "sales", "offers something")]


def raising(_: Document) -> list[Evidence]:
    """Raise."""
    raise LookupError("no water")


def raising_late(_: Document) -> Iterator[Evidence]:
    """Raise behind the first piece of evidence."""
    yield Evidence(0, Label.NAVIGATION, 4.0, "broken", "offers something")
    raise LookupError("no water")


def pointing_beyond(_: Document) -> list[Evidence]:
    """Speak of a line that does not exist."""
    return [Evidence(99, Label.NAVIGATION, 4.0, "broken", "offers something")]


def pointing_before(_: Document) -> list[Evidence]:
    """Speak of a line before the first."""
    return [Evidence(-1, Label.NAVIGATION, 4.0, "broken", "offers something")]


@pytest.mark.parametrize(
    ("find", "why"),
    [
        (raising, "LookupError"),
        (raising_late, "LookupError"),
        (pointing_beyond, "no_such_line"),
        (pointing_before, "no_such_line"),
    ],
)
def test_a_detector_that_fails_on_a_page_is_flagged_and_left_out(
    find: Callable[[Document], Any], why: str, bare_cleaner: Cleaner
) -> None:
    """The page is cleaned as if the detector were not there, and the others are heard."""
    plugin = Offering(detectors=[detector("broken")(find), sales])
    result = Cleaner(plugins=[plugin], bundled=False, installed=False).clean(PAGE)
    assert result.flags == (f"plugin_failed:broken:{why}",)
    healthy = Cleaner(plugins=[Offering(detectors=[sales])], bundled=False, installed=False).clean(PAGE)
    assert result.text == healthy.text != bare_cleaner.clean(PAGE).text


def test_a_site_that_fails_on_a_page_is_flagged_and_left_out(bare_cleaner: Cleaner) -> None:
    """The same holds for a site; it is still named as matched."""
    plugin = paper_with(find=lambda _self, document: raising(document))
    result = Cleaner(plugins=[plugin], bundled=False, installed=False).clean(PAGE)
    assert result.flags == ("plugin_failed:paper:LookupError",)
    assert result.sites == (("paper", "it shows “a bridge for sale”"),)
    assert result.text == bare_cleaner.clean(PAGE).text


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Write an installed package whose entry point is a module with the given text."""

    def write(text: str, target: str = "valley_plugin") -> None:
        (tmp_path / "valley_plugin.py").write_text(text, encoding="utf-8")
        info = tmp_path / "valley_plugin-1.0.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: valley-plugin\nVersion: 1.0\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[scrubber]\nvalley = {target}\n", encoding="utf-8")
        importlib.invalidate_caches()

    monkeypatch.syspath_prepend(tmp_path)
    yield write
    sys.modules.pop("valley_plugin", None)


def test_all_ways_in_give_the_same_result(tmp_path: Path, package: Callable[[str], None]) -> None:
    """An object, a folder and an installed package are heard alike."""
    package(SITE_PY)
    home = site_folder(tmp_path, SITE_PY, "site.py")
    cleaners = [
        Cleaner(plugins=[Offering(sites=[Paper()])], bundled=False, installed=False),
        Cleaner(plugin_folders=[home], bundled=False, installed=False),
        Cleaner(plugin_folders=[tmp_path], bundled=False, installed=False),
        Cleaner(plugins=[importlib.import_module("valley_plugin")], bundled=False, installed=False),
        Cleaner(bundled=False, installed=True),
    ]
    pages = {cleaner.clean(PAGE).to_json() for cleaner in cleaners}
    assert len(pages) == 1
    assert '"source": "A bridge for sale"' in pages.pop()


def test_a_rule_file_gives_what_a_class_gives(tmp_path: Path) -> None:
    """Rules and code differ in the reason they give, and in nothing else."""
    folder = site_folder(tmp_path, SITE_TOML)
    by_rule = Cleaner(plugin_folders=[folder], bundled=False, installed=False).clean(PAGE)
    by_class = Cleaner(plugins=[Offering(sites=[Paper()])], bundled=False, installed=False).clean(PAGE)
    assert by_rule == by_class
    assert by_rule.source == "A bridge for sale"


def test_installed_plugins_can_be_left_out(package: Callable[[str], None]) -> None:
    """`installed=False` does not even import them."""
    package("raise ValueError('no water')\n")
    assert load().sites == ()


@pytest.mark.parametrize(
    ("text", "target", "message"),
    [
        ("raise ValueError('no water')\n", "valley_plugin", "valley_plugin can't be loaded: ValueError: no water."),
        ("", "valley_plugin:missing", "valley_plugin:missing can't be loaded: AttributeError: "),
        ("", "no_such_module", "no_such_module can't be loaded: ModuleNotFoundError: "),
    ],
    ids=["raises", "missing_name", "missing_module"],
)
def test_a_broken_package_is_named(package: Callable[[str, str], None], text: str, target: str, message: str) -> None:
    """Its user did not write it: the message says which package it is and what to do."""
    package(text, target)
    with pytest.raises(PluginError, match=r"^package valley-plugin: ") as caught:
        load_plugins(bundled=False)
    assert message in str(caught.value)
    assert str(caught.value).endswith(" Update or uninstall it.")


def test_a_misspelt_hook_of_a_package_is_named(package: Callable[[str], None]) -> None:
    """It is found at once, and not laid at the door of the next plugin."""
    package("from scrubber import hookimpl\n\n@hookimpl\ndef register_site():\n    return []\n")
    with pytest.raises(PluginError) as caught:
        load_plugins([Offering()], bundled=False)
    assert str(caught.value) == "valley, line 3: unknown hook “register_site”. Did you mean “register_sites”?"


@dataclass
class Plain(Site):
    """A site that can't be hashed, as plain dataclasses can't."""

    name: str = "plain"
    hosts: tuple[str, ...] = ("paper.example",)
    signatures: tuple[str, ...] = ("A bridge for sale",)

    def find(self, document: Document) -> list[Evidence]:
        """Say nothing."""
        return []


def test_a_site_need_not_be_hashable() -> None:
    """Sites are told apart by their place, also two that are equal but for their name."""
    cleaner = Cleaner(plugins=[Offering(sites=[Plain(), Plain("other")])], bundled=False, installed=False)
    assert [site for site, _ in cleaner.clean(PAGE).sites] == ["plain", "other"]
    assert [site for site, _ in cleaner.clean(PAGE, url="https://paper.example/1").sites] == ["plain", "other"]


def test_a_folder_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    """What a listing of the disk gives first makes no difference, and other files are passed over."""
    for name in ("b", "c", "a"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "site.toml").write_text(f'site = "{name}"\n', encoding="utf-8")
    (tmp_path / "README.md").write_text("Sites.\n", encoding="utf-8")
    origins = load(folders=(tmp_path,)).origins
    assert [origins[name] for name in "abc"] == [str(tmp_path / name / "site.toml") for name in "abc"]
    assert [site.name for site in load(folders=(tmp_path,)).sites] == ["a", "b", "c"]


def test_what_is_loaded_names_its_origin(tmp_path: Path) -> None:
    """`origins` says for each detector and site where it is from."""
    folder = site_folder(tmp_path, SITE_TOML)
    loaded = load(Offering(detectors=[quiet]), folders=(folder,))
    assert loaded.origins["paper"] == str(folder / "site.toml")
    assert loaded.origins["quiet"] == "Offering"
    assert loaded.origins["bylines"] == "scrubber"
    assert set(loaded.origins) == {one.name for one in (*loaded.detectors, *loaded.sites)}
