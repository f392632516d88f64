"""The lines of one page, and the facts about them that every detector asks for.

Each fact is one list, computed once for the whole page when it is first asked for: a page is read a few
times by C loops instead of a hundred times by Python ones.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from scrubber.model import Line
from scrubber.phrases import find_phrases

SENTENCE_ENDS = frozenset(".!?…。！？؟۔।։።᙮၊။‽⸮")
"""Characters that close a sentence, over the scripts that have one of their own."""

CLOSERS = frozenset("\"'”’»›)]}」』）】〉》“‘\u00a0 –—-*")
"""Characters that may follow the end of a sentence on its line: quotes, brackets, a sign-off dash."""

EDGES = " \t\u00a0.,:;*!?…|•·‣▪■►▶→←›»«‹>-–—_/\\+#()[]{}：。，、！？؟،؛＊\u200b\u200e\u200f"
"""What is cut off both ends of a line before it is looked up as a phrase."""

PROSE_WORDS = 8
"""Words. From here on a line that closes a sentence is prose: captions and prompts are mostly shorter."""

LONG_WORDS = 25
"""Words. A line this long is prose even without closing punctuation: no menu entry or headline is."""

UNSPACED_WORD = 14
"""Characters a word. Above this mean a line that is not ASCII is in a script without spaces between words."""

UNSPACED_CHARS = 2
"""Characters. The usual length of a word in Chinese and Japanese."""

LINE_COST = 8
"""Words. What a line that is not prose costs a run of prose: about one short paragraph for every three."""

VOCABULARY_LINES = 30
"""Lines. Enough to know what an article is about, and a bound on the work for a long one."""

CONTENT_CHARS = 4
"""Characters. From here on a word in an alphabet is seldom an article or a preposition."""

HEADLINE_CHARS = 400
"""Characters. Longer lines are not compared as headlines."""

TITLE_WORDS = range(3, 31)
"""Words that a title may have."""

TITLE_DEPTH = 3
"""Lines of the body that may still hold the title, where a sentence of the head was taken for its start."""

TITLE_OVERLAP = 0.5
"""Share of a title's longer words that its article uses too; a site's tag line has hardly any."""

NO_TITLE = ("updated", "share", "byline", "credit", "legal", "comment_prompt")
"""Kinds of phrases that no title begins with."""

_WORD = re.compile(r"\w+")


def count_words(text: str) -> int:
    """Return the number of words of a line, at least 1; in scripts without spaces, half its characters.

    >>> count_words("Russia said Thursday")
    3
    >>> count_words("俄罗斯星期四表示，愿意确保反政府武装安全撤离。")
    11
    """
    spaced = text.count(" ") + 1
    if len(text) > UNSPACED_WORD * spaced and not text.isascii():
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


def is_prose(words: int, closed: bool) -> bool:
    """Tell whether a line of so many words, closing a sentence or not, reads as running text."""
    return words >= PROSE_WORDS and (closed or words >= LONG_WORDS)


def tokens(key: str) -> Sequence[str]:
    """Split a folded line into words, or into pairs of characters where its script has no spaces."""
    if key.isascii() or len(key) <= UNSPACED_WORD * (key.count(" ") + 1):
        return _WORD.findall(key)
    return [first + second for first, second in pairwise(key)]


def densest_run(scores: Sequence[int]) -> range:
    """Return the range with the greatest sum, the first of equals; empty where no score is positive.

    >>> densest_run([-5, 9, -2, 8, -5, 3])
    range(1, 4)
    """
    best, best_range, total, start = 0, range(0), 0, 0
    for index, score in enumerate(scores):
        total += score
        if total <= 0:
            total, start = 0, index + 1
        elif total > best:
            best, best_range = total, range(start, index + 1)
    return best_range


def find_title(document: Document) -> int | None:
    """Return the first line at the top whose words the body shares, preferring one that stands there again.

    A line in the head with the words of the caller's title wins over both.
    """
    head = [index for index in range(min(len(document), document.body.start + TITLE_DEPTH)) if _may_be_title(document, index)]
    if document.title:
        wanted = "".join(filter(str.isalnum, document.title.casefold()))
        head = [index for index in head if document.bare[index] == wanted] or head
    shared = [index for index in head if document.overlap(index) >= TITLE_OVERLAP]
    again = Counter(document.bare[index] for index in shared)
    repeated = [index for index in shared if again[document.bare[index]] > 1 and not _stands_twice_in_a_row(document, index)]
    written = [index for index in repeated if document.texts[index] != document.texts[index].lower()]
    return next(iter(written or repeated or shared), None)


def _may_be_title(document: Document, index: int) -> bool:
    if any(index in document.phrases.get(kind, ()) for kind in NO_TITLE):
        return False
    return document.words[index] in TITLE_WORDS and not (document.prose[index] and document.texts[index].endswith("."))


def _stands_twice_in_a_row(document: Document, index: int) -> bool:
    return document.bare[index] in document.bare[index + 1 : index + 2] + document.bare[max(index - 1, 0) : index]


class Document:
    """A page as detectors see it: its lines that are not blank, and facts in lists of the same length.

    Attributes:
        source: the decoded text that `Line.start` and `Line.end` point into.
        lines: the lines, in order; may be empty.
        url: the page's address, where it is known.
        title: a title known from elsewhere (the caller, metadata), where there is one.
    """

    def __init__(
        self,
        source: str,
        lines: Sequence[Line],
        *,
        url: str | None = None,
        title: str | None = None,
    ) -> None:
        self.source = source
        self.lines = lines
        self.url = url
        self.title = title

    def __len__(self) -> int:
        return len(self.lines)

    @cached_property
    def texts(self) -> list[str]:
        """The text of each line."""
        return [line.text for line in self.lines]

    @cached_property
    def keys(self) -> list[str]:
        """Each line folded for look-ups: case folded, punctuation and bullets cut off both ends."""
        return [text.casefold().strip(EDGES) for text in self.texts]

    @cached_property
    def words(self) -> list[int]:
        """The number of words of each line."""
        return list(map(count_words, self.texts))

    @cached_property
    def closed(self) -> list[bool]:
        """Whether each line closes a sentence."""
        return list(map(ends_sentence, self.texts))

    @cached_property
    def prose(self) -> list[bool]:
        """Whether each line reads as running text, from its length and its end alone."""
        return list(map(is_prose, self.words, self.closed))

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each key stands on the page."""
        return Counter(self.keys)

    @cached_property
    def prose_lines(self) -> list[int]:
        """The indices of the lines that read as running text."""
        return [index for index, prose in enumerate(self.prose) if prose]

    @cached_property
    def phrases(self) -> dict[str, list[int]]:
        """For each kind of phrase that the page shows, the indices of its lines."""
        return find_phrases(self.keys)

    @cached_property
    def body(self) -> range:
        """The indices of the run of lines that holds the most prose: where the article most likely is.

        Prose counts by its words, every other line against it. Empty where no line is prose.
        """
        return densest_run(
            [min(words, LONG_WORDS) if prose else -LINE_COST for words, prose in zip(self.words, self.prose, strict=True)]
        )

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The words of the body, of its first `VOCABULARY_LINES` lines of prose."""
        body = self.body
        lines = [self.keys[index] for index in self.prose_lines if index in body][:VOCABULARY_LINES]
        return frozenset(tokens("\n".join(lines)))

    def overlap(self, index: int) -> float:
        """Return the share of a line's longer words that the body uses too, 0.0 to 1.0; 0.0 without such words."""
        words = [word for word in tokens(self.keys[index]) if len(word) >= CONTENT_CHARS or not word.isascii()]
        return sum(word in self.vocabulary for word in words) / max(len(words), 1)

    @cached_property
    def bare(self) -> list[str]:
        """Each line reduced to its letters and digits, case folded: a headline and its slug are the same."""
        return ["".join(filter(str.isalnum, key)) if len(key) <= HEADLINE_CHARS else key for key in self.keys]

    @cached_property
    def title_line(self) -> int | None:
        """The index of the line that is most likely the article's title, None where no line could be it."""
        return find_title(self)
