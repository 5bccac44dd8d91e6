"""What a metric is, and what it yields.

A metric counts something in each article; counts add up over articles, and the figure
comes from the sums. So the figure of any resample of the articles is had by adding up
the same counts, which is what the bootstrap and the permutation test do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from evaluation.matching import Scored

__all__ = [
    "Better",
    "Counts",
    "F1Metric",
    "Fields",
    "Figure",
    "Interval",
    "Metric",
    "RatioMetric",
    "divide",
    "number",
]

#: What was counted: the last axis is the metric's own counts, others are articles or resamples.
Counts = NDArray[np.float64]
#: Fields of an analysis: content, cue, source, speaker, stance, polarity, targets, summary;
#: of a corpus also text, event and target-polarity.
Fields = frozenset[str]
#: Where a figure improves; ``"neither"`` describes and ranks nobody.
Better = Literal["higher", "lower", "neither"]


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
    the direction in which the figure improves. ``version`` changes when the metric would
    give another value for the same prediction.
    """

    name: str
    value: float | None
    cases: int
    settings: str
    precision: float | None = None
    recall: float | None = None
    interval: Interval | None = None
    better: Better = "higher"
    unit: str = "%"
    version: int = 1

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class Metric(Protocol):
    """Something to be counted article by article.

    ``labels`` are the fields that a corpus has to label for it, ``answers`` those that a
    model has to fill in: without them the figure is undefined, not 0.
    """

    @property
    def name(self) -> str: ...

    @property
    def settings(self) -> str: ...

    @property
    def labels(self) -> Fields: ...

    @property
    def answers(self) -> Fields: ...

    @property
    def better(self) -> Better: ...

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
    labels: Fields = frozenset()
    answers: Fields = frozenset()
    better: Better = "higher"
    version: int = 1

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
            better=self.better,
            version=self.version,
        )


@dataclass(frozen=True, slots=True)
class RatioMetric:
    """A share or a mean: counts are the sum and the number of cases.

    ``unit`` is ``"%"`` for a share, shown times 100, else shown behind the plain number.
    """

    name: str
    settings: str
    count: Callable[[Scored], Sequence[float]]
    labels: Fields = frozenset()
    answers: Fields = frozenset()
    better: Better = "higher"
    unit: str = "%"
    version: int = 1

    def value(self, totals: Counts) -> Counts:
        return divide(totals[..., 0], totals[..., 1])

    def figure(self, totals: Counts, interval: Interval | None = None) -> Figure:
        return Figure(
            name=self.name,
            value=number(self.value(totals)),
            cases=int(totals[1]),
            settings=self.settings,
            interval=interval,
            better=self.better,
            unit=self.unit,
            version=self.version,
        )
