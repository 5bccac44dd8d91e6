"""``attache batch`` and ``attache report`` at their door."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from pipelines.cli import app
from tests.pipelines.archive.results import articles, jsonl, story
from tests.service.fakes import FakeModel

runner = CliRunner()


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterable[FakeModel]:
    model = FakeModel()
    monkeypatch.setattr("pipelines.archive.settings.load", lambda *_, **__: model)
    monkeypatch.setattr("pipelines.archive.settings._loaded", {})
    before = signal.getsignal(signal.SIGTERM)
    yield model
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    rows: list[dict[str, Any]] = [{"id": f"n{i}", "text": story(i)} for i in range(12)]
    return jsonl(tmp_path / "a.jsonl", [*rows, {"id": "bad", "text": ""}])


def batch(*words: str | Path) -> Result:
    return runner.invoke(app, ["batch", "--model", "fake", *map(str, words)])


def test_a_run_with_a_failed_input(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = batch(source, "--out", out, "--chunk", "5")
    assert result.exit_code == 1
    assert result.stdout == ""
    told = " ".join(result.stderr.split())
    assert "analysing: 13/13 articles" in told
    assert "13 articles in" in told
    assert "12 ok, 1 errors; 12 claims, 12 speakers" in told
    assert "errors: analyse: empty_text 1" in told
    assert "attache batch --retry" in told
    assert len(articles(out)) == 13


def test_a_run_that_is_all_well_is_status_zero(tmp_path: Path) -> None:
    source = jsonl(tmp_path / "a.jsonl", [{"text": story(1)}])
    assert batch(source, "--out", tmp_path / "out").exit_code == 0
    again = batch(source, "--out", tmp_path / "out")
    assert again.exit_code == 0
    assert "1 ok, 0 errors" in again.stderr


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([], "give sources, or --retry"),
        (["a.jsonl", "--retry", "out"], "give sources, or --retry"),
        (["a.jsonl", "--rank", "0"], "--rank and --world belong together"),
        (["a.jsonl", "--rank", "2", "--world", "2"], "--rank 2: has to be from 0 to 1"),
        (["a.jsonl", "--rank", "0", "--world", "2"], "run with --plan first"),
        (["absent.jsonl"], "absent.jsonl: no such file or folder"),
        (["--retry", "absent"], "absent: holds no run of attache batch"),
        (["a.jsonl", "--chunk", "0"], "--chunk"),
    ],
)
def test_a_wrong_call_is_status_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: Path, words: list[str], why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = batch(*words, "--out", "out")
    assert result.exit_code == 2
    assert why in " ".join(result.stderr.split())


def test_a_dry_run_writes_nothing(source: Path, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text(story(50))
    (tmp_path / "c.png").write_bytes(b"\x89PNG")
    (tmp_path / "bad.txt").write_bytes(b"\x00\xff\xfe\x80 \x81\x00")
    result = batch(tmp_path, "--out", tmp_path / "out", "--dry-run", "--workers", "2")
    assert result.exit_code == 0
    told = " ".join(result.stdout.split())
    assert "jsonl: 1 files" in told
    assert "documents: 2 files" in told
    assert "passed over: 1 files of other kinds" in told
    assert "bad.txt, record 0: the text is not UTF-8" in told
    assert "sample: 14 articles analysed, 1 refused" in told
    assert "about 15 articles" in told
    assert "with 2 at work" in told
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_says_how_to_go_on(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: signal.Signals
) -> None:
    from pipelines.archive.analysing import AnalyseTask

    analyse = AnalyseTask.__call__
    calls: list[str] = []

    def interrupted(self: AnalyseTask, chunk: str) -> dict[str, Any]:
        calls.append(chunk)
        if len(calls) == 2:
            os.kill(os.getpid(), stop)
        return analyse(self, chunk)

    words = [
        "batch",
        "--model",
        "fake",
        str(source),
        "--out",
        str(tmp_path / "out"),
        "--chunk",
        "5",
    ]
    with monkeypatch.context() as patch:
        patch.setattr(AnalyseTask, "__call__", interrupted)
        patch.setattr("sys.argv", ["/bin/attache", *words])
        result = runner.invoke(app, words)
    assert result.exit_code == 130
    assert "interrupted; what is finished is kept; the same command goes on:" in result.stderr
    assert "attache batch --model fake" in result.stderr
    assert len(list((tmp_path / "out" / "commits").iterdir())) == 1
    assert "12 ok, 1 errors" in runner.invoke(app, words).stderr


def test_a_full_disk_is_said_plainly(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipelines.archive.analysing.write_rows", full)
    result = batch(source, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "stopped: [Errno 28] No space left on device; the same command goes on" in " ".join(
        result.stderr.split()
    )


def test_ray_that_is_not_installed_names_the_extra(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda *_: None)
    result = batch(source, "--out", tmp_path / "out", "--ray", "auto")
    assert result.exit_code == 2
    assert "attache[ray]" in result.stderr
