"""`scrubber pipe`: a record in, a record out, whatever the line holds and however it arrives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber import Cleaner
from scrubber.cli import pipe
from scrubber.cli.pipe import clean_lines, lines_at_hand
from scrubber.integrations.batch import DEFAULT_OUTPUTS, Fields

ROOT = Path(__file__).parents[1]
ARTICLE = "The bridge stays closed until Friday, the mayor said on Monday after the flood.\n"
PAGE = f"Share on Facebook\n\n{ARTICLE}"
COMMAND = [sys.executable, "-m", "scrubber", "pipe"]
QUICK = Cleaner(bundled=False, installed=False, tagger=False)


def environment() -> dict[str, str]:
    """Return the environment of a process that finds this checkout."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "SCRUBBER_PLUGINS": ""}


def run(content: str | bytes, *arguments: str) -> tuple[int, list[Any], str]:
    """Run the command as a user does; return its exit code, the records that it wrote, and what it said."""
    given = content.encode() if isinstance(content, str) else content
    done = subprocess.run(
        [*COMMAND, *arguments], input=given, capture_output=True, timeout=60, env=environment(), check=False
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.decode()


def lines(*records: object) -> str:
    """Return records as JSON Lines."""
    return "".join(json.dumps(record) + "\n" for record in records)


def parsed(*given: bytes, fields: Fields | None = None) -> list[dict[str, Any]]:
    """Return what becomes of lines, by rules alone."""
    return list(clean_lines(given, fields or Fields(out=("text",)), QUICK, first=1))


def test_records_come_out_in_order_with_their_own_fields() -> None:
    code, records, said = run(lines({"id": 1, "text": PAGE}, {"text": "", "id": 2, "n": [1.5, None]}))
    assert (code, said) == (0, "")
    assert [record["id"] for record in records] == [1, 2]
    assert records[0]["text"] == ARTICLE
    assert records[1]["n"] == [1.5, None]
    assert all(set(record) == {"id", *DEFAULT_OUTPUTS, "error"} for record in [records[0]])
    assert (records[1]["flags"], records[1]["error"]) == (["empty"], None)


def test_lines_that_are_no_records_stay_in_the_stream_and_do_not_end_it() -> None:
    code, records, said = run(lines({"text": PAGE}, [1], {"text": 5}) + "{\n\n" + lines({"text": PAGE})[:-1])
    assert code == 1
    assert [record["error"] is None for record in records] == [True, False, False, False, True]
    assert records[1] == {"error": "line 2 is not a JSON object", "line": "[1]"}
    assert (records[2]["text"], records[2]["error"]) == (5, "NoPage: the page is of type int, not text or bytes")
    assert records[3]["error"].startswith("line 4 is not JSON: Expecting property name")
    assert said == "scrubber: 3 of 5 records could not be cleaned: see “error” in each of them\n"


def test_fields_can_be_named() -> None:
    record = {"body": f"<p>{ARTICLE}</p>", "link": "https://valley.example/1", "text": "mine"}
    options = ("--html", "body", "--url", "link", "--out", "text, flags", "--prefix", "clean_")
    code, records, _ = run(lines(record), *options)
    assert (code, records) == (0, [{**record, "clean_text": ARTICLE, "clean_flags": [], "clean_error": None}])


def test_options_for_cleaning_hold() -> None:
    code, [record], _ = run(lines({"text": PAGE}), "--keep", "navigation", "--out", "text")
    assert (code, record["text"]) == (0, f"Share on Facebook\n\n{ARTICLE}")


def test_each_record_is_answered_before_the_next_one_is_waited_for() -> None:
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment()) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(lines({"n": number, "text": PAGE}).encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["n"] == number
        process.stdin.close()
        assert process.wait(30) == 0


def test_no_records_are_none() -> None:
    assert run("") == (0, [], "")
    assert run("\n \n") == (0, [], "")


def test_a_wrong_field_is_a_wrong_call() -> None:
    code, records, said = run(lines({"text": PAGE}), "--out", "titel")
    assert (code, records) == (2, [])
    assert said == "scrubber: --out: “titel” can't be written. Did you mean “title”?\n"


@pytest.mark.skipif(os.name != "posix", reason="needs pipes that tell when nobody reads them")
def test_a_reader_that_goes_away_ends_it() -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(COMMAND, input=lines({"text": PAGE}).encode(), stdout=write, env=environment(), check=False)
    os.close(write)
    assert done.returncode == 141


@pytest.mark.parametrize("line", [b"\xff", b'{"text": "\xff"}', b"[" * 100_000, b'{"n": ' + b"1" * 5_000 + b"}"])
def test_lines_that_python_cannot_read_are_told_from_the_rest(line: bytes) -> None:
    bad, good = parsed(line, lines({"text": PAGE}).encode())
    assert bad["error"].startswith("line 1 is not JSON")
    assert bad["line"] == line.decode("utf-8", "backslashreplace")
    assert good == {"text": ARTICLE, "error": None}


def test_a_line_over_the_limit_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipe, "MAX_LINE", 2_000)
    chunks = iter([b"1" * 1_500, b"1" * 1_500 + b"\n{}\n", b""])
    [[long, short]] = lines_at_hand(lambda size: next(chunks))
    assert (len(long), short) == (2_001, b"{}")
    [record, _] = parsed(long, short)
    assert record == {"error": "line 1 has over 2,000 bytes; “line” holds its beginning", "line": "1" * 1_000}


@given(st.lists(st.binary(min_size=1, max_size=20) | st.sampled_from([b"\n", b"a\nb", b"\n\n"])))
def test_lines_are_the_same_however_they_arrive(chunks: list[bytes]) -> None:
    arriving: Iterator[bytes] = iter([*chunks, b""])
    found = [line for at_hand in lines_at_hand(lambda size: next(arriving)) for line in at_hand]
    expected = b"".join(chunks).split(b"\n")
    assert found == (expected if expected[-1] else expected[:-1])


@pytest.mark.parametrize("depth", [1, 900, 950, 980, 990])
def test_whatever_can_be_read_can_be_written(depth: int) -> None:
    nested = '{"own": ' + "[" * depth + "]" * depth + ', "text": "\\ud800 \\u0000", "more": NaN}'
    [record] = parsed(nested.encode())
    assert json.loads(pipe.to_line(record)).keys() >= {"error"}
