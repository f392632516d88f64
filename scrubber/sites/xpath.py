"""XPath to CSS, where the two find exactly the same elements; for the importer of other tools' site files only.

The expression is parsed by elementpath, which the extra `ftr` brings; what is here walks over its tree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from scrubber.errors import ScrubberError
from scrubber.segment.selectors import BadSelector, read_selector

_WORD = re.compile(r"-?[A-Za-z_][\w-]*", re.ASCII)
_NAME = re.compile(r"[a-z_][a-z0-9_-]*")
_COMBINATORS = {"/": " > ", "//": " "}


class NoSelector(ScrubberError):
    """An expression that no CSS selector stands for; says why."""


def to_css(expression: str) -> list[str]:
    """Return the CSS selectors that together find in HTML just what an XPath expression finds.

    >>> to_css("//div[@id='story']/p[1] | //p[contains(@class, 'lead')]")
    ['div[id="story"] > p:nth-of-type(1)', 'p[class*="lead"]']

    Raises:
        NoSelector: there is none: the expression looks at texts, upwards, or at positions among what it found, gives
            attributes or texts, or is no XPath.
    """
    from elementpath import ElementPathError, XPath1Parser  # noqa: PLC0415 - an extra

    try:
        tree = XPath1Parser().parse(expression)
    except (ElementPathError, ValueError, RecursionError) as error:
        raise NoSelector(f"is no XPath ({str(error).partition('] ')[2] or error})") from error
    try:
        css = list(_alternatives(tree))
    except RecursionError as error:
        raise NoSelector("has too many steps") from error
    for one in css:
        try:
            read_selector(one)
        except BadSelector as error:
            raise NoSelector(f"has no selector that is known here: {error}") from error
    return css


def element_css(word: str) -> list[str]:
    """Return the selectors of the elements that have a word as their id or among their classes."""
    if _WORD.fullmatch(word):
        return [f".{word}", f"#{word}"]
    return [f"[class~={_quoted(word)}]", f"[id={_quoted(word)}]"]


def _alternatives(tree: Any) -> Iterator[str]:
    if tree.symbol == "|":
        for alternative in tree:
            yield from _alternatives(alternative)
    else:
        yield _path(tree)


def _path(tree: Any) -> str:
    """Return the selector of a path that begins at the root."""
    if tree.symbol == "//" and len(tree) == 1:
        return _step(tree[0])
    if tree.symbol == "/" and len(tree) == 1:
        if _name(tree[0]) != "html":
            raise NoSelector("begins at the root with something else than html")
        return _step(tree[0])
    if tree.symbol in _COMBINATORS and len(tree) == 2:  # noqa: PLR2004 - what is on its two sides
        return _joined(tree)
    if tree.symbol == "[" and tree[0].symbol in {"(", "/", "//", "|"}:
        raise NoSelector("takes one by its position, or filters, among all that a path finds")
    if tree.symbol in {"(", "|"}:
        raise NoSelector("has a choice within a path")
    raise NoSelector("does not begin with / or //, or gives no elements")


def _joined(tree: Any) -> str:
    """Return the selector of a path with a further step."""
    before, step = tree
    if step.symbol in {"..", "parent"}:
        return _parent(before, step)
    if step.symbol == "following-sibling" and tree.symbol == "/":
        return f"{_path(before)} ~ {_step(step[0])}"
    return f"{_path(before)}{_COMBINATORS[tree.symbol]}{_step(step)}"


def _parent(path: Any, step: Any) -> str:
    """Return the selector of the parents of what the one step of a path finds."""
    if path.symbol != "//" or len(path) != 1:
        raise NoSelector("goes up from more than one step")
    name = "" if step.symbol == ".." or _name(step[0]) == "*" else _name(step[0])
    return f"{name}:has(> {_step(path[0])})"


def _step(tree: Any) -> str:
    """Return the selector of one step: a name, and what is asked of it."""
    if tree.symbol != "[":
        return _name(tree)
    inner, condition = tree
    position = _position(condition)
    if position is None:
        before = _step(inner)
        return f"{'' if before == '*' else before}{_condition(condition)}"
    if inner.symbol == "[":
        raise NoSelector("counts positions among what a condition leaves")
    name = _name(inner)
    return (
        f":nth-{position[0]}child({position[1]})" if name == "*" else f"{name}:nth-{position[0]}of-type({position[1]})"
    )


def _name(tree: Any) -> str:
    """Return the name of an element that a step asks for, or *."""
    if tree.symbol == "*":
        return "*"
    if tree.symbol == "(name)":
        return _checked(str(tree.value))
    if tree.symbol == "@":
        raise NoSelector("gives an attribute, and rules are about lines of text")
    if tree.symbol == "text":
        raise NoSelector("gives texts that are parts of elements")
    raise NoSelector(f"has a step “{tree.symbol}”")


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise NoSelector(f"has the name “{name}”, which is none in HTML, where all are lower case")
    return name


def _position(tree: Any) -> tuple[str, int] | None:
    """Return a position among the children of one parent: "last-" where it counts from the end, and its number."""
    if tree.symbol == "=" and tree[0].symbol == "position":
        tree = tree[1]
    if tree.symbol == "last":
        return "last-", 1
    return ("", int(tree.value)) if tree.symbol == "(integer)" else None


def _condition(tree: Any) -> str:
    """Return what a condition adds to the selector of its element."""
    known = _CONDITIONS.get(tree.symbol)
    if known is None:
        raise NoSelector(f"looks at “{tree.symbol}” in a condition")
    return known(tree)


def _has_attribute(tree: Any) -> str:
    return f"[{_attribute(tree)}]"


def _equals(tree: Any) -> str:
    left, right = tree
    attribute, value = (left, right) if left.symbol == "@" else (right, left)
    return f"[{_attribute(attribute)}={_quoted(_text(value))}]"


def _differs(tree: Any) -> str:
    left, right = tree
    attribute = left if left.symbol == "@" else right
    return f"[{_attribute(attribute)}]:not({_equals(tree)})"


def _contains(tree: Any) -> str:
    where, what = tree[0], _text(tree[1])
    if where.symbol != "concat":
        return f"[{_attribute(where)}*={_quoted(what)}]"
    word = what[1:-1]
    around = [part.value if part.symbol == "(string)" else None for part in where]
    if around != [" ", None, " "] or what != f" {word} " or word.split() != [word]:
        raise NoSelector("looks for something else than one word among others")
    inner = where[1][0] if where[1].symbol == "normalize-space" and len(where[1]) else where[1]
    name = _attribute(inner)
    return f".{word}" if name == "class" and _WORD.fullmatch(word) else f"[{name}~={_quoted(word)}]"


def _starts_with(tree: Any) -> str:
    return f"[{_attribute(tree[0])}^={_quoted(_text(tree[1]))}]"


def _not(tree: Any) -> str:
    return f":not({_condition(tree[0])})"


def _and(tree: Any) -> str:
    return "".join(map(_condition, tree))


def _or(tree: Any) -> str:
    return f":is({', '.join(map(_condition, tree))})"


def _grouped(tree: Any) -> str:
    return _condition(tree[0])


def _is_itself(tree: Any) -> str:
    return f":is({_name(tree[0])})"


def _has_child(tree: Any) -> str:
    return f":has(> {_step(tree)})"


def _has_descendant(tree: Any) -> str:
    return f":has({_step(tree[0])})"


def _has_path(tree: Any) -> str:
    """Return the condition that begins with a full stop: `./a` or `.//a`."""
    if len(tree) != 2 or tree[0].symbol != ".":  # noqa: PLR2004 - what is on its two sides
        raise NoSelector("looks along a path in a condition")
    return f":has({'> ' if tree.symbol == '/' else ''}{_step(tree[1])})"


_CONDITIONS: dict[str, Callable[[Any], str]] = {
    "@": _has_attribute,
    "=": _equals,
    "!=": _differs,
    "contains": _contains,
    "starts-with": _starts_with,
    "not": _not,
    "and": _and,
    "or": _or,
    "(": _grouped,
    "self": _is_itself,
    "(name)": _has_child,
    "[": _has_child,
    "*": _has_child,
    "child": lambda tree: _has_child(tree[0]),
    "descendant": _has_descendant,
    "/": _has_path,
    "//": _has_path,
}


def _attribute(tree: Any) -> str:
    if tree.symbol != "@" or tree[0].symbol != "(name)":
        raise NoSelector("looks at the text of elements, or at something else than an attribute")
    return _checked(str(tree[0].value))


def _text(tree: Any) -> str:
    if tree.symbol != "(string)" or not tree.value:
        raise NoSelector("compares with something else than a text")
    return str(tree.value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
