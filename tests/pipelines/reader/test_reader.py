"""The reader's manners: order, laziness, errors in their place, warnings, long texts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
import torch
from datasets import Dataset

from pipelines.article import Analysis, Article
from pipelines.errors import ArticleError
from pipelines.model import ArticleLike, Model
from pipelines.reader import Reader
from pipelines.reader.reader import BATCH_ARTICLES
from tests.fixtures.prose import CANAL, FISHING, GERMAN, HEADLINES, PROSE, TALKS


def one(reader: Reader, article: ArticleLike) -> Analysis:
    (analysis,) = reader.analyse([article])
    analysis.verify(article if isinstance(article, str) else Article.coerce(article).text)
    return analysis


def code(reader: Reader, article: Any) -> str:
    (said,) = reader.analyse([article], errors="yield")
    assert isinstance(said, ArticleError)
    return said.code


def test_is_a_model(tiny_reader: Reader) -> None:
    assert isinstance(tiny_reader, Model)
    assert tiny_reader.identity.name == "tiny"


def test_every_head_says_something(tiny_reader: Reader) -> None:
    """Else the tests with this reader show little."""
    claims = [claim for text in PROSE for claim in one(tiny_reader, text).claims]

    assert len(claims) > 9
    assert len({claim.stance for claim in claims}) > 1
    assert any(claim.cue for claim in claims)
    assert any(claim.speaker.names for claim in claims)
    assert any(claim.targets for claim in claims)
    assert any(len(claim.content) > 1 for claim in claims)
    assert any(analysis.speakers for analysis in tiny_reader.analyse(PROSE))


def test_articles_of_any_form(tiny_reader: Reader) -> None:
    given: list[ArticleLike] = [
        CANAL,
        {"text": CANAL, "id": "c", "title": "Canal"},
        Article(text=CANAL, id="c"),
    ]

    bare, mapped, typed = tiny_reader.analyse(given)

    assert bare.claims == mapped.claims == typed.claims
    assert (bare.id, mapped.id, typed.id) == (None, "c", "c")
    assert (mapped.title, typed.title) == ("Canal", None)


def test_rows_of_a_data_set(tiny_reader: Reader) -> None:
    rows = Dataset.from_dict({"id": ["a", "b", "c"], "text": list(PROSE)})

    analyses = list(tiny_reader.analyse(rows))

    assert [analysis.id for analysis in analyses] == ["a", "b", "c"]
    for analysis, text in zip(analyses, PROSE, strict=True):
        analysis.verify(text)


def test_an_article_sets_its_own_budget(tiny_reader: Reader) -> None:
    free = one(tiny_reader, FISHING)
    short = one(tiny_reader, {"text": FISHING, "max_sentences": 1})
    words = one(tiny_reader, {"text": FISHING, "max_words": 20})

    assert (len(free.summary.sentences), len(short.summary.sentences)) == (3, 1)
    assert len(words.summary.text.split()) <= 20


def test_articles_are_taken_lazily_and_given_in_order(tiny_reader: Reader) -> None:
    taken: list[int] = []

    def endless() -> Iterator[dict[str, str]]:
        while True:
            taken.append(len(taken))
            yield {"id": str(taken[-1]), "text": f"Number {taken[-1]} is here."}

    analyses = tiny_reader.analyse(endless())
    assert taken == []

    ids = [next(analyses).id for _ in range(BATCH_ARTICLES + 3)]

    assert ids == [str(i) for i in range(BATCH_ARTICLES + 3)]
    assert len(taken) == 2 * BATCH_ARTICLES


def test_no_articles(tiny_reader: Reader) -> None:
    assert list(tiny_reader.analyse([])) == []


def test_errors_stand_in_the_place_of_their_articles(tiny_reader: Reader) -> None:
    given: list[Any] = [TALKS, " ", {"id": "x", "text": 5}, CANAL, None, "Last one."]

    said = list(tiny_reader.analyse(given, errors="yield"))

    assert [getattr(item, "code", "good") for item in said] == [
        "good",
        "empty_text",
        "wrong_type",
        "good",
        "invalid_article",
        "good",
    ]
    assert isinstance(said[2], ArticleError)
    assert (said[2].article_id, said[2].field) == ("x", "text")


def test_the_first_error_is_raised_after_what_came_before(tiny_reader: Reader) -> None:
    analyses = tiny_reader.analyse([{"id": "a", "text": TALKS}, {"id": "b", "text": ""}, CANAL])

    assert next(analyses).id == "a"
    with pytest.raises(ArticleError, match="text is empty") as caught:
        next(analyses)
    assert caught.value.article_id == "b"


def test_an_unknown_way_with_errors_is_refused_at_once(tiny_reader: Reader) -> None:
    way: Any = "ignore"
    with pytest.raises(ValueError, match="errors: 'raise' or 'yield', not 'ignore'"):
        tiny_reader.analyse([], errors=way)


@pytest.mark.parametrize("text", ["", " ", "\n\t\u2029", "\u3000"])
@pytest.mark.parametrize("errors", ["raise", "yield"])
def test_blank_text(tiny_reader: Reader, text: str, errors: Literal["raise", "yield"]) -> None:
    if errors == "yield":
        assert code(tiny_reader, text) == "empty_text"
    else:
        with pytest.raises(ArticleError, match="text is empty"):
            next(tiny_reader.analyse([text]))


def test_text_over_the_limit(tiny_reader: Reader) -> None:
    (said,) = tiny_reader.analyse(["a" * 200_001], errors="yield")

    assert isinstance(said, ArticleError)
    assert (said.code, said.field) == ("text_too_long", "text")
    assert "200,001 characters" in said.message


@pytest.mark.parametrize("text", ["a \ud800 b", "\udfff", "half \udc80 word"])
def test_half_a_surrogate_pair(tiny_reader: Reader, text: str) -> None:
    assert code(tiny_reader, text) == "invalid_unicode"


@pytest.mark.parametrize("text", ["x", ".", "🍵", "é", "\x00"])
def test_one_character(tiny_reader: Reader, text: str) -> None:
    assert one(tiny_reader, text).summary.text == text


def test_control_characters_only(tiny_reader: Reader) -> None:
    analysis = one(tiny_reader, "\x00\x01\x02\x7f")

    assert analysis.claims == ()
    assert analysis.warnings[0].startswith("no_words:")


def test_headlines_only(tiny_reader: Reader) -> None:
    summary = one(tiny_reader, HEADLINES).summary

    assert summary.text in HEADLINES.split("\n")


def test_another_language_is_read_with_a_warning(tiny_reader: Reader) -> None:
    warned = one(tiny_reader, GERMAN)

    assert [warning for warning in warned.warnings if "'de'" in warning]
    assert warned.summary.text
    assert one(tiny_reader, CANAL).warnings == ()


@pytest.fixture(scope="module")
def calm_reader(tiny_checkpoint: Path) -> Reader:
    """Finds about as few names and claims as a trained network does."""
    reader = Reader.from_folder(tiny_checkpoint, name="calm")
    with torch.no_grad():
        reader.network.tagger.bias[::3] += 4
        reader.network.names.bias[0] += 5
    return reader


@pytest.mark.parametrize(
    "text",
    [
        ("the harbour is open and the ships sail on " * 2400)[:100_000],
        "a" * 100_000,
        (" ".join(PROSE) * 90)[:100_000],
    ],
    ids=["no full stop", "one word", "sentences"],
)
def test_a_hundred_thousand_characters(calm_reader: Reader, text: str) -> None:
    began = time.process_time()
    analysis = one(calm_reader, text)

    assert analysis.summary.coverage == 1.0
    assert analysis.summary.text
    assert time.process_time() - began < 20
    if " " in text:
        assert 9 < len(analysis.claims) < 3000
        assert analysis.claims[-1].content[0][0] > 90_000


def test_a_long_text_is_read_to_its_end(tiny_reader: Reader) -> None:
    """Nothing is cut: what stands behind many windows changes what is found there."""
    body = "\n".join(PROSE * 4)
    plain = one(tiny_reader, f"{body}\nRain fell.")
    other = one(tiny_reader, f"{body}\n{CANAL}")

    def far(analysis: Analysis) -> list[tuple[str, str]]:
        return [
            (claim.text, claim.stance)
            for claim in analysis.claims
            if claim.content[0][0] > len(body)
        ]

    assert len(far(other)) > 3
    assert far(plain) != far(other)
    early = [claim.text for claim in plain.claims if claim.content[-1][1] < len(body) // 2]
    assert len(early) > 9
    assert early == [c.text for c in other.claims if c.content[-1][1] < len(body) // 2]
