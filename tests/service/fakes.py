"""A model that needs no weights."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from typing import Literal, overload

from pipelines.article import Analysis, Article, ModelIdentity, text_sha256
from pipelines.errors import ArticleError
from pipelines.model import ArticleLike

__all__ = ["FakeModel"]

SENTENCE = re.compile(r"\S[^.!?]*[.!?]?")
CLAIM = re.compile(r"\b(?P<mention>\w+) (?P<cue>said) that (?P<content>[^.!?]*[^.!?\s])")


class FakeModel:
    """Takes the first sentence for the summary and finds "X said that Y" with real spans.

    It keeps the promises of :class:`pipelines.model.Model`, and fails on words of command:
    POISON raises, whatever stands beside it; SWALLOW loses an article without a word.
    """

    def __init__(self, *, max_characters: int = 200_000) -> None:
        self.identity = ModelIdentity(name="fake", revision="7")
        self.max_characters = max_characters
        self.go_on = threading.Event()
        self.go_on.set()
        self.calls: list[list[str]] = []

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
        batch = [Article.coerce(article) for article in articles]
        assert self.go_on.wait(10)
        self.calls.append([article.text for article in batch])
        if any("POISON" in article.text for article in batch):
            raise RuntimeError("cannot read: " + " | ".join(article.text for article in batch))
        for article in batch:
            if "SWALLOW" in article.text:
                continue
            try:
                yield self._read(article)
            except ArticleError as error:
                if errors == "raise":
                    raise
                yield error

    def _read(self, article: Article) -> Analysis:
        text = article.text
        sentence = SENTENCE.search(text)
        if sentence is None:
            raise ArticleError("empty_text", "text is empty; give the article's text", field="text")
        if len(text) > self.max_characters:
            raise ArticleError(
                "text_too_long",
                f"text has {len(text)} characters, more than {self.max_characters}; shorten it",
                field="text",
            )
        return Analysis.model_validate(
            {
                "id": article.id,
                "title": article.title,
                "text_sha256": text_sha256(text),
                "summary": {
                    "text": sentence[0],
                    "sentences": [{"text": sentence[0], "span": sentence.span(), "score": 0.5}],
                },
                "claims": [
                    {
                        "text": found["content"],
                        "content": [found.span("content")],
                        "cue": [found.span("cue")],
                        "speaker": {
                            "mention": [found.span("mention")],
                            "names": [found["mention"]],
                        },
                        "stance": "statement",
                        "scores": {"statement": 1.0},
                        "confidence": 0.75,
                    }
                    for found in CLAIM.finditer(text)
                ],
                "speakers": [
                    {"name": found["mention"], "mentions": [found.span("mention")]}
                    for found in CLAIM.finditer(text)
                ],
                "model": self.identity,
            }
        )
