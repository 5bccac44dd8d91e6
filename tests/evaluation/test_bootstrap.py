"""Intervals over articles."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from evaluation.bootstrap import interval, resample
from evaluation.metrics.figure import Counts, F1Metric, Metric, RatioMetric

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


F1 = F1Metric("f1", "", lambda _: (0.0, 0.0, 0.0))


def _means(generator: np.random.Generator, articles: int) -> Counts:
    """Scores of summaries: one a case."""
    return np.stack([generator.beta(4, 6, articles), np.ones(articles)], axis=1)


def _shares(generator: np.random.Generator, articles: int) -> Counts:
    return np.stack([generator.random(articles) < 0.7, np.ones(articles)], axis=1).astype(float)


def _claims(generator: np.random.Generator, articles: int) -> Counts:
    """Claims of articles of unlike length, some hard and some easy throughout."""
    reference = generator.poisson(12, articles) + 1
    hits = generator.binomial(reference, generator.beta(1.2, 3.5, articles))
    predicted = hits + generator.poisson(8, articles)
    return np.stack([hits, predicted, reference], axis=1).astype(float)


#: How articles come about, the metric, and how many articles.
SIMULATED: list[tuple[Callable[[np.random.Generator, int], Counts], Metric, int]] = [
    (draw, metric, articles)
    for draw, metric in ((_means, MEAN), (_shares, MEAN), (_claims, F1))
    for articles in (20, 41, 100)
]


def _coverage(
    draw: Callable[[np.random.Generator, int], Counts], metric: Metric, articles: int, trials: int
) -> float:
    """The share of simulated samples whose interval holds the figure of the population."""
    population = draw(np.random.default_rng(9), 400_000)
    truth = float(metric.value(population.sum(axis=0)))
    covered = 0
    for trial in range(trials):
        generator = np.random.default_rng([articles, trial])
        found = interval(metric, draw(generator, articles), resample(articles, 1000, trial))
        assert found is not None
        covered += found.low <= truth <= found.high
    return covered / trials


@pytest.mark.parametrize(("draw", "metric", "articles"), SIMULATED[1::3])
def test_covers_the_truth_as_often_as_it_says(
    draw: Callable[[np.random.Generator, int], Counts], metric: Metric, articles: int
) -> None:
    assert _coverage(draw, metric, articles, 600) == pytest.approx(0.95, abs=0.02)


@pytest.mark.slow
@pytest.mark.parametrize(("draw", "metric", "articles"), SIMULATED)
def test_covers_the_truth_at_every_size(
    draw: Callable[[np.random.Generator, int], Counts], metric: Metric, articles: int
) -> None:
    assert _coverage(draw, metric, articles, 4000) == pytest.approx(0.95, abs=0.02)


def test_there_is_none_where_nothing_can_vary() -> None:
    assert interval(MEAN, np.array([[1.0, 2.0]]), resample(1, 10, seed=0)) is None
    assert interval(MEAN, np.zeros((3, 2)), resample(3, 10, seed=0)) is None
    assert interval(MEAN, np.ones((3, 2)), resample(3, 0, seed=0)) is None
