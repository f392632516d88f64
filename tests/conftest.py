"""What every test of the project shares: profiles of hypothesis, and cleaners for all who only read."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from scrubber import Cleaner

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]  # a page is large by nature, and machines are shared

settings.register_profile(
    "ci", max_examples=40, derandomize=True, deadline=None, database=None, suppress_health_check=SLOW
)
settings.register_profile("thorough", max_examples=2_000, deadline=None, suppress_health_check=SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def cleaner() -> Cleaner:
    """A cleaner with the bundled sites; immutable, so all tests share it."""
    return Cleaner(installed=False)


@pytest.fixture(scope="session")
def bare_cleaner() -> Cleaner:
    """A cleaner without any site."""
    return Cleaner(bundled=False, installed=False)
