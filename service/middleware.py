"""What stands around every request: its id, its log line and numbers, and a net below it.

All pure ASGI, so that a handler still sees its client hang up.
"""

from __future__ import annotations

import re
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import error_response, internal_error
from service.logs import log_failure, logger
from service.metrics import Metrics

__all__ = [
    "CatchEverything",
    "Observe",
    "RequestId",
    "SecurityHeaders",
]

REQUEST_ID = re.compile(r"[A-Za-z0-9._:=+/@-]{1,128}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})

#: For everything that is not a page, and so has nothing to load.
NOTHING = "default-src 'none'; frame-ancestors 'none'"


class RequestId:
    """Gives each request an id, the client's own if it sent a fit one, and sends it back."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-ID"] = request_id
            await send(message)

        await self.app(scope, receive, send_with_id)


class SecurityHeaders:
    """Tells browsers what an answer may do; a page brings its own, wider policy."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", NOTHING)
                headers.setdefault("Cache-Control", "no-store")
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                headers["Cross-Origin-Resource-Policy"] = "same-origin"
            await send(message)

        await self.app(scope, receive, send_with_headers)


class Observe:
    """One log line and one count a request: method, route, status, time; no path, no query."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status = "client_gone"

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        finally:
            seconds = time.perf_counter() - began
            method = scope["method"] if scope["method"] in METHODS else "other"
            route = _route(scope)
            self.metrics.requests.labels(method, route, status).inc()
            self.metrics.request_seconds.labels(route).observe(seconds)
            logger.info(
                "%s %s %s %.0f ms id=%s",
                method,
                route,
                status,
                seconds * 1000,
                scope["state"]["request_id"],
            )


class CatchEverything:
    """Answers an unforeseen error with a 500 in the one shape, and logs where it came from."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except ClientDisconnect:
            return  # nobody is left to answer
        except Exception as error:
            request_id = scope["state"]["request_id"]
            log_failure(error, where=_route(scope), request_id=request_id)
            if not started:
                await error_response(internal_error(), request_id)(scope, receive, send_and_note)


def _route(scope: Scope) -> str:
    """The route's pattern, never the path: a path can carry anything."""
    route = scope.get("route")
    if route is not None:
        return str(route.path)
    return scope.get("root_path") or "unmatched"
