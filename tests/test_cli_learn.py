"""`scrubber learn` and `scrubber new-site`: what they read, what they write, and what they refuse to touch."""

from __future__ import annotations

import gzip
import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from scrubber.cli import main
from scrubber.sites import load_site
from scrubber.testing.made_up_sites import MadeUpSite, made_up_site

SITE = made_up_site(23)

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Return a function that runs a command in an empty folder and returns its code and what it printed."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        printed = capsysbinary.readouterr()
        return code, printed.out.decode(), printed.err.decode()

    return call


def write_lines(path: Path, site: MadeUpSite = SITE, count: int = 8, field: str = "text") -> Path:
    """Write pages as JSON Lines."""
    records = [
        {"url": page.url, "date": page.date.isoformat(), field: page.html if field == "html" else page.text}
        for page in site.pages(count)
    ]
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def write_files(folder: Path, count: int = 8) -> Path:
    """Write pages as files."""
    folder.mkdir()
    for number, page in enumerate(SITE.pages(count)):
        (folder / f"{number}.txt").write_text(page.text, encoding="utf-8")
    return folder


def test_a_site_file_goes_to_standard_output(run: Run, tmp_path: Path) -> None:
    code, out, err = run("learn", str(write_lines(tmp_path / "pages.jsonl")), "--date", "2021-05-12")
    assert (code, err) == (0, "")
    tables = tomllib.loads(out)
    assert tables["site"] == "sosogega-example"
    assert tables["hosts"] == [SITE.host]
    assert len(tables["drop"]) > 20
    assert "on 2021-05-12" in out
    assert sorted(tmp_path.iterdir()) == [tmp_path / "pages.jsonl"]


def test_files_folders_and_json_lines_teach_the_same(run: Run, tmp_path: Path) -> None:
    lines, folder = write_lines(tmp_path / "pages.jsonl"), write_files(tmp_path / "pages")
    known = ["--date", "2021-05-12", "--host", SITE.host]
    outputs = {run("learn", str(path), *known)[1] for path in (lines, folder)}
    files = sorted(map(str, folder.iterdir()))
    outputs.add(run("learn", *files, *known)[1])
    assert len(outputs) == 1


def test_the_output_of_a_run_is_read_but_for_its_dead_letters(run: Run, tmp_path: Path) -> None:
    """What cleaning left of the pages; a file of packed pages teaches what the plain one does."""
    pages = write_lines(tmp_path / "pages.jsonl")
    with pages.open("a", encoding="utf-8") as file:
        file.write("{\n")
    assert run("run", "pages.jsonl", "-o", "out", "--max-dead-ratio", "0.5", "--workers", "1")[0] == 0
    assert any(Path("out/dead").iterdir())
    code, out, err = run("learn", "out", "--date", "2021-05-12")
    assert (code, err) == (0, "")
    assert "# learned from 8 pages, on 2021-05-12" in out
    write_lines(pages)
    Path("packed.jsonl.gz").write_bytes(gzip.compress(pages.read_bytes()))
    assert run("learn", "packed.jsonl.gz") == run("learn", "pages.jsonl")


def test_what_clean_writes_is_read(run: Run, tmp_path: Path) -> None:
    write_files(tmp_path / "pages")
    Path("cleaned.jsonl").write_text(run("clean", "pages", "--format", "json")[1], encoding="utf-8")
    code, out, _ = run("learn", "cleaned.jsonl", "--host", SITE.host)
    assert code == 0
    assert f'hosts = ["{SITE.host}"]' in out


def test_hosts_and_fingerprints_are_learned_again_unless_they_were_changed(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "site" / "site.toml"
    run("learn", str(write_lines(tmp_path / "old.jsonl")), "-o", "site")
    other = str(write_lines(tmp_path / "new.jsonl", made_up_site(24)))
    old = file.read_text(encoding="utf-8")
    before = tomllib.loads(old)
    assert run("learn", other, "-o", "site", "--write")[0] == 0
    after = tomllib.loads(file.read_text(encoding="utf-8"))
    assert (before["hosts"], after["hosts"]) == ([SITE.host], [made_up_site(24).host])
    assert after["fingerprints"] != before["fingerprints"]

    own = old.replace("hosts = [", 'hosts = ["www2.example", ').replace(
        "fingerprints = [", 'fingerprints = [\n    "Mine",'
    )
    file.write_text(own, encoding="utf-8")
    assert run("learn", other, "-o", "site", "--write")[0] == 0
    after = tomllib.loads(file.read_text(encoding="utf-8"))
    assert after["hosts"] == ["www2.example", SITE.host]
    assert after["fingerprints"] == ["Mine", *before["fingerprints"]]


def test_html_is_read_as_such(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("learn", str(write_lines(tmp_path / "pages.jsonl", field="html")))
    assert code == 0
    assert SITE.name in out
    assert "<div" not in out


def test_a_field_of_another_name_is_named(run: Run, tmp_path: Path) -> None:
    path = str(write_lines(tmp_path / "pages.jsonl", field="body"))
    code, _, err = run("learn", path)
    assert code == 2
    assert "line 1: has no text in a field named html or text or content. Name its field with --field." in err
    assert "3 more records hold no page" in err
    assert run("learn", path, "--field", "body")[0] == 0


def test_lines_that_are_no_pages_are_told_and_the_others_count(run: Run, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "pages.jsonl")
    path.write_text(path.read_text(encoding="utf-8") + "{\n[]\n\n", encoding="utf-8")
    code, out, err = run("learn", str(path))
    assert code == 1
    assert "learned from 8 pages" in out
    assert "pages.jsonl, line 9: is no JSON" in err
    assert "pages.jsonl, line 10: has no text" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["pages.jsonl"], "learning takes at least 5 pages of one site, and there are 3"),
        (["missing.txt"], "missing.txt: can't be read (no such file or directory)"),
        (["pages.jsonl", "--write"], "--write needs the folder to write to: -o DIR"),
        (["pages.jsonl", "--host", "a b"], "“a b” is no host. Write it like paper.example."),
        (["pages.jsonl", "--date", "May"], "--date: “May” is no day. Write it like 2021-05-12"),
    ],
)
def test_what_is_wrong_is_said(run: Run, tmp_path: Path, arguments: list[str], message: str) -> None:
    write_lines(tmp_path / "pages.jsonl", count=3)
    code, out, err = run("learn", *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert "Traceback" not in err


def test_a_folder_gets_its_file_then_a_difference_then_what_is_asked_for(run: Run, tmp_path: Path) -> None:
    first, second = write_lines(tmp_path / "8.jsonl"), write_lines(tmp_path / "12.jsonl", count=12)
    file = tmp_path / "sites" / "valley" / "site.toml"
    code, out, err = run("learn", str(first), "-o", str(file.parent), "--date", "2021-05-12")
    assert (code, out) == (0, "")
    assert "written: " in err
    assert load_site(file).name == "valley"

    again = run("learn", str(first), "-o", str(file.parent), "--date", "2021-05-12")
    assert "nothing has changed" in again[2]

    own = '\n[[keep]]\nrule = "mine"\nline = "Mine"\n'
    file.write_text(file.read_text(encoding="utf-8") + own, encoding="utf-8")
    before = file.read_bytes()
    code, out, err = run("learn", str(second), "-o", str(file.parent), "--date", "2021-05-13")
    assert code == 0
    assert "-# learned from 8 pages, on 2021-05-12\n+# learned from 12 pages, on 2021-05-13\n" in out
    assert "not written" in err
    assert file.read_bytes() == before

    code, out, err = run("learn", str(second), "-o", str(file.parent), "--date", "2021-05-13", "--write")
    assert code == 0
    assert own.strip() in file.read_text(encoding="utf-8")
    assert "mine" in {rule.name for rule in load_site(file).rules}
    assert sorted(path.name for path in file.parent.iterdir()) == ["site.toml"]


def test_a_site_file_that_is_not_valid_is_left_alone(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "valley" / "site.toml"
    file.parent.mkdir()
    file.write_text("site = ", encoding="utf-8")
    code, _, err = run("learn", str(write_lines(tmp_path / "pages.jsonl")), "-o", str(file.parent), "--write")
    assert code == 2
    assert "valley/site.toml: it is not valid TOML" in err
    assert file.read_text(encoding="utf-8") == "site = "


@pytest.mark.parametrize("field", ["text", "html"])
def test_a_new_site_passes_its_own_check(run: Run, tmp_path: Path, field: str) -> None:
    code, out, err = run("new-site", SITE.host, "--from", str(write_lines(tmp_path / "pages.jsonl", field=field)))
    assert (code, err) == (0, "")
    folder = tmp_path / "plugins" / SITE.host
    assert "Then: scrubber check " in out
    assert sorted(path.name for path in folder.iterdir()) == ["NOTES.md", "cases", "site.toml"]
    cases = sorted((folder / "cases" / "2021-01").iterdir())
    assert [case.name for case in cases] == ["long", "middling", "short"]
    for case in cases:
        assert {path.name for path in case.iterdir()} >= {"expected.txt", "labels.tsv", "meta.toml"}
        meta = tomllib.loads((case / "meta.toml").read_text(encoding="utf-8"))
        assert meta["provenance"] == "recorded"
        assert meta["url"].startswith(f"https://www.{SITE.host}/")
    sizes = {case.name: len((case / "expected.txt").read_text(encoding="utf-8")) for case in cases}
    assert sizes["short"] < sizes["middling"] < sizes["long"]
    notes = (folder / "NOTES.md").read_text(encoding="utf-8")
    assert notes.startswith(f"# {SITE.host}\n")
    assert "## For review" in notes
    code, out, _ = run("check", str(folder))
    assert code == 0
    assert "0 failed" in out


def test_a_new_site_of_files_without_addresses_is_known_by_its_lines(run: Run, tmp_path: Path) -> None:
    code, _, _ = run(
        "new-site", SITE.host, "--from", str(write_files(tmp_path / "pages")), "-o", "mine", "--date", "2021-05-12"
    )
    assert code == 0
    assert (tmp_path / "mine" / "cases" / "2021-05").is_dir()
    assert len(load_site(tmp_path / "mine" / "site.toml").fingerprints) >= 2
    assert run("check", "mine")[0] == 0


def test_a_folder_that_is_there_is_never_touched(run: Run, tmp_path: Path) -> None:
    pages = str(write_lines(tmp_path / "pages.jsonl"))
    (tmp_path / "plugins" / SITE.host).mkdir(parents=True)
    code, _, err = run("new-site", SITE.host, "--from", pages)
    assert code == 2
    assert "is there already. To learn it again: scrubber learn PAGES -o" in err
    assert not list((tmp_path / "plugins" / SITE.host).iterdir())


def test_a_new_site_is_made_as_a_whole_or_not_at_all(run: Run, tmp_path: Path) -> None:
    code, _, err = run("new-site", SITE.host, "--from", str(write_lines(tmp_path / "pages.jsonl", count=3)))
    assert code == 2
    assert "at least 5 pages" in err
    assert not (tmp_path / "plugins").exists()


@pytest.mark.parametrize("arguments", [[], ["a.example"], ["a.example", "b.example", "--from", "x"]])
def test_a_new_site_needs_one_host_and_pages(run: Run, arguments: list[str]) -> None:
    code, _, err = run("new-site", *arguments)
    assert code == 2
    assert "name the host and its pages" in err
