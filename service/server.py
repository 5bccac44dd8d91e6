"""The server: listens, says where, and ends cleanly when it is told to."""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from pipelines.model import Model
from service.app import create_app
from service.examples import SHORT_TEXT
from service.logs import log_config
from service.metrics import MULTIPROCESS_VARIABLE
from service.settings import Settings, SettingsError, as_variables, read_settings

__all__ = ["main", "serve"]

OK, FAILED, WRONG_CALL = 0, 1, 2


def main() -> int:
    """Serve under the settings of the environment; returns the exit status."""
    try:
        settings = read_settings()
    except SettingsError as error:
        _say(f"attache: {error}")
        return WRONG_CALL
    return serve(settings)


def serve(settings: Settings | None = None, *, loader: Callable[[], Model] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit status.

    Requests under way are answered before it ends. ``loader`` stands in for the loading
    of the model that the settings name; a service of several processes has no use for it.
    """
    settings = read_settings() if settings is None else settings
    try:
        listener = _listen(settings)
    except OSError as error:
        _say(
            f"attache: cannot listen on {settings.host}:{settings.port} "
            f"({error.strerror or error}); choose another host or port"
        )
        return FAILED
    settings = settings.model_copy(update={"port": listener.getsockname()[1]})
    _say(f"Attaché listens on {_address(settings)} and loads its model …")
    if threading.current_thread() is threading.main_thread():
        # uvicorn ends cleanly on SIGTERM, then raises it again for whoever listened before
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    with listener:
        try:
            if settings.workers > 1:
                return _serve_many(settings, listener)
            return _serve_one(settings, listener, loader)
        except KeyboardInterrupt:
            return OK


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    return socket.create_server((settings.host, settings.port), family=family, backlog=2048)


def _serve_one(
    settings: Settings, listener: socket.socket, loader: Callable[[], Model] | None
) -> int:
    failures: list[str] = []

    def give_up(reason: str) -> None:
        failures.append(reason)
        server.should_exit = True

    app = create_app(
        settings,
        loader=loader,
        on_ready=lambda: _say_ready(settings),
        on_failure=give_up,
    )
    server = uvicorn.Server(_config(settings, app))
    server.run(sockets=[listener])
    return FAILED if failures else OK


def _serve_many(settings: Settings, listener: socket.socket) -> int:
    """A supervisor, and workers that have their settings from the environment."""
    os.environ.update(as_variables(settings))
    with tempfile.TemporaryDirectory(prefix="attache-") as shared:
        os.environ[MULTIPROCESS_VARIABLE] = shared
        try:
            supervisor = Multiprocess(
                _config(settings, "service.server:_worker"), sockets=[listener]
            )
            supervisor.run()
        finally:
            del os.environ[MULTIPROCESS_VARIABLE]
    gave_up = any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes)
    return FAILED if gave_up else OK


def _worker() -> FastAPI:
    """The application of one worker process."""
    settings = read_settings()

    def say_once() -> None:
        try:
            Path(os.environ[MULTIPROCESS_VARIABLE], "said").touch(exist_ok=False)
        except FileExistsError:
            return
        _say_ready(settings)

    # this status tells the supervisor that another try would fail in the same way
    return create_app(settings, on_ready=say_once, on_failure=lambda _: os._exit(STARTUP_FAILURE))


def _config(settings: Settings, app: FastAPI | str) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=settings.workers,
        lifespan="on",
        ws="none",
        log_config=log_config(settings.log_level),
        access_log=False,  # the service has its own, without the query
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=settings.shutdown_seconds,
        timeout_worker_healthcheck=60,  # the loading of torch leaves no time for an answer
    )


def _address(settings: Settings) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def _say_ready(settings: Settings) -> None:
    address = _address(settings)
    body = shlex.quote(json.dumps({"text": SHORT_TEXT}))
    _say(
        f"Attaché is ready: open {address}/ in a browser, {address}/docs for the interface, or\n"
        f"  curl -s {address}/v1/analyses -H 'Content-Type: application/json' -d {body}"
    )


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
