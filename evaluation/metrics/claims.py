"""Claims found, and their spans exactly right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from evaluation.matching import Scored, settings
from evaluation.metrics.figure import F1Metric
from pipelines.article import Attribution, Span

__all__ = ["EXACT", "FIELDS", "SpanField", "found"]

SpanField = Callable[[Attribution], tuple[Span, ...]]
#: The fields of a claim that are spans of the text.
FIELDS: dict[str, SpanField] = {
    "content": lambda claim: claim.content,
    "source": lambda claim: claim.speaker.mention,
    "cue": lambda claim: claim.cue,
}
_EXACT = "all spans of the field equal; empty fields not counted; micro over articles"


def _found(scored: Scored) -> tuple[float, float, float]:
    return len(scored.pairs), len(scored.predicted), len(scored.reference.claims)


def found(threshold: float) -> F1Metric:
    content = frozenset({"content"})
    about = f"{settings(threshold)}; micro over articles"
    return F1Metric("found", about, _found, labels=content, answers=content)


def _exact(field: SpanField) -> Callable[[Scored], tuple[float, float, float]]:
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


EXACT = tuple(
    F1Metric(
        f"{name}-exact",
        _EXACT,
        _exact(field),
        labels=frozenset({name}),
        answers=frozenset({name}),
    )
    for name, field in FIELDS.items()
)
