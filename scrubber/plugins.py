"""Builds the plugin manager. Our own detectors and sites come in by the door that strangers use.

Three ways in: an installed package (entry point group `scrubber`), a folder, an object.
"""

from __future__ import annotations

import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.metadata import entry_points
from itertools import chain, count
from pathlib import Path
from types import ModuleType
from typing import Any
from zlib import crc32

import pluggy

from scrubber import detectors, hookspecs
from scrubber.detectors import Detector
from scrubber.errors import PluginError
from scrubber.hook_faults import NO_WRAPPER, bad_hook, hook_names, place_of
from scrubber.hookspecs import GROUP
from scrubber.sites import Site, load_site
from scrubber.sites.validity import overlaps, period

SITE_FILE = "site.toml"
DATED_SITE_FILES = "site-*.toml"
"""The pattern of the files for other designs of a site, which are for pages of another time than `SITE_FILE`."""

SITE_MODULE = "site.py"

hookimpl = detectors.hookimpl


@dataclass(frozen=True)
class Plugins:
    """Everything that was loaded: what the pipeline runs and what `scrubber plugins` lists.

    `origins` names for each detector and site, by its `offer_name`, where it came from.
    """

    detectors: tuple[Detector, ...]
    sites: tuple[Site, ...]
    origins: dict[str, str]


class SiteFiles:
    """A plugin made of the site files of a folder: one for all of them, as each plugin costs a start its time."""

    def __init__(self, paths: Iterable[Path], but: Iterable[str] = ()) -> None:
        """Remember where the files lie, and the names of the sites that are left out."""
        self.paths = tuple(paths)
        self.but = frozenset(but)

    @cached_property
    def origins(self) -> dict[Site, str]:
        """The sites, each with the file it comes from; read when they are first asked for."""
        found = ((load_site(path), str(path)) for path in self.paths)
        return {site: path for site, path in found if site.name not in self.but}

    @hookimpl
    def register_sites(self) -> list[Site]:
        """Offer the sites."""
        return list(self.origins)


def load_plugins(
    objects: Iterable[object] = (), folders: Iterable[Path] = (), *, bundled: bool = True, installed: bool = True
) -> Plugins:
    """Load plugins and check them.

    Args:
        objects: modules or instances with hook implementations.
        folders: folders of sites (see `site_files`), or the folder of one site.
        bundled: whether the sites that come with scrubber are loaded; a site file of the same name in one of
            `folders` replaces the bundled one.
        installed: whether plugins of installed packages are loaded.

    A plugin is trusted code: one that raises is named, one that never ends is not stopped.

    Raises:
        PluginError: a plugin can't be loaded, has an unknown hook, or uses a name twice.
    """
    manager = pluggy.PluginManager(GROUP)
    manager.add_hookspecs(hookspecs)
    manager.register(detectors, GROUP)
    if installed:
        for name, plugin in read_entry_points():
            _register(manager, plugin, name)
    given = [entry for folder in folders for entry in read_folder(folder)]
    for name, plugin in [*(_bundled_beside(given) if bundled else ()), *given]:
        _register(manager, plugin, name)
    for plugin in objects:
        _register(manager, plugin, str(getattr(plugin, "__name__", None) or type(plugin).__name__))
    return _gather(manager)


def read_entry_points() -> list[tuple[str, object]]:
    """Return name and plugin for each entry point of the group that an installed package declares.

    Raises:
        PluginError: one can't be imported; names its package.
    """
    found: list[tuple[str, object]] = []
    for point in entry_points(group=GROUP):
        package = point.dist.name if point.dist else "?"
        try:
            found.append((point.name, point.load()))
        except (Exception, SystemExit) as error:
            problem = f"{point.value} can't be loaded: {type(error).__name__}: {error}"
            raise PluginError(f"package {package}: {problem}. Update or uninstall it.") from error
    return found


def bundled_folder() -> Path:
    """Return the folder of the sites that come with scrubber: in the package, or beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / "bundled"
    return inside if inside.is_dir() else package.parent / "plugins"


def _bundled_beside(given: Iterable[tuple[str, object]]) -> list[tuple[str, object]]:
    """Return the bundled sites, but for those that a folder of the caller's has a site file for: theirs counts."""
    names = {site.name for _, plugin in given if isinstance(plugin, SiteFiles) for site in plugin.origins}
    bundled = read_folder(bundled_folder())
    return [(name, SiteFiles(one.paths, names) if isinstance(one, SiteFiles) else one) for name, one in bundled]


def read_folder(folder: Path) -> list[tuple[str, object]]:
    """Return name and plugin for what a folder holds: all its site files, and each site in Python, by name.

    Raises:
        PluginError: there is no such folder, or no site in it.
    """
    if not folder.is_dir():
        raise PluginError(f"{folder}: is no folder. Give the folder that holds your sites.")
    try:
        homes = [folder, *sorted(path for path in folder.iterdir() if path.is_dir())]
        files = [path for home in homes for path in site_files(home)]
    except OSError as error:
        raise PluginError(f"{folder}: can't be read ({error.strerror}). Check its permissions.") from error
    if not files:
        raise PluginError(f"{folder}: holds no {SITE_FILE} and no {SITE_MODULE}, nor do the folders in it.")
    inside = folder.resolve()
    for path in files:
        if not path.resolve().is_relative_to(inside):
            raise PluginError(f"{path}: is a link that leads out of {folder}. Copy it, or give the folder it leads to.")
    modules = [path for path in files if path.name == SITE_MODULE]
    data = [path for path in files if path.name != SITE_MODULE]
    found: list[tuple[str, object]] = [(str(folder), SiteFiles(data))] if data else []
    return [*found, *((str(path), import_file(path)) for path in modules)]


def site_files(home: Path) -> list[Path]:
    """Return the files of one site's folder: `site.toml`, `site-NAME.toml` for designs of another time, `site.py`."""
    found = [home / SITE_FILE, *sorted(home.glob(DATED_SITE_FILES)), home / SITE_MODULE]
    return [path for path in found if path.is_file()]


def import_file(path: Path) -> ModuleType:
    """Import a Python file as a plugin. Raises PluginError with the place where it failed."""
    whole = path.resolve()
    name = f"scrubber_site_{whole.parent.name}_{crc32(bytes(whole)):08x}"
    spec = importlib.util.spec_from_file_location(name, whole)
    if spec is None or spec.loader is None:
        raise PluginError(f"{path}: can't be imported.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and pickle look a class's module up there
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise PluginError(f"{path}{_line_of(error, whole)}: {type(error).__name__}: {error}") from error
    return module


def _line_of(error: BaseException, path: Path) -> str:
    if isinstance(error, SyntaxError) and error.lineno:
        return f", line {error.lineno}"
    trace, line = error.__traceback__, 0
    while trace:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return f", line {line}" if line else ""


def _register(manager: pluggy.PluginManager, plugin: object, name: str) -> None:
    if inspect.isclass(plugin):
        raise PluginError(f"{name}: is a class; give an instance of it, {name}().")
    if isinstance(plugin, Detector | Site):
        kind = "detectors" if isinstance(plugin, Detector) else "sites"
        raise PluginError(f"{name}: is no plugin yet; return it from a hook named register_{kind}.")
    if manager.is_registered(plugin):
        raise PluginError(f"{name}: is loaded already. Give each plugin once.")
    try:
        manager.register(plugin, _free_name(manager, name))
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise bad_hook(plugin, name) from error
    except PluginError:
        raise
    except (Exception, SystemExit) as error:
        raise PluginError(f"{name}: {type(error).__name__} while its hooks were looked for: {error}") from error
    if not manager.get_hookcallers(plugin):
        raise PluginError(f"{name}: offers nothing. Mark a function named {hook_names()} with @hookimpl.")


def _free_name(manager: pluggy.PluginManager, name: str) -> str:
    """Return a name that no plugin has yet: two objects of one class are two plugins."""
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(free for free in names if not manager.has_plugin(free))


def _gather(manager: pluggy.PluginManager) -> Plugins:
    found_detectors = _offers(manager, "register_detectors", Detector)
    found_sites = _offers(manager, "register_sites", Site)
    origins: dict[str, str] = {}
    by_name: dict[str, list[Detector | Site]] = {}
    for offer, origin in [*found_detectors, *found_sites]:
        for other in by_name.setdefault(offer.name, []):
            _refuse_same_name(offer, origin, other, origins[offer_name(other)])
        by_name[offer.name].append(offer)
        origins[offer_name(offer)] = origin
    return Plugins(tuple(offer for offer, _ in found_detectors), tuple(offer for offer, _ in found_sites), origins)


def offer_name(offer: Detector | Site) -> str:
    """Return the name of a detector or a site as reports show it: with its period where it has one."""
    return f"{offer.name} {period(offer)}".rstrip() if isinstance(offer, Site) else offer.name


def _refuse_same_name(offer: Detector | Site, origin: str, other: Detector | Site, theirs: str) -> None:
    """Refuse two offers of one name, but for two designs of one site that are for different times."""
    if not (isinstance(offer, Site) and isinstance(other, Site)):
        raise PluginError(f"{origin}: “{offer.name}” is offered by {theirs} already. Rename one.")
    if overlaps(offer, other):
        dated = "give them a `valid_from` and a `valid_until` that do not overlap"
        hint = f"Rename one, or where they are two designs of one site, {dated}."
        raise PluginError(f"{origin}: “{offer.name}” is offered by {theirs} already. {hint}")


def _offers(manager: pluggy.PluginManager, hook: str, kind: type[Any]) -> list[tuple[Any, str]]:
    """Call one hook of each plugin by itself, so that a failure names its plugin, first registered first."""
    offers: list[tuple[Any, str]] = []
    for implementation in getattr(manager.hook, hook).get_hookimpls():
        name, plugin = implementation.plugin_name, implementation.plugin
        if implementation.hookwrapper or implementation.wrapper:
            raise PluginError(f"{name}{place_of(plugin, hook)}: hook “{hook}” {NO_WRAPPER}")
        for offer in _call(implementation.function, name):
            origin = plugin.origins[offer] if isinstance(plugin, SiteFiles) else name
            if not isinstance(offer, kind):
                raise PluginError(f"{origin}: {hook} offers {offer!r}, which is no {kind.__name__}.")
            _check_offer(offer, origin)
            offers.append((offer, origin))
    return offers


def _check_offer(offer: Detector | Site, origin: str) -> None:
    """Refuse an offer without a name, and a site whose attributes are not of their type."""
    name = getattr(offer, "name", None)
    if not (isinstance(name, str) and name.strip()):
        raise PluginError(f"{origin}: a {type(offer).__name__} has no name. Give it a `name` that users can read.")
    if not isinstance(offer, Site):
        return
    for key in ("hosts", "fingerprints", "signatures"):
        lines = getattr(offer, key)
        if not isinstance(lines, tuple | list | set | frozenset) or not all(isinstance(line, str) for line in lines):
            raise PluginError(f"{origin}: `{key}` of “{name}” must be a tuple of texts, such as (“a”, “b”).")
    for key in ("valid_from", "valid_until"):
        if type(getattr(offer, key)) not in {date, type(None)}:
            raise PluginError(f"{origin}: `{key}` of “{name}” must be a datetime.date, or None.")


def _call(function: Callable[[], Sequence[Any]], origin: str) -> Sequence[Any]:
    try:
        return list(function())
    except PluginError:
        raise
    except (Exception, SystemExit) as error:
        place = _line_of(error, Path(origin).resolve())
        raise PluginError(f"{origin}{place}: {type(error).__name__} while it was loaded: {error}") from error
