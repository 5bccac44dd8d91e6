"""Toward whom the stance is taken."""

from __future__ import annotations

from evaluation.matching import Scored
from evaluation.metrics.figure import F1Metric
from evaluation.names import SETTINGS, name_set

__all__ = ["TARGETS"]


def _count(scored: Scored) -> tuple[float, float, float]:
    hits = predicted = reference = 0
    for pair in scored.pairs:
        said, true = name_set(pair.predicted.targets), name_set(pair.reference.targets)
        hits += len(said & true)
        predicted += len(said)
        reference += len(true)
    return hits, predicted, reference


TARGETS = F1Metric(
    "targets",
    f"of found claims; micro over targets, {SETTINGS}",
    _count,
    labels=frozenset({"content", "targets"}),
    answers=frozenset({"targets"}),
)
