"""``attache labels``: whether hand labels keep to the guide, and what they hold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.exits import fail
from pipelines.errors import AttacheError

__all__ = ["labels"]

labels = typer.Typer(help="Check, count and convert hand labels.", no_args_is_help=True)

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


@labels.command()
def convert(
    sources: Annotated[
        list[Path], typer.Argument(help="Label files, or folders of them, of any form.")
    ],
    to: Annotated[
        str, typer.Option(help="Form to write: attache, brat, label-studio, spacy, spacy-json.")
    ],
    out: Annotated[Path, typer.Option(help="File to write; for brat a folder.")],
    source_form: Annotated[
        str | None, typer.Option("--from", help="Form of the sources; default: as it looks.")
    ] = None,
    texts: Texts = None,
    annotator: Annotated[
        str | None, typer.Option(help="Whose annotation to take, where Label Studio has several.")
    ] = None,
) -> None:
    """Turn labels into another tool's form and back; exit 1 when some could not come along."""
    from evaluation.labels import convert_labels

    try:
        done = convert_labels(
            sources, to=to, out=out, source_form=source_form, texts=texts, annotator=annotator
        )
    except (AttacheError, OSError) as error:
        fail(str(error))
    for problem in done.problems:
        typer.echo(str(problem), err=True)
    errors = sum(problem.severity == "error" for problem in done.problems)
    counts = f"{errors} errors, {len(done.problems) - errors} warnings"
    typer.echo(f"{done.articles} articles, {done.claims} claims; {counts}", err=True)
    raise typer.Exit(1 if errors else 0)
