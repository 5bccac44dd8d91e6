"""The state of a training run on disk, from which it goes on where it stopped."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from pipelines.reader.network import Network

__all__ = ["Mark", "average", "read_mark", "remember", "restore", "save"]

#: Pass (the stages' repeats counted through) and step that come next.
Mark = tuple[int, int]

#: The weights that a pass began with, where it ends at their mean with its own.
_BEFORE = "before.safetensors"

_STATE, _MARK = "training.safetensors", "training.json"


def _weights(network: Network) -> dict[str, Tensor]:
    return {k: v.contiguous() for k, v in network.state_dict().items()}


def save(folder: Path, network: Network, optimizer: torch.optim.Optimizer, mark: Mark) -> None:
    """Write weights, moments and mark; the file before stands until the new one is whole."""
    tensors = {f"network.{k}": v for k, v in _weights(network).items()}
    for index, entry in optimizer.state_dict()["state"].items():
        for key, value in entry.items():
            tensors[f"optimizer.{index}.{key}"] = torch.as_tensor(value).contiguous()
    save_file(tensors, folder / f"{_STATE}.tmp")
    (folder / f"{_STATE}.tmp").replace(folder / _STATE)
    state = {"stage": mark[0], "step": mark[1]}
    (folder / _MARK).write_text(json.dumps(state) + "\n", encoding="utf-8")


def read_mark(folder: Path) -> Mark | None:
    """Where the run in ``folder`` stands; None where none began."""
    if not (folder / _MARK).exists():
        return None
    state = json.loads((folder / _MARK).read_text(encoding="utf-8"))
    return state["stage"], state["step"]


def restore(folder: Path, network: Network, optimizer: torch.optim.Optimizer | None) -> None:
    """Put the saved weights, and the moments where an optimizer is given, in place."""
    tensors = load_file(folder / _STATE)
    network.load_state_dict({k[8:]: v for k, v in tensors.items() if k.startswith("network.")})
    if optimizer is None:
        return
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        if key.startswith("optimizer."):
            _, index, name = key.split(".")
            state.setdefault(int(index), {})[name] = value
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})


def remember(folder: Path, network: Network) -> None:
    """Keep the weights that a pass begins with, for :func:`average`."""
    save_file(_weights(network), folder / _BEFORE)


def average(folder: Path, network: Network) -> None:
    """Move the network to the mean of its weights and the remembered ones."""
    after = network.state_dict()
    before = load_file(folder / _BEFORE)
    network.load_state_dict({k: (v + before[k].to(v.device)) / 2 for k, v in after.items()})
