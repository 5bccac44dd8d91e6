"""BERTScore of the summary against the reference's (Zhang et al. 2020), by torchmetrics."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from evaluation.extras import need
from evaluation.matching import Scored
from evaluation.metrics.figure import RatioMetric
from evaluation.summaries import SUMMARY, predicted_summary

__all__ = ["bertscore"]


def bertscore(model: str) -> RatioMetric:
    """F of BERTScore with the last layer of ``model``, no idf weights, no rescaling.

    ``model`` is an encoder's folder or hub name. Raises
    :class:`~evaluation.errors.BenchmarkError` when torchmetrics or the model is not at hand.
    """
    text: Any = need("torchmetrics.functional.text.bert", what="BERTScore", extra="bertscore")
    from evaluation.checkpoints import load_encoder

    encoder, tokenizer = load_encoder(model)

    def count(scored: Scored) -> tuple[float, float]:
        if not scored.reference.summary:
            return 0.0, 0.0
        prediction = predicted_summary(scored)
        if not prediction or not prediction.strip():
            return 0.0, 1.0
        scores = text.bert_score(
            [prediction],
            ["\n".join(scored.reference.summary)],
            model=encoder,
            user_tokenizer=tokenizer,
            max_length=min(512, tokenizer.model_max_length),
            truncation=True,
        )
        return float(scores["f1"].mean()), 1.0

    return RatioMetric(
        "bertscore",
        f"torchmetrics {version('torchmetrics')}, {model}, last layer, no idf, not rescaled; "
        "F, mean over articles",
        count,
        labels=SUMMARY,
        answers=SUMMARY,
    )
