"""Tiny checkpoints, made once for all tests of this room."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fixtures.hub import write_chat, write_nli, write_seq2seq

THREE = ("contradiction", "neutral", "entailment")
TWO = ("entailment", "not_entailment")


@pytest.fixture(autouse=True)
def _no_settings_around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.upper().startswith("ATTACHE_"):
            monkeypatch.delenv(name)
    # No test may reach the hub, nor see what lies in this machine's cache.
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a tiny checkpoint: bart, pegasus, t5, led, bert, deberta, llama, qwen."""
    root = tmp_path_factory.mktemp("hub")
    made: dict[str, Path] = {}

    def make(family: str) -> Path:
        if family not in made:
            folder = root / family
            if family in ("llama", "qwen"):
                made[family] = write_chat(folder, family)
            elif family == "bert":
                made[family] = write_nli(folder, family, labels=THREE)
            elif family == "deberta":
                made[family] = write_nli(folder, family, labels=TWO)
            else:
                made[family] = write_seq2seq(folder, family)
        return made[family]

    return make
