"""From where on, and up to where, each detector speaks: pages that grow by one thing at a time.

A ladder is a page with a number in it: of words on a line, of lines between two others, of copies. The record
`tests/cases/records/detector-limits.txt` says for each stretch of numbers what the detector says of the page, so that
every limit shows as the place where one row ends and the next begins. After a change that is meant:

    python tests/test_detector_limits.py
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from typing import NamedTuple

import pytest
import records

from scrubber.detectors import register_detectors
from scrubber.repair import RepairOptions
from scrubber.segment.html import segment_html
from scrubber.segment.text import segment_text

RECORD = "detector-limits.txt"

PROSE = "The old bridge was closed by the flood of the river on Monday, the mayor said."
HEADLINES = ("Bridge closed by flood", "Mayor resigns after vote", "Museum opens new wing", "Team wins at home")
WORDS = ("river", "old", "bridge", "stone", "water", "valley", "far", "road", "mill", "slow")
STAMP = "14:34 Sunday 18 September 2016"
TITLE = "Flood of the river closed the bridge"
NETWORKS = ("Facebook", "Twitter", "Instagram", "Reddit", "Weibo")
FIELDS = ("Name *", "E-mail *", "Comment *", "Subject", "Website", "City")


class Ladder(NamedTuple):
    """Pages of one kind: which detector is asked, for which numbers, and the page for a number."""

    detector: str
    numbers: range
    page: Callable[[int], str]


def words(count: int) -> str:
    """Return different words in small letters."""
    return " ".join(islice(cycle(WORDS), count))


def names(count: int) -> str:
    """Return words with capitals."""
    return words(count).title()


def page(*lines: str | list[str]) -> str:
    """Return a page of lines, those in lists one by one; blank ones between them, so that none is taken for wrapped."""
    return "\n\n".join(row for line in lines for row in (line if isinstance(line, list) else [line]))


def open_lines(count: int) -> list[str]:
    """Return different short lines that close no sentence and say nothing."""
    return [f"{first} {second}" for first in WORDS for second in names(10).split()][:count]


def headlines(count: int) -> list[str]:
    """Return different headlines."""
    return [f"{line} {place}" for place in ["today", *WORDS] for line in HEADLINES][:count]


def stamps(count: int, gap: int = 1, stamp: str = STAMP) -> list[str]:
    """Return stamps, and between two of them headlines, `gap` lines from each to the next."""
    rest = iter(headlines(40))
    return [row for _ in range(count) for row in (stamp, *islice(rest, gap - 1))]


def fields(count: int, gap: int = 1) -> list[str]:
    """Return fields of a form, and between two of them other lines, `gap` lines from each to the next."""
    rest = iter(open_lines(40))
    return [row for field in islice(cycle(FIELDS), count) for row in (field, *islice(rest, gap - 1))]


def stated(body: str, markup: str) -> str:
    """Return a page that states its article for machines."""
    return f'<script type="application/ld+json">{{"@type": "Article", "articleBody": "{body}"}}</script>{markup}'


def open_words(known: int, count: int) -> str:
    """Return so many words, of which the first ones are the first of `PROSE`."""
    return " ".join([*PROSE.split()[:known], *words(count - known).split()])


def paragraphs(count: int) -> str:
    """Return HTML paragraphs of prose."""
    return f"<p>{PROSE}</p>" * count


LADDERS = {
    "words of an author's line": Ladder("bylines", range(16), lambda n: page(TITLE, f"By {names(n)}", PROSE)),
    "small words in an author's line of eight": Ladder(
        "bylines", range(8), lambda n: page(PROSE, f"By {words(n)} {names(7 - n)}".rstrip(), PROSE)
    ),
    "paragraphs above an agency": Ladder("bylines", range(8), lambda n: page([PROSE] * n, "AFP", [PROSE] * 9)),
    "paragraphs above an author": Ladder(
        "bylines", range(8), lambda n: page([PROSE] * n, "By Jane Example", [PROSE] * 9)
    ),
    "lines from the staff to the article": Ladder(
        "bylines", range(36), lambda n: page("Example Daily Staff", open_lines(n), PROSE, PROSE)
    ),
    "paragraphs above the staff": Ladder(
        "bylines", range(8), lambda n: page([PROSE] * n, "Example Daily Staff", [PROSE] * 9)
    ),
    "words behind the staff": Ladder("bylines", range(6), lambda n: page(TITLE, f"Daily Staff {names(n)}", PROSE)),
    "paragraphs below a source": Ladder(
        "source-lines", range(5), lambda n: page(PROSE, PROSE, PROSE, "Source: Example Press", [PROSE] * n)
    ),
    "lines from the article to a source": Ladder(
        "source-lines", range(5), lambda n: page(PROSE, open_lines(n), "Source: Example Press")
    ),
    "lines from the article to an agency": Ladder(
        "source-lines", range(6), lambda n: page(PROSE, open_lines(n), "AFP")
    ),
    "paragraphs below an agency": Ladder("source-lines", range(4), lambda n: page([PROSE] * 4, "AFP", [PROSE] * n)),
    "paragraphs below an agency behind its sentence": Ladder(
        "trailing-sources", range(6), lambda n: page(PROSE, f"{PROSE} AFP", [PROSE] * n)
    ),
    "lines from the article to an agency behind its sentence": Ladder(
        "trailing-sources", range(6), lambda n: page(PROSE, open_lines(n), f"{PROSE} AFP")
    ),
    "blanks before an agency behind its sentence": Ladder(
        "trailing-sources", range(1, 45), lambda n: page(PROSE, f"{PROSE}{chr(160) * n}AFP")
    ),
    "words before an agency behind its sentence": Ladder(
        "trailing-sources", range(12), lambda n: page(PROSE, f"{words(n)} closed. AFP")
    ),
    "paragraphs below a sign-off": Ladder("sign-offs", range(6), lambda n: page(PROSE, f"{PROSE} -30-", [PROSE] * n)),
    "words before a sign-off": Ladder("sign-offs", range(12), lambda n: page(PROSE, f"{words(n)} closed. -30-")),
    "number signs of a sign-off": Ladder("sign-offs", range(1, 6), lambda n: page(PROSE, f"{PROSE} {'#' * n}")),
    "words of twins": Ladder("twin-captions", range(1, 66), lambda n: page(TITLE, words(n), words(n), PROSE, PROSE)),
    "paragraphs above twins": Ladder(
        "twin-captions", range(4), lambda n: page(TITLE, [PROSE] * n, "A street by the", "A street by the", PROSE)
    ),
    "lines above twins": Ladder(
        "twin-captions", range(4), lambda n: page(open_lines(n), "A street by the", "A street by the", PROSE)
    ),
    "lines from the article to twins": Ladder(
        "twin-captions", range(4), lambda n: page(TITLE, PROSE, open_lines(n), "A street", "A street by", "A street by")
    ),
    "fields of a form": Ladder("form-fields", range(7), lambda n: page(PROSE, fields(n))),
    "lines from each of six fields to the next": Ladder("form-fields", range(1, 7), lambda n: page(fields(6, n))),
    "lines from the fifth field to the sixth": Ladder(
        "form-fields", range(1, 7), lambda n: page(fields(5), open_lines(n - 1), fields(1))
    ),
    "lines between the fields of a form of three": Ladder(
        "form-fields", range(6), lambda n: page("Name *", "E-mail *", open_lines(n), "Comment *")
    ),
    "paragraphs in a form of four": Ladder(
        "form-fields",
        range(5),
        lambda n: page([row for k, field in enumerate(FIELDS[:4]) for row in (field, *[PROSE] * (k < n))]),
    ),
    "paragraphs below a told invitation": Ladder(
        "comment-prompts", range(3), lambda n: page(PROSE, f"Leave a comment if you {words(5)}.", [PROSE] * n)
    ),
    "paragraphs below one word": Ladder("comment-prompts", range(3), lambda n: page(PROSE, "Comments", [PROSE] * n)),
    "stamps between headlines": Ladder("stamped-headlines", range(1, 6), lambda n: page(stamps(n, 2))),
    "lines from each stamp to the next": Ladder("stamped-headlines", range(1, 8), lambda n: page(stamps(4, n))),
    "words of the headlines between stamps": Ladder(
        "stamped-headlines", range(1, 25), lambda n: page([row for _ in range(3) for row in (STAMP, words(n))])
    ),
    "characters of Chinese headlines between stamps": Ladder(
        "stamped-headlines", range(1, 66), lambda n: page([row for _ in range(3) for row in ("10月14日", "洪" * n)])
    ),
    "headlines between four stamps": Ladder(
        "stamped-headlines",
        range(5),
        lambda n: page([row for k in range(4) for row in (STAMP, HEADLINES[k] if k < n else "Video")]),
    ),
    "days among four stamps": Ladder(
        "stamped-headlines",
        range(5),
        lambda n: page([row for k in range(4) for row in (STAMP if k < n else "14:34", HEADLINES[k])]),
    ),
    "lines of the article before stamps": Ladder(
        "stamped-headlines", range(4), lambda n: page([PROSE] * n, stamps(3, 2), PROSE)
    ),
    "lines behind the last stamp": Ladder(
        "stamped-headlines", range(4), lambda n: page(stamps(3, 2)[:-1], headlines(n))
    ),
    "headlines below their heading": Ladder(
        "related-lists", range(4), lambda n: page(PROSE, "Related articles", headlines(n), PROSE, "Bridge closed")
    ),
    "headlines in a row": Ladder("headline-runs", range(8), lambda n: page(PROSE, headlines(n))),
    "headlines in a row above the end": Ladder("headline-runs", range(8), lambda n: page(PROSE, headlines(n), "End.")),
    "words of headlines in a row": Ladder(
        "headline-runs", range(1, 25), lambda n: page(PROSE, [f"{words(n - 1)} {k}".strip() for k in range(4)])
    ),
    "lines between a colon and headlines": Ladder(
        "headline-runs", range(3), lambda n: page(PROSE, "The points:", open_lines(n), headlines(4))
    ),
    "which of the headlines ends in a colon": Ladder(
        "headline-runs",
        range(5),
        lambda n: page(PROSE, [line + ":" * (k == n) for k, line in enumerate(headlines(5))]),
    ),
    "lines from the title to its lead": Ladder(
        "quoted-leads", range(5), lambda n: page(TITLE, open_lines(n), words(9), f"{TITLE}, with {words(9)} and more.")
    ),
    "lines from a lead to its title": Ladder(
        "quoted-leads",
        range(5),
        lambda n: page(words(9), open_lines(n), TITLE, f"{TITLE}, with {words(9)}, {PROSE}", PROSE),
    ),
    "words of a lead": Ladder(
        "quoted-leads", range(1, 46), lambda n: page(TITLE, words(n), f"{TITLE}, with {words(n)}. {PROSE}")
    ),
    "capitals in a lead of eight words": Ladder(
        "quoted-leads",
        range(9),
        lambda n: page(TITLE, f"{names(n)} {words(8 - n)}".strip(), f"{TITLE}: {names(n)} {words(8 - n)}. {PROSE}"),
    ),
    "digits of a telephone number": Ladder("contact-lines", range(1, 14), lambda n: page(PROSE, "5" * n)),
    "digits of a telephone number with blanks": Ladder(
        "contact-lines", range(1, 26), lambda n: page(PROSE, f"Hall {' '.join('5' * n)} now")
    ),
    "digits of a day": Ladder("contact-lines", range(1, 7), lambda n: page(PROSE, f"Hall {'1' * n}.12.{'2' * n} now")),
    "characters before an address": Ladder(
        "contact-lines", range(375, 402), lambda n: page(PROSE, f"{'a' * n} b@paper.example")
    ),
    "paragraphs below an address": Ladder(
        "contact-lines", range(3), lambda n: page(PROSE, "cat@paper.example", [PROSE] * n)
    ),
    "paragraphs below a menu's entry": Ladder("menu-entries", range(3), lambda n: page(PROSE, "Home", [PROSE] * n)),
    "networks on a line": Ladder("link-rows", range(1, 6), lambda n: page(PROSE, " ".join(NETWORKS[:n]))),
    "words of a line with networks": Ladder(
        "link-rows", range(50, 65), lambda n: page(PROSE, f"Facebook Twitter Instagram {words(n - 3)}")
    ),
    "bars on a line": Ladder("link-rows", range(1, 6), lambda n: page(PROSE, " | ".join(WORDS[: n + 1]))),
    "dots on a line": Ladder("link-rows", range(1, 6), lambda n: page(PROSE, " · ".join(WORDS[: n + 1]))),
    "slashes on a line": Ladder("link-rows", range(1, 6), lambda n: page(PROSE, " / ".join(WORDS[: n + 1]))),
    "words of a line with bars": Ladder(
        "link-rows", range(50, 65), lambda n: page(PROSE, f"{words(n - 6)} | a | b | c")
    ),
    "paragraphs below a line with bars": Ladder(
        "link-rows", range(3), lambda n: page(PROSE, "a | b | c | d", [PROSE] * n)
    ),
    "lines between two rows of a table": Ladder(
        "link-rows", range(4), lambda n: page(PROSE, "a | b | c | d", open_lines(n), "e | f | g | h")
    ),
    "lines above two rows of a table": Ladder(
        "link-rows", range(3), lambda n: page(open_lines(n), "a | b | c | d", "e | f | g | h", PROSE)
    ),
    "bars of the row below": Ladder(
        "link-rows", range(6), lambda n: page(PROSE, "a | b | c | d", " | ".join(WORDS[: n + 1]))
    ),
    "times that a line stands on the page": Ladder(
        "repeated-lines", range(1, 6), lambda n: page(PROSE, ["The Daily Example", *open_lines(1)] * n)
    ),
    "words of a line that stands there thrice": Ladder(
        "repeated-lines", range(1, 12), lambda n: page(PROSE, [words(n)] * 3)
    ),
    "paragraphs below a line that stands there thrice": Ladder(
        "repeated-lines", range(3), lambda n: page(PROSE, ["The Daily Example"] * 3, [PROSE] * n * 4)
    ),
    "times that a line says its word": Ladder(
        "repeated-words", range(1, 11), lambda n: page(PROSE, " ".join(["example"] * n))
    ),
    "words of a stamp of change with its day": Ladder(
        "update-stamps", range(20), lambda n: page(PROSE, f"Last updated 12 {words(n)}".strip())
    ),
    "lines above a title": Ladder(
        "page-title", range(9), lambda n: page(open_lines(n), TITLE, "By Jane Example", PROSE)
    ),
    "lines above a title that stands there again": Ladder(
        "page-title", range(9), lambda n: page(open_lines(n), TITLE, PROSE, TITLE)
    ),
    "copies of a title": Ladder(
        "page-title", range(9), lambda n: page(TITLE, PROSE, [row for row in open_lines(n) for row in (row, TITLE)])
    ),
    "lines from a title to its copy": Ladder(
        "page-title", range(4), lambda n: page(TITLE, open_lines(n), TITLE, "slow water", PROSE)
    ),
    "lines from a slug to its title": Ladder(
        "page-title",
        range(4),
        lambda n: page(TITLE.lower().replace(" ", "-"), open_lines(n), TITLE, PROSE),
    ),
    "paragraphs above twins below a title": Ladder(
        "page-title", range(4), lambda n: page(TITLE, [PROSE] * n, "A street", "A street", [PROSE] * 3)
    ),
    "paragraphs below a title's byline": Ladder(
        "page-title", range(4), lambda n: page(TITLE, PROSE, "By Jane Example", [PROSE] * n)
    ),
    "words beside a title": Ladder(
        "title-copies", range(10), lambda n: page(f"{TITLE} {names(n)}".strip(), TITLE, PROSE, f"{TITLE} {names(n)}")
    ),
    "times that a line holds the title": Ladder(
        "title-copies", range(4), lambda n: page(TITLE, PROSE, " ".join([TITLE] * n) or "End")
    ),
    "paragraphs below a title's copy": Ladder(
        "title-copies", range(4), lambda n: page(TITLE, PROSE, f"{TITLE} Example", [PROSE] * n)
    ),
    "strange lines above a title": Ladder(
        "lines-above-title",
        range(8),
        lambda n: page([f"Zug {k} bis {k}" for k in range(n)], TITLE, "By Jane Example", PROSE),
    ),
    "many strange lines above a title": Ladder(
        "lines-above-title",
        range(28, 33),
        lambda n: page([f"Zug {k} bis {k}" for k in range(n)], TITLE, "By Jane Example", PROSE),
    ),
    "words that a line above shares": Ladder(
        "lines-above-title", range(3), lambda n: page(f"news fits {words(n)}", TITLE, "By Jane Example", PROSE)
    ),
    "paragraphs outside of a form": Ladder(
        "page-parts", range(8), lambda n: f"{paragraphs(n)}<form>{paragraphs(2)}</form>"
    ),
    "paragraphs outside of a table": Ladder(
        "page-elements", range(8), lambda n: f"{paragraphs(n)}<table><tr><td>{paragraphs(2)}A boat</table>"
    ),
    "words of ten that the stated article has": Ladder(
        "stated-body", range(11), lambda n: stated(PROSE, f"<p>{PROSE}</p><p>{open_words(n, 10)}</p>")
    ),
    "words of prose beside the stated article of 16": Ladder(
        "stated-body", range(2, 14), lambda n: stated(PROSE, f"<p>{PROSE}</p><p>{words(n)}.</p>")
    ),
    "characters beside a link of 95": Ladder(
        "link-lines", range(9), lambda n: f'<p><a href="/b">{"a" * 95}</a>{"b" * n}</p>'
    ),
}

ROWS = "".join(f"{line}\n" for line in headlines(5))
IN_HTML = {
    "blocks": "".join(f"<div>{line}</div>" for line in headlines(5)),
    "rows of code": f"<pre>{ROWS}</pre>",
    "verse": f"<p>{ROWS.replace(chr(10), '<br>')}</p>",
    "one row of code each": "".join(f"<pre>{line}</pre>" for line in headlines(5)),
    "cells of a row": "<table>" + "".join(f"<tr><td>{line}<td>4" for line in headlines(5)) + "</table>",
    "cells of a column": "<table>" + "".join(f"<tr><td>{line}" for line in headlines(5)) + "</table>",
    "blocks with bars": "".join(f"<div>{line} | 4</div>" for line in headlines(5)),
}
"""The same five headlines below an article in HTML."""

LADDERS |= {
    f"paragraphs above headlines as {name}": Ladder(
        "headline-runs", range(1, 3), lambda n, below=below: f"{paragraphs(n)}{below}"
    )
    for name, below in IN_HTML.items()
}

PHRASES = {
    "advert-markers": "Article continues after",
    "comment-prompts": "Leave a comment",
    "consent-notices": "We use cookies",
    "legal-notices": "Powered by",
    "menu-entries": "Browse by",
    "newsletter-calls": "Sign up for our newsletter",
    "photo-credits": "Photo:",
    "read-more-prompts": "See also:",
    "share-prompts": "Share on Facebook",
    "source-lines": "Source:",
    "update-stamps": "Last updated",
    "wall-notices": "The page you are looking for",
}
"""How lines begin that detectors know by their first words, however they go on."""

for detector_name, beginning in PHRASES.items():
    LADDERS |= {
        f"words behind “{beginning}”, below the article": Ladder(
            detector_name, range(1, 45), lambda n, begins=beginning: page(PROSE, f"{begins} {words(n)}")
        ),
        f"words behind “{beginning}”, in the article": Ladder(
            detector_name, range(1, 45), lambda n, begins=beginning: page(PROSE, f"{begins} {words(n)}", [PROSE] * 8)
        ),
        f"words of a sentence behind “{beginning}”, below the article": Ladder(
            detector_name, range(1, 45), lambda n, begins=beginning: page(PROSE, f"{begins} {words(n)}.")
        ),
        f"words of a sentence behind “{beginning}”, in the article": Ladder(
            detector_name, range(1, 45), lambda n, begins=beginning: page(PROSE, f"{begins} {words(n)}.", [PROSE] * 8)
        ),
        f"paragraphs below “{beginning}”": Ladder(
            detector_name, range(3), lambda n, begins=beginning: page(PROSE, f"{begins} here", [PROSE] * n)
        ),
    }

FIND = {detector.name: detector.find for detector in register_detectors()}


def answer(ladder: Ladder, number: int) -> str:
    """Return what a detector says of a page: labels and weights, and on how many lines."""
    text = ladder.page(number)
    document = (segment_html if text.startswith("<") else segment_text)(text, RepairOptions())[0]
    said = Counter((one.label, one.weight, one.span) for one in FIND[ladder.detector](document))
    spans = {key: f" at {key[2][0]}-{key[2][1]}" if key[2] else "" for key in said}
    return ", ".join(f"{count} {key[0]} {key[1]:g}{spans[key]}" for key, count in said.items()) or "nothing"


def sections() -> Iterator[tuple[str, list[str]]]:
    """Yield each ladder's title and rows."""
    for name, ladder in LADDERS.items():
        yield f"{ladder.detector}: {name}", list(records.rungs(lambda n, of=ladder: answer(of, n), ladder.numbers))


@pytest.mark.parametrize("name", LADDERS)
def test_a_detector_speaks_within_the_limits_that_were_recorded(name: str) -> None:
    """Neither one word, line or copy earlier nor one later, as loudly, and on as many lines."""
    ladder = LADDERS[name]
    rows = records.rungs(lambda number: answer(ladder, number), ladder.numbers)
    records.check(RECORD, f"{ladder.detector}: {name}", rows)


def test_no_limit_is_recorded_that_is_not_looked_at() -> None:
    assert set(records.recorded(RECORD)) == {f"{ladder.detector}: {name}" for name, ladder in LADDERS.items()}


if __name__ == "__main__":
    records.write(RECORD, dict(sections()))
