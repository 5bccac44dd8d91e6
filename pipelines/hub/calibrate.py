"""Zero-shot scores fitted to labelled claims: one temperature, and a bias for each stance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from pipelines.errors import ModelError
from pipelines.hub.stages import Told

__all__ = ["Calibration", "fit", "labelled"]

#: How strongly biases are held near 0: a few labelled claims must not silence a stance.
_PRIOR = 0.5


@dataclass(frozen=True, slots=True)
class Calibration:
    """Scores ``slope · evidence + bias``, before the softmax over stances."""

    slope: float
    bias: NDArray[np.float64]  # [stances]

    @classmethod
    def none(cls, stances: int) -> Self:
        return cls(1.0, np.zeros(stances))

    def probabilities(self, evidence: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probabilities of ``evidence``, both of shape ``[claims, stances]``."""
        from scipy.special import softmax

        rows: NDArray[np.float64] = softmax(self.slope * evidence + self.bias, axis=1)
        return rows


def labelled(path: Path, names: Sequence[str]) -> tuple[list[Told], NDArray[np.int64]]:
    """The claims of a file of references with text, and the index of each one's stance.

    Raises :class:`~pipelines.errors.ModelError` when the file has none that can be used.
    """
    from pipelines.article import join_pieces
    from pipelines.reader.document import split_sentences
    from pipelines.references import LabelError, read_references

    try:
        references = read_references(path)
    except (LabelError, OSError) as error:
        raise ModelError(f"calibration: {error}") from None
    told: list[Told] = []
    gold: list[int] = []
    for reference in references:
        if reference.text is None:
            continue
        sentences = split_sentences(reference.text)
        for claim in reference.claims:
            if claim.stance not in names:
                raise ModelError(f"calibration: {path}: {claim.stance!r} is no stance of the set")
            first, last = claim.content[0][0], claim.content[-1][1]
            around = [s for s in sentences if s[1] > first and s[0] < last]
            context = " ".join(reference.text[a:b] for a, b in around)
            told.append(
                Told(
                    text=join_pieces(reference.text, claim.content),
                    context=context,
                    speaker=" and ".join(claim.speaker.names),
                    targets=claim.targets,
                )
            )
            gold.append(list(names).index(claim.stance))
    if not told:
        raise ModelError(f"calibration: {path} has no claims with their text; label some first")
    return told, np.array(gold)


def fit(evidence: NDArray[np.float64], gold: NDArray[np.int64]) -> Calibration:
    """The calibration that makes the labels likeliest: penalised maximum likelihood."""
    from scipy.optimize import minimize
    from scipy.special import log_softmax, softmax

    truth = np.eye(evidence.shape[1])[gold]

    def loss(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        slope, bias = np.exp(parameters[0]), parameters[1:]
        scores = slope * evidence + bias
        value = -float((truth * log_softmax(scores, axis=1)).sum())
        value += _PRIOR / 2 * float(parameters @ parameters)
        gap = softmax(scores, axis=1) - truth
        gradient = np.concatenate([[float((gap * evidence).sum()) * slope], gap.sum(0)])
        return value, gradient + _PRIOR * parameters

    found = minimize(loss, np.zeros(evidence.shape[1] + 1), jac=True, method="L-BFGS-B")
    return Calibration(float(np.exp(found.x[0])), np.asarray(found.x[1:]))
