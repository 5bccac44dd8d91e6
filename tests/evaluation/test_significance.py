"""Paired tests, Holm's correction, and how often they cry wolf."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from scipy.stats import kendalltau

from evaluation.bootstrap import resample
from evaluation.clusters import clustered
from evaluation.correlation import correlate, kendall
from evaluation.metrics.figure import Counts, F1Metric, RatioMetric
from evaluation.significance import Comparison, compare, holm, swaps
from tests.evaluation.builders import reference

MEAN = RatioMetric("mean", "", lambda _: (0.0, 0.0))
F1 = F1Metric("f1", "", lambda _: (0.0, 0.0, 0.0))


def means(values: Counts) -> Counts:
    return np.stack([values, np.ones(len(values))], axis=1)


def compared(left: Counts, right: Counts, *, times: int = 2000, seed: int = 0) -> Comparison:
    size = len(left)
    found = compare(
        MEAN,
        left,
        right,
        resample(size, times, seed),
        swaps(size, times, seed),
        name="base",
    )
    assert found is not None
    return found


def test_permutation_agrees_with_every_permutation_there_is() -> None:
    gaps = np.array([0.4, 0.1, 0.3, -0.1, 0.2, 0.35, 0.05, 0.15])
    exact = np.mean(
        [
            abs(np.mean(gaps * np.array(signs))) >= abs(gaps.mean()) - 1e-12
            for signs in product((1, -1), repeat=len(gaps))
        ]
    )
    found = compared(means(0.5 + gaps), means(np.full(8, 0.5)), times=20_000)
    assert found.difference == pytest.approx(gaps.mean())
    assert found.p_permutation == pytest.approx(exact, abs=0.005)
    assert found.p_bootstrap < 0.05


def test_equal_models_do_not_differ() -> None:
    same = means(np.linspace(0, 1, 30))
    found = compared(same, same)
    assert (found.difference, found.p_permutation, found.p_bootstrap) == (0.0, 1.0, 1.0)
    assert found.detectable == 0.0
    assert not found.significant


def test_pairing_sees_what_the_intervals_hide() -> None:
    # Articles differ far more than the models do, but each article shows the same gap.
    hard = np.random.default_rng(3).normal(0.5, 0.2, size=60)
    noise = np.random.default_rng(4).normal(0.02, 0.01, size=60)
    found = compared(means(hard + noise), means(hard))
    assert found.significant
    assert found.interval is not None
    assert found.interval.low > 0


def test_a_micro_figure_is_permuted_by_its_counts() -> None:
    left = np.array([[8.0, 10.0, 10.0], [1.0, 2.0, 2.0]] * 6)
    right = np.array([[2.0, 10.0, 10.0], [1.0, 2.0, 2.0]] * 6)
    drawn, swapped = resample(12, 500, 0), swaps(12, 500, 0)
    found = compare(F1, left, right, drawn, swapped, name="base")
    assert found is not None
    assert found.difference == pytest.approx(9 / 12 - 3 / 12)
    assert found.p_permutation < 0.05


def test_the_smallest_detectable_difference_is_detected_four_times_in_five() -> None:
    generator = np.random.default_rng(5)
    size, spread, trials = 60, 0.2, 400
    expected = (1.959964 + 0.841621) * spread / math.sqrt(size)
    seen = []
    for trial in range(trials):
        gap = generator.normal(expected, spread, size=size)
        seen.append(compared(means(gap), means(np.zeros(size)), times=300, seed=trial))
    assert np.mean([c.detectable for c in seen]) == pytest.approx(expected, rel=0.05)
    assert np.mean([c.p_permutation < 0.05 for c in seen]) == pytest.approx(0.8, abs=0.05)


def test_no_difference_is_found_about_as_often_as_alpha_says() -> None:
    generator = np.random.default_rng(6)
    cried = 0
    for trial in range(400):
        left, right = generator.beta(4, 3, size=(2, 40))
        cried += compared(means(left), means(right), times=300, seed=trial).p_permutation < 0.05
    assert 0.02 <= cried / 400 <= 0.08


def test_holm_by_hand() -> None:
    def of(p: float) -> Comparison:
        return Comparison("f", "b", 0.1, None, p, p, p, 0.0)

    corrected = [c.p_holm for c in holm([of(0.04), of(0.01), of(0.03)])]
    assert corrected == pytest.approx([0.06, 0.03, 0.06])
    assert [c.p_holm for c in holm([of(0.6), of(0.7)])] == [1.0, 1.0]
    assert holm([]) == []


def test_there_is_no_comparison_where_nothing_can_be_compared() -> None:
    one = np.ones((1, 2))
    many = np.ones((4, 2))
    nothing = np.zeros((4, 2))
    assert compare(MEAN, one, one, resample(1, 9, 0), swaps(1, 9, 0), name="b") is None
    assert compare(MEAN, many, nothing, resample(4, 9, 0), swaps(4, 9, 0), name="b") is None
    assert compare(MEAN, many, many, resample(4, 0, 0), swaps(4, 0, 0), name="b") is None


def test_labels_of_one_text_are_drawn_together() -> None:
    of = [reference("a"), reference("b"), reference("c", text="Another.", claims=())]
    found = clustered(of)
    assert (found.count, found.of.tolist()) == (2, [0, 0, 1])
    assert found.sum(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])).tolist() == [[4, 6], [5, 6]]


def test_tau_is_scipys() -> None:
    generator = np.random.default_rng(7)
    for _ in range(20):
        left, right = generator.integers(0, 5, size=(2, 9)).astype(float)
        assert float(kendall(left, right)) == pytest.approx(kendalltau(left, right).statistic)
    assert np.isnan(kendall(np.ones(3), np.arange(3.0)))


def test_metrics_are_held_against_people() -> None:
    systems, articles = ("a", "b", "c"), [f"x{i}" for i in range(6)]
    human = {s: {x: {"good": float(i)} for x in articles} for i, s in enumerate(systems)}
    right = {s: {x: float(i) for x in articles} for i, s in enumerate(systems)}
    wrong = {s: {x: -float(i) for x in articles} for i, s in enumerate(systems)}
    summary, system = correlate("m", right, human, resamples=50, seed=0)
    assert (summary.level, summary.tau, system.level, system.tau) == ("summary", 1.0, "system", 1.0)
    assert [c.tau for c in correlate("m", wrong, human, resamples=50, seed=0)] == [-1.0, -1.0]
    human["a"].pop("x0")
    assert correlate("m", right, human, resamples=0, seed=0)[0].articles == 5
    assert correlate("m", {"a": right["a"]}, human, resamples=50, seed=0) == []
    level = {s: dict.fromkeys(articles, 1.0) for s in systems}
    assert correlate("m", level, human, resamples=50, seed=0) == []
