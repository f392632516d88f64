"""Learns what the pages of a site have in common, and writes it as a site file that a person can review."""

from scrubber.learning.learn import CannotLearn, Learner, learn
from scrubber.learning.merge import CannotMerge, merge
from scrubber.learning.naming import Names, site_name
from scrubber.learning.site_file import new_file
from scrubber.learning.template import LearnedRule, Template

__all__ = [
    "CannotLearn",
    "CannotMerge",
    "LearnedRule",
    "Learner",
    "Names",
    "Template",
    "learn",
    "merge",
    "new_file",
    "site_name",
]
