"""A tiny recipe runs, learns, goes on where it stopped and leaves a checkpoint."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from pipelines.article import ModelIdentity
from pipelines.errors import ModelError
from pipelines.model import load
from pipelines.reader import Reader
from pipelines.reader.checkpoint import load_network
from pipelines.reader.document import make_document
from pipelines.reader.network import Network
from pipelines.training.examples import ClaimExample, Example
from pipelines.training.losses import batch_losses
from pipelines.training.run import load_corpora, new_network, read_recipe, train_reader
from pipelines.training.schedule import Recipe, Stage
from pipelines.training.train import stance_weights, train
from tests.fixtures.checkpoint import tiny_tokenizer
from tests.fixtures.corpora import RECIPE, write_base, write_corpora
from tests.fixtures.prose import TALKS


class Bench:
    """Data, base and recipe in one folder."""

    def __init__(self, folder: Path) -> None:
        self.base, self.tokenizer = write_base(folder / "base")
        self.data, self.labels, self.stances = write_corpora(folder)
        path = folder / "recipe.toml"
        path.write_text(RECIPE, encoding="utf-8")
        self.recipe = read_recipe(path)
        self.corpora = load_corpora(self.data, [self.labels], [self.stances], self.tokenizer)

    def network(self) -> Network:
        return new_network(self.base, self.recipe)[0]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("bench"))


def losses(network: Network, rows: Sequence[Example]) -> dict[str, float]:
    network.eval()
    weights = stance_weights(network.config.stances, rows)
    total: dict[str, float] = {}
    with torch.inference_mode():
        for example in rows:
            for name, loss in batch_losses(network, [example], weights).items():
                total[name] = total.get(name, 0.0) + float(loss)
    return total


def assert_same_weights(left: Network, right: Network) -> None:
    for name, tensor in left.state_dict().items():
        torch.testing.assert_close(tensor, right.state_dict()[name], atol=1e-6, rtol=0, msg=name)


def test_a_base_becomes_the_encoder(bench: Bench) -> None:
    network = bench.network()
    state = load_file(bench.base / "model.safetensors")

    theirs = state["encoder.layer.1.attention.self.key.weight"]
    assert torch.equal(network.state_dict()["encoder.layers.1.key.weight"], theirs)
    assert (network.config.window, network.config.overlap) == (48, 16)
    assert_same_weights(network, bench.network())


def test_a_base_without_weights_is_named(tmp_path: Path, bench: Bench) -> None:
    with pytest.raises(ModelError, match=r"model\.safetensors is missing"):
        new_network(tmp_path, bench.recipe)


def test_a_recipe_leaves_a_checkpoint_that_reads(bench: Bench, tmp_path: Path) -> None:
    lines: list[str] = []
    network = bench.network()

    train_reader(
        bench.recipe, network, bench.tokenizer, bench.corpora, tmp_path / "run", lines.append
    )

    assert any(line.startswith("breadth 1/") for line in lines)
    assert re.match(r"guide (\d+)/\1 .*stance \d", lines[-1])
    stored, settings = load_network(tmp_path / "run" / "model")
    assert settings["recipe"]["stages"][1]["name"] == "guide"
    for name, tensor in stored.state_dict().items():
        torch.testing.assert_close(tensor, network.state_dict()[name], atol=2e-3, rtol=1e-3)
    (analysis,) = load(tmp_path / "run" / "model").analyse([TALKS])
    analysis.verify(TALKS)


def test_training_lowers_every_loss_it_works_on(bench: Bench, tmp_path: Path) -> None:
    rows = bench.corpora["newswire"]
    stage = Stage(
        name="fit",
        epochs={"newswire": 150},
        learning_rate=2e-3,
        head_learning_rate=4e-3,
        batch_pieces=1,
    )
    recipe = bench.recipe.model_copy(update={"stages": (stage,)})
    network = bench.network()
    before = losses(network, rows)

    train(network, {"newswire": rows}, recipe, tmp_path, say=lambda _: None)
    after = losses(network, rows)

    for name in ("tags", "names", "cue_link", "source_link", "stance", "origin"):
        assert after[name] < before[name] / 2, name
    assert after["salience"] < before["salience"]
    (analysis,) = Reader(network, bench.tokenizer, ModelIdentity(name="fit", revision="1")).analyse(
        [TALKS]
    )

    def found(words: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        (claim,) = [claim for claim in analysis.claims if words in claim.text]
        return claim.stance, claim.speaker.names, claim.targets

    assert found("clear old mines") == ("cooperation", ("Sigrun Halvorsen",), ("Latvia",))
    assert found("moving troops") == ("threat", ("Janis Ozols",), ("Latvia",))


class Stopped(Exception):  # noqa: N818
    pass


def quiet(network: Network) -> Network:
    """Without dropout, so that two runs draw nothing at random."""
    network.dropout = network.encoder.dropout = 0.0
    return network


def stop_at(text: str) -> Callable[[str], None]:
    def say(line: str) -> None:
        if line.startswith(text):
            raise Stopped

    return say


@pytest.fixture(scope="module")
def longer(bench: Bench) -> Recipe:
    """The recipe with more than twenty steps a stage: every twentieth is told."""
    stages = tuple(
        stage.model_copy(update={"epochs": {k: v * 30 for k, v in stage.epochs.items()}})
        for stage in bench.recipe.stages
    )
    return bench.recipe.model_copy(update={"stages": stages})


@pytest.fixture(scope="module")
def whole(bench: Bench, longer: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Network:
    """Trained by the longer recipe without a stop."""
    network = quiet(bench.network())
    train(network, bench.corpora, longer, tmp_path_factory.mktemp("whole"), say=lambda _: None)
    return network


@pytest.mark.parametrize("where", ["breadth 21/", "guide 1/", "guide 21/"])
def test_goes_on_where_it_stopped(
    bench: Bench, longer: Recipe, whole: Network, tmp_path: Path, where: str
) -> None:
    halves = quiet(bench.network())

    with pytest.raises(Stopped):
        train(
            halves, bench.corpora, longer, tmp_path / "halves", say=stop_at(where), save_seconds=-1
        )
    fresh = quiet(bench.network())
    lines: list[str] = []
    train(fresh, bench.corpora, longer, tmp_path / "halves", say=lines.append)

    assert lines[0].startswith("going on at pass")
    assert_same_weights(fresh, whole)
    with pytest.raises(AssertionError):
        assert_same_weights(fresh, bench.network())


def test_a_finished_run_gives_its_weights_and_its_checkpoint(bench: Bench, tmp_path: Path) -> None:
    network = bench.network()
    run = tmp_path / "run"
    train_reader(bench.recipe, network, bench.tokenizer, bench.corpora, run, lambda _: None)
    shutil.rmtree(run / "model")  # as if it had been stopped just before the last file

    again = bench.network()
    train_reader(bench.recipe, again, bench.tokenizer, bench.corpora, run, lambda _: None)

    assert_same_weights(again, network)
    assert load_network(run / "model")


def test_a_stage_may_end_at_the_mean_of_its_two_ends(bench: Bench, tmp_path: Path) -> None:
    def trained(average: bool) -> dict[str, Tensor]:
        stages = tuple(
            stage.model_copy(update={"average": average}) for stage in bench.recipe.stages[:1]
        )
        network = quiet(bench.network())
        recipe = bench.recipe.model_copy(update={"stages": stages})
        train(network, bench.corpora, recipe, tmp_path / str(average), say=lambda _: None)
        return network.state_dict()

    start, end, mean = bench.network().state_dict(), trained(False), trained(True)

    for name, tensor in mean.items():
        assert torch.allclose(tensor, (start[name] + end[name]) / 2, atol=1e-6), name
    assert any(not torch.equal(mean[name], end[name]) for name in mean)


def test_a_stage_has_its_own_loss_weights(bench: Bench, tmp_path: Path) -> None:
    silent = dict.fromkeys(bench.recipe.loss_weights, 0.0)
    stage = bench.recipe.stages[0].model_copy(update={"loss_weights": silent})
    recipe = bench.recipe.model_copy(update={"stages": (stage,), "weight_decay": 0.0})
    network = bench.network()
    train(network, bench.corpora, recipe, tmp_path, say=lambda _: None)

    assert_same_weights(network, bench.network())


def test_rare_stances_weigh_more() -> None:
    document = make_document("a b", tiny_tokenizer())
    claim = ClaimExample([(0, 1)], [], [], stances=("support",))
    rows = [Example("x", document, claims=[claim] * 100)]

    weights = stance_weights(("support", "denial", "threat"), rows)

    assert weights[0] < weights[1] == weights[2]
    assert float(weights.mean()) == pytest.approx(1.0)


def test_an_unknown_corpus_is_named(bench: Bench, tmp_path: Path) -> None:
    stage = Stage(name="s", epochs={"nonsense": 1})
    recipe = Recipe(loss_weights={}, stages=(stage,))

    with pytest.raises(KeyError, match="nonsense"):
        train(bench.network(), bench.corpora, recipe, tmp_path, say=lambda _: None)
