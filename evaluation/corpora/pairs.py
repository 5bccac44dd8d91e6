"""Summaries of other systems with what people gave them, whichever corpus brings them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from evaluation.corpora.base import Corpus, Located
from evaluation.data import data_file
from evaluation.errors import BenchmarkError
from pipelines.references import Reference

__all__ = ["Pairs", "find_files", "lines_of"]

_TAGS = re.compile(r"\s*</?t>\s*")


@dataclass(slots=True)
class Pairs:
    """Articles, and for each system its summaries and ratings, while a file is read."""

    references: dict[str, Reference] = field(default_factory=dict)
    systems: dict[str, dict[str, str]] = field(default_factory=dict)
    human: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)

    def add(self, article: str, system: str, summary: str, ratings: Mapping[str, float]) -> None:
        self.systems.setdefault(system, {})[article] = summary
        self.human.setdefault(system, {})[article] = dict(ratings)

    def corpus(self, name: str, files: tuple[Path, ...]) -> Corpus:
        rows = tuple(self.references.values())
        texts = all(reference.text for reference in rows)
        return Corpus(
            name=name,
            references=rows,
            labelled=frozenset({"summary", "text"} if texts else {"summary"}),
            files=tuple(map(data_file, files)),
            systems=self.systems,
            human=self.human,
        )


def lines_of(text: str) -> tuple[str, ...]:
    """The sentences of a summary, which some corpora set in ``<t>`` tags."""
    pieces = _TAGS.split(text) if "<t>" in text else text.splitlines()
    return tuple(piece.strip() for piece in pieces if piece.strip())


def find_files(located: Located, *patterns: str) -> list[Path]:
    path = located.path
    files = [path] if path.is_file() else [p for q in patterns for p in sorted(path.rglob(q))]
    if not files:
        raise BenchmarkError(f"{path}: has none of {', '.join(patterns)}; give the file")
    return files
