"""Whatever interrupts a run, the one that goes on ends with the same bytes."""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from pipelines.archive import BatchError, BatchSettings, run_batch
from pipelines.archive.commits import write_whole
from pipelines.archive.executors import Processes
from tests.pipelines.archive.results import FAKE, articles, batch, jsonl, story, tables_of
from tests.service.fakes import FakeModel


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Articles in many small files and two larger ones, with duplicates and errors."""
    folder = tmp_path / "archive"
    for part in range(2):
        rows: list[dict[str, Any]] = [
            {"id": f"{part}-{i}", "text": story(1000 * part + i)} for i in range(40)
        ]
        rows[7]["text"] = rows[3]["text"]
        rows[9]["text"] = " "
        rows[11] = {"id": "none"}
        jsonl(folder / f"{part}.jsonl", rows)
    for i in range(12):
        (folder / f"{i:02d}.txt").write_text(story(5000 + i))
    return folder


def _run(source: Path, out: Path) -> None:
    run_batch([str(source)], out, FAKE)


def _killed_after(seconds: float, source: Path, out: Path) -> bool:
    """Whether a run in a process of its own had to be killed before it ended."""
    process = get_context("fork").Process(target=_run, args=(source, out))
    process.start()
    time.sleep(seconds)
    if process.is_alive() and process.pid is not None:
        os.kill(process.pid, signal.SIGKILL)
    process.join()
    return process.exitcode == -signal.SIGKILL


def test_killed_at_random_moments_and_resumed_the_bytes_are_the_same(
    source: Path, tmp_path: Path
) -> None:
    batch(source, tmp_path / "whole")
    expected = tables_of(tmp_path / "whole")
    assert len(expected) > 40
    moments = random.Random(5)  # noqa: S311
    killed = sum(
        _killed_after(moments.uniform(0.005, 0.15), source, tmp_path / "out") for _ in range(8)
    )
    assert killed > 0

    totals = batch(source, tmp_path / "out")

    assert tables_of(tmp_path / "out") == expected
    assert (totals.articles, totals.chunks_left) == (92, 0)
    assert len({(row["source"], row["position"]) for row in articles(tmp_path / "out")}) == 92


def test_a_finished_run_is_not_done_again(source: Path, tmp_path: Path, fake: FakeModel) -> None:
    first = batch(source, tmp_path / "out")
    calls = len(fake.calls)
    (source / "0.jsonl").unlink()  # what was read is never read again
    assert batch(source, tmp_path / "out") == first
    assert len(fake.calls) == calls


@pytest.mark.parametrize("spoil", ["cut", "gone", "record"])
def test_a_chunk_that_was_spoilt_is_made_again(source: Path, tmp_path: Path, spoil: str) -> None:
    out = tmp_path / "out"
    batch(source, out)
    expected = tables_of(out)
    chunk = sorted((out / "claims").iterdir())[2]
    if spoil == "cut":
        chunk.write_bytes(chunk.read_bytes()[:100])
    elif spoil == "gone":
        chunk.unlink()
    else:
        sorted((out / "commits").iterdir())[2].write_bytes(b'{"rows": 5')
    # And what a writer that was killed leaves behind.
    (out / "claims" / f".{chunk.name}.1-abcd.tmp").write_bytes(b"PAR1 half")
    batch(source, out)
    assert tables_of(out) == expected


def test_a_full_disk_stops_the_run_and_leaves_nothing_half_done(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch(source, tmp_path / "whole")
    written: list[Path] = []

    def full(path: Path, write: Any) -> dict[str, Any]:
        written.append(path)
        if len(written) < 60:
            return write_whole(path, write)

        def half(file: Any) -> None:
            file.write(b"PAR1 half of it")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

        return write_whole(path, half)

    with monkeypatch.context() as patch:
        patch.setattr("pipelines.archive.commits.write_whole", full)
        with pytest.raises(OSError, match="No space left"):
            batch(source, tmp_path / "out")
    assert not list((tmp_path / "out").rglob("*.tmp"))
    batch(source, tmp_path / "out")
    assert tables_of(tmp_path / "out") == tables_of(tmp_path / "whole")


def test_another_run_is_refused_with_both_shown(source: Path, tmp_path: Path) -> None:
    batch(source, tmp_path / "out")
    other = FAKE.model_copy(update={"max_words": 7})
    with pytest.raises(BatchError, match=r"settings.max_words: there 80, now 7"):
        batch(source, tmp_path / "out", settings=other)
    with pytest.raises(BatchError, match="sources"):
        batch([source, source / "0.jsonl"], tmp_path / "out")
    with pytest.raises(BatchError, match="holds other things"):
        batch(source, source)


def test_other_code_is_another_run(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch(source, tmp_path / "out")
    monkeypatch.setattr("pipelines.archive.plan.code_version", lambda: "9.9+new")
    with pytest.raises(BatchError, match=r"code: there .*now \"9.9\+new\""):
        batch(source, tmp_path / "out")


def test_two_runs_do_not_share_a_folder(source: Path, tmp_path: Path) -> None:
    from pipelines.archive.plan import locked

    with (
        locked(tmp_path / "out", shared=False),
        pytest.raises(BatchError, match="another run is at work"),
    ):
        batch(source, tmp_path / "out")


def test_totals_are_those_of_the_commits(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    totals = batch(source, out)
    records = [json.loads(path.read_bytes()) for path in (out / "commits").iterdir()]
    assert totals.articles == sum(record["rows"] for record in records) == 92
    assert totals.errors == {"analyse: empty_text": 2, "read: wrong_columns": 2}
    assert totals.duplicates == {"exact": 2}
    assert all(record["seconds"] >= 0 and len(record["files"]) == 3 for record in records)


class Deadly:
    """Kills the worker that does ``item``, as often as ``times``; fails on ``raise``."""

    def __init__(self, folder: Path, times: int) -> None:
        self.folder, self.times = folder, times

    def __call__(self, item: str) -> dict[str, Any]:
        if item == "raise":
            raise OSError(errno.ENOSPC, "full")
        if item == "kill":
            done = len(list(self.folder.iterdir()))
            if done < self.times:
                (self.folder / str(done)).touch()
                os.kill(os.getpid(), signal.SIGKILL)
        return {"item": item, "threads": os.environ["OMP_NUM_THREADS"]}


def test_workers_that_are_killed_cost_no_item(tmp_path: Path) -> None:
    items = ["a", "kill", "b", "c"]
    done = list(Processes(2, threads=1).run(Deadly(tmp_path, 2), items))
    assert sorted(one.item for one in done) == sorted(items)
    assert all(one.record == {"item": one.item, "threads": "1"} for one in done)


def test_an_item_that_kills_every_worker_is_given_up_and_the_rest_is_done(tmp_path: Path) -> None:
    done = {one.item: one for one in Processes(1).run(Deadly(tmp_path, 9), ["kill", "a"])}
    assert done["a"].record is not None
    assert done["kill"].record is None
    assert "died 3 times" in (done["kill"].failure or "")


def test_an_error_of_a_worker_is_raised(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="full"):
        list(Processes(2).run(Deadly(tmp_path, 0), ["a", "raise", "b"]))


class Sleeper:
    """Says which process it is in, and sleeps."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, item: str) -> dict[str, Any]:
        (self.folder / str(os.getpid())).touch()
        time.sleep(600)
        return {}


def _sleep(folder: Path) -> None:
    list(Processes(1).run(Sleeper(folder), ["a"]))


def _until(done: Callable[[], bool]) -> None:
    for _ in range(3000):
        if done():
            return
        time.sleep(0.02)
    raise AssertionError("waited for a minute")


def _gone(pid: str) -> bool:
    try:
        return Path("/proc", pid, "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    parent = get_context("fork").Process(target=_sleep, args=(tmp_path,))
    parent.start()
    _until(lambda: any(tmp_path.iterdir()))
    (worker,) = (path.name for path in tmp_path.iterdir())
    assert not _gone(worker)
    parent.kill()
    parent.join()
    _until(lambda: _gone(worker))


@pytest.mark.slow
def test_the_command_killed_25_times(source: Path, tmp_path: Path, tiny_checkpoint: Path) -> None:
    import subprocess
    import sys

    settings = BatchSettings(model=str(tiny_checkpoint), chunk_articles=5)
    command = [
        *(sys.executable, "-m", "pipelines", "batch", str(source), "--chunk", "5"),
        *("--model", str(tiny_checkpoint), "--workers", "2", "--out"),
    ]
    subprocess.run([*command, str(tmp_path / "whole")], check=False)
    moments = random.Random(1)  # noqa: S311
    for _ in range(25):
        process = subprocess.Popen(
            [*command, str(tmp_path / "out")], stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(moments.uniform(0.5, 12))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    subprocess.run([*command, str(tmp_path / "out")], check=False)
    assert settings.format == "parquet"
    assert tables_of(tmp_path / "out") == tables_of(tmp_path / "whole")
