"""What each flag of a result means, as a clause a user can read."""

from __future__ import annotations

MEANINGS = {
    "empty": "it is empty",
    "no_article": "no article was found on it: every line was taken out",
    "over_removed": "nearly all of its running text was taken out",
    "paywall": "the article is behind a paywall",
    "consent_wall": "a request for consent stands in place of the article",
    "error_page": "it is an error page",
    "robot_wall": "a check for robots stands in place of the article; fetch it with a browser",
    "link_index": "it is a list of links rather than an article",
    "app_shell": "it shows at most three words before its scripts have run; fetch it with a browser",
    "cut_attributes": "some of its tags had more attributes, or longer ones, than any page needs; they were cut",
    "cut_tags": "it has more tags, or short rows of code, than any page needs; many of them were taken out",
    "cut_depth": "its elements nest deeper than any page needs; the deepest tags were taken for line breaks",
    "cut_links": "it has more links than any page needs, or its lines can't be told; they were left out",
    "second_opinion_differs": "another extractor finds another article on it",
    "undecodable_bytes": "some bytes could not be read and show as U+FFFD",
    "truncated": "it ends in the middle of a character and may be cut",
    "mixed_encodings": "it mixes encodings; lines that are not UTF-8 were read as windows-1252",
    "wrong_declaration": "its bytes belie the encoding that is declared for it, so another was taken",
}

PLUGIN_FAILED = "plugin_failed"
EXTRACTOR_FAILED = "extractor_failed"


def explain_flag(flag: str) -> str:
    """Return a flag with its meaning; one that is not known here stands for itself.

    >>> explain_flag("plugin_failed:captions:ValueError")
    'the plugin captions failed on it (ValueError) and was skipped (plugin_failed)'
    """
    name, _, rest = flag.partition(":")
    if name == PLUGIN_FAILED:
        plugin, _, error = rest.rpartition(":")
        return f"the plugin {plugin} failed on it ({error}) and was skipped ({name})"
    if name == EXTRACTOR_FAILED:
        return f"the extractor that was asked failed on it ({rest}) and was passed over ({name})"
    return f"{MEANINGS[name]} ({flag})" if name in MEANINGS else flag
