"""A page in pieces: taken apart into what is kept and what was removed, and put together again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

Removed = Iterable[Mapping[str, Any]]


def digest(text: str) -> str:
    """Return what a page is known by: 16 hexadecimal digits of its UTF-8."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def cut(text: str, removed: Removed) -> str:
    """Return a page without the stretches that were removed.

    >>> cut("Share this\\nThe bridge is closed.\\n", [{"start": 0, "end": 11}])
    'The bridge is closed.\\n'
    """
    kept, position = [], 0
    for stretch in removed:
        kept.append(text[position : stretch["start"]])
        position = stretch["end"]
    return "".join((*kept, text[position:]))


def restore(kept: str, removed: Removed) -> str:
    """Return the page that `cut` was given.

    Args:
        kept: what `cut` returned.
        removed: the removed stretches, in order, each with its `start`, `end` and `text`.

    >>> restore("The bridge is closed.\\n", [{"start": 0, "end": 11, "text": "Share this\\n"}])
    'Share this\\nThe bridge is closed.\\n'
    """
    pieces: list[str] = []
    position = done = 0
    for stretch in removed:
        own = stretch["start"] - position
        pieces += (kept[done : done + own], stretch["text"])
        done += own
        position = stretch["end"]
    return "".join((*pieces, kept[done:]))
