"""The one path that every page takes: decode, repair, segment, gather evidence, decide, render."""

from __future__ import annotations

import datetime
import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from scrubber.brake import brake
from scrubber.compose import compose
from scrubber.days import as_day, read_day
from scrubber.decide import decide
from scrubber.decode import decode
from scrubber.document import Document
from scrubber.errors import InputTooLarge, ScrubberError
from scrubber.extractors import DOUBTFUL_AGREEMENT, SECOND, ask_extractor, compare, find_extractor
from scrubber.gather import gather
from scrubber.judgement import Judgement
from scrubber.model import FIELDS, Label, Link, Page, Policy, Repair, Result
from scrubber.plugins import Plugins, load_plugins
from scrubber.repair import RepairOptions
from scrubber.segment.html import is_html, segment_html
from scrubber.segment.metadata import Metadata
from scrubber.segment.text import segment_text
from scrubber.sites import SiteIndex, SiteMatch

if TYPE_CHECKING:
    from scrubber.tagger import Tagged, Tagger

MAX_INPUT = 64 * 1024 * 1024
"""Bytes or characters of one page. The largest real pages have a few million; more is a dump, not a page."""

CUT_LINKS = "cut_links"
"""The flag of a page whose links were asked for and are not told."""

BATCH = 64
"""Pages. Enough to fill the tagger's matrices, few enough to hold."""


class ReadPage(NamedTuple):
    """A page on its way: its lines, what was repaired, and what encoding its bytes were in."""

    document: Document
    repairs: tuple[Repair, ...]
    metadata: Metadata
    cuts: tuple[str, ...]
    encoding: str | None
    second: str | None = None


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the collector of cycles, for one step of one page or for a few pages.

    Cleaning makes many objects and no cycles: passes over them cost a tenth of the time, and on a huge page
    would make it grow faster than the page.
    """
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()


class Cleaner:
    """Cleans pages with a fixed configuration. Immutable once made, so threads may share one.

    Args:
        plugins: objects with hook implementations, beside those found elsewhere.
        plugin_folders: folders of site files.
        bundled: whether the sites that come with scrubber are loaded.
        installed: whether plugins of installed packages are loaded.
        keep, drop: labels to move into the text or out of it.
        repair: what else than damage is folded.
        tagger: whether the line tagger is asked beside the rules; or another tagger than the shipped one.
        extractor: whose text of an HTML page is cleaned in place of the page's own lines: `trafilatura` or
            `resiliparse`. Where it fails, the flag `extractor_failed` says so and the page itself is read.
        links: whether `Result.links` is filled, of HTML pages: they are read twice for it. A page with over 10,000
            links, or whose lines can't be told, has none and the flag `cut_links`.
        second_opinion: whether trafilatura is asked too what it takes for the article of an HTML page: see
            `Result.second_opinion`, `Quality.agreement` and the flag `second_opinion_differs`.

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
        tagger: bool | Tagger = True,
        extractor: str | None = None,
        second_opinion: bool = False,
        links: bool = False,
    ) -> None:
        plugins, folders = tuple(plugins), tuple(map(Path, plugin_folders))
        keep, drop = tuple(keep), tuple(drop)
        self._remake = partial(
            type(self),
            plugins=plugins,
            plugin_folders=folders,
            bundled=bundled,
            installed=installed,
            keep=keep,
            drop=drop,
            repair=repair,
            tagger=tagger,
            extractor=extractor,
            second_opinion=second_opinion,
            links=links,
        )
        self._links = links
        self._extractor = find_extractor(extractor) if extractor else None
        self._second = find_extractor(SECOND) if second_opinion else None
        self.plugins: Plugins = load_plugins(plugins, folders, bundled=bundled, installed=installed)
        self.policy = Policy().changed(keep, drop)
        self.repair = repair or RepairOptions()
        self._tagger = tagger
        self._sites = SiteIndex(self.plugins.sites)
        self._detectors = [(detector.name, detector.find) for detector in self.plugins.detectors]

    def __reduce__(self) -> tuple[Callable[[], Cleaner], tuple[()]]:
        """Pickle how it was made: each process that it is sent to loads the plugins itself."""
        return self._remake, ()

    def clean(
        self,
        content: bytes | str,
        *,
        url: str | None = None,
        content_type: str | None = None,
        title: str | None = None,
        date: datetime.date | None = None,
    ) -> Result:
        """Clean one page.

        Args:
            content: the page; bytes are decoded, text is taken as it is.
            url: its address: chooses the site by host.
            content_type: the transport's header, which may name the encoding.
            title: its title, where it is known from elsewhere.
            date: the day it is from: chooses among rules of sites that are for some time only. Without it, the day
                that the page's metadata names counts, and where there is none, it is not known.

        Returns:
            The result. An empty or blank page gives an empty text and the flag `empty`.

        Raises:
            BinaryInput: the content is a PDF, an image or another binary format.
            InputTooLarge: the content is over `MAX_INPUT`.
        """
        page = self._read(Page(content, url, content_type, date=date), title)
        return self._judge(page, self._tag([page])[0])

    def read(self, page: Page) -> Document:
        """Return the lines of a page, decoded and repaired, without judging them; a tenth of the work of `clean`.

        Raises:
            BinaryInput, InputTooLarge: see `clean`.
        """
        return self._read(page).document

    def judge(self, page: Page) -> Judgement:
        """Return the lines of a page with their labels, for those who ask neither for the text nor for reasons.

        Raises:
            BinaryInput, InputTooLarge: see `clean`.
        """
        read = self._read(page)
        return self._decide(read, self._tag([read])[0], self._sites.match(read.document), [])

    def clean_page(self, page: Page) -> Result:
        """Clean a `Page`; see `clean`."""
        return self.clean(page.content, url=page.url, content_type=page.content_type, date=page.date)

    def clean_many(self, pages: Iterable[Page | bytes | str]) -> Iterator[Result]:
        """Clean pages in order, `BATCH` at a time: the same results as one by one, in less time.

        A page without a URL or a content type may be given as its bytes or text alone.

        Raises:
            ScrubberError: a page is refused, as in `clean`; the results of all pages before it were given.
                `try_many` goes on.
        """
        for answer in self.try_many(pages):
            if isinstance(answer, ScrubberError):
                raise answer
            yield answer

    def try_many(self, pages: Iterable[Page | bytes | str], *, batch: int = BATCH) -> Iterator[Result | ScrubberError]:
        """Clean pages like `clean_many`, and give for a page that is refused the error in its place.

        So there is one answer a page, in the order of the pages: a `Result`, or the `BinaryInput` or
        `InputTooLarge` that `clean` would raise. `batch` is how many pages are read before the first is judged:
        more of them hold more memory, and take a little less time.
        """
        whole = (page if isinstance(page, Page) else Page(page) for page in pages)
        while some := list(islice(whole, batch)):
            read = [self._try_read(page) for page in some]
            tagged = iter(self._tag([page for page in read if isinstance(page, ReadPage)]))
            for page in read:
                yield self._judge(page, next(tagged)) if isinstance(page, ReadPage) else page

    def _try_read(self, page: Page) -> ReadPage | ScrubberError:
        try:
            return self._read(page)
        except ScrubberError as error:
            return error

    @collector_paused()
    def _read(self, page: Page, title: str | None = None) -> ReadPage:
        content, content_type, date = page.content, page.content_type, as_day(page.date)
        if not isinstance(content, str | bytes):
            raise TypeError(f"a page is bytes or str, not {type(content).__name__}; give bytes(page) of a buffer")
        if len(content) > MAX_INPUT:
            unit = "bytes" if isinstance(content, bytes) else "characters"
            raise InputTooLarge(f"the page has {len(content):,} {unit}; the limit is {MAX_INPUT:,}. Split it first.")
        decoded = decode(content, content_type) if isinstance(content, bytes) else None
        text = decoded.text if decoded else str(content)
        metadata = Metadata()
        cuts: tuple[str, ...] = ()
        second: str | None = None
        if is_html(text, content_type):
            markup = (decoded.utf8 if decoded else None) or text
            document, repairs, metadata, cuts = segment_html(markup, self.repair, url=page.url, title=title)
            extracted, failed = ask_extractor(self._extractor, text, page.url)
            second, also_failed = ask_extractor(self._second, text, page.url)
            cuts = (*cuts, *failed, *also_failed)
            if extracted is not None:
                known = title or metadata.title
                document, repairs = segment_text(extracted, self.repair, url=page.url, title=known)
        else:
            document, repairs = segment_text(text, self.repair, url=page.url, title=title)
        document.date = date or read_day(metadata.date)
        cuts = (*(decoded.flags if decoded else ()), *cuts)
        return ReadPage(document, repairs, metadata, cuts, decoded.encoding if decoded else None, second)

    def _tag(self, pages: Sequence[ReadPage]) -> Sequence[Tagged | None]:
        if not self._tagger:
            return [None] * len(pages)
        if self._tagger is True:
            self._tagger = shipped_tagger()
        documents = [page.document for page in pages]
        return self._tagger.tag([document.texts for document in documents], [document.doms for document in documents])

    @collector_paused()
    def _judge(self, page: ReadPage, tagged: Tagged | None) -> Result:
        matches = self._sites.match(page.document)
        flags = [*page.cuts]
        links = read_links(page.document, flags) if self._links else ()
        result = render(self._decide(page, tagged, matches, flags), page, flags, matches)
        return replace(result, links=links) if links else result

    def _decide(
        self, page: ReadPage, tagged: Tagged | None, matches: Sequence[SiteMatch], flags: list[str]
    ) -> Judgement:
        document = page.document
        site_evidence = gather([(match.site.name, match.site.find) for match in matches], document, flags)
        evidence = gather(self._detectors, document, flags)
        document.release()
        return decide(document, site_evidence, evidence, policy=self.policy, repairs=page.repairs, tagged=tagged)


def read_links(document: Document, flags: list[str]) -> tuple[Link, ...]:
    """Return the links of a page; none, which `flags` says, where it has too many or they can't be told."""
    try:
        return tuple(document.links())
    except ScrubberError:  # the article does without them
        flags.append(CUT_LINKS)
        return ()


@cache
def shipped_tagger() -> Tagger:
    """Load the tagger's shipped weights, once."""
    from scrubber.tagger import Tagger  # noqa: PLC0415 - brings numpy, which import scrubber should not wait for

    return Tagger.load()


def render(judgement: Judgement, page: ReadPage, flags: Sequence[str], matches: Sequence[SiteMatch]) -> Result:
    """Turn decisions into a result.

    What a site's rules name comes first, then what the page says of itself, then what its lines say.
    """
    braked, metadata = brake(judgement), page.metadata
    fields = _fields(judgement)
    ruled = _fields(judgement, judgement.ruled) if judgement.ruled else {}
    text = compose(judgement)
    second = compare(text, page.second, SECOND) if page.second is not None else None
    if second and second.agreement < DOUBTFUL_AGREEMENT:
        flags = [*flags, "second_opinion_differs"]
    return Result(
        text=text,
        title=_first(ruled, Label.TITLE) or metadata.title or _first(fields, Label.TITLE),
        byline=_first(ruled, Label.BYLINE) or metadata.author or _first(fields, Label.BYLINE),
        date=metadata.date,
        source=_first(fields, Label.SOURCE),
        captions=tuple(dict.fromkeys(fields.get(Label.CAPTION, ()))),
        language=metadata.language,
        repairs=page.repairs,
        flags=tuple(dict.fromkeys([*flags, *braked])),
        encoding=page.encoding,
        sites=tuple((match.site.name, match.reason) for match in matches),
        judged=judgement,
        site_name=metadata.site_name,
        second_opinion=second,
    )


def _fields(judgement: Judgement, lines: AbstractSet[int] | None = None) -> dict[Label, list[str]]:
    """Return the texts of each label that is a field, of some lines or all; only those that rules speak of have one."""
    fields: dict[Label, list[str]] = {}
    labels = judgement.labels
    shown = {index for index, said in enumerate(judgement.evidence) if said and labels[index] in FIELDS}
    shown |= judgement.parts.keys()
    for index in sorted(shown if lines is None else shown & lines):
        for text, label in judgement.texts(index):
            if label in FIELDS:
                fields.setdefault(label, []).append(text)
    return fields


def _first(fields: dict[Label, list[str]], label: Label) -> str | None:
    return next(iter(fields.get(label, ())), None)
