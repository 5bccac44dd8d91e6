"""Ray: three nodes in one machine, one of them lost."""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from pipelines.archive import BatchError, BatchSettings
from pipelines.archive.executors.cluster import RayCluster
from tests.pipelines.archive.results import batch, jsonl, story, tables_of

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
ray: Any = pytest.importorskip("ray")


class Slowly:
    """Takes its time over an item and leaves a file that says so."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, item: int) -> dict[str, Any]:
        if item < 0:
            raise OSError(28, "full")
        time.sleep(0.5)
        (self.folder / f"{item}-{os.getpid()}").touch()
        return {"item": item}


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    utils: Any = importlib.import_module("ray.cluster_utils")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    monkeypatch.setenv("RAY_DISABLE_METRICS_COLLECTION", "1")
    made = utils.Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    made.extra = [made.add_node(num_cpus=1) for _ in range(2)]
    made.wait_for_nodes()
    yield made
    ray.shutdown()
    made.shutdown()


def test_a_node_that_is_killed_costs_no_item(cluster: Any, tmp_path: Path) -> None:
    done = []
    for one in RayCluster(cluster.address).run(Slowly(tmp_path), list(range(24))):
        done.append(one)
        if len(done) == 4:
            cluster.remove_node(cluster.extra[0], allow_graceful=False)
    assert sorted(one.item for one in done) == list(range(24))
    assert all(one.record == {"item": one.item} for one in done)
    with pytest.raises(OSError, match="full"):
        list(RayCluster(cluster.address).run(Slowly(tmp_path), [-1]))


def test_a_run_on_a_cluster_writes_the_same_bytes(
    cluster: Any, tmp_path: Path, tiny_checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipelines.model import load

    monkeypatch.setattr("pipelines.archive.settings.load", load)
    settings = BatchSettings(model=str(tiny_checkpoint), chunk_articles=5)
    source = jsonl(tmp_path / "a.jsonl", [{"id": str(i), "text": story(i)} for i in range(20)])
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # as many as a task of the cluster has: sums depend on it
    batch(source, tmp_path / "here", settings=settings)
    torch.set_num_threads(threads)
    totals = batch(
        source, tmp_path / "there", settings=settings, executor=RayCluster(cluster.address)
    )
    assert (totals.articles, totals.chunks_left) == (20, 0)
    assert tables_of(tmp_path / "there") == tables_of(tmp_path / "here")


def test_no_cluster_at_that_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def init(**_: Any) -> None:
        raise ConnectionError("timed out")  # Ray itself takes two minutes to say so

    monkeypatch.setattr(ray, "init", init)
    with pytest.raises(BatchError, match="no cluster answers"):
        list(RayCluster("127.0.0.1:1").run(Slowly(Path()), [1]))
