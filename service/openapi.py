"""The description of the interface, with worked examples."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from pipelines.article import Article
from service.errors import ErrorBody
from service.examples import ARTICLE, ERROR, READING, SHORT_TEXT
from service.schemas import ManyArticles
from service.settings import Settings

__all__ = ["READING_ERRORS", "describe", "readings", "request_body", "unavailable"]

ABOUT = """
Reads news of diplomacy and politics: what happened, and who said what, about whom, with
what stance.

Send one article (`text`, and if you like `title`, `date`, `id`, `max_words`,
`max_sentences`) or many (`articles`). Many are answered with one result each, in order;
an error stands in the place of an article that cannot be read, and its neighbours are
answered all the same. Every error has the same shape, and every answer an `X-Request-ID`:
yours, if you send one.
"""

JSON = "application/json"
REF = "#/components/schemas/{model}"


def request_body() -> dict[str, Any]:
    """The body of a reading request. It is checked by hand, article by article."""
    schema = {"anyOf": [{"$ref": REF.format(model=m)} for m in ("Article", "ManyArticles")]}
    examples = {
        "one": {"summary": "One article", "value": ARTICLE},
        "many": {
            "summary": "Many articles, the second of them without its text",
            "value": {"articles": [ARTICLE, {"id": "no-text"}]},
        },
        "short": {"summary": "Only a text", "value": {"text": SHORT_TEXT, "max_sentences": 1}},
    }
    content = {JSON: {"schema": schema, "examples": examples}}
    return {"requestBody": {"required": True, "content": content}}


def readings(one: type[BaseModel], many: type[BaseModel], left_out: frozenset[str]) -> Any:
    """The answer to a reading request."""
    reading = READING.model_dump(mode="json", exclude=set(left_out))
    examples = {
        "one": {"summary": "One article", "value": reading},
        "many": {
            "summary": "Many articles, the second of them without its text",
            "value": {"results": [reading, ERROR]},
        },
    }
    return {
        "model": one | many,
        "description": "The reading, or one result for each article.",
        "content": {JSON: {"examples": examples}},
    }


def _error(description: str, code: str, message: str) -> dict[str, Any]:
    detail = {"code": code, "message": message, "request_id": ERROR["error"]["request_id"]}
    return {
        "model": ErrorBody,
        "description": description,
        "content": {JSON: {"example": {"error": detail}}},
    }


def _with_retry(answer: dict[str, Any]) -> dict[str, Any]:
    retry = {"description": "Seconds to wait.", "schema": {"type": "integer"}}
    return answer | {"headers": {"Retry-After": retry}}


def unavailable(code: str) -> dict[str, Any]:
    """An answer of a service that is not there for readers now."""
    return _error("Not available.", code, "the model is being loaded; try again in a few seconds")


READING_ERRORS: dict[int | str, dict[str, Any]] = {
    400: _error("The body is not JSON in UTF-8.", "invalid_json", "the body is not JSON: …"),
    413: _error("The body is too large.", "body_too_large", "the body is larger than …"),
    415: _error(
        "The body is not said to be JSON.",
        "unsupported_media_type",
        "the body is not said to be JSON in UTF-8; send Content-Type: application/json",
    ),
    422: {
        "model": ErrorBody,
        "description": "A field is wrong, or the text cannot be read.",
        "content": {JSON: {"example": ERROR}},
    },
    429: _with_retry(_error("Too much is waiting.", "too_busy", "too much text is waiting …")),
    500: _error("The service failed.", "internal_error", "the service failed on this; …"),
    503: _with_retry(unavailable("loading")),
}


def describe(app: FastAPI, settings: Settings) -> dict[str, Any]:
    """The OpenAPI document of the application, under its settings' limits."""
    document = get_openapi(
        title="Attaché",
        version=app.version,
        description=ABOUT.strip(),
        routes=app.routes,
        tags=[
            {"name": "read", "description": "Have articles read."},
            {"name": "operate", "description": "How the service is."},
        ],
    )
    _, shapes = models_json_schema(
        [(Article, "validation"), (ManyArticles, "validation")], ref_template=REF
    )
    schemas = document["components"]["schemas"]
    schemas.update(shapes["$defs"])
    schemas["Article"]["properties"]["text"]["maxLength"] = settings.max_characters
    schemas["ManyArticles"]["properties"]["articles"]["maxItems"] = settings.max_articles
    return document
