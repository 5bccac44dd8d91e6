"""The metrics, one file each; :func:`all_metrics` lists them in the order of a report."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.matching import Scored
from evaluation.metrics.calibration import CALIBRATION
from evaluation.metrics.chain import CHAIN
from evaluation.metrics.claims import CUE_EXACT, EXACT, FOUND, SOURCE_EXACT
from evaluation.metrics.figure import Figure, Interval, Metric
from evaluation.metrics.polarity import POLARITY
from evaluation.metrics.speakers import SPEAKER
from evaluation.metrics.stance import STANCE, MacroF1
from evaluation.metrics.summary import ROUGE
from evaluation.metrics.targets import TARGETS

__all__ = ["Figure", "Interval", "Metric", "all_metrics"]


def all_metrics(scored: Sequence[Scored]) -> tuple[Metric, ...]:
    """Every metric, made for the stances that occur in ``scored``."""
    return (
        FOUND,
        EXACT,
        SOURCE_EXACT,
        CUE_EXACT,
        SPEAKER,
        STANCE,
        MacroF1.of(scored),
        POLARITY,
        TARGETS,
        CHAIN,
        *ROUGE,
        CALIBRATION,
    )
