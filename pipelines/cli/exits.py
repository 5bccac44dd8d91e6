"""How a command ends when it cannot begin."""

from __future__ import annotations

from typing import NoReturn

import typer

__all__ = ["fail"]


def fail(message: str) -> NoReturn:
    """Say why on stderr and exit with status 2."""
    typer.echo(f"attache: {message}", err=True)
    raise typer.Exit(2)
