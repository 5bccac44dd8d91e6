"""The stance of the claim: accuracy, macro-F1 and what was taken for what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaluation.matching import Pair, Scored
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

__all__ = [
    "STANCE",
    "STANCE_OF_EVENTS",
    "Confusion",
    "LabelScore",
    "MacroF1",
    "confusion",
    "stance_right",
]


def stance_right(pair: Pair) -> bool:
    """Whether the predicted stance is the reference's own or one that is just as true."""
    return pair.predicted.stance in (pair.reference.stance, *pair.reference.also)


def _count(scored: Scored) -> tuple[float, float]:
    return sum(map(stance_right, scored.pairs)), len(scored.pairs)


def _count_all(scored: Scored) -> tuple[float, float]:
    return sum(map(stance_right, scored.pairs)), len(scored.reference.claims)


_LABELS = frozenset({"content", "stance"})
_ANSWERS = frozenset({"stance"})
_EVENT = frozenset({"event"})
_RIGHT = "right when it is stance or in also"
STANCE = RatioMetric(
    "stance", f"of found claims; {_RIGHT}", _count, labels=_LABELS, answers=_ANSWERS
)
STANCE_OF_EVENTS = RatioMetric(
    "stance-of-all",
    f"of all labelled claims, a missed one is wrong; {_RIGHT}",
    _count_all,
    labels=_EVENT,
    answers=_ANSWERS,
)


@dataclass(frozen=True, slots=True)
class LabelScore:
    """One stance among the found claims."""

    label: str
    precision: float | None
    recall: float | None
    f1: float | None
    cases: int


@dataclass(frozen=True, slots=True)
class MacroF1:
    """Mean of the stances' F1; counts are hits, predicted, reference for each of ``stances``.

    A predicted stance that is in ``also`` stands for the reference's own, so that the
    number of cases of a stance does not depend on the model. With ``missed`` a labelled
    claim that was not found is one that was not given its stance.
    """

    stances: tuple[str, ...]
    name: str = "stance-macro-f1"
    labels: Fields = _LABELS
    answers: Fields = _ANSWERS
    better: Better = "higher"
    version: int = 1
    settings: str = (
        "of found claims; mean F1 of the stances that occur among their references; "
        "a prediction in also counts as the reference's stance"
    )
    missed: bool = False

    @classmethod
    def of(cls, scored: Iterable[Scored]) -> MacroF1:
        """The metric over every stance that occurs in the references or the predictions."""
        labels = {
            claim.stance
            for article in scored
            for claim in (*article.reference.claims, *article.predicted)
        }
        return cls(tuple(sorted(labels)))

    def of_events(self) -> MacroF1:
        """The same over all labelled claims, for corpora whose claims are given."""
        return replace(
            self,
            name="stance-of-all-macro-f1",
            labels=_EVENT,
            missed=True,
            settings=self.settings.replace("of found claims", "of all labelled claims", 1),
        )

    def count(self, scored: Scored) -> Sequence[float]:
        place = {label: i for i, label in enumerate(self.stances)}
        counts = np.zeros((len(self.stances), 3))
        for pair in scored.pairs:
            right = stance_right(pair)
            reference = place[pair.reference.stance]
            predicted = reference if right else place[pair.predicted.stance]
            counts[reference, 0] += right
            counts[predicted, 1] += 1
            counts[reference, 2] += 1
        if self.missed:
            found = {j for _, j in scored.matched}
            for j, claim in enumerate(scored.reference.claims):
                counts[place[claim.stance], 2] += j not in found
        return [float(value) for value in counts.ravel()]

    def value(self, totals: Counts) -> Counts:
        by_label = totals.reshape(*totals.shape[:-1], len(self.stances), 3)
        occurs = by_label[..., 2] > 0
        f1 = divide(2 * by_label[..., 0], by_label[..., 1] + by_label[..., 2])
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

    def scores(self, totals: Counts) -> tuple[LabelScore, ...]:
        """Each stance's own figures."""
        return tuple(
            LabelScore(
                label=label,
                precision=number(divide(row[0], row[1])),
                recall=number(divide(row[0], row[2])),
                f1=number(divide(2 * row[0], row[1] + row[2])),
                cases=int(row[2]),
            )
            for label, row in zip(self.stances, totals.reshape(-1, 3), strict=True)
        )


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often a found claim of stance ``labels[row]`` was given ``labels[column]``.

    The row is the reference's own stance, whatever it has in ``also``.
    """

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


def confusion(scored: Iterable[Scored], labels: Sequence[str]) -> Confusion:
    place = {label: i for i, label in enumerate(labels)}
    table = np.zeros((len(labels), len(labels)), dtype=np.int64)
    for article in scored:
        for pair in article.pairs:
            table[place[pair.reference.stance], place[pair.predicted.stance]] += 1
    return Confusion(tuple(labels), tuple(tuple(int(n) for n in row) for row in table))
