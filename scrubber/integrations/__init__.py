"""Scrubber inside other people's pipelines: one module a library, imported only by whoever uses that library.

All of them are thin: `batch.clean_records` does the work.
"""
