"""ROUGE of the summary against the reference's (Lin 2004), by the rouge-score library."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from importlib.metadata import version

from rouge_score.rouge_scorer import RougeScorer

from evaluation.matching import Scored
from evaluation.metrics.figure import RatioMetric
from evaluation.summaries import SUMMARY, predicted_summary, sentence_lines

__all__ = ["ROUGE_TYPES", "rouge", "rouge_metrics"]

ROUGE_TYPES = ("rouge1", "rouge2", "rougeLsum")


@cache
def _scorer(stemmer: bool) -> RougeScorer:
    return RougeScorer(list(ROUGE_TYPES), use_stemmer=stemmer)


@lru_cache(maxsize=4096)  # the three figures of one article come from one pass
def rouge(
    references: tuple[str, ...], prediction: str, *, stemmer: bool = True
) -> dict[str, float]:
    """F of ROUGE-1, -2 and -Lsum, 0 to 1; sentences stand on lines of their own.

    Where there are several references the best F of each type counts, as the library's
    ``score_multi`` has it.
    """
    scores = _scorer(stemmer).score_multi(references, prediction)
    return {name: float(score.fmeasure) for name, score in scores.items()}


def _count(name: str, stemmer: bool) -> Callable[[Scored], tuple[float, float]]:
    def count(scored: Scored) -> tuple[float, float]:
        lists = (scored.reference.summary, *scored.reference.more_summaries)
        references = tuple(sentence_lines("\n".join(lines)) for lines in lists if lines)
        if not references:
            return 0.0, 0.0
        prediction = predicted_summary(scored)
        if prediction is None:
            return 0.0, 1.0
        return rouge(references, sentence_lines(prediction), stemmer=stemmer)[name], 1.0

    return count


def rouge_metrics(*, stemmer: bool) -> tuple[RatioMetric, ...]:
    settings = (
        f"rouge-score {version('rouge-score')}; F, Porter stemmer {'on' if stemmer else 'off'}; "
        "a sentence a line; best of several references; mean over articles that have one"
    )
    return tuple(
        RatioMetric(name, settings, _count(name, stemmer), labels=SUMMARY, answers=SUMMARY)
        for name in ROUGE_TYPES
    )
