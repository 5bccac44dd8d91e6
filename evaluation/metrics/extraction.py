"""How far a summary copies: coverage, density and compression (Grusky et al. 2018)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from evaluation.matching import Scored
from evaluation.metrics.figure import RatioMetric
from evaluation.summaries import SUMMARY, TEXT, predicted_summary, words

__all__ = ["EXTRACTION", "fragments"]

_SETTINGS = "words in lower case; greedy longest shared fragments; mean over articles"


@lru_cache(maxsize=512)
def fragments(source: tuple[str, ...], summary: tuple[str, ...]) -> tuple[int, ...]:
    """Lengths of the fragments of ``summary`` that stand in ``source`` word for word.

    From the left, the longest match at each place is taken and stepped over.
    """
    places: dict[str, list[int]] = {}
    for i, word in enumerate(source):
        places.setdefault(word, []).append(i)
    found = []
    at = 0
    while at < len(summary):
        starts = places.get(summary[at], ())
        longest = max((_shared(source, i, summary, at) for i in starts), default=0)
        if longest:
            found.append(longest)
        at += max(1, longest)
    return tuple(found)


def _shared(source: Sequence[str], i: int, summary: Sequence[str], j: int) -> int:
    """How many words from ``i`` and ``j`` on are the same."""
    length = 0
    most = min(len(source) - i, len(summary) - j)
    while length < most and source[i + length] == summary[j + length]:
        length += 1
    return length


def _words(scored: Scored) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    summary = words(predicted_summary(scored) or "")
    return (words(scored.reference.text or ""), summary) if summary else None


def _coverage(scored: Scored) -> tuple[float, float]:
    pair = _words(scored)
    return (sum(fragments(*pair)) / len(pair[1]), 1.0) if pair else (0.0, 0.0)


def _density(scored: Scored) -> tuple[float, float]:
    pair = _words(scored)
    return (sum(n * n for n in fragments(*pair)) / len(pair[1]), 1.0) if pair else (0.0, 0.0)


def _compression(scored: Scored) -> tuple[float, float]:
    pair = _words(scored)
    return (len(pair[0]) / len(pair[1]), 1.0) if pair else (0.0, 0.0)


EXTRACTION = (
    RatioMetric(
        "coverage",
        f"share of summary words within fragments; {_SETTINGS}",
        _coverage,
        labels=TEXT,
        answers=SUMMARY,
        better="neither",
    ),
    RatioMetric(
        "density",
        f"mean fragment length a summary word stands in; {_SETTINGS}",
        _density,
        labels=TEXT,
        answers=SUMMARY,
        better="neither",
        unit="words",
    ),
    RatioMetric(
        "compression",
        "words of the article over words of the summary; mean over articles",
        _compression,
        labels=TEXT,
        answers=SUMMARY,
        better="neither",
        unit="times",
    ),
)
