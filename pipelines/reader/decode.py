"""From tag scores to spans: the best sequence in which no I follows an O."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["BEGIN", "INSIDE", "Tagged", "decode_bio"]

#: The tags of a span's first word and of those behind it, where there is one kind of span.
BEGIN, INSIDE = 1, 2

#: A span of words ``[first, last + 1)``, its kind, and the mean probability of its tags.
Tagged = tuple[int, int, int, float]


def decode_bio(log_probabilities: NDArray[np.float32]) -> list[Tagged]:
    """Spans under the best valid tag sequence (Viterbi) of ``[words, 1 + 2 * kinds]``.

    Tags are O, then B and I of each kind: I of a kind may follow only B or I of it.
    """
    length, tags = log_probabilities.shape
    if not length:
        return []
    inside = range(2, tags, 2)
    outside = [tag for tag in range(tags) if tag not in inside]
    # Lists, not arrays: with so few tags numpy's calls take longer than the sums.
    rows = log_probabilities.tolist()
    score = rows[0]
    for tag in inside:
        score[tag] = -math.inf
    back = []
    for row in rows[1:]:
        best = max(score)
        origin = score.index(best)
        came = [origin] * tags
        reached = [0.0] * tags
        for tag in outside:
            reached[tag] = best + row[tag]
        for tag in inside:
            begun, gone_on = score[tag - 1], score[tag]
            came[tag] = tag - 1 if begun >= gone_on else tag
            reached[tag] = max(begun, gone_on) + row[tag]
        back.append(came)
        score = reached
    path = np.zeros(length, dtype=np.int64)
    last = score.index(max(score))
    path[-1] = last
    for i in range(length - 2, -1, -1):
        last = back[i][last]
        path[i] = last
    chosen = np.exp(log_probabilities[np.arange(length), path])
    spans: list[Tagged] = []
    starts = np.flatnonzero(path % 2 == 1)
    for start in starts.tolist():
        end = start + 1
        while end < length and path[end] == path[start] + 1:
            end += 1
        spans.append((start, end, (int(path[start]) - 1) // 2, float(chosen[start:end].mean())))
    return spans
