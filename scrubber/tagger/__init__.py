"""The line tagger: how likely each line of a page belongs to its article, learned from text alone."""

from scrubber.tagger.tagger import Tagged, Tagger
from scrubber.tagger.threshold import choose_threshold, expected_f1

__all__ = ["Tagged", "Tagger", "choose_threshold", "expected_f1"]
