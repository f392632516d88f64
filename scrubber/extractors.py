"""Other extractors' text of a page: as what is cleaned in place of our own reading, or as a second opinion.

They are libraries of their own, imported when they are first asked. What they raise is caught by whoever asks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from importlib.util import find_spec

from scrubber.model import SecondOpinion

Extractor = Callable[[str, str | None], str]
"""Takes HTML and the page's address, and returns the text of the article, a block a line; "" where it finds none."""

DOUBTFUL_AGREEMENT = 0.6
"""Word F1 of two extractors' texts below which they went different ways: pages where the leading two agree less
have a mean F1 of one half, those where they agree by over 0.9 of 0.96."""

_WORD = re.compile(r"\w+")


def by_trafilatura(markup: str, url: str | None) -> str:
    """Return what trafilatura takes for the article, tables and lists included, comments not."""
    from trafilatura import extract  # noqa: PLC0415 - takes a second to import

    return extract(markup, url=url, include_comments=False) or ""


def by_resiliparse(markup: str, url: str | None) -> str:
    """Return what Resiliparse takes for the main content; quicker, and less exact."""
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415 - an extra

    text: str = extract_plain_text(markup.encode("utf-8", "replace").decode("utf-8"), main_content=True)
    return text


EXTRACTORS: dict[str, Extractor] = {"trafilatura": by_trafilatura, "resiliparse": by_resiliparse}

SECOND = "trafilatura"
"""Who is asked for a second opinion: the most exact of those that come with scrubber."""


def find_extractor(name: str) -> Extractor:
    """Return the extractor of a name.

    Raises:
        ValueError: there is none of that name, or its library is not installed.
    """
    if name not in EXTRACTORS:
        raise ValueError(f"“{name}” is no extractor. Valid are: {', '.join(EXTRACTORS)}.")
    if find_spec(name) is None:
        raise ValueError(f'the extractor {name} is not installed: pip install "scrubber-toolkit[{name}]"')
    return EXTRACTORS[name]


def ask_extractor(extractor: Extractor | None, markup: str, url: str | None) -> tuple[str | None, tuple[str, ...]]:
    """Return what an extractor finds, and the flag that it failed; None where it did, or none is asked."""
    if extractor is None:
        return None, ()
    try:
        return extractor(markup, url), ()
    except Exception as error:  # another library's errors are its own
        return None, (f"extractor_failed:{type(error).__name__}",)


def compare(text: str, other: str, name: str) -> SecondOpinion:
    """Return another extractor's text as a second opinion on ours."""
    return SecondOpinion(name, other, agreement(text, other))


def agreement(one: str, other: str) -> float:
    """Return the word F1 of two texts: words as bags, whatever their case.

    Returns:
        From 0.0, no word in common, to 1.0; 1.0 where both are empty.

    >>> agreement("the bridge is closed", "The bridge"), agreement("", "")
    (0.6666666666666666, 1.0)
    """
    words, others = _words(one), _words(other)
    total = words.total() + others.total()
    return 2 * (words & others).total() / total if total else 1.0


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.casefold()))
