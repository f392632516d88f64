"""Articles without end: an invented story told with other words, so that no two pages say the same.

What a language does with its short words stays; every longer word becomes another one, in one telling always
the same. The words are blends of the story's own, so they look like the language and mean nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from random import Random

from scrubber.testing.composed import Story, stories

SHORT_WORD = 4
"""Letters. Words up to this length are mostly those that hold a sentence together; they stay."""

COMMON = 3
"""Times that a Chinese character stands in a story before it is taken for one that holds a sentence together."""

BLENDED = 0.6
"""Share of the longer words that become a blend of two; the others become another word of the story."""

TITLE_WORDS = range(6, 11)
"""Words of a title that is taken from a sentence."""

UNSPACED = frozenset({"zh"})
"""Languages of the stories that put no spaces between words."""

_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")


class Telling:
    """One telling of a story: the same word always becomes the same other one."""

    def __init__(self, story: Story, random: Random) -> None:
        """Tell a story with words drawn by `random`."""
        self.story = story
        self._random = random
        self._words: dict[str, str] = {}
        self._unspaced = story.language in UNSPACED

    def tell(self, text: str) -> str:
        """Return a text of the story with other words and other numbers, each as long as it was."""
        told = _WORD.sub(lambda found: self._other(found[0]), text)
        return _NUMBER.sub(lambda found: self._number(found[0]), told)

    def sentences(self, count: int) -> list[str]:
        """Return some sentences: the story's, told anew; where it has too few, also those of further tellings."""
        known = self.story.sentences
        told = [self.tell(text) for text in self._random.sample(known, min(count, len(known)))]
        return told if count <= len(known) else told + Telling(self.story, self._random).sentences(count - len(known))

    def headline(self) -> str:
        """Return a headline."""
        return self.tell(self._random.choice(self.story.headlines))

    def title(self, sentences: Sequence[str]) -> str:
        """Return a title for an article of these sentences: it shares words with one of them."""
        size = self._random.choice(TITLE_WORDS)
        if self._unspaced:
            return _bare(self._random.choice(sentences)[: 2 * size])
        return _bare(" ".join(self._random.choice(sentences).split()[:size]))

    def name(self) -> str:
        """Return a name of two words."""
        return " ".join(self.word().capitalize() for _ in range(2))

    def word(self) -> str:
        """Return a word that the story does not have, in lower case."""
        return _blend(vocabulary(self.story.language), self._random)

    def _other(self, word: str) -> str:
        if self._unspaced:
            return "".join(self._character(character) for character in word)
        if len(word) <= SHORT_WORD:
            return word
        folded = word.casefold()
        if folded not in self._words:
            known = vocabulary(self.story.language)
            blended = self._random.random() < BLENDED
            self._words[folded] = _blend(known, self._random) if blended else self._random.choice(known)
        other = self._words[folded]
        return other.upper() if word.isupper() else other.capitalize() if word[0].isupper() else other

    def _character(self, character: str) -> str:
        known = vocabulary(self.story.language)
        if character not in known:
            return character
        return self._words.setdefault(character, self._random.choice(known))

    def _number(self, digits: str) -> str:
        return str(self._random.randint(10 ** (len(digits) - 1), 10 ** len(digits) - 1))


@cache
def vocabulary(language: str) -> tuple[str, ...]:
    """Return the words of a story that a telling changes, in lower case; characters where there are no spaces."""
    story = stories()[language]
    text = " ".join([story.title, story.lead, *story.sentences, *story.headlines]).casefold()
    if language in UNSPACED:
        counts = Counter(character for word in _WORD.findall(text) for character in word)
        return tuple(sorted(character for character, count in counts.items() if count < COMMON))
    return tuple(sorted({word for word in _WORD.findall(text) if len(word) > SHORT_WORD}))


def paragraphs(sentences: Iterable[str], separator: str, random: Random) -> list[str]:
    """Join sentences into paragraphs of one to three."""
    rest, joined = list(sentences), []
    while rest:
        size = random.randint(1, 3)
        joined.append(separator.join(rest[:size]))
        del rest[:size]
    return joined


def _blend(words: Sequence[str], random: Random) -> str:
    """Return the first half of one word and the second half of another; of characters, two of them."""
    first, second = random.choice(words), random.choice(words)
    if len(first) == 1:
        return first + second
    return first[: (len(first) + 1) // 2] + second[len(second) // 2 :]


def _bare(text: str) -> str:
    return text.strip(" .,;:!?“”„«»‹›\"'—–-：。，！？؟،")
