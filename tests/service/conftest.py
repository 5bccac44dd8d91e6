"""The service around a small honest model."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

import pipelines
from pipelines.model import Model
from service import Settings, create_app
from tests.service.fakes import FakeModel


def settings(**given: Any) -> Settings:
    """Settings that no variable of the surroundings changes."""
    return Settings(**{"max_articles": 20, "max_body_bytes": 50_000} | given)


def wait_until(holds: Callable[[], bool], *, seconds: float = 5) -> None:
    """Return as soon as it holds; fail when it does not in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.005)


def start(client: TestClient) -> None:
    """Wait until the service takes articles."""
    wait_until(lambda: client.get("/readyz").status_code == 200)


@pytest.fixture(autouse=True)
def _no_settings_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.upper().startswith("ATTACHE_"):
            monkeypatch.delenv(name)


@pytest.fixture
def model() -> FakeModel:
    return FakeModel()


@pytest.fixture
def client(model: FakeModel) -> Iterator[TestClient]:
    """The service with the fake model, ready."""
    with TestClient(create_app(settings(), model=model)) as client:
        start(client)
        yield client


@pytest.fixture(scope="session")
def real_model() -> Model:
    """The embedded default, for what only a real reading shows."""
    return pipelines.load()
