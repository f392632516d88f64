"""Designs and their time: rules and site files that are for the pages of some days only."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber import Cleaner, Page
from scrubber.cli import main
from scrubber.days import read_day
from scrubber.errors import PluginError
from scrubber.plugins import load_plugins
from scrubber.sites.rules import RuleSite
from scrubber.sites.validity import is_valid, overlaps

PROSE = "The old bridge was closed by the flood of the river on Monday, the mayor of the valley said."
PAGE = f"{PROSE}\n\nOld line of words that reads as prose does, for it is long and has a full stop.\n"
HTML = "<html><head>{head}</head><body>" + PAGE.replace("\n\n", "<p>") + "</body></html>"
PUBLISHED = '<meta property="article:published_time" content="{day}">'

RULE = """
site = "valley"
hosts = ["valley.example"]

[[drop]]
rule = "old-line"
line = "Old line *"
"""
URL = "https://valley.example/1"
DAYS = st.none() | st.dates(date(2020, 1, 1), date(2020, 1, 9))


def cleaner_of(folder: Path, **files: str) -> Cleaner:
    """Return a cleaner with these files in the folder of a site, and nothing else."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name.replace('_', '-')}.toml").write_text(text, encoding="utf-8")
    return Cleaner(plugin_folders=[folder], bundled=False, installed=False, tagger=False)


@pytest.mark.parametrize(
    ("period", "day", "holds"),
    [
        ("", None, True),
        ("", date(2021, 3, 1), True),
        ("valid_from = 2021-03-01", date(2021, 3, 1), True),
        ("valid_from = 2021-03-01", date(2021, 2, 28), False),
        ("valid_from = 2021-03-01", None, True),
        ("valid_until = 2021-02-28", date(2021, 2, 28), True),
        ("valid_until = 2021-02-28", date(2021, 3, 1), False),
        ("valid_until = 2021-02-28", None, False),
        ("valid_from = 2021-02-01\nvalid_until = 2021-02-28", date(2021, 2, 9), True),
        ("valid_from = 2021-02-01\nvalid_until = 2021-02-28", date(2021, 1, 31), False),
        ("valid_from = 2021-02-01\nvalid_until = 2021-02-28", None, False),
    ],
)
def test_a_rule_holds_on_the_days_of_its_period(tmp_path: Path, period: str, day: date | None, holds: bool) -> None:
    """Both ends are included; on a day that nobody knows, what has no end holds."""
    result = cleaner_of(tmp_path, site=f"{RULE}{period}\n").clean(PAGE, url=URL, date=day)
    assert ("Old line" not in result.text) == holds
    assert [site for site, _ in result.sites] == ["valley"]


@pytest.mark.parametrize(
    ("day", "sites"), [(date(2021, 3, 1), ["valley"]), (date(2021, 2, 28), []), (None, ["valley"])]
)
def test_a_file_as_a_whole_may_have_a_period(tmp_path: Path, day: date | None, sites: list[str]) -> None:
    """Outside of it, a page is not the site's."""
    result = cleaner_of(tmp_path, site=f"valid_from = 2021-03-01\n{RULE}").clean(PAGE, url=URL, date=day)
    assert [site for site, _ in result.sites] == sites
    assert ("Old line" in result.text) == (not sites)


OLD = f"valid_until = 2021-02-28\n{RULE}"
NEW = f"valid_from = 2021-03-01\n{RULE}".replace("Old line *", "The old bridge *")


def test_two_designs_of_one_site_live_side_by_side(tmp_path: Path) -> None:
    """Each page is cleaned by the file of its day; an unknown day is taken for one of now."""
    cleaner = cleaner_of(tmp_path, site=NEW, site_2018=OLD)
    assert cleaner.clean(PAGE, url=URL, date=date(2018, 5, 12)).text == f"{PROSE}\n"
    assert cleaner.clean(PAGE, url=URL, date=date(2021, 5, 12)).text.startswith("Old line")
    assert cleaner.clean(PAGE, url=URL).text.startswith("Old line")
    assert {"valley from 2021-03-01", "valley until 2021-02-28"} < set(cleaner.plugins.origins)


def test_designs_whose_periods_overlap_are_refused(tmp_path: Path) -> None:
    """On the days of both, the page would have two sites of one name."""
    with pytest.raises(PluginError, match=r"“valley” is offered by .* do not overlap"):
        cleaner_of(tmp_path, site=NEW.replace("2021-03-01", "2021-02-28"), site_2018=OLD)


def test_files_for_other_designs_are_found_in_a_folder_of_sites(tmp_path: Path) -> None:
    """As the first file of each is; one alone is a site too."""
    cleaner_of(tmp_path / "valley", site_2018=OLD)
    (site,) = load_plugins((), [tmp_path], bundled=False, installed=False).sites
    assert (site.name, site.valid_until) == ("valley", date(2021, 2, 28))


@pytest.mark.parametrize(
    ("published", "given_day", "old"),
    [
        ("2018-05-12", None, True),
        ("2018-05-12T08:00:00+02:00", None, True),
        ("2021-05-12", None, False),
        ("Sat, 12 May 2018 08:00:00 GMT", None, True),
        ("in the spring of 2018", None, False),
        ("2018-02-30", None, False),
        ("2021-05-12", date(2018, 5, 12), True),
        ("2018-05-12", date(2021, 5, 12), False),
    ],
)
def test_the_day_of_a_page_is_the_callers_or_its_metadatas(
    tmp_path: Path, published: str, given_day: date | None, old: bool
) -> None:
    """The caller's word goes first; a date that is no day is not known."""
    page = HTML.format(head=PUBLISHED.format(day=published))
    result = cleaner_of(tmp_path, site_2018=OLD).clean(page, url=URL, date=given_day)
    assert bool(result.sites) == old


def test_a_point_in_time_is_its_day(tmp_path: Path) -> None:
    """A crawler knows the time; what is neither a date nor a time is refused."""
    cleaner = cleaner_of(tmp_path, site_2018=OLD)
    assert cleaner.clean_page(Page(PAGE, URL, date=datetime(2018, 5, 12, 8))).sites
    assert next(iter(cleaner.clean_many([Page(PAGE, URL, date=date(2018, 5, 12))]))).sites
    text: Any = "2018-05-12"
    with pytest.raises(TypeError, match=r"is a datetime\.date, not str; see date\.fromisoformat"):
        cleaner.clean(PAGE, date=text)


def test_the_command_line_takes_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--date`, for `clean` and `explain`; a day that is none is refused."""
    monkeypatch.chdir(tmp_path)
    cleaner_of(tmp_path / "valley", site_2018=OLD)
    Path("page.txt").write_text(PAGE, encoding="utf-8")
    call = ["page.txt", "--plugins", "valley", "--url", URL, "--date"]
    assert main(["clean", *call, "2018-05-12"]) == 0
    assert capsys.readouterr().out == f"{PROSE}\n"
    assert main(["explain", *call, "2021-05-12"]) == 0
    assert "none of the 6 that are loaded" in capsys.readouterr().out
    assert main(["clean", *call, "12.5.2018"]) == 2
    assert capsys.readouterr().err == "scrubber: --date: “12.5.2018” is no day. Write it like 2021-05-12\n"


def test_cases_of_both_designs_are_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The date of a case is the day of its page."""
    cleaner_of(tmp_path, site=NEW, site_2018=OLD)
    for day, text in (("2018-05-12", f"{PROSE}\n"), ("2021-05-12", PAGE.partition("\n\n")[2])):
        case = tmp_path / "cases" / day[:7]
        case.mkdir(parents=True)
        meta = f'format = 1\nsource = "made up"\ndate = {day}\nprovenance = "recorded"\nurl = "{URL}"\n'
        for name, content in (("meta.toml", meta), ("input.txt", PAGE), ("expected.txt", text)):
            (case / name).write_text(content, encoding="utf-8")
    assert main(["check", str(tmp_path)]) == 0
    assert "of 2 cases" in capsys.readouterr().out


def dated(first: date | None, last: date | None) -> RuleSite:
    """Return a site that holds from a day until a day."""
    return RuleSite("it", [], valid_from=first, valid_until=last)


@given(DAYS, DAYS, DAYS, DAYS, st.dates(date(2019, 12, 31), date(2020, 1, 10)))
def test_periods_that_do_not_overlap_never_hold_on_one_day(
    first: date | None, last: date | None, other_first: date | None, other_last: date | None, day: date
) -> None:
    """Which is why two designs may have one name; nor on the day that is not known."""
    one, other = dated(first, last), dated(other_first, other_last)
    both = [is_valid(one, when) and is_valid(other, when) for when in (day, None)]
    assert overlaps(one, other) or not any(both)


@given(
    st.dates(date(1000, 1, 1)),
    st.sampled_from(["{:%Y-%m-%d}", "{:%Y/%m/%d}", "{:%Y%m%d}", "{:%Y-%m-%d}T00:00Z", "{:%a, %d %b %Y}"]),
)
def test_a_day_is_read(day: date, form: str) -> None:
    """Year first with hyphens, strokes or nothing between, or as in mail headers; whatever follows."""
    assert read_day(form.format(day)) == day


@given(st.text() | st.none())
def test_any_text_is_a_day_or_none(text: str | None) -> None:
    """Metadata may hold anything."""
    assert read_day(text) is None or any(sign.isdecimal() for sign in str(text))
