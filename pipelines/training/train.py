"""The training loop: stages of a recipe, logged, checkpointed and resumable."""

from __future__ import annotations

import json
import math
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from pipelines.reader.network import Network
from pipelines.training.examples import Example
from pipelines.training.losses import example_losses
from pipelines.training.schedule import Recipe, Stage, batches, mix

__all__ = ["stance_weights", "train"]

#: Losses that are means over words rather than over claims or texts.
_BY_WORDS = frozenset({"tags", "names"})


def stance_weights(stances: Sequence[str], examples: Sequence[Example]) -> Tensor:
    """Weights ``[stances]`` by the inverse square root of frequency, of mean 1."""
    counts = Counter(
        claim.stances[0] for example in examples for claim in example.claims if claim.stances
    )
    raw = torch.tensor([1 / math.sqrt(counts[name] + 20) for name in stances])
    return raw / raw.mean()


def _batch_loss(
    network: Network, batch: Sequence[Example], weights: Mapping[str, float], stances: Tensor
) -> tuple[Tensor, dict[str, float]]:
    sums: dict[str, Tensor] = {}
    sizes: dict[str, float] = {}
    words = network.encode([example.document for example in batch])
    for example, states in zip(batch, words, strict=True):
        for name, loss in example_losses(network, states, example, stances).items():
            size = float(len(states)) if name in _BY_WORDS else 1.0
            if name not in _BY_WORDS and example.claims:
                size = float(len(example.claims))
            size *= example.weight
            sums[name] = sums.get(name, torch.zeros(())) + loss * size
            sizes[name] = sizes.get(name, 0.0) + size
    means = {name: total / sizes[name] for name, total in sums.items()}
    total = sum((weights[name] * mean for name, mean in means.items()), torch.zeros(()))
    return total, {name: float(mean.detach()) for name, mean in means.items()}


def _optimizer(network: Network, stage: Stage, decay: float) -> torch.optim.AdamW:
    encoder = [
        p for n, p in network.named_parameters() if n.startswith("encoder.") and "marks" not in n
    ]
    heads = [
        p for n, p in network.named_parameters() if not n.startswith("encoder.") or "marks" in n
    ]
    groups = [
        {"params": encoder, "lr": stage.learning_rate, "peak": stage.learning_rate},
        {"params": heads, "lr": stage.head_learning_rate, "peak": stage.head_learning_rate},
    ]
    return torch.optim.AdamW(groups, weight_decay=decay, betas=(0.9, 0.98))


def _save(
    folder: Path, network: Network, optimizer: torch.optim.Optimizer, state: dict[str, int]
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {f"network.{k}": v.contiguous() for k, v in network.state_dict().items()}
    for index, entry in optimizer.state_dict()["state"].items():
        for key, value in entry.items():
            tensors[f"optimizer.{index}.{key}"] = torch.as_tensor(value).contiguous()
    save_file(tensors, folder / "training.safetensors.tmp")
    (folder / "training.safetensors.tmp").replace(folder / "training.safetensors")
    (folder / "training.json").write_text(json.dumps(state) + "\n", encoding="utf-8")


def _restore(folder: Path, network: Network, optimizer: torch.optim.Optimizer | None) -> None:
    tensors = load_file(folder / "training.safetensors")
    network.load_state_dict({k[8:]: v for k, v in tensors.items() if k.startswith("network.")})
    if optimizer is None:
        return
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        if key.startswith("optimizer."):
            _, index, name = key.split(".")
            state.setdefault(int(index), {})[name] = value
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})


def train(
    network: Network,
    corpora: Mapping[str, Sequence[Example]],
    recipe: Recipe,
    folder: Path,
    *,
    say: Callable[[str], None],
    after_stage: Callable[[Stage], None] | None = None,
    save_seconds: float = 300.0,
) -> None:
    """Train in place. State is kept in ``folder``; a second call goes on from there."""
    torch.manual_seed(recipe.seed)
    device = next(network.parameters()).device
    everything = [example for rows in corpora.values() for example in rows]
    weights = stance_weights(network.config.stances, everything)
    mark = {"stage": 0, "step": 0}
    if (folder / "training.json").exists():
        mark = json.loads((folder / "training.json").read_text(encoding="utf-8"))
        say(f"going on at stage {mark['stage']}, step {mark['step']}")
    if mark["stage"] >= len(recipe.stages):  # stopped before the checkpoint was written
        _restore(folder, network, None)
        network.eval()
        if after_stage is not None:
            after_stage(recipe.stages[-1])
    for number, stage in enumerate(recipe.stages):
        if number < mark["stage"]:
            continue
        plan = list(batches(mix(corpora, stage, recipe.seed + number), stage.batch_pieces))
        optimizer = _optimizer(network, stage, recipe.weight_decay)
        first = 0
        if number == mark["stage"] and (mark["step"] or number):
            first = mark["step"]
            _restore(folder, network, optimizer if first else None)
        network.train()
        seen, began, saved = 0, time.monotonic(), time.monotonic()
        running: dict[str, float] = {}
        for step in range(first, len(plan)):
            done = step / len(plan)
            rate = min(1.0, (done + 1e-3) / stage.warmup) * 0.5 * (1 + math.cos(math.pi * done))
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * rate
            # bfloat16 products are 1.4 times as fast on a CPU that has them.
            with torch.autocast(device.type, dtype=torch.bfloat16):
                loss, parts = _batch_loss(network, plan[step], recipe.loss_weights, weights)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            seen += sum(len(example.document.pieces) for example in plan[step])
            for name, value in parts.items():
                running[name] = 0.95 * running.get(name, value) + 0.05 * value
            if step % 20 == 0 or step + 1 == len(plan):
                speed = seen / (time.monotonic() - began)
                shown = " ".join(f"{k} {v:.3f}" for k, v in sorted(running.items()))
                say(f"{stage.name} {step + 1}/{len(plan)} {speed:.0f} pieces/s {shown}")
            if time.monotonic() - saved > save_seconds:
                _save(folder, network, optimizer, {"stage": number, "step": step + 1})
                saved = time.monotonic()
        network.eval()
        _save(folder, network, optimizer, {"stage": number + 1, "step": 0})
        if after_stage is not None:
            after_stage(stage)
