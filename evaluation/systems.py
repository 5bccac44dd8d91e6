"""The summaries of other people's systems, given out as if a model wrote them."""

from __future__ import annotations

from collections.abc import Mapping

from evaluation.baselines.base import Baseline
from pipelines.article import Analysis, Article, Summary
from pipelines.errors import ArticleError

__all__ = ["SystemOutputs"]


class SystemOutputs(Baseline):
    """``outputs`` are the system's summaries by article id."""

    def __init__(self, name: str, outputs: Mapping[str, str]) -> None:
        super().__init__(
            name, answers=frozenset({"summary"}), note="summaries that the corpus brings"
        )
        self._outputs = outputs

    def _read(self, article: Article) -> Analysis:
        text = self._outputs.get(article.id or "")
        if text is None:
            raise ArticleError("no_output", f"the corpus has no summary of {article.id!r} by it")
        return self._analysis(article, summary=Summary(text=text, sentences=()))
