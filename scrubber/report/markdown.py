"""A result as Markdown (CommonMark): what would be markup is escaped, so that it reads as it stood on the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from scrubber.model import Decision, Label, Result

_INLINE = re.compile(r"[\\`*\[\]]|(?<!\w)_|_(?!\w)|~(?=~)|(?<=~)~|<(?=[A-Za-z/!?])|&(?=#?\w+;)")
_BLOCK = re.compile(r"(?:#{1,6}|[-+])(?=\s|$)|-(?=[-\s]*$)|>")
_NUMBER = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_BULLET = re.compile(r"[•·‣▪▫■●○◦*→►✓–—-][ \u00a0]+(?=\S)")
_BACKTICKS = re.compile("`+")


def to_markdown(result: Result) -> str:
    """Return title and article as Markdown, one line feed at the end; "" for a page without either."""
    parts = [f"# {_heading(result.title)}"] if result.title else []
    kept = [decision for decision in result.lines if decision.kept and decision.text.strip()]
    shown = [one for one in kept if not (one.label == Label.TITLE and one.text.strip() == result.title)]
    for label, run in groupby(shown, key=lambda decision: decision.label):
        parts.extend(_blocks(label, run))
    return "\n\n".join(parts) + "\n" if parts else ""


def _blocks(label: str, run: Iterable[Decision]) -> Iterator[str]:
    texts = [decision.text.strip() for decision in run]
    if label == Label.LIST_ITEM:
        yield "\n".join(map(_item, texts))
    elif label == Label.CODE:
        yield _fenced(texts)
    elif label == Label.SUBHEADING:
        yield from (f"## {_heading(text)}" for text in texts)
    elif label == Label.QUOTE:
        yield "\n>\n".join(f"> {escape(text)}" for text in texts)
    else:
        yield from map(escape, texts)


def escape(text: str) -> str:
    r"""Escape what Markdown would take for markup in a paragraph of one line.

    >>> print(escape("1. *Stars* in <b>snake_case</b>"))
    1\. \*Stars\* in \<b>snake_case\</b>
    """
    escaped = _INLINE.sub(r"\\\g<0>", text)
    if number := _NUMBER.match(escaped):
        return f"{number[1]}\\{escaped[number.end(1) :]}"
    return f"\\{escaped}" if _BLOCK.match(escaped) else escaped


def _heading(text: str) -> str:
    """Escape a heading, at whose end a run of number signs would count as decoration."""
    escaped = escape(text)
    bare = escaped.rstrip("#")
    return escaped if bare == escaped or bare.endswith("\\") else f"{bare}\\{escaped[len(bare) :]}"


def _item(text: str) -> str:
    """Write a list item; a numbered one keeps its number, which Markdown knows too."""
    if number := _NUMBER.match(text):
        return f"{number[0]} {escape(text[number.end() :].strip())}"
    return f"- {escape(_BULLET.sub('', text, count=1))}"


def _fenced(texts: Iterable[str]) -> str:
    code = "\n".join(texts)
    fence = "`" * max(3, 1 + max(map(len, _BACKTICKS.findall(code)), default=0))
    return f"{fence}\n{code}\n{fence}"
