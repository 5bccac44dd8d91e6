"""What is learned when: stages of a recipe, each a mixture of corpora."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field

from pipelines.training.examples import Example

__all__ = ["Recipe", "Stage", "batches", "mix"]


class Stage(BaseModel):
    """One pass over a mixture; ``epochs`` says how many times each corpus occurs in it.

    ``loss_weights`` stand before the recipe's own. The pass is made ``repeats`` times, each
    with a learning rate that rises and falls (Loshchilov and Hutter 2017), or less often
    where labelled articles kept apart show no gain for ``patience`` passes. With ``average``
    a pass ends at the mean of the weights it began with and those it came to, which
    generalises better than either (Izmailov et al. 2018, Wortsman et al. 2022).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    epochs: dict[str, float]
    learning_rate: float = 1.2e-4
    head_learning_rate: float = 6e-4
    warmup: float = 0.06
    batch_pieces: int = 3000
    loss_weights: dict[str, float] = {}
    average: bool = False
    repeats: int = Field(default=1, ge=1)
    patience: int = Field(default=2, ge=1)


class Recipe(BaseModel):
    """Stages one after the other. ``hidden_share`` of the word pieces is masked at random, so
    that no head can lean on single words (word dropout, Dai and Le 2015). A loss without a
    weight is not learned from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int = 17
    weight_decay: float = 0.01
    window: int = 384
    overlap: int = 96
    hidden_share: float = 0.0
    loss_weights: dict[str, float]
    stages: tuple[Stage, ...]


def mix(corpora: Mapping[str, Sequence[Example]], stage: Stage, seed: int) -> list[Example]:
    """The examples of a stage, shuffled: whole epochs whole, the rest sampled."""
    rng = random.Random(seed)  # noqa: S311 - reproducible, not secret
    out: list[Example] = []
    for name, epochs in stage.epochs.items():
        rows = corpora[name]
        out += [row for _ in range(int(epochs)) for row in rows]
        out += rng.sample(list(rows), round((epochs - int(epochs)) * len(rows)))
    rng.shuffle(out)
    return out


def batches(examples: Sequence[Example], pieces: int) -> Iterator[list[Example]]:
    """Consecutive examples, each batch closed once it holds that many word pieces."""
    batch: list[Example] = []
    size = 0
    for example in examples:
        batch.append(example)
        size += len(example.document.pieces)
        if size >= pieces:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
