"""Reading and writing a trained network: safetensors beside its configuration."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import torch
from pydantic import ValidationError
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from pipelines.errors import ModelError
from pipelines.reader.network import Network, NetworkConfig

__all__ = ["CONFIG", "load_network", "load_tokenizer", "revision", "save_network"]

WEIGHTS, CONFIG, TOKENIZER = "model.safetensors", "config.json", "tokenizer.json"


def _file(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.is_file():
        raise ModelError(
            f"{folder}: {name} is missing; a checkpoint has {WEIGHTS}, {CONFIG} and {TOKENIZER}"
        )
    return path


def load_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of a checkpoint, cutting and padding nothing."""
    path = _file(folder, TOKENIZER)
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:
        raise ModelError(f"{path}: not a tokenizer ({error})") from None
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def revision(folder: Path) -> str:
    """Twelve hexadecimal digits that change whenever weights or configuration do."""
    digest = hashlib.sha256()
    for name in (WEIGHTS, CONFIG, TOKENIZER):
        digest.update(_file(folder, name).read_bytes())
    return digest.hexdigest()[:12]


def load_network(folder: Path) -> tuple[Network, dict[str, Any]]:
    """The network of a checkpoint, in float32 and evaluation mode, and its settings.

    Raises :class:`~pipelines.errors.ModelError` naming what is missing or does not fit.
    """
    try:
        settings = json.loads(_file(folder, CONFIG).read_text(encoding="utf-8"))
        config = NetworkConfig.model_validate(settings["network"])
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise ModelError(
            f"{folder / CONFIG}: not the configuration of a reader ({error})"
        ) from None
    with torch.device("meta"):
        network = Network(config)
    try:
        state = load_file(_file(folder, WEIGHTS))
        network.load_state_dict({k: v.to(torch.float32) for k, v in state.items()}, assign=True)
    except (SafetensorError, RuntimeError) as error:
        raise ModelError(f"{folder / WEIGHTS}: does not fit {CONFIG} ({error})") from None
    return network.eval(), settings


def save_network(
    network: Network, tokenizer: Tokenizer, folder: Path, settings: dict[str, Any]
) -> None:
    """Write a checkpoint in half precision; ``settings`` goes beside the network's own."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {
        k: v.detach().to("cpu", torch.float16).contiguous() for k, v in network.state_dict().items()
    }
    save_file(state, folder / WEIGHTS, metadata={"format": "pt"})
    body = {"network": network.config.model_dump(mode="json"), **settings}
    (folder / CONFIG).write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
    tokenizer.save(str(folder / TOKENIZER))
