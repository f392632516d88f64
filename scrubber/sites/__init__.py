"""What is known of single sites: rule files, the Python class for what rules can't say, and matching."""

from scrubber.sites.matching import SiteIndex, SiteMatch
from scrubber.sites.reader import load_site
from scrubber.sites.rules import Rule, RuleSite
from scrubber.sites.site import Site

__all__ = ["Rule", "RuleSite", "Site", "SiteIndex", "SiteMatch", "load_site"]
