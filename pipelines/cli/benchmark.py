"""``attache benchmark``: models scored against references, shown, written and gated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.exits import fail
from pipelines.errors import AttacheError

if TYPE_CHECKING:
    from evaluation.report import Run

__all__ = ["benchmark"]


def benchmark(
    data: Annotated[
        list[str] | None,
        typer.Option(
            "--data",
            help="References by the guide (file or folder), or CORPUS:PATH with polnear, plover, "
            "newsmtsc, gum, cnn_dailymail, xsum, summeval or realsumm; repeatable; "
            "default: the seeds.",
        ),
    ] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(
            "--model",
            "-m",
            help="Model to score, repeatable: default, a checkpoint's folder, or lead-3, "
            "lexrank-3, textrank-3, oracle-3, quotation-marks, majority, tfidf, oracle.",
        ),
    ] = None,
    baseline: Annotated[
        str | None, typer.Option(help="Model that all others are compared with.")
    ] = None,
    split: Annotated[str | None, typer.Option(help="Split of the corpus.")] = None,
    annotator: Annotated[
        str | None, typer.Option(help="Whose labels, where there are several; or all.")
    ] = None,
    limit: Annotated[int | None, typer.Option(help="Only the first articles.")] = None,
    sample: Annotated[int | None, typer.Option(help="Only this many, drawn by --seed.")] = None,
    seed: Annotated[int, typer.Option(help="Of the sample and of all resampling.")] = 0,
    resamples: Annotated[int, typer.Option(help="Of the bootstrap; 0 leaves it out.")] = 1000,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse a file for one line that cannot be used.")
    ] = False,
    texts: Annotated[
        Path | None, typer.Option(help="JSON Lines with id and text, for references without text.")
    ] = None,
    iou: Annotated[float, typer.Option(help="Least overlap at which a claim is found.")] = 0.5,
    stemmer: Annotated[bool, typer.Option(help="Stem words for ROUGE.")] = True,
    max_words: Annotated[int, typer.Option(help="Words of the summary.")] = 80,
    max_sentences: Annotated[int, typer.Option(help="Sentences of the summary.")] = 3,
    nli: Annotated[
        str | None, typer.Option(help="NLI model for entailment: folder or hub name[@revision].")
    ] = None,
    bertscore: Annotated[
        str | None, typer.Option(help="Encoder for BERTScore: folder or hub name[@revision].")
    ] = None,
    device: Annotated[str, typer.Option(help="Where torch runs the models.")] = "cpu",
    speed: Annotated[
        bool, typer.Option("--speed", help="Measure rate, cold start and memory as well.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Folder for results.json, results.md and report.html.")
    ] = None,
    cache: Annotated[
        Path | None, typer.Option(help="Folder of kept analyses; default: predictions in --out.")
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Read every article again, whatever was kept.")
    ] = False,
    pages: Annotated[int, typer.Option(min=0, help="Articles shown in report.html.")] = 200,
    against: Annotated[
        Path | None, typer.Option(help="results.json of an earlier run to hold this against.")
    ] = None,
    fail_on: Annotated[
        list[str] | None,
        typer.Option(help="FIGURE:-POINTS that may not be lost against it; repeatable."),
    ] = None,
) -> None:
    """Score models against labelled references; exit 1 when articles or a gate failed."""
    from evaluation import Settings, run_benchmark
    from evaluation.gate import Earlier, Rule, check

    if bool(against) != bool(fail_on):
        fail("--against and --fail-on go together: say which figure may lose how much")
    try:
        rules = [Rule.parse(words) for words in fail_on or ()]
        earlier = Earlier.read(against) if against else None
        settings = Settings(
            split=split,
            annotator=annotator,
            limit=limit,
            sample=sample,
            seed=seed,
            strict=strict,
            texts=texts,
            iou=iou,
            stemmer=stemmer,
            nli=nli,
            bertscore=bertscore,
            resamples=resamples,
            max_words=max_words,
            max_sentences=max_sentences,
            device=device,
        )
        kept = None if fresh else cache or (out / "predictions" if out else None)
        run = run_benchmark(
            data or [],
            model or None,
            settings=settings,
            baseline=baseline,
            cache=kept,
            speed=speed,
        )
        _show(run, out, pages)
        held, fell = check(run, earlier, rules) if earlier else ([], [])
    except (AttacheError, OSError) as error:
        fail(str(error))
    for line in held:
        typer.echo(f"held: {line}", err=True)
    for line in fell:
        typer.echo(f"attache: fell: {line}", err=True)
    raise typer.Exit(1 if fell or run.failed else 0)


def _show(run: Run, out: Path | None, pages: int) -> None:
    from rich.console import Console

    from evaluation import markdown_table, terminal_table, write_page, write_results

    console = Console()
    console.print(terminal_table(run, width=console.width))
    for line in run.failed:
        typer.echo(f"attache: {line}", err=True)
    if out is not None:
        write_results(run, out / "results.json")
        (out / "results.md").write_text(markdown_table(run), encoding="utf-8")
        write_page(run, out / "report.html", pages=pages)
