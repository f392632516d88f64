"""Scrapy: an item pipeline."""

from __future__ import annotations

from typing import Any

from itemadapter import ItemAdapter
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from scrubber.integrations.batch import ERROR, Fields, clean_records
from scrubber.pipeline import Cleaner


class ScrubberPipeline:
    """Cleans the page that an item holds, and adds the written fields to the item.

    Settings, both optional: `SCRUBBER_FIELDS`, the arguments of `Fields`, and `SCRUBBER_CLEANER`, those of `Cleaner`.
    An item that can't be cleaned goes on with `error` set, and is counted as `scrubber/failed`.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.fields = Fields(**_arguments(crawler.settings, "SCRUBBER_FIELDS"))
        self.cleaner = Cleaner(**_arguments(crawler.settings, "SCRUBBER_CLEANER"))
        self.stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ScrubberPipeline:
        """Make the pipeline of a crawler; Scrapy calls this."""
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        """Return the item with the written fields; one of a class that declares its fields must declare these too."""
        adapter = ItemAdapter(item)
        [cleaned] = clean_records([adapter], self.fields, cleaner=self.cleaner)
        for name in self.fields.written:
            adapter[name] = cleaned[name]
        self.stats.inc_value("scrubber/failed" if cleaned[self.fields.prefix + ERROR] else "scrubber/cleaned")
        return item


def _arguments(settings: BaseSettings, name: str) -> dict[str, Any]:
    arguments: dict[str, Any] = settings.getdict(name)
    return arguments
