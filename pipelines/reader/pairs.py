"""Scoring pairs of spans: a cue for a content, a source for it, a name for "he", a target.

Each query sees only its nearest candidates, so cost grows linearly with the text.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["Candidates", "PairScorer", "nearest"]

_DISTANCES = np.array([1, 2, 3, 4, 6, 9, 14, 22, 35, 60, 110, 220])
_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class Candidates:
    """The candidates of each query, nearest first; ``index`` is -1 where there is none.

    All arrays are ``[queries, candidates]``: ``distance`` and ``sentence`` are buckets of
    the words and sentences between, signed: before or behind the query.
    """

    index: NDArray[np.int64]
    distance: NDArray[np.int64]
    sentence: NDArray[np.int64]


def nearest(
    queries: NDArray[np.int64],
    candidates: NDArray[np.int64],
    word_sentence: NDArray[np.int64],
    limit: int,
) -> Candidates:
    """The ``limit`` nearest candidates of each query; spans are words ``[n, 2]``."""
    count, total = len(queries), len(candidates)
    width = min(limit, total)
    index = np.full((count, width), -1, dtype=np.int64)
    distance = np.zeros((count, width), dtype=np.int64)
    sentence = np.zeros((count, width), dtype=np.int64)
    if not count or not total:
        return Candidates(index, distance, sentence)
    # Long texts: look only at candidates near in order, which are sorted by position.
    order = np.argsort(candidates[:, 0], kind="stable")
    ranked = candidates[order]
    for i, (start, end) in enumerate(queries.tolist()):
        at = int(np.searchsorted(ranked[:, 0], start))
        low, high = max(0, at - limit), min(total, at + limit)
        near = ranked[low:high]
        before = start - near[:, 1]  # words between, when the candidate comes first
        behind = near[:, 0] - end
        gap = np.maximum(np.maximum(before, behind), 0)
        chosen = np.argsort(gap, kind="stable")[:width]
        size = len(chosen)
        index[i, :size] = order[low:high][chosen]
        bucket = np.searchsorted(_DISTANCES, gap[chosen], side="right")
        first = before[chosen] >= behind[chosen]
        distance[i, :size] = np.where(first, bucket, len(_DISTANCES) + 1 + bucket)
        apart = word_sentence[near[chosen, 0]] - word_sentence[start]
        sentence[i, :size] = np.clip(apart, -_SENTENCES, _SENTENCES) + _SENTENCES
    return Candidates(index, distance, sentence)


class PairScorer(nn.Module):
    """One logit for each query and candidate, from both vectors and where they stand."""

    def __init__(self, size: int, hidden: int = 128) -> None:
        super().__init__()
        self.query, self.key = nn.Linear(size, hidden), nn.Linear(size, hidden)
        self.query_product, self.key_product = nn.Linear(size, hidden), nn.Linear(size, hidden)
        self.distance = nn.Embedding(2 * (len(_DISTANCES) + 1), hidden)
        self.sentence = nn.Embedding(2 * _SENTENCES + 1, hidden)
        self.out = nn.Linear(hidden, 1)
        self.none = nn.Linear(size, 1)

    def forward(self, queries: Tensor, keys: Tensor, candidates: Candidates) -> Tensor:
        """Logits ``[queries, candidates]``, -inf where there is no candidate.

        ``queries`` is ``[queries, size]``, ``keys`` is ``[all candidates, size]``.
        """
        device = queries.device
        index = torch.as_tensor(candidates.index, device=device)
        if not index.numel():
            return queries.new_zeros(index.shape)
        safe = index.clamp(min=0)
        hidden = self.query(queries)[:, None] + self.key(keys)[safe]
        product = self.query_product(queries)[:, None] * self.key_product(keys)[safe]
        place = self.distance(torch.as_tensor(candidates.distance, device=device))
        place = place + self.sentence(torch.as_tensor(candidates.sentence, device=device))
        logits: Tensor = self.out(functional.gelu(hidden + product + place))[..., 0].float()
        return logits.masked_fill(index < 0, float("-inf"))

    def with_none(self, queries: Tensor, keys: Tensor, candidates: Candidates) -> Tensor:
        """As :meth:`forward`, with a first column for "none of them"."""
        return torch.cat(
            [self.none(queries).float(), self.forward(queries, keys, candidates)], dim=1
        )
