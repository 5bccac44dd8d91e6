"""One error shape for everything that goes wrong: code, message, field, request id."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from pipelines.errors import UNAVAILABLE, ArticleError

__all__ = [
    "ErrorBody",
    "ErrorDetail",
    "ServiceError",
    "error_json",
    "error_response",
    "internal_error",
    "on_http_exception",
    "on_service_error",
]

#: A message or field that quotes the request is cut to this many characters.
QUOTE_LIMIT = 300


class ErrorDetail(BaseModel):
    """What went wrong, for programs (``code``) and for people (``message``)."""

    model_config = ConfigDict(extra="forbid")

    code: str = Field(description="A stable word.")
    message: str = Field(description="A sentence that names the field and the way out.")
    field: str | None = Field(default=None, description="The field at fault, if there is one.")
    request_id: str = Field(description="The X-Request-ID of the answer.")


class ErrorBody(BaseModel):
    """The one shape of every error."""

    model_config = ConfigDict(extra="forbid")

    error: ErrorDetail


class ServiceError(Exception):
    """A request, or one article of it, that gets an error for an answer."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.field = field
        self.headers = headers

    @classmethod
    def of(cls, error: ArticleError) -> ServiceError:
        """The answer to a request whose only article cannot be read."""
        if error.code == UNAVAILABLE:  # the article is not at fault, the model behind us is
            return cls(503, error.code, error.message, headers={"Retry-After": "30"})
        return cls(422, error.code, error.message, field=error.field)


def internal_error() -> ServiceError:
    """Something broke here, not in the request; the log says what, under the request id."""
    return ServiceError(
        500,
        "internal_error",
        "the service failed on this; try again, and report the request id if it fails again",
    )


def error_json(error: ServiceError | ArticleError, request_id: str) -> bytes:
    """The error as JSON in UTF-8. What it quotes of the request may be anything at all."""
    detail = {"code": error.code, "message": _short(error.message)}
    if error.field is not None:
        detail["field"] = _short(error.field)
    detail["request_id"] = request_id
    text = json.dumps({"error": detail}, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")  # half a surrogate pair becomes "?"


def error_response(error: ServiceError, request_id: str) -> Response:
    """The error as an answer of its own."""
    return Response(
        error_json(error, request_id),
        status_code=error.status,
        headers=error.headers,
        media_type="application/json",
    )


async def on_service_error(request: Request, error: Exception) -> Response:
    """Starlette's hook for :class:`ServiceError`."""
    assert isinstance(error, ServiceError)  # noqa: S101 - registered for nothing else
    return error_response(error, request.state.request_id)


async def on_http_exception(request: Request, error: Exception) -> Response:
    """Starlette's hook for what its router and file server refuse."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    headers = error.headers
    if error.status_code == HTTPStatus.NOT_FOUND:
        code, message = "not_found", "there is nothing at this path; /docs lists what there is"
    elif error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = (headers or {}).get("Allow", "GET")
        code, message = "method_not_allowed", f"this path does not take this method; use {allowed}"
    else:
        code, message = f"http_{error.status_code}", error.detail
    refusal = ServiceError(error.status_code, code, message, headers=headers)
    return error_response(refusal, request.state.request_id)


def _short(quote: str) -> str:
    return quote if len(quote) <= QUOTE_LIMIT else quote[: QUOTE_LIMIT - 1] + "…"
