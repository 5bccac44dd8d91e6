"""What is never loaded, and what is said instead."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from huggingface_hub import HfApi

import pipelines
from pipelines.errors import ModelError
from pipelines.hub import loading
from pipelines.hub.fetch import find_checkpoint
from pipelines.hub.files import INDEX, WEIGHTS, check_folder
from tests.fixtures.prose import TALKS

Make = Callable[[str], Path]
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def copy(checkpoint: Make, tmp_path: Path) -> Path:
    """A copy of the BART checkpoint to spoil."""
    return Path(shutil.copytree(checkpoint("bart"), tmp_path / "copy"))


def put_in_cache(folder: Path, cache: Path, name: str) -> None:
    """Lay the folder out as the hub's cache does, at one commit under ``main``."""
    root = cache / f"models--{name.replace('/', '--')}"
    shutil.copytree(folder, root / "snapshots" / COMMIT)
    (root / "refs").mkdir()
    (root / "refs" / "main").write_text(COMMIT, encoding="utf-8")


def refusal(folder: Path) -> str:
    with pytest.raises(ModelError) as caught:
        pipelines.load(summary=str(folder))
    return str(caught.value)


def test_pickled_weights_are_refused(copy: Path) -> None:
    (copy / WEIGHTS).rename(copy / "pytorch_model.bin")
    assert "pytorch_model.bin and no safetensors" in refusal(copy)


def test_pickled_weights_are_refused_inside_a_shard_index(copy: Path) -> None:
    (copy / WEIGHTS).rename(copy / "model-00001-of-00002.safetensors")
    (copy / "model-00002-of-00002.bin").write_bytes(b"pickle")
    shards = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.bin"}
    (copy / INDEX).write_text(json.dumps({"weight_map": shards}), encoding="utf-8")
    assert "leads to model-00002-of-00002.bin" in refusal(copy)


@pytest.mark.parametrize(
    ("shards", "said"),
    [
        ({"a": "../elsewhere.safetensors"}, "outside its folder"),
        ({"a": "gone.safetensors"}, "gone.safetensors is missing"),
        ({}, "no weight_map"),
        ([], "no weight_map"),
    ],
)
def test_a_shard_index_that_leads_astray(copy: Path, shards: Any, said: str) -> None:
    (copy / INDEX).write_text(json.dumps({"weight_map": shards}), encoding="utf-8")
    assert said in refusal(copy)


@pytest.mark.parametrize("file", ["config.json", "tokenizer_config.json"])
def test_code_of_the_repository_is_never_run(copy: Path, file: str) -> None:
    body = json.loads((copy / file).read_text(encoding="utf-8"))
    body["auto_map"] = {"AutoModelForSeq2SeqLM": "modeling.Trap"}
    (copy / file).write_text(json.dumps(body), encoding="utf-8")
    (copy / "modeling.py").write_text("raise SystemExit('it ran')", encoding="utf-8")
    assert f"{file} asks for code from the repository" in refusal(copy)


def test_each_missing_or_broken_file_is_named(copy: Path) -> None:
    whole = (copy / WEIGHTS).read_bytes()
    (copy / WEIGHTS).write_bytes(whole[: len(whole) // 2])
    assert "model.safetensors is not a whole safetensors file" in refusal(copy)
    (copy / WEIGHTS).write_bytes(whole)
    (copy / "tokenizer.json").write_text("{", encoding="utf-8")
    assert "its tokenizer cannot be loaded" in refusal(copy)
    (copy / WEIGHTS).unlink()
    assert "model.safetensors is missing" in refusal(copy)
    (copy / "config.json").write_text("[1]", encoding="utf-8")
    assert "config.json is not a JSON object" in refusal(copy)
    (copy / "config.json").write_text("{", encoding="utf-8")
    assert "config.json is not JSON" in refusal(copy)
    (copy / "config.json").unlink()
    assert "config.json is missing" in refusal(copy)


def test_weights_that_lack_a_part_would_be_random_and_are_refused(copy: Path) -> None:
    from safetensors.torch import load_file, save_file

    state = load_file(copy / WEIGHTS)
    lost = next(name for name in state if name.endswith("fc1.weight"))
    del state[lost]
    save_file(state, copy / WEIGHTS, metadata={"format": "pt"})
    assert lost in refusal(copy)


def test_too_little_memory_is_said_at_start(
    checkpoint: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "_available", lambda _: 1000)
    assert "GB of memory on cpu" in refusal(checkpoint("bart"))


@pytest.mark.parametrize("device", ["cuda:99", "abacus"])
def test_a_device_that_is_not_there(checkpoint: Make, device: str) -> None:
    with pytest.raises(ModelError, match=device):
        pipelines.load(
            summary=str(checkpoint("bart")), settings=pipelines.StageSettings(device=device)
        )


def test_the_cache_serves_without_any_network(
    checkpoint: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_cache(checkpoint("bart"), tmp_path / "cache", "someone/bart")

    def no_network(*_: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    model = pipelines.load(summary="someone/bart")
    (analysis,) = model.analyse([TALKS])
    assert analysis.model.name == "default+summary=someone/bart"
    assert analysis.model.revision.endswith(f"+{COMMIT}")
    again = pipelines.load("default+summary=someone/bart", revision=COMMIT)
    assert again.identity == model.identity
    assert pipelines.load(summary=f"someone/bart@{COMMIT}").identity == model.identity


def test_what_is_not_in_the_cache_is_said_offline_with_the_near_name(
    checkpoint: Make, tmp_path: Path
) -> None:
    put_in_cache(checkpoint("bart"), tmp_path / "cache", "someone/bart-news")
    with pytest.raises(
        ModelError, match=r"summary: no model 'someone/bart-nwes' in the cache"
    ) as e:
        pipelines.load(summary="someone/bart-nwes")
    assert "did you mean 'someone/bart-news'?" in str(e.value)
    with pytest.raises(ModelError, match="did you mean 'facebook/bart-large-cnn'"):
        pipelines.load(summary="facebook/bart-large-cmn")
    with pytest.raises(ModelError, match="at 'v2' in the cache"):
        pipelines.load(summary="someone/bart-news@v2")


def online(monkeypatch: pytest.MonkeyPatch, files: list[str] | Exception) -> None:
    """A hub that lists these files, or fails so."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)

    def info(*_: object, **__: object) -> Any:
        if isinstance(files, Exception):
            raise files
        return SimpleNamespace(
            sha=COMMIT, siblings=[SimpleNamespace(rfilename=name) for name in files]
        )

    monkeypatch.setattr(HfApi, "model_info", info)


def test_a_repository_is_looked_at_before_anything_large_is_fetched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fetch(*_: object, **__: object) -> None:
        raise AssertionError("something was fetched")

    monkeypatch.setattr("huggingface_hub.hf_hub_download", fetch)
    online(monkeypatch, ["config.json", "pytorch_model.bin"])
    with pytest.raises(ModelError, match=r"the repository has no model\.safetensors"):
        find_checkpoint("someone/pickled", None, offline=False)
    online(monkeypatch, ["README.md"])
    with pytest.raises(ModelError, match="it is no checkpoint"):
        find_checkpoint("someone/empty", None, offline=False)
    online(monkeypatch, OSError("no route"))
    with pytest.raises(ModelError, match="the hub cannot be reached"):
        find_checkpoint("someone/far", None, offline=False)


def test_a_repository_of_the_hub_is_fetched_at_its_commit(
    checkpoint: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = checkpoint("bart")
    online(monkeypatch, [path.name for path in folder.iterdir()])
    asked: list[Any] = []

    def one(_: str, file: str, **given: Any) -> str:
        asked.append(given["revision"])
        return str(folder / file)

    def whole(_: str, **given: Any) -> str:
        asked.append(given["revision"])
        assert not any("bin" in pattern or ".py" in pattern for pattern in given["allow_patterns"])
        return str(folder)

    monkeypatch.setattr("huggingface_hub.hf_hub_download", one)
    monkeypatch.setattr("huggingface_hub.snapshot_download", whole)
    found = find_checkpoint("someone/bart", "main", offline=False)
    assert found.architecture == "BartForConditionalGeneration"
    assert set(asked) == {COMMIT}


def test_a_licence_is_read_off_the_card(copy: Path) -> None:
    (copy / "README.md").write_text("---\nlicense: mit\n---\n# A model\n", encoding="utf-8")
    assert check_folder(copy, "copy").licence == "mit"
