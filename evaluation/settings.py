"""What a run was asked for: everything that can change a figure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evaluation.errors import BenchmarkError
from evaluation.matching import IOU

__all__ = ["Settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of a benchmark.

    ``split`` and ``annotator`` choose within a corpus that has them (``annotator="all"``
    takes everybody's labels). ``limit`` takes the first articles, ``sample`` draws some by
    ``seed``. ``strict`` refuses a file for one bad line. ``iou`` is the least overlap at
    which a claim is found. ``nli`` and ``bertscore`` name models for those metrics.
    ``max_words`` and ``max_sentences`` are the budget that summaries are asked to keep.
    ``device`` is where torch runs the models.
    Raises :class:`~evaluation.errors.BenchmarkError` for a number out of its range.
    """

    split: str | None = None
    annotator: str | None = None
    limit: int | None = None
    sample: int | None = None
    seed: int = 0
    strict: bool = False
    texts: Path | None = None
    iou: float = IOU
    stemmer: bool = True
    nli: str | None = None
    bertscore: str | None = None
    resamples: int = 1000
    max_words: int = 80
    max_sentences: int = 3
    device: str = "cpu"

    def __post_init__(self) -> None:
        for name in ("limit", "sample", "max_words", "max_sentences"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise BenchmarkError(f"{name}: {value} is too few; give 1 or more")
        if not 0 < self.iou <= 1:
            raise BenchmarkError(f"iou: {self.iou:g} is not above 0 and at most 1")
        if self.resamples < 0 or self.seed < 0:
            raise BenchmarkError("resamples and seed: give 0 or more")

    def to_dict(self) -> dict[str, Any]:
        plain = asdict(self)
        plain["texts"] = str(self.texts) if self.texts else None
        return plain
