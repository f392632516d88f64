"""All laws on composed pages as one test, for a file of tests that has one line to spare.

test_laws = laws_on_pages(Cleaner(plugin_folders=["mysite"]), url="https://mysite.example/")
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings

from scrubber.model import Page
from scrubber.pipeline import Cleaner
from scrubber.testing import strategies
from scrubber.testing.laws import LAWS, Law


def laws_on_pages(cleaner: Cleaner, url: str | None = None, lines: Sequence[str] = ()) -> Callable[..., None]:
    """Return a test of every law on composed pages, to be given a name that begins with `test_`.

    The pages are cleaned as those of `url`, and hold runs of `lines`: with those of a site, its rules speak. How long a
    page takes is no matter here, as the first one waits for the model to be loaded.
    """

    drawn = strategies.pages_with(lines) if lines else strategies.pages().map(lambda page: page.source)

    @pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
    @settings(deadline=None)
    @given(text=drawn)
    def keeps_the_law(law: Law, text: str) -> None:
        law.check(cleaner, Page(text, url=url))

    test: Callable[..., None] = keeps_the_law
    return test
