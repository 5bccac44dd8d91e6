"""Sentences by their centrality: LexRank (Erkan and Radev 2004), TextRank (Mihalcea 2004)."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from evaluation.baselines.base import Baseline, extract
from evaluation.extras import need
from evaluation.tokens import sentences
from pipelines.article import Analysis, Article
from pipelines.errors import ArticleError

__all__ = ["GraphRank"]

_CLASSES = {
    "lexrank": ("sumy.summarizers.lex_rank", "LexRankSummarizer"),
    "textrank": ("sumy.summarizers.text_rank", "TextRankSummarizer"),
}


class _Words:
    """The words of a sentence for sumy, whose own tokenizer wants a download."""

    @staticmethod
    def to_words(sentence: str) -> tuple[str, ...]:
        from evaluation.summaries import words

        return words(sentence)


class GraphRank(Baseline):
    """``method`` is ``"lexrank"`` or ``"textrank"``, by the sumy library, Porter-stemmed.

    Raises :class:`~evaluation.errors.BenchmarkError` when sumy is not installed.
    """

    def __init__(self, method: str, count: int = 3) -> None:
        module, name = _CLASSES[method]
        summarizer: Any = getattr(need(module, what=method, extra="benchmark"), name)
        stemmers: Any = need("sumy.nlp.stemmers", what=method, extra="benchmark")
        self._parts: Any = need("sumy.models.dom", what=method, extra="benchmark")
        self._rank = summarizer(stemmers.Stemmer("english"))
        super().__init__(
            f"{method}-{count}",
            answers=frozenset({"summary"}),
            note=f"the {count} most central sentences, by sumy {version('sumy')}",
            revision=version("sumy"),
        )
        self._count = count

    def _read(self, article: Article) -> Analysis:
        spans = sentences(article.text)
        if not spans:
            raise ArticleError("empty_text", "text: has no sentence", field="text")
        dom = self._parts
        lines = [dom.Sentence(article.text[start:end], _Words()) for start, end in spans]
        document = dom.ObjectDocumentModel([dom.Paragraph(lines)])
        chosen = {id(line) for line in self._rank(document, article.max_sentences or self._count)}
        taken = [span for span, line in zip(spans, lines, strict=True) if id(line) in chosen]
        return self._analysis(article, summary=extract(article.text, taken or spans[:1]))
