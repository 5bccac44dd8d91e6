"""What a corpus yields, whatever its form on disk."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from evaluation.data import DataFile
from evaluation.errors import BenchmarkError
from evaluation.settings import Settings
from pipelines.article import Span
from pipelines.references import LabelError, Reference

__all__ = ["GUIDE_FIELDS", "Corpus", "Located", "Problems", "Reader", "merge_spans"]

#: The fields that a reference by the labelling guide labels.
GUIDE_FIELDS = frozenset(
    {"text", "content", "cue", "source", "speaker", "stance", "polarity", "targets", "summary"}
)
#: The least overlap for a corpus that marks no content: any.
ANY_OVERLAP = 1e-9


@dataclass(frozen=True, slots=True)
class Located:
    """What follows the corpus's name after ``--data``: a path or a hub name, if anything."""

    name: str
    place: str | None

    @property
    def path(self) -> Path:
        """The place as a path. Raises :class:`BenchmarkError` where nothing is there."""
        if self.place is None:
            raise BenchmarkError(
                f"{self.name}: say where it lies, as --data {self.name}:PATH; it has no hub name"
            )
        path = Path(self.place).expanduser()
        if not path.exists():
            raise BenchmarkError(f"{path}: no such file or folder; check the path")
        return path


@dataclass(frozen=True, slots=True)
class Corpus:
    """References of one origin.

    ``labelled`` are the fields that the references label, so that no figure is made of
    what nobody labelled. ``masked`` are spans by article id in which nothing was labelled.
    ``systems`` are summaries of other systems by system and article id, ``human`` what
    people gave them: by system, article id and what was rated. ``threshold`` stands in for
    the IoU setting where the corpus marks no content. ``problems`` are lines passed over.
    """

    name: str
    references: tuple[Reference, ...]
    labelled: frozenset[str]
    files: tuple[DataFile, ...] = ()
    problems: tuple[str, ...] = ()
    masked: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    systems: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    human: Mapping[str, Mapping[str, Mapping[str, float]]] = field(default_factory=dict)
    threshold: float | None = None

    @property
    def sha256(self) -> str:
        """Of the references as they are scored, after every choice among them."""
        digest = hashlib.sha256()
        for reference in self.references:
            digest.update(reference.model_dump_json().encode("utf-8", "surrogatepass"))
        return digest.hexdigest()

    def chosen(self, settings: Settings) -> Corpus:
        """The first ``limit`` articles, or ``sample`` of them drawn by ``seed``, in order."""
        rows: Sequence[Reference] = self.references
        if settings.sample is not None and settings.sample < len(rows):
            drawn = random.Random(settings.seed).sample(range(len(rows)), settings.sample)  # noqa: S311 - a draw of articles, no secret
            rows = [rows[i] for i in sorted(drawn)]
        if settings.limit is not None:
            rows = rows[: settings.limit]
        return replace(self, references=tuple(rows))


@dataclass(slots=True)
class Problems:
    """Lines that cannot be used: the first is an error when ``strict``, else all are kept."""

    strict: bool
    found: list[str] = field(default_factory=list)

    def __call__(self, error: LabelError | str) -> None:
        if self.strict:
            raise error if isinstance(error, LabelError) else LabelError(error)
        self.found.append(str(error))


@dataclass(frozen=True, slots=True)
class Reader:
    """How one corpus is read; ``about`` says what it is and in which form it is taken."""

    name: str
    about: str
    read: Callable[[Located, Settings, Problems], Corpus]


def merge_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The spans in order, those that overlap made one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif end > start:
            merged.append((start, end))
    return tuple(merged)
