"""Making ``confidence`` mean what it says: fitted on labelled articles kept from training.

Platt scaling (Platt 1999): a logistic curve over the logit of the product of the heads'
probabilities, against whether claim, speaker and stance were all right.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from pipelines.article import Attribution, Claim
from pipelines.reader.reader import Reader
from pipelines.references import Reference
from pipelines.speakers.names import normalise

__all__ = ["fit_confidence"]

_FOUND = 0.5  # overlap (intersection over union of characters) of a claim that was found


def _characters(claim: Attribution) -> set[int]:
    return {i for start, end in claim.content for i in range(start, end)}


def _names(names: Iterable[str]) -> set[str]:
    return {normalise(name).casefold() for name in names}


def _right(claims: Sequence[Claim], labels: Sequence[Attribution]) -> list[bool]:
    """For each claim whether a label of its own has its content, speaker and stance."""
    right = [False] * len(claims)
    mine, theirs = ([_characters(c) for c in group] for group in (claims, labels))
    if not mine or not theirs:
        return right
    overlap = np.array([[len(a & b) / len(a | b) for b in theirs] for a in mine])
    for i, j in zip(*linear_sum_assignment(-overlap), strict=True):
        claim, label = claims[i], labels[j]
        right[i] = bool(
            overlap[i, j] >= _FOUND
            and _names(claim.speaker.names) == _names(label.speaker.names)
            and claim.stance in (label.stance, *label.also)
        )
    return right


def _logistic(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
    """Slope and intercept of the most likely logistic curve, by Newton's method."""
    weights = np.array([1.0, 0.0])
    design = np.stack([x, np.ones_like(x)], axis=1)
    for _ in range(50):
        p = 1 / (1 + np.exp(-design @ weights))
        gradient = design.T @ (y - p) - 1e-3 * weights
        curvature = (design * (p * (1 - p))[:, None]).T @ design + 1e-3 * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        weights += step
        if float(np.abs(step).max()) < 1e-8:
            break
    return float(weights[0]), float(weights[1])


def fit_confidence(reader: Reader, references: Sequence[Reference]) -> None:
    """Set the reader's confidence curve from labelled articles; needs a few dozen of them."""
    reader.thresholds = replace(reader.thresholds, slope=1.0, intercept=0.0)
    logits, right = [], []
    for reference in references:
        (analysis,) = reader.analyse([reference.article])
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
