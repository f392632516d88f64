"""Values that several hold at once can't be changed: neither by a detector, nor by a site, nor by a caller."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, is_dataclass
from typing import Any

import pytest

from scrubber.detectors import Detector
from scrubber.model import Label, Page, Policy, Quality, Settled
from scrubber.repair import RepairOptions
from scrubber.segment.metadata import Statements
from scrubber.sites import RuleSite
from scrubber.sites.rules import Rule
from scrubber.sites.site import Site

VALUES = (
    Detector("a-name", lambda _: []),
    Page("text"),
    Policy(),
    Quality(1.0, 1.0),
    RepairOptions(),
    Rule("a-name", Label.NAVIGATION),
    Settled("", (), Quality(1.0, 1.0)),
    Statements((), {}, None),
)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_shared_value_cannot_be_changed(value: Any) -> None:
    assert is_dataclass(value)
    for field in fields(value):
        with pytest.raises(FrozenInstanceError):
            setattr(value, field.name, None)


def test_a_site_that_finds_nothing_is_none() -> None:
    """An author who forgot `find` is told so when the site is made, not on the first page."""
    with pytest.raises(TypeError, match="abstract"):
        type("Forgetful", (Site,), {})()


def test_a_site_of_rules_holds_what_it_was_given() -> None:
    """Also where what was given can be read only once."""
    site = RuleSite(
        "valley", iter([Rule("a", Label.QUOTE)]), hosts=iter(["a"]), fingerprints=iter("b"), signatures=iter("c")
    )
    assert (site.rules, site.hosts, site.fingerprints, site.signatures) == (
        (Rule("a", Label.QUOTE),),
        ("a",),
        ("b",),
        ("c",),
    )
