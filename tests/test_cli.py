"""The command line: what it prints, where it writes, and a clear message and exit code for all that fails."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import scrubber
from scrubber.cli import main
from scrubber.cli.inputs import Input
from scrubber.model import Decision, Evidence, Quality, Repair, Result
from scrubber.pipeline import Cleaner
from scrubber.report import markdown
from scrubber.report.explain import Account, plain_account, terminal_account
from scrubber.report.flags import explain_flag
from scrubber.report.safe import safe_json, safe_row, safe_text

ROOT = Path(__file__).parents[1]
SEED = ROOT / "seeds" / "002_628c3bb2abd4e9ed.txt"

ARTICLE = "The bridge stays closed until Friday, the mayor said on Monday after the flood."
PAGE = f"Share on Facebook\n\n{ARTICLE}\n"
CLEAN = f"{ARTICLE}\n"
SITE = """\
site = "valley"
hosts = ["valley.example"]

[[drop]]
rule = "mayors"
line = "The bridge*"
"""
SUFFIXES = "*.txt, *.text, *.html, *.htm, *.warc, *.warc.gz, *.mhtml, *.mht"
MHTML = f"""\
MIME-Version: 1.0
Snapshot-Content-Location: https://valley.example/1
Content-Type: multipart/related; boundary=cut

--cut
Content-Type: text/html; charset=utf-8

<!doctype html><h1>Flood</h1><p>{ARTICLE}</p><p>The river fell overnight, and nobody was hurt.</p>
--cut--
"""
RESPONSE = f"HTTP/1.1 200 OK\nContent-Type: text/html\n\n<p>{ARTICLE}</p>\n"
WARC_RECORD = f"""\
WARC/1.0
WARC-Type: response
WARC-Target-URI: https://valley.example/1
Content-Length: {len(RESPONSE)}

{RESPONSE}
"""
ONLY_CHROME = "Share on Facebook\nLog in\n"
BROKEN_SITE = SITE.replace("line =", "lime =")

posix = pytest.mark.skipif(os.name != "posix", reason="needs signals, /dev and pseudo-terminals")


@dataclass(frozen=True)
class Outcome:
    """What a call printed, and its exit code."""

    code: int
    out: str
    err: str


Call = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def _clean_slate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in an empty folder, with nothing in the environment that the command line listens to."""
    monkeypatch.chdir(tmp_path)
    for name in ("SCRUBBER_PLUGINS", "NO_COLOR", "FORCE_COLOR", "PYTHONIOENCODING", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Run the command line in this process."""

    def run(*arguments: object) -> Outcome:
        code = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Outcome(code, printed.out, printed.err)

    return run


def spawn(*arguments: object, content: bytes = b"", **extra: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command line as a user does, in a process of its own; `extra` goes into its environment."""
    env = environment(**extra)
    return subprocess.run(command(*arguments), input=content, capture_output=True, timeout=60, env=env, check=False)


def command(*arguments: object) -> list[str]:
    """Return the call of `python -m scrubber`."""
    return [sys.executable, "-m", "scrubber", *map(str, arguments)]


def environment(**extra: str) -> dict[str, str]:
    """Return the environment of a process that finds this checkout."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **extra}


def write(path: str, content: str | bytes = PAGE) -> Path:
    """Write a file in the current folder, and the folders it needs."""
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


# --- clean: what comes out ------------------------------------------------------------------------


def test_a_file_comes_out_as_its_article(call: Call) -> None:
    outcome = call("clean", SEED)
    assert outcome == Outcome(0, scrubber.clean(SEED.read_bytes()).text, "")
    assert "Early morning raids in east Aleppo" in outcome.out
    assert "Security Code" not in outcome.out


def test_standard_input_is_read_for_a_dash_and_without_a_path() -> None:
    for arguments in (["clean", "-"], ["clean"]):
        done = spawn(*arguments, content=PAGE.encode())
        assert (done.returncode, done.stdout, done.stderr) == (0, CLEAN.encode(), b"")


def test_texts_of_several_inputs_stand_two_blank_lines_apart(call: Call) -> None:
    write("a.txt")
    write("b.txt")
    assert call("clean", "b.txt", "a.txt").out == f"{CLEAN}\n\n{CLEAN}"


def test_a_folder_gives_its_text_files_in_order(call: Call) -> None:
    for name in ("b.txt", "a.TEXT", "z/a.txt", "notes.md", "page.html", ".hidden.txt", ".git/x.txt", "data.json"):
        write(f"pages/{name}", f"In {name} {ARTICLE}\n")
    outcome = call("clean", "pages")
    assert re.findall(r"In (\S+)", outcome.out) == ["a.TEXT", "b.txt", "page.html", "z/a.txt"]
    assert outcome.code == 0


def test_an_input_named_twice_is_cleaned_once(call: Call) -> None:
    write("pages/a.txt")
    assert call("clean", "pages/a.txt", "pages", "./pages/a.txt").out == CLEAN


def test_options_may_stand_anywhere_and_names_may_begin_with_a_dash(call: Call) -> None:
    for name in ("a.txt", "-b.txt", "--debug"):
        write(name)
    outcome = call("clean", "a.txt", "--format", "json", "--", "-b.txt", "--debug")
    assert [json.loads(line)["id"] for line in outcome.out.splitlines()] == ["a.txt", "-b.txt", "--debug"]


def test_json_of_one_input_is_the_result(call: Call) -> None:
    outcome = call("clean", SEED, "--format", "json")
    content = SEED.read_bytes()
    assert outcome.out == scrubber.clean(content).to_json() + "\n"
    lines = json.loads(outcome.out)["lines"]
    assert [line["start"] for line in lines] == [0, *(line["end"] for line in lines[:-1])]
    assert lines[-1]["end"] == len(content.decode())


def test_json_of_several_inputs_is_an_object_a_line(call: Call) -> None:
    write("pages/a.txt")
    write("pages/b/ü.txt")
    for arguments in (["pages"], ["pages/a.txt", "pages/b/ü.txt"]):
        outcome = call("clean", *arguments, "--format", "json")
        records = [json.loads(line) for line in outcome.out.splitlines()]
        assert [(record["id"], record["text"]) for record in records] == [
            (os.path.join("pages", "a.txt"), CLEAN),  # noqa: PTH118 - as the system writes it
            (os.path.join("pages", "b/ü.txt"), CLEAN),  # noqa: PTH118
        ]


def test_a_folder_with_one_page_gives_json_lines_too(call: Call) -> None:
    write("pages/a.txt")
    assert "id" in json.loads(call("clean", "pages", "--format", "json").out)


def test_labels_are_kept_and_dropped_as_asked(call: Call) -> None:
    title = scrubber.clean(SEED.read_bytes()).title
    assert title
    first = call("clean", SEED).out.splitlines()
    assert title not in first
    assert title in call("clean", SEED, "--keep", "Byline, title").out.splitlines()
    dropped = call("clean", SEED, "--drop", "list-item,quote", "--drop", "paragraph").out
    assert "Early morning raids" not in dropped
    assert dropped.splitlines()[0] == first[0]


def test_quotes_and_widths_are_folded_only_when_asked(call: Call) -> None:
    write("a.txt", f"{ARTICLE} “ＡＢＣ” is what they said.\n")
    assert "“ＡＢＣ”" in call("clean", "a.txt").out
    assert '"ABC"' in call("clean", "a.txt", "--quotes", "straight", "--width", "fold").out


@pytest.mark.parametrize("url", ["", "htps:/paper.example/1", "paper", "file:///pages/1.txt", "https://", "/news/1"])
def test_an_address_without_a_host_is_refused(call: Call, url: str) -> None:
    """It was mistyped, or belongs to the page's file: no site could be told by it."""
    Path("a.txt").write_text("a", encoding="utf-8")
    outcome = call("clean", "a.txt", "--url", url)
    assert outcome.code == 2
    assert outcome.err == f"scrubber: --url: “{url}” names no host. Write it like https://paper.example/news/1\n"


@pytest.mark.parametrize("url", ["https://localhost/1", "paper.example", "//paper.example/1", "paper.example:80/1"])
def test_an_address_may_be_short(call: Call, url: str) -> None:
    """Its host is all that counts."""
    Path("a.txt").write_text("a", encoding="utf-8")
    assert call("clean", "a.txt", "--url", url).code == 0


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("text/plain; charset=koi8r", "“koi8r” is no known encoding, so the bytes decide. Did you mean “koi8-r”?"),
        ("text/plain; charset=qqqqqq", "“qqqqqq” is no known encoding, so the bytes decide."),
    ],
)
def test_a_content_type_with_an_unknown_encoding_is_warned_of(call: Call, header: str, said: str) -> None:
    """Servers send such headers too, so it is no error."""
    Path("a.txt").write_text("a", encoding="utf-8")
    outcome = call("clean", "a.txt", "--content-type", header)
    assert outcome.code == 0
    assert f"scrubber: warning: --content-type: {said}\n" in outcome.err


def test_the_content_type_names_the_encoding(call: Call) -> None:
    text = "Мост останется закрытым до пятницы, сказал мэр в понедельник."
    write("a.txt", text.encode("koi8-r"))
    assert call("clean", "a.txt", "--content-type", "text/plain; charset=koi8-r").out == f"{text}\n"


def test_html_is_read_as_a_browser_reads_it(call: Call) -> None:
    markup = f"<!DOCTYPE html>\n<html><body><nav><a href=/>Home</a></nav><p>{ARTICLE}</p></body></html>\n"
    write("page.html", markup)
    outcome = call("clean", "page.html")
    assert (outcome.code, outcome.out, outcome.err) == (0, CLEAN, "")


# --- clean: where it goes -------------------------------------------------------------------------


def test_one_input_goes_to_a_file(call: Call) -> None:
    write("a.txt")
    assert call("clean", "a.txt", "-o", "out.txt") == Outcome(0, "", "")
    assert Path("out.txt").read_bytes() == CLEAN.encode()


def test_a_dash_for_the_output_is_standard_output(call: Call) -> None:
    write("a.txt")
    assert call("clean", "a.txt", "-o", "-").out == CLEAN


@pytest.mark.parametrize(("form", "suffix"), [("text", ".txt"), ("json", ".json"), ("markdown", ".md")])
def test_a_folder_is_mirrored_into_a_folder(call: Call, form: str, suffix: str) -> None:
    write("pages/a.txt")
    write("pages/deep/er/b.text")
    write("more/story.2016")
    assert call("clean", "pages", "more/story.2016", "-o", "out/put", "--format", form) == Outcome(0, "", "")
    files = sorted(path.relative_to("out/put").as_posix() for path in Path("out/put").rglob("*") if path.is_file())
    assert files == [f"a{suffix}", f"deep/er/b{suffix}", f"story.2016{suffix}"]
    assert ARTICLE in Path(f"out/put/a{suffix}").read_text(encoding="utf-8")


def test_one_input_goes_into_a_folder_that_exists_or_is_named_as_one(call: Call) -> None:
    write("a.txt")
    Path("there").mkdir()
    assert call("clean", "a.txt", "-o", "there").code == 0
    assert call("clean", "a.txt", "-o", "new/").code == 0
    assert Path("there/a.txt").read_text() == Path("new/a.txt").read_text() == CLEAN


def test_outputs_inside_the_inputs_are_not_read_again(call: Call) -> None:
    write("pages/a.txt")
    for _ in range(2):
        assert call("clean", "pages", "-o", "pages/out").code == 0
    assert [path.name for path in Path("pages/out").iterdir()] == ["a.txt"]


@pytest.mark.parametrize("arguments", [["a.txt", "-o", "a.txt"], ["a.txt", "-o", "link.txt"], [".", "-o", "."]])
def test_an_input_is_never_overwritten(call: Call, arguments: list[str]) -> None:
    write("a.txt")
    Path("link.txt").hardlink_to("a.txt")
    outcome = call("clean", *arguments)
    assert outcome.code == 2
    assert re.search(r"-o: \S+ is an input and would be overwritten", outcome.err)
    assert Path("a.txt").read_text() == PAGE


def test_two_inputs_never_share_an_output(call: Call) -> None:
    write("a/x.txt")
    write("b/x.txt", PAGE.replace("Friday", "Sunday"))
    write("b/y.txt")
    outcome = call("clean", "a", "b", "-o", "out")
    assert outcome.code == 1
    assert outcome.err == (
        f"scrubber: {Path('b/x.txt')}: would be written to {Path('out/x.txt')}, as {Path('a/x.txt')} was. "
        "Clean it into another folder.\n"
    )
    assert "Friday" in Path("out/x.txt").read_text()
    assert Path("out/y.txt").exists()


def test_several_inputs_do_not_go_to_one_file(call: Call) -> None:
    write("pages/a.txt")
    outcome = call("clean", "pages", "-o", "all.jsonl")
    assert (outcome.code, Path("all.jsonl").exists()) == (2, False)
    assert outcome.err == "scrubber: -o all.jsonl: several inputs need a folder. Name one, or redirect: > all.jsonl\n"


def test_an_output_folder_that_cannot_be_made_stops_the_call(call: Call) -> None:
    write("pages/a.txt")
    write("file")
    outcome = call("clean", "pages", "-o", "file/out")
    assert outcome.code == 2
    assert outcome.err.startswith("scrubber: -o file/out: the folder can't be made (")


def test_an_output_that_cannot_be_written_is_a_failure(call: Call) -> None:
    write("pages/a.txt")
    write("pages/b.txt")
    Path("out/a.txt").mkdir(parents=True)
    outcome = call("clean", "pages", "-o", "out")
    assert outcome.code == 1
    assert re.match(r"scrubber: pages.a\.txt: out.a\.txt can't be written \(", outcome.err)
    assert Path("out/b.txt").read_text() == CLEAN
    assert call("clean", "pages/a.txt", "-o", "no/such/file.txt").code == 1


# --- clean: pages in containers -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["page.mhtml", "page.mht", "page.warc", "page.warc.gz"])
def test_the_page_of_a_container_is_cleaned_with_its_address(call: Call, name: str) -> None:
    plain = MHTML if name.startswith("page.mh") else WARC_RECORD
    write(f"pages/{name}", gzip.compress(plain.encode()) if name.endswith(".gz") else plain)
    write("sites/valley/site.toml", SITE)
    assert ARTICLE in call("clean", "pages", "--no-plugins").out
    assert ARTICLE not in call("clean", f"pages/{name}", "--plugins", "sites").out
    assert "valley" in call("explain", f"pages/{name}", "--plugins", "sites").out
    assert ARTICLE in call("clean", f"pages/{name}", "--plugins", "sites", "--url", "https://other.example/").out


def test_the_output_of_a_container_is_named_without_all_its_suffix(call: Call) -> None:
    write("pages/page.warc.gz", gzip.compress(WARC_RECORD.encode()))
    assert call("clean", "pages", "-o", "out").code == 0
    assert [path.name for path in Path("out").iterdir()] == ["page.txt"]


def test_a_container_comes_in_on_standard_input() -> None:
    assert ARTICLE.encode() in spawn("clean", "-", content=MHTML.encode()).stdout


def test_a_container_with_several_pages_names_the_command_for_them(call: Call) -> None:
    write("pages.warc", WARC_RECORD * 2)
    write("a.txt")
    outcome = call("clean", "pages.warc", "a.txt")
    message = "scrubber: pages.warc: the WARC file holds 2 pages. To clean them all: scrubber run\n"
    assert outcome == Outcome(1, CLEAN, message)


# --- clean: what can't be cleaned -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "can't be read (no such file or directory)"),
        (b"%PDF-1.7 ...", "PDF"),
        (bytes(range(256)) * 50, "binary data"),
    ],
    ids=["missing", "PDF", "binary"],
)
def test_what_cannot_be_cleaned_is_one_line_and_the_rest_is_done(
    call: Call, content: bytes | None, message: str
) -> None:
    write("a.txt")
    write("c.txt")
    if content is not None:
        write("b.txt", content)
    outcome = call("clean", "a.txt", "b.txt", "c.txt")
    assert (outcome.code, outcome.out) == (1, f"{CLEAN}\n\n{CLEAN}")
    assert outcome.err.startswith("scrubber: b.txt: ")
    assert message in outcome.err
    assert outcome.err.count("\n") == 1


def test_a_file_without_access_is_named(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.txt")

    def refuse(_: Input) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Input, "_bytes", refuse)
    assert call("clean", "a.txt") == Outcome(1, "", "scrubber: a.txt: can't be read (permission denied)\n")


def test_a_page_over_the_limit_is_named(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.txt")
    monkeypatch.setattr("scrubber.cli.inputs.MAX_INPUT", 20)
    outcome = call("clean", "a.txt")
    assert outcome == Outcome(1, "", "scrubber: a.txt: has over 20 bytes, the limit of one page. Split it first.\n")


def test_a_folder_without_pages_is_a_failure_and_the_rest_is_done(call: Call) -> None:
    write("notes/readme.md")
    write("a.txt")
    outcome = call("clean", "notes", "a.txt")
    assert outcome == Outcome(1, CLEAN, f"scrubber: notes: holds no pages ({SUFFIXES})\n")


def test_a_text_for_a_path_does_not_fill_the_screen(call: Call) -> None:
    outcome = call("clean", "word " * 5000)
    assert outcome.code == 1
    assert len(outcome.err) < 300


@pytest.mark.parametrize(
    ("content", "out", "warning"),
    [
        (b"", "", "it is empty (empty)"),
        (b" \n\n", "", "it is empty (empty)"),
        (ONLY_CHROME.encode(), "", "no article was found on it: every line was taken out (no_article)"),
        (
            ("Die Brücke über den Fluß bleibt gesperrt, " * 3).encode() + b"\xff\xfe sagte er.",
            None,
            "some bytes could not be read and show as U+FFFD (undecodable_bytes)",
        ),
    ],
    ids=["empty", "blank", "no article", "undecodable"],
)
def test_a_page_without_an_article_is_a_warning(call: Call, content: bytes, out: str | None, warning: str) -> None:
    write("a.txt", content)
    outcome = call("clean", "a.txt")
    assert (outcome.code, outcome.err) == (0, f"scrubber: a.txt: warning: {warning}\n")
    assert out is None or outcome.out == out


def test_ten_megabytes_on_one_line_come_through(call: Call) -> None:
    write("a.txt", "word " * 2_000_000)
    outcome = call("clean", "a.txt")
    assert (outcome.code, len(outcome.out), outcome.err) == (0, 10_000_000, "")


def test_a_bug_stops_one_page_and_shows_no_traceback(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.txt")
    write("b.txt", "boom")
    clean = Cleaner.clean

    def fails(self: Cleaner, content: bytes, **options: str) -> Result:
        if content == b"boom":
            raise RuntimeError("out of luck")
        return clean(self, content, **options)

    monkeypatch.setattr(Cleaner, "clean", fails)
    outcome = call("clean", "b.txt", "a.txt")
    assert (outcome.code, outcome.out) == (1, CLEAN)
    assert outcome.err.startswith(
        "scrubber: b.txt: RuntimeError: out of luck. This is a bug: run it again with --debug"
    )
    assert outcome.err.count("\n") == 1
    assert "Traceback" in call("clean", "b.txt", "--debug").err
    assert "Traceback" in call("--debug", "clean", "b.txt").err


def test_a_bug_elsewhere_shows_no_traceback(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("out of luck")

    monkeypatch.setattr(Cleaner, "__init__", fails)
    outcome = call("clean", "a.txt")
    assert (outcome.code, outcome.err.count("\n")) == (1, 1)


# --- wrong calls ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["cleen"], "unknown command “cleen”. Did you mean “clean”?"),
        (["qqq"], "unknown command “qqq”. Valid are: clean, pipe, explain, plugins, check"),
        (["page.txt"], "“page.txt” is no command. To clean it: scrubber clean page.txt"),
        (["--format", "json"], "unknown option “--format” before the command. Write the command first"),
        (["clean", "--fromat", "json", "page.txt"], "unknown option “--fromat”. Did you mean “--format”?"),
        (["clean", "--format=xml", "page.txt"], "--format: invalid choice: 'xml'"),
        (["clean", "--url"], "--url: expected one argument (see scrubber clean --help)"),
        (["clean", "--keep", "paragraf", "page.txt"], "--keep: “paragraf” is no label. Did you mean “paragraph”?"),
        (["clean", "--drop", "quote,", "page.txt"], "--drop: “” is no label. Valid are: standfirst, "),
        (["clean", "--keep", "quote", "--drop", "quote", "page.txt"], "can't keep and drop the same labels: quote"),
        (["clean", "--plugins", "nowhere", "page.txt"], "nowhere: no such folder; it is named in --plugins"),
        (["clean", "--plugins", ".", "page.txt"], ".: holds no site.toml and no site.py, nor do the folders in it."),
        (["clean", "--plugins", ".", "--no-plugins", "page.txt"], "--plugins and --no-plugins contradict each other"),
        (["explain", "page.txt", "page.txt"], "explain takes one page, not 2"),
        (["explain", "."], ".: is a folder; explain takes one page"),
        (["explain", "--kept", "--dropped", "page.txt"], "--dropped: not allowed with argument --kept"),
        (["plugins", "page.txt"], "“page.txt” is one argument too many (see scrubber plugins --help)"),
    ],
)
def test_a_wrong_call_is_one_clear_line(call: Call, arguments: list[str], message: str) -> None:
    write("page.txt")
    outcome = call(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"scrubber: {message}")
    assert outcome.err.count("\n") == 1


def test_without_a_path_a_terminal_is_told_what_to_give(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    outcome = call("clean")
    assert outcome == Outcome(2, "", "scrubber: nothing to read. Give a file, a folder, or - for standard input.\n")
    assert call("clean", "-").code == 1


def test_without_a_command_the_help_is_shown(call: Call) -> None:
    outcome = call()
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == call("--help").out


def test_the_version_and_the_help_of_every_command(call: Call) -> None:
    assert call("--version") == Outcome(0, f"scrubber {scrubber.__version__}\n", "")
    for name in ("clean", "explain", "plugins"):
        outcome = call(name, "--help")
        assert (outcome.code, outcome.err) == (0, "")
        assert "scrubber " + name in outcome.out
        assert call(name, "-h").out == outcome.out


def test_every_option_and_exit_code_is_documented(call: Call) -> None:
    guide = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    for name in ("clean", "explain", "plugins"):
        for option in re.findall(r"^ +(?:-\w[^-]*, )?(--[\w-]+)", call(name, "--help").out, re.MULTILINE):
            assert f"`{option}" in guide, option
    for code in re.findall(r"^  (\d+) ", call("--help").out, re.MULTILINE):
        assert f"| {code} |" in guide, code


# --- plugins --------------------------------------------------------------------------------------


def test_a_folder_of_sites_is_loaded_from_the_command_line(call: Call) -> None:
    write("page.txt")
    write("sites/valley/site.toml", SITE)
    assert call("clean", "page.txt", "--plugins", "sites", "--url", "https://www.valley.example/1").out == ""
    assert call("clean", "page.txt", "--plugins", "sites").out == CLEAN
    assert call("clean", "page.txt", "--url", "https://www.valley.example/1").out == CLEAN


def test_a_folder_of_sites_is_loaded_from_the_environment(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    write("page.txt")
    write("sites/valley/site.toml", SITE)
    write("other/hill/site.toml", SITE.replace("valley", "hill"))
    monkeypatch.setenv("SCRUBBER_PLUGINS", os.pathsep.join(["sites", "", "other"]))
    names = [offer["name"] for offer in json.loads(call("plugins", "--json").out)]
    assert names[-2:] == ["valley", "hill"]
    monkeypatch.setenv("SCRUBBER_PLUGINS", "nowhere")
    outcome = call("clean", "page.txt")
    assert outcome.err == "scrubber: nowhere: no such folder; it is named in the variable SCRUBBER_PLUGINS\n"
    assert outcome.code == 2
    assert call("clean", "page.txt", "--no-plugins").code == 0


def test_a_folder_of_sites_is_loaded_from_the_settings_of_a_project(
    call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write("project/pyproject.toml", '[tool.scrubber]\nplugins = ["sites"]\n')
    write("project/sites/valley/site.toml", SITE)
    write("project/deep/er/pyproject.toml", '[project]\nname = "without-settings"\n')
    monkeypatch.chdir(tmp_path / "project" / "deep" / "er")
    offers = json.loads(call("plugins", "--json").out)
    assert offers[-1] == {
        "kind": "site",
        "name": "valley",
        "from": str(tmp_path / "project" / "sites" / "valley" / "site.toml"),
        "summary": "1 rule for valley.example",
    }


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('[tool.scrubber]\nplugin = ["sites"]\n', "unknown key “plugin” in [tool.scrubber]. Did you mean “plugins”?"),
        ('[tool.scrubber]\nplugins = "sites"\n', "“plugins” in [tool.scrubber] must be a list of folders"),
        ('[tool]\nscrubber = "sites"\n', "write the settings as a table under [tool.scrubber]"),
        ("[tool.scrubber\n", "is not valid TOML: "),
    ],
)
def test_wrong_settings_are_named(call: Call, tmp_path: Path, settings: str, message: str) -> None:
    path = write("pyproject.toml", settings)
    write("page.txt")
    outcome = call("clean", "page.txt")
    assert outcome.code == 2
    assert outcome.err.startswith(f"scrubber: {tmp_path / path}: {message}")
    assert call("clean", "page.txt", "--no-plugins").code == 0


def test_a_folder_named_twice_or_bundled_is_loaded_once(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    write("page.txt")
    write("sites/valley/site.toml", SITE)
    monkeypatch.setenv("SCRUBBER_PLUGINS", str(Path("sites").resolve()))
    outcome = call("clean", "page.txt", "--plugins", "sites", "--plugins", ROOT / "plugins")
    assert outcome == Outcome(0, CLEAN, "")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("site.toml", BROKEN_SITE, ", line 6: unknown key “lime”. Did you mean “line”?"),
        ("site.py", "import nothing_of_this_name", "ModuleNotFoundError: No module named"),
        ("site.py", "x = (", ", line 1: SyntaxError: "),
    ],
)
def test_a_broken_plugin_stops_the_call(call: Call, name: str, content: str, message: str) -> None:
    write("page.txt")
    file = write(f"sites/valley/{name}", content)
    for arguments in (["clean", "page.txt"], ["explain", "page.txt"], ["plugins"]):
        outcome = call(*arguments, "--plugins", "sites")
        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (2, "", 1)
        assert outcome.err.startswith(f"scrubber: {file}")
        assert message in outcome.err
        assert "Traceback" in call(*arguments, "--plugins", "sites", "--debug").err


def test_a_plugin_that_fails_on_a_page_is_a_warning(call: Call) -> None:
    write("page.txt")
    write("sites/valley/site.py", FAILING_SITE)
    outcome = call("clean", "page.txt", "--plugins", "sites", "--url", "valley.example")
    assert (outcome.code, outcome.out) == (0, CLEAN)
    assert outcome.err.startswith("scrubber: page.txt: warning: the plugin valley failed on it (ZeroDivisionError)")
    explained = call("explain", "page.txt", "--plugins", "sites", "--url", "valley.example").out
    assert "valley: its URL is of valley.example; it failed and was skipped" in explained


FAILING_SITE = '''
from scrubber import Site, hookimpl

class Valley(Site):
    """The valley's paper."""

    name = "valley"
    hosts = ("valley.example",)

    def find(self, document):
        return [1 / 0]

@hookimpl
def register_sites():
    return [Valley()]
'''


def test_the_table_of_plugins_says_where_each_is_from(call: Call) -> None:
    write("sites/valley/site.py", FAILING_SITE)
    outcome = call("plugins", "--plugins", "sites")
    rows = {tuple(row.split()[:2]): row for row in outcome.out.splitlines()}
    assert rows["KIND", "NAME"].split() == ["KIND", "NAME", "FROM", "SUMMARY"]
    assert "  built in  " in rows["detector", "bylines"]
    assert "  bundled  " in rows["site", "rappler"]
    assert rows["site", "valley"].endswith(f"{Path('sites/valley/site.py')}  The valley's paper.")
    bare = call("plugins", "--no-plugins").out
    assert "detector" in bare
    assert "site " not in bare


@pytest.mark.parametrize("bundled", [True, False])
def test_a_package_is_named_with_its_version(call: Call, monkeypatch: pytest.MonkeyPatch, bundled: bool) -> None:
    package = write("packages/valley_sites.py", FAILING_SITE).parent
    write("packages/valley_sites-1.2.dist-info/METADATA", "Metadata-Version: 2.1\nName: valley-sites\nVersion: 1.2\n")
    write("packages/valley_sites-1.2.dist-info/entry_points.txt", "[scrubber]\nvalley-ep = valley_sites\n")
    monkeypatch.syspath_prepend(str(package))
    outcome = call("plugins", *([] if bundled else ["--no-plugins"]))
    assert ("package valley-sites 1.2" in outcome.out) is bundled


# --- explain --------------------------------------------------------------------------------------


def test_every_line_is_explained_on_a_row_of_its_own(call: Call) -> None:
    outcome = call("explain", SEED)
    assert (outcome.code, outcome.err) == (0, "")
    rows = [row for row in outcome.out.splitlines() if not row.startswith("#")]
    decisions = [one for one in scrubber.clean(SEED.read_bytes()).lines if one.label != "blank"]
    assert [row.rpartition(" | ")[2] for row in rows if " | " in row] == [one.text for one in decisions]
    assert [row.split()[1:3] for row in rows] == [
        ["kept" if one.kept else "field" if one.label in scrubber.model.FIELDS else "dropped", one.label]
        for one in decisions
    ]
    numbers = [int(row.split()[0].partition(".")[0]) for row in rows]
    lines = SEED.read_text(encoding="utf-8").split("\n")
    assert all(
        one.text[:20] in " ".join(lines[number - 1].split()) for number, one in zip(numbers, decisions, strict=True)
    )


def test_the_head_says_what_matched_fired_lost_and_was_repaired(call: Call) -> None:
    head = "\n".join(line for line in call("explain", SEED).out.splitlines() if line.startswith("#"))
    assert f"# page        {SEED}" in head
    assert "# encoding    utf-8: valid UTF-8" in head
    assert "# precedence  site keep > site drop > detectors and tagger together > brake" in head
    assert re.search(r"# site        arabtoday: it shows “.+” and “.+”; it spoke of \d+ lines", head)
    assert re.search(r"# fired       .*headline-runs \(\d+ lines\)", head)
    assert re.search(r"# overruled   \S+ \(\d+ lines?\) by \S+", head)
    assert re.search(r"# silent      .*newsletter-calls", head)
    assert re.search(r"# repaired    fold-spaces \(\d+ times\), first on line \d+: ", head)
    assert re.search(r"# result      \d+ kept, \d+ told apart as fields, \d+ dropped; \d\d% of the characters", head)


def test_lines_can_be_chosen_by_what_became_of_them(call: Call) -> None:
    for option, verdict in (("--kept", "kept"), ("--dropped", "dropped")):
        rows = [row for row in call("explain", SEED, option).out.splitlines() if not row.startswith("#")]
        assert {row.split()[1] for row in rows} == {verdict}


def test_explain_reads_standard_input_and_names_flags() -> None:
    done = spawn("explain", content=ONLY_CHROME.encode())
    assert done.returncode == 0
    assert b"# page        standard input" in done.stdout
    assert b"# flag        no article was found on it" in done.stdout


def test_explain_names_what_it_cannot_read(call: Call) -> None:
    write("a.txt", b"%PDF-1.7 ...")
    outcome = call("explain", "a.txt")
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith("scrubber: a.txt: ")
    assert call("explain", "b.txt").err == "scrubber: b.txt: can't be read (no such file or directory)\n"


def test_explain_shows_the_lines_of_html(call: Call) -> None:
    write("a.html", f"<html><nav>Home</nav><p>{ARTICLE}</p>\n")
    outcome = call("explain", "a.html")
    assert [row.split()[0] for row in outcome.out.splitlines() if not row.startswith("#")] == ["1", "2"]


HOSTILE = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202eevil\u2066\x08\x7f\r\n\u2028\t\x00\x85"
RAW_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def hostile_account() -> Account:
    """Return an account in which every text is hostile, as from a plugin that copies from the page."""
    evidence = Evidence(0, scrubber.Label.NAVIGATION, 2.0, f"rule{HOSTILE}", HOSTILE)
    decision = Decision(0, 9, f"{HOSTILE}\ud800 text", "navigation", False, 0.9, (evidence,), (evidence,))
    result = make_result(
        [decision],
        repairs=(Repair(HOSTILE, 0, 1, HOSTILE, HOSTILE),),
        flags=(HOSTILE,),
        sites=((f"site{HOSTILE}", HOSTILE),),
    )
    return Account(f"name{HOSTILE}", "x" * 9, HOSTILE, result, [HOSTILE], [HOSTILE])


def test_no_control_character_of_a_page_reaches_the_terminal() -> None:
    account, shown = hostile_account(), ("kept", "field", "dropped")
    for page in (plain_account(account, shown), terminal_account(account, shown, width=80, colour=False)):
        assert not RAW_CONTROL.search(page)
    coloured = terminal_account(account, shown, width=80, colour=True)
    assert not RAW_CONTROL.search(re.sub(r"\x1b\[\d[\d;]*m", "", coloured))


@given(st.text())
def test_safe_texts_hold_no_control_character(text: str) -> None:
    assert not RAW_CONTROL.search(safe_row(text))
    assert "\n" not in safe_row(text)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", safe_text(text))
    assert json.loads(safe_json(json.dumps(text, ensure_ascii=False))) == text


def test_a_hostile_page_is_explained_safely(call: Call) -> None:
    write("a.txt", f"{PAGE}A title \x1b]0;owned\x07 and \x9b2J \u202etxet\n")
    outcome = call("explain", "a.txt")
    assert outcome.code == 0
    assert not RAW_CONTROL.search(outcome.out)


def test_stretches_of_a_line_are_rows_with_numbers_of_their_own() -> None:
    parts = [
        Decision(0, 5, "Story", "paragraph", True, 0.9),
        Decision(5, 9, "BBC", "source", False, 0.9),
        Decision(9, 10, "\n", "blank", False, 1.0),
        Decision(10, 14, "Next", "paragraph", True, 0.9),
    ]
    account = Account("a", "Story BBC\nNext", "utf-8: x", make_result(parts), [], [])
    rows = [row.split()[:2] for row in plain_account(account, ("kept", "field")).splitlines() if row[0] != "#"]
    assert rows == [["1.1", "kept"], ["1.2", "field"], ["2", "kept"]]


def test_a_flag_nobody_knows_stands_for_itself() -> None:
    assert explain_flag("new_flag") == "new_flag"


# --- Markdown -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Judged:
    """Decisions made beforehand."""

    made: tuple[Decision, ...]

    def decisions(self) -> tuple[Decision, ...]:
        """Return them."""
        return self.made

    def quality(self) -> Quality:
        """Return any quality."""
        return Quality(0.5, 0.9)


def make_result(
    decisions: Sequence[Decision],
    *,
    title: str | None = None,
    repairs: tuple[Repair, ...] = (),
    flags: tuple[str, ...] = (),
    sites: tuple[tuple[str, str], ...] = (),
) -> Result:
    """Return a result with these decisions."""
    return replace(
        scrubber.clean(""), title=title, repairs=repairs, flags=flags, sites=sites, judged=Judged(tuple(decisions))
    )


def kept(label: str, text: str) -> Decision:
    """Return a decision that keeps a text."""
    return Decision(0, len(text), text, label, True, 0.9)


def test_markdown_shows_the_shape_of_the_article() -> None:
    decisions = [
        kept("standfirst", "The lead."),
        kept("subheading", "What now? #"),
        kept("list_item", "• One"),
        kept("list_item", "- Two *stars*"),
        kept("list_item", "3. Three"),
        kept("paragraph", "# 1 of 2: <b>bold</b> [link](x) & &amp; snake_case _x_"),
        kept("paragraph", "2016. That was a year."),
        kept("paragraph", "- not a list"),
        kept("quote", "I came."),
        kept("quote", "I saw."),
        kept("code", "a = `b`"),
        kept("code", "  c = ```d```"),
        Decision(0, 3, "Out", "navigation", False, 0.9),
    ]
    expected = r"""# A \*title\*

The lead.

## What now? \#

- One
- Two \*stars\*
3. Three

\# 1 of 2: \<b>bold\</b> \[link\](x) & \&amp; snake_case \_x\_

2016\. That was a year.

\- not a list

> I came.
>
> I saw.

````
a = `b`
c = ```d```
````
"""
    assert markdown.to_markdown(make_result(decisions, title="A *title*")) == expected


def test_links_are_written_where_they_are_asked_for(call: Call, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        f'<!doctype html><p>{"The bridge is closed until the spring. " * 9}<a href="/map">See the map.</a></p>'
    )
    asked = ("--links", "--url", "https://paper.example/1")
    assert "[See the map.](https://paper.example/map)" in call("clean", page, "--format", "markdown", *asked).out
    assert '<a href="https://paper.example/map">See the map.</a>' in call("clean", page, "--format", "html", *asked).out
    assert (
        json.loads(call("clean", page, "--format", "json", *asked).out)["links"][0]["href"]
        == "https://paper.example/map"
    )
    assert "](" not in call("clean", page, "--format", "markdown").out


def test_links_in_text_are_a_wrong_call(call: Call) -> None:
    outcome = call("clean", SEED, "--links")
    assert (outcome.code, "--format markdown" in outcome.err) == (2, True)


def test_a_page_without_article_gives_empty_markdown() -> None:
    assert markdown.to_markdown(make_result([])) == ""


def test_a_kept_title_is_not_repeated() -> None:
    result = make_result([kept("title", "News"), kept("paragraph", "Text.")], title="News")
    assert markdown.to_markdown(result) == "# News\n\nText.\n"


def test_markdown_of_a_page_begins_with_its_title(call: Call) -> None:
    outcome = call("clean", SEED, "--format", "markdown")
    assert outcome.out.startswith(f"# {scrubber.clean(SEED.read_bytes()).title}\n\n")


@given(st.text(st.sampled_from("aZ1 .)(#*_`~<>[]!&;\\-+=|\"'/:{}ü中"), min_size=1).map(str.strip).filter(bool))
def test_escaped_markdown_reads_as_the_text(text: str) -> None:
    """A reader of CommonMark sees each text in one paragraph, heading or list item, letter for letter."""
    markdown_it = pytest.importorskip("markdown_it")
    for before, page in (("paragraph", markdown.escape(text)), ("heading", markdown.to_markdown(titled(text)))):
        opened, inline, closed = markdown_it.MarkdownIt("commonmark").parse(page)
        assert (opened.type, closed.type) == (f"{before}_open", f"{before}_close")
        assert {child.type for child in inline.children} <= {"text", "text_special"}
        assert "".join(child.content for child in inline.children) == text


def titled(title: str) -> Result:
    """Return a result that is only a title."""
    return make_result([], title=title)


# --- streams, signals, terminals ------------------------------------------------------------------


def test_output_is_utf8_whatever_the_locale() -> None:
    page = "Die Brücke bleibt gesperrt – bis Freitag, sagte der Bürgermeister am Montag in Köln.\n"
    locale = {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = spawn("clean", "-", content=page.encode(), **locale)
    assert (done.returncode, done.stdout.decode(), done.stderr) == (0, page, b"")


def test_what_the_output_cannot_hold_becomes_an_escape_with_a_warning() -> None:
    page = f"{ARTICLE} “Köln – the end of it.”\n"
    done = spawn("clean", "-", content=page.encode(), PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert done.stdout.decode("ascii") == f"{ARTICLE} \\u201cK\\xf6ln \\u2013 the end of it.\\u201d\n"
    assert done.stderr == (
        b"scrubber: warning: standard output is ascii, which lacks U+201C: such characters become escapes\n"
    )


@posix
@pytest.mark.parametrize("arguments", [["clean", SEED, SEED, "--format", "json"], ["explain", SEED], ["--help"]])
def test_a_closed_pipe_is_no_error_to_speak_of(arguments: list[object]) -> None:
    read, written = os.pipe()
    os.close(read)
    with os.fdopen(written, "wb") as pipe:
        done = subprocess.run(command(*arguments), stdout=pipe, stderr=subprocess.PIPE, env=environment(), check=False)
    assert (done.returncode, done.stderr) == (141, b"")


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_clear_line() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command("clean", SEED), stdout=full, stderr=subprocess.PIPE, env=environment(), check=False
        )
    assert done.returncode == 1
    assert done.stderr == b"scrubber: standard output can't be written (no space left on device)\n"


@pytest.fixture
def heeding_interrupts() -> Iterator[None]:
    """A suite that a shell runs in the background ignores interrupts, and so would what it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@posix
@pytest.mark.usefixtures("heeding_interrupts")
def test_an_interrupt_is_one_line() -> None:
    write("a.txt")
    with subprocess.Popen(
        command("clean", "a.txt", "-"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline() == CLEAN.encode()
        time.sleep(0.2)  # it is reading standard input by now, or just about to
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert process.stderr.read() == b"scrubber: interrupted\n"


def run_on_terminal(*arguments: object, err_only: bool = False, **extra: str) -> str:
    """Run the command line on a pseudo-terminal and return what it shows."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    out = subprocess.DEVNULL if err_only else theirs
    env = {**environment(COLUMNS="80", TERM="xterm", LC_ALL="C.UTF-8"), **extra}
    with subprocess.Popen(command(*arguments), stdin=theirs, stdout=out, stderr=theirs, env=env) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                chunk = os.read(ours, 65536)
            except OSError:  # Linux says so when the other end is closed
                break
            if not chunk:
                break
            shown += chunk
        process.wait(30)
    os.close(ours)
    return shown.decode("utf-8")


@posix
def test_a_terminal_shows_colours_unless_told_otherwise() -> None:
    coloured = run_on_terminal("explain", SEED)
    assert "\x1b[31mdropped" in coloured
    assert "\x1b[32mkept" in coloured
    plain = run_on_terminal("explain", SEED, NO_COLOR="1")
    assert "\x1b" not in plain
    assert "dropped" in plain
    assert all(len(line) <= 80 for line in plain.splitlines())
    assert "\x1b" in run_on_terminal("plugins")


def test_colours_go_into_a_pipe_only_when_forced(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in call("explain", SEED).out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[31mdropped" in call("explain", SEED).out
    assert "\x1b" not in call("clean", SEED).out
    write("long.txt", f"{ARTICLE}\n\n" * 6000)
    assert "\x1b" not in call("explain", "long.txt").out


@posix
def test_a_hostile_page_cannot_reach_the_terminal() -> None:
    write("a.txt", f"{PAGE}\x1b[2J\x1b]0;owned\x07 \x9b2J\n")
    for arguments in (["clean", "a.txt"], ["clean", "a.txt", "--format", "json"]):
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", run_on_terminal(*arguments))


@posix
def test_a_terminal_without_a_path_is_told_what_to_give() -> None:
    assert "nothing to read. Give a file, a folder, or - for standard input." in run_on_terminal("clean")


@posix
def test_many_inputs_show_a_progress_bar_only_where_it_is_in_nobodys_way() -> None:
    for number in range(25):
        write(f"pages/{number:02}.txt", PAGE if number else b"%PDF-1.7")
    shown = run_on_terminal("clean", "pages", err_only=True)
    assert "Cleaning" in shown
    assert "scrubber: pages/00.txt: " in shown
    assert "Cleaning" not in run_on_terminal("clean", "pages")
    assert "Cleaning" not in run_on_terminal("clean", "pages/01.txt", err_only=True)
    assert b"Cleaning" not in spawn("clean", "pages").stderr


def test_cleaning_a_file_imports_nothing_slow() -> None:
    program = (
        "import sys; from scrubber.cli import main; main(sys.argv[1:]); "
        "print({'rich', 'cyclopts', 'typer', 'trafilatura', 'warcio', 'brotli'} & set(sys.modules))"
    )
    env = environment()
    done = subprocess.run(
        [sys.executable, "-c", program, "clean", str(SEED)], capture_output=True, env=env, check=False
    )
    assert done.stdout.decode().splitlines()[-1] == "set()"
