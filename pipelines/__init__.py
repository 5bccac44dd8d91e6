"""Attaché reads articles: what happened, and who said what, about whom, with what stance."""

from pipelines.article import Analysis, Article, Claim, Speaker, Summary
from pipelines.errors import ArticleError, AttacheError, ModelError
from pipelines.hub.stages import StageSettings
from pipelines.model import Model, load
from pipelines.version import __version__

__all__ = [
    "Analysis",
    "Article",
    "ArticleError",
    "AttacheError",
    "Claim",
    "Model",
    "ModelError",
    "Speaker",
    "StageSettings",
    "Summary",
    "__version__",
    "load",
]
