"""Machines of a cluster that are lost, or see other things than the run: pages are neither lost nor blamed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from corpora import jsonl, letters, output, record, write

from scrubber.corpus import drive
from scrubber.corpus.drive import RunError
from scrubber.corpus.engines import Ended
from scrubber.corpus.folder import FolderError, RunFolder
from scrubber.corpus.order import Order
from scrubber.corpus.runs import run
from scrubber.corpus.settings import Cleaning, Settings
from scrubber.corpus.task import run_shard

SETTINGS = Settings(Cleaning(sites=False))


class Machine:
    """Runs shards in this process, as a machine would that is told something else, or is lost at first."""

    room = 1

    def __init__(self, told: Callable[[Order], Order] = lambda order: order, losses: int = 0) -> None:
        self.told, self.losses = told, losses
        self.orders: list[Order] = []

    def submit(self, order: Order) -> None:
        self.orders.append(order)

    def ended(self, _seconds: float) -> list[Ended]:
        order = self.orders.pop()
        if self.losses:
            self.losses -= 1
            return [Ended(order, lost=True)]
        try:
            return [Ended(order, tally=run_shard(self.told(order)))]
        except Exception as error:
            return [Ended(order, error)]

    def close(self) -> None:
        pass


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write(tmp_path / "a.jsonl", jsonl(record(number) for number in range(20)))


def clean(source: Path, out: Path, machine: Machine, *, resume: bool = False) -> None:
    run([str(source)], out, SETTINGS, engine=lambda: machine, resume=resume)


def check_stops(source: Path, machine: Machine, message: str) -> None:
    """Check that a run ends in a message, and goes on where nothing is wrong any more."""
    whole, out = source.parent / "whole", source.parent / "out"
    clean(source, whole, Machine())
    with pytest.raises(RunError, match=message) as raised:
        clean(source, out, machine)
    assert str(raised.value).endswith("Go on with --resume.")
    assert not output(out)
    clean(source, out, Machine(), resume=True)
    assert output(out) == output(whole)


def test_a_machine_that_sees_another_folder_under_the_same_name_stops_the_run(source: Path, tmp_path: Path) -> None:
    other = RunFolder(tmp_path / "other")
    other.prepare()
    machine = Machine(lambda order: replace(order, folder=other.path))
    check_stops(source, machine, "does not see the folder that the run writes to, .*other")
    assert not list(other.path.glob("part-*"))
    assert not list(other.manifests.iterdir())


def test_a_machine_that_does_not_see_an_input_stops_the_run(source: Path) -> None:
    missing = str(source.parent / "missing.jsonl")
    machine = Machine(lambda order: replace(order, sources=(order.sources[0]._replace(path=missing),)))
    check_stops(source, machine, "missing.jsonl: can't be read .* Here it is as it was")


def test_a_machine_that_sees_an_input_of_another_time_stops_the_run(source: Path) -> None:
    machine = Machine(lambda order: replace(order, sources=(order.sources[0]._replace(changed="1"),)))
    check_stops(source, machine, "a.jsonl: has changed since the run was planned. Here it is as it was")


@pytest.mark.parametrize("versions", [{"scrubber": "0.0.1"}, {"scrubber": "0.0.1", "folder sites": "00"}])
def test_a_machine_with_other_versions_or_plugins_stops_the_run(source: Path, versions: dict[str, str]) -> None:
    machine = Machine(lambda order: replace(order, versions=versions))
    check_stops(source, machine, f"has not the same {', '.join(sorted(versions))} as the run")


def test_a_machine_whose_plugins_do_not_load_stops_the_run_and_kills_no_page(source: Path, tmp_path: Path) -> None:
    write(tmp_path / "sites/bad/site.py", b"import nothing_of_that_name\n")
    cleaning = Cleaning(sites=False, folders=(str(tmp_path / "sites"),))
    versions = Settings(cleaning).describe()["versions"]
    machine = Machine(
        lambda order: replace(order, settings=replace(order.settings, cleaning=cleaning), versions=versions)
    )
    check_stops(source, machine, "machine .*nothing_of_that_name")


def test_an_input_that_has_changed_for_all_fails_its_own_shard_alone(source: Path, tmp_path: Path) -> None:
    second = write(tmp_path / "b.jsonl", jsonl([record(1)]))

    def change_second(order: Order) -> Order:
        write(second, jsonl([record(1), record(2)]))
        return order

    with pytest.raises(RunError, match=r"1 of 2 shards failed.*b\.jsonl: has changed.*Begin again in another folder"):
        run([str(source), str(second)], tmp_path / "out", SETTINGS, engine=lambda: Machine(change_second))
    assert list(output(tmp_path / "out")) == ["part-00000-0000.jsonl.zst"]


def test_nine_lost_machines_cost_no_page(source: Path, tmp_path: Path) -> None:
    clean(source, tmp_path / "whole", Machine())
    clean(source, tmp_path / "out", Machine(losses=9))
    assert output(tmp_path / "out") == output(tmp_path / "whole")
    assert not letters(tmp_path / "out")


def test_a_shard_that_loses_ten_machines_is_given_up(source: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"1 of 1 shards failed.*10 machines were lost while they did it"):
        clean(source, tmp_path / "out", Machine(losses=10))


class Late(Machine):
    """What it writes can be seen after a while."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds

    def ended(self, seconds: float) -> list[Ended]:
        (ended,) = super().ended(seconds)
        (manifest,) = RunFolder(ended.order.folder).manifests.iterdir()
        hidden = manifest.rename(manifest.with_suffix(".hidden"))
        threading.Timer(self.seconds, hidden.rename, [manifest]).start()
        return [ended]


def test_what_a_shared_folder_shows_late_is_waited_for(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clean(source, tmp_path / "whole", Machine())
    clean(source, tmp_path / "out", Late(0.3))
    assert output(tmp_path / "out") == output(tmp_path / "whole")
    monkeypatch.setattr(drive, "SEEN_WITHIN", 0.0)
    with pytest.raises(RunError, match="a worker did it, but not all parts are there"):
        clean(source, tmp_path / "never", Late(0.8))


def test_an_address_is_no_folder_to_write_to(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FolderError, match="s3://bucket/out: is an address"):
        run([str(source)], "s3://bucket/out", SETTINGS)
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]
