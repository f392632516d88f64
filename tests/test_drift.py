"""Drift: a redesign is found and dated, steady sites and odd pages raise no alarm, baselines are read as recorded."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from random import Random

import pytest

from scrubber import Cleaner, Result
from scrubber.cli import main
from scrubber.drift import BadBaseline, Baseline, Watch, record
from scrubber.drift.baseline import LEAST_PAGES, Level
from scrubber.drift.watch import ALLOWANCE, CUT, ERRORS, FALSE_ALARMS, FIGURES, HORIZON, threshold
from scrubber.testing.made_up_sites import MadeUpSite, made_up_site

CLEANER = Cleaner(bundled=False, installed=False, tagger=False)
BEFORE = 60
"""Pages of the old design; the baseline is made from them."""

WITHIN = 20
"""Pages of the new design within which it has to be found."""


def results(site: MadeUpSite, count: int, start: int = 0, *, html: bool = False) -> Iterator[Result]:
    """Clean some pages of a site."""
    return CLEANER.clean_many(page.html if html else page.text for page in site.pages(count, start))


def watch_over(baseline: Baseline, pages: Iterator[Result]) -> tuple[list[int], Watch]:
    """Return the numbers of the pages that raised an alarm, and the watch."""
    watch = Watch(baseline)
    return [number for number, result in enumerate(pages) if watch.add(result)], watch


@pytest.mark.parametrize("html", [False, True])
@pytest.mark.parametrize("seed", [3, 11])
def test_a_redesign_is_found_within_twenty_pages_and_dated(seed: int, html: bool) -> None:
    site = made_up_site(seed, redesign_at=BEFORE + 10)
    baseline = record(results(site, BEFORE, html=html))
    alarms, watch = watch_over(baseline, results(site, 10 + WITHIN, BEFORE, html=html))
    assert alarms
    assert alarms[0] >= 10
    assert abs((watch.began() or 0) - 10) <= 2
    assert all(change.before != change.after for change in watch.changes())


def test_a_figure_that_strayed_before_a_redesign_does_not_date_it() -> None:
    """Ten pages have longer articles than the baseline; then all figures change."""
    site = made_up_site(3, redesign_at=BEFORE + 10)
    longer = "\n".join(["The old bridge was closed by the flood of the river, the mayor of the valley said."] * 40)
    texts = [f"{longer}\n{page.text}" if at < 10 else page.text for at, page in enumerate(site.pages(30, BEFORE))]
    _, watch = watch_over(record(results(site, BEFORE)), CLEANER.clean_many(texts))
    began = watch.began()
    assert began is not None
    assert watch.changes()[0].since < 5
    assert abs(began - 10) <= 1


def test_a_steady_site_raises_no_alarm() -> None:
    site = made_up_site(5)
    alarms, watch = watch_over(record(results(site, BEFORE)), results(site, 150, BEFORE))
    assert alarms == watch.changes() == []


def test_odd_pages_now_and_then_are_no_drift() -> None:
    site, other = made_up_site(5), made_up_site(6)
    pages = chain.from_iterable(
        chain(results(site, 9, BEFORE + 9 * turn), results(other, 1, turn)) for turn in range(8)
    )
    alarms, _ = watch_over(record(results(site, BEFORE)), pages)
    assert alarms == []


@pytest.mark.parametrize("pages", [30, 100, 1_000])
def test_the_chance_of_a_false_alarm_is_bounded_for_the_worst_of_distributions(pages: int) -> None:
    """Two points, the mean as far off as is allowed for, and the threshold lowered to where one run in ten may pass."""
    draw, shift, runs, length, chance = Random(pages), ERRORS / math.sqrt(pages), 400, 200, 0.1
    exponent = math.log(2 * FIGURES * HORIZON / FALSE_ALARMS) / threshold(pages)
    lowered = math.log(length / chance) / exponent
    share, passed = 1 / (1 + CUT**2), 0
    for _ in range(runs):
        total = most = 0.0
        for _ in range(length):
            z = CUT if draw.random() < share else -1 / CUT
            total = max(total + z + shift - ALLOWANCE, 0.0)
            most = max(most, total)
        passed += most > lowered
    assert passed / runs <= chance


def test_a_baseline_is_the_same_after_it_was_written_and_read() -> None:
    baseline = record(results(made_up_site(7), LEAST_PAGES))
    again = Baseline.from_json(baseline.to_json())
    assert again.to_json() == baseline.to_json()
    assert (again.pages, again.recurring) == (baseline.pages, baseline.recurring)
    assert again.figures["kept share"].mean == pytest.approx(baseline.figures["kept share"].mean, abs=1e-4)
    assert baseline.recurring


def test_a_baseline_of_too_few_pages_is_refused() -> None:
    with pytest.raises(BadBaseline, match="needs at least 30 pages, better a hundred; these are 29"):
        record(results(made_up_site(7), LEAST_PAGES - 1))


SOUND = Baseline(50, frozenset({"home"}), {"kept share": Level(0.5, 0.1)}).to_json()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "[" * 100_000,
        SOUND.replace('"format": 1', '"format": 2'),
        SOUND.replace('"pages": 50', '"pages": 2'),
        SOUND.replace("0.5", "NaN"),
        SOUND.replace("0.5", '"x"'),
        SOUND.replace("0.1", "0.1, 3"),
        SOUND.replace('"home"', ",".join(f'"{number}"' for number in range(100))),
        SOUND.replace("50", "1e999"),
    ],
)
def test_a_file_that_is_no_baseline_is_refused(text: str) -> None:
    assert text != SOUND
    with pytest.raises(BadBaseline, match=r"is no baseline.* Record it again"):
        Baseline.from_json(text)


# --- the command line -----------------------------------------------------------------------------


def write(file: Path, site: MadeUpSite, numbers: Sequence[int]) -> str:
    """Write pages of a site as JSON Lines."""
    pages = [site.page(number) for number in numbers]
    records = [{"url": page.url, "date": page.date.isoformat(), "text": page.text} for page in pages]
    file.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return str(file)


def test_the_command_records_and_compares_and_says_what_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = made_up_site(7, redesign_at=BEFORE + 6)
    old = write(tmp_path / "old.jsonl", site, range(BEFORE))
    same = write(tmp_path / "same.jsonl", site, range(BEFORE, BEFORE + 6))
    new = write(tmp_path / "new.jsonl", site, range(BEFORE + WITHIN, BEFORE, -1))
    baseline = str(tmp_path / "drift" / "site.json")
    assert main(["drift", "--record", baseline, old, "--no-plugins"]) == 0
    assert main(["drift", baseline, same, "--no-plugins"]) == 0
    assert capsys.readouterr().out == "no drift in 6 pages\n"
    assert main(["drift", baseline, new, "--by-date", "--no-plugins"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("drift since page 5, ") or out.startswith("drift since page 6, ")
    assert " -> " in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name the baseline"),
        (["site.json"], "name the pages too"),
        (["no.json", "page.txt"], "no.json: can't be read (no such file or directory). Write it with --record."),
        (["page.txt", "page.txt"], "page.txt: is no baseline"),
        (["--record", "site.json", "page.txt"], "needs at least 30 pages"),
    ],
)
def test_a_wrong_call_is_one_clear_line(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("page.txt").write_text("The bridge stays closed until Friday, the mayor said.\n")
    assert main(["drift", *arguments]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert err.count("\n") == 1


def test_a_page_that_cannot_be_read_is_named_and_fails_the_call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = made_up_site(7)
    old = write(tmp_path / "old.jsonl", site, range(LEAST_PAGES))
    baseline = str(tmp_path / "site.json")
    assert main(["drift", "--record", baseline, old, "--no-plugins"]) == 0
    (tmp_path / "bad.txt").write_bytes(b"%PDF-1.7")
    assert main(["drift", baseline, old, str(tmp_path / "bad.txt"), "--no-plugins"]) == 1
    printed = capsys.readouterr()
    assert printed.out == "no drift in 30 pages\n"
    assert "bad.txt: this looks like a PDF document" in printed.err
