"""The Hill Post: what rules can't say, because it depends on another line of the page."""

from collections.abc import Iterator

from scrubber import Document, Evidence, Label, Site, hookimpl

SURE = 8.0
"""Log-odds: wrong less than once in a thousand lines."""


class Hill(Site):
    """The Hill Post: a box on whoever wrote the article stands below it, and begins with the name in the byline."""

    name = "hill"
    hosts = ("hill.example",)
    signatures = ("The Hill Post, on paper every Friday",)

    def find(self, document: Document) -> Iterator[Evidence]:
        """Yield the byline, and further down the lines that begin with its name and say who that is."""
        byline = self.byline(document)
        if byline is None:
            return
        name = document.texts[byline].removeprefix("By ")
        yield Evidence(byline, Label.BYLINE, SURE, "hill/byline", "stands where this paper has its bylines")
        for line in range(byline + 1, len(document)):
            if document.texts[line].startswith((f"{name} is ", f"{name} writes ")):
                yield Evidence(line, Label.NON_CONTENT, SURE, "hill/author-box", f"says who {name} is")

    @staticmethod
    def byline(document: Document) -> int | None:
        """Return the line of the byline: by its element in HTML, by its first word in text."""
        found = document.lines_matching("p.byline")
        found = found or [line for line, text in enumerate(document.texts) if text.startswith("By ")]
        return found[0] if found else None


@hookimpl
def register_sites() -> list[Site]:
    """Offer the site."""
    return [Hill()]
