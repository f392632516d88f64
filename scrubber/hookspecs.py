"""All that a plugin can offer. Hooks gather; the pipeline loops.

from scrubber import hookimpl

@hookimpl
def register_detectors():
    return [my_detector]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from scrubber.detectors import Detector
    from scrubber.sites import Site

GROUP = "scrubber"
"""The name of the pluggy project and of the entry point group."""

hookspec = pluggy.HookspecMarker(GROUP)


@hookspec
def register_detectors() -> list[Detector]:
    """Offer detectors: each finds one kind of text in any page, and changes nothing."""


@hookspec
def register_sites() -> list[Site]:
    """Offer sites: each knows the pages of one site, and speaks only on those."""
