"""The whole chain: claim found, speaker right, stance right."""

from __future__ import annotations

from evaluation.matching import Pair, Scored
from evaluation.metrics.figure import F1Metric
from evaluation.metrics.speakers import speaker_right
from evaluation.metrics.stance import stance_right

__all__ = ["CHAIN", "CHAIN_FIELDS", "chain_right"]

CHAIN_FIELDS = frozenset({"content", "speaker", "stance"})


def chain_right(pair: Pair) -> bool:
    return speaker_right(pair) and stance_right(pair)


def _count(scored: Scored) -> tuple[float, float, float]:
    hits = sum(map(chain_right, scored.pairs))
    return hits, len(scored.predicted), len(scored.reference.claims)


CHAIN = F1Metric(
    "chain",
    "found, speaker and stance all right; micro over articles",
    _count,
    labels=CHAIN_FIELDS,
    answers=CHAIN_FIELDS,
)
