"""Where the points and lines of the report's drawings lie, in units of their picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.metrics.calibration import BinScore
from evaluation.metrics.figure import Figure
from evaluation.report import Report

__all__ = ["Bar", "Point", "bar", "quality_by_speed", "reliability"]


@dataclass(frozen=True, slots=True)
class Bar:
    """A value and its interval on a line from 0 to 100."""

    at: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Point:
    """``x`` and ``y`` from 0 to 100, ``y`` downwards; ``low`` and ``high`` are an interval."""

    name: str
    x: float
    y: float
    low: float
    high: float
    label: str


def bar(figure: Figure) -> Bar | None:
    """How a share and its interval are drawn; None for what is no share."""
    if figure.value is None or figure.unit != "%":
        return None
    spread = figure.interval
    low, high = (spread.low, spread.high) if spread else (figure.value, figure.value)
    return Bar(*(100 * min(1.0, max(0.0, value)) for value in (figure.value, low, high)))


def reliability(bins: Sequence[BinScore]) -> list[Point]:
    """The share that was right over the mean confidence, for each bin with claims."""
    return [
        Point(
            name=f"{found.low:.1f}–{found.high:.1f}",
            x=100 * found.confidence,
            y=100 * (1 - found.right),
            low=0.0,
            high=0.0,
            label=f"confidence {found.confidence:.2f}, right {found.right:.2f}, "
            f"{found.cases} claims",
        )
        for found in bins
        if found.confidence is not None and found.right is not None
    ]


def quality_by_speed(reports: Sequence[Report], name: str) -> list[Point]:
    """Each model's figure over its articles a second, the latter on a log scale."""
    known = [
        (report, report.figure(name), _rate(report))
        for report in reports
        if report.figure(name).value is not None and _rate(report)
    ]
    if not known:
        return []
    logs = [math.log10(rate) for _, _, rate in known]
    left, width = min(logs) - 0.2, max(logs) - min(logs) + 0.4
    points = []
    for (report, figure, rate), log in zip(known, logs, strict=True):
        drawn = bar(figure)
        if drawn is not None:
            points.append(
                Point(
                    name=report.model.name,
                    x=100 * (log - left) / width,
                    y=100 - drawn.at,
                    low=100 - drawn.low,
                    high=100 - drawn.high,
                    label=f"{drawn.at:.1f} at {rate:.1f} articles a second",
                )
            )
    return points


def _rate(report: Report) -> float:
    if report.speed is not None:
        return report.speed.articles_per_second
    return report.cost.articles_per_second if report.cost is not None else 0.0
