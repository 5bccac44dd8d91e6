"""The application, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

import pipelines
from pipelines.model import Model
from service import pages
from service.engine import Engine
from service.errors import ServiceError, on_http_exception, on_service_error
from service.metrics import Metrics
from service.middleware import CatchEverything, Observe, RequestId, SecurityHeaders
from service.openapi import describe
from service.routes import Service, router
from service.settings import Settings, read_settings

__all__ = ["create_app"]


def create_app(
    settings: Settings | None = None,
    *,
    model: Model | None = None,
    loader: Callable[[], Model] | None = None,
    on_ready: Callable[[], None] | None = None,
    on_failure: Callable[[str], None] | None = None,
) -> FastAPI:
    """The service as an ASGI application.

    It reads with ``model``, or with what ``loader`` returns, or with the model that the
    settings name; loading begins when the application starts. ``on_failure`` is told why
    when the model cannot be loaded. Without ``settings`` those of the environment hold.
    """
    settings = read_settings() if settings is None else settings
    metrics = Metrics()
    engine = Engine(
        loader or _loader(settings, model),
        max_queue_characters=settings.max_queue_characters,
        metrics=metrics,
        on_ready=on_ready,
        on_failure=on_failure,
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await engine.start()
        yield
        await engine.stop()

    app = FastAPI(
        title="Attaché",
        version=pipelines.__version__,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        middleware=[
            Middleware(RequestId),
            Middleware(SecurityHeaders),
            Middleware(Observe, metrics=metrics),
            Middleware(CatchEverything),
        ],
        exception_handlers={
            ServiceError: on_service_error,
            HTTPException: on_http_exception,
        },
    )
    app.state.service = Service(settings, engine, metrics)
    app.include_router(router)
    app.include_router(pages.router)
    app.router.routes.extend(pages.assets())
    _describe_with(app, settings)
    return app


def _loader(settings: Settings, model: Model | None) -> Callable[[], Model]:
    if model is not None:
        return lambda: model
    return lambda: pipelines.load(
        settings.model,
        summary=settings.summary,
        claims=settings.claims,
        stance=settings.stance,
        settings=pipelines.StageSettings(
            strict=settings.strict,
            offline=settings.offline,
            chat_url=settings.chat_url,
            chat_key=settings.chat_key.get_secret_value(),
            chat_timeout=settings.chat_timeout,
            chat_retries=settings.chat_retries,
            chat_concurrency=settings.chat_concurrency,
        ),
        max_characters=settings.max_characters,
        max_words=settings.max_words,
        max_sentences=settings.max_sentences,
    )


def _describe_with(app: FastAPI, settings: Settings) -> None:
    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(app, settings)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign] # FastAPI's documented way
