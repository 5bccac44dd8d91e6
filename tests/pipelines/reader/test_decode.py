"""Tags to spans: valid, and the best of all valid sequences."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipelines.reader.decode import Tagged, decode_bio


def scores(rows: list[list[float]]) -> NDArray[np.float32]:
    raw = np.array(rows, dtype=np.float32)
    out: NDArray[np.float32] = raw - np.log(np.exp(raw).sum(axis=1, keepdims=True))
    return out


def valid(path: tuple[int, ...]) -> bool:
    return all(
        tag == 0 or tag % 2 or before in (tag, tag - 1)
        for before, tag in zip((0, *path), path, strict=False)
    )


def path_of(spans: list[Tagged], length: int) -> tuple[int, ...]:
    path = [0] * length
    for start, end, kind, _ in spans:
        path[start:end] = [2 * kind + 2] * (end - start)
        path[start] = 2 * kind + 1
    return tuple(path)


@settings(max_examples=150)
@given(st.data(), st.integers(1, 5), st.integers(1, 2))
def test_no_valid_sequence_is_better(data: st.DataObject, length: int, kinds: int) -> None:
    tags = 1 + 2 * kinds
    number = st.floats(-4, 4, width=32)
    row = st.lists(number, min_size=tags, max_size=tags)
    log = scores(data.draw(st.lists(row, min_size=length, max_size=length)))

    spans = decode_bio(log)
    path = path_of(spans, length)

    def total(tags: tuple[int, ...]) -> float:
        return float(log[np.arange(length), list(tags)].sum())

    best = max(total(p) for p in itertools.product(range(tags), repeat=length) if valid(p))
    assert valid(path)
    assert total(path) == pytest.approx(best, abs=1e-4)
    for start, end, _, probability in spans:
        chosen = np.exp(log[np.arange(start, end), list(path[start:end])])
        assert probability == pytest.approx(float(chosen.mean()), abs=1e-5)


@settings(max_examples=30)
@given(st.integers(1, 400), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_spans_are_in_order_and_apart(length: int, kinds: int, seed: int) -> None:
    draw = np.random.default_rng(seed).normal(size=(length, 1 + 2 * kinds)) * 3

    before = 0
    for start, end, kind, probability in decode_bio(scores(draw.tolist())):
        assert before <= start < end <= length
        assert 0 <= kind < kinds
        assert 0 < probability <= 1
        before = end


def test_an_inside_never_opens_a_span() -> None:
    sure = [[0.0, 0.0, 9.0]] * 3  # all three say I: the first has to be B

    assert [span[:3] for span in decode_bio(scores(sure))] == [(0, 3, 0)]


def test_a_kind_is_kept_to_its_end() -> None:
    log = scores([[0, 5, 0, 0, 0], [0, 0, 1, 0, 1.5], [5, 0, 0, 0, 0]])

    assert [span[:3] for span in decode_bio(log)] == [(0, 2, 0)]


def test_two_spans_may_touch() -> None:
    log = scores([[0, 5, 0], [0, 5, 0], [0, 0, 5]])

    assert [span[:3] for span in decode_bio(log)] == [(0, 1, 0), (1, 3, 0)]


def test_no_words_no_spans() -> None:
    assert decode_bio(np.zeros((0, 3), dtype=np.float32)) == []
