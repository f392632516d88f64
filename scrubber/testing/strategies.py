"""Hypothesis strategies: text and bytes of any kind, articles, chrome, whole pages with their true labels.

    from hypothesis import given
    from scrubber.testing import strategies

    @given(strategies.pages(languages=["en"]))
    def test_my_site_keeps_articles(page):
        assert "bridge" in cleaner.clean(page.source).text

All of them shrink towards few lines of the first story's first sentences, so that a failure is a page
that a person can read; see `docs/testing.md`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from hypothesis import strategies as st

from scrubber.model import Label
from scrubber.testing.composed import (
    ABOVE,
    BELOW,
    CHROME,
    HEAD,
    INSIDE,
    Block,
    ComposedPage,
    Flattening,
    Story,
    Written,
    stories,
)
from scrubber.testing.damage import DAMAGES
from scrubber.testing.reading import nearest

ENCODINGS = (
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-32",
    "windows-1252",
    "windows-1256",
    "koi8-r",
    "gb18030",
    "shift_jis",
    "euc-kr",
)
"""Encodings that pages come in."""

NASTY = (
    *"\x00\x0b\x0c\r\x1c\x85\xa0\xad\u0300\u034f\u061c\u200b\u200d\u202e\u2028\u2060\u2066\u3000\ufeff\ufffd\uffff",
    *"\ud83d\udc00\U000e0001\U0010ffff\ufb01\uff46<*|",
    *("\r\n", "\x1b[31m", "e\u0301", "&amp;", "\u00c3\u00a9", "\u00e2\u20ac\u2122", "\u00c3\u201a\u00c2", "  "),
)
"""Characters and pairs that have broken tools like this one."""

SCRIPTS = {
    "latin": "abdeiklmnoprstuv",
    "cyrillic": "абвгдеиклмнопрст",
    "greek": "αβγδεικλμνοπρστ",
    "arabic": "ابتجدرسعفقكلمن",
    "hebrew": "אבגדהוילמנפרשת",
    "devanagari": "कगचजतदनपबमरलवस",
    "hangul": "가나다라마바사아자차",
}
"""Letters to make words of, for scripts with spaces between words."""


PARAGRAPHS = 8
"""Paragraphs that an article may have."""

PARAGRAPH_SENTENCES = 3
"""Sentences that a paragraph may have."""

SUBHEADING_ODDS = 3
"""One paragraph in four, the first left out, has a sub-heading."""

RUNS = 4
"""Runs of a site's lines that are put into a page."""

RUN_LINES = 12
"""Lines of the longest such run: the blocks that rules speak of are shorter."""

DRAWN_HOST = "drawn.example"
"""The host whose pages a drawn site file is for."""

SENTENCE_WORDS = 8
"""Words from which a line that closes a sentence reads as running text."""


def any_text() -> st.SearchStrategy[str]:
    """Text of any kind: characters of all of Unicode, and lines of pages with nasty characters in them."""
    lines = st.sampled_from([line for story in stories().values() for line in _lines(story)])
    bits = st.one_of(st.sampled_from(["\n", " ", "\n\n"]), lines, st.sampled_from(NASTY), st.text(max_size=8))
    return st.one_of(st.lists(bits, max_size=24).map("".join), st.text(max_size=200))


def _lines(story: Story) -> Sequence[str]:
    chrome = [line for lines in story.chrome.values() for line in lines]
    return [story.sentences[0], story.title, *chrome]


def any_bytes() -> st.SearchStrategy[bytes]:
    """Bytes of any kind: noise, and texts in the encodings of the web, cut or mixed."""
    encoded = st.builds(lambda text, encoding: text.encode(encoding, "ignore"), any_text(), st.sampled_from(ENCODINGS))
    cut = st.builds(lambda content, end: content[: -end or None], encoded, st.integers(0, 3))
    return st.one_of(cut, st.binary(max_size=200), st.lists(encoded, max_size=3).map(b"".join))


def _refuse_unknown(what: str, names: Collection[str], known: Collection[str]) -> None:
    """Raise for a name that does not exist: left out silently, a test of it would test nothing."""
    for name in names:
        if name not in known:
            raise ValueError(f"there is no {what} “{name}”. {nearest(name, known)}")


def a_story(languages: Collection[str] | None = None) -> st.SearchStrategy[Story]:
    """One of the stories, of some languages or of all; English comes first in shrinking."""
    _refuse_unknown("language", languages or (), stories())
    order = sorted(languages or stories(), key=lambda language: (language != "en", language))
    return st.sampled_from([stories()[language] for language in order])


def flattenings(among: Collection[Flattening] = tuple(Flattening)) -> st.SearchStrategy[Flattening]:
    """A way of flattening, of some or of all."""
    return st.sampled_from(list(among))


@st.composite
def articles(
    draw: st.DrawFn,
    languages: Collection[str] | None = None,
    min_paragraphs: int = 1,
    flattened: Collection[Flattening] = tuple(Flattening),
) -> ComposedPage:
    """An article and nothing else: paragraphs in their order, with sub-headings between some."""
    blocks = draw(_bodies(draw(a_story(languages)), min_paragraphs))
    return ComposedPage(blocks, draw(flattenings(flattened)))


@st.composite
def _bodies(draw: st.DrawFn, story: Story, min_paragraphs: int) -> tuple[Block, ...]:
    sizes = draw(st.lists(st.integers(1, PARAGRAPH_SENTENCES), min_size=min_paragraphs, max_size=PARAGRAPHS))
    headings = iter(story.subheadings)
    blocks: list[Block] = []
    taken = 0
    for size in sizes:
        sentences = story.sentences[taken : taken + size]
        taken += size
        if not sentences:
            break
        if blocks and draw(st.integers(0, SUBHEADING_ODDS)) == SUBHEADING_ODDS and (heading := next(headings, None)):
            blocks.append((Written(heading, Label.SUBHEADING),))
        blocks.append(story.paragraph(sentences))
    return tuple(blocks)


@st.composite
def invented_articles(draw: st.DrawFn, min_paragraphs: int = 1) -> ComposedPage:
    """An article of words that no language has, in one of the `SCRIPTS`: no rule can know its words."""
    letters = SCRIPTS[draw(st.sampled_from(sorted(SCRIPTS)))]
    word = st.text(letters, min_size=2, max_size=9)
    sentence = st.lists(word, min_size=SENTENCE_WORDS, max_size=20).map(
        lambda words: " ".join(words).capitalize() + "."
    )
    paragraphs = draw(st.lists(sentence, min_size=min_paragraphs, max_size=6, unique=True))
    return ComposedPage(tuple((Written(text, Label.PARAGRAPH),) for text in paragraphs), draw(flattenings()))


@st.composite
def chrome(draw: st.DrawFn, kind: str, languages: Collection[str] | None = None) -> Block:
    """A block of chrome of one kind, a key of `scrubber.testing.composed.CHROME`.

    Raises:
        ValueError: there is no such kind or language.
    """
    _refuse_unknown("kind of chrome", [kind], CHROME)
    return draw(_chrome(kind, draw(a_story(languages))))


@st.composite
def _chrome(draw: st.DrawFn, kind: str, story: Story) -> Block:
    return story.chrome_block(kind, lambda lines, least, most: draw(_some(lines, least, most)))


def _some(lines: Sequence[str], least: int, most: int) -> st.SearchStrategy[list[str]]:
    if most == 1:
        return st.sampled_from(lines).map(lambda line: [line])
    return st.lists(st.sampled_from(lines), min_size=min(least, len(lines)), max_size=most, unique=True)


@st.composite
def pages(  # noqa: PLR0917 - every argument has a default and is given by name
    draw: st.DrawFn,
    languages: Collection[str] | None = None,
    kinds: Collection[str] = tuple(CHROME),
    min_paragraphs: int = 3,
    flattened: Collection[Flattening] = tuple(Flattening),
    required: Collection[str] = (),
) -> ComposedPage:
    """A whole page: title, article, and some kinds of chrome, each at a place where sites put it.

    `kinds` may be on the page and `required` are; both are keys of `scrubber.testing.composed.CHROME`.

    Raises:
        ValueError: there is no such kind or language.
    """
    flattening = draw(flattenings(flattened))  # first: what hypothesis draws last is mostly its simplest choice
    _refuse_unknown("kind of chrome", [*kinds, *required], CHROME)
    story = draw(a_story(languages))

    def chrome_at(place: Collection[str]) -> list[Block]:
        # One coin a kind, thrown where its block would stand: a page shrinks by taking out block after block.
        shown = (kind for kind in place if kind in required or (kind in kinds and draw(st.booleans())))
        return [draw(_chrome(kind, story)) for kind in shown]

    parts = [*chrome_at(ABOVE), (Written(story.title, Label.TITLE),)]
    if draw(st.booleans()):
        parts.append((Written(story.lead, Label.STANDFIRST),))
    parts += chrome_at(HEAD)
    body = draw(_bodies(story, min_paragraphs))
    parts += [*body[:2], *chrome_at(INSIDE), *body[2:], *chrome_at(BELOW)]
    return ComposedPage(tuple(parts), flattening)


@st.composite
def damaged_pages(draw: st.DrawFn, names: Collection[str] = tuple(DAMAGES)) -> tuple[ComposedPage, str, str | bytes]:
    """A page, the name of a damage that it can hold, and the page with that damage.

    Raises:
        ValueError: there is no such damage.
    """
    _refuse_unknown("damage", names, DAMAGES)
    name = draw(st.sampled_from(sorted(names)))
    page = draw(pages())
    content = DAMAGES[name].apply(page.source)
    return (page, name, content) if content is not None else (page, "none", page.source)


@st.composite
def pages_with(draw: st.DrawFn, lines: Sequence[str]) -> str:
    """The text of a page with runs of some lines between its own: lines of a site, that its rules may speak."""
    rows = draw(pages()).source.split("\n")
    runs = st.tuples(st.integers(0, len(lines) - 1), st.integers(1, RUN_LINES))
    for start, size in draw(st.lists(runs, min_size=1, max_size=RUNS)):
        place = draw(st.integers(0, len(rows)))
        rows[place:place] = lines[start : start + size]
    return "\n".join(rows)


@st.composite
def site_files(draw: st.DrawFn, lines: Collection[str] = ()) -> str:
    """The text of a valid file for the site `drawn.example`, its rules made of some lines.

    Rules that are to speak need `lines` of the page that they are tried on; without, they are of all stories.
    """
    known = st.sampled_from(sorted(lines or {line for story in stories().values() for line in _lines(story)}))
    fingerprints = draw(st.lists(known, max_size=3, unique=True))
    head = ['site = "drawn"', f'hosts = ["{DRAWN_HOST}"]', f"fingerprints = {_toml(fingerprints)}"]
    rules = draw(st.lists(_rules(known), max_size=4))
    tables = [f'[[{verb}]]\nrule = "rule-{nth}"\n{body}' for nth, (verb, body) in enumerate(rules)]
    return "\n\n".join(["\n".join(head), *tables]) + "\n"


@st.composite
def _rules(draw: st.DrawFn, lines: st.SearchStrategy[str]) -> tuple[str, str]:
    glob = lines.map(lambda line: line[: len(line) // 2] + "*")
    verb = draw(st.sampled_from(["drop", "keep"]))
    choices: dict[str, list[tuple[str, object]]] = {
        "line": [("line", draw(st.one_of(lines, glob)))],
        "match": [("match", draw(st.sampled_from([r"^\d+$", r"(?i)news", r"^\S+$", r"[.!?]$"])))],
        "block": [("from", draw(lines)), ("until", draw(lines))],
    }
    pairs = choices[draw(st.sampled_from(sorted(choices)))]
    if len(pairs) == 1:
        pairs.append(("also", draw(st.integers(0, 2))))
    return verb, "\n".join(f"{key} = {_toml(value)}" for key, value in pairs)


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)  # JSON's texts and lists are TOML's too
