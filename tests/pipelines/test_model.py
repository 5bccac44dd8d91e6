"""Loading a model by name, and what importing the package costs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import pipelines
from pipelines.errors import AttacheError, ModelError
from pipelines.model import Model, load


def test_a_folder_is_a_model(tiny_checkpoint: Path) -> None:
    model = load(tiny_checkpoint, max_words=7)

    assert isinstance(model, Model)
    assert model.identity.name == "tiny"
    assert len(model.identity.revision) == 12
    assert next(model.analyse(["Rain fell on the town."])).model == model.identity


def test_settings_reach_the_reader(tiny_checkpoint: Path) -> None:
    text = "The old ferry sails at noon today. The new one stays in port until Monday."
    one = next(load(str(tiny_checkpoint), max_words=8).analyse([text]))
    both = next(load(str(tiny_checkpoint)).analyse([text]))

    assert (len(one.summary.sentences), len(both.summary.sentences)) == (1, 2)
    with pytest.raises(pipelines.ArticleError, match="more than the limit of 10;"):
        next(load(tiny_checkpoint, max_characters=10).analyse([text]))


def test_an_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(ModelError, match=r"no model 'defualt'.*did you mean 'default'") as caught:
        load("defualt")
    assert isinstance(caught.value, AttacheError)

    with pytest.raises(ModelError, match="no model '/no/such/folder'") as caught:
        load("/no/such/folder")
    assert "did you mean" not in str(caught.value)


@pytest.mark.parametrize("device", ["cuda:99", "abacus"])
def test_a_device_that_is_not_there_is_named(tiny_checkpoint: Path, device: str) -> None:
    with pytest.raises(ModelError, match=device):
        load(tiny_checkpoint, device=device)


def test_importing_the_package_loads_no_heavy_library() -> None:
    code = (
        "import sys, pipelines; pipelines.Article(text='x');"
        "print(sorted({'torch', 'transformers', 'tokenizers', 'numpy', 'datasets'} "
        "& set(sys.modules)))"
    )
    root = Path(pipelines.__file__).parents[1]

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "[]"


def test_everything_promised_is_there() -> None:
    assert set(pipelines.__all__) <= set(dir(pipelines))
    assert pipelines.__version__.count(".") == 2
