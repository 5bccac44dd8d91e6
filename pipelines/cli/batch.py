"""``attache batch``: an archive into tables, on one machine or many."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console

from pipelines.cli.exits import fail
from pipelines.errors import AttacheError, describe_validation

__all__ = ["batch"]

Column = typer.Option(help="Name of that column; guessed where it is not given.")


def batch(
    out: Annotated[Path, typer.Option(help="Folder of the results.")],
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            help="Files, folders, globs, addresses (s3://…) or names of hub data sets. Read are "
            "text, Markdown, HTML, JSON Lines, CSV, Parquet, Arrow, WARC and zip; also as .gz "
            "and .zst."
        ),
    ] = None,
    model: Annotated[
        str, typer.Option("--model", "-m", help="'default', or the folder of a checkpoint.")
    ] = "default",
    device: Annotated[str, typer.Option(help="cpu, cuda, …")] = "cpu",
    text: Annotated[str | None, Column] = None,
    id: Annotated[str | None, Column] = None,  # noqa: A002 - it is the option's name
    title: Annotated[str | None, Column] = None,
    date: Annotated[str | None, Column] = None,
    subset: Annotated[str | None, typer.Option(help="Configuration of a hub data set.")] = None,
    split: Annotated[str, typer.Option(help="Split of a hub data set.")] = "train",
    revision: Annotated[str | None, typer.Option(help="Revision of a hub data set.")] = None,
    format: Annotated[  # noqa: A002
        Literal["parquet", "jsonl"], typer.Option(help="Form of the tables.")
    ] = "parquet",
    duplicates: Annotated[
        Literal["skip", "mark", "off"],
        typer.Option(help="Analyse one of several alike, or all; or look for none."),
    ] = "skip",
    max_words: Annotated[int, typer.Option(min=1, help="Words of a summary.")] = 80,
    max_sentences: Annotated[int, typer.Option(min=1, help="Sentences of a summary.")] = 3,
    max_characters: Annotated[int, typer.Option(min=1, help="A longer text is refused.")] = 200_000,
    max_bytes: Annotated[
        int, typer.Option(min=1, help="A longer document or line, unpacked, is refused.")
    ] = 16 << 20,
    chunk: Annotated[int, typer.Option(min=1, help="Articles that are committed at once.")] = 1000,
    workers: Annotated[int, typer.Option(min=1, help="Processes of this machine.")] = 1,
    threads: Annotated[
        int | None, typer.Option(min=1, help="Threads of each worker [an equal share].")
    ] = None,
    ray: Annotated[str | None, typer.Option(help="Address of a Ray cluster, or auto.")] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Read the sources only; a job array then goes on.")
    ] = False,
    rank: Annotated[int | None, typer.Option(min=0, help="Number of this job, from 0.")] = None,
    world: Annotated[int | None, typer.Option(min=1, help="Jobs of the array.")] = None,
    retry: Annotated[
        Path | None, typer.Option(help="Folder of a run whose failed inputs are read again.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be read and how long it takes.")
    ] = False,
) -> None:
    """Analyse an archive; an interrupted run goes on where it stopped."""
    from pipelines.archive import BatchSettings, Share, run_batch
    from pipelines.archive.executors import Executor, InProcess, Processes

    console = Console(stderr=True, highlight=False, soft_wrap=True)
    if bool(sources) == (retry is not None):
        fail("give sources, or --retry with the folder of an earlier run")
    if (rank is None) != (world is None):
        fail("--rank and --world belong together")
    given = sources or []
    try:
        settings = BatchSettings(
            model=model,
            device=device,
            max_words=max_words,
            max_sentences=max_sentences,
            max_characters=max_characters,
            max_bytes=max_bytes,
            text=text,
            id=id,
            title=title,
            date=date,
            subset=subset,
            split=split,
            revision=revision,
            duplicates=duplicates,
            format=format,
            chunk_articles=chunk,
        )
        if dry_run:
            from pipelines.archive.preview import preview

            preview(given, settings, workers=workers, out=Console(highlight=False, soft_wrap=True))
            return
        executor: Executor = InProcess()
        if ray is not None:
            from pipelines.archive.executors.cluster import RayCluster

            executor = RayCluster(ray, gpus=device.startswith("cuda"))
        elif workers > 1 or threads is not None:
            executor = Processes(workers, threads=threads)
        signal.signal(signal.SIGTERM, _interrupt)  # as schedulers end a job
        totals = run_batch(
            given,
            out,
            settings,
            executor=executor,
            share=Share(rank, world) if rank is not None and world is not None else None,
            plan_only=plan,
            retry=retry,
            console=console,
        )
    except ValidationError as error:
        fail(describe_validation(error.errors(include_url=False)[0])[1])
    except AttacheError as error:
        fail(str(error))
    except KeyboardInterrupt:
        _stopped(console, "interrupted; what is finished is kept")
    except OSError as error:
        _stopped(console, f"stopped: {error}", status=1)
    again = f"attache batch --retry {shlex.quote(str(out))} --out {shlex.quote(str(out))}-again"
    totals.show(console, out=str(out), rerun=again)
    raise typer.Exit(0 if totals.well else 1)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _stopped(console: Console, why: str, *, status: int = 130) -> NoReturn:
    command = shlex.join([os.path.basename(sys.argv[0]), *sys.argv[1:]])
    console.print(f"attache: {why}; the same command goes on:", markup=False)
    console.print(f"  {command}", markup=False, soft_wrap=True)
    raise typer.Exit(status)
