"""From tag scores to spans: the best sequence in which no I follows an O."""

from __future__ import annotations

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
    allowed = np.zeros((tags, tags), dtype=np.float32)
    for tag in range(2, tags, 2):
        allowed[:, tag] = -np.inf
        allowed[tag - 1, tag] = allowed[tag, tag] = 0.0
    score = log_probabilities[0].copy()
    score[2::2] = -np.inf
    back = np.zeros((length, tags), dtype=np.int16)
    rows = np.arange(tags)
    for i in range(1, length):
        paths = score[:, None] + allowed
        best = paths.argmax(axis=0)
        back[i] = best
        score = paths[best, rows] + log_probabilities[i]
    path = np.zeros(length, dtype=np.int64)
    path[-1] = int(score.argmax())
    for i in range(length - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    chosen = np.exp(log_probabilities[np.arange(length), path])
    spans: list[Tagged] = []
    starts = np.flatnonzero(path % 2 == 1)
    for start in starts.tolist():
        end = start + 1
        while end < length and path[end] == path[start] + 1:
            end += 1
        spans.append((start, end, (int(path[start]) - 1) // 2, float(chosen[start:end].mean())))
    return spans
