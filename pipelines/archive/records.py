"""What a source gives: an article, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, Self

__all__ = ["Found", "Problem", "Stage", "Trouble"]

#: Where an input failed: while its file was read, its text was found, or it was analysed.
Stage = Literal["read", "extract", "analyse"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an input has no analysis: ``code`` for programs, ``message`` for people."""

    stage: Stage
    code: str
    message: str


class Trouble(Exception):  # noqa: N818 - it is caught and turned into a row, never shown
    """Raised inside a form when an input cannot be read."""

    def __init__(self, code: str, message: str, *, stage: Stage = "read") -> None:
        super().__init__(message)
        self.problem = Problem(stage, code, message)


@dataclass(frozen=True, slots=True)
class Found:
    """One input of a run. ``position`` counts the records of its ``source`` from 0."""

    source: str
    position: int
    text: str = ""
    id: str | None = None
    title: str | None = None
    date: str | None = None
    warnings: tuple[str, ...] = field(default=())
    problem: Problem | None = None

    @classmethod
    def failed(
        cls,
        source: str,
        position: int,
        trouble: Trouble,
        *,
        id: str | None = None,  # noqa: A002
    ) -> Self:
        return cls(source, position, id=id, problem=trouble.problem)

    def warned(self, *warnings: str) -> Found:
        return replace(self, warnings=(*self.warnings, *warnings)) if warnings else self
