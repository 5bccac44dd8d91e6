"""How the service is: health, readiness, models, numbers, request ids, log."""

from __future__ import annotations

import logging
import threading

import pytest
from fastapi.testclient import TestClient

from pipelines.errors import ModelError
from pipelines.model import Model
from service import create_app
from tests.service.conftest import settings, start, wait_until
from tests.service.fakes import FakeModel


def test_before_and_after_ready(model: FakeModel) -> None:
    model.go_on.clear()  # the self-test waits
    with TestClient(create_app(settings(), model=model)) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        for answer in (
            client.get("/readyz"),
            client.post("/v1/claims", json={"text": "a"}),
            client.post("/v1/analyses", content=b"not read at all"),
        ):
            assert answer.status_code == 503
            assert answer.json()["error"]["code"] == "loading"
            assert int(answer.headers["retry-after"]) > 0
        assert client.get("/v1/models").json() == {
            "models": [{"name": "default", "revision": None, "state": "loading"}]
        }
        assert "attache_ready 0.0" in client.get("/metrics").text

        model.go_on.set()
        start(client)

        assert len(model.calls) == 1, "ready without a reading"
        assert client.get("/readyz").json() == {
            "status": "ready",
            "model": {"name": "fake", "revision": "7"},
        }
        assert client.get("/v1/models").json() == {
            "models": [{"name": "fake", "revision": "7", "state": "ready"}]
        }
        assert client.post("/v1/claims", json={"text": "a"}).status_code == 200
    assert client.app is not None


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/", "/docs", "/page/page.css"])
def test_head(client: TestClient, path: str) -> None:
    answer = client.head(path)

    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ModelError("no model 'x': give 'default'"), "no model 'x': give 'default'"),
        (RuntimeError("a secret"), "self-test"),
    ],
)
def test_a_model_that_cannot_be_loaded(
    error: Exception, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    reasons: list[str] = []

    def loader() -> Model:
        raise error

    app = create_app(settings(), loader=loader, on_failure=reasons.append)
    with TestClient(app) as client:
        wait_until(lambda: bool(reasons))
        answer = client.get("/readyz")

        assert answer.status_code == 503
        assert answer.json()["error"]["code"] == "model_failed"
        assert said in answer.json()["error"]["message"]
        assert client.get("/healthz").status_code == 200
        assert client.get("/v1/models").json()["models"][0]["state"] == "failed"
    assert said in reasons[0]
    assert "secret" not in caplog.text


def test_a_dead_loop_is_not_healthy(model: FakeModel, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(settings(), model=model)
    with TestClient(app) as client:
        start(client)
        task = app.state.service.engine._task
        assert client.portal is not None
        client.portal.call(task.cancel)

        wait_until(lambda: client.get("/healthz").status_code == 503)
        assert client.get("/healthz").json()["error"]["code"] == "dead"


def test_numbers(client: TestClient) -> None:
    client.post("/v1/claims", json={"articles": [{"text": "a"}, {"text": " "}, {"text": "b"}]})
    client.get("/nothing?q=here")
    client.request("BREW", "/v1/claims")

    answer = client.get("/metrics")

    assert answer.headers["content-type"].startswith("text/plain; version=")
    lines = set(answer.text.splitlines())
    assert {
        'attache_http_requests_total{method="POST",route="/v1/claims",status="200"} 1.0',
        'attache_http_requests_total{method="GET",route="unmatched",status="404"} 1.0',
        'attache_http_requests_total{method="other",route="/v1/claims",status="405"} 1.0',
        'attache_http_request_seconds_count{route="/v1/claims"} 2.0',
        'attache_articles_total{outcome="analysed"} 2.0',
        'attache_articles_total{outcome="empty_text"} 1.0',
        "attache_read_seconds_count 1.0",
        "attache_queue_characters 0.0",
        "attache_ready 1.0",
        'attache_model{name="fake",revision="7"} 1.0',
    } <= lines
    assert any(line.startswith("process_resident_memory_bytes ") for line in lines)


@pytest.mark.parametrize("given", ["abc", "A-1_b.c:d=e+f/g@h", "x" * 128])
def test_a_request_id_comes_back(client: TestClient, given: str) -> None:
    for path in ("/healthz", "/nothing", "/"):
        answer = client.get(path, headers={"X-Request-ID": given})
        assert answer.headers["x-request-id"] == given


@pytest.mark.parametrize("given", [None, "", "a b", "x" * 129, "ä", 'a"b', "a\tb"])
def test_an_unfit_request_id_is_replaced(client: TestClient, given: str | None) -> None:
    headers = {} if given is None else {b"X-Request-ID": given.encode("latin-1")}
    ids = {client.get("/healthz", headers=headers).headers["x-request-id"] for _ in range(2)}

    assert len(ids) == 2
    assert all(len(one) == 32 and one.isalnum() for one in ids)


def test_security_headers(client: TestClient) -> None:
    for answer in (client.get("/healthz"), client.get("/nothing"), client.get("/")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "access-control-allow-origin" not in answer.headers


def test_the_log_has_no_text(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client.headers["X-Request-ID"] = "r-2"

    client.post("/v1/claims", json={"text": "A secret.", "title": "secret", "id": "secret"})
    client.post("/v1/claims?text=secret", json={"text": "A secret.", "secret": 1})
    client.post("/v1/secret", content=b"secret")
    client.post("/v1/claims", content=b"{secret", headers={"Content-Type": "application/json"})
    client.post("/v1/claims", json={"articles": [{"text": "secret POISON"}, {"text": "secret"}]})

    assert "INFO POST /v1/claims 200" in "\n".join(
        f"{record.levelname} {record.getMessage()}" for record in caplog.records
    )
    ours = [record for record in caplog.records if record.name.startswith("attache")]
    assert len([record for record in ours if "id=r-2" in record.getMessage()]) == 5
    assert not any("secret" in record.getMessage() for record in ours)


def test_two_applications_share_nothing(client: TestClient) -> None:
    with TestClient(create_app(settings(), model=FakeModel())) as other:
        start(other)
        client.post("/v1/claims", json={"text": "a"})

        assert 'outcome="analysed"' in client.get("/metrics").text
        assert 'outcome="analysed"' not in other.get("/metrics").text


def test_a_stop_leaves_no_thread() -> None:
    with TestClient(create_app(settings(), model=FakeModel())) as client:
        start(client)

    wait_until(lambda: not any("attache-model" in t.name for t in threading.enumerate()))
