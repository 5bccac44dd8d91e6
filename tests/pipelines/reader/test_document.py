"""Sentences, words and marks; every offset is right whatever the text holds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from pipelines.reader.document import Document, make_document, split_sentences
from tests.fixtures.checkpoint import tiny_tokenizer

TOKENIZER = tiny_tokenizer()
#: Text as the wild has it: any character, and more of those that break offsets.
WILD = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]), st.sampled_from("aB .“”\n\r\u0301\u200f🍵\x00")
    )
)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def words(document: Document) -> list[str]:
    return [document.text[start:end] for start, end in document.words.tolist()]


@pytest.mark.parametrize(
    "wanted",
    [
        ["He met Gen. Lund at noon.", "They talked for an hour."],
        ["Fuel costs more, e.g. diesel.", "Bread does too."],
        ["The U.S. Navy sent two ships.", "Both turned back."],
        ["Mr. Ozols and Dr. Brook left.", "Nobody followed."],
        ["It grew by 3.5 percent.", "No. 5 in the list fell."],
        ["“We go now. We do not wait,” she said.", "Nobody spoke."],
        ["She asked: “Why?”", "He shrugged!"],
        ["Prices rose in June.", "A second rise came in August."],
        ["J. K. Varga signed first.", "Then the others did."],
    ],
)
def test_sentences_end_where_they_end(wanted: list[str]) -> None:
    assert sentences(" ".join(wanted)) == wanted


def test_a_line_break_ends_a_sentence() -> None:
    text = "Talks resume\nThe ministers met. They smiled.\r\n\r\n  Fleet returns  \u2028Rain\n"

    assert sentences(text) == [
        "Talks resume",
        "The ministers met.",
        "They smiled.",
        "Fleet returns",
        "Rain",
    ]


@pytest.mark.parametrize("text", ["", " ", "\n\n", " \t\n \u2029"])
def test_blank_text_has_no_sentence(text: str) -> None:
    assert split_sentences(text) == []


@given(WILD)
@example("🍵 Tea. 🍵 Tea.\u2028Tea. Tea.")
@example("Ae\u0301. \u200fBe. \x00Ce. De.")
def test_sentences_hold_all_but_space(text: str) -> None:
    spans = split_sentences(text)

    end_before = 0
    for start, end in spans:
        assert not text[end_before:start].strip()
        assert text[start:end] == text[start:end].strip() != ""
        assert "\n" not in text[start:end]
        end_before = end
    assert not text[end_before:].strip()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("The 🍵 is hot.", ["The", "🍵", "is", "hot", "."]),
        ("\u200fThe\u200f cat\u202c.", ["The", "cat", "."]),
        ("A\x00b \x07c\x1b.", ["A\x00b", "c", "."]),
        ("cafe\u0301 ole\u0301!", ["cafe\u0301", "ole\u0301", "!"]),
        ("café Über", ["café", "Über"]),
        ("e-mail U.S.", ["e", "-", "mail", "U", ".", "S", "."]),
        ("条約 now", ["条", "約", "now"]),
    ],
)
def test_words_are_where_the_text_has_them(text: str, wanted: list[str]) -> None:
    found = words(make_document(text, TOKENIZER))

    assert [word.strip("\u200f\u202c\x07\x1b\u0301") for word in found] == [
        word.strip("\u0301") for word in wanted
    ]


@settings(max_examples=200)
@given(WILD)
def test_words_are_apart_in_order_and_in_the_text(text: str) -> None:
    document = make_document(text, TOKENIZER)

    before = 0
    for start, end in document.words.tolist():
        assert before <= start < end <= len(text)
        before = end
    letters = [i for i, char in enumerate(text) if char.isascii() and char.isalnum()]
    covered = np.zeros(len(text) + 1, dtype=bool)
    for start, end in document.words.tolist():
        covered[start:end] = True
    assert all(covered[i] for i in letters)
    assert len(document.pieces) == len(document.marks)
    assert (np.diff(document.first_piece) > 0).all()


@given(WILD)
def test_each_word_lies_in_the_sentence_it_is_said_to(text: str) -> None:
    document = make_document(text, TOKENIZER)

    for (start, end), owner in zip(
        document.words.tolist(), document.word_sentence.tolist(), strict=True
    ):
        first, last = document.sentences[owner]
        assert first <= start
        assert end <= last


def test_nothing_is_cut(tokenizer: Tokenizer) -> None:
    document = make_document("alpha " * 3000, tokenizer)

    assert len(document.words) == 3000
    assert document.words[-1].tolist() == [17994, 17999]


def test_word_ranges_and_characters_are_each_other_s_inverse(tokenizer: Tokenizer) -> None:
    text = "Ozols thanked Norway, then left."
    document = make_document(text, tokenizer)

    assert document.word_range((6, 20)) == (1, 3)
    assert document.characters((1, 3)) == (6, 20)
    assert document.word_range((8, 9)) == (1, 2)  # a part of a word is the word
    assert document.word_range((5, 6)) is None  # the space between
    assert document.word_range((0, len(text))) == (0, 7)


def marks(text: str, kind: int) -> list[int]:
    document = make_document(text, TOKENIZER)
    return [int(mark) for mark in document.marks[document.first_piece, kind]]


def test_marks_of_casing() -> None:
    assert marks("the Riga NATO I McLeod 40 , é", 0) == [0, 1, 2, 1, 3, 4, 0, 0]


def test_marks_of_line_breaks() -> None:
    assert marks("Head\nBody and\n\nmore\n\n\nend", 1) == [2, 1, 0, 2, 2]


def test_marks_of_quotation() -> None:
    said = {"a", "b", "c", "d"}
    for text in (
        'x "a b" y "c d" z',
        "x “a b” y «c d» z",
        'x "a b\ny z',  # a paragraph begins outside
        "x “a b\n“c d” y",
    ):
        document = make_document(text, TOKENIZER)
        inside = dict(zip(words(document), marks(text, 2), strict=True))
        assert {word for word, mark in inside.items() if mark and word.isalpha()} == said & set(
            text
        ), text


def test_all_pieces_of_a_word_bear_its_marks(tokenizer: Tokenizer) -> None:
    document = make_document("“Zyqwv” kept", tokenizer)

    first, after = document.first_piece[1], document.first_piece[2]
    assert after - first > 2
    assert (document.marks[first:after] == document.marks[first]).all()
