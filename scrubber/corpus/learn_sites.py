"""The first pass of a run that learns sites: which hosts have enough pages, a sample of each, a site file of each.

Hosts and places of pages go to a DuckDB file, which spills to the disk what goes over its limit of memory; then the
sampled pages are read again, and learned from host by host.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

from scrubber.corpus.entries import Entry
from scrubber.corpus.formats import format_of
from scrubber.corpus.limits import OutOfTime, limits
from scrubber.corpus.plan import Plan
from scrubber.corpus.settings import Settings, shared_cleaner
from scrubber.errors import ScrubberError
from scrubber.learning import CannotLearn, Learner, Names, Template, new_file, site_name
from scrubber.model import Page
from scrubber.plugins import SITE_FILE
from scrubber.sites.matching import host_of, is_host

LEAST_PAGES = 20
"""Pages of a host, below which what repeats on them is not learned unseen."""

MOST_PAGES = 200
"""Pages of a host that are learned from: more hardly change what is found."""

MOST_HOSTS = 1_000
"""Hosts that are learned, those with most pages first: more files than anybody reviews."""

MOST_HOST_BYTES = 253
"""Bytes of a host, the most that DNS has; a folder has its name."""

MEMORY = "150MB"
"""What DuckDB holds before it spills."""

BUCKETS = 64
"""Parts in which the hosts are looked at, so that each part fits into that memory."""

ROWS = 256
"""Rows that are put into the database at once; some hold pages."""

SCHEMA = """
CREATE TABLE pages (host VARCHAR, draw UBIGINT, shard INTEGER, number BIGINT);
CREATE TABLE chosen (host VARCHAR, pages BIGINT, shard INTEGER, number BIGINT);
CREATE TABLE contents (host VARCHAR, url VARCHAR, content BLOB, is_text BOOLEAN);
"""

ARROW_TYPES = {
    "host": "string",
    "draw": "uint64",
    "shard": "int32",
    "number": "int64",
    "url": "string",
    "content": "large_binary",
    "is_text": "bool_",
}

CHOOSE = """
INSERT INTO chosen SELECT host, pages, shard, number FROM (
    SELECT *, count(*) OVER (PARTITION BY host) AS pages,
           row_number() OVER (PARTITION BY host ORDER BY draw, shard, number) AS place
    FROM pages WHERE hash(host) % ? = ?
) WHERE pages >= ? AND place <= ?
"""


def learn_sites(plan: Plan, settings: Settings, sites: Path, scratch: Path) -> None:
    """Write a site file for each host that has enough pages and something in common.

    Args:
        plan: the run; its inputs are read twice, and nothing is written of them.
        settings: those of the run; hosts that its sites know already are left out.
        sites: the folder to make; it appears when all is learned.
        scratch: a folder for what is held on the disk meanwhile.
    """
    import duckdb  # noqa: PLC0415 - an extra, needed for this alone

    scratch.mkdir(parents=True)
    draft = scratch / "sites"
    draft.mkdir()
    with duckdb.connect(scratch / "pages.duckdb") as database, (scratch / "trace").open("w") as trace:
        database.execute(f"SET memory_limit = '{MEMORY}'; SET threads = 1; SET preserve_insertion_order = false")
        database.execute("SET temp_directory = ?", [str(scratch / "spill")])
        database.execute(SCHEMA)
        _insert(database, "pages", _places(plan, settings))
        for bucket in range(BUCKETS):
            database.execute(CHOOSE, [BUCKETS, bucket, LEAST_PAGES, MOST_PAGES])
        loaded = shared_cleaner(settings.cleaning).plugins.sites
        known = {host for site in loaded for host in site.hosts}
        names = Names(site.name for site in loaded)
        hosts = [host for host in _largest(database) if host not in known]
        _insert(database, "contents", _contents(plan, settings, database, frozenset(hosts)))
        for host in hosts:
            if template := _learn(database, host, settings, trace):
                _write(draft / host, new_file(template, names.free(site_name(host)), date.today()))
    draft.rename(sites)


def _insert(database: Any, table: str, rows: Iterator[tuple[Any, ...]]) -> None:
    """Put rows into a table, some at a time."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    names = [name for name, *_ in database.execute(f"DESCRIBE {table}").fetchall()]
    types = [getattr(pa, ARROW_TYPES[name])() for name in names]
    while held := list(islice(rows, ROWS)):
        columns = [pa.array(column, kind) for column, kind in zip(zip(*held, strict=True), types, strict=True)]
        database.register("held", pa.Table.from_arrays(columns, names))
        database.execute(f"INSERT INTO {table} SELECT * FROM held")  # noqa: S608 - ours
        database.unregister("held")


def _places(plan: Plan, settings: Settings) -> Iterator[tuple[str, int, int, int]]:
    """Yield host, number drawn, shard and number of each page; what is drawn hangs on the page alone."""
    for shard, number, entry in _entries(plan, settings, {shard.number for shard in plan.shards}):
        if entry.page is not None and (host := _host(entry.page)):
            content = entry.page.content
            raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
            yield host, int.from_bytes(hashlib.blake2b(raw, digest_size=8).digest()), shard, number


def _entries(plan: Plan, settings: Settings, wanted: Iterable[int]) -> Iterator[tuple[int, int, Entry]]:
    for shard in (plan.shards[number] for number in sorted(wanted)):
        for number, entry in enumerate(format_of(shard.kind).read(shard, settings.fields)):
            yield shard.number, number, entry


def _host(page: Page) -> str:
    """Return the host of a page's address, "" where it is none that a site file may name."""
    host = host_of(page.url or "").removeprefix("www.")
    return host if is_host(host) and len(host.encode("utf-8", "surrogatepass")) <= MOST_HOST_BYTES else ""


def _largest(database: Any) -> list[str]:
    found = database.execute(
        "SELECT host FROM chosen GROUP BY host ORDER BY max(pages) DESC, host LIMIT ?", [MOST_HOSTS]
    )
    return [host for (host,) in found.fetchall()]


def _contents(
    plan: Plan, settings: Settings, database: Any, hosts: frozenset[str]
) -> Iterator[tuple[str, str | None, bytes, bool]]:
    """Yield host, address and content of the pages that were chosen."""
    shards = [shard for (shard,) in database.execute("SELECT DISTINCT shard FROM chosen").fetchall()]
    for shard in shards:
        rows = database.execute("SELECT number FROM chosen WHERE shard = ?", [shard]).fetchall()
        numbers = {number for (number,) in rows}
        for _, number, entry in _entries(plan, settings, [shard]):
            if number in numbers and entry.page is not None and (host := _host(entry.page)) in hosts:
                content = entry.page.content
                is_text = isinstance(content, str)
                raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
                yield host, entry.page.url, raw, is_text


def _learn(database: Any, host: str, settings: Settings, trace: TextIO) -> Template | None:
    """Return what the pages of a host have in common; None where that is nothing, or they are too few."""
    learner = Learner(host=host)
    found = database.execute("SELECT url, content, is_text FROM contents WHERE host = ? ORDER BY url, content", [host])
    for url, raw, is_text in found.fetchall():
        page = Page(raw.decode("utf-8", "surrogatepass") if is_text else raw, url)
        try:
            with limits(settings.page_seconds, settings.page_memory, trace):
                learner.add(page)
        except (ScrubberError, OutOfTime, MemoryError):  # it will be a dead letter of the second pass
            continue
    try:
        template = learner.template()
    except CannotLearn:
        return None
    return template if template.rules else None


def _write(folder: Path, text: str) -> None:
    folder.mkdir()
    (folder / SITE_FILE).write_text(text, encoding="utf-8")
