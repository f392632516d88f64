"""Evidence on pages of very many lines, where nearly all of it is alike: what is said is kept once, for all lines."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator

from scrubber.model import Evidence

Claim = tuple[Evidence, ...]
"""What rules say of one line as a whole, in order."""


class Alike:
    """Pieces of evidence in order, in eight bytes each where few of them differ. Iterating makes each anew."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[object, ...], int] = {}
        self._said: list[Evidence] = []
        self._lines, self._which = array("i"), array("i")

    def __len__(self) -> int:
        return len(self._lines)

    def __iter__(self) -> Iterator[Evidence]:
        said = self._said
        return (said[number]._replace(line=line) for line, number in zip(self._lines, self._which, strict=True))

    def extend(self, found: Iterable[Evidence]) -> None:
        """Add pieces of evidence, each of a line that the page has."""
        if isinstance(found, Alike):
            numbers = [self._number(one) for one in found._said]
            self._lines.extend(found._lines)
            self._which.extend([numbers[number] for number in found._which])
        else:
            for one in found:
                self._lines.append(one.line)
                self._which.append(self._number(one))

    def _number(self, one: Evidence) -> int:
        number = self._numbers.setdefault(one[1:], len(self._said))
        if number == len(self._said):
            self._said.append(one)
        return number

    def by_line(self, lines: int) -> list[Claim]:
        """Return what is said of each line as a whole. Claims that are alike are one, in which `Evidence.line` is that
        of any of its lines."""
        whole: list[Claim] = [()] * lines
        known: dict[tuple[int, int], Claim] = {}
        for line, number in zip(self._lines, self._which, strict=True):
            one, claim = self._said[number], whole[line]
            if one.span is None:
                key = id(claim), number
                whole[line] = known.get(key) or known.setdefault(key, (*claim, one))
        return whole

    def of_parts(self) -> list[Evidence]:
        """Return what is said of stretches of lines."""
        some = any(one.span is not None for one in self._said)
        return [one for one in self if one.span is not None] if some else []
