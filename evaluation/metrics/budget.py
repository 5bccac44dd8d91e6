"""Whether a summary keeps to the length that was asked for."""

from __future__ import annotations

from evaluation.matching import Scored
from evaluation.metrics.figure import RatioMetric
from evaluation.summaries import SUMMARY, TEXT, predicted_summary, summary_sentences

__all__ = ["budget"]


def budget(max_words: int, max_sentences: int) -> RatioMetric:
    """Share of articles whose summary is not blank and within both bounds."""

    def count(scored: Scored) -> tuple[float, float]:
        text = predicted_summary(scored)
        if not text or not text.strip():
            return 0.0, 1.0
        analysis = scored.analysis
        listed = len(analysis.summary.sentences) if analysis is not None else 0
        number = listed or len(summary_sentences(text))
        return float(len(text.split()) <= max_words and number <= max_sentences), 1.0

    return RatioMetric(
        "within-budget",
        f"not blank, at most {max_words} words and {max_sentences} sentences; share of articles",
        count,
        labels=TEXT,
        answers=SUMMARY,
    )
