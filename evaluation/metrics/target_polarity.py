"""For or against a marked person: the task of NewsMTSC (Hamborg and Donnay 2021)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from evaluation.matching import Scored
from evaluation.metrics.figure import (
    Better,
    Counts,
    Fields,
    Figure,
    Interval,
    RatioMetric,
    divide,
    number,
)
from evaluation.names import name_key
from pipelines.article import Claim, Polarity

__all__ = ["TARGET_POLARITY", "TARGET_POLARITY_MACRO"]

_POLARITIES: tuple[Polarity, ...] = ("positive", "neutral", "negative")
_LABELS = frozenset({"target-polarity"})
_ANSWERS = frozenset({"polarity", "targets"})
_HOW = (
    "the polarity of the surest claim in the sentence whose targets name the marked person "
    "(one name's words within the other's); no such claim is neutral"
)


def _same(left: str, right: str) -> bool:
    one, other = set(name_key(left).split()), set(name_key(right).split())
    return bool(one and other) and (one <= other or other <= one)


def _answer(claims: Sequence[Claim], target: str) -> Polarity:
    aimed = [c for c in claims if any(_same(name, target) for name in c.targets)]
    return max(aimed, key=lambda c: c.confidence).polarity if aimed else "neutral"


def _judged(scored: Scored) -> list[tuple[Polarity, Polarity | None]]:
    """For each marked target the true polarity and the model's, None where it failed."""
    return [
        (
            label.polarity,
            None if scored.analysis is None else _answer(scored.predicted, label.targets[0]),
        )
        for label in scored.reference.claims
        if label.targets
    ]


def _count(scored: Scored) -> tuple[float, float]:
    judged = _judged(scored)
    return sum(true == said for true, said in judged), len(judged)


TARGET_POLARITY = RatioMetric(
    "target-polarity", f"{_HOW}; accuracy", _count, labels=_LABELS, answers=_ANSWERS
)


@dataclass(frozen=True, slots=True)
class _MacroF1:
    """Mean F1 of the three polarities; counts are hits, predicted, reference for each."""

    name: str = "target-polarity-macro-f1"
    settings: str = f"{_HOW}; mean F1 of the three polarities"
    labels: Fields = _LABELS
    answers: Fields = _ANSWERS
    better: Better = "higher"
    version: int = field(default=1)

    def count(self, scored: Scored) -> Sequence[float]:
        counts = np.zeros((len(_POLARITIES), 3))
        for true, said in _judged(scored):
            counts[_POLARITIES.index(true), 2] += 1
            if said is not None:
                counts[_POLARITIES.index(said), 1] += 1
                counts[_POLARITIES.index(said), 0] += said == true
        return [float(value) for value in counts.ravel()]

    def value(self, totals: Counts) -> Counts:
        rows = totals.reshape(*totals.shape[:-1], len(_POLARITIES), 3)
        f1 = divide(2 * rows[..., 0], rows[..., 1] + rows[..., 2])
        occurs = rows[..., 2] > 0
        total: Counts = np.where(occurs, f1, 0.0).sum(axis=-1)
        return divide(total, occurs.sum(axis=-1).astype(np.float64))

    def figure(self, totals: Counts, interval: Interval | None = None) -> Figure:
        return Figure(
            name=self.name,
            value=number(self.value(totals)),
            cases=int(totals.reshape(-1, 3)[:, 2].sum()),
            settings=self.settings,
            interval=interval,
            version=self.version,
        )


TARGET_POLARITY_MACRO = _MacroF1()
