"""Where the checkout is; importing this lets the scripts find `scrubber` there without an installation."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

sys.path.insert(0, str(ROOT))
