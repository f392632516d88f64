"""One file for each kind of text that is not the article: lines in, evidence out.

A new detector is a new module in this folder (or in anybody's plugin) and no edit elsewhere: the folder is
discovered, and offered through the same hook that strangers use. A detector imports the model, the document
and the standard library; never the pipeline or another detector.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

import pluggy

from scrubber.document import Document
from scrubber.model import Evidence

HINT = 2.0
"""Log-odds of a sign that alone decides only a line that nothing else speaks for."""

LIKELY = 3.0
"""Log-odds of a sign that is right nine times in ten, and balances the shape of running text."""

STRONG = 4.0
"""Log-odds of a sign that outweighs the shape of the line: right 19 times in 20 on the tuning pages."""

CERTAIN = 8.0
"""Log-odds of a sign that is wrong less than once in a thousand lines."""

hookimpl = pluggy.HookimplMarker("scrubber")


@dataclass(frozen=True, slots=True)
class Detector:
    """A named way to find one kind of text. `find` must be pure, linear in the page, and change nothing."""

    name: str
    find: Callable[[Document], Iterable[Evidence]]

    @property
    def summary(self) -> str:
        """The first line of the docstring of `find`."""
        return (self.find.__doc__ or "").strip().split("\n", 1)[0]


def detector(name: str) -> Callable[[Callable[[Document], Iterable[Evidence]]], Detector]:
    """Turn a function from document to evidence into a `Detector`; the name is the one users read."""

    def wrap(find: Callable[[Document], Iterable[Evidence]]) -> Detector:
        return Detector(name, find)

    return wrap


@hookimpl
def register_detectors() -> list[Detector]:
    """Offer every detector of this folder, in the order of their names."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    found = [thing for module in modules for thing in vars(module).values() if isinstance(thing, Detector)]
    return sorted(found, key=lambda detector: detector.name)
