"""The queue before the model: bounded, in turns, and proof against a poisonous article."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi.testclient import TestClient

from pipelines.article import Analysis, Article
from pipelines.errors import ArticleError
from service import create_app
from service.engine import TURN, Engine, Outcome, State
from service.errors import ServiceError
from service.metrics import Metrics
from tests.service.conftest import settings, start, wait_until
from tests.service.fakes import FakeModel


@asynccontextmanager
async def running(model: FakeModel, *, limit: int = 1_000_000) -> AsyncIterator[Engine]:
    """An engine that takes articles."""
    ready = asyncio.Event()
    engine = Engine(
        lambda: model, max_queue_characters=limit, metrics=Metrics(), on_ready=ready.set
    )
    await engine.start()
    await asyncio.wait_for(ready.wait(), 5)
    try:
        yield engine
    finally:
        model.go_on.set()
        await engine.stop()


def articles(*texts: str) -> list[Article]:
    return [Article(text=text) for text in texts]


def words(outcomes: Sequence[Outcome]) -> list[str]:
    """Summaries, and the codes of errors."""
    return [o.summary.text if isinstance(o, Analysis) else o.code for o in outcomes]


def test_poison_harms_nobody_else(model: FakeModel) -> None:
    async def scene() -> list[str]:
        async with running(model) as engine:
            return words(await engine.read(articles("One.", "Two.", "POISON", " ", "Five.")))

    assert asyncio.run(scene()) == ["One.", "Two.", "internal_error", "empty_text", "Five."]


def test_an_article_that_the_model_forgets(model: FakeModel) -> None:
    async def scene() -> list[str]:
        async with running(model) as engine:
            return words(await engine.read(articles("One.", "SWALLOW", "Three.")))

    assert asyncio.run(scene()) == ["One.", "internal_error", "Three."]


def test_a_panic_is_an_error_like_others() -> None:
    class Panic(BaseException):
        pass

    class Panicking(FakeModel):
        def _read(self, article: Article) -> Analysis:
            if article.text == "panic":
                raise Panic
            return super()._read(article)

    async def scene() -> list[str]:
        async with running(Panicking()) as engine:
            return words(await engine.read(articles("One.", "panic")))

    assert asyncio.run(scene()) == ["One.", "internal_error"]


def test_requests_take_turns(model: FakeModel) -> None:
    heavy = [str(i) for i in range(3 * TURN)]

    async def scene() -> None:
        async with running(model) as engine:
            model.go_on.clear()
            slow = asyncio.create_task(engine.read(articles(*heavy)))
            await asyncio.sleep(0)
            quick = asyncio.create_task(engine.read(articles("quick")))
            await asyncio.sleep(0)
            model.go_on.set()
            assert words(await quick) == ["quick"]
            assert not slow.done()
            assert words(await slow) == heavy

    asyncio.run(scene())
    assert [len(call) for call in model.calls] == [1, TURN, 1, TURN, TURN]


def test_a_request_that_was_given_up_is_not_read(model: FakeModel) -> None:
    async def scene() -> None:
        async with running(model) as engine:
            model.go_on.clear()
            first = asyncio.create_task(engine.read(articles("first")))
            gone = asyncio.create_task(engine.read(articles("gone")))
            last = asyncio.create_task(engine.read(articles("last")))
            await asyncio.sleep(0.01)
            gone.cancel()
            model.go_on.set()
            await asyncio.gather(first, last)

    asyncio.run(scene())
    assert model.calls[1:] == [["first"], ["last"]]


def test_too_much_is_refused_and_later_taken(model: FakeModel) -> None:
    async def scene() -> ServiceError:
        async with running(model, limit=2000) as engine:
            model.go_on.clear()
            # a request beyond the limit is taken when nothing waits
            first = asyncio.create_task(engine.read(articles("x" * 30_000)))
            await asyncio.sleep(0.01)
            with pytest.raises(ServiceError) as refused:
                await engine.read(articles("y"))
            model.go_on.set()
            await first
            assert words(await engine.read(articles("z"))) == ["z"]
            return refused.value

    refusal = asyncio.run(scene())
    assert (refusal.status, refusal.code) == (429, "too_busy")
    assert refusal.headers is not None
    assert 1 <= int(refusal.headers["Retry-After"]) <= 600


def test_no_articles_cost_nothing(model: FakeModel) -> None:
    async def scene() -> Sequence[Outcome]:
        async with running(model) as engine:
            return await engine.read([])

    assert asyncio.run(scene()) == []


def test_a_stop_answers_who_waits(model: FakeModel) -> None:
    async def scene() -> list[Any]:
        async with running(model) as engine:
            model.go_on.clear()
            waiting = [asyncio.create_task(engine.read(articles(str(i)))) for i in range(3)]
            await asyncio.sleep(0.01)
            await engine.stop()
            assert engine.state is State.STOPPED
            with pytest.raises(ServiceError):
                await engine.read(articles("late"))
            return await asyncio.gather(*waiting, return_exceptions=True)

    answers = asyncio.run(scene())
    assert [answer.code for answer in answers] == ["stopping"] * 3


def test_429_over_http(model: FakeModel) -> None:
    app = create_app(settings(max_queue_characters=1), model=model)
    with TestClient(app) as client:
        start(client)
        model.go_on.clear()
        assert client.portal is not None
        first = client.portal.start_task_soon(app.state.service.engine.read, articles("first"))
        wait_until(lambda: "attache_queue_characters 505.0" in client.get("/metrics").text)

        answer = client.post("/v1/claims", json={"articles": [{"text": "second"}]})
        model.go_on.set()

        assert answer.status_code == 429
        assert answer.json()["error"]["code"] == "too_busy"
        assert int(answer.headers["retry-after"]) >= 1
        assert words(first.result(5)) == ["first"]
        assert client.post("/v1/claims", json={"text": "third"}).status_code == 200


def test_the_fake_keeps_the_promise_of_models(model: FakeModel) -> None:
    with pytest.raises(ArticleError):
        list(model.analyse([" "]))
    reading: Iterator[Analysis] = model.analyse(["Ana said that talks began."])
    next(reading).verify("Ana said that talks began.")
