"""Error messages, checks for robots and walls in front of the text."""

from __future__ import annotations

from collections.abc import Iterator

from scrubber.detectors import STRONG, detector
from scrubber.document import Document
from scrubber.model import Evidence, Label

KINDS = {
    "error_page": "says that there is no such page",
    "robot_wall": "a check for robots, or a shell that waits for a script",
    "paywall": "stands where the rest of the article would",
}

NOTICE_WORDS = 40
"""Words. A longer line that begins like such a notice is told by somebody."""


@detector("wall-notices")
def wall_notices(document: Document) -> Iterator[Evidence]:
    """A line that a server, a robot check or a paywall puts where an article would be.

    Bad:  Page not found / Please enable JavaScript to continue. / Subscribe to continue reading.
    Good: Access denied to the archive for years was granted by the court on Monday.
    """
    for kind, reason in KINDS.items():
        for index in document.phrases.get(kind, ()):
            if document.words[index] <= NOTICE_WORDS:
                yield Evidence(index, Label.NON_CONTENT, STRONG, "wall-notices", reason)
