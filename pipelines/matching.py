"""Which predicted claim is which labelled one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from pipelines.article import Attribution, Span

__all__ = ["IOU", "iou", "match"]

#: The least share of common characters at which a claim counts as found.
IOU = 0.5
#: Too little to outweigh a character of any article's content.
_TIE = 1e-9


def iou(left: Sequence[Span], right: Sequence[Span]) -> float:
    """Intersection over union of the characters under two lists of spans, 0 to 1.

    The spans of each list are apart from one another, as the contract has them.
    """
    common = sum(
        max(0, min(end, other_end) - max(start, other_start))
        for start, end in left
        for other_start, other_end in right
    )
    union = sum(end - start for start, end in (*left, *right)) - common
    return common / union if union else 0.0


def match(
    predicted: Sequence[Attribution], reference: Sequence[Attribution], *, threshold: float = IOU
) -> tuple[tuple[int, int], ...]:
    """Pairs of indices (predicted, reference), one to one, in order of the first.

    Only pairs of at least ``threshold`` IoU count; among all such matchings the one with
    the greatest total IoU is taken (the assignment problem, solved by scipy). Where two
    claims have the same content, the overlap of their cues decides.
    """
    if not predicted or not reference:
        return ()
    table = np.array([[iou(p.content, r.content) for r in reference] for p in predicted])
    table[table < threshold] = 0.0
    cues = np.array([[iou(p.cue, r.cue) for r in reference] for p in predicted])
    rows, columns = linear_sum_assignment(table + _TIE * cues, maximize=True)
    return tuple((int(i), int(j)) for i, j in zip(rows, columns, strict=True) if table[i, j] > 0)
