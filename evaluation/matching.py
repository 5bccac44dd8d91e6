"""Which predicted claim is which reference claim."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from pipelines.article import Analysis, Attribution, Claim, Span
from pipelines.matching import IOU, iou, match
from pipelines.references import Reference

__all__ = ["IOU", "Pair", "Scored", "iou", "match", "settings"]


def settings(threshold: float) -> str:
    return f"content IoU over characters >= {threshold:g}, one to one, greatest total IoU"


@dataclass(frozen=True, slots=True)
class Pair:
    """A found claim: what was predicted, and the reference it was matched with."""

    predicted: Claim
    reference: Attribution


@dataclass(frozen=True)
class Scored:
    """One reference beside what a model made of its article; None where the model failed.

    A predicted claim with content in ``masked``, which the corpus leaves unlabelled, is
    neither right nor wrong. ``threshold`` is the least IoU at which a claim is found.
    """

    reference: Reference
    analysis: Analysis | None
    masked: tuple[Span, ...] = ()
    threshold: float = IOU

    @cached_property
    def predicted(self) -> tuple[Claim, ...]:
        if self.analysis is None:
            return ()
        return tuple(claim for claim in self.analysis.claims if not iou(claim.content, self.masked))

    @cached_property
    def matched(self) -> tuple[tuple[int, int], ...]:
        """The found claims as indices (predicted, reference), in order of the first."""
        return match(self.predicted, self.reference.claims, threshold=self.threshold)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The found claims, in order of the predicted."""
        return tuple(Pair(self.predicted[i], self.reference.claims[j]) for i, j in self.matched)
