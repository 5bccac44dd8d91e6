"""What a metric is, and what it yields.

A metric counts something in each article; counts add up over articles, and the figure
comes from the sums. So the figure of any resample of the articles is had by adding up
the same counts, which is what the bootstrap does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from evaluation.matching import Scored

__all__ = ["Counts", "F1Metric", "Figure", "Interval", "Metric", "RatioMetric", "divide"]

#: What was counted: the last axis is the metric's own counts, others are articles or resamples.
Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds between which the figure lies in ``level`` of the resamples."""

    low: float
    high: float
    level: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a report; ``value`` is None where there was no case to judge.

    ``cases`` is what it was divided by, or the reference items for an F1. ``better`` is
    the direction in which the figure improves.
    """

    name: str
    value: float | None
    cases: int
    settings: str
    precision: float | None = None
    recall: float | None = None
    interval: Interval | None = None
    better: str = "higher"

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class Metric(Protocol):
    """Something to be counted article by article."""

    @property
    def name(self) -> str: ...

    @property
    def settings(self) -> str: ...

    def count(self, scored: Scored) -> Sequence[float]:
        """The counts of one article, as many for each."""
        ...

    def value(self, totals: Counts) -> Counts:
        """The figure for each row of summed counts; NaN where there was no case."""
        ...

    def figure(self, totals: Counts, interval: Interval | None = None) -> Figure: ...


def divide(part: Counts, whole: Counts) -> Counts:
    """``part / whole``, NaN where the whole is 0."""
    result: Counts = np.full(np.broadcast(part, whole).shape, np.nan)
    np.divide(part, whole, out=result, where=np.asarray(whole) != 0)
    return result


def number(value: Counts) -> float | None:
    """A figure as a plain number, None for NaN."""
    return None if np.isnan(value) else float(value)


@dataclass(frozen=True, slots=True)
class F1Metric:
    """Precision, recall and F1 of items: counts are hits, predicted, reference.

    Summed over articles before dividing (micro). Undefined, not 0, where there was
    nothing to find and nothing was predicted.
    """

    name: str
    settings: str
    count: Callable[[Scored], Sequence[float]]

    def value(self, totals: Counts) -> Counts:
        return divide(2 * totals[..., 0], totals[..., 1] + totals[..., 2])

    def figure(self, totals: Counts, interval: Interval | None = None) -> Figure:
        hits, predicted, reference = totals
        return Figure(
            name=self.name,
            value=number(self.value(totals)),
            cases=int(reference),
            settings=self.settings,
            precision=number(divide(hits, predicted)),
            recall=number(divide(hits, reference)),
            interval=interval,
        )


@dataclass(frozen=True, slots=True)
class RatioMetric:
    """A share or a mean: counts are the sum and the number of cases."""

    name: str
    settings: str
    count: Callable[[Scored], Sequence[float]]

    def value(self, totals: Counts) -> Counts:
        return divide(totals[..., 0], totals[..., 1])

    def figure(self, totals: Counts, interval: Interval | None = None) -> Figure:
        return Figure(
            name=self.name,
            value=number(self.value(totals)),
            cases=int(totals[1]),
            settings=self.settings,
            interval=interval,
        )
