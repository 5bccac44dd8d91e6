"""Whether ``confidence`` means what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.matching import Scored
from evaluation.metrics.chain import CHAIN_FIELDS, chain_right
from evaluation.metrics.figure import Better, Counts, Fields, Figure, Interval, divide, number

__all__ = ["CALIBRATION", "BinScore", "CalibrationError"]


@dataclass(frozen=True, slots=True)
class BinScore:
    """Predicted claims with a confidence in [low, high) (the last bin takes 1 as well)."""

    low: float
    high: float
    cases: int
    confidence: float | None
    right: float | None


@dataclass(frozen=True, slots=True)
class CalibrationError:
    """Expected calibration error (Guo et al. 2017) over bins of equal width.

    Equal width, because its counts add up over articles and draw a reliability diagram
    as they are. Counts for each bin: claims, sum of confidence, number right. A predicted
    claim that matches no reference claim is wrong.
    """

    bins: int = 10
    name: str = "calibration-error"
    labels: Fields = CHAIN_FIELDS
    answers: Fields = CHAIN_FIELDS
    better: Better = "lower"
    version: int = 1

    @property
    def settings(self) -> str:
        return f"of predicted claims; {self.bins} bins of equal width; confidence against chain"

    def count(self, scored: Scored) -> Sequence[float]:
        found = zip(scored.matched, scored.pairs, strict=True)
        right = {predicted for (predicted, _), pair in found if chain_right(pair)}
        counts = np.zeros((self.bins, 3))
        for i, claim in enumerate(scored.predicted):
            place = min(int(claim.confidence * self.bins), self.bins - 1)
            counts[place] += (1, claim.confidence, i in right)
        return [float(value) for value in counts.ravel()]

    def value(self, totals: Counts) -> Counts:
        by_bin = totals.reshape(*totals.shape[:-1], self.bins, 3)
        gaps: Counts = np.abs(by_bin[..., 2] - by_bin[..., 1]).sum(axis=-1)
        return divide(gaps, by_bin[..., 0].sum(axis=-1))

    def figure(self, totals: Counts, interval: Interval | None = None) -> Figure:
        return Figure(
            name=self.name,
            value=number(self.value(totals)),
            cases=int(totals.reshape(-1, 3)[:, 0].sum()),
            settings=self.settings,
            interval=interval,
            better=self.better,
            version=self.version,
        )

    def reliability(self, totals: Counts) -> tuple[BinScore, ...]:
        """Each bin's mean confidence beside the share that was right."""
        return tuple(
            BinScore(
                low=i / self.bins,
                high=(i + 1) / self.bins,
                cases=int(row[0]),
                confidence=number(divide(row[1], row[0])),
                right=number(divide(row[2], row[0])),
            )
            for i, row in enumerate(totals.reshape(-1, 3))
        )


CALIBRATION = CalibrationError()
