"""Ray Data, with the library itself, on a local cluster."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scrubber import Cleaner
from scrubber.integrations.batch import Fields

ray = pytest.importorskip("ray")
pytest.importorskip("ray.data")
pytestmark = pytest.mark.filterwarnings("ignore")  # Ray's own, of what it imports

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    """Start Ray on this machine."""
    ray.init(
        address="local",  # never another cluster of this machine
        num_cpus=1,
        include_dashboard=False,
        log_to_driver=False,
        object_store_memory=100 * 2**20,
        runtime_env={"env_vars": {"PYTHONPATH": str(ROOT)}},
    )
    yield
    ray.shutdown()


@pytest.mark.usefixtures("cluster")
def test_pages_of_a_dataset_are_cleaned(rows: list[dict[str, Any]], check: Any) -> None:
    import pyarrow as pa

    from scrubber.integrations.ray import clean_dataset

    check.cleaned(clean_dataset(ray.data.from_arrow(pa.Table.from_pylist(rows)), batch_size=2).sort("id").take_all())


@pytest.mark.usefixtures("cluster")
def test_a_cleaner_goes_to_the_workers(rows: list[dict[str, Any]], quoting_cleaner: Cleaner) -> None:
    from scrubber.integrations.ray import clean_dataset

    dataset = ray.data.from_items(rows[1:2])
    [row] = clean_dataset(dataset, Fields(out=("text",), prefix="clean_"), cleaner=quoting_cleaner).take_all()
    assert row["clean_text"].startswith("Share on Facebook")
    assert row["text"] == rows[1]["text"]
