"""What a machine must have before it may do a shard: the folder, inputs, plugins and versions of the run.

A machine of a cluster that lacks one of them would write where nobody looks, or clean in another way.
"""

from __future__ import annotations

import os
import socket
from functools import cache

from scrubber.corpus.folder import RunFolder
from scrubber.corpus.order import Order
from scrubber.corpus.settings import Cleaning, Settings, shared_cleaner
from scrubber.corpus.sources import Source, is_address, look_at
from scrubber.errors import PluginError


class WrongMachine(Exception):
    """A machine does not have what the run needs; says which, what, and what to do."""


class SourceChanged(Exception):
    """An input is not what it was when the run was planned, as this machine sees it."""


def check_machine(order: Order) -> None:
    """Check that this machine can do a shard as any other would.

    Raises:
        WrongMachine: it sees another folder, has other versions or plugins, or can't load them.
        SourceChanged: it does not see an input as it was.
    """
    if not RunFolder(order.folder).is_marked(order.mark):
        raise WrongMachine(
            f"{_here()} does not see the folder that the run writes to, {order.folder}. "
            "OUT must be one shared folder, under the same path on all machines."
        )
    _check_versions(order)
    for source in order.sources:
        _check_source(source)


def _check_versions(order: Order) -> None:
    here, run = _versions(order.settings.cleaning), order.versions
    unlike = sorted(name for name in here.keys() | run.keys() if here.get(name) != run.get(name))
    if unlike:
        which = ", ".join(unlike)
        raise WrongMachine(f"{_here()} has not the same {which} as the run. All machines need the same, unchanged.")
    try:
        shared_cleaner(order.settings.cleaning)
    except PluginError as error:
        raise WrongMachine(f"{_here()}: {error}") from error


@cache
def _versions(cleaning: Cleaning) -> dict[str, str]:
    """Return what this process cleans with; it loads that once, so what changes on the disk later does not count."""
    return dict(Settings(cleaning).describe()["versions"])


def _check_source(source: Source) -> None:
    try:
        same = look_at(source.path) == source
    except OSError as error:
        raise SourceChanged(f"{_here()}: {_whole(source.path)}: can't be read ({error.strerror or error}).") from error
    if not same:
        raise SourceChanged(f"{_here()}: {_whole(source.path)}: has changed since the run was planned.")


def _whole(path: str) -> str:
    return path if is_address(path) else os.path.abspath(path)  # noqa: PTH100 - without asking the disk


def _here() -> str:
    return f"machine {socket.gethostname()}"
