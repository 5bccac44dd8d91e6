"""Summary and claims by one call to a chat model, wherever it runs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any, Protocol

from pipelines.article import ModelIdentity
from pipelines.errors import UNAVAILABLE, ArticleError
from pipelines.hub.answers import Answer, AnswerError, check_claims, read_answer
from pipelines.hub.prompt import instruction, schema, user_message
from pipelines.hub.stages import Found, Source, Written
from pipelines.hub.windows import pack, within
from pipelines.reader.document import split_sentences
from pipelines.stances import StanceSet

__all__ = ["Backend", "ChatError", "ChatStage", "Request", "Usage"]

logger = logging.getLogger(__name__)


class ChatError(Exception):
    """A call that gave no answer; the message says why, without a word of the article."""


@dataclass(slots=True)
class Usage:
    """What calls have cost so far; safe to count in from several threads."""

    calls: int = 0
    failed: int = 0
    prompt_tokens: int = 0
    answer_tokens: int = 0
    _lock: Any = field(default_factory=threading.Lock, repr=False)

    def add(self, *, prompt: int = 0, answer: int = 0, failed: bool = False) -> None:
        with self._lock:
            self.calls += 1
            self.failed += failed
            self.prompt_tokens += prompt
            self.answer_tokens += answer

    def __str__(self) -> str:
        return (
            f"{self.calls} calls, {self.failed} failed; {self.prompt_tokens:,} tokens read, "
            f"{self.answer_tokens:,} written"
        )


@dataclass(frozen=True, slots=True)
class Request:
    """One call: an instruction, the article as data, the form of the answer."""

    system: str
    user: str
    schema: dict[str, Any]


class Backend(Protocol):
    """Where a chat model runs."""

    identity: ModelIdentity
    usage: Usage
    #: Most of one call's article, in the units of :meth:`count`.
    limit: int
    #: How often an answer that is not as asked for is asked for again.
    retries: int

    def count(self, texts: Sequence[str]) -> list[int]: ...

    def complete(self, requests: Sequence[Request]) -> list[str | ChatError]:
        """The answer to each request, in order."""
        ...


@dataclass(slots=True)
class _Job:
    text: str
    source: Source
    claims: bool


class ChatStage:
    """A :class:`~pipelines.hub.stages.FullReader` that believes nothing it cannot find."""

    def __init__(self, backend: Backend, stances: StanceSet) -> None:
        self.backend = backend
        self.stances = stances

    @property
    def identity(self) -> ModelIdentity:
        return self.backend.identity

    @property
    def usage(self) -> Usage:
        return self.backend.usage

    def summarise(self, sources: Sequence[Source]) -> list[Written | ArticleError]:
        both = self._read(sources, claims=False)
        return [one if isinstance(one, ArticleError) else one[0] for one in both]

    def find(self, sources: Sequence[Source]) -> list[Found | ArticleError]:
        both = self._read(sources, claims=True, reduce=False)
        return [one if isinstance(one, ArticleError) else one[1] for one in both]

    def read(self, sources: Sequence[Source]) -> list[tuple[Written, Found] | ArticleError]:
        return self._read(sources, claims=True)

    def _read(
        self, sources: Sequence[Source], *, claims: bool, reduce: bool = True
    ) -> list[tuple[Written, Found] | ArticleError]:
        answers = self._ask_windows(
            [(source, source.text, source.sentences) for source in sources], claims=claims
        )
        if reduce:
            self._reduce(sources, answers)
        return [
            answer if isinstance(answer, ArticleError) else self._checked(source, answer)
            for source, answer in zip(sources, answers, strict=True)
        ]

    def _checked(self, source: Source, answer: Answer) -> tuple[Written, Found]:
        sentences = [" ".join(one.split()) for one in answer.summary]
        chosen = within(sentences, max_words=source.max_words, max_sentences=source.max_sentences)
        return Written(chosen), check_claims(source.text, answer.claims, self.stances)

    def _ask_windows(
        self, texts: Sequence[tuple[Source, str, Sequence[Any]]], *, claims: bool
    ) -> list[Answer | ArticleError]:
        """One answer a text, what was said of its windows put end to end."""
        jobs: list[_Job] = []
        counts: list[int] = []
        for source, text, sentences in texts:
            spans = pack(text, sentences, self.backend.count, self.backend.limit)
            jobs += [_Job(text[start:end], source, claims) for start, end in spans]
            counts.append(len(spans))
        said = self._ask(jobs)
        ends = list(accumulate(counts))
        out: list[Answer | ArticleError] = []
        for first, last in zip([0, *ends], ends, strict=False):
            answers = [one for one in said[first:last] if isinstance(one, Answer)]
            errors = [one for one in said[first:last] if isinstance(one, ArticleError)]
            joined = Answer(
                summary=tuple(s for one in answers for s in one.summary),
                claims=tuple(c for one in answers for c in one.claims),
            )
            out.append(errors[0] if errors else joined)
        return out

    def _reduce(self, sources: Sequence[Source], answers: list[Answer | ArticleError]) -> None:
        """Summarise what was written of several windows, where it is over the budget."""
        while True:
            todo: list[tuple[int, str]] = []
            for i, (source, answer) in enumerate(zip(sources, answers, strict=True)):
                if isinstance(answer, Answer) and len(answer.summary) > source.max_sentences:
                    todo.append((i, "\n".join(answer.summary)))
            if not todo:
                return
            said = self._ask_windows(
                [(sources[i], text, split_sentences(text)) for i, text in todo], claims=False
            )
            for (i, _), again in zip(todo, said, strict=True):
                answer = answers[i]
                if not isinstance(answer, Answer):
                    continue
                if isinstance(again, ArticleError):
                    answers[i] = again
                    continue
                # A model that does not get shorter is not asked for ever.
                shorter = len(again.summary) < len(answer.summary)
                summary = again.summary if shorter else answer.summary[: sources[i].max_sentences]
                answers[i] = answer.model_copy(update={"summary": summary})

    def _request(self, job: _Job) -> Request:
        bounds = {"max_sentences": job.source.max_sentences}
        return Request(
            system=instruction(
                self.stances, max_words=job.source.max_words, claims=job.claims, **bounds
            ),
            user=user_message(job.text),
            schema=schema(self.stances, claims=job.claims, **bounds),
        )

    def _ask(self, jobs: Sequence[_Job]) -> list[Answer | ArticleError]:
        out: list[Answer | ArticleError | None] = [None] * len(jobs)
        for attempt in range(self.backend.retries + 1):
            todo = [i for i, one in enumerate(out) if one is None]
            if not todo:
                break
            said = self.backend.complete([self._request(jobs[i]) for i in todo])
            for i, text in zip(todo, said, strict=True):
                if isinstance(text, ChatError):
                    out[i] = self._unavailable(text)
                    continue
                try:
                    out[i] = read_answer(text)
                except AnswerError as error:
                    logger.info("%s: %s", self.identity.name, error)
                    if attempt == self.backend.retries:
                        out[i] = self._unavailable(error)
        return [one for one in out if one is not None]

    def _unavailable(self, error: Exception) -> ArticleError:
        return ArticleError(
            UNAVAILABLE,
            f"{self.identity.name} gave no usable answer: {error}; try again, or another model",
        )
