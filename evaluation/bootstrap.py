"""Percentile intervals by resampling articles (Efron 1979), with a seed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evaluation.metrics.figure import Counts, Interval, Metric

__all__ = ["LEVEL", "interval", "resample"]

LEVEL = 0.95


def resample(articles: int, resamples: int, seed: int) -> NDArray[np.int64]:
    """How often each article is drawn in each resample, shape (resamples, articles)."""
    generator = np.random.default_rng(seed)
    return generator.multinomial(articles, np.full(articles, 1 / articles), size=resamples)


def interval(metric: Metric, counts: Counts, drawn: NDArray[np.int64]) -> Interval | None:
    """The middle 95 % of the metric's figure over the resamples.

    ``counts`` is the metric's, shape (articles, counts); ``drawn`` is of :func:`resample`.
    Resamples without a case to judge are passed over. None for fewer than two articles,
    where nothing can vary, and where no resample has a case.
    """
    if len(counts) < 2 or not len(drawn):
        return None
    figures = metric.value(drawn.astype(np.float64) @ counts)
    figures = figures[~np.isnan(figures)]
    if not figures.size:
        return None
    tail = 50 * (1 - LEVEL)
    low, high = np.percentile(figures, [tail, 100 - tail])
    return Interval(float(low), float(high), LEVEL)
