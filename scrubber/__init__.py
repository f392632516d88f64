"""Scrubber turns scraped web pages into clean article text, with a reason for every line.

>>> import scrubber
>>> scrubber.clean("Share on Facebook\\n\\nThe bridge stays closed until Friday, the mayor said.\\n").text
'The bridge stays closed until Friday, the mayor said.\\n'
"""

from __future__ import annotations

import datetime
from functools import cache
from typing import Any

from scrubber.detectors import Detector, detector, hookimpl
from scrubber.document import Document
from scrubber.errors import ScrubberError
from scrubber.model import Evidence, Label, Page, Result
from scrubber.pipeline import Cleaner
from scrubber.sites import Site

__version__ = "0.1.0"

__all__ = [
    "Cleaner",
    "Detector",
    "Document",
    "Evidence",
    "Label",
    "Page",
    "Result",
    "ScrubberError",
    "Site",
    "clean",
    "detector",
    "hookimpl",
]


def clean(
    content: bytes | str,
    *,
    url: str | None = None,
    content_type: str | None = None,
    date: datetime.date | None = None,
    **options: Any,
) -> Result:
    """Clean one page with the plugins that are bundled and installed.

    `options` are those of `Cleaner`. For more than one page, or to give plugins, make a `Cleaner` once.

    Raises:
        ScrubberError: see `Cleaner.clean`; nothing else is raised for any content.
    """
    cleaner = Cleaner(**options) if options else _default()
    return cleaner.clean(content, url=url, content_type=content_type, date=date)


@cache
def _default() -> Cleaner:
    return Cleaner()
