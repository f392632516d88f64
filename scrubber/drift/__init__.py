"""Whether a site's pages still look as they did: a baseline of its figures, and a test of each page that follows."""

from scrubber.drift.baseline import BadBaseline, Baseline, record
from scrubber.drift.watch import Change, Watch

__all__ = ["BadBaseline", "Baseline", "Change", "Watch", "record"]
