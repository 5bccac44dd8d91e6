"""Checkpoints are written and read back; what is missing or does not fit is named."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from pipelines.errors import ModelError
from pipelines.model import load
from pipelines.reader.checkpoint import load_network, load_tokenizer, revision, save_network
from tests.fixtures.checkpoint import tiny_network, tiny_tokenizer, write_checkpoint

FILES = ("model.safetensors", "config.json", "tokenizer.json")


@pytest.fixture
def folder(tiny_checkpoint: Path, tmp_path: Path) -> Path:
    """A copy of the tiny checkpoint to spoil."""
    return Path(shutil.copytree(tiny_checkpoint, tmp_path / "mine"))


def change(folder: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    path = folder / "config.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    edit(settings)
    path.write_text(json.dumps(settings), encoding="utf-8")


def test_what_is_written_is_read(tmp_path: Path) -> None:
    tokenizer = tiny_tokenizer()
    network = tiny_network(tokenizer)

    save_network(network, tokenizer, tmp_path / "a" / "b", {"note": "mine"})
    read, settings = load_network(tmp_path / "a" / "b")

    assert settings["note"] == "mine"
    assert read.config == network.config
    assert not read.training
    for name, tensor in network.state_dict().items():
        stored = read.state_dict()[name]
        assert stored.dtype == torch.float32
        torch.testing.assert_close(stored, tensor, atol=2e-3, rtol=1e-3)
    assert load_tokenizer(tmp_path / "a" / "b").get_vocab() == tokenizer.get_vocab()


def test_a_tokenizer_cuts_and_pads_nothing(folder: Path) -> None:
    tokenizer = tiny_tokenizer()
    tokenizer.enable_truncation(3)
    tokenizer.enable_padding(length=9)
    tokenizer.save(str(folder / "tokenizer.json"))

    encoding = load_tokenizer(folder).encode("a b c d e", add_special_tokens=False)

    assert len(encoding.ids) == 5


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()

    with pytest.raises(ModelError, match=f"mine: {name} is missing"):
        load(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_spoilt_file_is_named(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"\x00\xff spoilt")

    with pytest.raises(ModelError) as caught:
        load(folder)

    assert str(folder / name) in str(caught.value)


@pytest.mark.parametrize(
    "edit",
    [
        lambda settings: settings.pop("network"),
        lambda settings: settings["network"].pop("stances"),
        lambda settings: settings["network"].update(colour="red"),
        lambda settings: settings["network"].update(window="wide"),
        lambda settings: settings.update(network=[]),
        lambda settings: settings.update(thresholds={"colour": 0.5}),
        lambda settings: settings["network"].update(overlap=48),  # windows that never move on
        lambda settings: settings["network"].update(window=63),  # wider than the positions
    ],
)
def test_a_configuration_that_cannot_be_is_named(
    folder: Path, edit: Callable[[dict[str, Any]], object]
) -> None:
    change(folder, edit)

    with pytest.raises(ModelError, match=r"mine/config\.json"):
        load(folder)


@pytest.mark.parametrize(
    "edit",
    [
        lambda settings: settings["network"].update(span_size=24),
        lambda settings: settings["network"]["encoder"].update(num_hidden_layers=3),
        lambda settings: settings["network"].update(stances=["support", "denial"]),
    ],
)
def test_weights_of_another_network_are_named(
    folder: Path, edit: Callable[[dict[str, Any]], object]
) -> None:
    change(folder, edit)

    with pytest.raises(ModelError, match=r"mine/model\.safetensors: does not fit config\.json"):
        load(folder)


def test_weights_cut_short_are_named(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])

    with pytest.raises(ModelError, match=r"mine/model\.safetensors: does not fit"):
        load(folder)


def test_the_revision_changes_with_any_file(folder: Path, tmp_path: Path) -> None:
    first = revision(folder)
    other = revision(write_checkpoint(tmp_path / "other", seed=8))
    same = revision(write_checkpoint(tmp_path / "same"))
    change(folder, lambda settings: settings.update(note="new"))

    assert first == same
    assert len({first, other, revision(folder)}) == 3
    assert set(first) <= set("0123456789abcdef")
    assert len(first) == 12
