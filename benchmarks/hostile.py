"""How time and memory grow on hostile HTML: every family at n, 2n and 4n, as a Markdown table.

    python benchmarks/hostile.py [--size 250000] [FAMILY ...]

Each family runs in a process of its own, which is ended after `--limit` seconds. Memory is what the largest page adds
to that process at its peak (Linux only), over the bytes of the page. Ends with exit code 1 when a family raises, takes
too long, grows faster than the law allows, takes too much memory or loses the article.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from scrubber import Cleaner, Result
from scrubber.errors import ScrubberError
from scrubber.testing.hostile import ARTICLE, best_time
from scrubber.testing.hostile_html import ENCODED, PAGES, REFUSED, UNCLOSED

EXPONENT = 1.15  # that the law of linear time allows
MEMORY = 60  # times the bytes of the page
SPREAD = 4  # the largest page over the smallest
QUICK = 0.05  # seconds for the largest page: what is over at once grows by chance
ACCOUNTED = 10_000  # characters of a page whose every line is accounted for too, which takes longer than cleaning
LEAST_MEMORY = 32 * 2**20  # bytes: a page that adds less is never too much for a machine
FAMILIES = PAGES | UNCLOSED | ENCODED | REFUSED
STATUS = Path("/proc/self/status")


class Row(NamedTuple):
    """What was measured of a family: seconds for each size, bytes added at most, and what was found."""

    seconds: tuple[float, ...] = ()
    size: int = 1
    added: int = 0
    article: bool = False
    flags: tuple[str, ...] = ()
    error: str = ""

    @property
    def exponent(self) -> float:
        """The slope between the smallest and the largest page; 0.0 where that takes no time to speak of."""
        if not self.seconds or self.seconds[-1] < QUICK:
            return 0.0
        return math.log(self.seconds[-1] / self.seconds[0]) / math.log(SPREAD)

    def faults(self, name: str) -> list[str]:
        """Return what is wrong, nothing where all is well."""
        found = {
            self.error: bool(self.error) and name not in REFUSED,
            "exponent": self.exponent > EXPONENT,
            "memory": self.added > max(MEMORY * self.size, LEAST_MEMORY),
            "article lost": not self.error and not self.article and name in PAGES | ENCODED,
        }
        return [fault for fault, there in found.items() if there]


def page(name: str, size: int) -> bytes:
    """Return the page of a family as bytes, halves of characters as they are."""
    made = FAMILIES[name](size)
    return made if isinstance(made, bytes) else made.encode("utf-8", "surrogatepass")


def measure(name: str, sizes: Sequence[int], answer: Connection) -> None:
    """Clean the pages of a family, and send the row."""
    cleaner = Cleaner(installed=False)

    def clean(content: bytes) -> Result:
        return cleaner.clean(content, content_type="text/html")

    pages = [page(name, size) for size in sizes]
    clean(b"<html><p>a</p></html>")  # what is loaded once does not count
    try:
        clean(page(name, ACCOUNTED)).to_json()
        result, added = with_memory(clean, pages[-1])
        seconds = tuple(best_time(clean, content) for content in pages)
    except ScrubberError as error:
        answer.send(Row(error=type(error).__name__))
    except Exception as error:  # a fault to be reported, whatever it is
        answer.send(Row(error=f"{type(error).__name__}: {error}"[:60]))
    else:
        article = ARTICLE in result.page_text
        answer.send(Row(seconds, len(pages[-1]), added, article, result.flags))


def with_memory(clean: Callable[[bytes], Result], content: bytes) -> tuple[Result, int]:
    """Return the result for a page, and the bytes that this process grew by at most; 0 where that is not known."""
    if not STATUS.exists():
        return clean(content), 0
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
    before = status("VmRSS")
    result = clean(content)
    return result, max(status("VmHWM") - before, 0)


def status(name: str) -> int:
    """Return a figure of this process in bytes."""
    rows = STATUS.read_text(encoding="ascii").splitlines()
    return next(int(row.split()[1]) * 1024 for row in rows if row.startswith(f"{name}:"))


def row_of(name: str, sizes: Sequence[int], limit: float) -> Row:
    """Measure a family in a process of its own."""
    answer, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=measure, args=(name, sizes, sender))
    process.start()
    sender.close()
    try:
        return answer.recv() if answer.poll(limit) else Row(error=f"over {limit:.0f} s")
    except EOFError:
        return Row(error="the process died")
    finally:
        process.kill()
        process.join()


def cells(name: str, row: Row) -> list[str]:
    """Return a row of the table."""
    faults = ", ".join(row.faults(name)) or "-"
    if row.error:
        return [name, *[""] * 5, row.error if name in REFUSED else "", "", faults]
    times = [f"{1000 * seconds:,.0f}" for seconds in row.seconds]
    article = "yes" if row.article else "no"
    return [name, *times, f"{row.exponent:.2f}", f"{row.added / row.size:.0f}", article, ", ".join(row.flags), faults]


def main() -> int:
    """Print the table; return how many families have faults, at most 1."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("families", nargs="*", default=list(FAMILIES), metavar="FAMILY")
    parser.add_argument("--size", type=int, default=250_000, help="characters of the smallest page (%(default)s)")
    parser.add_argument("--limit", type=float, default=120.0, help="seconds for a family (%(default)s)")
    options = parser.parse_args()
    sizes = [options.size, 2 * options.size, 4 * options.size]
    heads = [f"{size / 1000:,.0f} kB, ms" for size in sizes]
    columns = ["family", *heads, "exponent", "memory", "article", "flags", "faults"]
    print("| " + " | ".join(columns) + " |\n|" + "---|" * len(columns))
    bad = []
    for name in options.families:
        row = row_of(name, sizes, options.limit)
        bad += [name] if row.faults(name) else []
        print("| " + " | ".join(cells(name, row)) + " |", flush=True)
    print(f"\n{len(options.families)} families, {len(bad)} with faults: {', '.join(bad) or 'none'}")
    return min(len(bad), 1)


if __name__ == "__main__":
    raise SystemExit(main())
