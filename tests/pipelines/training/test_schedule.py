"""Recipes, mixtures and batches."""

from __future__ import annotations

from collections import Counter

import pytest
from pydantic import ValidationError

from pipelines.model import DEFAULT_WEIGHTS
from pipelines.reader.document import make_document
from pipelines.training.examples import Example
from pipelines.training.run import read_recipe
from pipelines.training.schedule import Recipe, Stage, batches, mix
from tests.fixtures.checkpoint import tiny_tokenizer

TOKENIZER = tiny_tokenizer()


def examples(corpus: str, count: int) -> list[Example]:
    return [Example(corpus, make_document("a b c " * (i + 1), TOKENIZER)) for i in range(count)]


CORPORA = {"one": examples("one", 10), "two": examples("two", 4)}


def test_epochs_say_how_often_each_corpus_occurs() -> None:
    mixed = mix(CORPORA, Stage(name="s", epochs={"one": 1.5, "two": 2}), seed=1)

    assert Counter(example.corpus for example in mixed) == {"one": 15, "two": 8}
    times = Counter(id(example) for example in mixed if example.corpus == "one")
    assert sorted(times.values()) == [1] * 5 + [2] * 5


def test_a_seed_is_an_order() -> None:
    stage = Stage(name="s", epochs={"one": 0.7, "two": 1})
    first, again, other = (
        [id(example) for example in mix(CORPORA, stage, seed)] for seed in (1, 1, 2)
    )

    assert first == again
    assert first != other


def test_batches_hold_all_in_order() -> None:
    rows = CORPORA["one"]
    grouped = list(batches(rows, 20))

    assert [example for batch in grouped for example in batch] == rows
    for batch in grouped[:-1]:
        pieces = [len(example.document.pieces) for example in batch]
        assert sum(pieces) >= 20 > sum(pieces[:-1])
    assert len(grouped) > 3


def test_the_default_recipe_is_one() -> None:
    recipe = read_recipe(DEFAULT_WEIGHTS / "recipe.toml")

    assert len(recipe.stages) >= 2
    assert {name for stage in recipe.stages for name in stage.epochs} <= {
        "polnear",
        "names",
        "newswire",
        "articles",
        "coreference",
        "stances",
        "mosaics",
        "events",
        "summaries",
    }


def test_a_recipe_with_an_unknown_setting_is_refused() -> None:
    with pytest.raises(ValidationError, match="colour"):
        Recipe.model_validate({"loss_weights": {}, "stages": [], "colour": "red"})
