"""Intervals over articles."""

from __future__ import annotations

import numpy as np
import pytest

from evaluation.bootstrap import interval, resample
from evaluation.metrics.figure import RatioMetric

MEAN = RatioMetric("mean", "", lambda _: (0.0, 0.0))


def test_the_same_seed_draws_the_same() -> None:
    assert (resample(7, 20, seed=3) == resample(7, 20, seed=3)).all()
    assert (resample(7, 20, seed=3) != resample(7, 20, seed=4)).any()
    assert (resample(7, 20, seed=3).sum(axis=1) == 7).all()


def test_equal_articles_leave_no_doubt() -> None:
    found = interval(MEAN, np.tile([1.0, 2.0], (5, 1)), resample(5, 100, seed=0))
    assert found is not None
    assert (found.low, found.high, found.level) == (0.5, 0.5, 0.95)


def test_agrees_with_the_normal_approximation() -> None:
    values = np.random.default_rng(1).normal(0.6, 0.1, size=400)
    found = interval(MEAN, np.stack([values, np.ones(400)], axis=1), resample(400, 2000, seed=0))
    assert found is not None
    half = 1.96 * values.std() / 20
    assert found.low == pytest.approx(values.mean() - half, abs=0.1 * half)
    assert found.high == pytest.approx(values.mean() + half, abs=0.1 * half)


def test_covers_the_truth_about_as_often_as_it_says() -> None:
    generator = np.random.default_rng(2)
    covered = 0
    for trial in range(300):
        right = (generator.random(60) < 0.7).astype(float)
        found = interval(MEAN, np.stack([right, np.ones(60)], axis=1), resample(60, 400, trial))
        assert found is not None
        covered += found.low <= 0.7 <= found.high
    assert 0.91 <= covered / 300 <= 0.98


def test_there_is_none_where_nothing_can_vary() -> None:
    assert interval(MEAN, np.array([[1.0, 2.0]]), resample(1, 10, seed=0)) is None
    assert interval(MEAN, np.zeros((3, 2)), resample(3, 10, seed=0)) is None
    assert interval(MEAN, np.ones((3, 2)), resample(3, 0, seed=0)) is None
