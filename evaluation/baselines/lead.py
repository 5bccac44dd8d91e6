"""The first sentences as the summary: what every summariser must beat."""

from __future__ import annotations

from evaluation.baselines.base import Baseline, extract
from evaluation.tokens import sentences
from pipelines.article import Analysis, Article
from pipelines.errors import ArticleError

__all__ = ["Lead"]


class Lead(Baseline):
    def __init__(self, sentences: int = 3) -> None:
        super().__init__(
            f"lead-{sentences}",
            answers=frozenset({"summary"}),
            note=f"the first {sentences} sentences",
        )
        self._sentences = sentences

    def _read(self, article: Article) -> Analysis:
        spans = sentences(article.text)[: article.max_sentences or self._sentences]
        if not spans:
            raise ArticleError("empty_text", "text: has no sentence", field="text")
        return self._analysis(article, summary=extract(article.text, spans))
