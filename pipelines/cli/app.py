"""The commands and their options; each hands over to the room that does the work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.batch import batch
from pipelines.cli.benchmark import benchmark
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

app.command()(benchmark)
app.add_typer(labels, name="labels")
app.command()(batch)
app.command()(report)

ModelName = Annotated[
    str, typer.Option("--model", "-m", help="'default', or the folder of a trained checkpoint.")
]

StageName = Annotated[
    str,
    typer.Option(
        help="Another model for this stage: NAME[@REVISION] of the Hugging Face hub, a folder, "
        "or openai:MODEL of the server at --chat-url."
    ),
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
    summary: StageName = "default",
    claims: StageName = "default",
    stance: StageName = "default",
    revision: Annotated[
        str | None, typer.Option(help="Commit, tag or branch of the one model that is named.")
    ] = None,
    strict: Annotated[
        bool | None,
        typer.Option("--strict", help="Drop what a model wrote and the text does not support."),
    ] = None,
    offline: Annotated[
        bool | None, typer.Option("--offline", help="Take models from the local cache alone.")
    ] = None,
    chat_url: Annotated[
        str | None, typer.Option(help="Address of an OpenAI-compatible server [ATTACHE_CHAT_URL].")
    ] = None,
    max_words: Annotated[int, typer.Option(min=1, help="Words of the summary.")] = 80,
    max_sentences: Annotated[int, typer.Option(min=1, help="Sentences of the summary.")] = 3,
    max_characters: Annotated[int, typer.Option(min=1, help="A longer text is refused.")] = 200_000,
) -> None:
    """Read articles: the summary, then who said what with which stance."""
    from pipelines.cli.read import read_files
    from pipelines.hub.stages import StageSettings
    from pipelines.model import load, usage

    try:
        reader = load(
            model,
            summary=summary,
            claims=claims,
            stance=stance,
            revision=revision,
            settings=StageSettings.from_environment(
                strict=strict, offline=offline, chat_url=chat_url
            ),
            max_words=max_words,
            max_sentences=max_sentences,
            max_characters=max_characters,
        )
    except AttacheError as error:
        fail(str(error))
    good = read_files(reader, files, as_json=as_json)
    for line in usage(reader):
        typer.echo(f"attache: {line}", err=True)
    raise typer.Exit(0 if good else 1)


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
def models() -> None:
    """List the models at hand, and names to begin with."""
    from pipelines.cli.models import list_models

    try:
        list_models()
    except AttacheError as error:
        fail(str(error))


@app.command()
def train(
    out: Annotated[Path, typer.Option(help="Folder for the state and the checkpoint.")],
    labels: Annotated[
        list[Path] | None, typer.Option(help="Articles labelled by the guide; repeatable.")
    ] = None,
    singles: Annotated[
        list[Path] | None, typer.Option(help="Single labelled claims; repeatable.")
    ] = None,
    dev: Annotated[
        list[Path] | None,
        typer.Option(help="Labelled articles kept from training, to choose and calibrate on."),
    ] = None,
    texts: Annotated[
        Path | None, typer.Option(help="JSON Lines with id and text, for labels without text.")
    ] = None,
    stances: Annotated[
        Path | None, typer.Option(help="TOML file of another label set than the guide's.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="Recipe; default: the one for own labels, or the default's.")
    ] = None,
    model: Annotated[
        Path | None, typer.Option("--model", "-m", help="Checkpoint to go on from; default: ours.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Folder of the training corpora; goes with --base.")
    ] = None,
    base: Annotated[
        Path | None, typer.Option(help="Folder of a BERT to start anew from; goes with --data.")
    ] = None,
    device: Annotated[str, typer.Option(help="Where to train: cpu, cuda, cuda:1.")] = "cpu",
) -> None:
    """Train a reader on your own labels, or anew; an interrupted run goes on where it stopped."""
    from pipelines.cli.train import TrainingRun, run_training

    run = TrainingRun(
        out=out,
        labels=labels or (),
        singles=singles or (),
        dev=dev or (),
        texts=texts,
        stances=stances,
        config=config,
        model=model,
        data=data,
        base=base,
        device=device,
    )
    try:
        run_training(run)
    except (AttacheError, OSError) as error:
        fail(str(error))
