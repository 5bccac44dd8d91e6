"""What every baseline is: a model that reads one article at a time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, overload

from pipelines.article import (
    Analysis,
    Article,
    Claim,
    ModelIdentity,
    Span,
    Summary,
    SummarySentence,
    text_sha256,
)
from pipelines.errors import ArticleError
from pipelines.model import ArticleLike

__all__ = ["EVERYTHING", "Baseline", "extract"]

#: The fields of an analysis that a model may answer for.
EVERYTHING = frozenset(
    {"content", "cue", "source", "speaker", "stance", "polarity", "targets", "summary"}
)


class Baseline(ABC):
    """A :class:`~pipelines.model.Model` that answers only for the fields in ``answers``.

    A figure about another field is undefined for it, not 0. ``note`` says in a few words
    what it is given or does.
    """

    def __init__(
        self, name: str, *, answers: frozenset[str], note: str, revision: str = "1"
    ) -> None:
        self._identity = ModelIdentity(name=name, revision=revision)
        self.answers = answers
        self.note = note

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

    def _analysis(
        self, article: Article, *, summary: Summary | None = None, claims: Sequence[Claim] = ()
    ) -> Analysis:
        return Analysis(
            id=article.id,
            title=article.title,
            text_sha256=text_sha256(article.text),
            summary=summary or Summary(text="", sentences=()),
            claims=tuple(claims),
            model=self.identity,
        )


def extract(text: str, spans: Sequence[Span]) -> Summary:
    """A summary of the sentences of ``text`` at ``spans``, in the order of the text."""
    sentences = tuple(
        SummarySentence(text=text[start:end], span=(start, end), score=1.0)
        for start, end in sorted(spans)
    )
    return Summary(text=" ".join(s.text for s in sentences), sentences=sentences)
