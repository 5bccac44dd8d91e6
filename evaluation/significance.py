"""Whether one model is better than another, or only luckier with these articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from evaluation.bootstrap import between
from evaluation.metrics.figure import Counts, Interval, Metric

__all__ = ["ALPHA", "POWER", "Comparison", "compare", "holm", "swaps"]

ALPHA = 0.05
POWER = 0.8


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure of one model less that of ``baseline``, on the same articles.

    ``p_bootstrap`` and ``p_permutation`` are two-sided; ``p_holm`` is the permutation's,
    corrected for the number of models compared (Holm 1979). ``detectable`` is the least
    true difference that these articles would show at alpha .05 with a power of .8.
    """

    figure: str
    baseline: str
    difference: float
    interval: Interval | None
    p_bootstrap: float
    p_permutation: float
    p_holm: float
    detectable: float

    @property
    def significant(self) -> bool:
        return self.p_holm < ALPHA


def swaps(articles: int, times: int, seed: int) -> NDArray[np.bool_]:
    """For each permutation and article whether the two models change places."""
    return np.random.default_rng([seed, 1]).random((times, articles)) < 0.5


def compare(
    metric: Metric,
    counts: Counts,
    baseline: Counts,
    drawn: NDArray[np.int64],
    swapped: NDArray[np.bool_],
    *,
    name: str,
) -> Comparison | None:
    """Paired bootstrap (Koehn 2004) and paired permutation test of one figure.

    ``counts`` and ``baseline`` are the metric's for two models on the same articles, shape
    (articles, counts); ``drawn`` is of :func:`~evaluation.bootstrap.resample`, ``swapped``
    of :func:`swaps`; ``name`` is the baseline's. None where a figure is undefined, there
    are fewer than two articles, or nothing was resampled.
    """
    observed = float(metric.value(counts.sum(axis=0)) - metric.value(baseline.sum(axis=0)))
    if np.isnan(observed) or len(counts) < 2 or not len(drawn):
        return None
    weights = drawn.astype(np.float64)
    resampled = metric.value(weights @ counts) - metric.value(weights @ baseline)
    resampled = resampled[~np.isnan(resampled)]
    keep = (~swapped).astype(np.float64)
    gap = counts - baseline
    # Swapping one article moves its counts from one model's sum to the other's.
    left, right = baseline.sum(axis=0) + keep @ gap, counts.sum(axis=0) - keep @ gap
    permuted = np.abs(metric.value(left) - metric.value(right))
    permuted = permuted[~np.isnan(permuted)]
    permutation = _share(int((permuted >= abs(observed) - 1e-12).sum()), len(permuted))
    tail = min(int((resampled <= 0).sum()), int((resampled >= 0).sum()))
    spread = float(resampled.std(ddof=1)) if len(resampled) > 1 else 0.0
    return Comparison(
        figure=metric.name,
        baseline=name,
        difference=observed,
        interval=between(resampled, len(counts)),
        p_bootstrap=min(1.0, 2 * _share(tail, len(resampled))),
        p_permutation=permutation,
        p_holm=permutation,
        detectable=float(norm.ppf(1 - ALPHA / 2) + norm.ppf(POWER)) * spread,
    )


def _share(count: int, of: int) -> float:
    """A p-value that is never 0: the observed case counts as one of them."""
    return (count + 1) / (of + 1)


def holm(comparisons: Sequence[Comparison]) -> list[Comparison]:
    """The same, in order, with ``p_holm`` for a family of this many tests."""
    order = sorted(range(len(comparisons)), key=lambda i: comparisons[i].p_permutation)
    corrected = list(comparisons)
    worst = 0.0
    for rank, i in enumerate(order):
        worst = max(worst, (len(order) - rank) * comparisons[i].p_permutation)
        corrected[i] = replace(comparisons[i], p_holm=min(1.0, worst))
    return corrected
