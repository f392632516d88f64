"""What `scrubber check` does with floors: writes them, and says what broke one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from scrubber.cli.messages import UsageError
from scrubber.cli.outputs import StandardOutput
from scrubber.report.safe import safe_text
from scrubber.testing.cases import FLOORS_FILE
from scrubber.testing.checks import CaseFailed, Run
from scrubber.testing.floors import FloorsFall, check_pins, pin, runs_in
from scrubber.testing.reading import CaseError


def pin_floors(roots: Sequence[Path], reason: str, output: StandardOutput) -> None:
    """Write the floors of every folder. Raises UsageError where one would fall without a reason, and lists what."""
    try:
        for root in roots:
            changed = pin(root, runs_in(root), reason)
            output.write(f"{'pinned' if changed else 'pinned already'}: {root / FLOORS_FILE}\n")
    except FloorsFall as error:
        output.write(safe_text("".join(f"would fall: {fall}\n" for fall in error.falls)))
        raise UsageError(str(error)) from error
    except CaseError as error:
        raise UsageError(str(error)) from error


def broken_floors(root: Path, runs: Iterable[Run]) -> str:
    """Return what is not as pinned in a folder, "" where all is. Raises UsageError where floors can't be read."""
    try:
        check_pins(root, runs)
    except CaseFailed as error:
        return str(error)
    except CaseError as error:
        raise UsageError(str(error)) from error
    return ""
