"""Sites that do not exist: the truth about their pages is true, and what varies does."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.model import KEPT, Label
from scrubber.repair import RepairOptions
from scrubber.segment.html import segment_html
from scrubber.testing.composed import stories
from scrubber.testing.made_up_sites import MadeUpPage, MadeUpSite, made_up_site

SITES = [made_up_site(seed) for seed in range(40)]


def chrome(page: MadeUpPage) -> set[str]:
    return {line.text for line in page.composed.lines if line.label not in KEPT}


@pytest.mark.parametrize("site", SITES, ids=lambda site: f"{site.seed}-{site.language}-{site.flattening}")
def test_every_line_has_its_label_in_text_and_in_html(site: MadeUpSite) -> None:
    for page in site.pages(3):
        written = [line.text for line in page.composed.lines]
        assert len(page.labels) == len(written)
        spans = ["".join(page.text[span.start : span.end].split()) for span in page.composed.spans]
        assert spans == ["".join(line.split()) for line in written]
        assert list(segment_html(page.html, RepairOptions())[0].texts) == written


@pytest.mark.parametrize("site", SITES, ids=lambda site: f"{site.seed}-{site.language}-{site.flattening}")
def test_articles_share_no_paragraph_but_what_recurs_by_design(site: MadeUpSite) -> None:
    pages = list(site.pages(20))
    counts = Counter(line for page in pages for line in {line for line in page.composed.lines if line.label in KEPT})
    assert sum(count > 1 for count in counts.values()) <= 4 + 6 + 3  # series, intro, refrain, note; authors; headings
    assert len({page.composed.article for page in pages}) == len(pages)


def test_sites_differ_in_language_flattening_and_design() -> None:
    assert {site.language for site in SITES} == set(stories())
    assert len({site.flattening for site in SITES}) == 4
    assert len({site.host for site in SITES}) == len({site.name for site in SITES}) == len(SITES)
    assert len({site.page(0).html.split("class=")[1] for site in SITES}) == len(SITES)


def test_some_lines_recur_and_are_the_articles_own() -> None:
    recurring = 0
    for site in SITES:
        lines = Counter(line for page in site.pages(20) for line in set(page.composed.lines))
        recurring += any(count >= 10 and line.label is Label.SUBHEADING for line, count in lines.items())
    assert recurring >= 5


@given(seed=st.integers(0, 10_000), number=st.integers(0, 10_000))
def test_a_page_is_made_from_its_number_alone(seed: int, number: int) -> None:
    site = made_up_site(seed)
    before = list(site.pages(1))
    assert site.page(number) == made_up_site(seed).page(number)
    assert before == list(site.pages(1))


@pytest.mark.parametrize("seed", range(10))
def test_a_redesign_changes_the_chrome_from_its_first_page_on(seed: int) -> None:
    site, kept = made_up_site(seed, redesign_at=4), made_up_site(seed)
    assert list(site.pages(4)) == list(kept.pages(4))
    before, after = (set.intersection(*map(chrome, site.pages(4, start))) for start in (0, 4))
    assert len(before & after) < len(before | after) / 2
    assert {page.date for page in site.pages(8)} == {page.date for page in kept.pages(8)}


def test_pages_come_in_the_order_of_their_dates_each_under_its_host() -> None:
    site = made_up_site(3)
    pages = list(site.pages(30))
    assert all(earlier.date <= later.date for earlier, later in pairwise(pages))
    assert all(page.url.startswith(f"https://www.{site.host}/") for page in pages)
    assert len({page.url for page in pages}) == 30
