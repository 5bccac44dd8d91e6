"""Claims found, and their spans exactly right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from evaluation.matching import SETTINGS, Scored
from evaluation.metrics.figure import F1Metric
from pipelines.article import Attribution, Span

__all__ = ["CUE_EXACT", "EXACT", "FOUND", "SOURCE_EXACT"]

_Field = Callable[[Attribution], tuple[Span, ...]]
_EXACT = "all spans of the field equal; empty fields not counted; micro over articles"


def _found(scored: Scored) -> tuple[float, float, float]:
    return len(scored.pairs), len(scored.predicted), len(scored.reference.claims)


def _exact(field: _Field) -> Callable[[Scored], tuple[float, float, float]]:
    """Counts of fields that agree to the character, each predicted one used once.

    A field of several spans is one item. Which claim a source or a cue belongs to is not
    asked here: the chain asks it.
    """

    def items(claims: Iterable[Attribution]) -> Counter[tuple[Span, ...]]:
        return Counter(spans for claim in claims if (spans := field(claim)))

    def count(scored: Scored) -> tuple[float, float, float]:
        predicted, reference = items(scored.predicted), items(scored.reference.claims)
        return (predicted & reference).total(), predicted.total(), reference.total()

    return count


FOUND = F1Metric("found", f"{SETTINGS}; micro over articles", _found)
EXACT = F1Metric("content-exact", _EXACT, _exact(lambda claim: claim.content))
SOURCE_EXACT = F1Metric("source-exact", _EXACT, _exact(lambda claim: claim.speaker.mention))
CUE_EXACT = F1Metric("cue-exact", _EXACT, _exact(lambda claim: claim.cue))
