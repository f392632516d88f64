"""The lines of one page, and the facts about them that every detector asks for.

Each fact is one list, computed once for the whole page when it is first asked for: a page is read a few
times by C loops instead of a hundred times by Python ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property
from itertools import islice, pairwise
from typing import Protocol

from scrubber.model import BAR, CELLS, Dom, Line, Link
from scrubber.phrases import find_phrases

SENTENCE_ENDS = frozenset(".!?…。！？؟۔।։።᙮၊။‽⸮")
"""Characters that close a sentence, over the scripts that have one of their own."""

CLOSERS = frozenset("\"'”’»›)]}」』）】〉》“‘\u00a0 –—-*")
"""Characters that may follow the end of a sentence on its line: quotes, brackets, a sign-off dash."""

EDGES = " （）\t\u00a0.,:;*!?…|•·‣▪■►▶→←›»«‹>-–—_/\\+#()[]{}：。，、！？؟،؛＊\u200b\u200e\u200f"
"""What is cut off both ends of a line before it is looked up as a phrase."""

PROSE_WORDS = 8
"""Words. From here on a line that closes a sentence is prose: captions and prompts are mostly shorter."""

SHORT_WORDS = 8
"""Words. What menus, stamps, names and prompts have at most."""

LONG_WORDS = 25
"""Words. A line this long is prose even without closing punctuation: no menu entry or headline is."""

UNSPACED_WORD = 14
"""Characters a word. Above this mean a line that is not ASCII is in a script without spaces between words."""

FIRST_UNSPACED = "\u0e00"
"""The first character of the scripts that have no spaces between words."""

UNSPACED_SCRIPTS = frozenset(map(chr, [*range(0x0E00, 0x0F00), *range(0x3040, 0x3100), *range(0x3400, 0xA000)]))
"""Characters of Thai, Lao, Japanese and Chinese: a line that begins with one has no spaces between words."""

UNSPACED_CHARS = 2
"""Characters. The usual length of a word in Chinese and Japanese."""

LINE_COST = 8
"""Words. What a line that is not prose costs a run of prose: about one short paragraph for every three."""

VOCABULARY_LINES = 30
"""Lines of prose. Enough to know what an article is about, and a bound on the work for a long one."""

CONTENT_BYTES = 4
"""Bytes. From here on a word is seldom an article or a preposition; two characters of Chinese have six."""

HEADLINE_CHARS = 400
"""Characters. Longer lines are not compared as headlines."""

TITLE_WORDS = range(3, 31)
"""Words that a title may have."""

TITLE_DEPTH = 3
"""Lines of the body that may still hold the title, where a sentence of the head was taken for its start."""

TITLE_OVERLAP = 0.5
"""Share of a title's longer words, of which its article uses more; a site's tag line has hardly any."""

TITLE_PART = 0.5
"""Share of a line that its title must make up, where the site's name is the rest."""

HEAD_DEPTH = 30
"""Lines above the body in which the title is looked for; farther up is the site's menu."""

NO_TITLE = ("updated", "share", "byline", "credit", "legal", "comment_prompt")
"""Kinds of phrases that no title begins with."""

SIGNS = "@|/>:"
"""Characters that are kept of a line, with its digits, in `Document.signs`."""

MANY_LINES = 10_000
"""Lines. Real pages have fewer; one of a hundred thousand tiny ones has few that differ."""

_NO_SIGN = bytes(code for code in range(256) if chr(code) not in "0123456789\n" + SIGNS)
WIDE_PUNCTUATION = "‘’“”„«»–—…\u00a0。，、：！？؟،"
"""Punctuation beyond ASCII that stands beside words in headlines."""

_PUNCTUATION = bytes(code for code in range(128) if not chr(code).isalnum())
_TO_SPACE = bytes(32 if code in _PUNCTUATION else code for code in range(256))


Span = tuple[int, int]
"""Start and end in the source, the line end excluded."""


def each_once(texts: list[str]) -> list[str]:
    """Return texts of lines, those that are alike as one where there are `MANY_LINES`."""
    held: dict[str, str] = {}
    return texts if len(texts) < MANY_LINES else list(map(held.setdefault, texts, texts))


def count_words(text: str) -> int:
    """Return the number of words of a line, at least 1; in scripts without spaces, half its characters.

    >>> count_words("Russia said Thursday")
    3
    >>> count_words("俄罗斯星期四表示，愿意确保反政府武装安全撤离。")
    11
    """
    spaced = text.count(" ") + 1
    if not text.isascii() and (len(text) > UNSPACED_WORD * spaced or text[0] in UNSPACED_SCRIPTS):
        return max(spaced, len(text) // UNSPACED_CHARS)
    return spaced


def ends_sentence(text: str) -> bool:
    """Tell whether a line closes a sentence, quotes and brackets after the full stop allowed.

    >>> ends_sentence("“They have no chance.”"), ends_sentence("Read more"), ends_sentence("")
    (True, False, False)
    """
    last = text[-1:]
    if last in SENTENCE_ENDS:
        return last != ""
    if last not in CLOSERS:
        return False
    trimmed = text.rstrip("\"'”’»›)]}」』）】〉》“‘\u00a0 –—-*")
    return trimmed != "" and trimmed[-1] in SENTENCE_ENDS


def tokens(key: str) -> list[bytes]:
    """Split a folded line into words without punctuation, or into pairs of characters where its script has no spaces.

    >>> tokens("the mayor's"), tokens("")
    ([b'the', b'mayor', b's'], [])
    """
    return pairs(key) if is_unspaced(key) else spaced(key)


def is_unspaced(key: str) -> bool:
    """Tell whether a text is in a script without spaces between words."""
    return not key.isascii() and (len(key) > UNSPACED_WORD * (key.count(" ") + 1) or key[0] in UNSPACED_SCRIPTS)


def pairs(key: str) -> list[bytes]:
    """Return all pairs of characters that stand side by side, in UTF-8."""
    return [(first + second).encode("utf-8", "replace") for first, second in pairwise(key)]


def spaced(key: str) -> list[bytes]:
    """Return the words between spaces and ASCII punctuation, in UTF-8.

    `bytes.translate` takes punctuation out of any script at the speed of a copy.
    """
    return key.encode("utf-8", "replace").translate(_TO_SPACE).split()


def bare(key: str) -> bytes:
    """Reduce a folded line to its letters and digits, so that a headline and its slug are the same."""
    if not key.isascii():
        for mark in WIDE_PUNCTUATION:
            key = key.replace(mark, "")
    return key.encode("utf-8", "replace").translate(None, _PUNCTUATION)


def densest_run(scores: Iterable[int]) -> range:
    """Return the range with the greatest sum, the first of equals; empty where no score is positive.

    >>> densest_run([-5, 9, -2, 8, -5, 3])
    range(1, 4)
    """
    best, best_start, best_stop, total, start = 0, 0, 0, 0, 0
    for index, score in enumerate(scores):
        total += score
        if total <= 0:
            total, start = 0, index + 1
        elif total > best:
            best, best_start, best_stop = total, start, index + 1
    return range(best_start, best_stop)


def find_title(document: Document) -> int | None:
    """Return the first line at the top whose words the body shares, preferring one that stands there again.

    A line in the head with the words of the caller's title wins over both.
    """
    start = document.body.start
    near = range(max(0, start - HEAD_DEPTH), min(len(document), start + TITLE_DEPTH))
    head = [index for index in near if _may_be_title(document, index)]
    if document.title:
        wanted = bare(document.title.casefold())
        head = [index for index in head if document.bare(index) == wanted] or head
    shared = [index for index in head if document.overlap(index) > TITLE_OVERLAP]
    again = Counter(map(document.bare, shared))
    repeated = [
        index for index in shared if again[document.bare(index)] > 1 and not _stands_twice_in_a_row(document, index)
    ]
    written = [index for index in repeated if document.texts[index] != document.texts[index].lower()]
    found = next(iter(written or repeated or shared), None)
    return found if found is None else _without_site_name(document, found, shared)


def _without_site_name(document: Document, title: int, shared: Sequence[int]) -> int:
    """Return the line that is the title alone where the first is the title with its site's name behind it."""
    whole = document.bare(title)
    parts = [index for index in shared if whole.startswith(document.bare(index)) and index > title]
    long = [index for index in parts if len(whole) > len(document.bare(index)) >= TITLE_PART * len(whole)]
    return long[0] if long else title


def _may_be_title(document: Document, index: int) -> bool:
    if (
        document.texts[index].endswith((":", "："))
        or document.words[index] not in TITLE_WORDS
        or (document.prose[index] and not document.texts[index].endswith(("?", "!", "？", "！")))
    ):
        return False
    return not any(index in document.phrases.get(kind, ()) for kind in NO_TITLE)


def _stands_twice_in_a_row(document: Document, index: int) -> bool:
    key, keys = document.keys[index], document.keys
    return key in keys[index + 1 : index + 2] or key in keys[max(index - 1, 0) : index]


class Finder(Protocol):
    """What finds lines by CSS selectors, where there is a DOM."""

    def lines(self, selector: str) -> list[int]:
        """Return the lines all of whose text stands in elements that a selector finds."""
        ...

    def links(self, lines: Sequence[str], starts: Sequence[int], url: str | None) -> list[Link]:
        """Return the links of the lines."""
        ...


class Document:
    """A page as detectors see it: its lines that are not blank, and facts in lists of the same length.

    Attributes:
        source: the decoded text that `Line.start` and `Line.end` point into.
        texts: the text of each line, repaired, blanks folded and trimmed; none is empty.
        spans: for each line its start and end in the source, line end excluded; given as they are, or as a function
            that works them out when they are first asked for.
        url: the page's address, where it is known.
        doms: for each line what the DOM says of it; None for flattened text.
        title: a title known from elsewhere (the caller, metadata), where there is one.
        date: the day that the page is from, where it is known.
        stated: the article's text as the page's metadata state it, in one line; None where they do not.
    """

    stated: str | None = None

    def __init__(
        self,
        source: str,
        texts: Sequence[str],
        spans: Sequence[Span] | Callable[[], Iterable[Span]],
        *,
        url: str | None = None,
        title: str | None = None,
        doms: Sequence[Dom] | None = None,
        date: date | None = None,
        finder: Finder | None = None,
    ) -> None:
        self.source = source
        self.texts = tuple(texts)
        self._spans = spans
        self.url = url
        self.title = title
        self.doms = doms
        self.date = date
        self._finder = finder
        self._bare: dict[int, bytes] = {}
        self._overlaps: dict[int, float] = {}

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """For each line its start and end in the source, line end excluded."""
        return tuple(self.each_span())

    def each_span(self) -> Iterable[Span]:
        """The same, to be looked at once: none is kept."""
        return self._spans() if callable(self._spans) else self._spans

    @cached_property
    def lines(self) -> list[Line]:
        """The lines as `Line`."""
        doms: Sequence[Dom | None] = self.doms or [None] * len(self)
        return [Line(text, *span, dom) for text, span, dom in zip(self.texts, self.spans, doms, strict=True)]

    @cached_property
    def joined(self) -> str:
        """The lines in one text, a line feed between them: what no line can have shows in one look."""
        return "\n".join(self.texts)

    @cached_property
    def keys(self) -> list[str]:
        """Each line folded for look-ups: case folded, punctuation and bullets cut off both ends."""
        return each_once([text.casefold().strip(EDGES) for text in self.texts])

    @cached_property
    def words(self) -> list[int]:
        """The number of words of each line."""
        counts = [text.count(" ") + 1 for text in self.texts]
        if self.source.isascii():
            return counts
        return [
            count
            if text.isascii() or (len(text) <= UNSPACED_WORD * count and text[0] < FIRST_UNSPACED)
            else count_words(text)
            for text, count in zip(self.texts, counts, strict=True)
        ]

    @cached_property
    def closed(self) -> list[bool]:
        """Whether each line closes a sentence."""
        return [text[-1] in SENTENCE_ENDS or (text[-1] in CLOSERS and ends_sentence(text)) for text in self.texts]

    @cached_property
    def prose(self) -> list[bool]:
        """Whether each line reads as running text, from its length and its end alone."""
        return [
            words >= PROSE_WORDS and (closed or words >= LONG_WORDS)
            for words, closed in zip(self.words, self.closed, strict=True)
        ]

    @cached_property
    def prose_lines(self) -> list[int]:
        """The indices of the lines that read as running text."""
        return [index for index, prose in enumerate(self.prose) if prose]

    @cached_property
    def short(self) -> list[int]:
        """The indices of the lines of up to `SHORT_WORDS` words that do not close a sentence."""
        facts = zip(self.words, self.closed, strict=True)
        return [index for index, (words, closed) in enumerate(facts) if words <= SHORT_WORDS and not closed]

    @cached_property
    def signs(self) -> list[bytes]:
        """What each line has of the ASCII digits and of `SIGNS`, in order: all that stamps and links are told by."""
        page = self.joined.encode("utf-8", "replace").translate(None, _NO_SIGN)
        return page.split(b"\n") if self.texts else []

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each key stands on the page."""
        return Counter(self.keys)

    @cached_property
    def phrases(self) -> dict[str, list[int]]:
        """For each kind of phrase that the page shows, the indices of its lines."""
        return find_phrases(self.keys)

    @cached_property
    def body(self) -> range:
        """The indices of the run of lines that holds the most prose: where the article most likely is.

        Prose counts by its words, every other line against it. Empty where no line is prose.
        """
        facts = zip(self.words, self.prose, strict=True)
        return densest_run(
            (words if words < LONG_WORDS else LONG_WORDS) if prose else -LINE_COST for words, prose in facts
        )

    @cached_property
    def vocabulary(self) -> frozenset[bytes]:
        """The words of the body, of its first `VOCABULARY_LINES` lines of prose."""
        body = self.body
        lines = [
            self.keys[index] for index in islice((line for line in self.prose_lines if line in body), VOCABULARY_LINES)
        ]
        return frozenset(tokens("\n".join(lines)))

    def overlap(self, index: int) -> float:
        """Return the share of a line's longer words that the body uses too, 0.0 to 1.0; 0.0 without such words."""
        found = self._overlaps.get(index)
        if found is None:
            words = {word for word in tokens(self.keys[index]) if len(word) >= CONTENT_BYTES}
            found = self._overlaps[index] = len(self.vocabulary & words) / len(words) if words else 0.0
        return found

    def lines_matching(self, selector: str) -> list[int]:
        """Return the indices of the lines all of whose text stands in elements that a CSS selector finds, in order.

        None for flattened text. The first call on a page parses it again. An inline element is only part of most
        lines: `a` finds the lines that are links, not those with a link in them.

        Raises:
            BadSelector: it is no selector, or not one of those that docs/plugins.md names.
            TooManySteps: the page is so large or so deep that looking would take too long.
        """
        return self._finder.lines(selector) if self._finder is not None else []

    def links(self) -> list[Link]:
        """Return the links of the lines, in order; none for flattened text. Parses the page again.

        Raises:
            TooManyLinks, TooManySteps: the page has more links or texts than any page needs.
            LinesDiffer: its lines can't be told.
        """
        if self._finder is None:
            return []
        lines = [self.source[start:end] for start, end in self.spans]
        return self._finder.links(lines, [start for start, _ in self.spans], self.url)

    def release(self) -> None:
        """Let go of what only `lines_matching` and `links` need, which then find nothing: results stay small."""
        self._finder = None

    def is_row(self, index: int) -> bool:
        """Tell whether a line is a row of verse, code or data; of flattened text nobody knows, and none is."""
        if not self.doms:
            return False
        dom = self.doms[index]
        return dom.block == "pre" or dom.follows == "line" or (dom.block in CELLS and BAR in self.texts[index])

    def bare(self, index: int) -> bytes:
        """Return the letters and digits of a line, case folded; of one that is no headline, nothing."""
        found = self._bare.get(index)
        if found is None:
            key = self.keys[index]
            found = self._bare[index] = bare(key) if len(key) <= HEADLINE_CHARS else b""
        return found

    @cached_property
    def title_line(self) -> int | None:
        """The index of the line that is most likely the article's title, None where no line could be it."""
        return find_title(self)

    @cached_property
    def title_echoes(self) -> list[int]:
        """The other lines that hold the longest word of the title: the only ones that can be its copies."""
        title = self.title_line
        if title is None:
            return []
        longest = max(tokens(self.keys[title]), key=len, default=b"").decode()
        return [index for index, key in enumerate(self.keys) if longest in key and index != title]
