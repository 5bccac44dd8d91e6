"""Values are immutable, their JSON goes both ways, and every span is checked."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from pydantic import ValidationError

from pipelines.article import Analysis, Article, Claim, Source, join_pieces, text_sha256
from pipelines.errors import ArticleError

TEXT = "Tea is ready. “Come in,” Ada Brook said, “and sit down.” Nobody moved. 🍵 cooled."


def at(words: str) -> list[int]:
    start = TEXT.index(words)
    return [start, start + len(words)]


def analysis() -> dict[str, Any]:
    return {
        "id": "tea-1",
        "title": "Tea",
        "text_sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
        "summary": {
            "text": "Tea is ready. 🍵 cooled.",
            "sentences": [
                {"text": "Tea is ready.", "span": at("Tea is ready."), "score": 0.75},
                {"text": "🍵 cooled.", "span": at("🍵 cooled."), "score": 0.5},
            ],
            "coverage": 1.0,
        },
        "claims": [
            {
                "text": "Come in … and sit down",
                "content": [at("Come in"), at("and sit down")],
                "cue": [at("said")],
                "speaker": {"mention": [at("Ada Brook")], "names": ["Ada Brook"]},
                "stance": "demand",
                "also": ["threat"],
                "scores": {"demand": 0.5, "threat": 0.25},
                "confidence": 0.5,
                "polarity": "neutral",
                "targets": ["guests"],
                "threat_from": "speaker",
            }
        ],
        "speakers": [{"name": "Ada Brook", "role": "host", "mentions": [at("Ada Brook")]}],
        "model": {"name": "hand", "revision": "1"},
        "warnings": ["language: it looks like tea"],
    }


def put(data: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """``data`` with ``value`` at ``path``, whose steps are keys and indices."""
    *steps, last = path.split(".")
    here: Any = data
    for step in steps:
        here = here[int(step) if step.isdigit() else step]
    here[int(last) if last.isdigit() else last] = value
    return data


def test_json_goes_both_ways() -> None:
    read = Analysis.from_dict(json.loads(json.dumps(analysis())), text=TEXT)

    assert read.to_dict() == analysis()
    assert Analysis.from_dict(read.to_dict()) == read
    assert read.claims[0].content == ((15, 22), (42, 54))


def test_what_is_left_out_takes_its_default() -> None:
    bare = {key: analysis()[key] for key in ("text_sha256", "summary", "model")}

    said = Analysis.from_dict(bare).to_dict()

    assert (said["id"], said["title"], said["claims"], said["warnings"]) == (None, None, [], [])


@pytest.mark.parametrize(
    ("path", "span"),
    [
        ("claims.0.content", [5, 5]),
        ("claims.0.content", [9, 5]),
        ("claims.0.cue", [4, 4]),
        ("claims.0.speaker.mention", [8, 2]),
        ("speakers.0.mentions", [3, 3]),
    ],
)
def test_an_empty_or_reversed_span_is_refused(path: str, span: list[int]) -> None:
    with pytest.raises(ValidationError, match=f"{path.rsplit('.', 1)[-1]}: span .* is empty"):
        Analysis.from_dict(put(analysis(), path, [span]))


@pytest.mark.parametrize(
    "path", ["claims.0.content", "claims.0.cue", "claims.0.speaker.mention", "speakers.0.mentions"]
)
@pytest.mark.parametrize("spans", [[[0, 5], [4, 8]], [[6, 8], [0, 3]]])
def test_spans_that_overlap_or_go_back_are_refused(path: str, spans: list[list[int]]) -> None:
    with pytest.raises(ValidationError, match=f"{path.rsplit('.', 1)[-1]}: span .* overlaps"):
        Analysis.from_dict(put(analysis(), path, spans))


def test_spans_may_touch() -> None:
    data = put(analysis(), "claims.0.cue", [[0, 3], [3, 6]])

    assert Analysis.from_dict(data).claims[0].cue == ((0, 3), (3, 6))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("claims.0.content", []),
        ("claims.0.content.0", [-1, 4]),
        ("claims.0.content.0", [1]),
        ("claims.0.speaker.names", [""]),
        ("claims.0.stance", ""),
        ("claims.0.polarity", "lukewarm"),
        ("claims.0.confidence", 1.5),
        ("claims.0.confidence", float("nan")),
        ("claims.0.scores", {"demand": -0.1}),
        ("claims.0.targets", [""]),
        ("claims.0.threat_from", "nobody"),
        ("summary.coverage", 2.0),
        ("summary.sentences.0.span", [-3, 4]),
        ("text_sha256", "abc"),
        ("model", {"name": "hand"}),
        ("colour", "red"),
        ("claims.0.colour", "red"),
    ],
)
def test_a_value_that_cannot_be_is_refused(path: str, value: object) -> None:
    with pytest.raises(ValidationError) as caught:
        Analysis.from_dict(put(analysis(), path, value))

    loc = [str(part) for part in caught.value.errors()[0]["loc"] if part != "extracted"]
    said = ".".join(loc)
    assert said.startswith(path) or said.startswith(f"{path}.")


def test_only_a_threat_has_an_origin() -> None:
    data = put(analysis(), "claims.0.also", [])

    with pytest.raises(ValidationError, match="threat_from: only a claim with stance threat"):
        Analysis.from_dict(data)


def test_verify_accepts_the_text_itself() -> None:
    Analysis.from_dict(analysis()).verify(TEXT)


def test_verify_refuses_another_text() -> None:
    with pytest.raises(ValueError, match="text_sha256: the text is not the one"):
        Analysis.from_dict(analysis(), text=TEXT + " ")


@pytest.mark.parametrize(
    "path", ["claims.0.content", "claims.0.cue", "claims.0.speaker.mention", "speakers.0.mentions"]
)
def test_verify_refuses_a_span_outside(path: str) -> None:
    data = put(analysis(), path, [[len(TEXT) - 1, len(TEXT) + 1]])
    shown = path.replace("s.0", "s[0]")

    with pytest.raises(ValueError, match="is outside a text of") as caught:
        Analysis.from_dict(data).verify(TEXT)

    assert str(caught.value).startswith(shown)


def test_verify_refuses_a_summary_span_outside() -> None:
    data = put(analysis(), "summary.sentences.1.span", [70, len(TEXT) + 5])

    with pytest.raises(ValueError, match=r"summary\.sentences\[1\]\.span: .* is outside"):
        Analysis.from_dict(data).verify(TEXT)


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("summary.sentences.0.span", [0, 12], r"summary\.sentences\[0\]\.text"),
        ("summary.sentences.1.text", "🍵 cooled", r"summary\.sentences\[1\]\.text"),
        ("claims.0.text", "Come in and sit down", r"claims\[0\]\.text"),
        ("claims.0.content", [[15, 22]], r"claims\[0\]\.text"),
    ],
)
def test_verify_refuses_a_field_that_its_span_does_not_show(
    path: str, value: object, field: str
) -> None:
    with pytest.raises(ValueError, match=f"{field}: differs from the text"):
        Analysis.from_dict(put(analysis(), path, value), text=TEXT)


def test_values_do_not_change() -> None:
    read = Analysis.from_dict(analysis())

    for value, name in ((read, "claims"), (read.summary, "text"), (read.claims[0], "stance")):
        with pytest.raises(ValidationError, match="frozen"):
            setattr(value, name, "other")
    with pytest.raises(ValidationError, match="frozen"):
        Article(text="Tea.").text = "Coffee."  # type: ignore[misc]
    assert isinstance(read.claims, tuple)


def test_pieces_are_joined_in_order() -> None:
    assert join_pieces("abcdef", [(0, 2), (4, 6)]) == "ab … ef"
    assert join_pieces("abcdef", [(1, 3)]) == "bc"


def test_the_hash_is_of_utf_8_and_takes_any_text() -> None:
    assert text_sha256("é") == hashlib.sha256(b"\xc3\xa9").hexdigest()
    assert text_sha256("\ud800") != text_sha256("\ud801")


def test_coerce_takes_an_article_its_fields_or_bare_text() -> None:
    article = Article(text="Tea.", id="a", max_words=5)

    assert Article.coerce(article) is article
    assert Article.coerce({"text": "Tea.", "id": "a", "max_words": 5}) == article
    assert Article.coerce("Tea.") == Article(text="Tea.")


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({}, "missing_field", "text"),
        ({"text": None}, "wrong_type", "text"),
        ({"text": 5}, "wrong_type", "text"),
        ({"text": b"bytes"}, "wrong_type", "text"),
        ({"text": "x", "colour": "red"}, "unknown_field", "colour"),
        ({"text": "x", "title": 5}, "wrong_type", "title"),
        ({"text": "x", "id": ["a"]}, "wrong_type", "id"),
        ({"text": "x", "id": "i" * 1001}, "invalid_value", "id"),
        ({"text": "x", "title": "t" * 2001}, "invalid_value", "title"),
        ({"text": "x", "date": "d" * 101}, "invalid_value", "date"),
        ({"text": "x", "max_words": 0}, "invalid_value", "max_words"),
        ({"text": "x", "max_words": "5"}, "wrong_type", "max_words"),
        ({"text": "x", "max_words": True}, "wrong_type", "max_words"),
        ({"text": "x", "max_sentences": 1001}, "invalid_value", "max_sentences"),
    ],
)
def test_coerce_names_the_field_that_is_wrong(given: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(ArticleError) as caught:
        Article.coerce(given)

    assert (caught.value.code, caught.value.field) == (code, field)
    assert str(caught.value).startswith(field)
    assert caught.value.message == str(caught.value)


@pytest.mark.parametrize("given", [5, None, ["text"], b"text"])
def test_coerce_refuses_what_is_no_article(given: Any) -> None:
    with pytest.raises(ArticleError, match=type(given).__name__) as caught:
        Article.coerce(given)

    assert caught.value.code == "invalid_article"


def test_an_error_carries_the_id_of_its_article() -> None:
    with pytest.raises(ArticleError) as caught:
        Article.coerce({"id": "a7", "txt": "x"})
    assert caught.value.article_id == "a7"

    with pytest.raises(ArticleError) as caught:
        Article.coerce({"id": 7, "text": "x"})
    assert caught.value.article_id is None


def test_a_claim_needs_no_speaker() -> None:
    claim = Claim(text="x", content=((0, 1),), stance="statement", confidence=0.5)

    assert claim.speaker == Source(mention=(), names=())
    assert (claim.polarity, claim.targets, claim.threat_from) == ("neutral", (), None)
