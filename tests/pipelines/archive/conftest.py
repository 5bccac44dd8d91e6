"""Runs with a model that needs no weights."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.fakes import FakeModel


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeModel:
    """The model that every run in these tests loads, by the name ``fake``."""
    model = FakeModel()

    def load(name: str, **_: Any) -> FakeModel:
        assert name == "fake"
        return model

    monkeypatch.setattr("pipelines.archive.settings.load", load)
    monkeypatch.setattr("pipelines.archive.settings._loaded", {})
    return model
