"""``attache train``: a recipe, data and a base encoder to a checkpoint."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path

from pipelines.model import DEFAULT_WEIGHTS
from pipelines.references import read_references, read_texts
from pipelines.training.run import load_corpora, new_network, read_recipe, train_default

__all__ = ["run_training"]


def _say(line: str) -> None:
    print(time.strftime("%H:%M:%S"), line, file=sys.stderr, flush=True)


def run_training(
    data: Path,
    base: Path,
    out: Path,
    labels: Sequence[Path],
    stances: Sequence[Path],
    dev: Sequence[Path],
    config: Path | None,
) -> None:
    recipe = read_recipe(config or DEFAULT_WEIGHTS / "recipe.toml")
    network, tokenizer = new_network(base, recipe)
    examples = load_corpora(data, labels, stances, tokenizer)
    for name, rows in examples.items():
        pieces = sum(len(row.document.pieces) for row in rows)
        _say(f"{name}: {len(rows)} texts, {pieces:,} word pieces")
    texts = read_texts(data / "newswire" / "articles.jsonl")
    kept = [r for path in dev for r in read_references(path, texts=texts)]
    train_default(recipe, network, tokenizer, examples, out, _say, kept)
    print(out / "model")
