"""What a person sees in a browser: the page at ``/`` and the documentation at ``/docs``.

Everything is served from here. Swagger UI comes with the fastapi-offline package, of
which only the files are used: its own page holds a script that no strict policy allows.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

from fastapi import APIRouter
from starlette.responses import FileResponse
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

__all__ = ["assets", "router"]

HERE: Final = Path(__file__).with_name("page")
SWAGGER: Final = Path(str(files("fastapi_offline"))) / "static"

#: Scripts, styles and answers come from this service; nothing is loaded from elsewhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

router = APIRouter(include_in_schema=False)


@router.head("/")
@router.get("/")
def page() -> FileResponse:
    """Paste a text, see its summary and claims."""
    return _html("index.html")


@router.head("/docs")
@router.get("/docs")
def docs() -> FileResponse:
    """The routes, with examples to try."""
    return _html("docs.html")


def assets() -> list[Mount]:
    """The styles and scripts of both."""
    return [
        Mount("/page", StaticFiles(directory=HERE)),
        Mount("/swagger", StaticFiles(directory=SWAGGER)),
    ]


def _html(name: str) -> FileResponse:
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
    return FileResponse(HERE / name, media_type="text/html", headers=headers)
