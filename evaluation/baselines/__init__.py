"""Models that show what a figure is worth: each by its name in :data:`BASELINES`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from evaluation.baselines.base import EVERYTHING, Baseline
from evaluation.baselines.given import OracleSentences, oracle
from evaluation.baselines.graph import GraphRank
from evaluation.baselines.lead import Lead
from evaluation.baselines.quotes import QuotationMarks
from evaluation.baselines.stances import Majority, TfIdf
from pipelines.references import Reference

__all__ = ["BASELINES", "EVERYTHING", "Baseline", "Lead", "oracle"]

#: Baselines by name, each made for the references of one corpus.
BASELINES: dict[str, Callable[[Sequence[Reference]], Baseline]] = {
    "lead-3": lambda _: Lead(3),
    "lexrank-3": lambda _: GraphRank("lexrank", 3),
    "textrank-3": lambda _: GraphRank("textrank", 3),
    "oracle-3": lambda references: OracleSentences(references, 3),
    "quotation-marks": lambda _: QuotationMarks(),
    "majority": Majority,
    "tfidf": TfIdf,
    "oracle": oracle,
}
