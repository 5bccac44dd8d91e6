"""Whether the claim is for or against its target."""

from __future__ import annotations

from evaluation.matching import Scored
from evaluation.metrics.figure import RatioMetric

__all__ = ["POLARITY"]


def _count(scored: Scored) -> tuple[float, float]:
    right = sum(pair.predicted.polarity == pair.reference.polarity for pair in scored.pairs)
    return right, len(scored.pairs)


POLARITY = RatioMetric(
    "polarity",
    "of found claims; equal",
    _count,
    labels=frozenset({"content", "polarity"}),
    answers=frozenset({"polarity"}),
)
