"""What is chosen on labelled articles kept from training: thresholds, and what they are worth.

``confidence`` is made to mean what it says by Platt scaling (Platt 1999): a logistic curve
over the logit of the product of the heads' probabilities, against whether claim, speaker and
stance were all right.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from pipelines.article import Attribution, Claim
from pipelines.matching import match
from pipelines.reader.assemble import Thresholds
from pipelines.reader.reader import Reader
from pipelines.references import Reference
from pipelines.speakers.names import normalise

__all__ = ["chain_f1", "fit_confidence", "fit_thresholds"]

_SPEAKER = (0.5, 0.2, 0.3, 0.4, 0.6, 0.7)
_TARGET = (0.5, 0.2, 0.3, 0.4, 0.6)
_STATEMENT = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5)
_FALLBACK = (0.3, 0.02, 0.05, 0.1, 0.2)
_RIDGE = 1e-2


def _names(names: Iterable[str]) -> set[str]:
    return {normalise(name).casefold().replace("’", "'") for name in names}


def _pairs(
    claims: Sequence[Claim], labels: Sequence[Attribution]
) -> Iterator[tuple[int, Attribution]]:
    """The claims that were found, by index, each with the label it is."""
    for i, j in match(claims, labels):
        yield i, labels[j]


def _same_speaker(claim: Claim, label: Attribution) -> bool:
    return _names(claim.speaker.names) == _names(label.speaker.names)


def _right(claims: Sequence[Claim], labels: Sequence[Attribution]) -> list[bool]:
    """For each claim whether a label of its own has its content, speaker and stance."""
    right = [False] * len(claims)
    for i, label in _pairs(claims, labels):
        stance = claims[i].stance in (label.stance, *label.also)
        right[i] = stance and _same_speaker(claims[i], label)
    return right


def chain_f1(reader: Reader, references: Sequence[Reference]) -> float:
    """F1 of claims found with the right speaker and stance, micro over the articles."""
    right = made = wanted = 0
    analyses = reader.analyse(reference.article for reference in references)
    for analysis, reference in zip(analyses, references, strict=True):
        right += sum(_right(analysis.claims, reference.claims))
        made += len(analysis.claims)
        wanted += len(reference.claims)
    return 2 * right / (made + wanted) if made + wanted else 0.0


def _target_score(pairs: Iterable[tuple[Claim, Attribution]]) -> float:
    """F½ of targets by name, micro: a wrong target misleads more than one that is missing."""
    hits = named = wanted = 0
    for claim, label in pairs:
        mine, theirs = _names(claim.targets), _names(label.targets)
        hits += len(mine & theirs)
        named += len(mine)
        wanted += len(theirs)
    return 1.25 * hits / (named + 0.25 * wanted) if hits else 0.0


def _logistic(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
    """Slope and intercept of the most likely logistic curve, held near (1, 0) by a ridge."""

    def loss(weights: NDArray[np.float64]) -> float:
        logits = weights[0] * x + weights[1]
        ridge = _RIDGE * float(((weights - (1.0, 0.0)) ** 2).sum())
        return float((np.logaddexp(0.0, logits) - y * logits).sum()) + ridge

    slope, intercept = minimize(loss, np.array([1.0, 0.0]), method="L-BFGS-B").x
    return float(slope), float(intercept)


def fit_thresholds(reader: Reader, references: Sequence[Reference]) -> None:
    """Choose the reader's thresholds one after the other: speakers, stances, targets right."""

    def found(thresholds: Thresholds) -> list[tuple[Claim, Attribution]]:
        reader.thresholds = thresholds
        analyses = (analysis for analysis in reader.assemble(readings))
        return [
            (analysis.claims[i], label)
            for analysis, reference in zip(analyses, references, strict=True)
            for i, label in _pairs(analysis.claims, reference.claims)
        ]

    def speakers(pairs: list[tuple[Claim, Attribution]]) -> float:
        return sum(_same_speaker(claim, label) for claim, label in pairs)

    def stances(pairs: list[tuple[Claim, Attribution]]) -> float:
        return sum(claim.stance in (label.stance, *label.also) for claim, label in pairs)

    readings = reader.read(reference.article for reference in references)
    best = replace(reader.thresholds, slope=1.0, intercept=0.0)
    for name, values, score in (
        ("speaker", _SPEAKER, speakers),
        ("statement", _STATEMENT, stances),
        ("target", _TARGET, _target_score),
        ("target_fallback", _FALLBACK, _target_score),
    ):
        choices = [replace(best, **{name: value}) for value in values]
        best = max(choices, key=lambda choice: score(found(choice)))
    reader.thresholds = best


def fit_confidence(reader: Reader, references: Sequence[Reference]) -> None:
    """Set the reader's confidence curve from labelled articles; needs a few dozen of them."""
    reader.thresholds = replace(reader.thresholds, slope=1.0, intercept=0.0)
    logits, right = [], []
    readings = reader.read(reference.article for reference in references)
    for analysis, reference in zip(reader.assemble(readings), references, strict=True):
        right += _right(analysis.claims, reference.claims)
        for claim in analysis.claims:
            bounded = min(max(claim.confidence, 1e-4), 1 - 1e-4)
            logits.append(math.log(bounded / (1 - bounded)))
    if len(set(right)) < 2:
        return  # nothing to tell apart
    slope, intercept = _logistic(np.array(logits), np.array(right, dtype=np.float64))
    reader.thresholds = replace(
        reader.thresholds, slope=round(slope, 4), intercept=round(intercept, 4)
    )
