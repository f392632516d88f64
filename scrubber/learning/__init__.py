"""Learns what the pages of a site have in common, and writes it as a site file that a person can review."""

from scrubber.learning.learn import CannotLearn, Learner, learn
from scrubber.learning.template import LearnedRule, Template

__all__ = ["CannotLearn", "LearnedRule", "Learner", "Template", "learn"]
