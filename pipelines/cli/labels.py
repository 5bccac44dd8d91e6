"""``attache labels``: whether hand labels keep to the guide, and what they hold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.exits import fail
from pipelines.errors import AttacheError

__all__ = ["labels"]

labels = typer.Typer(help="Check and count hand labels.", no_args_is_help=True)

Paths = Annotated[list[Path], typer.Argument(help="Label files, or folders of them.")]
Texts = Annotated[
    Path | None, typer.Option(help="JSON Lines with id and text, for labels without text.")
]


@labels.command()
def check(
    paths: Paths,
    texts: Texts = None,
    shared: Annotated[
        Path | None, typer.Option(help="Folder of other people's texts: none may be copied.")
    ] = None,
) -> None:
    """Name every label that breaks the guide, and the mend; exit 1 when there are errors."""
    from evaluation.labels import check_paths

    try:
        problems = check_paths(paths, texts=texts, shared=shared)
    except (AttacheError, OSError) as error:
        fail(str(error))
    for problem in problems:
        typer.echo(str(problem))
    errors = sum(problem.severity == "error" for problem in problems)
    typer.echo(f"{errors} errors, {len(problems) - errors} warnings", err=True)
    raise typer.Exit(1 if errors else 0)


@labels.command()
def stats(paths: Paths, texts: Texts = None) -> None:
    """Count articles, claims, stances and kinds of speakers, and draw how they spread."""
    from rich.console import Console

    from evaluation.labels import draw_stats, label_stats

    try:
        counted = label_stats(paths, texts=texts)
    except (AttacheError, OSError) as error:
        fail(str(error))
    Console().print(draw_stats(counted))
