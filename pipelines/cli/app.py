"""The commands and their options; each hands over to the room that does the work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.batch import batch
from pipelines.cli.exits import fail
from pipelines.cli.labels import labels
from pipelines.cli.report import report
from pipelines.errors import AttacheError

__all__ = ["app"]

app = typer.Typer(
    name="attache",
    help="Reads news of diplomacy and politics: what happened, and who said what, about whom, "
    "with what stance.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(labels, name="labels")
app.command()(batch)
app.command()(report)

ModelName = Annotated[
    str, typer.Option("--model", "-m", help="'default', or the folder of a trained checkpoint.")
]


def _version(value: bool) -> None:
    if value:
        from pipelines.version import __version__

        typer.echo(f"attache {__version__}")
        raise typer.Exit


@app.callback()
def attache(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass


@app.command()
def read(
    files: Annotated[list[str], typer.Argument(help="Text files, or - for standard input.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line, in order.")
    ] = False,
    model: ModelName = "default",
    max_words: Annotated[int, typer.Option(min=1, help="Words of the summary.")] = 80,
    max_sentences: Annotated[int, typer.Option(min=1, help="Sentences of the summary.")] = 3,
    max_characters: Annotated[int, typer.Option(min=1, help="A longer text is refused.")] = 200_000,
) -> None:
    """Read articles: the summary, then who said what with which stance."""
    from pipelines.cli.read import read_files
    from pipelines.model import load

    try:
        reader = load(
            model, max_words=max_words, max_sentences=max_sentences, max_characters=max_characters
        )
    except AttacheError as error:
        fail(str(error))
    raise typer.Exit(0 if read_files(reader, files, as_json=as_json) else 1)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on [127.0.0.1].")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port; 0 takes a free one [8000].")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes, each with its own model [1].")
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", "-m", help="'default', or the folder of a checkpoint."),
    ] = None,
) -> None:
    """Serve summaries and claims over HTTP; further settings come from ATTACHE_… variables."""
    from service import serve as serve_forever
    from service.settings import read_settings

    try:
        settings = read_settings(host=host, port=port, workers=workers, model=model)
    except AttacheError as error:
        fail(str(error))
    raise typer.Exit(serve_forever(settings))


@app.command()
def benchmark(
    data: Annotated[
        list[Path] | None,
        typer.Option("--data", help="Reference file or folder, repeatable; default: the seeds."),
    ] = None,
    model: Annotated[
        list[str] | None,
        typer.Option("--model", "-m", help="Model to score, repeatable; also lead-3, oracle."),
    ] = None,
    texts: Annotated[
        Path | None, typer.Option(help="JSON Lines with id and text, for references without text.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for results.json and results.md.")
    ] = None,
) -> None:
    """Score models against hand-labelled references."""
    from rich.console import Console

    from evaluation import run_benchmark

    try:
        run_benchmark(data or [], model or ["default"], out=out, texts=texts, console=Console())
    except (AttacheError, OSError) as error:
        fail(str(error))


@app.command()
def models() -> None:
    """List the models at hand."""
    from pipelines.cli.models import list_models

    list_models()


@app.command()
def train(
    data: Annotated[Path, typer.Option(help="Folder of the training corpora.")],
    base: Annotated[Path, typer.Option(help="Folder of the BERT to start from.")],
    out: Annotated[Path, typer.Option(help="Folder for the state and the checkpoint.")],
    labels: Annotated[
        list[Path] | None, typer.Option(help="Articles labelled by the guide; may be repeated.")
    ] = None,
    stances: Annotated[
        list[Path] | None, typer.Option(help="Single labelled claims; may be repeated.")
    ] = None,
    dev: Annotated[
        list[Path] | None,
        typer.Option(help="Labelled articles to fit confidence on, kept from training."),
    ] = None,
    config: Annotated[Path | None, typer.Option(help="Recipe; default: the embedded one.")] = None,
) -> None:
    """Train the embedded reader; an interrupted run goes on where it stopped."""
    from pipelines.cli.train import run_training

    try:
        run_training(data, base, out, labels or [], stances or [], dev or [], config)
    except (AttacheError, OSError) as error:
        fail(str(error))
