"""Windows over a long text: every piece is kept once, where its context is widest."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from pipelines.reader.document import Document, Window, make_document
from tests.fixtures.checkpoint import tiny_network, tiny_tokenizer


def document(pieces: int) -> Document:
    empty = np.zeros((0, 2), dtype=np.int64)
    return Document(
        text="",
        sentences=[],
        pieces=np.arange(pieces, dtype=np.int64),
        marks=np.zeros((pieces, 3), dtype=np.int64),
        first_piece=np.zeros(0, dtype=np.int64),
        words=empty,
    )


@given(st.data(), st.integers(0, 700), st.integers(2, 120))
def test_every_piece_is_kept_once(data: st.DataObject, total: int, size: int) -> None:
    overlap = data.draw(st.integers(0, size - 1))

    windows = document(total).windows(size, overlap)

    kept = [i for window in windows for i in range(window.keep, window.stop)]
    assert kept == list(range(total))
    for window in windows:
        assert 0 <= window.start <= window.keep < window.stop <= window.end <= total
        assert window.end - window.start == min(size, total)


@given(st.integers(100, 2000))
def test_what_is_kept_has_half_the_overlap_around_it(total: int) -> None:
    for window in document(total).windows(96, 32):
        assert window.keep == 0 or window.keep - window.start >= 16
        assert window.stop == total or window.end - window.stop >= 16


def test_a_short_text_is_one_window() -> None:
    assert document(50).windows(50, 10) == [Window(0, 50, 0, 50)]
    assert document(0).windows(50, 10) == []


@pytest.mark.parametrize("budget", [1, 100, 8192])
def test_states_do_not_hang_on_how_windows_are_packed(tokenizer: Tokenizer, budget: int) -> None:
    network = tiny_network(tokenizer)
    texts = ["Rain fell. " * 40, "", "The fleet sailed north.", "One " * 47]
    documents = [make_document(text, tokenizer) for text in texts]

    with torch.inference_mode():
        together = network.encode(documents, budget=budget)
        alone = [network.encode([item])[0] for item in documents]

    for left, right, item in zip(together, alone, documents, strict=True):
        assert left.shape == (len(item.words), 32)
        torch.testing.assert_close(left, right, atol=1e-5, rtol=0)


def test_words_are_read_where_their_window_keeps_them() -> None:
    """States of a long text equal those of its windows read as texts of their own."""
    tokenizer = tiny_tokenizer()
    network = tiny_network(tokenizer)
    text = " ".join(f"{letter}{digit}" for letter in "abcdefghij" for digit in range(10))
    long = make_document(text, tokenizer)
    assert len(long.pieces) > 3 * network.config.window

    with torch.inference_mode():
        states = network.encode([long])[0]
        for window in long.windows(network.config.window, network.config.overlap):
            inside = (long.first_piece >= window.keep) & (long.first_piece < window.stop)
            pieces = torch.tensor([[101, *long.pieces[window.start : window.end].tolist(), 102]])
            marks = torch.zeros((1, pieces.shape[1], 3), dtype=torch.int64)
            marks[0, 1:-1] = torch.from_numpy(long.marks[window.start : window.end])
            own = network.encoder(pieces, marks, torch.ones_like(pieces, dtype=torch.bool))[0]
            at = long.first_piece[inside] - window.start + 1
            torch.testing.assert_close(states[inside], own[at], atol=1e-5, rtol=0)
