"""ROUGE of the summary against the reference's (Lin 2004), by the rouge-score library."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from importlib.metadata import version

from rouge_score.rouge_scorer import RougeScorer

from evaluation.matching import Scored
from evaluation.metrics.figure import RatioMetric
from pipelines.article import Summary

__all__ = ["ROUGE", "rouge", "sentence_lines"]

_TYPES = ("rouge1", "rouge2", "rougeLsum")


@cache
def _scorer() -> RougeScorer:
    return RougeScorer(list(_TYPES), use_stemmer=True)


def rouge(reference: str, prediction: str) -> dict[str, float]:
    """F of ROUGE-1, -2 and -Lsum, 0 to 1; sentences stand on lines of their own."""
    return {
        name: float(score.fmeasure)
        for name, score in _scorer().score(target=reference, prediction=prediction).items()
    }


def sentence_lines(text: str) -> str:
    """The text with each of its sentences on a line, as ROUGE-Lsum wants it.

    Prediction and reference are split by the same hand, since one writer's list of
    sentences is another's paragraph.
    """
    from pipelines.reader.document import split_sentences

    return "\n".join(text[start:end] for start, end in split_sentences(text))


def _text(summary: Summary) -> str:
    return "\n".join(sentence.text for sentence in summary.sentences) or summary.text


@lru_cache(maxsize=64)  # the three figures of one article come from one pass
def _scores(reference: str, prediction: str) -> dict[str, float]:
    return rouge(reference, prediction)


def _count(name: str) -> Callable[[Scored], tuple[float, float]]:
    def count(scored: Scored) -> tuple[float, float]:
        if not scored.reference.summary:
            return 0.0, 0.0
        if scored.analysis is None:
            return 0.0, 1.0
        reference = sentence_lines("\n".join(scored.reference.summary))
        prediction = sentence_lines(_text(scored.analysis.summary))
        return _scores(reference, prediction)[name], 1.0

    return count


_SETTINGS = (
    f"rouge-score {version('rouge-score')}; F, Porter stemmer on; a sentence a line; "
    "mean over articles that have a reference summary"
)
ROUGE = tuple(RatioMetric(name, _SETTINGS, _count(name)) for name in _TYPES)
