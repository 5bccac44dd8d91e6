"""From analyses to figures: counted, resampled, compared, held against people's ratings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evaluation.bootstrap import interval, resample
from evaluation.clusters import clustered
from evaluation.corpora.base import Corpus
from evaluation.correlation import correlate
from evaluation.matching import Scored
from evaluation.metrics import Metric, all_metrics
from evaluation.metrics.calibration import CALIBRATION
from evaluation.metrics.figure import Counts
from evaluation.metrics.stance import MacroF1, confusion
from evaluation.models import answers_of, note_of
from evaluation.reading import Reading
from evaluation.report import CorpusResult, Report
from evaluation.settings import Settings
from evaluation.significance import Comparison, compare, holm, swaps
from evaluation.speed import Speed
from pipelines.model import Model

__all__ = ["correlated", "score"]


def _count(
    metric: Metric, scored: Sequence[Scored], labelled: frozenset[str], answers: frozenset[str]
) -> Counts:
    """The metric's counts, shape (articles, counts); all 0 where it has nothing to judge."""
    if metric.labels <= labelled and metric.answers <= answers:
        return np.array([metric.count(article) for article in scored], dtype=np.float64)
    return np.zeros((len(scored), len(metric.count(scored[0]))))


def score(
    corpus: Corpus,
    models: Sequence[Model],
    readings: Sequence[Reading],
    settings: Settings,
    *,
    names: Sequence[str] = (),
    judging: Sequence[Metric] = (),
    baseline: int | None = None,
    speeds: Sequence[Speed | None] = (),
) -> CorpusResult:
    """The figures of each model from its reading, compared with the model at ``baseline``.

    ``names`` are what the models are called in the reports, their own names where it is
    empty.
    """
    called = list(names) or [model.identity.name for model in models]
    everything = [article for reading in readings for article in reading.scored]
    metrics = all_metrics(everything, settings, judging=judging)
    metrics = tuple(metric for metric in metrics if metric.labels <= corpus.labelled)
    counts = [
        {
            metric.name: _count(metric, reading.scored, corpus.labelled, answers_of(model))
            for metric in metrics
        }
        for model, reading in zip(models, readings, strict=True)
    ]
    clusters = clustered(corpus.references)
    drawn = resample(clusters.count, settings.resamples, settings.seed)
    compared = _compare(corpus, called, metrics, counts, settings, baseline)
    labels = MacroF1.of(everything).stances
    reports = []
    for i, (model, reading) in enumerate(zip(models, readings, strict=True)):
        totals = {name: table.sum(axis=0) for name, table in counts[i].items()}
        macro = MacroF1(labels)
        stances = totals.get(macro.name, np.zeros(3 * len(labels)))
        bins = totals.get(CALIBRATION.name, np.zeros(3 * CALIBRATION.bins))
        reports.append(
            Report(
                corpus=corpus.name,
                model=model.identity.model_copy(update={"name": called[i]}),
                note=note_of(model),
                articles=len(corpus.references),
                claims=sum(len(reference.claims) for reference in corpus.references),
                figures=tuple(
                    metric.figure(
                        totals[metric.name],
                        interval(metric, clusters.sum(counts[i][metric.name]), drawn),
                    )
                    for metric in metrics
                ),
                stances=macro.scores(stances),
                confusion=confusion(reading.scored if stances.any() else (), labels),
                reliability=CALIBRATION.reliability(bins),
                cost=reading.cost,
                failures=reading.failures,
                comparisons=compared[i],
                speed=speeds[i] if speeds else None,
            )
        )
    return CorpusResult(corpus, tuple(reports), tuple(reading.scored for reading in readings))


def _compare(
    corpus: Corpus,
    names: Sequence[str],
    metrics: Sequence[Metric],
    counts: Sequence[dict[str, Counts]],
    settings: Settings,
    baseline: int | None,
) -> list[tuple[Comparison, ...]]:
    """For each model its comparisons with the baseline, corrected for how many there are."""
    found: list[dict[str, Comparison]] = [{} for _ in names]
    if baseline is None:
        return [() for _ in names]
    clusters = clustered(corpus.references)
    drawn = resample(clusters.count, settings.resamples, settings.seed)
    swapped = swaps(clusters.count, settings.resamples, settings.seed)
    for metric in metrics:
        if metric.better == "neither":
            continue
        tables = [clusters.sum(table[metric.name]) for table in counts]
        against, name = tables[baseline], names[baseline]
        family = {
            i: result
            for i, table in enumerate(tables)
            if i != baseline
            and (result := compare(metric, table, against, drawn, swapped, name=name)) is not None
        }
        for i, result in zip(family, holm(list(family.values())), strict=True):
            found[i][metric.name] = result
    return [tuple(by_name.values()) for by_name in found]


def correlated(result: CorpusResult, settings: Settings, judging: Sequence[Metric]) -> CorpusResult:
    """With the metrics of summaries held against what people rated, where they did."""
    corpus = result.corpus
    if not corpus.human:
        return result
    metrics = [
        metric
        for metric in all_metrics((), settings, judging=judging)
        if metric.answers == {"summary"} and metric.labels <= corpus.labelled
    ]
    found = []
    for metric in metrics:
        values = {
            report.model.name: {
                article.reference.id: float(metric.value(np.array(metric.count(article))))
                for article in scored
                if article.analysis is not None
            }
            for report, scored in zip(result.reports, result.scored, strict=True)
            if report.model.name in corpus.human
        }
        found += correlate(
            metric.name, values, corpus.human, resamples=settings.resamples, seed=settings.seed
        )
    return replace(result, correlations=tuple(found))
