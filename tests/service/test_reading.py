"""The three routes that read articles, for one and for many."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from pipelines.article import Analysis, text_sha256
from pipelines.model import Model
from service import create_app
from tests.service.conftest import settings, start
from tests.service.fakes import FakeModel

ROUTES = ("/v1/summaries", "/v1/claims", "/v1/analyses")
COMMON = {"id", "title", "text_sha256", "model", "warnings"}
FIELDS = {
    "/v1/summaries": COMMON | {"summary"},
    "/v1/claims": COMMON | {"claims", "speakers"},
    "/v1/analyses": COMMON | {"summary", "claims", "speakers"},
}
TEXT = "Talks began. Varga said that trade grows. Brekke said that peace holds."


@pytest.mark.parametrize("route", ROUTES)
def test_one_article(client: TestClient, route: str) -> None:
    answer = client.post(route, json={"text": TEXT, "id": "a", "title": "T", "date": "2025-05-02"})

    assert answer.status_code == 200
    said = answer.json()
    assert set(said) == FIELDS[route]
    assert (said["id"], said["title"]) == ("a", "T")
    assert said["text_sha256"] == text_sha256(TEXT)
    assert said["model"] == {"name": "fake", "revision": "7"}


def test_an_analysis_is_the_contract(client: TestClient) -> None:
    analysis = Analysis.from_dict(client.post("/v1/analyses", json={"text": TEXT}).json())

    analysis.verify(TEXT)
    assert analysis.summary.text == "Talks began."
    assert [claim.text for claim in analysis.claims] == ["trade grows", "peace holds"]
    assert [claim.speaker.names for claim in analysis.claims] == [("Varga",), ("Brekke",)]


@pytest.mark.parametrize("route", ROUTES)
def test_many_articles_keep_their_order(client: TestClient, route: str) -> None:
    articles = [{"text": f"Number {i}.", "id": str(i)} for i in range(20)]

    answer = client.post(route, json={"articles": articles})

    assert answer.status_code == 200
    assert set(answer.json()) == {"results"}
    results = answer.json()["results"]
    assert [result["id"] for result in results] == [str(i) for i in range(20)]
    assert all(set(result) == FIELDS[route] for result in results)


def test_an_error_stands_in_the_place_of_a_bad_article(client: TestClient) -> None:
    articles: list[Any] = [
        {"text": "First."},
        {"text": "   "},
        {"text": "Third."},
        {"id": "no text"},
        {"text": "Fifth.", "colour": "red"},
        "bare",
        None,
        {"text": "Eighth \ud800."},
        {"text": "Ninth."},
    ]

    # the client's own encoder would refuse half a surrogate pair
    body = str(articles).replace("'", '"').replace("None", "null")
    answer = client.post(
        "/v1/analyses",
        content=f'{{"articles": {body}}}'.encode(),
        headers={"Content-Type": "application/json", "X-Request-ID": "mine"},
    )

    assert answer.status_code == 200
    results = answer.json()["results"]
    summaries = [result.get("summary", {}).get("text") for result in results]
    assert summaries == ["First.", None, "Third.", None, None, None, None, None, "Ninth."]
    errors = [result["error"] for result in results if "error" in result]
    assert [(error["code"], error.get("field")) for error in errors] == [
        ("empty_text", "text"),
        ("missing_field", "text"),
        ("unknown_field", "colour"),
        ("wrong_type", None),
        ("wrong_type", None),
        ("invalid_unicode", "text"),
    ]
    assert {error["request_id"] for error in errors} == {"mine"}


def test_all_articles_bad(client: TestClient, model: FakeModel) -> None:
    calls = len(model.calls)

    answer = client.post("/v1/claims", json={"articles": [{}, {}]})

    assert [result["error"]["code"] for result in answer.json()["results"]] == ["missing_field"] * 2
    assert len(model.calls) == calls


@pytest.mark.parametrize(
    "text",
    [
        "😀😀 said nothing. 😀 Ana said that 🇬🇪 flags 𝒻ly.",
        "\u200f\u202eAna said that \u2067שלום\u2069 holds\u202c.",
        "Ana said that e\u0301 is one letter.",
        "\x00\x07 Ana said that bells ring.\r\nNext.",
        "A",
        "Ana said that " + "x" * 5000,
    ],
    ids=["emoji", "right-to-left", "combining", "control", "one-letter", "no-full-stop"],
)
def test_offsets_count_code_points(client: TestClient, text: str) -> None:
    answer = client.post("/v1/analyses", json={"text": text})

    assert answer.status_code == 200
    Analysis.from_dict(answer.json(), text=text)


def test_escaped_surrogate_pairs_are_letters(client: TestClient) -> None:
    answer = client.post(
        "/v1/summaries",
        content=b'{"text": "\\ud83d\\ude00 smiles."}',
        headers={"Content-Type": "application/json"},
    )

    assert answer.json()["summary"]["text"] == "😀 smiles."


def test_same_in_same_out(client: TestClient) -> None:
    one, two = (client.post("/v1/analyses", json={"text": TEXT}).content for _ in range(2))

    assert one == two


def test_bounds_reach_the_model(client: TestClient) -> None:
    answer = client.post(
        "/v1/summaries", json={"text": TEXT, "max_words": 10, "max_sentences": 1, "id": None}
    )

    assert answer.status_code == 200


def test_the_embedded_model_behind_the_service(real_model: Model) -> None:
    with TestClient(create_app(settings(), model=real_model)) as client:
        start(client)
        answer = client.post("/v1/analyses", json={"text": TEXT})

    Analysis.from_dict(answer.json(), text=TEXT)
