"""What every test of the project shares: where things lie, and one cleaner for all who only read."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrubber import Cleaner

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def cleaner() -> Cleaner:
    """A cleaner with the bundled sites; immutable, so all tests share it."""
    return Cleaner(installed=False)


@pytest.fixture(scope="session")
def bare_cleaner() -> Cleaner:
    """A cleaner without any site."""
    return Cleaner(bundled=False, installed=False)
