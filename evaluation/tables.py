"""Reports side by side: a table for a terminal and one in Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from evaluation.metrics.figure import Figure
from evaluation.report import Report

__all__ = ["markdown_table", "terminal_table"]

_NONE = "–"


def _percent(figure: Figure) -> str:
    if figure.value is None:
        return _NONE
    shown = f"{100 * figure.value:.1f}"
    if figure.interval is None:
        return shown
    return f"{shown} ({100 * figure.interval.low:.1f}–{100 * figure.interval.high:.1f})"


def _rows(reports: Sequence[Report]) -> list[tuple[str, ...]]:
    """One row a figure, one a cost; the first cell is its name, then one cell a report."""
    rows = [
        (figure.name, *(_percent(report.figure(figure.name)) for report in reports))
        for figure in reports[0].figures
    ]
    costs = [report.cost for report in reports]
    rows.append(("articles a second", *(f"{cost.articles_per_second:.2f}" for cost in costs)))
    rows.append(("words a second", *(f"{cost.words_per_second:.0f}" for cost in costs)))
    latencies = [cost.median_latency for cost in costs]
    shown = (_NONE if seconds is None else f"{1000 * seconds:.0f}" for seconds in latencies)
    rows.append(("median latency, ms", *shown))
    rows.append(("articles failed", *(str(len(report.failures)) for report in reports)))
    return rows


def _title(reports: Sequence[Report]) -> str:
    first = reports[0]
    return f"{first.articles} articles, {first.claims} claims; in %, 95 % interval over articles"


def terminal_table(reports: Sequence[Report]) -> RenderableType:
    """A row for each figure and a column for each model; failed articles are named below.

    The reports are of the same references, at least one.
    """
    table = Table(title=_title(reports), title_justify="left", title_style="")
    table.add_column("")
    for report in reports:
        table.add_column(Text(report.model.name), justify="right")
    for name, *cells in _rows(reports):
        table.add_row(name, *cells)
    failures = [
        Text(f"{report.model.name}: {failure.id}: {failure.message}", style="red")
        for report in reports
        for failure in report.failures
    ]
    return Group(table, *failures)


def markdown_table(reports: Sequence[Report]) -> str:
    """The same table for a README or a model card, with its settings below."""

    def line(cells: Sequence[str]) -> str:
        return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"

    names = [f"{report.model.name} ({report.model.revision[:12]})" for report in reports]
    lines = [line(["", *names]), line(["---", *("---:" for _ in reports)])]
    lines.extend(line(row) for row in _rows(reports))
    settings = [f"- {figure.name}: {figure.settings}" for figure in reports[0].figures]
    return "\n".join([f"{_title(reports)}.", "", *lines, "", *settings, ""])
