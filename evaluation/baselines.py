"""Models that learn nothing: the references themselves, and the first three sentences."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import Literal, overload

from pipelines.article import (
    Analysis,
    Article,
    Claim,
    ModelIdentity,
    Summary,
    SummarySentence,
    join_pieces,
    text_sha256,
)
from pipelines.errors import ArticleError
from pipelines.model import ArticleLike
from pipelines.references import Reference

__all__ = ["Lead", "oracle"]


class _Baseline(ABC):
    """A model that reads one article at a time."""

    def __init__(self, name: str) -> None:
        self._identity = ModelIdentity(name=name, revision="1")

    @property
    def identity(self) -> ModelIdentity:
        return self._identity

    @abstractmethod
    def _read(self, article: Article) -> Analysis: ...

    @overload
    def analyse(
        self, articles: Iterable[ArticleLike], *, errors: Literal["raise"] = "raise"
    ) -> Iterator[Analysis]: ...

    @overload
    def analyse(
        self, articles: Iterable[ArticleLike], *, errors: Literal["yield"]
    ) -> Iterator[Analysis | ArticleError]: ...

    def analyse(
        self, articles: Iterable[ArticleLike], *, errors: Literal["raise", "yield"] = "raise"
    ) -> Iterator[Analysis | ArticleError]:
        """One analysis an article, as :class:`~pipelines.model.Model` has it."""
        for article in articles:
            try:
                yield self._read(Article.coerce(article))
            except ArticleError as error:
                if errors == "raise":
                    raise
                yield error


class Lead(_Baseline):
    """The first sentences as the summary, and no claims: what every summariser must beat."""

    def __init__(self, sentences: int = 3) -> None:
        super().__init__(f"lead-{sentences}")
        self._sentences = sentences

    def _read(self, article: Article) -> Analysis:
        from pipelines.reader.document import split_sentences

        spans = split_sentences(article.text)[: article.max_sentences or self._sentences]
        if not spans:
            raise ArticleError("empty_text", "text: has no sentence", field="text")
        sentences = tuple(
            SummarySentence(text=article.text[start:end], span=(start, end), score=1.0)
            for start, end in spans
        )
        return Analysis(
            id=article.id,
            title=article.title,
            text_sha256=text_sha256(article.text),
            summary=Summary(text=" ".join(s.text for s in sentences), sentences=sentences),
            model=self.identity,
        )


class _Oracle(_Baseline):
    def __init__(self, references: Iterable[Reference]) -> None:
        super().__init__("oracle")
        self._references = {
            (reference.id, text_sha256(reference.article.text)): reference
            for reference in references
        }

    def _read(self, article: Article) -> Analysis:
        digest = text_sha256(article.text)
        reference = self._references.get((article.id or "", digest))
        if reference is None:
            raise ArticleError("no_reference", f"no reference labels article {article.id!r}")
        return Analysis(
            id=article.id,
            title=article.title,
            text_sha256=digest,
            summary=Summary(text="\n".join(reference.summary), sentences=()),
            claims=tuple(
                Claim(
                    **dict(claim),
                    text=join_pieces(article.text, claim.content),
                    scores={claim.stance: 1.0},
                    confidence=1.0,
                )
                for claim in reference.claims
            ),
            model=self.identity,
        )


def oracle(references: Iterable[Reference]) -> _Oracle:
    """A model that answers with the references: every metric must find it right.

    Raises :class:`~pipelines.references.LabelError` for a reference without a text.
    """
    return _Oracle(references)
