"""What a benchmark yields: figures with their settings, costs and failures."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from evaluation.data import DataFile
from evaluation.metrics.calibration import BinScore
from evaluation.metrics.figure import Figure
from evaluation.metrics.stance import Confusion, LabelScore
from evaluation.reading import Cost, Failure
from pipelines.article import ModelIdentity
from pipelines.version import __version__

__all__ = ["Report", "write_results"]

_FORMAT = "attache-benchmark/1"
_LIBRARIES = ("numpy", "scipy", "rouge-score", "torch", "transformers")


@dataclass(frozen=True, slots=True)
class Report:
    """One model against one set of references.

    ``claims`` is the number of reference claims. Figures are shares, 0 to 1; the seconds
    are in ``cost``. ``data`` is empty where the references did not come from files.
    """

    model: ModelIdentity
    articles: int
    claims: int
    figures: tuple[Figure, ...]
    stances: tuple[LabelScore, ...]
    confusion: Confusion
    reliability: tuple[BinScore, ...]
    cost: Cost
    failures: tuple[Failure, ...]
    seed: int
    resamples: int
    data: tuple[DataFile, ...] = ()

    def figure(self, name: str) -> Figure:
        """The figure of that name. Raises :class:`KeyError` listing the names there are."""
        for figure in self.figures:
            if figure.name == name:
                return figure
        raise KeyError(f"no figure {name!r}; there are {', '.join(f.name for f in self.figures)}")

    def to_dict(self) -> dict[str, Any]:
        """The report as a dictionary of plain values, ready for JSON."""
        plain = asdict(self)
        plain["model"] = self.model.model_dump()
        return plain


def write_results(reports: Sequence[Report], path: Path) -> None:
    """Write ``results.json``: the reports, and what is needed to repeat the run."""
    result = {
        "format": _FORMAT,
        "versions": {
            "attache": __version__,
            "python": platform.python_version(),
            **{library: version(library) for library in _LIBRARIES},
        },
        "machine": {"system": platform.system(), "processor": platform.machine()},
        "reports": [report.to_dict() for report in reports],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result, ensure_ascii=False, indent=2, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")
