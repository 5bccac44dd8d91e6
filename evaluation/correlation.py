"""How far a metric ranks summaries as people do, where a corpus has their ratings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.bootstrap import between, resample
from evaluation.metrics.figure import Counts, Interval

__all__ = ["Correlation", "correlate", "kendall"]


@dataclass(frozen=True, slots=True)
class Correlation:
    """Kendall's tau-b of a metric with what people rated.

    ``level`` is ``"summary"``: systems ranked within each article, mean over articles; or
    ``"system"``: systems ranked by their means over all articles.
    """

    metric: str
    rated: str
    level: str
    tau: float
    interval: Interval | None
    articles: int
    systems: int


def kendall(left: Counts, right: Counts) -> Counts:
    """Tau-b along the last axis; NaN where one side has only ties.

    Both of shape (…, systems); the answer has shape (…,).
    """
    one = np.sign(left[..., :, None] - left[..., None, :])
    other = np.sign(right[..., :, None] - right[..., None, :])
    agreement = (one * other).sum(axis=(-1, -2))
    pairs = np.sqrt((one**2).sum(axis=(-1, -2)) * (other**2).sum(axis=(-1, -2)))
    result: Counts = np.full(np.shape(agreement), np.nan)
    np.divide(agreement, pairs, out=result, where=pairs > 0)
    return result


def _tables(
    values: Mapping[str, Mapping[str, float]],
    human: Mapping[str, Mapping[str, Mapping[str, float]]],
    rated: str,
) -> tuple[Counts, Counts]:
    """The metric's and people's figures, shape (articles, systems), where both are whole."""
    systems = sorted(set(values) & set(human))
    articles = sorted({article for system in systems for article in values[system]})
    rows = []
    for article in articles:
        pairs = [
            (values[s].get(article, np.nan), human[s].get(article, {}).get(rated, np.nan))
            for s in systems
        ]
        if not np.isnan(pairs).any():
            rows.append(pairs)
    table: NDArray[np.float64] = np.array(rows, dtype=np.float64).reshape(-1, len(systems), 2)
    return table[..., 0], table[..., 1]


def correlate(
    metric: str,
    values: Mapping[str, Mapping[str, float]],
    human: Mapping[str, Mapping[str, Mapping[str, float]]],
    *,
    resamples: int,
    seed: int,
) -> list[Correlation]:
    """A metric against each thing that was rated, at both levels.

    ``values`` has the metric's figure by system and article id, ``human`` the ratings by
    system, article id and what was rated. Articles that some system lacks are left out.
    """
    rated = sorted({name for by in human.values() for of in by.values() for name in of})
    found: list[Correlation] = []
    for name in rated:
        ours, theirs = _tables(values, human, name)
        articles, systems = ours.shape
        if not articles or systems < 2:
            continue
        drawn = resample(articles, resamples, seed).astype(np.float64)
        each = kendall(ours, theirs)
        known = ~np.isnan(each)
        sums = drawn @ np.stack([np.where(known, each, 0.0), known.astype(np.float64)], axis=1)
        by_summary = np.divide(
            sums[:, 0], sums[:, 1], out=np.full(len(sums), np.nan), where=sums[:, 1] > 0
        )
        by_system = kendall(drawn @ ours, drawn @ theirs)
        taus: Sequence[tuple[str, float, Counts]] = (
            ("summary", float(each[known].mean()) if known.any() else np.nan, by_summary),
            ("system", float(kendall(ours.mean(axis=0), theirs.mean(axis=0))), by_system),
        )
        found.extend(
            Correlation(metric, name, level, tau, between(spread, articles), articles, systems)
            for level, tau, spread in taus
            if not np.isnan(tau)
        )
    return found
