"""Whatever comes in: never a 5xx, always the one shape, the log silent about it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.article import Analysis, text_sha256
from service import create_app
from tests.service import conftest
from tests.service.fakes import FakeModel

ROUTES = st.sampled_from(["/v1/summaries", "/v1/claims", "/v1/analyses"])
LETTERS = st.text(st.characters(codec=None), max_size=40)  # halves of pairs too
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | LETTERS
JSON_VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(LETTERS, inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    ["text", "title", "id", "date", "max_words", "max_sentences", "articles", "other"]
)
NEAR_ARTICLES = st.dictionaries(FIELDS, LETTERS | st.integers(-2, 50) | JSON_VALUES, max_size=5)
NEAR_REQUESTS = NEAR_ARTICLES | st.fixed_dictionaries(
    {"articles": st.lists(NEAR_ARTICLES | JSON_VALUES, max_size=6)}
)
FUZZ = settings(
    max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(create_app(conftest.settings(), model=FakeModel())) as client:
        conftest.start(client)
        yield client


def check(answer: Response) -> None:
    """An answer of ours: 200 with one result an article, or an error in the one shape."""
    assert answer.status_code in (200, 400, 413, 415, 422)
    said = answer.json()
    for item in said.get("results", [said]):
        if "error" in item:
            error = item["error"]
            assert set(item) == {"error"}
            assert {"code", "message", "request_id"} <= set(error)
            assert set(error) <= {"code", "message", "field", "request_id"}
            assert error["code"] != "internal_error"
            assert error["message"].strip()
            assert error["request_id"] == answer.headers["x-request-id"]
        else:
            assert len(item["text_sha256"]) == 64
    assert ("error" in said) == (answer.status_code != 200)


def post(client: TestClient, route: str, body: bytes) -> Response:
    return client.post(route, content=body, headers={"Content-Type": "application/json"})


@FUZZ
@given(route=ROUTES, body=st.binary(max_size=200))
def test_any_bytes(client: TestClient, route: str, body: bytes) -> None:
    check(post(client, route, body))


@FUZZ
@given(route=ROUTES, value=JSON_VALUES)
def test_any_json(client: TestClient, route: str, value: Any) -> None:
    check(post(client, route, json.dumps(value).encode()))


@FUZZ
@given(route=ROUTES, value=NEAR_REQUESTS)
def test_almost_a_request(client: TestClient, route: str, value: dict[str, Any]) -> None:
    answer = post(client, route, json.dumps(value).encode())

    check(answer)
    if answer.status_code == 200 and "articles" in value:
        assert len(answer.json()["results"]) == len(value["articles"])


@FUZZ
@given(text=st.text(st.characters(codec="utf-8"), max_size=200), words=st.booleans())
def test_any_text(client: TestClient, text: str, words: bool) -> None:
    text = f"😀 {text} Ana said that {text} holds." if words else text
    answer = post(client, "/v1/analyses", json.dumps({"text": text}).encode())

    check(answer)
    if answer.status_code == 200:
        Analysis.from_dict(answer.json(), text=text)
        assert answer.json()["text_sha256"] == text_sha256(text)


@FUZZ
@given(
    path=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30),
    method=st.sampled_from(["GET", "POST", "PUT", "HEAD", "OPTIONS", "X"]),
    request_id=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=140),
)
def test_any_path(client: TestClient, path: str, method: str, request_id: str) -> None:
    headers = {"X-Request-ID": request_id}

    answer = client.request(method, f"http://testserver/{path}", headers=headers)

    assert answer.status_code in (200, 304, 404, 405, 415)
    assert answer.headers["x-request-id"]
    if answer.status_code >= 400 and method != "HEAD":
        assert answer.json()["error"]["request_id"] == answer.headers["x-request-id"]
