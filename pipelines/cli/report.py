"""``attache report``: a page of what came of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.exits import fail
from pipelines.errors import AttacheError

__all__ = ["report"]


def report(
    results: Annotated[Path, typer.Argument(help="Folder that attache batch wrote.")],
    out: Annotated[
        Path | None, typer.Option(help="Where to write the page [report.html in the folder].")
    ] = None,
) -> None:
    """Write a page of what a run found; print the SQL (DuckDB) behind each figure."""
    from pipelines.archive.report import write_report
    from pipelines.archive.report.figures import views

    path = out or results / "report.html"
    try:
        figures = write_report(results, path)
    except (AttacheError, OSError) as error:
        fail(str(error))
    typer.echo(views(results))
    for figure in figures.values():
        typer.echo(f"\n-- {figure.name}: {figure.says}\n{figure.sql}")
    typer.echo(f"attache: wrote {path}", err=True)
