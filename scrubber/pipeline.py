"""The one path that every page takes: decode, repair, segment, gather evidence, decide, render."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import mul
from pathlib import Path

from scrubber.decide import Judgement, confidence, decide
from scrubber.decode import Decoded, decode
from scrubber.document import Document, count_words
from scrubber.errors import InputTooLarge
from scrubber.model import FIELDS, Evidence, Label, Page, Policy, Quality, Repair, Result
from scrubber.plugins import Plugins, load_plugins
from scrubber.repair import RepairOptions
from scrubber.segment.text import segment_text
from scrubber.sites import SiteIndex, SiteMatch

MAX_INPUT = 64 * 1024 * 1024
"""Bytes or characters of one page. The largest real pages have a few million; more is a dump, not a page."""

SCRAP_SHARE = 0.1
"""Share of a page's prose: with less of it left, more was taken out than an article's chrome."""

SCRAP_WORDS = 200
"""Words of prose. On a page with fewer, little may be left without anything being wrong."""


class Cleaner:
    """Cleans pages with a fixed configuration. Immutable once made, so threads may share one.

    Args:
        plugins: objects with hook implementations, beside those found elsewhere.
        plugin_folders: folders of site files.
        bundled: whether the sites that come with scrubber are loaded.
        installed: whether plugins of installed packages are loaded.
        keep, drop: labels to move into the text or out of it.
        repair: what else than damage is folded.

    Raises:
        PluginError: a plugin can't be loaded.
        ValueError: a label does not exist, or is both kept and dropped.
    """

    def __init__(
        self,
        *,
        plugins: Iterable[object] = (),
        plugin_folders: Iterable[str | Path] = (),
        bundled: bool = True,
        installed: bool = True,
        keep: Iterable[str] = (),
        drop: Iterable[str] = (),
        repair: RepairOptions | None = None,
    ) -> None:
        folders = [Path(folder) for folder in plugin_folders]
        self.plugins: Plugins = load_plugins(plugins, folders, bundled=bundled, installed=installed)
        self.policy = Policy().changed(keep, drop)
        self.repair = repair or RepairOptions()
        self._sites = SiteIndex(self.plugins.sites)

    def clean(
        self,
        content: bytes | str,
        *,
        url: str | None = None,
        content_type: str | None = None,
        title: str | None = None,
    ) -> Result:
        """Clean one page.

        Args:
            content: the page; bytes are decoded, text is taken as it is.
            url: its address: chooses the site by host.
            content_type: the transport's header, which may name the encoding.
            title: its title, where it is known from elsewhere.

        Returns:
            The result. An empty or blank page gives an empty text and the flag `empty`.

        Raises:
            BinaryInput: the content is a PDF, an image or another binary format.
            InputTooLarge: the content is over `MAX_INPUT`.
        """
        if len(content) > MAX_INPUT:
            unit = "bytes" if isinstance(content, bytes) else "characters"
            raise InputTooLarge(f"the page has {len(content):,} {unit}; the limit is {MAX_INPUT:,}. Split it first.")
        decoded = decode(content, content_type) if isinstance(content, bytes) else None
        source = decoded.text if decoded else str(content)
        document, repairs = segment_text(source, self.repair, url=url, title=title)
        matches = self._sites.match(document)
        flags = list(decoded.flags) if decoded else []
        site_evidence = list(self._ask_sites(matches, document, flags))
        evidence = list(self._ask_detectors(document, flags))
        judgement = decide(document, site_evidence, evidence, policy=self.policy, repairs=repairs)
        return render(judgement, repairs, flags, decoded, matches)

    def clean_page(self, page: Page) -> Result:
        """Clean a `Page`; see `clean`."""
        return self.clean(page.content, url=page.url, content_type=page.content_type)

    def clean_many(self, pages: Iterable[Page]) -> Iterator[Result]:
        """Clean pages one by one, in order, without holding more than one."""
        return map(self.clean_page, pages)

    def _ask_sites(self, matches: Iterable[SiteMatch], document: Document, flags: list[str]) -> Iterator[Evidence]:
        for match in matches:
            yield from _ask(match.site.name, match.site.find, document, flags)

    def _ask_detectors(self, document: Document, flags: list[str]) -> Iterator[Evidence]:
        for detector in self.plugins.detectors:
            yield from _ask(detector.name, detector.find, document, flags)


def _ask(
    name: str, find: Callable[[Document], Iterable[Evidence]], document: Document, flags: list[str]
) -> list[Evidence]:
    """Ask one plugin; one that raises, or speaks of lines that do not exist, is flagged and skipped."""
    try:
        found = list(find(document))
    except Exception as error:  # a plugin may raise anything, and the page is still cleaned
        flags.append(f"plugin_failed:{name}:{type(error).__name__}")
        return []
    if any(not 0 <= evidence.line < len(document) for evidence in found):
        flags.append(f"plugin_failed:{name}:no_such_line")
        return []
    return found


def render(
    judgement: Judgement,
    repairs: tuple[Repair, ...],
    flags: Sequence[str],
    decoded: Decoded | None,
    matches: Sequence[SiteMatch],
) -> Result:
    """Turn decisions into a result."""
    fields: dict[Label, list[str]] = {}
    kept = [text for text, label in _stretches(judgement, fields) if judgement.kept(label)]
    return Result(
        text="\n\n".join(kept) + "\n" if kept else "",
        title=_first(fields, Label.TITLE),
        byline=_first(fields, Label.BYLINE),
        date=None,
        source=_first(fields, Label.SOURCE),
        captions=tuple(dict.fromkeys(fields.get(Label.CAPTION, ()))),
        language=None,
        repairs=repairs,
        flags=tuple(dict.fromkeys([*flags, *_brake(judgement, kept)])),
        quality=_quality(judgement, kept),
        encoding=decoded.encoding if decoded else None,
        sites=tuple((match.site.name, match.reason) for match in matches),
        judged=judgement,
    )


def _stretches(judgement: Judgement, fields: dict[Label, list[str]]) -> Iterator[tuple[str, Label]]:
    for index, (text, label) in enumerate(zip(judgement.document.texts, judgement.labels, strict=True)):
        for piece, piece_label in judgement.texts(index) if index in judgement.parts else ((text, label),):
            if piece_label in FIELDS:
                fields.setdefault(piece_label, []).append(piece)
            if piece:
                yield piece, piece_label


def _first(fields: dict[Label, list[str]], label: Label) -> str | None:
    return next(iter(fields.get(label, ())), None)


def _brake(judgement: Judgement, kept: Sequence[str]) -> Iterator[str]:
    document = judgement.document
    if not document.lines:
        yield "empty"
    elif not kept:
        yield "no_article"
    prose = sum(document.words[index] for index in document.prose_lines)
    if prose >= SCRAP_WORDS and sum(map(count_words, kept)) < SCRAP_SHARE * prose:
        yield "over_removed"


def _quality(judgement: Judgement, kept: Sequence[str]) -> Quality:
    total = sum(map(len, judgement.document.texts))
    if not total:
        return Quality(0.0, 0.0)
    sure = sum(map(mul, map(confidence, judgement.odds), map(len, judgement.document.texts)))
    return Quality(kept_share=min(sum(map(len, kept)) / total, 1.0), confidence=sure / total)
