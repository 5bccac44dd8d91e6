"""Cutting into windows and batches."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from pipelines.hub.windows import batches, pack, within
from pipelines.reader.document import split_sentences


def words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


@given(st.lists(st.text("ab .\n", max_size=60), max_size=8), st.integers(1, 12))
def test_windows_hold_every_word_in_order_within_the_limit(parts: list[str], limit: int) -> None:
    text = ". ".join(parts)
    spans = pack(text, split_sentences(text), words, limit)
    read = "".join(text[start:end] for start, end in spans)
    assert "".join(read.split()) == "".join(text.split())
    assert all(len(text[start:end].split()) <= limit for start, end in spans)
    assert spans == sorted(spans)


def test_a_window_takes_whole_sentences_where_they_fit() -> None:
    text = "One two three. Four five. Six seven eight nine ten eleven."
    spans = pack(text, split_sentences(text), words, 5)
    assert [text[a:b] for a, b in spans] == [
        "One two three. Four five.",
        "Six seven eight",
        " nine ten eleven.",
    ]


def test_a_word_without_spaces_is_cut_and_not_lost() -> None:
    spans = pack("x" * 100, [(0, 100)], lambda texts: [len(t) for t in texts], 30)
    assert "".join("x" * (b - a) for a, b in spans) == "x" * 100
    assert max(b - a for a, b in spans) <= 30


@given(st.lists(st.integers(1, 50), max_size=30), st.integers(1, 120), st.integers(1, 4))
def test_batches_hold_everything_once_within_the_budget(
    lengths: list[int], budget: int, copies: int
) -> None:
    made = list(batches(lengths, budget, copies=copies))
    assert sorted(i for batch in made for i in batch) == list(range(len(lengths)))
    for batch in made:
        longest = max(lengths[i] for i in batch)
        assert len(batch) == 1 or len(batch) * longest * copies <= budget


def test_sentences_within_a_budget() -> None:
    said = ["a b c", "d e f g h", "a b c", "i"]
    assert within(said, max_words=4, max_sentences=3) == ("a b c", "i")
    assert within(said, max_words=9, max_sentences=2) == ("a b c", "d e f g h")
    assert within(said, max_words=2, max_sentences=1) == ("i",)
