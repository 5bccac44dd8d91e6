"""What all rooms may use."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from tokenizers import Tokenizer

from pipelines.reader import Reader
from tests.fixtures.checkpoint import tiny_tokenizer, write_checkpoint

settings.register_profile(
    "attache",
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("attache")


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a checkpoint: a random network of two layers, 32 wide."""
    return write_checkpoint(tmp_path_factory.mktemp("checkpoint") / "tiny")


@pytest.fixture(scope="session")
def tiny_reader(tiny_checkpoint: Path) -> Reader:
    return Reader.from_folder(tiny_checkpoint, name="tiny")


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    return tiny_tokenizer()
