"""The metrics, one file each; :func:`all_metrics` lists them in the order of a report."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.matching import Scored
from evaluation.metrics.bertscore import bertscore
from evaluation.metrics.budget import budget
from evaluation.metrics.calibration import CALIBRATION
from evaluation.metrics.chain import CHAIN
from evaluation.metrics.claims import EXACT, found
from evaluation.metrics.cofenet import COFENET
from evaluation.metrics.entailment import entailment
from evaluation.metrics.extraction import EXTRACTION
from evaluation.metrics.figure import Figure, Interval, Metric
from evaluation.metrics.novelty import NOVELTY
from evaluation.metrics.overlap import OVERLAP
from evaluation.metrics.polarity import POLARITY
from evaluation.metrics.rouge import rouge_metrics
from evaluation.metrics.speakers import SPEAKER
from evaluation.metrics.stance import STANCE, STANCE_OF_EVENTS, MacroF1
from evaluation.metrics.support import SUPPORT
from evaluation.metrics.target_polarity import TARGET_POLARITY, TARGET_POLARITY_MACRO
from evaluation.metrics.targets import TARGETS
from evaluation.settings import Settings

__all__ = ["Figure", "Interval", "Metric", "all_metrics", "judges"]


def judges(settings: Settings) -> tuple[Metric, ...]:
    """The metrics that judge with a model of others, as far as ``settings`` name one.

    Raises :class:`~evaluation.errors.BenchmarkError` when a library or model is missing.
    """
    found: list[Metric] = []
    if settings.nli:
        found.append(entailment(settings.nli))
    if settings.bertscore:
        found.append(bertscore(settings.bertscore))
    return tuple(found)


def all_metrics(
    scored: Sequence[Scored],
    settings: Settings | None = None,
    *,
    judging: Sequence[Metric] = (),
) -> tuple[Metric, ...]:
    """Every metric, made for the stances in ``scored``; ``judging`` is of :func:`judges`."""
    settings = settings or Settings()
    macro = MacroF1.of(scored)
    return (
        found(settings.iou),
        *EXACT,
        *OVERLAP,
        *COFENET,
        SPEAKER,
        STANCE,
        macro,
        STANCE_OF_EVENTS,
        macro.of_events(),
        POLARITY,
        TARGETS,
        CHAIN,
        TARGET_POLARITY,
        TARGET_POLARITY_MACRO,
        CALIBRATION,
        *rouge_metrics(stemmer=settings.stemmer),
        *EXTRACTION,
        budget(settings.max_words, settings.max_sentences),
        NOVELTY,
        SUPPORT,
        *judging,
    )
