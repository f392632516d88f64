"""Whole corpora: read, cleaned and written by worker processes that no page can stop.

inputs -> plan (written once) -> one task a shard -> parts -> manifests (the commit points)
"""
