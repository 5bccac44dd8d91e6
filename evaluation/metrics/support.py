"""Whether the names and numbers of a summary are those of its article.

A cheap check against invention: it sees a name that the article lacks and a wrong figure,
not a wrong relation between right names.
"""

from __future__ import annotations

import re

from evaluation.matching import Scored
from evaluation.metrics.figure import RatioMetric
from evaluation.summaries import SUMMARY, TEXT, predicted_summary, summary_sentences

__all__ = ["SUPPORT", "names_and_numbers"]

_TERM = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_POSSESSIVE = re.compile(r"['’]s\b")


def _key(term: str) -> str:
    return term.replace(",", "") if term[0].isdigit() else term.casefold()


def names_and_numbers(sentence: str) -> list[str]:
    """Its capitalised words but the first, which any word may begin, and its numbers."""
    terms = [found.group() for found in _TERM.finditer(_POSSESSIVE.sub("", sentence))]
    return [
        _key(term)
        for i, term in enumerate(terms)
        if term[0].isdigit() or (i > 0 and term[0].isupper() and len(term) > 1)
    ]


def _count(scored: Scored) -> tuple[float, float]:
    if scored.analysis is None:
        return 0.0, 1.0
    source = {_key(found.group()) for found in _TERM.finditer(scored.reference.text or "")}
    lines = summary_sentences(predicted_summary(scored) or "")
    supported = sum(source.issuperset(names_and_numbers(line)) for line in lines)
    return supported, len(lines)


SUPPORT = RatioMetric(
    "support",
    "share of summary sentences whose capitalised words (but the first) and numbers all "
    "stand in the article, in any case; micro over articles",
    _count,
    labels=TEXT,
    answers=SUMMARY,
)
