"""What is wrong with a label, where, and how it is mended."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

__all__ = ["Finding", "Problem", "Severity", "error", "warning"]

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found; ``kind`` is a stable word for the rule.

    An error is against the guide; a warning is something to look at again.
    """

    kind: str
    message: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding with its place; ``claim`` counts from 1, as a reader does."""

    finding: Finding
    path: Path
    line: int | None = None
    article: str | None = None
    claim: int | None = None

    @property
    def kind(self) -> str:
        return self.finding.kind

    @property
    def severity(self) -> Severity:
        return self.finding.severity

    def __str__(self) -> str:
        place = str(self.path) if self.line is None else f"{self.path}:{self.line}"
        if self.article is not None:
            place += f": article {self.article}"
        if self.claim is not None:
            place += f", claim {self.claim}"
        return f"{place}: {self.severity}: {self.finding.message} [{self.kind}]"


def error(kind: str, message: str) -> Finding:
    return Finding(kind, message, "error")


def warning(kind: str, message: str) -> Finding:
    return Finding(kind, message, "warning")
