"""Markup within limits, so that no page takes a parser time that grows with its square, or many times its memory."""

from __future__ import annotations

from typing import Any, NamedTuple

from scrubber.segment.attributes import cut_attributes
from scrubber.segment.nesting import limit_depth
from scrubber.segment.tags import Tags, limit_tags

CUT_ATTRIBUTES = "cut_attributes"
CUT_TAGS = "cut_tags"
CUT_DEPTH = "cut_depth"


class Bounded(NamedTuple):
    """Markup within the limits, and the flags that say what they cut."""

    markup: bytes
    flags: tuple[str, ...] = ()


def bounded(markup: bytes) -> Bounded:
    """Cut what would cost a parser dearly: attributes and tags without number, and elements nested without end."""
    short = cut_attributes(markup)
    tags = Tags.of(short)
    thin = limit_tags(short, tags)
    shallow = limit_depth(thin, tags if thin is short else Tags.of(thin))
    cuts = ((CUT_ATTRIBUTES, short is not markup), (CUT_TAGS, thin is not short), (CUT_DEPTH, shallow is not thin))
    return Bounded(shallow, tuple(flag for flag, cut in cuts if cut))


def parse(markup: bytes) -> Any:
    """Parse a page as browsers do."""
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 - flattened text does without

    return LexborHTMLParser(markup)
