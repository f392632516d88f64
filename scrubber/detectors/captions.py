"""Captions and the credits of photographers."""

from __future__ import annotations

from collections.abc import Iterator

from scrubber.detectors import LIKELY, STRONG, detector
from scrubber.document import Document
from scrubber.model import Evidence, Label

TWIN_WORDS = range(3, 61)
"""Words. One or two that stand twice in a row are more often a menu entry with its icon's name; over sixty are no
caption."""


@detector("twin-captions")
def twin_captions(document: Document) -> Iterator[Evidence]:
    """The same line twice in a row: an image's alternative text and its caption.

    Bad:  Flood in the old town / A street by the river / A street by the river /
          The river has flooded half of the streets of the old town.
    Good: A street by the river / The river has flooded half of the streets of the old town. / A street by the river
    """
    texts = document.texts
    below = document.title_line if document.title_line is not None else 0
    near = range(below + 1, min(document.body.stop, len(texts) - 1))
    for index in [index for index in near if texts[index] == texts[index + 1]]:
        if document.words[index] in TWIN_WORDS:
            for twin in (index, index + 1):
                yield Evidence(twin, Label.CAPTION, LIKELY, "twin-captions", "stands twice in a row, as captions do")


@detector("photo-credits")
def photo_credits(document: Document) -> Iterator[Evidence]:
    """A line that names its photographer or picture agency.

    Bad:  People walk along a street. Photograph: A. Example/Agency
    Good: The photograph that her brother took hung in the hall for years.
    """
    for index in document.phrases.get("credit", ()):
        if not document.prose[index]:
            yield Evidence(index, Label.CAPTION, STRONG, "photo-credits", "names a photographer or picture agency")
