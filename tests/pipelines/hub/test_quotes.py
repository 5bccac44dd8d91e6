"""Quotations found in their source, and only there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.hub.quotes import find_quote
from tests.fixtures.prose import CANAL, TALKS


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("clear old mines together", "clear old mines together"),
        ("“We will not wait for another winter,”", "We will not wait for another winter"),
        ('"we will not  wait\nfor another winter"', "We will not wait for another winter"),
        ("the plan 'sound, if late'", "the plan “sound, if late"),
        (
            "thanked Norway for it's help and warnd that",
            "thanked Norway for its help and warned that",
        ),
        ("Ozols", "Ozols"),
    ],
)
def test_what_the_text_has_is_found_as_the_text_has_it(quote: str, found: str) -> None:
    span = find_quote(TALKS, quote)
    assert span is not None
    assert TALKS[slice(*span)] == found


@pytest.mark.parametrize(
    "quote",
    [
        "",
        " … ",
        "lear old mines togeth",
        "Ozol",
        "Ozolz",
        "the plan would cost 41 million euros",
        "We will wait for another winter, she said",
        "the two navies would build new ships together",
        TALKS + TALKS,
    ],
)
def test_what_the_text_has_not_is_not_found(quote: str) -> None:
    assert find_quote(TALKS, quote) is None


def test_the_nearest_of_several_places_is_taken() -> None:
    first, last = CANAL.index("Farouk"), CANAL.rindex("Farouk")
    assert find_quote(CANAL, "Farouk", near=0) == (first, first + 6)
    assert find_quote(CANAL, "Farouk", near=len(CANAL)) == (last, last + 6)
    assert find_quote(CANAL, "farouk", near=len(CANAL)) == (last, last + 6)


@given(st.text(max_size=80), st.text(max_size=30))
def test_whatever_is_found_lies_in_the_text(text: str, quote: str) -> None:
    span = find_quote(text, quote)
    if span is not None:
        assert 0 <= span[0] < span[1] <= len(text)


@given(st.data())
def test_every_run_of_whole_words_is_found(data: st.DataObject) -> None:
    words = TALKS.split()
    start = data.draw(st.integers(0, len(words) - 2))
    end = data.draw(st.integers(start + 1, len(words)))
    assert find_quote(TALKS, " ".join(words[start:end])) is not None
