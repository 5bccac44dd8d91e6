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

from pipelines.article import ModelIdentity
from pipelines.errors import ModelError
from pipelines.reader.checkpoint import load_tokenizer, save_network
from pipelines.reader.document import Document, make_document
from pipelines.reader.encoder import EncoderConfig
from pipelines.reader.network import Network, NetworkConfig
from pipelines.reader.reader import Reader
from pipelines.references import Reference, read_references, read_texts
from pipelines.stances import StanceSet, default_stances
from pipelines.training import corpora
from pipelines.training.calibration import chain_f1, fit_confidence, fit_thresholds
from pipelines.training.corpora import MakeDocument
from pipelines.training.examples import Example
from pipelines.training.mosaic import mosaics
from pipelines.training.schedule import Recipe, Stage
from pipelines.training.train import Tick, train

__all__ = [
    "calibrate",
    "labelled_corpora",
    "load_corpora",
    "new_network",
    "read_recipe",
    "train_reader",
    "with_stances",
]


def read_recipe(path: Path) -> Recipe:
    return Recipe.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


def new_network(
    base: Path, recipe: Recipe, stances: StanceSet | None = None
) -> tuple[Network, Tokenizer]:
    """An untrained reader around a BERT checkpoint in Hugging Face's form."""
    if not (base / "model.safetensors").is_file():
        raise ModelError(f"{base}: model.safetensors is missing; give the folder of a BERT")
    encoder = EncoderConfig.model_validate_json((base / "config.json").read_text("utf-8"))
    torch.manual_seed(recipe.seed)
    network = Network(
        NetworkConfig(
            encoder=encoder,
            stances=(stances or default_stances()).names,
            window=recipe.window,
            overlap=recipe.overlap,
        )
    )
    network.encoder.load_bert(load_file(base / "model.safetensors"))
    return network, load_tokenizer(base)


def labelled_corpora(
    labels: Sequence[Reference], singles: Sequence[Reference], make: MakeDocument
) -> dict[str, list[Example]]:
    """The corpora that a user's own labels make, by the names that recipes call them."""
    return {
        "articles": list(corpora.claims(labels, make, corpus="articles")),
        "stances": list(corpora.claims(singles, make, corpus="stances")),
        "mosaics": list(corpora.claims(mosaics(singles, times=4, seed=17), make, corpus="mosaics")),
    }


def with_stances(network: Network, stances: StanceSet) -> Network:
    """The network with another label set: what it knows of stances of the same name stays."""
    names = network.config.stances
    if stances.names == names:
        return network
    state = network.state_dict()
    changed = Network(network.config.model_copy(update={"stances": stances.names}))
    for part in ("weight", "bias"):
        rows = changed.claim.stance.state_dict()[part]
        old = state[f"claim.stance.{part}"]
        state[f"claim.stance.{part}"] = torch.stack(
            [old[names.index(n)] if n in names else rows[i] for i, n in enumerate(stances.names)]
        )
    changed.load_state_dict(state)
    return changed


def load_corpora(
    data: Path, labels: Sequence[Path], singles: Sequence[Path], tokenizer: Tokenizer
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
    single = [r for path in singles for r in read_references(path)]
    return labelled_corpora(own, single, make) | {
        "polnear": list(corpora.polnear(data / "attribution" / "polnear_train.jsonl", make)),
        "names": list(named.values()),
        "newswire": list(corpora.claims(standoff, make, corpus="newswire", known=named)),
        "coreference": list(
            corpora.coreference(data / "attribution" / "gum_other_genres.jsonl", make)
        ),
        "events": list(corpora.events(data / "stance" / "plover_train.jsonl", make)),
        "summaries": [
            *corpora.summaries(data / "summaries" / "cnn_dailymail.jsonl", make),
            *corpora.summaries(data / "summaries" / "inshorts.jsonl", make),
        ],
    }


#: What the log calls a trained network that has not learned more yet.
_BEFORE = "before"


class _Keeper:
    """Writes the checkpoint after each pass, but for one that reads dev articles no better
    than an earlier pass of its stage, or than the network that came trained."""

    def __init__(
        self,
        network: Network,
        tokenizer: Tokenizer,
        recipe: Recipe,
        folder: Path,
        dev: Sequence[Reference],
        say: Callable[[str], None],
    ) -> None:
        self.network, self.tokenizer, self.recipe = network, tokenizer, recipe
        self.folder, self.dev, self.say = folder, dev, say

    def __call__(self, stage: Stage) -> bool:
        """Whether the stage is worth another pass."""
        if not self.dev:
            self._save()
            return True
        reader = Reader(self.network, self.tokenizer, ModelIdentity(name="dev", revision="0"))
        chain = chain_f1(reader, self.dev)
        history = self._history()
        self.say(f"{stage.name}: chain F1 {chain:.3f} on {len(self.dev)} dev articles")
        values = [value for name, value in history if name in (stage.name, _BEFORE)]
        # A stage builds on the one before: its first pass counts, whatever that one reached.
        if chain > max(values, default=-1.0):
            self._save()
        history.append((stage.name, chain))
        self._scores.write_text(json.dumps(history) + "\n", encoding="utf-8")
        values.append(chain)
        since = len(values) - 1 - values.index(max(values))
        return since < stage.patience

    @property
    def begun(self) -> bool:
        return self._scores.exists() or not self.dev

    @property
    def _scores(self) -> Path:
        return self.folder / "dev.json"

    def _history(self) -> list[tuple[str, float]]:
        if not self._scores.exists():
            return []
        return [tuple(row) for row in json.loads(self._scores.read_text(encoding="utf-8"))]

    def _save(self) -> None:
        settings = {"recipe": self.recipe.model_dump(mode="json")}
        save_network(self.network, self.tokenizer, self.folder / "model", settings)


def train_reader(
    recipe: Recipe,
    network: Network,
    tokenizer: Tokenizer,
    examples: Mapping[str, Sequence[Example]],
    folder: Path,
    say: Callable[[str], None],
    dev: Sequence[Reference] = (),
    tick: Tick | None = None,
    trained: bool = False,
) -> None:
    """Train by the recipe; the state stays in ``folder``, the checkpoint in ``folder/model``.

    With labelled articles ``dev`` the checkpoint is that of the last stage's pass which read
    them best, and thresholds and confidence are then fitted on them. A network that is ``trained``
    already is scored first: it stays where learning more makes it no better.
    """
    keeper = _Keeper(network, tokenizer, recipe, folder, dev, say)
    folder.mkdir(parents=True, exist_ok=True)
    if trained and not keeper.begun:
        keeper(Stage(name=_BEFORE, epochs={}))
    train(network, examples, recipe, folder, say=say, tick=tick, after_pass=keeper)
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
