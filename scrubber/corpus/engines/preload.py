"""Imported once, by the process that workers are forked from: what takes long to load is there when they start."""

import scrubber.corpus.task  # noqa: F401
from scrubber.pipeline import shipped_tagger

shipped_tagger()
