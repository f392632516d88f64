"""CSS selectors that can't take long: split at their combinators, which are then walked in linear time.

The parser looks for `a b c d` by going back over all ways to match it, which takes time exponential in the number of
parts on a page that nests deeply. So it is only asked for the parts between combinators, and what is an ancestor or a
sibling of what is found here, in one pass for each.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from scrubber.errors import ScrubberError

MAX_SELECTOR = 500
"""Characters of a selector; hand-made ones have a few dozen."""

MAX_STEPS = 10_000_000
"""Looks at an element that the selectors of all sites may take on one page, in the worst case. A look takes 10 to 60
nanoseconds. On a page of 2,000 elements a simple selector needs 2,000, one with `:has()` 40,000 where it is 20 deep."""

HANDLING = 40
"""Looks that take as long as handling one element that was found."""

NESTED = ("is", "not", "where", "has")
"""Pseudo-classes with selectors in them."""

COUNTED = ("nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type")
"""Pseudo-classes that count the siblings of each element again."""

_SIGN = re.compile(
    r"""\\. | "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*'      # an escape, a string
    | \[(?:[^\]"']|"[^"]*"|'[^']*')*\]                   # an attribute
    | [(),>+~] | \s+ | [^\\"'\[(),>+~\s]+ | .""",
    re.VERBOSE | re.DOTALL,
)
_FUNCTION = re.compile(r":([a-zA-Z-]+)$")


class BadSelector(ScrubberError, ValueError):
    """A selector can't be read; says what is wrong with it."""


class TooManySteps(ScrubberError):
    """On this page the selectors would take too long; nothing was looked for."""


class Part(NamedTuple):
    """What stands between two combinators: `combinator` is the one before it, "" for the first."""

    combinator: str
    simple: str


class Selector(NamedTuple):
    """A selector, ready to be looked for.

    Attributes:
        alternatives: what its commas separate, each the parts that combinators separate.
        descends: how often it looks through all that is in an element, with `:has()`.
        counts: how often it goes through all siblings of an element.
    """

    alternatives: tuple[tuple[Part, ...], ...]
    descends: int
    counts: int


@lru_cache(maxsize=4096)
def read_selector(text: str) -> Selector:
    """Read a selector; the same one again costs nothing.

    Raises:
        BadSelector: it is longer than `MAX_SELECTOR`, is no CSS that the parser knows, or has combinators in a
            pseudo-class, such as `:not(nav p)`, but for one at the start of `:has(> p)`.
    """
    if len(text) > MAX_SELECTOR:
        raise BadSelector(f"it has {len(text):,} characters; a selector may have {MAX_SELECTOR}")
    alternatives = tuple(map(tuple, _split(text)))
    functions = [call for parts in alternatives for part in parts for call in _calls(part.simple)]
    _check_functions(functions)
    for parts in alternatives:
        for number, part in enumerate(parts):
            if bool(part.combinator) != bool(number) or not part.simple:
                raise BadSelector("a comma or a combinator has nothing on one side of it")
            if not _parses(part.simple):
                raise BadSelector(f"“{part.simple}” is no CSS that is known here")
    descends = sum(name == "has" and argument[:1] not in set(">+~") for name, argument in functions)
    counts = sum(name in COUNTED or (name == "has" and argument[:1] in set(">~")) for name, argument in functions)
    return Selector(alternatives, descends, counts)


def _split(text: str) -> Iterator[list[Part]]:
    """Yield the parts of each alternative; what is missing before a comma or behind a combinator is an empty part."""
    parts: list[Part] = []
    simple, combinator, depth = "", "", 0
    for sign in [*_SIGN.findall(text.strip()), ","]:
        depth += (sign == "(") - (sign == ")")
        if depth > 0 or sign == ")" or not (sign in ",>+~" or sign.isspace()):
            simple += sign
            continue
        if simple or (sign == "," and (combinator.strip() or not parts)):
            parts.append(Part(combinator, simple))
            simple = combinator = ""
        if sign == ",":
            yield parts
            parts, combinator = [], ""
        elif not sign.isspace():
            if combinator.strip():
                raise BadSelector(f"“{combinator}” and “{sign}” have nothing between them")
            combinator = sign
        elif parts:
            combinator = combinator or " "
    if depth:
        raise BadSelector("its brackets are not closed")


def _calls(text: str) -> Iterator[tuple[str, str]]:
    """Yield name and argument of each pseudo-class that has one, the nested ones after those around them."""
    name, argument, depth, before = "", "", 0, ""
    for sign in _SIGN.findall(text):
        depth -= sign == ")"
        if depth:
            argument += sign
        elif sign == ")":
            yield name, argument.strip()
            yield from _calls(argument)
            argument = ""
        elif sign == "(":
            found = _FUNCTION.search(before)
            name = found[1].lower() if found else ""
        depth += sign == "("
        before = sign


def _check_functions(functions: Iterable[tuple[str, str]]) -> None:
    for name, argument in functions:
        if name in COUNTED and " of " in argument:
            raise BadSelector(f"`of` in :{name}() is not known here")
        if name not in NESTED:
            continue
        if any(len(parts) > 1 for parts in _split(argument)):
            raise BadSelector(f":{name}() may hold simple selectors only, such as :{name}(.a, p), and has a combinator")
        if name == "has" and any(inner == "has" for inner, _ in _calls(argument)):
            raise BadSelector(":has() may not stand in another one")


def _parses(simple: str) -> bool:
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError  # noqa: PLC0415 - flattened text does without

    if "/*" in simple or "lexbor" in simple.lower():
        return False
    try:
        LexborHTMLParser("").css(simple)
    except (SelectolaxError, UnicodeError):
        return False
    return True


class Tree:
    """The elements of a parsed page, numbered in the order in which they open."""

    def __init__(self, parser: Any) -> None:
        """Number the elements; what the parser finds later must be of the same tree."""
        self._parser = parser
        self._steps = 0
        nodes = elements(parser)
        self._numbers = {node.mem_id: number for number, node in enumerate(nodes)}
        self._parents = [self._number(node.parent) for node in nodes]
        self._stops = list(range(1, len(nodes) + 1))
        for number in range(len(nodes) - 1, 0, -1):
            parent = self._parents[number]
            if parent >= 0:
                self._stops[parent] = max(self._stops[parent], self._stops[number])

    def __len__(self) -> int:
        return len(self._parents)

    def find(self, selector: Selector) -> list[int]:
        """Return the numbers of the elements that a selector finds, in order.

        Raises:
            TooManySteps: this and what was looked for before takes more than `MAX_STEPS`.
        """
        self._take(selector.descends * self._depths if selector.descends else 0)
        self._take(selector.counts * self._siblings if selector.counts else 0)
        return sorted({number for parts in selector.alternatives for number in self._find(parts)})

    def inside(self, found: Iterable[int]) -> Iterator[range]:
        """Yield what lies in some elements, they included, as ranges of numbers that do not touch."""
        start, stop = 0, 0
        for number in sorted(found):
            if number >= stop:
                if stop > start:
                    yield range(start, stop)
                start, stop = number, self._stops[number]
        if stop > start:
            yield range(start, stop)

    @cached_property
    def _depths(self) -> int:
        """How many elements lie in each, all in all: what looking into every one takes."""
        return sum(stop - number for number, stop in enumerate(self._stops))

    @cached_property
    def _siblings(self) -> int:
        """How many siblings each has, all in all."""
        return sum(count * count for count in Counter(self._parents).values())

    def _number(self, node: Any) -> int:
        return -1 if node is None else self._numbers.get(node.mem_id, -1)

    def _take(self, steps: int) -> None:
        self._steps += steps
        if self._steps > MAX_STEPS:
            raise TooManySteps(f"the selectors would take over {MAX_STEPS:,} steps on the page")

    def _find(self, parts: Iterable[Part]) -> Sequence[int]:
        found: Sequence[int] = ()
        for combinator, simple in parts:
            self._take(len(self))
            fit = sorted({number for number in map(self._number, self._parser.css(simple)) if number >= 0})
            self._take(HANDLING * len(fit))
            found = self._related(combinator, found, fit) if combinator else fit
        return found

    def _related(self, combinator: str, found: Sequence[int], fit: Sequence[int]) -> list[int]:
        """Return those that fit and stand to one of those found as the combinator says."""
        if combinator == " ":
            return list(_in_ranges(fit, self.inside(found)))
        parents = self._parents
        if combinator == ">":
            above = set(found)
            return [number for number in fit if parents[number] in above]
        if combinator == "+":
            behind = {(parents[number], self._stops[number]) for number in found}
            return [number for number in fit if (parents[number], number) in behind]
        first: dict[int, int] = {}
        for number in found:
            first.setdefault(parents[number], number)
        return [number for number in fit if first.get(parents[number], number) < number]


def _in_ranges(numbers: Iterable[int], ranges: Iterable[range]) -> Iterator[int]:
    """Yield the numbers that lie in a range and do not begin it; both come in order."""
    rest = iter(ranges)
    current = next(rest, None)
    for number in numbers:
        while current is not None and number >= current.stop:
            current = next(rest, None)
        if current is not None and number > current.start:
            yield number


def elements(parser: Any) -> list[Any]:
    """Return the elements of a parsed page in the order in which they open."""
    return [node for node in parser.root.traverse() if node.tag and node.tag[0] not in "-!"]
