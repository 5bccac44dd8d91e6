"""Memory and resuming at a size where a leak would show."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from pipelines.archive import BatchSettings
from pipelines.archive.executors import Done, InProcess
from tests.pipelines.archive.results import batch, story
from tests.service.fakes import FakeModel

_ARTICLES = 200_000


def _resident() -> int:
    """Bytes of this process that are in memory, files that are mapped left out."""
    fields = Path("/proc/self/statm").read_text().split()
    return (int(fields[1]) - int(fields[2])) * os.sysconf("SC_PAGE_SIZE")


class Watching(InProcess):
    """Notes the resident memory after every chunk."""

    def __init__(self, fake: FakeModel) -> None:
        self.fake = fake
        self.seen: list[int] = []

    def run(self, task: Any, items: Any) -> Any:
        for item in items:
            yield Done(item, task(item))
            self.fake.calls.clear()  # it keeps every text that it was given
            self.seen.append(_resident())


@pytest.mark.slow
def test_200_000_articles_in_flat_memory_and_resumed_in_a_moment(
    tmp_path: Path, fake: FakeModel
) -> None:
    source = tmp_path / "archive"
    source.mkdir()
    for part in range(20):
        with (source / f"{part:02d}.jsonl").open("w") as file:
            for i in range(part * _ARTICLES // 20, (part + 1) * _ARTICLES // 20):
                file.write(json.dumps({"id": f"n{i}", "text": story(i)}) + "\n")
    watching = Watching(fake)
    settings = BatchSettings(model="fake")
    totals = batch(source, tmp_path / "out", settings=settings, executor=watching)
    assert totals.articles == _ARTICLES
    staged, analysed = watching.seen[:20], watching.seen[20:]
    after = analysed[10]
    assert max(analysed[10:]) < 1.1 * after
    assert max(staged[1:]) < 1.1 * staged[1]
    started = time.monotonic()
    assert batch(source, tmp_path / "out", settings=settings).articles == _ARTICLES
    assert time.monotonic() - started < 3
