"""What a benchmark yields: figures with their settings, costs and failures."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from evaluation.corpora.base import Corpus
from evaluation.correlation import Correlation
from evaluation.matching import Scored
from evaluation.metrics.calibration import BinScore
from evaluation.metrics.figure import Figure
from evaluation.metrics.stance import Confusion, LabelScore
from evaluation.reading import Cost, Failure
from evaluation.settings import Settings
from evaluation.significance import Comparison
from evaluation.speed import Speed
from pipelines.article import ModelIdentity
from pipelines.version import __version__

__all__ = ["CorpusResult", "Report", "Run", "write_results"]

FORMAT = "attache-benchmark/2"
_LIBRARIES = (
    "numpy",
    "scipy",
    "rouge-score",
    "torch",
    "transformers",
    "datasets",
    "sumy",
    "scikit-learn",
    "torchmetrics",
)


@dataclass(frozen=True, slots=True)
class Report:
    """One model against one corpus.

    ``claims`` is the number of reference claims. Figures are shares, 0 to 1, but where
    their unit says otherwise; seconds are in ``cost`` and ``speed``. ``comparisons`` are
    with the baseline, where one was named. ``note`` says what the model is given or does.
    """

    corpus: str
    model: ModelIdentity
    note: str
    articles: int
    claims: int
    figures: tuple[Figure, ...]
    stances: tuple[LabelScore, ...]
    confusion: Confusion
    reliability: tuple[BinScore, ...]
    cost: Cost | None
    failures: tuple[Failure, ...]
    comparisons: tuple[Comparison, ...] = ()
    speed: Speed | None = None

    def figure(self, name: str) -> Figure:
        """The figure of that name. Raises :class:`KeyError` listing the names there are."""
        for figure in self.figures:
            if figure.name == name:
                return figure
        raise KeyError(f"no figure {name!r}; there are {', '.join(f.name for f in self.figures)}")

    def comparison(self, name: str) -> Comparison | None:
        return next((c for c in self.comparisons if c.figure == name), None)

    def to_dict(self) -> dict[str, Any]:
        """The report as a dictionary of plain values, ready for JSON."""
        plain = asdict(self)
        plain["model"] = self.model.model_dump()
        return plain


@dataclass(frozen=True, slots=True)
class CorpusResult:
    """All models on one corpus; ``scored`` has for each report its articles."""

    corpus: Corpus
    reports: tuple[Report, ...]
    scored: tuple[tuple[Scored, ...], ...]
    correlations: tuple[Correlation, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A whole benchmark; ``asked`` are the data, models and baseline as they were named."""

    settings: Settings
    results: tuple[CorpusResult, ...]
    asked: Mapping[str, Any] = field(default_factory=dict)

    @property
    def reports(self) -> list[Report]:
        """One for each corpus and model."""
        return [report for result in self.results for report in result.reports]

    @property
    def failed(self) -> list[str]:
        """Everything that was passed over or could not be read, each in one line."""
        lines = [line for result in self.results for line in result.corpus.problems]
        lines += [
            f"{report.model.name}: {failure.id}: {failure.message}"
            for report in self.reports
            for failure in report.failures
        ]
        return lines


def _versions() -> dict[str, str]:
    found = {"attache": __version__, "python": platform.python_version()}
    for library in _LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            continue
    return found


def _machine() -> dict[str, Any]:
    import torch

    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else None,
    }


def _corpora(results: Sequence[CorpusResult]) -> list[dict[str, Any]]:
    return [
        {
            "name": result.corpus.name,
            "articles": len(result.corpus.references),
            "labelled": sorted(result.corpus.labelled),
            "references_sha256": result.corpus.sha256,
            "files": [asdict(file) for file in result.corpus.files],
            "passed_over": list(result.corpus.problems),
            "correlations": [asdict(found) for found in result.correlations],
        }
        for result in results
    ]


def write_results(run: Run, path: Path) -> None:
    """Write ``results.json``: the reports, and what is needed to repeat the run."""
    result = {
        "format": FORMAT,
        "versions": _versions(),
        "machine": _machine(),
        "asked": dict(run.asked),
        "settings": run.settings.to_dict(),
        "corpora": _corpora(run.results),
        "reports": [report.to_dict() for report in run.reports],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result, ensure_ascii=False, indent=2, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")
