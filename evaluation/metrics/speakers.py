"""Who makes the claim, by name."""

from __future__ import annotations

from evaluation.matching import Pair, Scored
from evaluation.metrics.figure import RatioMetric
from evaluation.names import SETTINGS, name_set

__all__ = ["SPEAKER", "speaker_right"]


def speaker_right(pair: Pair) -> bool:
    """Whether both name the same set of speakers; nobody agrees with nobody."""
    return name_set(pair.predicted.speaker.names) == name_set(pair.reference.speaker.names)


def _count(scored: Scored) -> tuple[float, float]:
    return sum(map(speaker_right, scored.pairs)), len(scored.pairs)


SPEAKER = RatioMetric(
    "speaker",
    f"of found claims; sets equal, {SETTINGS}",
    _count,
    labels=frozenset({"content", "speaker"}),
    answers=frozenset({"speaker"}),
)
