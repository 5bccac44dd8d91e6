"""``attache train``: the default from its corpora, or a trained reader on one's own labels."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pipelines.errors import AttacheError, ModelError
from pipelines.model import DEFAULT_WEIGHTS
from pipelines.reader.checkpoint import load_network, load_tokenizer
from pipelines.reader.document import Document, make_document
from pipelines.references import LabelError, Reference, read_references, read_texts
from pipelines.stances import StanceSet
from pipelines.training.run import (
    labelled_corpora,
    load_corpora,
    new_network,
    read_recipe,
    train_reader,
    with_stances,
)
from pipelines.training.train import Tick

__all__ = ["TrainingRun", "run_training"]

#: One labelled article in this many is kept for dev where none is named, if there are enough.
_KEPT = 6


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """What ``attache train`` was called with; see its help."""

    out: Path
    labels: Sequence[Path] = ()
    singles: Sequence[Path] = ()
    dev: Sequence[Path] = ()
    texts: Path | None = None
    stances: Path | None = None
    config: Path | None = None
    model: Path | None = None
    data: Path | None = None
    base: Path | None = None
    device: str = "cpu"


@contextmanager
def _watched() -> Iterator[tuple[Tick, Console]]:
    """A bar of the pass under way, and the console that writes lines above it."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("")

        def tick(stage: str, step: int, steps: int) -> None:
            bar.update(task, description=stage, completed=step, total=steps)

        yield tick, console


def _check_stances(references: Sequence[Reference], stances: Sequence[str]) -> None:
    for reference in references:
        for number, claim in enumerate(reference.claims):
            for name in (claim.stance, *claim.also):
                if name not in stances:
                    raise LabelError(
                        f"{reference.id}: claims.{number}: stance {name!r} is not in the label "
                        f"set ({', '.join(stances)}); mend it, or give a set with --stances"
                    )


def _kept_apart(labels: list[Reference], seed: int) -> tuple[list[Reference], list[Reference]]:
    """Labels to train on, and those kept for dev; none of a handful."""
    order = random.Random(seed).sample(range(len(labels)), len(labels))  # noqa: S311 - not secret
    kept = set(order[: len(labels) // _KEPT] if len(labels) >= 2 * _KEPT else ())
    return (
        [one for i, one in enumerate(labels) if i not in kept],
        [one for i, one in enumerate(labels) if i in kept],
    )


def _say(line: str) -> None:
    print(time.strftime("%H:%M:%S"), line, file=sys.stderr, flush=True)


def run_training(run: TrainingRun) -> None:
    """Train as told and print the checkpoint's folder; raises :class:`AttacheError`."""
    try:
        torch.zeros(1, device=run.device)
    except (RuntimeError, AssertionError) as error:
        raise ModelError(f"device {run.device!r} cannot be used: {error}") from None
    if (run.data is None) != (run.base is None):
        raise AttacheError("give --data and --base together, or neither to go on from a model")
    try:
        stances = StanceSet.read(run.stances) if run.stances is not None else None
    except ValueError as error:
        raise AttacheError(str(error)) from None
    default = DEFAULT_WEIGHTS / ("finetune.toml" if run.base is None else "recipe.toml")
    recipe = read_recipe(run.config or default)
    if run.base is not None and run.data is not None:
        network, tokenizer = new_network(run.base, recipe, stances)
        examples = load_corpora(run.data, run.labels, run.singles, tokenizer)
        texts = read_texts(run.data / "newswire" / "articles.jsonl")
        dev = [r for path in run.dev for r in read_references(path, texts=texts)]
    else:
        folder = run.model or DEFAULT_WEIGHTS
        network, tokenizer = load_network(folder)[0], load_tokenizer(folder)
        network = with_stances(network, stances) if stances is not None else network
        texts = read_texts(run.texts) if run.texts is not None else {}
        labels = [r for path in run.labels for r in read_references(path, texts=texts)]
        singles = [r for path in run.singles for r in read_references(path, texts=texts)]
        dev = [r for path in run.dev for r in read_references(path, texts=texts)]
        if not labels and not singles:
            raise AttacheError("nothing to learn from: give --labels or --singles")
        _check_stances([*labels, *singles, *dev], network.config.stances)
        if not dev:
            labels, dev = _kept_apart(labels, recipe.seed)

        def make(text: str) -> Document:
            return make_document(text, tokenizer)

        examples = labelled_corpora(labels, singles, make)
    for name, rows in examples.items():
        pieces = sum(len(row.document.pieces) for row in rows)
        _say(f"{name}: {len(rows)} texts, {pieces:,} word pieces")
    with _watched() as (tick, console):

        def say(line: str) -> None:
            console.print(time.strftime("%H:%M:%S"), line, highlight=False, soft_wrap=True)

        network = network.to(run.device)
        trained = run.base is None
        train_reader(recipe, network, tokenizer, examples, run.out, say, dev, tick, trained)
    print(run.out / "model")
