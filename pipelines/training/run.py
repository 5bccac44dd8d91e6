"""From a recipe and folders of data to a checkpoint."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

from pipelines.errors import ModelError
from pipelines.reader.checkpoint import load_tokenizer, save_network
from pipelines.reader.document import Document, make_document
from pipelines.reader.encoder import EncoderConfig
from pipelines.reader.network import Network, NetworkConfig
from pipelines.reader.reader import Reader
from pipelines.references import Reference, read_references, read_texts
from pipelines.stances import default_stances
from pipelines.training import corpora
from pipelines.training.calibration import fit_confidence, fit_thresholds
from pipelines.training.examples import Example
from pipelines.training.mosaic import mosaics
from pipelines.training.schedule import Recipe
from pipelines.training.train import train

__all__ = ["calibrate", "load_corpora", "new_network", "read_recipe", "train_default"]


def read_recipe(path: Path) -> Recipe:
    return Recipe.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


def new_network(base: Path, recipe: Recipe) -> tuple[Network, Tokenizer]:
    """An untrained reader around a BERT checkpoint in Hugging Face's form."""
    if not (base / "model.safetensors").is_file():
        raise ModelError(f"{base}: model.safetensors is missing; give the folder of a BERT")
    encoder = EncoderConfig.model_validate_json((base / "config.json").read_text("utf-8"))
    torch.manual_seed(recipe.seed)
    network = Network(
        NetworkConfig(
            encoder=encoder,
            stances=default_stances().names,
            window=recipe.window,
            overlap=recipe.overlap,
        )
    )
    network.encoder.load_bert(load_file(base / "model.safetensors"))
    return network, load_tokenizer(base)


def load_corpora(
    data: Path, labels: Sequence[Path], stances: Sequence[Path], tokenizer: Tokenizer
) -> dict[str, list[Example]]:
    """Every corpus of the default recipe, by the name that the recipe calls it."""

    def make(text: str) -> Document:
        return make_document(text, tokenizer)

    articles = data / "newswire" / "articles.jsonl"
    named = corpora.names(articles, data / "newswire" / "entities.jsonl", make)
    texts = read_texts(articles)
    labelled = [r for path in labels for r in read_references(path, texts=texts)]
    standoff = [reference for reference in labelled if reference.id in texts]
    own = [reference for reference in labelled if reference.id not in texts]
    single = [r for path in stances for r in read_references(path)]
    return {
        "polnear": list(corpora.polnear(data / "attribution" / "polnear_train.jsonl", make)),
        "names": list(named.values()),
        "newswire": list(corpora.claims(standoff, make, corpus="newswire", known=named)),
        "articles": list(corpora.claims(own, make, corpus="articles")),
        "coreference": list(
            corpora.coreference(data / "attribution" / "gum_other_genres.jsonl", make)
        ),
        "stances": list(corpora.claims(single, make, corpus="stances")),
        "mosaics": list(corpora.claims(mosaics(single, times=4, seed=17), make, corpus="mosaics")),
        "events": list(corpora.events(data / "stance" / "plover_train.jsonl", make)),
        "summaries": [
            *corpora.summaries(data / "summaries" / "cnn_dailymail.jsonl", make),
            *corpora.summaries(data / "summaries" / "inshorts.jsonl", make),
        ],
    }


def train_default(
    recipe: Recipe,
    network: Network,
    tokenizer: Tokenizer,
    examples: Mapping[str, Sequence[Example]],
    folder: Path,
    say: Callable[[str], None],
    dev: Sequence[Reference] = (),
) -> None:
    """Train by the recipe; the state stays in ``folder``, the checkpoint in ``folder/model``.

    Thresholds and confidence are then fitted on the labelled articles ``dev``, if there are any.
    """
    train(
        network,
        examples,
        recipe,
        folder,
        say=say,
        after_stage=lambda stage: save_network(
            network, tokenizer, folder / "model", {"recipe": recipe.model_dump(mode="json")}
        ),
    )
    if dev:
        calibrate(folder / "model", dev)


def calibrate(model: Path, dev: Sequence[Reference]) -> None:
    """Fit thresholds and confidence of the checkpoint in ``model``; they go to its settings."""
    reader = Reader.from_folder(model, name="calibrated")
    fit_thresholds(reader, dev)
    fit_confidence(reader, dev)
    config = model / "config.json"
    settings = json.loads(config.read_text(encoding="utf-8"))
    settings["thresholds"] = asdict(reader.thresholds)
    config.write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
