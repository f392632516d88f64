"""Pages that are no article, as HTML: a flag says what they are, and no text is made up."""

from __future__ import annotations

import pytest

from scrubber import Cleaner
from scrubber.report.flags import MEANINGS
from scrubber.report.html import to_html

NAV = '<nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav>'
FOOT = "<footer><p>© 2026 Vellmar Courier. All rights reserved.</p></footer>"
BODIES = {
    "error_page": (
        "<h1>404</h1><h2>Page not found</h2><p>The page you requested could not be found.</p>",
        "<h1>Access Denied</h1><p>You don't have permission to access this page on this server.</p>",
    ),
    "robot_wall": (
        "<h1>Checking your browser</h1><p>Please enable JavaScript and cookies to continue.</p>",
        "<h1>Are you a robot?</h1><p>Please complete the captcha below to prove that you are human.</p>",
    ),
    "consent_wall": (
        "<h1>Before you continue</h1><p>We and our 214 partners store cookies on your device. You may accept all "
        "cookies or manage your choices.</p><button>Accept all</button><button>Reject all</button>",
    ),
}
ARTICLE = " ".join(
    f"The council of Vellmar heard {speaker} on Monday, and nobody would say when the bridge can open again."
    for speaker in ("the divers", "a mason", "the ferryman", "two drivers", "the school", "a doctor", "an engineer")
)


@pytest.fixture(scope="module")
def cleaner() -> Cleaner:
    """Return the cleaner that most use."""
    return Cleaner()


@pytest.mark.parametrize(("flag", "body"), [(flag, body) for flag, bodies in BODIES.items() for body in bodies])
@pytest.mark.parametrize("furniture", [False, True], ids=["bare", "with menu and footer"])
def test_a_page_without_article_gives_its_flag_and_no_text(
    cleaner: Cleaner, flag: str, body: str, furniture: bool
) -> None:
    """Whatever a challenge or an error says is no text of an article."""
    inside = f"{NAV}{body}{FOOT}" if furniture else body
    result = cleaner.clean(f"<!doctype html><title>Vellmar Courier</title><body>{inside}</body>")
    assert result.text == ""
    assert {flag, "no_article"} <= set(result.flags)
    assert to_html(result).count("<p>") == 0


@pytest.mark.parametrize("body", [bodies[0] for bodies in BODIES.values()], ids=list(BODIES))
def test_an_article_that_stands_beside_such_words_is_kept(cleaner: Cleaner, body: str) -> None:
    """A banner for consent, or a story on error pages, is not a wall."""
    result = cleaner.clean(f"<!doctype html><html><body>{body}<article><p>{ARTICLE}</p></article></body></html>")
    assert ARTICLE in result.text
    assert "no_article" not in result.flags


def test_each_of_these_flags_is_explained() -> None:
    """A user reads a clause, not a name."""
    assert BODIES.keys() | {"app_shell", "no_article"} <= MEANINGS.keys()
