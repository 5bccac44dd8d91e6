"""Articles as the units that are drawn: labels of one text by several people are one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.metrics.figure import Counts
from pipelines.references import Reference

__all__ = ["Clusters", "clustered"]


@dataclass(frozen=True, slots=True)
class Clusters:
    """``of`` gives the number of the article of each reference, 0 to ``count`` - 1."""

    of: NDArray[np.int64]
    count: int

    def sum(self, counts: Counts) -> Counts:
        """Counts of references, shape (references, counts), summed for each article."""
        if self.count == len(counts):
            return counts
        summed: Counts = np.zeros((self.count, counts.shape[1]))
        np.add.at(summed, self.of, counts)
        return summed


def clustered(references: Sequence[Reference]) -> Clusters:
    """References of the same text go together; those without a text stand alone."""
    numbers: dict[str, int] = {}
    of = [numbers.setdefault(r.text or f"\0{r.id}", len(numbers)) for r in references]
    return Clusters(np.array(of, dtype=np.int64), len(numbers))
