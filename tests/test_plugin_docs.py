"""The pages for plugin authors can't go stale: their keys, their examples and the rule catalogue are checked."""

from __future__ import annotations

import re
import types
from itertools import product
from pathlib import Path

import pytest

from scrubber import Cleaner
from scrubber.cli import main
from scrubber.detectors import register_detectors
from scrubber.model import Label
from scrubber.plugins import load_plugins
from scrubber.sites import RuleSite, load_site
from scrubber.sites.schema import RULE_KEYS, SITE_KEYS
from scrubber.testing.catalogue import catalogue
from scrubber.testing.conformance import DETECTOR_RULES, SITE_RULES
from scrubber.testing.rule_reference import rule_reference

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Return the blocks of code in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def read(tmp_path: Path, text: str) -> RuleSite:
    """Return the site that a file with this text makes."""
    path = tmp_path / "site.toml"
    path.write_text(text, encoding="utf-8")
    return load_site(path)


def module_of(source: str) -> types.ModuleType:
    """Return a module with this source."""
    module = types.ModuleType("example")
    exec(compile(source, "docs/plugins.md", "exec"), module.__dict__)  # noqa: S102 - a page of our own
    return module


def test_the_reference_is_fresh() -> None:
    """docs/rule-reference.md is what `python -m scrubber.testing.rule_reference` writes."""
    assert (ROOT / "docs" / "rule-reference.md").read_text(encoding="utf-8") == rule_reference()


@pytest.mark.parametrize("key", SITE_KEYS)
def test_the_example_of_a_head_key_loads(tmp_path: Path, key: str) -> None:
    """With a name where it needs one, and it sets what it is said to set."""
    example = SITE_KEYS[key].example
    site = read(tmp_path, example if key == "site" else f'site = "valley"\n{example}')
    assert site.name == "valley"
    assert getattr(site, {"site": "name", "keep": "rules", "drop": "rules"}.get(key, key))


@pytest.mark.parametrize("key", RULE_KEYS)
def test_the_example_of_a_rule_key_loads(tmp_path: Path, key: str) -> None:
    """With what the rule needs beside it, and it sets what it is said to set."""
    name = "" if key == "rule" else 'rule = "it"\n'
    (rule,) = read(
        tmp_path, f'site = "valley"\n[[drop]]\n{name}{RULE_KEYS[key].example}\n{RULE_KEYS[key].beside}\n'
    ).rules
    assert getattr(rule, {"rule": "name", "from": "first", "until": "last"}.get(key, key))


def test_whole_site_files_load(tmp_path: Path) -> None:
    """And do what the page says of them."""
    text = blocks("toml")[0]
    read(tmp_path, text)
    cleaner = Cleaner(plugin_folders=[tmp_path], bundled=False, installed=False)
    page = "Printed in the valley since 1890\nThe weather in the valley\nRain\nFull forecast\n† Ada Example, 1931\n"
    assert cleaner.clean(page, url="https://www.valley.example/1").text == "† Ada Example, 1931\n"
    assert cleaner.clean(page, url="https://myvalley.example/1").sites == ()


def test_parts_of_site_files_load(tmp_path: Path) -> None:
    """The examples of rules, under a head."""
    for text in blocks("toml")[1:]:
        assert read(tmp_path, f'site = "valley"\n{text}').rules


def test_python_examples_conform() -> None:
    """They load as plugins, and keep every rule for sites and detectors."""
    modules = [module_of(source) for source in blocks("python")]
    assert len(modules) == 2
    plugins = load_plugins(modules, bundled=False, installed=False)
    own = {detector.name for detector in register_detectors()}
    (mine,) = [detector for detector in plugins.detectors if detector.name not in own]
    (site,) = plugins.sites
    for rule in DETECTOR_RULES:
        rule(mine)
    for rule in SITE_RULES:
        rule(site)


def test_python_examples_find_what_they_say() -> None:
    """Each on a page of its own."""
    cleaner = Cleaner(plugins=map(module_of, blocks("python")), bundled=False, installed=False)
    prose = "The old bridge was closed by the flood of the river on Monday, the mayor said."
    page = f"{prose}\n5 min read\nThe bridge at night AE\nNobody may cross it before the spring, said the council.\n"
    labels = {line.text: line.label for line in cleaner.clean(page, url="https://valley.example/1").lines}
    assert labels["5 min read"] == Label.NON_CONTENT
    assert labels["The bridge at night AE"] == Label.CAPTION
    assert labels[prose] == Label.PARAGRAPH


def test_the_example_sites_are_right_and_worth_having(capsys: pytest.CaptureFixture[str]) -> None:
    """Two designs as rule files, and a class: every case is right, and each beats generic cleaning."""
    assert main(["check", str(ROOT / "docs" / "examples" / "sites")]) == 0
    said = capsys.readouterr().out
    for site in ("hill", "valley from 2021-03-01", "valley until 2021-02-28"):
        assert f"site {site}: better than generic cleaning" in said
    assert "recorded" not in said
    plugins = load_plugins((), [ROOT / "docs" / "examples" / "sites"], bundled=False, installed=False)
    for site, rule in product(plugins.sites, SITE_RULES):
        rule(site)


def test_facts_of_a_document_exist() -> None:
    """Every fact in the two tables is one that `Document` has."""
    document = next(iter(map(module_of, blocks("python")))).Document("", [], [])
    part = PAGE.partition("Facts about the page")[2].partition("\n## ")[0]
    facts = re.findall(r"^\| `(\w+)(?:\(css\))?` \|", part, re.MULTILINE)
    assert len(facts) == 14
    assert all(hasattr(document, fact) for fact in facts)


def test_bundled_sites_are_listed() -> None:
    """Each folder in `plugins/` has its row in the README."""
    rows = re.findall(r"^\| `([\w-]+)` \|", (ROOT / "plugins" / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == sorted(path.parent.name for path in ROOT.glob("plugins/*/site.*"))


def test_rule_catalogue_is_fresh() -> None:
    """docs/rules.md is what `python -m scrubber.testing.catalogue` writes."""
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == catalogue(register_detectors())
