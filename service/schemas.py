"""The shapes of requests and answers, for the documentation and for checking against it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from pipelines.article import Analysis, Article, Claim, ModelIdentity, Speaker, Summary
from service.errors import ErrorBody

__all__ = [
    "AnalysisResults",
    "ClaimsReading",
    "ClaimsResults",
    "Health",
    "ManyArticles",
    "Models",
    "Readiness",
    "ServedModel",
    "SummaryReading",
    "SummaryResults",
]


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ManyArticles(_Shape):
    """Many articles; each gets its own result, in the same place."""

    articles: tuple[Article, ...] = Field(min_length=1)


class SummaryReading(_Shape):
    """A reading without claims and speakers."""

    id: str | None
    title: str | None
    text_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    summary: Summary
    model: ModelIdentity
    warnings: tuple[str, ...]


class ClaimsReading(_Shape):
    """A reading without a summary."""

    id: str | None
    title: str | None
    text_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    claims: tuple[Claim, ...]
    speakers: tuple[Speaker, ...]
    model: ModelIdentity
    warnings: tuple[str, ...]


class SummaryResults(_Shape):
    """One result an article, in order; an error stands in the place of a bad one."""

    results: tuple[SummaryReading | ErrorBody, ...]


class ClaimsResults(_Shape):
    """One result an article, in order; an error stands in the place of a bad one."""

    results: tuple[ClaimsReading | ErrorBody, ...]


class AnalysisResults(_Shape):
    """One result an article, in order; an error stands in the place of a bad one."""

    results: tuple[Analysis | ErrorBody, ...]


class Health(_Shape):
    """The process is alive."""

    status: Literal["ok"]


class Readiness(_Shape):
    """The model has read a sentence in earnest, and takes articles."""

    status: Literal["ready"]
    model: ModelIdentity


class ServedModel(_Shape):
    """A model that this service reads with; ``revision`` is known once it is loaded."""

    name: str
    revision: str | None
    state: Literal["loading", "ready", "failed", "stopped"]


class Models(_Shape):
    """The models that this service reads with."""

    models: tuple[ServedModel, ...]
