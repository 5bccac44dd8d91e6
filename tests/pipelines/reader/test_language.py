"""A warning for what the reader was not trained on, and none for what it was."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.reader.language import foreign_language
from tests.fixtures.prose import GERMAN, PROSE


@pytest.mark.parametrize("text", PROSE)
def test_english_is_not_foreign(text: str) -> None:
    assert foreign_language(text) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (GERMAN, "de"),
        ("Le ministre a déclaré hier que les négociations reprendront au printemps.", "fr"),
        ("Министр заявил вчера, что переговоры возобновятся весной этого года.", "ru"),
        ("大臣は昨日、交渉が春に再開されると述べた。両国は合意に近づいている。", "ja"),
        ("Le ministre a déclaré\nhier que les\r\nnégociations reprendront au printemps.", "fr"),
    ],
)
def test_another_language_is_named(text: str, language: str) -> None:
    assert foreign_language(text) == language


@pytest.mark.parametrize("text", ["", "Guten Tag", "123 456 789 " * 20, "\x00\x01" * 50, "🍵" * 99])
def test_too_little_says_nothing(text: str) -> None:
    assert foreign_language(text) is None


@given(st.text(min_size=20))
@example("a" * 5000)
@example("\x00 " + "word " * 10)
@example("\ufeffäöü" * 30)
def test_any_text_has_an_answer(text: str) -> None:
    language = foreign_language(text)

    assert language is None or (language != "en" and language.isalpha())
