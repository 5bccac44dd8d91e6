"""Whether the article entails its summary, by an NLI model (SummaC-ZS, Laban et al. 2022)."""

from __future__ import annotations

from evaluation.checkpoints import load_nli
from evaluation.matching import Scored
from evaluation.metrics.figure import RatioMetric
from evaluation.summaries import SUMMARY, TEXT, predicted_summary, summary_sentences

__all__ = ["entailment"]


def entailment(model: str) -> RatioMetric:
    """Mean over summary sentences of the surest entailment by any sentence of the article.

    ``model`` is a sequence classifier with an entailment label: its folder or hub name.
    Raises :class:`~evaluation.errors.BenchmarkError` when there is no such model.
    """
    judge = load_nli(model)

    def count(scored: Scored) -> tuple[float, float]:
        if scored.analysis is None:
            return 0.0, 1.0
        lines = summary_sentences(predicted_summary(scored) or "")
        premises = summary_sentences(scored.reference.text or "")
        if not lines:
            return 0.0, 0.0
        return sum(max(judge(premises, line), default=0.0) for line in lines), len(lines)

    return RatioMetric(
        "entailment",
        f"{model}; for each summary sentence the highest probability of entailment by one "
        "sentence of the article; mean over summary sentences",
        count,
        labels=TEXT,
        answers=SUMMARY,
    )
