"""From figures to one self-contained page."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipelines.archive.commits import write_whole
from pipelines.archive.report.figures import Figure, ask
from pipelines.stances import default_stances

__all__ = ["COLOURS", "write_report"]

#: Green for what brings together, red for what drives apart, grey for neither.
COLOURS = {
    "cooperation": "#1b7837",
    "support": "#5aae61",
    "recognition": "#2c7fb8",
    "concession": "#7fcdbb",
    "demand": "#fdae61",
    "concern": "#fee08b",
    "accusation": "#d73027",
    "rejection": "#c51b7d",
    "denial": "#de77ae",
    "threat": "#a50026",
    "coercion": "#67001f",
    "statement": "#bdbdbd",
}
_OTHER = "#888888"


def write_report(results: Path, path: Path) -> dict[str, Figure]:
    """Write the page of a run to ``path``; its figures, with their SQL.

    Raises :class:`~pipelines.archive.settings.BatchError` when there is nothing to report.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    figures = ask(results)
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    environment.filters["address"] = _address
    html = environment.get_template("page.html").render(
        figures=figures,
        bars=_bars(figures["stances_over_time"].rows),
        matrix=_matrix(figures["speakers_by_targets"].rows),
        shown={row["id"] for row in figures["summaries"].rows},
        colours=COLOURS,
        other=_OTHER,
    )
    write_whole(path, lambda file: file.write(html.encode("utf-8", "replace")))
    return figures


def _address(value: str) -> str | None:
    """An id that is a web address may be linked; nothing else may."""
    return value if value.startswith(("https://", "http://")) else None


def _bars(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Stacked bars, in units of the drawing: 600 wide, 200 high."""
    periods: dict[str, dict[str, int]] = {}
    for row in rows:
        periods.setdefault(row["period"], {})[row["stance"]] = row["claims"]
    highest = max((sum(counts.values()) for counts in periods.values()), default=1)
    width = 600 / max(len(periods), 1)
    names = [*default_stances().names, *sorted({s for c in periods.values() for s in c})]
    pieces = []
    for i, (period, counts) in enumerate(periods.items()):
        top = 200.0
        for stance in dict.fromkeys(names):
            if count := counts.get(stance, 0):
                height = 200 * count / highest
                top -= height
                pieces.append(
                    {
                        "x": round(i * width, 2),
                        "y": round(top, 2),
                        "width": round(width * 0.9, 2),
                        "height": round(height, 2),
                        "colour": COLOURS.get(stance, _OTHER),
                        "says": f"{period}, {stance}: {count:,}",
                    }
                )
    return {"pieces": pieces, "first": min(periods, default=""), "last": max(periods, default="")}


def _matrix(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    cells = {(row["speaker"], row["target"]): row for row in rows}
    return {
        "speakers": list(dict.fromkeys(speaker for speaker, _ in cells)),
        "targets": sorted({target for _, target in cells}),
        "cells": cells,
    }
