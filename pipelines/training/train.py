"""The training loop: stages of a recipe, logged, checkpointed and resumable."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor

from pipelines.reader.network import Network
from pipelines.training import state
from pipelines.training.examples import Example
from pipelines.training.losses import batch_losses
from pipelines.training.schedule import Recipe, Stage, batches, mix

__all__ = ["Tick", "stance_weights", "train"]

#: Told of each step: the stage, the step and the number of steps.
Tick = Callable[[str, int, int], None]


def stance_weights(stances: Sequence[str], examples: Sequence[Example]) -> Tensor:
    """Weights ``[stances]`` by the inverse square root of frequency, of mean 1."""
    counts = Counter(
        claim.stances[0] for example in examples for claim in example.claims if claim.stances
    )
    raw = torch.tensor([1 / math.sqrt(counts[name] + 20) for name in stances])
    return raw / raw.mean()


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


class _Log:
    """One line every twenty steps: losses smoothed, and the speed since the start."""

    def __init__(
        self, stage: Stage, steps: int, say: Callable[[str], None], tick: Tick | None
    ) -> None:
        self.stage, self.steps, self.say, self.tick = stage, steps, say, tick
        self.seen, self.began = 0, time.monotonic()
        self.running: dict[str, float] = {}

    def step(self, step: int, batch: Sequence[Example], parts: Mapping[str, float]) -> None:
        self.seen += sum(len(example.document.pieces) for example in batch)
        if self.tick is not None:
            self.tick(self.stage.name, step + 1, self.steps)
        for name, value in parts.items():
            self.running[name] = 0.95 * self.running.get(name, value) + 0.05 * value
        if step % 20 == 0 or step + 1 == self.steps:
            speed = self.seen / (time.monotonic() - self.began)
            shown = " ".join(f"{k} {v:.3f}" for k, v in sorted(self.running.items()))
            self.say(f"{self.stage.name} {step + 1}/{self.steps} {speed:.0f} pieces/s {shown}")


def _rate(done: float, warmup: float) -> float:
    """Share of the peak learning rate: a linear rise, then half a cosine down to nothing."""
    return min(1.0, (done + 1e-3) / warmup) * 0.5 * (1 + math.cos(math.pi * done))


def train(
    network: Network,
    corpora: Mapping[str, Sequence[Example]],
    recipe: Recipe,
    folder: Path,
    *,
    say: Callable[[str], None],
    tick: Tick | None = None,
    after_pass: Callable[[Stage], bool] | None = None,
    save_seconds: float = 300.0,
) -> None:
    """Train in place. State is kept in ``folder``; a second call goes on from there.

    ``say`` takes lines for the log, ``tick`` the stage, the step and the number of steps.
    ``after_pass`` is called with the network in evaluation mode; where it gives False the
    stage is not repeated any more.
    """
    torch.manual_seed(recipe.seed)
    network.hidden_share = recipe.hidden_share
    folder.mkdir(parents=True, exist_ok=True)
    everything = [example for rows in corpora.values() for example in rows]
    weights = stance_weights(network.config.stances, everything)
    passes = [stage for stage in recipe.stages for _ in range(stage.repeats)]
    mark = state.read_mark(folder)
    if mark is not None:
        say(f"going on at pass {mark[0]}, step {mark[1]}")
        state.restore(folder, network, None)
        if mark[0] == len(passes) and after_pass is not None:
            network.eval()
            after_pass(passes[-1])  # it was stopped before the checkpoint was written
    start, first = mark or (0, 0)
    ended: Stage | None = None
    for number, stage in enumerate(passes[start:], start):
        if stage is ended:
            continue
        plan = list(batches(mix(corpora, stage, recipe.seed + number), stage.batch_pieces))
        optimizer = _optimizer(network, stage, recipe.weight_decay)
        if first:
            state.restore(folder, network, optimizer)
        elif stage.average:
            state.remember(folder, network)
        losses = {**recipe.loss_weights, **stage.loss_weights}
        log, saved = _Log(stage, len(plan), say, tick), time.monotonic()
        network.train()
        for step in range(first, len(plan)):
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * _rate(step / len(plan), stage.warmup)
            parts = _step(network, optimizer, plan[step], losses, weights)
            log.step(step, plan[step], parts)
            if time.monotonic() - saved > save_seconds:
                state.save(folder, network, optimizer, (number, step + 1))
                saved = time.monotonic()
        first = 0
        network.eval()
        if stage.average:
            state.average(folder, network)
        state.save(folder, network, optimizer, (number + 1, 0))
        if after_pass is not None and not after_pass(stage):
            ended = stage
            following = [n for n in range(number + 1, len(passes)) if passes[n] is not stage]
            state.save(folder, network, optimizer, (min(following, default=len(passes)), 0))


def _step(
    network: Network,
    optimizer: torch.optim.Optimizer,
    batch: Sequence[Example],
    losses: Mapping[str, float],
    stances: Tensor,
) -> dict[str, float]:
    """One step down the gradient; the losses by head."""
    device = next(network.parameters()).device
    # bfloat16 products are 1.4 times as fast on a CPU that has them.
    with torch.autocast(device.type, dtype=torch.bfloat16):
        parts = batch_losses(network, batch, stances)
        loss = sum((losses.get(name, 0.0) * part for name, part in parts.items()), torch.zeros(()))
    if not parts:
        return {}
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    values = torch.stack([part.detach() for part in parts.values()]).tolist()
    return dict(zip(parts, values, strict=True))
