"""A trained reader goes on learning from a user's own labels and label set."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from typer.testing import CliRunner

from pipelines.cli.app import app
from pipelines.model import load
from pipelines.reader.checkpoint import save_network
from pipelines.references import read_references
from pipelines.stances import Stance, StanceSet
from pipelines.training.run import (
    labelled_corpora,
    load_corpora,
    new_network,
    read_recipe,
    train_reader,
    with_stances,
)
from pipelines.training.schedule import Recipe, Stage
from pipelines.training.train import train
from tests.fixtures.corpora import RECIPE, reference, write_base, write_corpora, write_rows
from tests.fixtures.prose import TALKS

TUNE = """
[loss_weights]
tags = 1.0
stance = 1.0
[[stages]]
name = "own"
learning_rate = 1e-3
batch_pieces = 200
[stages.epochs]
articles = 1
"""


class Place:
    """An untrained checkpoint, labels and a recipe in one folder."""

    def __init__(self, folder: Path) -> None:
        base, self.tokenizer = write_base(folder / "base")
        recipe = folder / "recipe.toml"
        recipe.write_text(RECIPE, encoding="utf-8")
        self.base, self.recipe = base, recipe
        self.network = new_network(base, read_recipe(recipe))[0]
        self.model = folder / "model"
        save_network(self.network, self.tokenizer, self.model, {})
        self.labels = self.write(folder / "own.jsonl", reference())
        self.tune = folder / "tune.toml"
        self.tune.write_text(TUNE, encoding="utf-8")

    @staticmethod
    def write(path: Path, *rows: dict[str, Any]) -> Path:
        return write_rows(path, [{"text": TALKS, **row} for row in rows])

    def run(self, *words: str) -> Any:
        command = ["train", "--model", str(self.model), "--config", str(self.tune), *words]
        return CliRunner().invoke(app, command)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_own_labels_make_a_checkpoint_that_reads(place: Place, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = place.run("--labels", str(place.labels), "--out", str(out))

    assert result.exit_code == 0, result.stderr
    assert result.stdout == f"{out / 'model'}\n"
    (analysis,) = load(out / "model").analyse([TALKS])
    analysis.verify(TALKS)


def test_another_label_set(place: Place, tmp_path: Path) -> None:
    stances = tmp_path / "mine.toml"
    stances.write_text(
        '[threat]\ndefinition = "harm"\n[other]\ndefinition = "the rest"\n', encoding="utf-8"
    )
    row = reference()
    for claim in row["claims"]:
        claim["stance"] = claim["stance"] if claim["stance"] == "threat" else "other"
    labels = place.write(tmp_path / "mine.jsonl", row)
    words = ("--labels", str(labels), "--stances", str(stances), "--out", str(tmp_path / "out"))

    result = place.run(*words)

    assert result.exit_code == 0, result.stderr
    reader = load(tmp_path / "out" / "model")
    assert reader.network.config.stances == ("threat", "other")  # type: ignore[attr-defined]


def test_a_label_outside_the_set_is_named(place: Place, tmp_path: Path) -> None:
    row = reference()
    row["claims"][1]["also"] = ["scorn"]
    labels = place.write(tmp_path / "mine.jsonl", row)

    result = place.run("--labels", str(labels), "--out", str(tmp_path / "out"))

    assert result.exit_code == 2
    assert "talks: claims.1: stance 'scorn' is not in the label set" in result.stderr
    assert "--stances" in result.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--device", "nonsense"), "device 'nonsense' cannot be used"),
        ((), "nothing to learn from: give --labels or --singles"),
        (("--data", "here"), "give --data and --base together"),
        (("--stances", "absent.toml"), "absent.toml"),
    ],
)
def test_a_wrong_call_says_the_way_out(
    place: Place, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    result = place.run("--out", str(tmp_path / "out"), *words)

    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())


def test_a_new_label_set_keeps_what_is_known_of_the_old(place: Place) -> None:
    names = place.network.config.stances
    stances = StanceSet((Stance("new", "n"), Stance(names[3], "as before")))
    before = place.network.claim.stance.weight[3]

    changed = with_stances(place.network, stances)

    assert changed.claim.stance.weight.shape[0] == 2
    assert torch.equal(changed.claim.stance.weight[1], before)
    assert with_stances(place.network, StanceSet(tuple(Stance(n, "") for n in names))) is (
        place.network
    )


def test_a_stage_ends_when_dev_gains_no_more(place: Place, tmp_path: Path) -> None:
    (dev,) = read_references(place.labels)
    data, labels, singles = write_corpora(tmp_path / "corpora")
    corpora = load_corpora(data, [labels], [singles], place.tokenizer)
    still = Stage(
        name="still",
        epochs={"articles": 1},
        learning_rate=0.0,
        head_learning_rate=0.0,
        repeats=9,
        patience=2,
    )
    after = Stage(name="after", epochs={"articles": 1})
    weights = read_recipe(place.recipe).loss_weights
    recipe = Recipe(loss_weights=weights, stages=(still, after), weight_decay=0.0)
    lines: list[str] = []

    train_reader(
        recipe, place.network, place.tokenizer, corpora, tmp_path / "run", lines.append, [dev]
    )

    told = json.loads((tmp_path / "run" / "dev.json").read_text(encoding="utf-8"))
    assert [name for name, _ in told] == ["still", "still", "still", "after"]
    assert sum("chain F1" in line for line in lines) == 4
    assert load(tmp_path / "run" / "model")


def test_each_stage_leaves_its_best_pass(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later stage counts also where it reads dev worse: it was asked for."""
    chains = iter([0.5, 0.4, 0.6, 0.3])
    saved: list[float] = []
    now = [0.0]

    def chain(*_: object) -> float:
        now[0] = next(chains)
        return now[0]

    monkeypatch.setattr("pipelines.training.run.chain_f1", chain)
    monkeypatch.setattr("pipelines.training.run.save_network", lambda *_: saved.append(now[0]))
    monkeypatch.setattr("pipelines.training.run.calibrate", lambda *_: None)
    dev = read_references(place.labels)
    stages = (
        Stage(name="first", epochs={"stances": 1}, repeats=3),
        Stage(name="second", epochs={"stances": 1}),
    )
    recipe = Recipe(loss_weights={}, stages=stages)
    corpora = labelled_corpora([], [], pytest.fail)

    train_reader(
        recipe, place.network, place.tokenizer, corpora, tmp_path / "run", lambda _: None, dev
    )

    assert saved == [0.5, 0.6, 0.3]


def test_a_stage_that_ended_early_is_not_taken_up_again(place: Place, tmp_path: Path) -> None:
    stage = Stage(name="only", epochs={"stances": 1}, repeats=5)
    recipe = Recipe(loss_weights={}, stages=(stage,))
    lines: list[str] = []

    for _ in range(2):
        train(
            place.network,
            {"stances": []},
            recipe,
            tmp_path,
            say=lines.append,
            after_pass=lambda _: False,
        )

    assert lines == ["going on at pass 5, step 0"]


def test_some_labels_are_kept_for_dev(place: Place, tmp_path: Path) -> None:
    rows = [{**reference(), "id": f"talks-{i}"} for i in range(12)]
    labels = place.write(tmp_path / "many.jsonl", *rows)

    result = place.run("--labels", str(labels), "--out", str(tmp_path / "out"))

    assert result.exit_code == 0, result.stderr
    assert "articles: 10 texts" in result.stderr
    assert "before: chain F1" in result.stderr
    assert "on 2 dev articles" in " ".join(result.stderr.split())


def test_own_corpora_have_the_names_that_recipes_use(place: Place) -> None:
    assert labelled_corpora([], [], pytest.fail) == {
        "articles": [],
        "stances": [],
        "mosaics": [],
    }
