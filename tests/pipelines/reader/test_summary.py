"""Sentences chosen within a budget."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.article import Summary, SummarySentence
from pipelines.reader.document import split_sentences
from pipelines.reader.summary import choose_sentences, summarise

MINES = "The two navies will clear old mines together."
MINES_AGAIN = "Together the two navies will clear the old mines."
COST = "The plan costs forty million euros a year."
VOTE = "Parliament in Riga votes on it next week."
ALL = [MINES, COST, MINES_AGAIN, VOTE]


def choose(
    sentences: list[str], scores: list[float], *, max_words: int = 80, max_sentences: int = 3
) -> list[int]:
    return choose_sentences(sentences, scores, max_words=max_words, max_sentences=max_sentences)


def test_the_best_in_reading_order() -> None:
    assert choose(ALL, [0.1, 0.5, 0.3, 0.9], max_sentences=2) == [1, 3]
    assert choose(ALL, [0.9, 0.5, 0.3, 0.1], max_sentences=2) == [0, 1]


def test_of_two_that_say_the_same_the_better_is_taken() -> None:
    assert choose(ALL, [0.9, 0.1, 0.8, 0.2]) == [0, 1, 3]
    assert choose(ALL, [0.8, 0.1, 0.9, 0.2]) == [1, 2, 3]


@pytest.mark.parametrize(("words", "chosen"), [(8, [0]), (15, [0]), (16, [0, 1]), (24, [0, 1, 3])])
def test_the_budget_of_words(words: int, chosen: list[int]) -> None:
    assert choose(ALL, [0.9, 0.8, 0.7, 0.6], max_words=words) == chosen


def test_a_shorter_one_may_fit_where_a_better_one_does_not() -> None:
    long = "A longer sentence that says much about ships and harbours and says it slowly."

    assert choose([MINES, long, COST], [0.9, 0.8, 0.1], max_words=17) == [0, 2]


def test_one_long_sentence_stands_alone() -> None:
    long = "word " * 30

    assert choose([long, long + "more"], [0.2, 0.9], max_words=10) == [1]


def test_fragments_stand_only_where_nothing_else_fits() -> None:
    assert choose(["Fleet returns", MINES], [0.9, 0.1]) == [1]
    assert choose(["Fleet returns", MINES], [0.1, 0.9], max_words=5) == [0]
    assert choose(["Talks resume", "Fleet returns"], [0.1, 0.9]) == [1]


def test_a_row_of_stars_is_no_summary() -> None:
    stars = "* * * * * * *"

    assert choose([stars, MINES], [0.9, 0.1]) == [1]
    assert choose([stars, "Rain"], [0.9, 0.1]) == [1]
    assert choose([stars, "…"], [0.9, 0.1]) == [0]


def test_no_sentences_no_choice() -> None:
    assert choose([], []) == []


SENTENCES = st.lists(
    st.tuples(
        st.lists(
            st.sampled_from("ship port rain mine vote cost * 条約 é'".split()),
            min_size=1,
            max_size=12,
        ),
        st.floats(0, 1),
    ),
    min_size=1,
    max_size=12,
)


@given(SENTENCES, st.integers(1, 40), st.integers(1, 5))
def test_the_budget_holds(
    rows: list[tuple[list[str], float]], max_words: int, max_sentences: int
) -> None:
    sentences = [" ".join(words) for words, _ in rows]
    scores = [score for _, score in rows]

    chosen = choose(sentences, scores, max_words=max_words, max_sentences=max_sentences)

    assert chosen == sorted(set(chosen)) != []
    assert len(chosen) <= max_sentences
    total = sum(len(sentences[i].split()) for i in chosen)
    assert total <= max_words or len(chosen) == 1
    if total > max_words:  # one alone is over only where none would fit
        worded = [s for s in sentences if any(c.isalnum() for c in s)] or sentences
        assert all(len(sentence.split()) > max_words for sentence in worded)
    texts = [sentences[i] for i in chosen]
    assert len(set(texts)) == len(texts)


def summary(text: str, scores: list[float], **budget: int) -> Summary:
    return summarise(
        text, split_sentences(text), scores, **{"max_words": 80, "max_sentences": 3} | budget
    )


def test_a_summary_shows_its_sentences() -> None:
    text = f"Headline\n{MINES}  {COST}\n\n{VOTE}"

    said = summary(text, [0.1, 0.2, 0.90001, 0.3], max_sentences=2)

    assert said.text == f"{COST} {VOTE}"
    assert [(part.text, part.score) for part in said.sentences] == [(COST, 0.9), (VOTE, 0.3)]
    for part in said.sentences:
        assert isinstance(part, SummarySentence)
        assert text[slice(*part.span)] == part.text
    assert said.coverage == 1.0


def test_a_text_without_sentences_has_an_empty_summary() -> None:
    assert summary("", []).sentences == ()
