"""Every way a request can be wrong, and the one shape of the answer."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from starlette.types import Message

from service import create_app
from service.body import Wanted
from tests.service.conftest import settings, start
from tests.service.fakes import FakeModel

JSON = {"Content-Type": "application/json"}
ROUTES = ("/v1/summaries", "/v1/claims", "/v1/analyses")


def check_error(answer: Response, status: int, code: str, field: str | None = None) -> str:
    """The answer is an error of that kind in the one shape; returns its message."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json"
    assert set(answer.json()) == {"error"}
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "request_id"} | ({"field"} if field else set())
    assert (error["code"], error.get("field")) == (code, field)
    assert error["request_id"] == answer.headers["x-request-id"]
    assert "Traceback" not in error["message"]
    return str(error["message"])


def body(**fields: object) -> bytes:
    return json.dumps(fields).encode()


#: A body, and the status, code and field of its answer.
Refused = tuple[bytes, int, str, str | None]

BODIES: dict[str, Refused] = {
    "empty": (b"", 400, "invalid_json", None),
    "not JSON": (b"{", 400, "invalid_json", None),
    "two values": (b'{"text": "a"} {}', 400, "invalid_json", None),
    "not UTF-8": (b'{"text": "caf\xe9"}', 400, "not_utf8", None),
    "UTF-16": ('{"text": "a"}'.encode("utf-16"), 400, "not_utf8", None),
    "NaN": (b'{"text": "a", "max_words": NaN}', 400, "invalid_json", None),
    "infinity": (b'{"text": "a", "max_words": -Infinity}', 400, "invalid_json", None),
    "deep": (b'{"text": ' + b"[" * 20_000, 400, "invalid_json", None),
    "long number": (b'{"max_words": ' + b"1" * 5000 + b"}", 400, "invalid_json", None),
    "field twice": (b'{"text": "a", "text": "b"}', 400, "invalid_json", None),
    "null": (b"null", 422, "wrong_type", None),
    "list": (b"[]", 422, "wrong_type", None),
    "string": (b'"text"', 422, "wrong_type", None),
    "number": (b"1e999", 422, "wrong_type", None),
    "true": (b"true", 422, "wrong_type", None),
    "nothing": (b"{}", 422, "missing_field", "text"),
    "null text": (b'{"text": null}', 422, "wrong_type", "text"),
    "number text": (b'{"text": 7}', 422, "wrong_type", "text"),
    "bytes text": (b'{"text": [104, 105]}', 422, "wrong_type", "text"),
    "empty text": (b'{"text": ""}', 422, "empty_text", "text"),
    "blank text": (b'{"text": " \\n\\t\\u00a0"}', 422, "empty_text", "text"),
    "unknown field": (b'{"text": "a", "txet": "b"}', 422, "unknown_field", "txet"),
    "unknown half": (b'{"text": "a", "\\ud800": 1}', 422, "invalid_unicode", None),
    "half beside": (b'{"articles": [], "\\ud800": 1}', 422, "unknown_field", "?"),
    "half in text": (b'{"text": "a \\ud800"}', 422, "invalid_unicode", "text"),
    "half in title": (b'{"text": "a", "title": "\\udfff"}', 422, "invalid_unicode", "title"),
    "half in id": (b'{"text": "a", "id": "\\udfff"}', 422, "invalid_unicode", "id"),
    "long title": (body(text="a", title="t" * 2001), 422, "invalid_value", "title"),
    "long id": (body(text="a", id="t" * 1001), 422, "invalid_value", "id"),
    "number id": (b'{"text": "a", "id": 5}', 422, "wrong_type", "id"),
    "no words": (b'{"text": "a", "max_words": 0}', 422, "invalid_value", "max_words"),
    "too many words": (b'{"text": "a", "max_words": 1e9}', 422, "wrong_type", "max_words"),
    "word string": (b'{"text": "a", "max_words": "5"}', 422, "wrong_type", "max_words"),
    "word truth": (b'{"text": "a", "max_sentences": true}', 422, "wrong_type", "max_sentences"),
    "both": (b'{"text": "a", "articles": []}', 422, "text_and_articles", "articles"),
    "no list": (b'{"articles": {"text": "a"}}', 422, "wrong_type", "articles"),
    "null list": (b'{"articles": null}', 422, "wrong_type", "articles"),
    "empty list": (b'{"articles": []}', 422, "no_articles", "articles"),
    "too many": (body(articles=[{}] * 21), 422, "too_many_articles", "articles"),
    "beside": (b'{"articles": [{"text": "a"}], "max_words": 3}', 422, "unknown_field", "max_words"),
}  # fmt: skip


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("refused", BODIES.values(), ids=BODIES.keys())
def test_bodies(client: TestClient, route: str, refused: Refused) -> None:
    content, status, code, field = refused

    message = check_error(client.post(route, content=content, headers=JSON), status, code, field)

    assert message == message.strip() != ""
    assert (field or "") in message


def test_a_message_quotes_no_more_than_a_line(client: TestClient) -> None:
    answer = client.post("/v1/claims", json={"text": "a", "x" * 10_000: 1})

    error = answer.json()["error"]
    assert len(error["message"]) <= 300
    assert len(error["field"]) <= 300


def test_text_over_the_limit() -> None:
    with TestClient(create_app(settings(), model=FakeModel(max_characters=100))) as client:
        start(client)
        message = check_error(
            client.post("/v1/analyses", json={"text": "a" * 101}), 422, "text_too_long", "text"
        )
        assert client.post("/v1/analyses", json={"text": "a" * 100}).status_code == 200
    assert "100" in message


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "nonsense",
     "application/json; charset=latin-1", "application/jsonp"],
)  # fmt: skip
def test_not_json_by_its_own_word(client: TestClient, content_type: str) -> None:
    answer = client.post(
        "/v1/claims", content=b'{"text": "a"}', headers={"Content-Type": content_type}
    )

    assert "Content-Type: application/json" in check_error(answer, 415, "unsupported_media_type")


def test_no_content_type(client: TestClient) -> None:
    check_error(client.post("/v1/claims", content=b'{"text": "a"}'), 415, "unsupported_media_type")


@pytest.mark.parametrize(
    "content_type",
    ["application/json; charset=UTF-8", "Application/JSON", 'application/json; charset="utf8"'],
)
def test_json_in_other_words(client: TestClient, content_type: str) -> None:
    answer = client.post(
        "/v1/claims", content=b'{"text": "a"}', headers={"Content-Type": content_type}
    )

    assert answer.status_code == 200


def test_compressed(client: TestClient) -> None:
    answer = client.post(
        "/v1/claims", content=b"\x1f\x8b", headers=JSON | {"Content-Encoding": "gzip"}
    )

    check_error(answer, 415, "unsupported_encoding")


def test_too_large_a_body_by_its_own_word(client: TestClient) -> None:
    answer = client.post("/v1/claims", content=b" " * 50_001, headers=JSON)

    assert "50000" in check_error(answer, 413, "body_too_large")


def test_too_large_a_body_is_not_read_to_its_end(client: TestClient) -> None:
    received = 0
    sent: list[Message] = []

    async def receive() -> Message:
        nonlocal received
        received += 1
        assert received < 1000, "the body is read on and on"
        return {"type": "http.request", "body": b" " * 1000, "more_body": True}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/claims",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
    }
    assert client.portal is not None
    client.portal.call(client.app, scope, receive, send)

    assert sent[0]["status"] == 413
    assert b"body_too_large" in sent[1]["body"]
    assert received == 51


def test_a_body_at_the_limit(client: TestClient) -> None:
    body = b'{"text": "a"}'.ljust(50_000)

    assert client.post("/v1/claims", content=body, headers=JSON).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/v1",
        "/v1/claims/",
        "/page/",
        "/page/none.js",
        "/page/%00",
        "/page/..%2fapp.py",
        "/swagger/../app.py",
    ],
)
def test_nothing_there(client: TestClient, path: str) -> None:
    check_error(client.get(path), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/claims", "POST"),
        ("DELETE", "/v1/analyses", "POST"),
        ("POST", "/readyz", "GET"),
        ("OPTIONS", "/v1/summaries", "POST"),
        ("POST", "/page/page.js", "GET"),
        ("POST", "/metrics", "GET"),
    ],
)
def test_wrong_method(client: TestClient, method: str, path: str, allowed: str) -> None:
    answer = client.request(method, path)

    assert allowed in check_error(answer, 405, "method_not_allowed")
    assert allowed in answer.headers["allow"]


def test_the_service_fails(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    answer = client.post("/v1/analyses", json={"text": "A secret POISON."})

    message = check_error(answer, 500, "internal_error")
    assert "secret" not in message + caplog.text
    assert "RuntimeError in the model" in caplog.text


def test_a_bug_in_a_route(
    model: FakeModel, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(wanted: Wanted, _: object) -> None:
        raise LookupError(wanted.articles)

    with TestClient(create_app(settings(), model=model)) as client:
        start(client)
        monkeypatch.setattr("service.routes._in_place", broken)
        answer = client.post(
            "/v1/claims", json={"text": "a secret"}, headers={"X-Request-ID": "r-1"}
        )

    assert "secret" not in check_error(answer, 500, "internal_error") + caplog.text
    assert "LookupError in /v1/claims id=r-1" in caplog.text
