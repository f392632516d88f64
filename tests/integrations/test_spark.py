"""Spark, with the library itself, on a local cluster."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from scrubber import Cleaner
from scrubber.integrations.batch import Fields

sql = pytest.importorskip("pyspark.sql")
pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # Spark's own, of its Python workers and of sockets that Java closes
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """Start Spark on this machine; its workers are this Python."""
    os.environ.update(PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
    session = sql.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


SCHEMA = "id long, html binary, text string, url string, score double"


def test_pages_of_a_frame_are_cleaned(spark: Any, rows: list[dict[str, Any]], check: Any) -> None:
    from scrubber.integrations.spark import clean_frame

    cleaned = clean_frame(spark.createDataFrame(rows, SCHEMA)).orderBy("id")
    check.cleaned([row.asDict() for row in cleaned.collect()])


def test_a_cleaner_goes_to_the_workers(spark: Any, rows: list[dict[str, Any]], quoting_cleaner: Cleaner) -> None:
    from scrubber.integrations.spark import clean_frame

    frame = spark.createDataFrame(rows[1:2], SCHEMA)
    fields = Fields(out=("text", "removed", "flags"), prefix="clean_")
    [row] = clean_frame(frame, fields, cleaner=quoting_cleaner).collect()
    assert row["clean_text"].startswith("Share on Facebook")
    assert row["clean_removed"] == []
    assert row["text"] == rows[1]["text"]
