"""The options that commands share, each group read once into one frozen object."""

from __future__ import annotations

import difflib
from argparse import Namespace
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

from scrubber.cli.messages import UsageError, nearest, os_reason, warn
from scrubber.cli.parser import Parser
from scrubber.cli.plugin_folders import plugin_folders
from scrubber.containers import read_page
from scrubber.decode import encoding_of, header_charset
from scrubber.extractors import EXTRACTORS
from scrubber.model import Label, Page
from scrubber.pipeline import Cleaner
from scrubber.repair import RepairOptions
from scrubber.sites.matching import names_host


@dataclass(frozen=True, slots=True)
class PluginOptions:
    """Which plugins are loaded beside the built-in detectors."""

    folders: tuple[Path, ...]
    sites: bool

    @classmethod
    def add_to(cls, parser: Parser) -> None:
        """Declare the options."""
        group = parser.add_argument_group("plugins")
        group.add_argument(
            "--plugins",
            action="append",
            default=[],
            metavar="DIR",
            help="load the sites in DIR too; may be repeated (see also SCRUBBER_PLUGINS, [tool.scrubber] plugins)",
        )
        group.add_argument("--no-plugins", action="store_true", help="generic cleaning only: no sites, no packages")

    @classmethod
    def read(cls, options: Namespace) -> PluginOptions:
        """Raise UsageError where the options contradict each other or a folder does not exist."""
        if options.no_plugins and options.plugins:
            raise UsageError("--plugins and --no-plugins contradict each other: give one of them")
        return cls(() if options.no_plugins else plugin_folders(options.plugins), not options.no_plugins)


@dataclass(frozen=True, slots=True)
class CleanerOptions:
    """How all pages of a call are cleaned, whatever page it is."""

    keep: tuple[Label, ...]
    drop: tuple[Label, ...]
    repair: RepairOptions
    plugins: PluginOptions
    extractor: str | None
    second_opinion: bool

    @classmethod
    def add_to(cls, parser: Parser) -> None:
        """Declare the options."""
        group = parser.add_argument_group("cleaning")
        for name, verb in (("--keep", "keep in"), ("--drop", "take out of")):
            text = f"labels to {verb} the text, separated by commas; may be repeated"
            group.add_argument(name, action="append", default=[], metavar="LABELS", help=text)
        for name, folded, what in (("--quotes", "straight", "curly quotes"), ("--width", "fold", "full-width forms")):
            text = f"what becomes of {what}; as-written is the default"
            group.add_argument(name, choices=["as-written", folded], default="as-written", help=text)
        text = "clean what another extractor takes out of HTML, in place of the page's own lines"
        group.add_argument("--extractor", choices=list(EXTRACTORS), help=text)
        text = "compare the text of HTML with that of trafilatura, and warn where they differ"
        group.add_argument("--second-opinion", action="store_true", help=text)
        PluginOptions.add_to(parser)

    @classmethod
    def read(cls, options: Namespace) -> CleanerOptions:
        """Raise UsageError where a label does not exist or the options contradict each other."""
        quotes: Literal["as-written", "straight"] = options.quotes
        width: Literal["as-written", "fold"] = options.width
        return cls(
            _labels(options.keep, "--keep"),
            _labels(options.drop, "--drop"),
            RepairOptions(quotes, width),
            PluginOptions.read(options),
            options.extractor,
            options.second_opinion,
        )

    def cleaner(self, *, links: bool = False) -> Cleaner:
        """Make the cleaner. Raises UsageError or PluginError where that can't be done."""
        try:
            return Cleaner(
                plugin_folders=self.plugins.folders,
                bundled=self.plugins.sites,
                installed=self.plugins.sites,
                keep=self.keep,
                drop=self.drop,
                repair=self.repair,
                extractor=self.extractor,
                second_opinion=self.second_opinion,
                links=links,
            )
        except ValueError as error:
            raise UsageError(str(error)) from error
        except OSError as error:
            raise UsageError(f"{error.filename}: can't be read ({os_reason(error)})") from error


@dataclass(frozen=True, slots=True)
class CleaningOptions:
    """What is known of every page of a call, and how they are cleaned."""

    url: str | None
    content_type: str | None
    date: date | None
    how: CleanerOptions

    @classmethod
    def add_to(cls, parser: Parser) -> None:
        """Declare the options."""
        group = parser.add_argument_group("pages")
        group.add_argument("--url", help="the page's address: chooses the site by host; holds for all inputs")
        group.add_argument(
            "--content-type", metavar="TYPE", help='the header it was sent with, e.g. "text/plain; charset=koi8-r"'
        )
        text = "the day the page is from, for rules of sites that are for some time only; holds for all inputs"
        group.add_argument("--date", metavar="YYYY-MM-DD", help=text)
        CleanerOptions.add_to(parser)

    @classmethod
    def read(cls, options: Namespace) -> CleaningOptions:
        """Raise UsageError where a value is not valid or the options contradict each other."""
        url, content_type, day = _url(options.url), _content_type(options.content_type), read_date(options.date)
        return cls(url, content_type, day, CleanerOptions.read(options))

    def page(self, content: bytes) -> Page:
        """Return the page that a file holds; what the options say of it comes before what the file says.

        Raises ScrubberError where it is a container that can't be read.
        """
        page = read_page(content, url=self.url, content_type=self.content_type)
        return replace(page, date=self.date or page.date)

    def cleaner(self, *, links: bool = False) -> Cleaner:
        """Make the cleaner. Raises UsageError or PluginError where that can't be done."""
        return self.how.cleaner(links=links)


def _url(value: str | None) -> str | None:
    """Return the address. Raises UsageError for one without a host: sites could not be told by it."""
    if value is not None and not names_host(value):
        raise UsageError(f"--url: “{value}” names no host. Write it like https://paper.example/news/1")
    return value


def _content_type(value: str | None) -> str | None:
    """Return the header, with a warning where it names no encoding that is known: the bytes decide then."""
    named = header_charset(value) if value else None
    if named and encoding_of(named) is None:
        from webencodings.labels import LABELS  # type: ignore[import-untyped]

        close = difflib.get_close_matches(named.lower(), LABELS.values(), 1)
        hint = f" Did you mean “{close[0]}”?" if close else ""
        warn(f"--content-type: “{named}” is no known encoding, so the bytes decide.{hint}")
    return value


def read_date(value: str | None) -> date | None:
    """Return the day of the option --date. Raises UsageError where it is none."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise UsageError(f"--date: “{value}” is no day. Write it like 2021-05-12") from None


def _labels(values: Iterable[str], option: str) -> tuple[Label, ...]:
    names = [name.strip().lower().replace("-", "_") for value in values for name in value.split(",")]
    known = [label.value for label in Label]
    for name in names:
        if name not in known:
            raise UsageError(f"{option}: “{name}” is no label. {nearest(name, known)}")
    return tuple(dict.fromkeys(map(Label, names)))
