"""``report.html``: one file that needs no other, for reading a benchmark in a browser."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from evaluation.html.charts import bar, quality_by_speed, reliability
from evaluation.html.marking import mark, rows
from evaluation.matching import Scored
from evaluation.report import CorpusResult, Report, Run
from evaluation.summaries import predicted_summary
from evaluation.tables import HEADLINE, difference_cell, figure_cell

__all__ = ["PAGES", "write_page"]

#: How many articles have a page of their own, unless it is said otherwise.
PAGES = 200


def _environment() -> Environment:
    """Everything that is shown is escaped: an article may say whatever it likes."""
    environment = Environment(
        loader=PackageLoader("evaluation.html", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        bar=bar,
        figure_cell=figure_cell,
        difference_cell=difference_cell,
        reliability=reliability,
    )
    return environment


def _quality(reports: Sequence[Report]) -> str | None:
    """The figure that stands for quality in the drawing: the first that some model has."""
    for name in ("chain", "stance-of-all", "target-polarity", "found", "rouge1"):
        for report in reports:
            if any(f.name == name and f.value is not None for f in report.figures):
                return name
    return None


def _article(result: CorpusResult, number: int, anchor: str) -> dict[str, Any]:
    reference, labelled = result.corpus.references[number], result.corpus.labelled

    def side(report: Report, scored: Scored) -> dict[str, Any]:
        failure = next((f for f in report.failures if f.id == reference.id), None)
        return {
            "name": report.model.name,
            "failure": failure.message if failure else None,
            "summary": predicted_summary(scored) or "",
            "segments": mark(scored) if scored.predicted else [],
            "rows": rows(scored, labelled) if scored.predicted or not report.note else [],
        }

    return {
        "id": reference.id,
        "title": reference.title or reference.id,
        "anchor": anchor,
        "text": reference.text or "",
        "summary": "\n".join(reference.summary),
        "claims": len(reference.claims),
        "models": [
            side(report, of[number])
            for report, of in zip(result.reports, result.scored, strict=True)
        ],
    }


def _section(result: CorpusResult, place: int, pages: int) -> dict[str, Any]:
    reports = result.reports
    names = [
        f.name
        for f in reports[0].figures
        if any(report.figure(f.name).value is not None for report in reports)
    ]
    quality = _quality(reports)
    count = min(pages, len(result.corpus.references))
    return {
        "corpus": result.corpus,
        "reports": reports,
        "headline": [name for name in names if name in HEADLINE],
        "others": [name for name in names if name not in HEADLINE],
        "compared": [report for report in reports if report.comparisons],
        "quality": quality,
        "speed": quality_by_speed(reports, quality) if quality else [],
        "correlations": result.correlations,
        "articles": [_article(result, i, f"c{place}-a{i}") for i in range(count)],
        "left_out": len(result.corpus.references) - count,
        "anchor": f"c{place}",
    }


def write_page(run: Run, path: Path, *, pages: int = PAGES) -> None:
    """Write the report; the first ``pages`` articles of each corpus are shown in full."""
    page = (
        _environment()
        .get_template("report.html.j2")
        .render(
            sections=[_section(result, i, pages) for i, result in enumerate(run.results)],
            settings=run.settings.to_dict(),
            style=(Path(__file__).with_name("report.css")).read_text(encoding="utf-8"),
            failed=run.failed,
        )
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8", errors="replace")
