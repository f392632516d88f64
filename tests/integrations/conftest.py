"""Pages that every integration cleans, and what must come of them."""

from __future__ import annotations

from typing import Any

import pytest

from scrubber import Cleaner

STORY = (
    "The old bridge was closed by the flood of the river on Monday, the mayor of the valley said in the town hall.",
    "Nobody may cross it before the spring, she told a meeting of two hundred people on Tuesday evening.",
)

HTML = f"""<!DOCTYPE html>
<html lang="en"><head><title>Old bridge closed by flood</title><meta name="author" content="Ada Example"></head>
<body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><article><h1>Old bridge closed by flood</h1>
<p>{STORY[0]}</p><p>{STORY[1]}</p></article><footer>© The Valley Post</footer></body></html>
"""

FLAT = f"Share on Facebook\n\n{STORY[0]}\n\n{STORY[1]}\n"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) * 4
TEXT = f"{STORY[0]}\n\n{STORY[1]}\n"


@pytest.fixture
def rows() -> list[dict[str, Any]]:
    """Return four rows: HTML, flattened text, a PDF, and a row without a page."""
    return [
        {"id": 1, "html": HTML.encode(), "text": None, "url": "https://valley.example/1", "score": 0.5},
        {"id": 2, "html": None, "text": FLAT, "url": None, "score": 1.5},
        {"id": 3, "html": PDF, "text": None, "url": "https://valley.example/3", "score": 2.5},
        {"id": 4, "html": None, "text": None, "url": None, "score": None},
    ]


@pytest.fixture
def quoting_cleaner() -> Cleaner:
    """Return a cleaner whose work can be told from the usual one: it keeps navigation."""
    return Cleaner(keep=["navigation"])


class Check:
    """What must be true of the four rows, whatever library they went through."""

    @staticmethod
    def cleaned(rows: list[dict[str, Any]]) -> None:
        """Both pages are cleaned, the other two say why not, and nothing else has changed."""
        assert [row["id"] for row in rows] == [1, 2, 3, 4]
        assert [row["score"] for row in rows[:3]] == [0.5, 1.5, 2.5]
        assert [row["text"] for row in rows] == [TEXT, TEXT, None, None]
        assert rows[0]["title"] == "Old bridge closed by flood"
        assert rows[0]["byline"] == "Ada Example"
        assert rows[0]["language"] == "en"
        assert 0.5 < rows[0]["expected_f1"] <= 1
        assert list(rows[0]["flags"]) == []
        assert bytes(rows[0]["html"]) == HTML.encode()
        assert bytes(rows[2]["html"]) == PDF
        assert [str(row["error"]).partition(":")[0] for row in rows] == ["None", "None", "BinaryInput", "NoPage"]


@pytest.fixture
def check() -> type[Check]:
    """Return the checks."""
    return Check
