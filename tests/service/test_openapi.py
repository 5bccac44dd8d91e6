"""The description tells the truth."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator

from pipelines.article import Analysis
from service.examples import READING, TEXT

ROUTES = ("/v1/summaries", "/v1/claims", "/v1/analyses")


@pytest.fixture
def document(client: TestClient) -> dict[str, Any]:
    answer = client.get("/openapi.json")
    assert answer.status_code == 200
    described: dict[str, Any] = answer.json()
    return described


def validator(document: dict[str, Any], schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": document["components"]})


def content(part: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = part["content"]["application/json"]
    return found


def test_every_route_is_described(document: dict[str, Any]) -> None:
    assert set(document["paths"]) == {*ROUTES, "/healthz", "/readyz", "/metrics", "/v1/models"}
    for route in ROUTES:
        statuses = set(document["paths"][route]["post"]["responses"])
        assert statuses == {"200", "400", "413", "415", "422", "429", "500", "503"}


def test_limits_are_those_of_the_settings(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]

    assert schemas["Article"]["properties"]["text"]["maxLength"] == 200_000
    assert schemas["ManyArticles"]["properties"]["articles"]["maxItems"] == 20
    assert schemas["Article"]["additionalProperties"] is False


@pytest.mark.parametrize("route", ROUTES)
def test_request_examples_are_answered_as_described(
    client: TestClient, document: dict[str, Any], route: str
) -> None:
    operation = document["paths"][route]["post"]
    request = content(operation["requestBody"])
    answers = validator(document, content(operation["responses"]["200"])["schema"])
    assert set(request["examples"]) == {"one", "many", "short"}

    for example in request["examples"].values():
        answer = client.post(route, json=example["value"])

        assert answer.status_code == 200
        answers.validate(answer.json())
    validator(document, request["schema"]).validate(request["examples"]["one"]["value"])
    assert not validator(document, request["schema"]).is_valid({"text": "a", "more": 1})


@pytest.mark.parametrize("route", ROUTES)
def test_answer_examples_fit_their_schemas(document: dict[str, Any], route: str) -> None:
    for answer in document["paths"][route]["post"]["responses"].values():
        part = content(answer)
        examples = [one["value"] for one in part.get("examples", {}).values()]
        for example in examples or [part["example"]]:
            validator(document, part["schema"]).validate(example)


def test_errors_are_as_described(client: TestClient, document: dict[str, Any]) -> None:
    operation = document["paths"]["/v1/claims"]["post"]
    for answer in (
        client.post("/v1/claims", json={}),
        client.post("/v1/claims", content=b"{", headers={"Content-Type": "application/json"}),
        client.post("/v1/claims", content=b"{}"),
    ):
        schema = content(operation["responses"][str(answer.status_code)])["schema"]
        validator(document, schema).validate(answer.json())


def test_the_worked_example_is_true() -> None:
    READING.verify(TEXT)
    assert Analysis.from_dict(READING.to_dict()) == READING
    for claim in READING.claims:
        assert all(TEXT[slice(*span)] in ("thanked", "warned") for span in claim.cue)
        assert all(TEXT[slice(*span)] in ("Varga", "Brekke") for span in claim.speaker.mention)
    for speaker in READING.speakers:
        for start, end in speaker.mentions:
            assert TEXT[start:end] in speaker.name


@pytest.mark.parametrize(("path", "name"), [("/readyz", "Readiness"), ("/healthz", "Health"),
                                            ("/v1/models", "Models")])  # fmt: skip
def test_operating_answers_are_as_described(
    client: TestClient, document: dict[str, Any], path: str, name: str
) -> None:
    schema = content(document["paths"][path]["get"]["responses"]["200"])["schema"]

    assert schema == {"$ref": f"#/components/schemas/{name}"}
    validator(document, schema).validate(client.get(path).json())
