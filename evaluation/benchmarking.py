"""The benchmark: models' analyses scored against references."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

from evaluation.baselines import Baseline
from evaluation.cache import Cache
from evaluation.corpora import Corpus, read_corpora
from evaluation.corpora.base import GUIDE_FIELDS
from evaluation.errors import BenchmarkError
from evaluation.metrics import judges
from evaluation.models import load_model
from evaluation.reading import Reading, read_all
from evaluation.report import Report, Run
from evaluation.scoring import correlated, score
from evaluation.settings import Settings
from evaluation.speed import Speed, measure
from evaluation.systems import SystemOutputs
from pipelines.model import Model
from pipelines.references import Reference

__all__ = ["benchmark", "run_benchmark"]


@contextmanager
def _progress(name: str, total: int) -> Iterator[Progress]:
    """A bar on stderr when that is a terminal."""
    errors = Console(stderr=True)
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, disable=not errors.is_terminal) as progress:
        progress.add_task(name, total=total)
        yield progress


def _read(model: Model, corpus: Corpus, settings: Settings, cache: Path | None) -> Reading:
    budget = {"max_words": settings.max_words, "max_sentences": settings.max_sentences}
    # A baseline may answer from the references, so what it said of others is of no use.
    given = isinstance(model, Baseline)
    with _progress(model.identity.name, len(corpus.references)) as progress:
        return read_all(
            model,
            corpus.references,
            cache=None if given else Cache(cache, model.identity, budget),
            masked=corpus.masked,
            threshold=corpus.threshold or settings.iou,
            advance=lambda: progress.advance(progress.task_ids[0]),
        )


def benchmark(
    model: Model,
    references: Sequence[Reference],
    *,
    settings: Settings | None = None,
) -> Report:
    """Score ``model`` against ``references``, with a bootstrap interval for every figure.

    An article that the model fails on counts as wrong and is listed in the report. A bar
    on stderr shows the progress when that is a terminal. Raises
    :class:`~evaluation.errors.BenchmarkError` when there is nothing to score or a library
    is missing, and :class:`~pipelines.references.LabelError` when a reference has no text.
    """
    if not references:
        raise BenchmarkError("no references to score against")
    settings = settings or Settings()
    judging = judges(settings)
    corpus = Corpus("references", tuple(references), GUIDE_FIELDS)
    reading = _read(model, corpus, settings, None)
    return score(corpus, [model], [reading], settings, judging=judging).reports[0]


def _models(corpus: Corpus, names: Sequence[str], settings: Settings) -> list[Model]:
    loaded: list[Model] = [load_model(name, corpus.references, settings) for name in names]
    if names and not all(reference.text for reference in corpus.references):
        raise BenchmarkError(
            f"{corpus.name}: has no articles, so no model can read them; pair it with its "
            "articles first, or give no --model to score the systems' outputs alone"
        )
    loaded += [SystemOutputs(name, outputs) for name, outputs in corpus.systems.items()]
    return loaded


def run_benchmark(
    data: Sequence[str | Path] = (),
    models: Sequence[str] | None = None,
    *,
    settings: Settings | None = None,
    baseline: str | None = None,
    cache: Path | None = None,
    speed: bool = False,
) -> Run:
    """What ``attache benchmark`` does: load, read and score.

    ``data`` are files or folders of references, or ``NAME:PATH`` of
    :data:`evaluation.corpora.CORPORA`; the project's seeds where it is empty. ``models``
    are names for :func:`pipelines.load` or of :data:`evaluation.baselines.BASELINES`;
    None means the default reader, or no model where the corpus brings systems' outputs.
    The figures of all are compared with ``baseline``, one of them. ``cache`` is a folder
    that keeps analyses from run to run. With ``speed`` each model is also measured in a
    process of its own.

    Raises :class:`~pipelines.errors.AttacheError` before the first article is read when
    the data, a model or a library cannot be used.
    """
    settings = settings or Settings()
    judging = judges(settings)
    corpora = read_corpora(data, settings)
    planned = []
    for corpus in corpora:
        names = ["default"] if models is None and not corpus.systems else models or []
        names = list(dict.fromkeys(names))
        if baseline is not None and baseline not in (*names, *corpus.systems):
            names.append(baseline)
        planned.append((corpus, names, _models(corpus, names, settings)))
    results = []
    for corpus, names, loaded in planned:
        readings = [_read(model, corpus, settings, cache) for model in loaded]
        speeds: list[Speed | None] = [None] * len(loaded)
        if speed:
            for i, name in enumerate(names):
                speeds[i] = measure(name, corpus.references, settings)
        asked_by = [*names, *corpus.systems]
        result = score(
            corpus,
            loaded,
            readings,
            settings,
            names=_names(asked_by, loaded),
            judging=judging,
            baseline=None if baseline is None else asked_by.index(baseline),
            speeds=speeds,
        )
        results.append(correlated(result, settings, judging))
    asked = {"data": list(map(str, data)), "models": models and list(models), "baseline": baseline}
    return Run(settings, tuple(results), asked)


def _names(asked_by: Sequence[str], loaded: Sequence[Model]) -> list[str]:
    """The models' own names, or what they were asked by where two have the same."""
    own = [model.identity.name for model in loaded]
    return [
        name if own.count(name) == 1 else asked for name, asked in zip(own, asked_by, strict=True)
    ]
