"""The line tagger: how likely each line of a page belongs to its article, learned from text alone."""
