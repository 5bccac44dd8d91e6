"""The embedded default model: articles in, analyses out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Literal, Self, overload

import torch
from tokenizers import Tokenizer

from pipelines.article import Analysis, Article, ModelIdentity
from pipelines.errors import ArticleError, ModelError
from pipelines.model import ArticleLike
from pipelines.reader.assemble import Thresholds, assemble
from pipelines.reader.checkpoint import CONFIG, load_network, load_tokenizer, revision
from pipelines.reader.document import Document, make_document
from pipelines.reader.language import foreign_language
from pipelines.reader.network import Network
from pipelines.reader.reading import Reading, read_words

__all__ = ["ReadArticle", "Reader"]

#: Articles are taken from the caller until they hold this many word pieces.
BATCH_PIECES = 16_384
#: And never more than this many, so that a stream of short texts starts to flow.
BATCH_ARTICLES = 64


@dataclass(frozen=True, slots=True)
class _Ready:
    article: Article
    document: Document
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadArticle:
    ready: _Ready
    reading: Reading


class Reader:
    """A :class:`~pipelines.model.Model` around one network. Not safe to share by threads."""

    def __init__(
        self,
        network: Network,
        tokenizer: Tokenizer,
        identity: ModelIdentity,
        *,
        thresholds: Thresholds | None = None,
        max_characters: int = 200_000,
        max_words: int = 80,
        max_sentences: int = 3,
    ) -> None:
        self.network = network
        self.tokenizer = tokenizer
        self._identity = identity
        self.thresholds = thresholds or Thresholds()
        self.max_characters = max_characters
        self.max_words = max_words
        self.max_sentences = max_sentences
        #: Other stages' way from what was read to an outcome each; see ``pipelines/hub``.
        self.stages: Callable[[Sequence[ReadArticle]], list[Analysis | ArticleError]] | None = None

    @classmethod
    def from_folder(
        cls,
        folder: Path,
        *,
        name: str,
        device: str = "cpu",
        max_characters: int = 200_000,
        max_words: int = 80,
        max_sentences: int = 3,
    ) -> Self:
        """The reader whose checkpoint lies in ``folder``.

        Raises :class:`~pipelines.errors.ModelError` when a file is missing or unfit, or
        there is no such device.
        """
        network, settings = load_network(folder)
        try:
            network = network.to(device)
        except (RuntimeError, AssertionError) as error:  # torch built without CUDA asserts
            raise ModelError(f"device {device!r} cannot be used: {error}") from None
        try:
            thresholds = Thresholds.from_settings(settings.get("thresholds", {}))
        except ValueError as error:
            raise ModelError(f"{folder / CONFIG}: {error}") from None
        return cls(
            network,
            load_tokenizer(folder),
            ModelIdentity(name=name, revision=revision(folder)),
            thresholds=thresholds,
            max_characters=max_characters,
            max_words=max_words,
            max_sentences=max_sentences,
        )

    @property
    def identity(self) -> ModelIdentity:
        return self._identity

    def identify(self, identity: ModelIdentity) -> None:
        """Go by another name from now on, as a reader does whose stages were swapped."""
        self._identity = identity

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
        """One analysis an article, lazily and in order; see :class:`~pipelines.model.Model`."""
        if errors not in ("raise", "yield"):
            raise ValueError(f"errors: 'raise' or 'yield', not {errors!r}")
        return self._analyse(articles, strict=errors == "raise")

    def _analyse(
        self, articles: Iterable[ArticleLike], *, strict: bool
    ) -> Iterator[Analysis | ArticleError]:
        batch: list[_Ready | ArticleError] = []
        pieces = 0
        for article in articles:
            try:
                ready: _Ready | ArticleError = self._prepare(article)
            except ArticleError as error:
                ready = error
            failed = strict and isinstance(ready, ArticleError)
            if not failed:
                batch.append(ready)
            pieces += len(ready.document.pieces) if isinstance(ready, _Ready) else 0
            if pieces >= BATCH_PIECES or len(batch) >= BATCH_ARTICLES or failed:
                yield from self._give(batch, strict=strict)
                batch, pieces = [], 0
                if failed and isinstance(ready, ArticleError):
                    raise ready  # what came before it has been given out
        yield from self._give(batch, strict=strict)

    def _prepare(self, given: ArticleLike) -> _Ready:
        article = Article.coerce(given)
        text = article.text

        def refuse(code: str, message: str) -> ArticleError:
            return ArticleError(code, message, field="text", article_id=article.id)

        if not text.strip():
            raise refuse("empty_text", "text is empty; give the words of an article")
        if len(text) > self.max_characters:
            raise refuse(
                "text_too_long",
                f"text has {len(text):,} characters, more than the limit of "
                f"{self.max_characters:,}; split it or raise max_characters",
            )
        if any("\ud800" <= char <= "\udfff" for char in text):
            raise refuse(
                "invalid_unicode", "text holds half of a surrogate pair; send it as valid UTF-8"
            )
        document = make_document(text, self.tokenizer)
        warnings = []
        if not len(document.words):
            warnings.append("no_words: the text has no words that the model can read")
        language = foreign_language(text)
        if language is not None:
            warnings.append(
                f"language: the text looks like {language!r}, the model was trained on English"
            )
        return _Ready(article, document, tuple(warnings))

    def _give(
        self, batch: Sequence[_Ready | ArticleError], *, strict: bool
    ) -> Iterator[Analysis | ArticleError]:
        """What stands in the place of each of the batch, in order."""
        read = self._read([item for item in batch if isinstance(item, _Ready)])
        outcomes = iter(self.stages(read)) if self.stages is not None else self.assemble(read)
        for item in batch:
            outcome = item if isinstance(item, ArticleError) else next(outcomes)
            if strict and isinstance(outcome, ArticleError):
                raise outcome
            yield outcome

    def read(self, articles: Iterable[ArticleLike]) -> list[ReadArticle]:
        """What the network says of each article, before anything is decided.

        For fitting :attr:`thresholds`; raises :class:`ArticleError` as :meth:`analyse` does.
        """
        return [one for article in articles for one in self._read([self._prepare(article)])]

    @torch.inference_mode()
    def _read(self, ready: Sequence[_Ready]) -> list[ReadArticle]:
        states = self.network.encode([item.document for item in ready])
        return [
            ReadArticle(item, read_words(self.network, words, item.document))
            for item, words in zip(ready, states, strict=True)
        ]

    def assemble(
        self,
        articles: Iterable[ReadArticle],
        *,
        stances: Iterable[Sequence[Mapping[str, float]]] | None = None,
    ) -> Iterator[Analysis]:
        """The analysis of each article that was read, with the thresholds of now.

        ``stances`` are another model's probabilities for the claims of each analysis.
        """
        for one, own in zip(
            articles, stances if stances is not None else repeat(None), strict=False
        ):
            yield assemble(
                one.ready.article,
                one.ready.document,
                one.reading,
                identity=self._identity,
                thresholds=self.thresholds,
                max_words=self.max_words,
                max_sentences=self.max_sentences,
                warnings=one.ready.warnings,
                stances=own,
            )
