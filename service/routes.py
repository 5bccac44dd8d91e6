"""The routes of the interface: three ways to have articles read, and how the service is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from pipelines.article import Analysis, Article
from service.body import Wanted, read_articles
from service.engine import Engine, Outcome
from service.errors import ServiceError, error_json
from service.metrics import CONTENT_TYPE, Metrics
from service.openapi import READING_ERRORS, readings, request_body, unavailable
from service.schemas import (
    AnalysisResults,
    ClaimsReading,
    ClaimsResults,
    Health,
    Models,
    Readiness,
    ServedModel,
    SummaryReading,
    SummaryResults,
)
from service.settings import Settings

__all__ = ["Service", "router"]

#: What each route leaves out of the analysis.
WITHOUT_CLAIMS = frozenset({"claims", "speakers"})
WITHOUT_SUMMARY = frozenset({"summary"})
WHOLE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Service:
    """What the routes need, kept in the application's state."""

    settings: Settings
    engine: Engine
    metrics: Metrics


router = APIRouter()


@router.post(
    "/v1/summaries",
    tags=["read"],
    summary="Summarise one article or many",
    responses={200: readings(SummaryReading, SummaryResults, WITHOUT_CLAIMS), **READING_ERRORS},
    openapi_extra=request_body(),
)
async def summaries(request: Request) -> Response:
    """The summary alone, within `max_words` and `max_sentences`."""
    return await _read(request, WITHOUT_CLAIMS)


@router.post(
    "/v1/claims",
    tags=["read"],
    summary="Find the claims of one article or many",
    responses={200: readings(ClaimsReading, ClaimsResults, WITHOUT_SUMMARY), **READING_ERRORS},
    openapi_extra=request_body(),
)
async def claims(request: Request) -> Response:
    """Who says what, with what stance, about whom.

    Spans count Unicode code points of the text as sent, end exclusive.
    """
    return await _read(request, WITHOUT_SUMMARY)


@router.post(
    "/v1/analyses",
    tags=["read"],
    summary="Read one article or many: summary, claims and speakers",
    responses={200: readings(Analysis, AnalysisResults, WHOLE), **READING_ERRORS},
    openapi_extra=request_body(),
)
async def analyses(request: Request) -> Response:
    """Everything that one reading yields."""
    return await _read(request, WHOLE)


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz", tags=["operate"], summary="Alive?", responses={503: unavailable("dead")})
async def healthz(request: Request) -> Health:
    """Whether the process is alive; when it is not, restart it."""
    if not _service(request).engine.alive:
        raise ServiceError(503, "dead", "the service no longer reads articles; restart it")
    return Health(status="ok")


@router.head("/readyz", include_in_schema=False)
@router.get("/readyz", tags=["operate"], summary="Ready?", responses={503: unavailable("loading")})
async def readyz(request: Request) -> Readiness:
    """Whether articles are taken: the model is loaded and has read a sentence in earnest."""
    return Readiness(status="ready", model=_service(request).engine.ready_model())


@router.get("/v1/models", tags=["operate"], summary="Which model?")
async def models(request: Request) -> Models:
    """The models that this service reads with."""
    service = _service(request)
    identity = service.engine.identity
    given = service.settings.model
    name = identity.name if identity else Path(given).name if Path(given).is_dir() else given
    revision = identity.revision if identity else None
    return Models(models=(ServedModel(name=name, revision=revision, state=service.engine.state),))


@router.get("/metrics", tags=["operate"], summary="Numbers", response_class=PlainTextResponse)
async def metrics(request: Request) -> Response:
    """Counts, times and sizes in Prometheus's text format."""
    return Response(_service(request).metrics.text(), media_type=CONTENT_TYPE)


def _service(request: Request) -> Service:
    service = request.app.state.service
    assert isinstance(service, Service)  # noqa: S101 - for the type checker
    return service


async def _read(request: Request, left_out: frozenset[str]) -> Response:
    service = _service(request)
    settings = service.settings
    service.engine.ready_model()
    wanted = await read_articles(
        request, max_bytes=settings.max_body_bytes, max_articles=settings.max_articles
    )
    articles = [article for article in wanted.articles if isinstance(article, Article)]
    outcomes = _in_place(wanted, await service.engine.read(articles))
    if not wanted.many:
        (outcome,) = outcomes
        if not isinstance(outcome, Analysis):
            raise outcome if isinstance(outcome, ServiceError) else ServiceError.of(outcome)
        return _json(_view(outcome, left_out))
    request_id = request.state.request_id
    results = [
        _view(outcome, left_out)
        if isinstance(outcome, Analysis)
        else error_json(outcome, request_id)
        for outcome in outcomes
    ]
    return _json(b'{"results":[' + b",".join(results) + b"]}")


def _in_place(wanted: Wanted, read: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes of what could be read, between the errors of what could not."""
    outcomes = iter(read)
    return [next(outcomes) if isinstance(a, Article) else a for a in wanted.articles]


def _view(analysis: Analysis, left_out: frozenset[str]) -> bytes:
    return analysis.model_dump_json(exclude=set(left_out)).encode()


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json")
