"""How much of each field was found: F1 of the characters and of the tokens under it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from evaluation.matching import Scored
from evaluation.metrics.claims import FIELDS, SpanField
from evaluation.metrics.figure import F1Metric
from evaluation.tokens import SETTINGS, tokens_under
from pipelines.article import Attribution

__all__ = ["OVERLAP"]

_Marked = Callable[[str, Iterable[Attribution], SpanField], set[int]]


def _characters(_: str, claims: Iterable[Attribution], field: SpanField) -> set[int]:
    return {i for claim in claims for start, end in field(claim) for i in range(start, end)}


def _tokens(text: str, claims: Iterable[Attribution], field: SpanField) -> set[int]:
    return set(tokens_under(text, [span for claim in claims for span in field(claim)]))


def _count(marked: _Marked, field: SpanField) -> Callable[[Scored], tuple[float, float, float]]:
    def count(scored: Scored) -> tuple[float, float, float]:
        text = scored.reference.text or ""
        predicted = marked(text, scored.predicted, field)
        reference = marked(text, scored.reference.claims, field)
        return len(predicted & reference), len(predicted), len(reference)

    return count


OVERLAP = tuple(
    F1Metric(
        f"{name}-{unit}-f1",
        f"{unit}s under the field in any claim; {about}micro over articles",
        _count(marked, field),
        labels=frozenset({name}),
        answers=frozenset({name}),
    )
    for unit, marked, about in (
        ("character", _characters, ""),
        ("token", _tokens, f"{SETTINGS}; "),
    )
    for name, field in FIELDS.items()
)
