"""The last look at a page as a whole: flags where there may be no article, or too much of one was taken out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import compress

from scrubber.judgement import Judgement

WALL_WORDS = 40
"""Words. With fewer kept beside the words of a wall, what is left is its own text; short news has more, and
many an ordinary page shows a cookie notice and asks for scripts."""

PAYWALL_WORDS = 300
"""Words. The teasers that paywalls leave readable are shorter."""

SCRAP_SHARE = 0.1
"""Share of a page's prose: with less of it left, more was taken out than an article's chrome."""

SCRAP_WORDS = 200
"""Words of prose. On a page with fewer, little may be left without anything being wrong."""

INDEX_LINES = 30
"""Lines. A list of links has more; a note or a poem may have as little prose."""

INDEX_PROSE = 2
"""Lines of prose that a page of links may show."""

NO_ARTICLE = 0.8
"""Chance of no article, by the tagger, from which a scrap of text is no article either."""

ARTICLE_SIGNS = ("byline", "updated", "agency", "share", "comment_prompt")
"""Kinds of phrases that stand around articles, and not on a request for consent."""

WALLS = {"error_page": "error_page", "robot_wall": "robot_wall", "consent": "consent_wall"}
"""Kinds of phrases, and the flag of a page that shows them and little else."""


def brake(judgement: Judgement) -> tuple[str, ...]:
    """Return the page's flags, and take the text of a wall out where that is all there is.

    Flags: `empty`, `error_page`, `robot_wall`, `consent_wall`, `paywall`, `link_index`, `no_article`,
    `over_removed`. Nothing is lost: every line and its reason stay in `Result.lines`.
    """
    if not judgement.document.texts:
        return ("empty",)
    kept = kept_words(judgement)
    flags = tuple(_walls(judgement, kept))
    if kept < WALL_WORDS:
        wall = next((flag for flag in flags if flag in WALLS.values()), None)
        if wall is None and judgement.tagged is not None and judgement.tagged.no_article >= NO_ARTICLE:
            wall = "no_article"
        if wall:
            judgement.empty(f"the page is taken for one without an article ({wall})")
            kept = kept_words(judgement)
    return tuple(dict.fromkeys([*flags, *_losses(judgement, kept)]))


def kept_words(judgement: Judgement) -> int:
    """Return the number of words in lines that are part of the text."""
    labels, wanted = zip(judgement.document.words, judgement.labels, strict=True), judgement.policy.kept
    return sum([words for words, label in labels if label in wanted])


def _walls(judgement: Judgement, kept: int) -> Iterator[str]:
    phrases = judgement.document.phrases
    if kept < WALL_WORDS:
        yield from (flag for kind, flag in WALLS.items() if kind in phrases and _is_wall(judgement, kind))
    if kept < PAYWALL_WORDS and "paywall" in phrases:
        yield "paywall"


def _is_wall(judgement: Judgement, kind: str) -> bool:
    """Tell whether a page may be the wall that its phrases speak of: any article's page has a button for cookies."""
    return kind != "consent" or not any(sign in judgement.document.phrases for sign in ARTICLE_SIGNS)


def _losses(judgement: Judgement, kept: int) -> Iterator[str]:
    document = judgement.document
    prose = sum(compress(document.words, document.prose))
    if len(document) >= INDEX_LINES and len(document.prose_lines) <= INDEX_PROSE:
        yield "link_index"
    if not kept:
        yield "no_article"
    elif prose >= SCRAP_WORDS and kept < SCRAP_SHARE * prose:
        yield "over_removed"
