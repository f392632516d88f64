"""Folds for cross-validation, grouped by host so that no site is on both sides."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

FOLDS = 5


def fold_of(host: str, count: int = FOLDS) -> int:
    """Return the fold a host belongs to, 0 to `count` - 1, the same on every machine and in every data set.

    A leading `www.` does not count, so that both spellings of a site share a fold.

    >>> fold_of("www.example.org") == fold_of("example.org")
    True
    """
    name = host.lower().removeprefix("www.")
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") % count


def folds(hosts: Iterable[str], count: int = FOLDS) -> Iterator[tuple[list[int], list[int]]]:
    """Yield, fold by fold, the indices to train on and the indices to test on.

    Args:
        hosts: the host of each page, in the order of the pages.
        count: number of folds, 2 or more.
    """
    parts = [fold_of(host, count) for host in hosts]
    for fold in range(count):
        yield (
            [index for index, part in enumerate(parts) if part != fold],
            [index for index, part in enumerate(parts) if part == fold],
        )
