"""Swapped stages through command line, benchmark and service: the same at every door."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

import pipelines
from pipelines.cli import app
from service import Settings, create_app
from tests.fixtures.chat_server import ChatServer, answering, chat_server
from tests.fixtures.hub import TRUE
from tests.fixtures.prose import TALKS
from tests.service.conftest import start

Make = Callable[[str], Path]
SEEDS = Path(__file__).parents[3] / "seeds"
runner = CliRunner()
FAMILIES = [
    ("bart", "bert"),
    ("pegasus", "deberta"),
    ("t5", "bert"),
    ("led", "deberta"),
]


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as server:
        server.script = lambda _: answering(TRUE)
        yield server


@pytest.mark.parametrize(("summary", "stance"), FAMILIES)
def test_command_line_and_service_say_what_the_library_says(
    checkpoint: Make, tmp_path: Path, summary: str, stance: str
) -> None:
    names = {"summary": str(checkpoint(summary)), "stance": str(checkpoint(stance))}
    (told,) = pipelines.load(**names).analyse([{"id": "a", "text": TALKS}])  # type: ignore[arg-type]

    path = tmp_path / "a.txt"
    path.write_text(TALKS, encoding="utf-8")
    words = ["read", "--json", str(path), "--summary", names["summary"]]
    result = runner.invoke(app, [*words, "--stance", names["stance"]])
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout) == told.to_dict() | {"id": str(path)}

    with TestClient(create_app(Settings(**names))) as client:  # type: ignore[arg-type]
        start(client)
        answer = client.post("/v1/analyses", json={"id": "a", "text": TALKS})
        assert answer.json() == told.to_dict()
        (served,) = client.get("/v1/models").json()["models"]
        assert served["name"] == f"default+summary={summary}+stance={stance}"


def test_the_benchmark_scores_a_model_named_in_one_word(checkpoint: Make, tmp_path: Path) -> None:
    rows = (SEEDS / "articles" / "dev.jsonl").read_text(encoding="utf-8").splitlines()[:1]
    data = tmp_path / "one.jsonl"
    data.write_text(rows[0] + "\n", encoding="utf-8")
    name = f"default+summary={checkpoint('bart')}+stance={checkpoint('bert')}"
    result = runner.invoke(app, ["benchmark", "--data", str(data), "-m", name])
    assert result.exit_code == 0, result.stderr


def test_a_chat_server_at_the_command_line(server: ChatServer, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TALKS, encoding="utf-8")
    words = ["read", str(path), "--summary", "openai:tiny", "--chat-url", server.url]
    result = runner.invoke(app, [*words, "--strict"])
    assert result.exit_code == 0, result.stderr
    assert "clear old mines together" in " ".join(result.stdout.split())
    assert "openai:tiny: 1 calls, 0 failed; 100 tokens read, 20 written" in result.stderr


def test_a_chat_server_behind_the_service(server: ChatServer) -> None:
    settings = Settings(
        summary="openai:tiny",
        chat_url=server.url,
        chat_retries=0,
        chat_key="sesame",
    )
    with TestClient(create_app(settings)) as client:
        start(client)
        answer = client.post("/v1/summaries", json={"text": TALKS})
        assert answer.json()["summary"]["text"] == TRUE
        assert server.keys[-1] == "Bearer sesame"
        server.script = lambda _: "no JSON"
        failed = client.post("/v1/summaries", json={"text": TALKS})
        assert (failed.status_code, failed.headers["Retry-After"]) == (503, "30")
        assert failed.json()["error"]["code"] == "model_unavailable"
        server.script = lambda _: answering(TRUE)
        assert client.post("/v1/summaries", json={"text": TALKS}).status_code == 200


def test_a_wrong_name_is_a_wrong_call(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TALKS, encoding="utf-8")
    result = runner.invoke(app, ["read", str(path), "--summary", "facebook/bart-large-cmn"])
    assert result.exit_code == 2
    assert "did you mean 'facebook/bart-large-cnn'?" in result.stderr


def test_a_service_with_a_wrong_name_says_so() -> None:
    with TestClient(create_app(Settings(stance="/no/such/folder"))) as client:
        for _ in range(200):
            answer = client.get("/readyz").json()["error"]
            if answer["code"] == "model_failed":
                break
        assert answer["code"] == "model_failed"
        assert "stance: no model '/no/such/folder'" in answer["message"]


def test_models_lists_the_cache_and_names_to_begin_with(checkpoint: Make, tmp_path: Path) -> None:
    import shutil

    root = tmp_path / "cache"
    for name, family in (("someone--bart", "bart"), ("someone--nli", "bert")):
        shutil.copytree(checkpoint(family), root / f"models--{name}" / "snapshots" / "0123abc")
    spoilt = root / "models--someone--nli" / "snapshots" / "0123abc"
    (spoilt / "model.safetensors").rename(spoilt / "pytorch_model.bin")
    result = runner.invoke(app, ["models"], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.stderr
    said = " ".join(result.stdout.split())
    assert "someone/bart │ --summary │ 0123abc" in said
    assert "unfit: someone/nli: has pytorch_model.bin" in said
    assert "facebook/bart-large-cnn" in said
    assert "openai: openai:NAME, for --summary and --claims" in said
