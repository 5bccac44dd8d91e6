"""The contract on any input: spans show their fields, same input same output."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.article import Analysis
from pipelines.errors import ArticleError
from pipelines.model import load
from pipelines.reader import Reader
from tests.fixtures.prose import CANAL, FISHING, PROSE, TALKS

PIECES = st.sampled_from(
    "“ ” ‘ ’ ' \" 's . , … \n \r\n \u2028 \x00 \x1c \u200f \u202b \u0301 \u200d 🍵 👩‍🚀 é ﬁ İ ß 條 "
    "½ ≮ 각 \U0001d15e \ufeff the said that Ozols Riga U.S. minister The Blue".split(" ")
)
ARTICLES = st.one_of(
    st.text(st.characters(), max_size=200),
    st.lists(PIECES, max_size=60).map(" ".join),
    st.lists(PIECES, max_size=60).map("".join),
    st.tuples(st.sampled_from(PROSE), st.integers(0, 300), st.integers(20, 400)).map(
        lambda cut: cut[0][cut[1] : cut[1] + cut[2]]
    ),
)


def same(left: Any, right: Any) -> bool:
    """Equal, numbers up to what the packing of a batch does to float32."""
    if isinstance(left, float):
        return isinstance(right, float) and abs(left - right) <= 2e-4
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


@settings(max_examples=250)
@given(ARTICLES)
@example("a b 's ' c d '")
@example("Ana Reis,     , said so.")
@example("the the the 's the ’ the")
def test_every_span_shows_its_field(tiny_reader: Reader, text: str) -> None:
    (said,) = tiny_reader.analyse([text], errors="yield")

    if isinstance(said, ArticleError):
        blank = not text.strip()
        assert said.code == ("empty_text" if blank else "invalid_unicode")
        assert blank or any("\ud800" <= char <= "\udfff" for char in text)
        return
    said.verify(text)
    assert said.summary.text
    assert said.summary.text == " ".join(part.text for part in said.summary.sentences)
    for claim in said.claims:
        assert any(char.isalnum() for char in claim.text)
        assert claim.stance == max(claim.scores, key=lambda name: claim.scores[name])
        assert all(claim.speaker.names)
        assert {*claim.speaker.names} <= {speaker.name for speaker in said.speakers}
    assert Analysis.from_dict(json.loads(json.dumps(said.to_dict())), text=text) == said


@settings(max_examples=60)
@given(st.lists(ARTICLES, max_size=8))
def test_one_result_an_article_in_order(tiny_reader: Reader, texts: list[str]) -> None:
    rows = [{"id": str(i), "text": text} for i, text in enumerate(texts)]

    said = list(tiny_reader.analyse(rows, errors="yield"))

    ids = [item.article_id if isinstance(item, ArticleError) else item.id for item in said]
    assert ids == [str(i) for i in range(len(texts))]


@settings(max_examples=60)
@given(st.lists(ARTICLES, min_size=2, max_size=6))
def test_alone_or_in_company_an_article_reads_the_same(
    tiny_reader: Reader, texts: list[str]
) -> None:
    together = list(tiny_reader.analyse(texts, errors="yield"))

    for text, said in zip(texts, together, strict=True):
        (alone,) = tiny_reader.analyse([text], errors="yield")
        if isinstance(said, ArticleError) or isinstance(alone, ArticleError):
            assert str(said) == str(alone)
        else:
            assert same(alone.to_dict(), said.to_dict())


@pytest.mark.parametrize("text", PROSE)
def test_the_same_again(tiny_reader: Reader, tiny_checkpoint: Any, text: str) -> None:
    first, second = tiny_reader.analyse([text, text])
    (third,) = load(tiny_checkpoint).analyse([text])

    assert first == second
    assert same(first.to_dict(), third.to_dict())


@pytest.mark.parametrize(
    "mark", ["🍵", "\u200f", "\x07", "e\u0301", "👩‍🚀 ", "\ufeff", "\u202bא\u202c "]
)
def test_offsets_are_right_behind_any_character(tiny_reader: Reader, mark: str) -> None:
    text = f"{mark * 3}\n" + TALKS.replace("Ozols", f"Ozols{mark}")

    (said,) = tiny_reader.analyse([text])

    said.verify(text)
    assert len(said.claims) > 3
    for speaker in said.speakers:
        assert all(text[start:end].strip() for start, end in speaker.mentions)


def test_line_endings_move_offsets_and_nothing_else(tiny_reader: Reader) -> None:
    text = f"{CANAL}\n\n{FISHING}"
    unix, windows = tiny_reader.analyse([text, text.replace("\n", "\r\n")])

    assert [claim.text for claim in unix.claims] == [
        claim.text.replace("\r\n", "\n") for claim in windows.claims
    ]
    assert unix.summary.text == windows.summary.text
