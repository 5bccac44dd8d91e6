"""Exact spans sentence by sentence, as CofeNet is scored (Wang et al., COLING 2022).

There a sentence is one sequence of BIO tags over source, cue and content, and an item is
a run of one of them; a predicted run is right when a reference run of the same sentence
has its first and last token. A content over two sentences is so two items, and which
source goes with which content is not asked. The paper's sentences are those of its
release of the corpus; here the reader's splitter makes them, and a sentence without any
attribution counts as well, so that what is found there is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from evaluation.matching import Scored
from evaluation.metrics.claims import FIELDS, SpanField
from evaluation.metrics.figure import F1Metric
from evaluation.tokens import SETTINGS, sentences, token_spans, tokens_under
from pipelines.article import Attribution, Span

__all__ = ["COFENET"]


def _sentence_of(text: str) -> list[int]:
    """For each token the number of the sentence it starts in, -1 between sentences."""
    ends = iter([*enumerate(sentences(text)), (-1, (len(text), len(text)))])
    number, (start, end) = next(ends)
    places = []
    for begin, _ in token_spans(text):
        while begin >= end and number >= 0:
            number, (start, end) = next(ends)
        places.append(number if start <= begin < end else -1)
    return places


def _runs(text: str, spans: Iterable[Span], places: list[int]) -> Iterator[tuple[int, int]]:
    for span in spans:
        indices = tokens_under(text, [span])
        first = 0
        for i in range(1, len(indices) + 1):
            if i == len(indices) or places[indices[i]] != places[indices[first]]:
                yield indices[first], indices[i - 1]
                first = i


def _count(field: SpanField) -> Callable[[Scored], tuple[float, float, float]]:
    def items(text: str, claims: Iterable[Attribution]) -> set[tuple[int, int]]:
        places = _sentence_of(text)
        return {run for claim in claims for run in _runs(text, field(claim), places)}

    def count(scored: Scored) -> tuple[float, float, float]:
        text = scored.reference.text or ""
        predicted = items(text, scored.predicted)
        reference = items(text, scored.reference.claims)
        return len(predicted & reference), len(predicted), len(reference)

    return count


COFENET = tuple(
    F1Metric(
        f"{name}-cofenet",
        f"CofeNet's protocol: exact runs within a sentence; {SETTINGS}; micro over articles",
        _count(FIELDS[name]),
        labels=frozenset({name}),
        answers=frozenset({name}),
    )
    for name in ("source", "cue", "content")
)
