"""Third pass: one staged chunk through the model, into the tables, committed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pipelines.archive.commits import commit
from pipelines.archive.duplicates import Mark, read_marks
from pipelines.archive.plan import Plan
from pipelines.archive.settings import BatchSettings, load_model
from pipelines.archive.tables import SCHEMAS, analysis_rows, write_rows
from pipelines.article import Analysis
from pipelines.errors import ArticleError
from pipelines.model import Model

__all__ = ["AnalyseTask", "analyse_safely"]

_COLUMNS = (
    "source position id title date language text warnings error_stage error_code error_message"
).split()


def analyse_safely(
    model: Model, articles: Sequence[dict[str, Any]]
) -> Iterator[Analysis | ArticleError]:
    """One outcome an article, in order, whatever happens.

    Should the model break on one of them, which would be a fault of ours, they are read
    one by one and only that one is lost.
    """
    try:
        outcomes = list(model.analyse(articles, errors="yield"))
        if len(outcomes) == len(articles):
            yield from outcomes
            return
    except OSError:
        raise
    except Exception:  # noqa: S110 - each is tried again below, where it is named
        pass
    for article in articles:
        try:
            (outcome,) = model.analyse([article], errors="yield")
        except ArticleError as error:
            outcome = error
        except Exception as error:
            outcome = ArticleError("internal_error", f"the model failed: {type(error).__name__}")
        yield outcome


@dataclass(frozen=True, slots=True)
class AnalyseTask:
    """Analyse the chunk of that name into ``out``; the commit record of it."""

    out: Path
    settings: BatchSettings

    def __call__(self, chunk: str) -> dict[str, Any]:
        started = time.monotonic()
        staged = pq.read_table(self.out / "input" / f"{chunk}.parquet", columns=_COLUMNS)
        rows = staged.to_pylist()
        marks = read_marks(Plan(self.out).marks, chunk)
        articles = [_article(row, marks.get(i, Mark())) for i, row in enumerate(rows)]
        wanted = [a for a in articles if self._wanted(a)]
        model = load_model(self.settings)
        given = [{k: a[k] for k in ("text", "title", "date")} for a in wanted]
        tables: dict[str, list[dict[str, Any]]] = {
            "articles": articles,
            "claims": [],
            "speakers": [],
        }
        for article, outcome in zip(wanted, analyse_safely(model, given), strict=True):
            if isinstance(outcome, ArticleError):
                article.update(_failed("analyse", outcome.code, outcome.message))
                continue
            more, claims, speakers = analysis_rows(article["id"], outcome)
            article.update(more)
            article["warnings"] = [*article["warnings"], *outcome.warnings]
            tables["claims"] += claims
            tables["speakers"] += speakers
        files = dict(
            write_rows(self.out, name, chunk, tables[name], self.settings.format)
            for name in SCHEMAS
        )
        record = {
            "rows": len(articles),
            **_counts(articles),
            "claims": len(tables["claims"]),
            "speakers": len(tables["speakers"]),
            "characters": sum(len(a["text"] or "") for a in wanted),
            "files": files,
            "seconds": round(time.monotonic() - started, 3),
        }
        return commit(self.out / "commits", chunk, record)

    def _wanted(self, article: dict[str, Any]) -> bool:
        repeated = article["duplicate_of"] is not None and self.settings.duplicates == "skip"
        return article["status"] == "ok" and not repeated


def _article(row: dict[str, Any], mark: Mark) -> dict[str, Any]:
    warnings = list(row["warnings"] or ())
    if mark.id is not None:
        warnings.append(f"id: {row['id']!r} was given before, here it is {mark.id!r}")
    return row | {
        "id": mark.id or row["id"],
        "warnings": warnings,
        "duplicate": mark.duplicate,
        "duplicate_of": mark.duplicate_of,
        "status": "ok" if row["error_code"] is None else "error",
    }


def _failed(stage: str, code: str, message: str) -> dict[str, Any]:
    return {
        "status": "error",
        "error_stage": stage,
        "error_code": code,
        "error_message": message,
    }


def _counts(articles: Sequence[dict[str, Any]]) -> dict[str, Any]:
    errors = Counter(
        f"{a['error_stage']}: {a['error_code']}" for a in articles if a["status"] == "error"
    )
    kinds = Counter(a["duplicate"] for a in articles if a["duplicate"])
    warned = Counter(w.split(":")[0] for a in articles for w in a["warnings"])
    languages = Counter(a["language"] for a in articles if a["language"])
    counted = {"errors": errors, "duplicates": kinds, "warnings": warned, "languages": languages}
    return {name: dict(sorted(counter.items())) for name, counter in counted.items()}
