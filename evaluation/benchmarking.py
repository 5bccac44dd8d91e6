"""The benchmark: a model's analyses scored against references."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

from evaluation.baselines import Lead, oracle
from evaluation.bootstrap import interval, resample
from evaluation.data import BenchmarkError, load_references, load_texts, seeds
from evaluation.matching import Scored
from evaluation.metrics import all_metrics
from evaluation.metrics.calibration import CALIBRATION
from evaluation.metrics.figure import Counts, Metric
from evaluation.metrics.stance import MacroF1, confusion
from evaluation.reading import read_all
from evaluation.report import Report, write_results
from evaluation.tables import markdown_table, terminal_table
from pipelines.model import Model, load
from pipelines.references import Reference

__all__ = ["benchmark", "run_benchmark"]

RESAMPLES = 1000


def _counts(metrics: Sequence[Metric], scored: Sequence[Scored]) -> list[Counts]:
    """For each metric its counts, shape (articles, counts)."""
    by_article = [[metric.count(article) for metric in metrics] for article in scored]
    return [np.array(column, dtype=np.float64) for column in zip(*by_article, strict=True)]


def benchmark(
    model: Model,
    references: Sequence[Reference],
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Report:
    """Score ``model`` against ``references``, with a bootstrap interval for every figure.

    An article that the model fails on counts as wrong and is listed in the report. A bar
    on stderr shows the progress when that is a terminal. Raises
    :class:`~evaluation.data.BenchmarkError` when there is nothing to score and
    :class:`~pipelines.references.LabelError` when a reference has no text.
    """
    if not references:
        raise BenchmarkError("no references to score against")
    errors = Console(stderr=True)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, disable=not errors.is_terminal) as progress:
        task = progress.add_task(model.identity.name, total=len(references))
        reading = read_all(model, references, advance=lambda: progress.advance(task))

    metrics = all_metrics(reading.scored)
    counts = _counts(metrics, reading.scored)
    totals = {metric.name: table.sum(axis=0) for metric, table in zip(metrics, counts, strict=True)}
    drawn = resample(len(references), resamples, seed)
    stances = MacroF1.of(reading.scored)
    return Report(
        model=model.identity,
        articles=len(references),
        claims=sum(len(reference.claims) for reference in references),
        figures=tuple(
            metric.figure(totals[metric.name], interval(metric, table, drawn))
            for metric, table in zip(metrics, counts, strict=True)
        ),
        stances=stances.scores(totals[stances.name]),
        confusion=confusion(reading.scored, stances.labels),
        reliability=CALIBRATION.reliability(totals[CALIBRATION.name]),
        cost=reading.cost,
        failures=reading.failures,
        seed=seed,
        resamples=resamples,
    )


def _load(name: str, references: Sequence[Reference]) -> Model:
    if name == "oracle":
        return oracle(references)
    return Lead() if name == "lead-3" else load(name)


def run_benchmark(
    data: Sequence[Path] = (),
    models: Sequence[str] = ("default",),
    *,
    out: Path | None = None,
    texts: Path | None = None,
    console: Console | None = None,
    seed: int = 0,
) -> list[Report]:
    """What ``attache benchmark`` does: load, score, show and write; one report a model.

    ``data`` are files or folders of references, the project's seeds where it is empty.
    ``models`` are names for :func:`pipelines.load`, or ``"lead-3"`` or ``"oracle"``.
    ``texts`` is a JSON Lines file with ``id`` and ``text`` for references without text.
    ``out`` is a folder for ``results.json`` and ``results.md``; ``console`` gets the table.

    Raises :class:`~pipelines.errors.AttacheError` before the first article is read when
    the data or a model cannot be used.
    """
    paths = [Path(path) for path in data] or [seeds()]
    references, files = load_references(paths, texts=load_texts(texts))
    loaded = [_load(name, references) for name in dict.fromkeys(models or ("default",))]
    reports = [replace(benchmark(model, references, seed=seed), data=files) for model in loaded]
    if console is not None:
        console.print(terminal_table(reports))
    if out is not None:
        write_results(reports, out / "results.json")
        (out / "results.md").write_text(markdown_table(reports), encoding="utf-8")
    return reports
