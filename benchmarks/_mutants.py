"""Mutants: source with one small mistake in it. cosmic-ray writes them; here they are chosen and judged."""

from __future__ import annotations

import ast
import random
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, NamedTuple

from _root import ROOT

OPERATORS = (
    "AddNot",
    "ExceptionReplacer",
    "NumberReplacer",
    "RemoveDecorator",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceUnaryOperator_Delete_Not",
    "ReplaceUnaryOperator_Delete_USub",
    "ZeroIterationForLoop",
    *(f"ReplaceComparisonOperator_{pair}" for pair in ("Eq_NotEq", "NotEq_Eq", "Is_IsNot", "IsNot_Is")),
    *(f"ReplaceComparisonOperator_{pair}" for pair in ("Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt")),
    *(f"ReplaceBinaryOperator_{pair}" for pair in ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "BitOr_BitAnd")),
)
"""cosmic-ray's operators, one of each kind. Of the others most exchange `+` or `==` for something that fails at
once: they are killed by any test whatever, and would only make the rate look better."""

JUDGED_FILE = Path(__file__).with_name("mutants.toml")


class Place(NamedTuple):
    """Where an operator of cosmic-ray can be used: the `nth` place in a module, on a line that counts from 1."""

    file: str
    operator: str
    nth: int
    line: int


class Mutant(NamedTuple):
    """One mistake: its place, that line before and after, and the whole source with it."""

    place: Place
    before: str
    after: str
    source: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What names it as long as its line is written as it is, wherever that stands."""
        return self.place.file, self.before, self.after

    def __str__(self) -> str:
        return f"{self.place.file}:{self.place.line}: {self.before}  →  {self.after}"


def places_in(file: str) -> Iterator[Place]:
    """Yield every place of a module that an operator can be used at."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import get_operator

    nodes = list(ast_nodes(get_ast((ROOT / file).read_text(encoding="utf-8"))))
    for operator in OPERATORS:
        mutate = get_operator(f"core/{operator}")()
        starts = [start for node in nodes for start, _ in mutate.mutation_positions(node)]
        yield from (Place(file, operator, nth, line) for nth, (line, _) in enumerate(starts))


def mutant_at(place: Place) -> Mutant | None:
    """Return the mutant of a place; None for one that is no Python, and for one that never runs, in an annotation."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    source = (ROOT / place.file).read_text(encoding="utf-8")
    mutated = mutate_code(source, get_operator(f"core/{place.operator}")(), place.nth)
    if mutated is None or what_runs(mutated) in {what_runs(source), ""}:
        return None
    before, after = _changed_line(source, mutated)
    return Mutant(place, before, after, mutated)


def _changed_line(source: str, mutated: str) -> tuple[str, str]:
    """Return what was changed before and after, as a rule one line; "" where a line is left out."""
    old, new = ([line.strip() for line in text.split("\n")] for text in (source, mutated))
    changes = [
        change for change in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if change[0] != "equal"
    ]
    before = " ".join(filter(None, (line for _, start, stop, _, _ in changes for line in old[start:stop])))
    after = " ".join(filter(None, (line for _, _, _, start, stop in changes for line in new[start:stop])))
    return before, after


def what_runs(source: str) -> str:
    """Return the syntax tree of a source without its annotations, as text; two that are alike behave alike.

    "" where it has none: `if not a := b` is what cosmic-ray makes of `if a := b`.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
    return ast.dump(tree)


def sample(strata: Mapping[str, Sequence[Place]], size: int, seed: int) -> list[Place]:
    """Draw places from each stratum in proportion to its size, in random order; the same ones for the same seed."""
    total = sum(map(len, strata.values()))
    chance = random.Random(seed)
    drawn = [
        place
        for places in strata.values()
        for place in chance.sample(places, min(len(places), round(size * len(places) / total)))
    ]
    chance.shuffle(drawn)  # so that a run that is broken off has seen something of everything
    return drawn


def judged() -> dict[tuple[str, str, str], str]:
    """Return what was judged by hand: for each mutant that changes nothing anybody could see, the reason."""
    entries: Iterable[dict[str, Any]] = tomllib.loads(JUDGED_FILE.read_text(encoding="utf-8"))["equivalent"]
    return {(entry["file"], entry["before"], entry["after"]): entry["reason"] for entry in entries}


def wilson(hits: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """Return the ends of the 95 % interval of a share (Wilson's), 0.0 to 1.0.

    >>> [round(end, 3) for end in wilson(90, 100)]
    [0.826, 0.945]
    """
    share, spread = hits / total, z * z / total
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * (share * (1 - share) / total + spread / (4 * total)) ** 0.5
    return middle - half, middle + half
