"""Reports side by side: a table for a terminal and one in Markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from evaluation.metrics.figure import Figure
from evaluation.report import CorpusResult, Report, Run
from evaluation.significance import Comparison

__all__ = ["HEADLINE", "difference_cell", "figure_cell", "markdown_table", "terminal_table"]

_NONE = "–"
#: Room in a terminal for the names of the figures, and for each model.
_NAMES, _COLUMN = 36, 28
#: The figures that a reader looks at first; the others stand in the report and in the files.
HEADLINE = (
    "found",
    "content-exact",
    "source-exact",
    "cue-exact",
    "content-character-f1",
    "content-cofenet",
    "speaker",
    "stance",
    "stance-macro-f1",
    "stance-of-all",
    "stance-of-all-macro-f1",
    "polarity",
    "targets",
    "chain",
    "target-polarity",
    "target-polarity-macro-f1",
    "calibration-error",
    "rouge1",
    "rouge2",
    "rougeLsum",
    "bertscore",
    "entailment",
    "support",
    "within-budget",
)


def _scale(unit: str) -> float:
    return 100.0 if unit == "%" else 1.0


def figure_cell(figure: Figure) -> str:
    """The value and its interval: shares in %, others in their own unit."""
    if figure.value is None:
        return _NONE
    by = _scale(figure.unit)
    shown = f"{by * figure.value:.1f}"
    if figure.interval is None:
        return shown
    return f"{shown} ({by * figure.interval.low:.1f}–{by * figure.interval.high:.1f})"


def difference_cell(found: Comparison, unit: str) -> str:
    """The difference with its interval, the corrected p, and what could have been seen."""
    by = _scale(unit)
    spread = ""
    if found.interval is not None:
        spread = f" ({by * found.interval.low:+.1f} to {by * found.interval.high:+.1f})"
    star = "*" if found.significant else ""
    return (
        f"{by * found.difference:+.1f}{star}{spread}; "
        f"p {found.p_holm:.3f}, detectable {by * found.detectable:.1f}"
    )


def _figures(reports: Sequence[Report], names: Sequence[str] | None) -> list[tuple[str, ...]]:
    return [
        (
            figure.name if figure.unit == "%" else f"{figure.name}, {figure.unit}",
            *(figure_cell(report.figure(figure.name)) for report in reports),
        )
        for figure in reports[0].figures
        if (names is None or figure.name in names)
        and any(report.figure(figure.name).value is not None for report in reports)
    ]


def _optional(value: float | None, show: Callable[[float], str]) -> str:
    return _NONE if value is None else show(value)


def _costs(reports: Sequence[Report]) -> list[tuple[str, ...]]:
    """What the pass over the data took, and what was measured apart, where it was."""
    costs = [report.cost for report in reports]
    rows = [
        ("articles a second", *(f"{c.articles_per_second:.2f}" if c else _NONE for c in costs)),
        ("words a second", *(f"{c.words_per_second:.0f}" if c else _NONE for c in costs)),
    ]
    for name, field in (
        ("median latency, ms", "median_latency"),
        ("latency of 90 %, ms", "latency_90"),
    ):
        values = [getattr(cost, field) if cost else None for cost in costs]
        rows.append((name, *(_optional(v, lambda s: f"{1000 * s:.0f}") for v in values)))
    speeds = [report.speed for report in reports]
    if any(speeds):
        shown: tuple[tuple[str, str, Callable[[float], str]], ...] = (
            ("batch of 64, articles a second", "articles_per_second", lambda v: f"{v:.1f}"),
            ("batch of 64, tokens a second", "tokens_per_second", lambda v: f"{v:,.0f}"),
            (
                "bare encoder, tokens a second",
                "encoder_tokens_per_second",
                lambda v: f"{v:,.0f}",
            ),
            ("share of the encoder's rate, %", "encoder_share", lambda v: f"{100 * v:.0f}"),
            ("cold start, s", "cold_start", lambda v: f"{v:.1f}"),
            ("peak memory, MB", "peak_memory", lambda v: f"{v / 1e6:.0f}"),
            ("GPU memory, MB", "gpu_memory", lambda v: f"{v / 1e6:.0f}"),
            ("parameters, million", "parameters", lambda v: f"{v / 1e6:.1f}"),
        )
        for name, field, show in shown:
            cells = [_optional(getattr(speed, field, None), show) for speed in speeds]
            if any(cell != _NONE for cell in cells):
                rows.append((name, *cells))
    rows.append(("articles failed", *(str(len(report.failures)) for report in reports)))
    return rows


def _title(reports: Sequence[Report]) -> str:
    first = reports[0]
    return (
        f"{first.corpus}: {first.articles} articles, {first.claims} claims; in % unless said "
        "otherwise, 95 % interval over articles"
    )


def _differences(reports: Sequence[Report]) -> list[tuple[str, ...]]:
    compared = [report for report in reports if report.comparisons]
    rows = []
    for figure in reports[0].figures:
        cells = []
        for report in compared:
            found = report.comparison(figure.name)
            cells.append(_NONE if found is None else difference_cell(found, figure.unit))
        if figure.name in HEADLINE and any(cell != _NONE for cell in cells):
            rows.append((figure.name, *cells))
    return rows


def _tables(
    title: str, reports: Sequence[Report], rows: Sequence[tuple[str, ...]], width: int
) -> list[RenderableType]:
    """The table, or several of them where a terminal of ``width`` has no room for all models."""
    columns = max(1, (width - _NAMES) // _COLUMN)
    tables: list[RenderableType] = []
    for start in range(0, len(reports), columns):
        table = Table(title=Text(title), title_justify="left", title_style="")
        table.add_column("", min_width=_NAMES - 4)
        for report in reports[start : start + columns]:
            table.add_column(Text(report.model.name), justify="right")
        for name, *cells in rows:
            here = cells[start : start + columns]
            if any(cell != _NONE for cell in here):
                table.add_row(name, *(cell.replace("; ", "\n") for cell in here))
        tables.append(table)
    return tables


def _notes(reports: Sequence[Report]) -> list[str]:
    return [f"{report.model.name}: {report.note}" for report in reports if report.note]


_STAR = "* different from {} at p < .05: paired permutation test, Holm's correction for {} models"


def _star(compared: Sequence[Report]) -> str:
    return _STAR.format(compared[0].comparisons[0].baseline, len(compared))


def terminal_table(run: Run, *, width: int = 100) -> RenderableType:
    """A row for each figure and a column for each model, corpus after corpus.

    Differences to the baseline, correlations with people's ratings and failed articles
    stand below.
    """
    parts: list[RenderableType] = []
    for result in run.results:
        reports = result.reports
        rows = [*_figures(reports, HEADLINE), *_costs(reports)]
        parts += _tables(_title(reports), reports, rows, width)
        parts += [Text(note, style="dim") for note in _notes(reports)]
        compared = [report for report in reports if report.comparisons]
        if compared:
            base = compared[0].comparisons[0].baseline
            parts += _tables(f"Less {base}", compared, _differences(reports), width)
            parts.append(Text(_star(compared), style="dim"))
        parts += [Text(line) for line in _correlations(result)]
        parts += [
            Text(f"{report.model.name}: {failure.id}: {failure.message}", style="red")
            for report in reports
            for failure in report.failures
        ]
    return Group(*parts)


def _correlations(result: CorpusResult) -> list[str]:
    lines = []
    for found in result.correlations:
        spread = found.interval
        shown = f" ({spread.low:.2f}–{spread.high:.2f})" if spread else ""
        lines.append(
            f"{found.metric} with {found.rated}, {found.level} level: tau {found.tau:.2f}{shown}"
        )
    return lines


def markdown_table(run: Run) -> str:
    """The same for a README or a model card, with every figure and its settings below."""

    def line(cells: Sequence[str]) -> str:
        return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"

    def table(reports: Sequence[Report], rows: Sequence[tuple[str, ...]]) -> list[str]:
        names = [f"{report.model.name} ({report.model.revision[:12]})" for report in reports]
        head = [line(["", *names]), line(["---", *("---:" for _ in reports)])]
        return [*head, *(line(row) for row in rows), ""]

    lines: list[str] = []
    for result in run.results:
        reports = result.reports
        lines += [f"{_title(reports)}.", ""]
        lines += table(reports, [*_figures(reports, HEADLINE), *_costs(reports)])
        lines += [f"- {note}" for note in _notes(reports)]
        compared = [report for report in reports if report.comparisons]
        if compared:
            base = compared[0].comparisons[0].baseline
            lines += ["", f"Less {base}:", "", *table(compared, _differences(reports))]
            lines += [_star(compared).replace("*", "\\*", 1), ""]
        lines += [f"- {words}" for words in _correlations(result)]
        lines += ["", "All figures:", "", *table(reports, _figures(reports, None))]
        lines += [f"- {f.name} v{f.version}: {f.settings}" for f in reports[0].figures]
        lines.append("")
    return "\n".join(lines)
