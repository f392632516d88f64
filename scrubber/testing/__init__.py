"""The test kit: cases as folders, laws as functions, damage, strategies, and a pytest plugin.

The project's own cases go through the same checks, so a plugin is tested the way the project is. `strategies`
needs hypothesis and `plugin` needs pytest; neither is imported before it is asked for.
"""

from __future__ import annotations

from scrubber.testing.cases import Case, cleaner_for, find_cases, load_case
from scrubber.testing.checks import CaseFailed, Run, aspects, check_case
from scrubber.testing.damage import DAMAGES, Damage
from scrubber.testing.laws import CASE_LAWS, LAWS, Law, LawBroken
from scrubber.testing.reading import CaseError
from scrubber.testing.rows import Row

__all__ = [
    "CASE_LAWS",
    "DAMAGES",
    "LAWS",
    "Case",
    "CaseError",
    "CaseFailed",
    "Damage",
    "Law",
    "LawBroken",
    "Row",
    "Run",
    "aspects",
    "check_case",
    "cleaner_for",
    "find_cases",
    "load_case",
]
