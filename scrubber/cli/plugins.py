"""`scrubber plugins`: list the detectors and sites that are loaded, and where each came from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scrubber.cli.messages import UsageError, os_reason
from scrubber.cli.options import PluginOptions
from scrubber.cli.outputs import StandardOutput, terminal_width, wants_colour, wants_layout
from scrubber.cli.parser import Parser
from scrubber.cli.paths import is_file
from scrubber.hookspecs import GROUP
from scrubber.plugins import Plugins, bundled_folder, load_plugins, offer_name
from scrubber.report.loaded import Loaded, json_list, plain_list, terminal_list
from scrubber.sites import RuleSite, Site

BUILT_IN = "scrubber"
"""The origin of the detectors that are part of scrubber itself."""

HOSTS_SHOWN = 3

NOTES = """\
Examples:
  scrubber plugins
  scrubber plugins --plugins sites/ --json
"""


def run(arguments: Sequence[str], *, debug: bool) -> bool:
    """Run the command; always done when it returns."""
    parser = Parser("plugins", "List the detectors and sites that are loaded.", "[OPTIONS]", NOTES)
    parser.add_argument("--json", action="store_true", help="print a JSON list instead of a table")
    PluginOptions.add_to(parser)
    options = parser.read(arguments)
    if options is None:
        return True
    offers = _offers(_load(PluginOptions.read(options)))
    if options.json:
        page = json_list(offers)
    elif wants_layout():
        page = terminal_list(offers, width=terminal_width(), colour=wants_colour())
    else:
        page = plain_list(offers)
    StandardOutput().write(page)
    return True


def _load(options: PluginOptions) -> Plugins:
    try:
        return load_plugins((), options.folders, bundled=options.sites, installed=options.sites)
    except OSError as error:
        raise UsageError(f"{error.filename}: can't be read ({os_reason(error)})") from error


def _offers(plugins: Plugins) -> list[Loaded]:
    packages = _packages()
    return [
        *(
            Loaded("detector", one.name, _origin(plugins.origins[one.name], packages), one.summary)
            for one in plugins.detectors
        ),
        *(
            Loaded("site", name, _origin(plugins.origins[name], packages), _summary(site))
            for name, site in zip(map(offer_name, plugins.sites), plugins.sites, strict=True)
        ),
    ]


def _packages() -> dict[str, str]:
    """Return for each entry point the package that offers it."""
    from importlib.metadata import entry_points

    return {
        point.name: f"package {point.dist.name} {point.dist.version}"
        for point in entry_points(group=GROUP)
        if point.dist is not None
    }


def _origin(origin: str, packages: dict[str, str]) -> str:
    if origin == BUILT_IN:
        return "built in"
    if origin in packages:
        return packages[origin]
    if not is_file(origin):
        return f"object {origin}"
    return "bundled" if Path(origin).resolve().is_relative_to(bundled_folder().resolve()) else origin


def _summary(site: Site) -> str:
    """Say what a site is for: the first line of its own docstring, or how many rules its file has."""
    hosts = ", ".join(site.hosts[:HOSTS_SHOWN]) + (" …" if len(site.hosts) > HOSTS_SHOWN else "")
    if isinstance(site, RuleSite):
        count = len(site.rules)
        rules = "1 rule" if count == 1 else f"{count} rules"
        return f"{rules} for {hosts or 'pages that show its fingerprints'}"
    doc = (type(site).__doc__ or "").strip().split("\n", 1)[0]
    return doc or f"code for {hosts or 'pages that show its fingerprints'}"
