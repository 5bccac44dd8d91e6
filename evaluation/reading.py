"""A model reads the articles of the references; what fails costs that article only."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.cache import Cache
from evaluation.matching import IOU, Scored
from evaluation.tokens import forget
from pipelines.article import Analysis, Article, Span
from pipelines.errors import ArticleError, ModelError
from pipelines.model import Model
from pipelines.references import Reference

__all__ = ["Cost", "Failure", "Reading", "read_all"]

#: How many articles are read one by one to time a single one.
_TIMED = 20


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that the model did not read, and why."""

    id: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What the reading took, after one article read untimed.

    Seconds are wall-clock time of one pass over the ``articles`` that were not kept from
    an earlier run; words are runs without white space. Latencies are quantiles in seconds
    of up to 20 articles spread over the data, each read alone; None where all failed.
    """

    seconds: float
    articles: int
    articles_per_second: float
    words_per_second: float
    median_latency: float | None
    latency_90: float | None
    timed_articles: int


@dataclass(frozen=True, slots=True)
class Reading:
    """``cost`` is None where every analysis was kept from an earlier run."""

    scored: tuple[Scored, ...]
    failures: tuple[Failure, ...]
    cost: Cost | None


def _alone(model: Model, article: Article) -> Analysis | ArticleError:
    try:
        for result in model.analyse([article], errors="yield"):
            return result
    except ModelError:  # the model as a whole is unusable: no article is to blame
        raise
    except Exception as error:
        return ArticleError("model_failed", f"{type(error).__name__}: {error}")
    return ArticleError("no_result", "the model gave no answer for this article")


def _results(model: Model, articles: Sequence[Article]) -> Iterator[Analysis | ArticleError]:
    """One result an article, in order, also from a model that raises or stops midway.

    Where a stream breaks off, the article it owed is read alone and a new stream starts
    after it, since the culprit may be a later one of the same batch.
    """
    done = 0
    while done < len(articles):
        try:
            for result in model.analyse(articles[done:], errors="yield"):
                done += 1
                yield result
                if done == len(articles):
                    return
        except ModelError:
            raise
        except Exception:  # noqa: S110 - the article is read again below, and named there
            pass
        yield _alone(model, articles[done])
        done += 1


def _checked(result: Analysis | ArticleError, article: Article) -> Analysis | ArticleError:
    if isinstance(result, ArticleError):
        return result
    try:
        result.verify(article.text)
    except ValueError as error:
        return ArticleError("wrong_output", f"the analysis does not fit its text: {error}")
    return result


def _latencies(model: Model, articles: Sequence[Article]) -> list[float]:
    step = max(1, len(articles) // _TIMED)
    seconds = []
    for article in articles[::step][:_TIMED]:
        forget()
        start = time.perf_counter()
        result = _alone(model, article)
        if isinstance(result, Analysis):
            seconds.append(time.perf_counter() - start)
    return seconds


def _cost(model: Model, articles: Sequence[Article], seconds: float) -> Cost | None:
    if not articles:
        return None
    latencies = _latencies(model, articles)
    words = sum(len(article.text.split()) for article in articles)
    return Cost(
        seconds=seconds,
        articles=len(articles),
        articles_per_second=len(articles) / seconds if seconds else 0.0,
        words_per_second=words / seconds if seconds else 0.0,
        median_latency=statistics.median(latencies) if latencies else None,
        latency_90=float(np.percentile(latencies, 90)) if latencies else None,
        timed_articles=len(latencies),
    )


def read_all(
    model: Model,
    references: Sequence[Reference],
    *,
    cache: Cache | None = None,
    masked: Mapping[str, tuple[Span, ...]] | None = None,
    threshold: float = IOU,
    advance: Callable[[], None] = lambda: None,
) -> Reading:
    """The model's analyses beside their references; ``advance`` is called after each article.

    What ``cache`` has is not read again, and what is read goes there. Raises
    :class:`~pipelines.references.LabelError` before anything is read when a reference has
    no text, and :class:`~pipelines.errors.ModelError` when the model cannot be used at
    all. Any other error of the model stands for its article, among the failures.
    """
    cache = cache or Cache(None, model.identity, {})
    articles = [reference.article for reference in references]
    kept = [cache.get(article) for article in articles]
    missing = [article for article, found in zip(articles, kept, strict=True) if found is None]
    if missing:
        _alone(model, missing[0])
    scored: list[Scored] = []
    failures: list[Failure] = []
    forget()
    start = time.perf_counter()
    results = _results(model, missing)
    for reference, article, found in zip(references, articles, kept, strict=True):
        outcome = found if found is not None else _checked(next(results), article)
        if isinstance(outcome, ArticleError):
            failures.append(Failure(reference.id, outcome.code, outcome.message))
        elif found is None:
            cache.put(article, outcome)
        analysis = None if isinstance(outcome, ArticleError) else outcome
        aside = (masked or {}).get(reference.id, ())
        scored.append(Scored(reference, analysis, masked=aside, threshold=threshold))
        advance()
    cost = _cost(model, missing, time.perf_counter() - start)
    return Reading(tuple(scored), tuple(failures), cost)
