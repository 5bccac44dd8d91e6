"""Which sentences a summary was made of."""

from __future__ import annotations

from pipelines.reader.document import make_document
from pipelines.training.oracle import sentence_gains
from tests.fixtures.checkpoint import tiny_tokenizer

TOKENIZER = tiny_tokenizer()
TEXT = "Rain fell in Riga. The fleet sailed north at dawn. Nobody slept. Crews cheered the fleet."


def gains(summary: list[str], **settings: int) -> list[float]:
    return [float(x) for x in sentence_gains(make_document(TEXT, TOKENIZER), summary, **settings)]


def test_the_sentences_that_cover_the_summary_are_taken() -> None:
    found = gains(["The fleet sailed north.", "Nobody slept."])

    assert [value == 1 for value in found] == [False, True, True, False]
    assert 0 < found[3] <= 0.5  # shares words, is not needed
    assert found[0] == 0


def test_no_more_than_asked_for() -> None:
    assert gains(TEXT.split(". "), most=2).count(1.0) == 2


def test_a_summary_with_no_word_of_the_text_takes_none() -> None:
    assert gains(["Quite something else"]) == [0, 0, 0, 0]


def test_no_sentences_no_gains() -> None:
    assert len(sentence_gains(make_document("", TOKENIZER), ["Rain."])) == 0
