"""Whether a run has fallen below an earlier one: a gate for a project's checks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from evaluation.errors import BenchmarkError
from evaluation.metrics.figure import Figure
from evaluation.report import FORMAT, Run

__all__ = ["Earlier", "Rule", "check"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A figure, and the change at which it fails: points in %, or its own unit.

    A change for the worse is negative, whichever way the figure improves.
    """

    figure: str
    change: float

    @classmethod
    def parse(cls, words: str) -> Self:
        """From ``"chain:-1.0"``; raises :class:`BenchmarkError` for anything else."""
        figure, colon, number = words.partition(":")
        try:
            change = float(number)
        except ValueError:
            change = 1.0
        if not (figure and colon and change <= 0):
            raise BenchmarkError(
                f"fail-on: {words!r} is not FIGURE:-POINTS with a number of 0 or below; "
                "give, for example, chain:-1.0"
            )
        return cls(figure, change)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier run, as its ``results.json`` has it."""

    path: Path
    found: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises :class:`BenchmarkError` where that is no file of results."""
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise BenchmarkError(f"against: {path}: cannot be read ({error.strerror})") from None
        except ValueError as error:
            raise BenchmarkError(f"against: {path}: not JSON ({error})") from None
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise BenchmarkError(
                f"against: {path}: is no results.json of this version ({FORMAT}); "
                "write it anew with attache benchmark --out"
            )
        return cls(path, found)

    def refuse_other_data(self, run: Run) -> None:
        """Raises :class:`BenchmarkError` unless ``run`` is on the same references."""
        hashes = {c["name"]: c["references_sha256"] for c in self.found["corpora"]}
        for result in run.results:
            if hashes.get(result.corpus.name) != result.corpus.sha256:
                raise BenchmarkError(
                    f"against: {self.path}: was made on other references than "
                    f"{result.corpus.name} of this run; take the same data, split, limit and "
                    "sample, or write it anew"
                )


def _change(figure: Figure, old: Mapping[str, Any], where: str) -> float | None:
    """How much better the figure is than it was; None where it had no value then."""
    if (old["settings"], old["version"]) != (figure.settings, figure.version):
        raise BenchmarkError(
            f"fail-on: {where}: is computed in another way than then "
            f"(then: {old['settings']}; now: {figure.settings}); write the results anew"
        )
    if old["value"] is None:
        return None
    if figure.value is None:
        return float("-inf")
    change = (figure.value - float(old["value"])) * (100 if figure.unit == "%" else 1)
    return -change if figure.better == "lower" else change


def check(run: Run, earlier: Earlier, rules: Sequence[Rule]) -> tuple[list[str], list[str]]:
    """One line for each figure that held, and one for each that fell too far.

    A model that the earlier run does not know is passed over.
    Raises :class:`BenchmarkError` when the two runs cannot be compared: other references,
    other settings of a metric, no such figure, or no model in common.
    """
    earlier.refuse_other_data(run)
    before = {(r["corpus"], r["model"]["name"]): r for r in earlier.found["reports"]}
    held: list[str] = []
    fell: list[str] = []
    known = [r for r in run.reports if (r.corpus, r.model.name) in before]
    if not known:
        raise BenchmarkError(
            f"against: {earlier.path}: has no model of this run; name one that it has"
        )
    for report in known:
        then = before[report.corpus, report.model.name]
        figures = {figure["name"]: figure for figure in then["figures"]}
        for rule in rules:
            try:
                figure = report.figure(rule.figure)
                old = figures[rule.figure]
            except KeyError:
                there = ", ".join(sorted(set(figures) & {f.name for f in report.figures}))
                raise BenchmarkError(
                    f"fail-on: no figure {rule.figure!r} in both runs; there are {there}"
                ) from None
            where = f"{report.corpus}: {report.model.name}: {rule.figure}"
            change = _change(figure, old, where)
            if change is None:
                continue
            line = f"{where}: {change:+.2f} ({then['model']['revision'][:12]} → "
            line += f"{report.model.revision[:12]}), allowed {rule.change:+.2f}"
            # A billionth of a point is the rounding of sums, not a change.
            (fell if change < rule.change - 1e-9 else held).append(line)
    return held, fell
