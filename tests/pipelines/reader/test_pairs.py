"""Nearest candidates: found, in order, with where they stand."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipelines.reader.pairs import PairScorer, nearest

LONG = np.arange(3000) // 10  # a sentence every ten words


def spans(*pairs: tuple[int, int]) -> NDArray[np.int64]:
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


@st.composite
def apart(draw: st.DrawFn) -> NDArray[np.int64]:
    """Spans in order that do not overlap, as a decoder gives them."""
    steps = draw(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6)), max_size=30))
    out, at = [], 0
    for gap, length in steps:
        out.append((at + gap, at + gap + length))
        at += gap + length
    return spans(*out)


@given(apart(), apart(), st.integers(1, 8))
def test_no_candidate_left_out_is_nearer(
    queries: NDArray[np.int64], candidates: NDArray[np.int64], limit: int
) -> None:
    found = nearest(queries, candidates, LONG, limit)

    assert found.index.shape == (len(queries), min(limit, len(candidates)))
    for (start, end), row in zip(queries.tolist(), found.index.tolist(), strict=True):
        gaps = [max(start - last, first - end, 0) for first, last in candidates.tolist()]
        chosen = [gaps[j] for j in row]
        assert len(set(row)) == len(row)
        assert -1 not in row
        assert chosen == sorted(gaps)[: len(row)]


def test_before_and_behind_are_told_apart() -> None:
    found = nearest(spans((20, 22)), spans((40, 41), (18, 19), (22, 23), (0, 2)), LONG, 3)

    assert found.index.tolist() == [[2, 1, 3]]
    assert found.distance.tolist() == [[13, 1, 7]]  # 0 behind, 1 before, 18 before
    assert found.sentence.tolist() == [[3, 2, 1]]


def test_far_sentences_share_a_bucket() -> None:
    found = nearest(spans((1000, 1001)), spans((0, 1), (2900, 2901)), LONG, 2)

    assert sorted(found.sentence[0].tolist()) == [0, 6]


def test_without_queries_or_candidates() -> None:
    assert nearest(spans(), spans((1, 2)), LONG, 5).index.shape == (0, 1)
    assert nearest(spans((1, 2)), spans(), LONG, 5).index.shape == (1, 0)


def test_scores_follow_the_pair_not_its_column() -> None:
    torch.manual_seed(2)
    scorer = PairScorer(8, hidden=16).eval()
    queries, keys = torch.randn(2, 8), torch.randn(5, 8)
    where = spans((0, 1), (8, 9), (15, 16), (22, 23), (40, 42))
    near = nearest(spans((10, 11), (30, 31)), where, LONG, 5)

    with torch.inference_mode():
        logits = scorer(queries, keys, near)
        order = torch.tensor([4, 2, 0, 1, 3])
        moved = nearest(spans((10, 11), (30, 31)), where[order.numpy()], LONG, 5)
        again = scorer(queries, keys[order], moved)

    for row in range(2):
        first = {int(j): float(v) for j, v in zip(near.index[row], logits[row], strict=True)}
        for j, value in zip(moved.index[row].tolist(), again[row].tolist(), strict=True):
            assert abs(first[int(order[j])] - value) < 1e-6
    assert logits.std() > 0


def test_none_is_the_first_column_and_absent_ones_are_impossible() -> None:
    torch.manual_seed(2)
    scorer = PairScorer(8, hidden=16).eval()
    near = nearest(spans((10, 11)), spans((1, 2), (20, 21)), LONG, 2)
    near.index[0, 1] = -1

    with torch.inference_mode():
        logits = scorer.with_none(torch.randn(1, 8), torch.randn(2, 8), near)
        lonely = scorer.with_none(
            torch.randn(1, 8), torch.randn(0, 8), nearest(spans((1, 2)), spans(), LONG, 3)
        )

    assert logits.shape == (1, 3)
    assert torch.isfinite(logits[0]).tolist() == [True, True, False]
    assert lonely.shape == (1, 1)
