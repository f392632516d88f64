"""What is folded beyond the repair of damage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class RepairOptions:
    """What to fold beyond repairing damage. The default folds nothing.

    `quotes="straight"` turns curly single and double quotes into `'` and `"`; guillemets stay.
    `width="fold"` turns full-width letters and half-width kana into their usual forms, U+3000 into a space.
    """

    quotes: Literal["as-written", "straight"] = "as-written"
    width: Literal["as-written", "fold"] = "as-written"


DEFAULT = RepairOptions()
