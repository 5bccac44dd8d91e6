"""How much of a summary is in words of its own (See, Liu and Manning 2017)."""

from __future__ import annotations

from itertools import pairwise

from evaluation.matching import Scored
from evaluation.metrics.figure import RatioMetric
from evaluation.summaries import SUMMARY, TEXT, predicted_summary, words

__all__ = ["NOVELTY"]


def _count(scored: Scored) -> tuple[float, float]:
    source = set(pairwise(words(scored.reference.text or "")))
    summary = set(pairwise(words(predicted_summary(scored) or "")))
    return (len(summary - source) / len(summary), 1.0) if summary else (0.0, 0.0)


NOVELTY = RatioMetric(
    "novel-bigrams",
    "share of the summary's different pairs of words that the article lacks; mean over articles",
    _count,
    labels=TEXT,
    answers=SUMMARY,
    better="neither",
)
