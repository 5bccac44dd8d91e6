"""The one way to the model: a bounded queue, one reading at a time, in one worker thread."""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum

from pipelines.article import Analysis, Article, ModelIdentity
from pipelines.errors import ArticleError, ModelError
from pipelines.model import Model
from service.errors import ServiceError, internal_error
from service.logs import log_failure, logger
from service.metrics import Metrics

__all__ = ["Engine", "Outcome", "State"]

#: What becomes of one article: a reading, the article's own fault, or ours.
Outcome = Analysis | ArticleError | ServiceError

#: Articles of one request that are read before the next request has its turn.
TURN = 8

#: What an article costs beyond its length, in characters: a short one is not free.
OVERHEAD = 500

#: Characters a second, until the first reading is measured.
FIRST_GUESS = 5_000.0

PROBE = Article(text="The minister said on Monday that the two countries would hold talks in May.")


class State(StrEnum):
    """Where the engine stands; it takes articles only when ready."""

    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(eq=False)
class _Job:
    articles: Sequence[Article]
    done: asyncio.Future[list[Outcome]]
    cost: int
    outcomes: list[Outcome] = field(default_factory=list)


class Engine:
    """Reads articles for all requests, in turns, with one model."""

    def __init__(
        self,
        loader: Callable[[], Model],
        *,
        max_queue_characters: int,
        metrics: Metrics,
        on_ready: Callable[[], None] | None = None,
        on_failure: Callable[[str], None] | None = None,
    ) -> None:
        self.state = State.LOADING
        self.identity: ModelIdentity | None = None
        self.reason = "the model is being loaded; try again in a few seconds"
        self._loader = loader
        self._limit = max_queue_characters
        self._metrics = metrics
        self._on_ready = on_ready
        self._on_failure = on_failure
        self._jobs: deque[_Job] = deque()
        self._pending = 0
        self._rate = FIRST_GUESS
        self._arrival = asyncio.Event()
        self._thread: ThreadPoolExecutor | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def alive(self) -> bool:
        """Whether articles are, or will be, read: false only when that loop has died."""
        return self._task is not None and not (self._task.done() and self.state is State.READY)

    async def start(self) -> None:
        """Begin to load the model, in the background."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="attache-model")
        self._task = asyncio.create_task(self._run(self._thread))

    async def stop(self) -> None:
        """Refuse what comes and what waits; what the model is reading ends unheard."""
        self._leave(State.STOPPED, "the service is stopping; try again later or elsewhere")
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        while self._jobs:
            job = self._jobs.popleft()
            if not job.done.done():
                job.done.set_exception(self._unavailable())
        if self._thread is not None:
            self._thread.shutdown(wait=False, cancel_futures=True)

    def ready_model(self) -> ModelIdentity:
        """The model that takes articles now.

        Raises the :class:`ServiceError` that says why none does.
        """
        if self.state is not State.READY or self.identity is None:
            raise self._unavailable()
        return self.identity

    async def read(self, articles: Sequence[Article]) -> list[Outcome]:
        """One outcome an article, in order.

        Raises :class:`ServiceError` when the service is not ready or has too much to do.
        """
        self.ready_model()
        if not articles:
            return []
        cost = sum(len(article.text) + OVERHEAD for article in articles)
        if self._pending and self._pending + cost > self._limit:
            seconds = min(600, max(1, math.ceil(self._pending / self._rate)))
            raise ServiceError(
                429,
                "too_busy",
                f"too much text is waiting to be read; try again in {seconds} s",
                headers={"Retry-After": str(seconds)},
            )
        job = _Job(articles, asyncio.get_running_loop().create_future(), cost)
        self._jobs.append(job)
        self._account(cost)
        self._arrival.set()
        try:
            return await job.done
        finally:
            self._account(-cost)

    async def _run(self, thread: ThreadPoolExecutor) -> None:
        loop = asyncio.get_running_loop()
        try:
            model = await loop.run_in_executor(thread, self._load)
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # a panic in Rust code is no Exception
            self._fail(error)
            return
        self.identity = model.identity
        self._metrics.model.labels(self.identity.name, self.identity.revision).set(1)
        self._metrics.ready.set(1)
        self.state = State.READY
        if self._on_ready is not None:
            self._on_ready()
        while True:
            while not self._jobs:
                self._arrival.clear()
                await self._arrival.wait()
            job = self._jobs[0]
            if not job.done.done():  # else its request has gone
                await self._take_turn(job, thread, model)
            self._jobs.popleft()
            if not job.done.done():
                self._jobs.append(job)

    async def _take_turn(self, job: _Job, thread: ThreadPoolExecutor, model: Model) -> None:
        """Read the next few articles of the job."""
        turn = job.articles[len(job.outcomes) :][:TURN]
        began = time.perf_counter()
        outcomes = await asyncio.get_running_loop().run_in_executor(thread, _read, model, turn)
        self._note(turn, outcomes, time.perf_counter() - began)
        job.outcomes += outcomes
        if len(job.outcomes) == len(job.articles) and not job.done.done():
            job.done.set_result(job.outcomes)

    def _load(self) -> Model:
        """The model, after it has read one sentence in earnest."""
        model = self._loader()
        list(model.analyse([PROBE]))
        return model

    def _fail(self, error: BaseException) -> None:
        if isinstance(error, ModelError):
            reason = str(error)
            logger.error("the model cannot be used: %s", reason)
        else:
            reason = "the model failed its self-test; the log of the service says where"
            log_failure(error, where="loading the model")
        self._leave(State.FAILED, reason)
        if self._on_failure is not None:
            self._on_failure(reason)

    def _leave(self, state: State, reason: str) -> None:
        self.state, self.reason = state, reason
        self._metrics.ready.set(0)

    def _unavailable(self) -> ServiceError:
        code = {State.LOADING: "loading", State.STOPPED: "stopping"}.get(self.state, "model_failed")
        return ServiceError(503, code, self.reason, headers={"Retry-After": "5"})

    def _account(self, cost: int) -> None:
        self._pending += cost
        self._metrics.queue_characters.inc(cost)

    def _note(self, turn: Sequence[Article], outcomes: Sequence[Outcome], seconds: float) -> None:
        self._metrics.read_seconds.observe(seconds)
        read = sum(len(article.text) + OVERHEAD for article in turn)
        self._rate += 0.3 * (read / max(seconds, 1e-3) - self._rate)
        for outcome in outcomes:
            label = "analysed" if isinstance(outcome, Analysis) else outcome.code
            self._metrics.articles.labels(label).inc()


def _read(model: Model, articles: Sequence[Article]) -> list[Outcome]:
    """One outcome an article, whatever the model does: the poisonous one alone fails."""
    try:
        outcomes: list[Outcome] = list(model.analyse(articles, errors="yield"))
        if len(outcomes) == len(articles):
            return outcomes
        raise RuntimeError(f"{len(articles)} articles went in, {len(outcomes)} outcomes came out")
    except BaseException as error:  # a panic in Rust code is no Exception
        log_failure(error, where="the model")
    if len(articles) == 1:
        return [internal_error()]
    return [outcome for article in articles for outcome in _read(model, [article])]
