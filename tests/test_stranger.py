"""A stranger's plugin package, installed beside the built wheel: its cases, laws and listing, with the public API only.

The wheel of scrubber and the package are built and installed without network into an environment of their own, which
sees the libraries of the current one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).parents[1]
OFFLINE = ("--no-deps", "--no-index", "--disable-pip-version-check", "--quiet")

PAGE = """\
The Valley Post
Printed in the valley since 1890

Old bridge closed by flood

The old bridge was closed by the flood of the river on Monday, the mayor of the valley said in the town hall.

5 min read

Nobody may cross it before the spring, she told a meeting of two hundred people in the town hall on Tuesday.

Printed in the valley, read in the hills
"""

FILES = {
    "pyproject.toml": """\
        [build-system]
        requires = ["hatchling"]
        build-backend = "hatchling.build"

        [project]
        name = "scrubber-valley"
        version = "1.0"

        [project.entry-points.scrubber]
        valley = "scrubber_valley"

        [tool.hatch.build.targets.wheel]
        packages = ["src/scrubber_valley"]

        [tool.pytest.ini_options]
        scrubber_cases = ["cases"]
        testpaths = ["tests"]
        """,
    "src/scrubber_valley/__init__.py": '''\
        """The Valley Post, and how long reading takes."""

        from pathlib import Path

        from scrubber import Evidence, Label, detector, hookimpl
        from scrubber.sites import load_site

        from scrubber_valley.hill import Hill


        @detector("reading-times")
        def reading_times(document):
            """A line that says how long reading takes.

            Bad:  5 min read
            Good: In five minutes, he read the whole letter to the council.
            """
            for index in document.short:
                if document.keys[index].endswith(" min read"):
                    yield Evidence(index, Label.NON_CONTENT, 4.0, "reading-times", "says how long reading takes")


        @hookimpl
        def register_detectors():
            return [reading_times]


        @hookimpl
        def register_sites():
            files = sorted(Path(__file__).with_name("sites").glob("*.toml"))
            return [*map(load_site, files), Hill()]
        ''',
    "src/scrubber_valley/hill.py": '''\
        """The Hill Post, as a class."""

        from scrubber import Evidence, Label, Site


        class Hill(Site):
            """The Hill Post: a line in stars is an advertisement."""

            name = "hill"
            hosts = ("hill.example",)

            def find(self, document):
                for line in document.short:
                    if document.texts[line].startswith("*"):
                        yield Evidence(line, Label.NON_CONTENT, 8.0, "hill/stars", "is set in stars")
        ''',
    "src/scrubber_valley/sites/valley-2018.toml": """\
        site = "valley"
        hosts = ["valley.example"]
        valid_until = 2018-12-31

        [[drop]]
        rule = "ferry-times"
        line = "Nobody may cross *"
        css = ".ferry"
        """,
    "src/scrubber_valley/sites/valley.toml": """\
        site = "valley"
        hosts = ["valley.example"]
        valid_from = 2019-01-01
        fingerprints = ["The Valley Post", "Printed in the valley since 1890"]

        [[drop]]
        rule = "tag-line"
        label = "repeated_header"
        line = "Printed in the valley*"
        """,
    "cases/2021-05/meta.toml": """\
        format = 1
        source = "invented"
        date = 2021-05-12
        provenance = "recorded"
        must = ["the mayor of the valley said"]
        must_not = ["Printed in", "5 min read"]
        """,
    "tests/test_valley.py": """\
        import pytest
        from scrubber import Cleaner
        from scrubber.testing.conformance import DETECTOR_RULES, SITE_RULES, speaks_on
        from scrubber.testing.properties import laws_on_pages
        from scrubber_valley import reading_times, register_sites


        LINES = ["Printed in the valley", "5 min read"]

        test_laws = laws_on_pages(Cleaner(), url="https://valley.example/", lines=LINES)


        @pytest.mark.parametrize("rule", DETECTOR_RULES, ids=lambda rule: rule.__name__)
        def test_detector_conforms(rule):
            rule(reading_times)


        @pytest.mark.parametrize("rule", SITE_RULES, ids=lambda rule: rule.__name__)
        def test_site_conforms(rule):
            for site in register_sites():
                rule(site)


        def test_site_conforms_on_its_pages():
            for site in register_sites():
                speaks_on(site, ["* Buy now *", "Printed in the valley", "Nobody may cross it"])
        """,
    "tests/conftest.py": """\
        from hypothesis import HealthCheck, settings

        settings.register_profile("few", max_examples=5, suppress_health_check=list(HealthCheck))
        settings.load_profile("few")
        """,
}
"""The package, file by file, as docs/plugins.md says to lay it out."""


class Stranger:
    """A project of somebody else's, with an environment in which its package and scrubber are installed."""

    def __init__(self, home: Path) -> None:
        """Write the project and make the environment."""
        self.project = home / "project"
        self.scripts = home / "venv" / ("Scripts" if os.name == "nt" else "bin")
        for name, text in FILES.items():
            path = self.project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text), encoding="utf-8")
        (self.project / "cases" / "2021-05" / "input.txt").write_text(PAGE, encoding="utf-8")
        venv.create(home / "venv", with_pip=False, symlinks=os.name != "nt")
        self._share_libraries()

    def _share_libraries(self) -> None:
        """Let the environment see the libraries of the current one, behind its own."""
        found = self.run("-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
        shared = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
        (Path(found) / "shared.pth").write_text("\n".join(sorted(shared)) + "\n", encoding="utf-8")

    def install(self, *wheels: Path) -> None:
        """Install wheels, and nothing that they depend on."""
        command = [sys.executable, "-m", "pip", "--python", str(self.scripts / "python"), "install"]
        checked([*command, *OFFLINE, "--ignore-installed", *map(str, wheels)], self.project)

    def run(self, *arguments: str, code: int = 0) -> str:
        """Run Python in the project, with nothing of the current environment's variables that leads back here."""
        return checked([str(self.scripts / "python"), *arguments], self.project, code)


def checked(command: list[str], folder: Path, code: int = 0) -> str:
    """Run a command and return what it prints; fail with all of it where its exit code is another."""
    hidden = ("PYTHONPATH", "SCRUBBER_PLUGINS", "PYTEST_ADDOPTS", "PYTEST_PLUGINS", "FORCE_COLOR")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment |= {"PYTHONUTF8": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == code, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build(project: Path, into: Path) -> Path:
    """Build the wheel of a project."""
    command = [sys.executable, "-m", "pip", "wheel", *OFFLINE, "--no-build-isolation", "-w", str(into), str(project)]
    checked(command, into.parent)
    return next(into.glob("*.whl"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Stranger:
    """Build both wheels, and install them into an environment of the stranger's."""
    home = tmp_path_factory.mktemp("stranger")
    made = Stranger(home)
    made.install(build(ROOT, home / "own"), build(made.project, home / "theirs"))
    return made


def test_what_is_tested_is_the_wheel(stranger: Stranger) -> None:
    """Not the checkout, and the bundled sites are in it."""
    printed = stranger.run("-c", "import scrubber; print(scrubber.__file__)")
    assert Path(printed.strip()).is_relative_to(stranger.scripts.parent)
    assert "arabtoday" in stranger.run("-m", "scrubber", "plugins")


def test_the_package_is_listed(stranger: Stranger) -> None:
    """Its site and its detector, with the package's name and version."""
    offers = json.loads(stranger.run("-m", "scrubber", "plugins", "--json"))
    theirs = {(offer["kind"], offer["name"]) for offer in offers if offer["from"] == "package scrubber-valley 1.0"}
    assert theirs == {
        ("site", "valley from 2019-01-01"),
        ("site", "valley until 2018-12-31"),
        ("site", "hill"),
        ("detector", "reading-times"),
    }
    ours = json.loads(stranger.run("-m", "scrubber", "plugins", "--json", "--no-plugins"))
    assert "reading-times" not in {offer["name"] for offer in ours}


def test_every_site_of_the_package_speaks_on_its_pages(stranger: Stranger) -> None:
    """Both designs of one as files, each in its time, and the other as a class."""
    page = str(Path("cases") / "2021-05" / "input.txt")
    clean = ("-m", "scrubber", "clean", page, "--url")
    assert "Nobody may cross" in stranger.run(*clean, "https://valley.example/1", "--date", "2021-05-12")
    assert "Nobody may cross" not in stranger.run(*clean, "https://valley.example/1", "--date", "2018-05-12")
    rules = stranger.run("-m", "scrubber", "explain", page, "--rules", "--url", "https://valley.example/1")
    assert "valley/tag-line  repeated_header  fired on lines 2, 12" in rules
    (stranger.project / "stars.txt").write_text(f"* Buy now *\n{PAGE}", encoding="utf-8")
    explained = stranger.run("-m", "scrubber", "explain", "stars.txt", "--rules", "--url", "https://hill.example/1")
    assert "hill/stars  non_content  fired on line 1" in explained


def test_a_case_is_accepted_and_then_passes(stranger: Stranger) -> None:
    """The kit's pytest plugin comes in by itself, and runs the cases with the installed site."""
    pytest_run = ("-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider")
    stranger.run(*pytest_run, "cases", code=2)
    printed = stranger.run(*pytest_run, "--scrubber-accept", "cases")
    assert "wrote expected.txt, labels.tsv" in printed
    expected = (stranger.project / "cases" / "2021-05" / "expected.txt").read_text(encoding="utf-8")
    assert expected.startswith("The old bridge was closed")
    assert "read" not in expected
    printed = stranger.run(*pytest_run)
    assert " passed" in printed
    assert "failed" not in printed
    assert "law-nothing-lost" in stranger.run(*pytest_run, "-vv", "cases")
