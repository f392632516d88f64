"""Scrapy, with the library itself: a crawl of a server on this machine, and items of every kind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from scrubber.integrations.batch import Fields

scrapy = pytest.importorskip("scrapy")
from scrapy.utils.test import get_crawler

from scrubber.integrations.scrapy import ScrubberPipeline

ROOT = Path(__file__).parents[2]

SPIDER = """
import sys
import scrapy
from scrapy.crawler import CrawlerProcess

class Valley(scrapy.Spider):
    name = "valley"
    start_urls = [sys.argv[1]]
    custom_settings = {
        "ITEM_PIPELINES": {"scrubber.integrations.scrapy.ScrubberPipeline": 300},
        "FEEDS": {sys.argv[2]: {"format": "jsonlines", "fields": ["url", "text", "title", "error"]}},
        "LOG_LEVEL": "WARNING",
        "TELNETCONSOLE_ENABLED": False,
    }

    def parse(self, response):
        header = response.headers.get("Content-Type", b"").decode("latin-1")
        yield {"url": response.url, "html": response.body, "content_type": header}
        if header.startswith("text/html"):
            yield from response.follow_all(css="nav a", callback=self.parse)

process = CrawlerProcess()
crawler = process.create_crawler(Valley)
process.crawl(crawler)
process.start()
stats = crawler.stats.get_stats()
print(stats.get("scrubber/cleaned"), stats.get("scrubber/failed"))
"""

PROSE = "Nobody may cross the old bridge before the spring, the café owner told a meeting of two hundred people."


LINKS = "<nav><a href=/bridge>Bridge</a> <a href=/report>Report</a></nav>"
FRONT = f"<h1>The news of the valley</h1>{LINKS}<article><p>{PROSE}</p></article>"
BRIDGE = f"<h1>The old bridge stays closed</h1><article><p>{PROSE}</p></article>"
PAGES = {
    "/": ("text/html; charset=utf-8", FRONT.encode()),
    "/bridge": ("text/html; charset=windows-1252", BRIDGE.encode("windows-1252")),
    "/report": ("application/pdf", b"%PDF-1.7\n" + bytes(range(256)) * 4),
}
"""What the server has at each path: two pages in different encodings, and a PDF."""


class Handler(BaseHTTPRequestHandler):
    """Serves the pages; `robots.txt` and all else is not found."""

    def do_GET(self) -> None:
        found = PAGES.get(self.path)
        self.send_response(200 if found else 404)
        header, body = found or ("text/plain", b"")
        self.send_header("Content-Type", header)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    """Serve on a free port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_the_pages_of_a_crawl_are_cleaned_and_the_others_stay(tmp_path: Path, address: str) -> None:
    out = tmp_path / "items.jsonl"
    spider = tmp_path / "spider.py"
    spider.write_text(SPIDER, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(spider), address, str(out)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    items = {item["url"].removeprefix(address): item for item in map(json.loads, out.read_text().splitlines())}
    assert {path: item["text"] for path, item in items.items()} == {
        "": PROSE + "\n",
        "bridge": PROSE + "\n",
        "report": None,
    }
    assert [items[path]["title"] for path in ("", "bridge")] == [
        "The news of the valley",
        "The old bridge stays closed",
    ]
    assert items["report"]["error"].startswith("BinaryInput: ")
    assert done.stdout.split() == ["2", "1"]


@dataclass
class Plain:
    """An item as a dataclass, with fields for what is asked for."""

    html: str
    text: str | None = None
    error: str | None = None


class Declared(scrapy.Item):
    """The same as an item of Scrapy's own."""

    html = scrapy.Field()
    text = scrapy.Field()
    error = scrapy.Field()


def pipeline(**settings: Any) -> ScrubberPipeline:
    """Return the pipeline of a crawler with these settings."""
    return ScrubberPipeline.from_crawler(get_crawler(settings_dict=settings))


@pytest.mark.parametrize("kind", [dict, Plain, Declared])
def test_items_of_every_kind(kind: Any) -> None:
    item = kind(html=f"<p>{PROSE}</p>")
    assert pipeline(SCRUBBER_FIELDS={"out": ["text"]}).process_item(item) is item
    values = item if isinstance(item, dict | scrapy.Item) else vars(item)
    assert (values["text"], values["error"]) == (PROSE + "\n", None)


def test_settings_reach_fields_and_cleaner() -> None:
    made = pipeline(SCRUBBER_FIELDS={"html": "body"}, SCRUBBER_CLEANER={"keep": ["navigation"]})
    assert made.fields == Fields(html="body")
    item = made.process_item({"body": f"Share on Facebook\n\n{PROSE}\n"})
    assert "Facebook" in item["text"]
